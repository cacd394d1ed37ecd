# SPDX-License-Identifier: Apache-2.0
"""Topics whose messages name schemas, beside a real schema registry: records that are judged in all three languages, schemas that evolve
and break, ids that nobody knows, a registry that is away under load. Every record has to come out once."""
import collections
import json
import os
import struct
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster
from registry import Registry, RegistryRefuses
from weir_process import Checks, run
from weir_run import Instances

checks = Checks()
PARTITIONS = 4
LONG = bool(os.environ.get("WEIR_ALL"))  # the other delivery, and a kill where the short form stops
AWAY = 300 if LONG else 60  # seconds that the registry is away under load
RULES = """weir: 1
fields:
  id:     {type: integer, required: true}
  amount: {type: number, required: true, max: 100}
"""
HASTY = RULES + "source: {unknown_schema: quarantine}\n"
FIELDS = [{"name": "id", "type": "long"}, {"name": "amount", "type": "double"}]
NOTE = {"name": "note", "type": ["null", "string"], "default": None}


# ---- messages, byte by byte
def avro_long(number):
    number = (number << 1) ^ (number >> 63)
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def avro_text(text):
    return avro_long(len(text)) + text


def framed(number, body):
    return b"\0" + struct.pack(">I", number) + body


def first(schema, n, amount=1.5):
    return framed(schema, avro_long(n) + struct.pack("<d", amount))


def with_note(schema, n, note=b"a note"):
    return framed(schema, avro_long(n) + struct.pack("<d", 2.5) + avro_long(1) + avro_text(note))


def broken(schema, n):
    """`amount` is a text."""
    return framed(schema, avro_long(n) + avro_text(b"three"))


def proto(schema, n, amount=3.5, indexes=b"\0"):
    """`indexes`: which message of the file it is; 0 stands for the first."""
    number = bytearray()
    while n > 127:
        number.append(n & 127 | 128)
        n >>= 7
    return framed(schema, indexes + b"\x08" + bytes(number) + bytes([n]) + b"\x11" + struct.pack("<d", amount))


def as_json(schema, n, amount=4.5):
    return framed(schema, json.dumps({"id": n, "amount": amount}).encode())


def order(*fields):
    return {"type": "record", "name": "Order", "namespace": "shop", "fields": list(fields)}


class Books:
    """What was written to a topic, and where each record has to be."""

    def __init__(self, kafka, topic):
        self.kafka, self.topic = kafka, topic
        self.lock = threading.Lock()
        self.clean, self.quarantine = collections.Counter(), collections.Counter()
        self.count = 0

    def write(self, values, good=True, partition=None, headers=()):
        values = list(values)
        with self.lock:
            batch = []
            for value in values:
                batch.append((self.count % PARTITIONS if partition is None else partition, None, value, list(headers)))
                self.count += 1
            (self.clean if good else self.quarantine).update(values)
        self.kafka.produce(self.topic, batch, linger_ms=0, acks="all")

    def came(self, name):
        return collections.Counter(record.value for record in self.kafka.read(f"{self.topic}.{name}"))

    def settled(self):
        return self.came("clean") == self.clean and self.came("quarantine") == self.quarantine

    def check(self, what):
        for name, wanted in (("clean", self.clean), ("quarantine", self.quarantine)):
            got = self.came(name)
            checks.true(f"{what}: {name}: each record once", got == wanted,
                        {"missing": list((wanted - got).items())[:3], "too many": list((got - wanted).items())[:3],
                         "counts": (sum(got.values()), sum(wanted.values()))})


def await_(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


with Cluster() as kafka, Registry() as registry, tempfile.TemporaryDirectory(prefix="weir-registry-") as folder:
    topics = ("orders", "pay", "views", "hasty")
    for topic in topics:
        for name in (topic, f"{topic}.clean", f"{topic}.quarantine"):
            kafka.create_topic(name, PARTITIONS)
    with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as file:
        file.write(RULES)
    with open(os.path.join(folder, "hasty.yml"), "w", encoding="utf-8") as file:
        file.write(HASTY)
    with open(os.path.join(folder, "weir.yml"), "w", encoding="utf-8") as file:
        json.dump({"pipeline": "registry", "brokers": kafka.bootstrap, "snapshot_every": "1s",
                   "delivery": "exactly_once" if LONG else "at_least_once", "log": {"format": "json", "level": "info"},
                   "streams": [{"name": topic, "topics": [topic], "rules": "hasty.yml" if topic == "hasty" else "rules.yml", "quarantine": f"{topic}.quarantine",
                                "split": {"clean": f"{topic}.clean"}} for topic in topics]}, file)
    weir = Instances(folder, ["one"])
    flags = ["--registry", registry.url]
    weir.start("one", *flags)
    checks.true("it is ready", weir.await_ready("one"), weir.log("one"))

    def log():
        with open(weir.log_path("one"), encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.startswith("{")]

    def changes(topic):
        return [line for line in log() if line["event"] == "schema_changed" and line["about"] == topic]

    def reason_of(topic, value):
        """What the quarantine says of a record: the values of its headers, one after the other."""
        return next((b" ".join(said or b"" for _, said in record.headers or ()) for record in kafka.read(f"{topic}.quarantine")
                     if record.value == value), b"")

    def metric(name):
        text = (weir.get("one", "/metrics") or b"").decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))

    books = {topic: Books(kafka, topic) for topic in topics}
    orders = books["orders"]

    # All three languages.
    v1 = registry.register("orders-value", order(*FIELDS))
    pay = registry.register("pay-value", 'syntax = "proto3"; package shop; message Pay { int64 id = 1; double amount = 2; }', "PROTOBUF")
    view = registry.register("views-value", {"$schema": "http://json-schema.org/draft-07/schema#", "title": "View", "type": "object",
                                             "properties": {"id": {"type": "integer"}, "amount": {"type": "number"}}}, "JSON")
    orders.write(first(v1, n) for n in range(500))
    orders.write((first(v1, 1000 + n, 101.5) for n in range(10)), good=False)
    books["pay"].write(proto(pay, n) for n in range(300))
    books["pay"].write((proto(pay, 1000 + n, 200.5) for n in range(10)), good=False)
    books["views"].write(as_json(view, n) for n in range(300))
    books["views"].write((as_json(view, 1000 + n, 200.5) for n in range(10)), good=False)
    # Of a Protobuf file also the second message, and one within it.
    refund = registry.register("refund-value", """syntax = "proto3"; package shop;
        message Reason { string text = 1; }
        message Refund { int64 id = 1; double amount = 2; message Line { int64 id = 1; double amount = 2; } }""", "PROTOBUF")
    for indexes, begin in ((b"\x02\x02", 2000), (b"\x04\x02\x00", 3000)):
        books["pay"].write(proto(refund, begin + n, indexes=indexes) for n in range(20))
        books["pay"].write((proto(refund, begin + 100 + n, 200.5, indexes) for n in range(5)), good=False)
    # The id in a header: the value is the record alone.
    named = [("__value_schema_id", framed(v1, b""))]
    orders.write((first(v1, 1200 + n)[5:] for n in range(20)), headers=named)
    orders.write((first(v1, 1300 + n, 101.5)[5:] for n in range(5)), good=False, headers=named)
    await_(lambda: all(one.settled() for one in books.values()))
    for topic, one in books.items():
        one.check(f"{topic}, judged")
    checks.equal("the first schema of a topic is no change", [changes(topic) for topic in topics], [[]] * len(topics))

    # A schema evolves as it should: told, and nothing fails.
    v2 = registry.register("orders-value", order(*FIELDS, NOTE))
    orders.write(with_note(v2, 2000 + n) for n in range(200))
    orders.write(first(v1, 3000 + n) for n in range(50))  # not everybody has the new version yet
    await_(orders.settled)
    orders.check("a compatible version")
    told = changes("orders")
    checks.equal("told once", [(line["compatible"], line["level"]) for line in told], [("full", "info")])
    checks.true("in words", told and "`note` added" in told[0]["message"] and "orders-value version 2" in told[0]["message"], told)

    # The registry refuses what breaks; somebody registers it elsewhere and writes it all the same.
    odd = order({"name": "id", "type": "long"}, {"name": "amount", "type": "string"})
    registry.set_compatibility("BACKWARD", "orders-value")
    try:
        registry.register("orders-value", odd)
        checks.true("the registry refuses an incompatible version", False)
    except RegistryRefuses as refused:
        checks.equal("the registry refuses an incompatible version", refused.status, 409)
    v3 = registry.register("elsewhere-value", odd)
    orders.write((broken(v3, 4000 + n) for n in range(20)), good=False)
    await_(orders.settled)
    orders.check("an incompatible schema")
    told = changes("orders")[1:]
    checks.equal("told as a warning", [(line["compatible"], line["level"]) for line in told], [("none", "warn")])
    checks.true("what is different", told and "`amount`: double -> string" in told[0]["message"], told)
    checks.equal("counted", metric('weir_schema_changes_total{compatible="none"'), 1.0)
    shown = json.loads(weir.get("one", "/api/v1/schemas"))["schemas"]
    change = next((one["change"] for one in shown if one["change"] and one["change"]["compatible"] == "none"), None)
    checks.true("both schemas side by side", change and '"double"' in change["from"]["text"], shown)

    # Ids that nobody knows, and bytes that are none of a message.
    unknown = [framed(987654, b"\x02\x02"), framed(987654, b"\x04\x04"), b"\x07\x01\x01\x01\x01\x02", b"\0\0"]
    by_guid = b"\x01" + bytes(range(16)) + b"\x02\x02"
    orders.write(unknown + [by_guid], good=False)
    await_(orders.settled)
    orders.check("unknown ids")
    for what, value, wanted in (("an id that nobody knows", unknown[0], b"the registry knows no schema with the id 987654"),
                                ("no magic byte", unknown[2], b'"code":"syntax"'),
                                ("an id that is cut short", unknown[3], b"it begins like the id of a schema and ends within it"),
                                ("a GUID, which this registry cannot be asked for", by_guid, b"the registry cannot be asked for schemas by GUID")):
        checks.true(f"the reason: {what}", wanted in reason_of("orders", value), reason_of("orders", value))
    checks.true("the registry was asked", metric("weir_schema_refused_total") >= 1 and metric("weir_schema_requests_total") >= 5)

    # weir check reads the same topic through the same gate, and notes the changes.
    ran = run("check", "--brokers", kafka.bootstrap, "--topic", "orders", "--rules", "rules.yml", *flags, "--report", "json=-",
              "--fail-on", "never", cwd=folder)
    report = json.loads(ran.out) if ran.out else {}
    checks.equal("weir check", (ran.exit, sum(one["records"] for one in report.get("inputs", []))), (0, orders.count))
    checks.true("notes what changed", any("went from" in note for note in report.get("notes", [])), (report.get("notes"), ran.err))

    # The registry goes away under load. Known schemas go on; one partition meets a schema that weir has not seen.
    v4 = registry.register("orders-value", order(*FIELDS, NOTE, {"name": "n", "type": "int", "default": 0}))
    ended = threading.Event()

    def load():
        n = 10_000
        while not ended.wait(0.1):
            orders.write(with_note(v2, n + i) for i in range(50))
            n += 50

    writer = threading.Thread(target=load, daemon=True)
    writer.start()
    registry.kill()
    began = time.monotonic()
    time.sleep(1)
    late = [framed(v4, avro_long(5000 + n) + struct.pack("<d", 2.5) + avro_long(0) + avro_long(n)) for n in range(40)]
    orders.write(late, partition=2)
    # Where the rules say so, what names an unknown schema is put aside after a patience of 30 s.
    hasty = books["hasty"]
    aside = [framed(v4, avro_long(7000 + n) + struct.pack("<d", 2.5) + avro_long(0) + avro_long(n)) for n in range(40)]
    hasty.write(aside, good=False)
    checks.true("readiness says what waits", await_(lambda: b"orders/registry: orders[2] waits for the schema id" in (weir.get("one", "/readyz") or b"")),
                weir.get("one", "/readyz?verbose"))
    checks.equal("one partition is held", metric('weir_schema_held_partitions{stream="orders"'), 1.0)
    before = sum(orders.came("clean").values())
    # weir check waits 30 s for the first schema, and says for what.
    ran = run("check", "--brokers", kafka.bootstrap, "--topic", "orders", "--rules", "rules.yml", *flags, cwd=folder)
    checks.equal("weir check gives up", ran.exit, 3)
    checks.true("and says why", all(words in b" ".join(ran.err.split()) for words in (b"a schema did not come for 30 s", b"for the schema id", b"Connection refused")), ran.err)
    time.sleep(max(0, AWAY - (time.monotonic() - began)))
    more = sum(orders.came("clean").values()) - before
    checks.true("records of known schemas are judged meanwhile", more > 100, more)
    checks.true("those of the unknown one wait", not set(late) & set(orders.came("clean")))
    checks.true("and are not put aside", not set(late) & set(orders.came("quarantine")))
    checks.true("but are where the rules say so", hasty.settled(), hasty.came("quarantine"))
    checks.true("with the reason", b"no registry has said what that is" in reason_of("hasty", aside[0]), reason_of("hasty", aside[0]))

    registry.restart()
    checks.true("they come once the registry is back", await_(lambda: set(late) <= set(orders.came("clean")), 60), weir.log("one"))
    hasty.write(framed(v4, avro_long(7100 + n) + struct.pack("<d", 2.5) + avro_long(0) + avro_long(n)) for n in range(40))
    checks.true("and it is ready", await_(lambda: (weir.get("one", "/readyz") or b"").startswith(b"ready")))

    # A stop (a kill -9) while a partition waits loses nothing and doubles nothing.
    ended.set()
    writer.join()
    v5 = registry.register("orders-value", order(*FIELDS, NOTE, {"name": "n", "type": "int", "default": 0}, {"name": "m", "type": "int", "default": 0}))
    await_(orders.settled)
    registry.pause()
    orders.write((framed(v5, avro_long(6000 + n) + struct.pack("<d", 2.5) + avro_long(0) + avro_long(n) + avro_long(n)) for n in range(40)))
    time.sleep(2)
    if LONG:
        checks.true("a kill while partitions wait", weir.kill("one"), weir.log("one"))
    else:
        checks.equal("a stop while partitions wait", weir.stop("one"), 0)
    registry.resume()
    weir.start("one", *flags)
    checks.true("everything is judged", await_(orders.settled, 60), weir.log("one"))
    for topic, one in books.items():
        one.check(f"{topic}, in the end")
    checks.equal("a stop", weir.stop("one"), 0)
    weir.close()

    # A stretch is judged as it was live, and what was put aside comes back under mended rules: both read schemas by the same gate.
    ran = run("check", "--brokers", kafka.bootstrap, "--topic", "orders", "--rules", "rules.yml", *flags, "--report", "json=-", "--fail-on", "never", cwd=folder)
    tested = run("backtest", "--brokers", kafka.bootstrap, "--topic", "orders", "--rules", "rules.yml", *flags, "--report", "json=-", "--fail-on", "never", cwd=folder)
    found = [{rule["id"]: (rule["evaluated"], rule["failed"]) for rule in json.loads(one.out or b"{}").get("rules", [])} for one in (ran, tested)]
    checks.true("weir backtest finds what weir check does", tested.exit == 0 and found[0] == found[1] and found[1]["amount.max"][1] == 35, (found, tested.err))

    with open(os.path.join(folder, "mended.yml"), "w", encoding="utf-8") as file:
        file.write(RULES.replace("max: 100", "max: 150"))
    kafka.create_topic("orders.back", PARTITIONS)
    replay = ("replay", "--brokers", kafka.bootstrap, "--topic", "orders.quarantine", "--recheck", "--rules", "mended.yml", *flags, "--into", "orders.back", "--json")
    mended = collections.Counter([first(v1, 1000 + n, 101.5) for n in range(10)] + [first(v1, 1300 + n, 101.5)[5:] for n in range(5)])
    other = sum(orders.quarantine.values()) - sum(mended.values())
    for how, sent in (("dry", ["--dry-run"]), ("in earnest", []), ("once more", [])):
        ran = run(*replay, *sent, cwd=folder)
        told = json.loads(ran.out or b"{}")
        wanted = (0, sum(mended.values())) if how == "once more" else (sum(mended.values()), 0)
        checks.equal(f"weir replay --recheck, {how}", (told.get("sent"), told.get("left", {}).get("sent_before"), told.get("left", {}).get("still_failing")), (*wanted, other))
    checks.equal("what passes now is there, byte for byte", collections.Counter(r.value for r in kafka.read("orders.back")), mended)
    checks.equal("with the header that names its schema", sum(r.header("__value_schema_id") == framed(v1, b"") for r in kafka.read("orders.back")), 5)
    print(f"{orders.count} records, the registry away for {AWAY} s")
checks.finish()
