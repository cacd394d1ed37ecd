# SPDX-License-Identifier: Apache-2.0
"""What a group has committed, asked of the broker in Kafka's own protocol (OffsetFetch, version 7). The Python client will not do:
it takes the metadata for a text that ends with a zero byte, which it does not, and shows what lies behind it in memory."""
import socket
import struct

OFFSET_FETCH, VERSION = 9, 7
TRY_AGAIN = (14, 15, 16, 88)  # coordinator loads, is not there, is another broker; offsets are part of an open transaction


def fetch(port, group, topic, partitions):
    """{partition: (offset, metadata)}, or None: ask again, or another broker. OSError: it does not answer."""
    body = compact(group.encode()) + b"\x02" + compact(topic.encode()) + uvarint(len(partitions) + 1)
    body += b"".join(struct.pack(">i", p) for p in partitions) + b"\x00" + b"\x01" + b"\x00"  # only stable ones
    request = struct.pack(">hhih", OFFSET_FETCH, VERSION, 1, -1) + b"\x00" + body
    with socket.create_connection(("127.0.0.1", port), timeout=5) as broker:
        broker.sendall(struct.pack(">i", len(request)) + request)
        with broker.makefile("rb") as answer:
            size = answer.read(4)
            if len(size) < 4:
                raise OSError("the broker hung up")
            reader = Reader(answer.read(struct.unpack(">i", size)[0]))
    reader.take("i")  # which request it answers
    reader.tags()
    reader.take("i")  # throttled for so long
    found, errors = {}, []
    for _ in range(reader.uvarint() - 1):
        reader.text()
        for _ in range(reader.uvarint() - 1):
            partition, offset, _ = reader.take("i"), reader.take("q"), reader.take("i")
            metadata = reader.text()
            errors.append(reader.take("h"))
            reader.tags()
            if offset >= 0:
                found[partition] = offset, (metadata or b"").decode()
        reader.tags()
    errors.append(reader.take("h"))
    if any(error in TRY_AGAIN for error in errors):
        return None
    if any(errors):
        raise RuntimeError(f"the broker does not tell what {group} has committed: errors {set(errors)}")
    return found


def uvarint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def compact(text):
    return uvarint(len(text) + 1) + text


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, kind):
        value, = struct.unpack_from(">" + kind, self.data, self.at)
        self.at += struct.calcsize(">" + kind)
        return value

    def uvarint(self):
        number = shift = 0
        while True:
            byte = self.take("B")
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def text(self):
        size = self.uvarint() - 1
        if size < 0:
            return None
        self.at += size
        return self.data[self.at - size:self.at]

    def tags(self):
        for _ in range(self.uvarint()):
            self.uvarint()
            self.at += self.uvarint()
