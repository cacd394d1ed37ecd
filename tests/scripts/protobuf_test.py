# SPDX-License-Identifier: Apache-2.0
"""Files of Protobuf messages from end to end: judged, put aside, learnt from and compared; and what is refused before a record."""
import base64
import json
import os

from weir_process import Checks, Workplace, run

SCHEMA = """syntax = "proto3";
package shop;
message Order { int64 id = 1; string country = 2; int64 amount = 3; }
message Refund { int64 id = 1; }
"""
RULES = """weir: 1
source: {format: protobuf, schema: orders.proto, message: shop.Order}
fields: {amount: {max: 900}}
drift:
  - {fields: [amount, country], reference: {file: before.pb}}
"""


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def order(number, country, amount):
    return b"\x08" + varint(number) + b"\x12" + varint(len(country)) + country.encode() + b"\x18" + varint(amount)


def delimited(messages):
    return b"".join(varint(len(message)) + message for message in messages)


def orders(scale=1):
    return [order(i, ["DE", "FR", "IT"][i % 3], (i * 37 % 800 + 1) * scale) for i in range(2000)]


checks = Checks()
with Workplace(**{"orders.proto": SCHEMA, "orders.yml": RULES, "two.yml": RULES.replace(", message: shop.Order", ""),
                  "bare.yml": "weir: 1\nfields: {id: {min: 0}}\n"}) as folder:
    def weir(*args):
        return run(*args, cwd=folder)

    def write(name, content):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)

    bad = order(7, "DE", 1000)
    write("before.pb", delimited(orders()))
    write("same.pb", delimited(orders()))
    write("cents.pb", delimited(orders(100)))
    write("bad.pb", delimited([order(1, "DE", 2), bad, b"\x08"]))

    ran = weir("check", "bad.pb", "--rules", "orders.yml", "--quarantine", "q.ndjson")
    checks.equal("a message fails", ran.exit, 1)
    with open(os.path.join(folder, "q.ndjson"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    checks.equal("two are put aside", len(lines), 2)
    checks.equal("as JSON", lines[0]["record"], {"id": 7, "country": "DE", "amount": 1000})
    checks.equal("and as it came", base64.b64decode(lines[0]["record_base64"]), bad)
    checks.equal("what cannot be read as it came alone", (lines[1].get("record"), lines[1]["base64"]), (None, "CA=="))
    weir("check", "bad.pb", "--rules", "orders.yml", "--quarantine", "r.ndjson", "--redact", "country")
    with open(os.path.join(folder, "r.ndjson"), encoding="utf-8") as file:
        text = file.read()
    checks.true("redacted", '"country":"***"' in text and "DE" not in text and "base64" not in text, text)

    ran = weir("check", "same.pb", "--rules", "orders.yml")
    checks.equal("the same records have not moved", ran.exit, 0)
    ran = weir("check", "cents.pb", "--rules", "orders.yml")
    checks.true("others have", ran.exit == 1 and b"amount" in ran.err, ran.err)

    ran = weir("baseline", "before.pb", "--rules", "orders.yml", "-o", "b.json")
    checks.true("a baseline", ran.exit == 0 and b"2 fields from 2,000 records" in ran.err, ran.err)
    checks.equal("compared with it", weir("compare", "b.json", "same.pb", "--rules", "orders.yml").exit, 0)
    checks.equal("files compared", weir("compare", "before.pb", "cents.pb", "--rules", "orders.yml").exit, 1)

    ran = weir("check", "same.pb", "--format", "protobuf", "--rules", "bare.yml")
    checks.true("no schema", ran.exit == 2 and b"source.schema" in ran.err and b"shop.Order" in ran.err, ran.err)
    ran = weir("compare", "before.pb", "same.pb", "--format", "protobuf")
    checks.true("nor in a comparison", ran.exit == 3 and b"source.schema" in ran.err, ran.err)
    ran = weir("suggest", "same.pb", "--format", "protobuf")
    checks.true("nor in a suggestion", ran.exit == 2 and b"source.schema" in ran.err, ran.err)
    ran = weir("lint", "two.yml")
    checks.true("which message", ran.exit == 2 and b"W190" in ran.err + ran.out and b"source.message" in ran.err + ran.out,
                ran.err + ran.out)

checks.finish()
