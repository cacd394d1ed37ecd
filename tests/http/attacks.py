# SPDX-License-Identifier: Apache-2.0
"""Clients that mean ill, in a process of their own: `attacks.py NAME PORT SECONDS`. Says `go` when it is under way, and in the end as
JSON what it came to: connections made, bytes sent, answers by status. They come from many addresses of loopback."""
import collections
import heapq
import itertools
import json
import os
import random
import resource
import selectors
import socket
import ssl
import struct
import sys
import time

HOST = b"Host: localhost\r\n"
CROWD = 10_000
ADDRESSES = 200  # 127.0.0.2 and on
MEGABYTE = b"x" * (1 << 20)
GIGABYTE = 1 << 30


def get(path, *headers):
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"".join(h + b"\r\n" for h in headers) + b"\r\n"


def post(length, more=b""):
    return b"POST /-/reload HTTP/1.1\r\n" + HOST + b"Content-Length: " + length + b"\r\n" + more + b"\r\n"


# What is sent whole, and the status that it deserves; None: the connection is closed, or nothing comes before the 5 s are over.
TRICKS = [
    # paths
    (get(b"/../../etc/passwd"), 404), (get(b"/%2e%2e/%2e%2e/etc/passwd"), 404), (get(b"/..%2f..%2fetc%2fpasswd"), 404),
    (get(b"/style.css/../../weir.yml"), 404), (get(b"/%00"), 404), (get(b"/style.css%00.html"), 404), (get(b"//etc/passwd"), 404),
    (get(b"//localhost/readyz"), 404), (get(b"/..\\..\\windows\\win.ini"), 404), (get(b"/%5c..%5c"), 404), (get(b"/%c0%ae%c0%ae/"), 404),
    (get(b"/%u002e%u002e/"), 404), (get("/\u2025/x".encode()), 400), (get(b"/readyz/"), 404), (get(b"/READYZ"), 404),
    (get(b"/" + b"%2e%2e/" * 500), 404), (get(b"/" + b"%" * 3000), 404), (get(b"/readyz#x"), 400),
    (get(b"http://localhost/readyz"), 400), (get(b"http://169.254.169.254/latest/meta-data"), 400), (get(b"*"), 400), (get(b""), 400),
    # queries
    (get(b"/readyz?" + b"&" * 4000), 200), (get(b"/api/v1/windows?" + b"limit=1&" * 500), 200), (get(b"/api/v1/windows?limit=1e9"), 400),
    (get(b"/api/v1/windows?limit=-1"), 400), (get(b"/api/v1/windows?limit=99999999999999999999"), 400),
    (get(b"/api/v1/windows?since=" + b"9" * 4000), 400), (get(b"/api/v1/windows?%00=%ff"), 400),
    (get(b"/api/v1/rules?<script>alert(1)</script>"), 400), (get(b"/?" + b"a" * 4096), 414),
    # methods
    (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", 405), (b"CONNECT localhost:22 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 400), (b"DELETE / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n", 405), (b"POST /readyz HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"GET /-/reload HTTP/1.1\r\n" + HOST + b"\r\n", 405), (b"get / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    # versions, and what is no HTTP
    (b"GET /\r\n\r\n", 400), (b"GET / HTTP/0.9\r\n\r\n", 505), (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400), (b"\r\n\r\n", 400), (b"\0" * 64 + b"\r\n\r\n", 400), (b"x" * 20_000, 431),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 500 + b"\r\n\r\n", 400),
    # lengths
    (get(b"/", b"Content-Length: 5") + b"12345", 413), (get(b"/", b"Content-Length: 0", b"Content-Length: 5"), 400),
    (get(b"/", b"Content-Length: 0, 5"), 400), (get(b"/", b"Content-Length: -1"), 400), (get(b"/", b"Content-Length: 1e3"), 400),
    (get(b"/", b"Transfer-Encoding: chunked") + b"0\r\n\r\n", 501), (get(b"/", b"Content-Length: 0", b"Transfer-Encoding: chunked"), 501),
    (get(b"/", b"Transfer-Encoding : chunked"), 400), (post(b"18446744073709551617"), 413), (post(b"1073741824"), 413),
    # headers
    (get(b"/", *[b"X-%d: y" % n for n in range(100_000)]), 431), (get(b"/", b"X: " + MEGABYTE), 431), (get(b"/" + MEGABYTE), 431),
    (get(b"/", *[b"a: b"] * 64), 431), (get(b"/", b"X: a\x00b"), 400), (get(b"/", b"X: a\x1b[2J"), 400), (get(b"/", b" folded: x"), 400),
    (get(b"/", b"no colon"), 400), (get(b"/", b"Host: evil.example"), 400), (b"GET / HTTP/1.1\r\n\r\n", 400),
    (get(b"/readyz", b"Range: bytes=" + b",".join(b"%d-%d" % (n, n) for n in range(1000))), 200),
    (get(b"/", b"Accept-Encoding: " + b"gzip;q=0," * 1000 + b"gzip"), 200), (get(b"/style.css", b"Accept-Encoding: br, zstd, *"), 200),
    (get(b"/readyz", b'If-None-Match: "x"', b"If-Modified-Since: Sun, 01 Jan 2090 00:00:00 GMT", b"If-Range: x"), 200),
    (get(b"/readyz", b"Expect: 100-continue", b"Upgrade: h2c, websocket", b"Connection: upgrade, keep-alive"), 200),
    (get(b"/readyz", b"X-Forwarded-For: 127.0.0.1", b"X-Original-URL: /-/quit", b"X-HTTP-Method-Override: POST"), 200),
    # other sites
    (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421), (b"GET / HTTP/1.1\r\nHost: [::1].evil.example\r\n\r\n", 421),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", 421), (b"GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n", 421),
    (post(b"0", b"Origin: http://evil.example\r\n"), 403), (post(b"0", b"Origin: null\r\n"), 403),
    (post(b"0", b"Sec-Fetch-Site: cross-site\r\n"), 403), (post(b"0", b"Origin: http://localhost.evil.example\r\n"), 403),
    # one request to a connection, whatever comes behind it
    (get(b"/readyz") * 50, 200), (get(b"/readyz") + b"GET /-/quit HTTP/1.1\r\n", 200),
]


class Client:
    """`steps` yields (bytes to send, seconds until then); `reads`: bytes that it takes at once, 0: none ever."""
    __slots__ = ("socket", "steps", "out", "reads", "begun", "reset")

    def __init__(self, sock, steps, reads, reset):
        self.socket, self.steps, self.reads, self.reset = sock, steps, reads, reset
        self.out = b""
        self.begun = b""


class Swarm:
    """`count` clients at a time, no more than `a_second` new ones; one that has ended is followed by the next until `seconds` are over."""

    def __init__(self, port, seconds, count, script, reads=65536, buffer=None, reset=False, a_second=1500):
        self.port, self.count, self.script = port, count, script
        self.reads, self.buffer, self.reset = reads, buffer, reset
        self.pace = 1 / a_second
        self.seen = collections.Counter()
        self.ends = time.monotonic() + seconds
        self.selector = selectors.DefaultSelector()
        self.waiting = []  # (when, number, client)
        self.number = itertools.count()
        self.open = 0

    def dial(self):
        sock = socket.socket()
        sock.setblocking(False)
        if self.buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.buffer)
        sock.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: the ports of one address do not run out
        n = next(self.number)
        sock.bind((f"127.0.{n % ADDRESSES // 250}.{n % ADDRESSES % 250 + 2}", 0))
        client = Client(sock, self.script(n), self.reads, self.reset)
        self.open += 1
        self.seen["connections"] += 1
        try:
            sock.connect(("127.0.0.1", self.port))
        except BlockingIOError:
            pass
        except OSError:
            self.end(client, "refused")
            return
        self.selector.register(sock, selectors.EVENT_WRITE, client)

    def end(self, client, why):
        self.seen[why] += 1
        if client.begun.startswith(b"HTTP/1.1 "):
            self.seen[client.begun[9:12].decode()] += 1
        try:
            self.selector.unregister(client.socket)
        except KeyError:
            pass
        if client.reset:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.socket.close()
        self.open -= 1

    def step(self, client):
        """The next bytes, now or later."""
        if client.socket.fileno() < 0:
            return
        got = next(client.steps, None)
        if got is None:
            if client.reset:
                self.end(client, "dropped")
            else:
                self.wait(client, writes=False)
            return
        client.out, pause = got
        if pause:
            heapq.heappush(self.waiting, (time.monotonic() + pause, next(self.number), client))
            self.wait(client, writes=False)
        else:
            self.write(client)

    def wait(self, client, writes):
        events = (selectors.EVENT_READ if client.reads else 0) | (selectors.EVENT_WRITE if writes else 0)
        if events:
            try:
                self.selector.modify(client.socket, events, client)
            except KeyError:
                self.selector.register(client.socket, events, client)
        else:
            try:
                self.selector.unregister(client.socket)
            except KeyError:
                pass

    def write(self, client):
        try:
            put = client.socket.send(client.out)
        except BlockingIOError:
            self.wait(client, writes=True)
            return
        except OSError:
            self.read(client, all_of_it=True)
            return
        self.seen["bytes"] += put
        client.out = client.out[put:]
        if client.out:
            self.wait(client, writes=True)
        else:
            self.step(client)

    def read(self, client, all_of_it=False):
        try:
            got = client.socket.recv(65536 if all_of_it else client.reads)
        except BlockingIOError:
            return
        except OSError:
            self.end(client, "cut")
            return
        client.begun += got[:max(0, 12 - len(client.begun))]
        if not got:
            self.end(client, "closed")
        elif all_of_it:
            self.end(client, "closed")
        elif client.reads < 100:
            self.selector.unregister(client.socket)
            heapq.heappush(self.waiting, (time.monotonic() + 0.1, next(self.number), client))

    def run(self):
        next_dial = time.monotonic()
        said = False
        while (now := time.monotonic()) < self.ends:
            for _ in range(200):
                if self.open >= self.count or now < next_dial:
                    break
                self.dial()
                next_dial = max(next_dial + self.pace, now - 0.1)
            if not said and (self.open >= self.count or self.seen["connections"] > 300):
                print("go", flush=True)
                said = True
            while self.waiting and self.waiting[0][0] <= now:
                _, _, client = heapq.heappop(self.waiting)
                if client.socket.fileno() < 0:
                    continue
                if client.out:
                    self.write(client)
                else:
                    self.wait(client, writes=False)
            for key, events in self.selector.select(0.01):
                if key.fileobj.fileno() < 0:
                    continue
                if events & selectors.EVENT_READ:
                    self.read(key.data)
                elif key.data.out:
                    self.write(key.data)
                else:
                    self.step(key.data)
            self.seen["most open"] = max(self.seen["most open"], self.open)
        return self.seen


def drip(text, pause=0.1):
    return ((text[n:n + 1], pause) for n in range(len(text)))


def once(text):
    return iter([(text, 0)])


def endless(begin, more):
    return itertools.chain([(begin, 0)], ((more, 0) for _ in range(GIGABYTE // len(more))))


def slow_headers(_):
    return drip(get(b"/", b"X-Slow: " + b"a" * 1000))


def slow_bodies(_):
    return itertools.chain([(post(b"60000"), 0)], drip(b"a" * 1000))


def crowd(n):
    return once((b"", b"G", b"GET / HTTP/1.1\r\nHost: ", get(b"/")[:-2])[n % 4])


def gigabytes(n):
    chunked = b"POST /-/reload HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    return (endless(post(b"1073741824"), MEGABYTE), endless(chunked, b"100000\r\n" + MEGABYTE + b"\r\n"),
            endless(get(b"/", b"Content-Length: 1073741824"), MEGABYTE), endless(b"GET / HTTP/1.1\r\nX: ", MEGABYTE),
            endless(b"GET /", MEGABYTE), endless(b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 100_000), endless(post(b"5"), MEGABYTE))[n % 7]


def header_bombs(n):
    return once((get(b"/", *[b"X-%d: y" % m for m in range(100_000)]), get(b"/", b"X: " + MEGABYTE), get(b"/" + MEGABYTE),
                 get(b"/nothing", *[b"%d:%s" % (m, b"y" * 240) for m in range(60)]), get(b"/nothing", *[b"a:"] * 63))[n % 5])


def tricks(n):
    return once(TRICKS[n % len(TRICKS)][0])


def garbage(n):
    return once(random.Random(n).randbytes(n % 5000) + b"\r\n\r\n" * (n % 2))


LARGE = (b"/", b"/metrics", b"/api/v1/rules", b"/api/v1/windows?limit=1000", b"/api/v1/drift?limit=1000", b"/api/v1/streams")


def asks(n):
    return once(get(LARGE[n % len(LARGE)], *([b"Accept-Encoding: gzip"] * (n // 7 % 2))))


def probes(_):
    return once(get(b"/readyz?verbose"))


def pages(n):
    return once(get((b"/", b"/api/v1/rules")[n % 2]))


def half(n):
    text = asks(n).__next__()[0]
    return once(text[:n % (len(text) + 1)])


def guess(n):
    import base64
    return once(get(b"/metrics", b"Authorization: Basic " + base64.b64encode(b"ada:%d-%d" % (os.getpid(), n))))


ATTACKS = {
    "slow headers": dict(count=2000, script=slow_headers),
    "slow bodies": dict(count=2000, script=slow_bodies),
    "slow readers": dict(count=400, script=pages, reads=1, buffer=2048),
    "readers of nothing": dict(count=400, script=pages, reads=0, buffer=2048),
    "10,000 connections": dict(count=CROWD, script=crowd, reads=0, a_second=2500),
    "connections no end": dict(count=CROWD, script=crowd),
    "gigabytes of body": dict(count=14, script=gigabytes),
    "header bombs": dict(count=20, script=header_bombs),
    "tricks": dict(count=50, script=tricks),
    "garbage": dict(count=300, script=garbage),
    "dropped in the middle": dict(count=100, script=half, reset=True),
    "asks for all": dict(count=100, script=asks),
    "probes without end": dict(count=50, script=probes),
}


def talk_tls(port, seconds, script):
    """One after another, for it is the server that shakes hands at a price."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    seen, ends = collections.Counter(), time.monotonic() + seconds
    print("go", flush=True)
    for n in itertools.count():
        if time.monotonic() > ends:
            return seen
        seen["connections"] += 1
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as plain, context.wrap_socket(plain) as sock:
                sock.sendall(script(n).__next__()[0])
                seen[sock.recv(12)[9:].decode()] += 1
        except OSError:
            seen["cut"] += 1


def spin(seconds):
    """No attack: the processor beside weir's is as busy as under one."""
    ends = time.monotonic() + seconds
    print("go", flush=True)
    while time.monotonic() < ends:
        sum(range(1000))
    return {}


if __name__ == "__main__":
    name, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.nice(5)
    if name == "nothing":
        seen = spin(seconds)
    elif name == "guesses":
        seen = talk_tls(port, seconds, guess)
    elif name == "handshakes":
        seen = talk_tls(port, seconds, lambda n: once(b"\r\n\r\n"))
    else:
        seen = Swarm(port, seconds, **ATTACKS[name]).run()
    print(json.dumps(seen), flush=True)
    os._exit(0)  # ten thousand sockets at once, by the kernel
