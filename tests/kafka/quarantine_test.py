# SPDX-License-Identifier: Apache-2.0
"""weir run puts records aside, and weir quarantine tells of them: rules, records that cannot be read, late ones, redacted ones, bytes that
are no text, keys and headers that are null; from the topic, and from a file made of it."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "docs"))
from cluster import Cluster
from page_blocks import Place, blocks_of, matches, typed
from registry import Registry
from weir_process import Checks, Workplace, run

checks = Checks()
BEGIN = 1767312000000  # 2026-01-02T00:00:00Z
RULES = """weir: 1
source: {time: at, out_of_order: 1s}
fields:
  amount: {type: number, max: 100}
  currency: {in: [EUR, USD]}
windows:
  - every: 1m
    lateness: 0s
    late: quarantine
    rules: [{id: some, should: row_count >= 0}]
"""
REDACTING = """weir: 1
fields:
  email: {format: email}
  amount: {type: number, max: 100}
redact: {paths: [email]}
"""
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202etxt"


def order(minute, **more):
    return json.dumps({"at": f"2026-01-02T00:{minute:02}:00Z", "amount": 5, "currency": "EUR", **more}).encode()


def judge(kafka, folder, topic, rules, *flags):
    done = run("run", "--brokers", kafka.bootstrap, "--topic", topic, "--rules", rules, "--state", f"state-{topic}", "--until-end",
               "--fail-on", "never", "--web.listen", "off", *flags, cwd=folder)
    checks.equal(f"{topic}: run ends", done.exit, 0)
    if done.exit:
        print(done.err.decode()[-3000:])


with Cluster() as kafka, Workplace(**{"orders.yml": RULES, "people.yml": REDACTING}) as folder:
    for topic in ("orders", "people", "quiet"):
        kafka.create_topic(topic, 2)
        kafka.create_topic(f"{topic}.quarantine", 2)
    rows = [(n % 2, b"k%d" % n, order(n // 2), [("n", b"%d" % n)], BEGIN + n * 1000) for n in range(100)]
    rows += [
        (0, b"\xff\x00key", order(50, amount=101), [("trace", b"\x01\xfe"), ("nothing", None)], BEGIN + 100_000),  # offset 50
        (0, None, order(51, amount=7000, currency="CHF"), None, BEGIN + 101_000),
        (0, b"torn", b'{"amount": 5, "cur', None, BEGIN + 102_000),
        (0, b"bytes", b"\x00\x00\x00\x00\x07\x02\xff\xfe not a record", None, BEGIN + 103_000),
        (0, b"screen", order(52, currency=HOSTILE), None, BEGIN + 104_000),
        (0, b"late", order(3), None, BEGIN + 105_000),
    ]
    kafka.produce("orders", rows)
    kafka.produce("people", [(0, b"p", b'{"email":"kim@example.org","amount":500}'), (0, b"q", b'{"email":"torn'),
                             (1, b"r", b'{"email":"a@example.org","amount":1}')])
    judge(kafka, folder, "orders", "orders.yml")
    judge(kafka, folder, "people", "people.yml")

    def ask(*words, topic="orders.quarantine", **more):
        word, *rest = words
        return run("quarantine", word, *rest, "--brokers", kafka.bootstrap, "--topic", topic, cwd=folder, **more)

    # ---- what docs/quarantine.md shows
    place = Place(os.path.join(folder, "page"), names={"localhost:9092": kafka.bootstrap})
    for command, expected in [one for block in blocks_of("docs/quarantine.md") if "localhost:9092" in block.text for one in typed(block)]:
        code, shown = place.run(command)
        # Of two partitions, in the order of microseconds.
        lines = [all(any(matches(wanted, got) for got in shown.splitlines()) for wanted in expected.splitlines()), len(shown) > len(expected) / 2]
        checks.true(f"docs/quarantine.md: $ {command}\n--- got\n{shown}--- wanted\n{expected}---", code == 0 and all(lines))

    # ---- ls
    listed = ask("ls")
    text = listed.out.decode()
    print(text)
    checks.equal("ls", listed.exit, 0)
    for words in ("orders-0-50", "orders-0-51", "amount.max +1", "decode", "late", "6 records, none sent back",
                  "weir quarantine stats --brokers"):
        checks.true(f"ls says {words}", words in text, text)
    checks.true("ls is harmless", "\x1b" not in text and "\u202e" not in text, text)
    checks.true("ls fits 80 columns", all(len(line) <= 80 for line in text.split("\n\n")[0].split("\n")), text)
    lines = [json.loads(line) for line in ask("ls", "--json").out.decode().splitlines()]
    checks.equal("ls --json", sorted(one["id"] for one in lines), sorted(f"orders-0-{n}" for n in range(50, 56)))
    by_id = {one["id"]: one for one in lines}
    first, *_ = [record for record in kafka.read("orders.quarantine") if record.header("__weir.id") == b"orders-0-50"]
    checks.equal("a line says what the topic holds", by_id["orders-0-50"]["violations"], json.loads(first.header("__weir.violations")))
    checks.equal("its key", by_id["orders-0-50"].get("record_key_base64"), "/wBrZXk=")
    checks.equal("its record", by_id["orders-0-50"]["record"], json.loads(order(50, amount=101)))
    for flags, wanted in ((["--rule", "currency.*"], ["orders-0-51", "orders-0-54"]), (["--stage", "late"], ["orders-0-55"]),
                          (["--id", "orders-0-53"], ["orders-0-53"]), (["--from", "-1h", "--stage", "decode"], ["orders-0-52", "orders-0-53"]),
                          (["--to", "2026-01-01T00:00:00Z"], []), (["--partitions", "0,1", "--last", "6"], sorted(by_id))):
        got = [json.loads(line)["id"] for line in ask("ls", "--json", *flags).out.decode().splitlines()]
        checks.equal(f"ls {flags}", sorted(got), wanted)

    # ---- show
    shown = ask("show", "--id", "orders-0-50").out.decode()
    print(shown)
    for words in ("orders, partition 0, offset 50, created 2026-01-02T00:01:40Z", "amount.max, max at amount", "101 is above 100",
                  "0xff006b6579 (5 bytes)", "trace: 0x01fe (2 bytes)", "nothing: null", '      "amount": 101', "lies in     orders.quarantine"):
        checks.true(f"show says {words}", words in shown, shown)
    binary = ask("show", "--id", "orders-0-53").out.decode()
    checks.true("bytes are dumped", "0000  00 00 00 00 07 02 ff fe  20 6e 6f 74" in binary, binary)
    checks.true("and why", "names the schema id 7" in binary, binary)
    screen = ask("show", "--id", "orders-0-54").out.decode()
    checks.true("show is harmless", "\x1b" not in screen and "\u202e" not in screen and "owned" in screen, screen)
    torn = ask("show", "--id", "orders-0-52").out.decode()
    checks.true("text that is no JSON", "18 bytes of text that is no JSON" in torn and '{"amount": 5, "cur' in torn, torn)
    people = ask("show", "--last", "2", topic="people.quarantine").out.decode()
    print(people)
    checks.true("redacted is said", '"email": "***"' in people and "redacted:" in people, people)
    checks.true("withheld is said, with what to do", "withheld" in people and "weir explain people/0/1 --rules" in people, people)
    checks.true("nothing redacted is shown", "kim@" not in people, people)

    # ---- what weir explain is asked then
    original = run("explain", "people/0/1", "--rules", "people.yml", "--brokers", kafka.bootstrap, cwd=folder)
    checks.true("the original is read from its origin", original.exit in (0, 1), original.err)

    # ---- stats
    stats = json.loads(ask("stats", "--json").out)
    checks.equal("stats", {rule["rule"]: rule["records"] for rule in stats["rules"]},
                 {"amount.max": 2, "currency.in": 2, "decode": 2, "late": 1})
    checks.equal("stages", {stage["stage"]: stage["records"] for stage in stats["stages"]}, {"decode": 2, "record": 3, "late": 1})
    checks.equal("steps", sum(stats["steps"]), 6)
    counted = ask("stats", env={**os.environ, "LANG": "C.UTF-8"}).out.decode()
    print(counted)
    checks.true("stats says so", "orders.quarantine: 6 records, none sent back" in counted, counted)

    # ---- a record of a schema registry: decoded where its address is given
    with Registry() as registry:
        avro = {"type": "record", "name": "Paid", "fields": [{"name": "amount", "type": "long"}, {"name": "note", "type": "string"}]}
        number = registry.register("paid-value", avro)
        for topic in ("paid", "paid.quarantine"):
            kafka.create_topic(topic, 1)
        kafka.produce("paid", [(0, b"a", b"\0" + number.to_bytes(4, "big") + b"\xe8\x07\x04hi")])
        with open(os.path.join(folder, "paid.yml"), "w", encoding="utf-8") as file:
            file.write("weir: 1\nfields:\n  amount: {type: integer, max: 100}\n")
        judge(kafka, folder, "paid", "paid.yml", "--registry", registry.url)
        decoded = ask("show", "--registry", registry.url, topic="paid.quarantine").out.decode()
        print(decoded)
        checks.true("Avro is decoded", '"amount": 500' in decoded and '"note": "hi"' in decoded and "by the schema" in decoded, decoded)
        without = ask("show", topic="paid.quarantine").out.decode()
        checks.true("without the registry it says what would help", "--registry URL would show the record" in without, without)
    away = ask("show", "--registry", "http://127.0.0.1:9", topic="paid.quarantine")
    checks.equal("a registry that is away is no reason to show nothing", (away.exit, b"0000  00 00" in away.out), (0, True))
    print(away.err.decode())

    # ---- records twice, a mark, a newer form, headers that were cut, and a record that nobody put aside
    kept = kafka.read("orders.quarantine")
    again = next(record for record in kept if record.header("__weir.id") == b"orders-0-51")
    mark = [("__weir.v", b"1"), ("__weir.id", b"orders-0-50"), ("__weir.stage", b"replayed"), ("__weir.at", b"2026-01-03T00:00:00Z"),
            ("__weir.into", b"orders")]
    cut = [("__weir.v", b"1"), ("__weir.stage", b"record"), ("__weir.violations", b'[{"rule":"amount.max","message":"m"},{"rule":"cu')]
    kafka.produce("orders.quarantine", [(1, again.key, again.value, again.headers), (1, b"orders-0-50", None, mark), (0, None, b"{}", cut),
                                        (0, None, b"{}", [("__weir.v", b"2"), ("__weir.id", b"x")]), (1, b"x", b"a plain record")])
    mixed = ask("ls")
    text = mixed.out.decode()
    print(text)
    checks.equal("what cannot be read is in the exit code", mixed.exit, 3)
    for words in ("7 records, 1 of them sent back; 1 lies there twice and counts once", "written by a newer weir (form 2); this one reads up to 1",
                  "1 is no quarantined record: orders.quarantine/1 offset"):
        checks.true(f"ls says {words}", words in text, text)
    sent = ask("show", "--id", "orders-0-50").out.decode()
    checks.true("show says where it was sent", "sent back   2026-01-03T00:00:00Z into orders" in sent, sent)

    # ---- a file of the topic says the same
    with open(os.path.join(folder, "copy.ndjson"), "wb") as file:
        file.write(ask("ls", "--json").out)
    of_topic = json.loads(ask("stats", "--json").out)
    of_file = json.loads(run("quarantine", "stats", "--json", "copy.ndjson", cwd=folder).out)
    for name in ("records", "sent_back", "rules", "stages", "reasons", "steps"):
        checks.equal(f"of the file: {name}", of_file[name], of_topic[name])

    # ---- what is no quarantine
    wrong = ask("ls", topic="orders")
    checks.equal("a topic of records", wrong.exit, 3)
    checks.true("is told from its quarantine", b"did you mean orders.quarantine?" in wrong.err, wrong.err)
    empty = ask("ls", topic="quiet.quarantine")
    checks.equal("an empty quarantine", (empty.exit, b"nothing was put aside" in empty.out), (0, True))
    nowhere = ask("stats", topic="nowhere.quarantine")
    checks.equal("a topic that is not there", nowhere.exit, 3)
    print(nowhere.err.decode())

checks.finish()
