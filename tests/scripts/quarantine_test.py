# SPDX-License-Identifier: Apache-2.0
"""What weir check puts aside is listed, shown and counted by weir quarantine: lines, rows, redacted records, records that cannot be read,
compressed, several files, standard input."""
import json

from weir_process import RULES, Checks, Workplace, run

checks = Checks()
ORDERS = ('{"order_id":"O-0001","amount":1,"currency":"EUR"}\n'
          '{"order_id":"O-0002","amount":2000,"currency":"CHF"}\n'
          '{"order_id":"O-0003","amou\n'
          '{"order_id":"O-0004","amount":1,"currency":"\\u001b[2J\\u202e"}\n')
ROWS = 'order_id,amount,currency\nO-0001,1,EUR\nO-0002,2000,"C\nHF"\n'
REDACTED = RULES.replace("tests:", "redact: {paths: [order_id]}\ntests:")

with Workplace(**{"orders.yml": RULES, "redacted.yml": REDACTED, "orders.ndjson": ORDERS, "orders.csv": ROWS}) as folder:
    def put_aside(name, rules, into):
        checks.equal(f"{name} fails", run("check", name, "--rules", rules, "--quarantine", into, "--quiet", cwd=folder).exit, 1)

    def ask(*words, **more):
        return run("quarantine", *words, cwd=folder, **more)

    put_aside("orders.ndjson", "orders.yml", "bad.ndjson.gz")
    listed = ask("ls", "bad.ndjson.gz")
    text = listed.out.decode()
    checks.equal("ls", (listed.exit, "\x1b" in text, "\u202e" in text), (0, False, False))
    checks.true("ls names places in the file", all(f"orders.ndjson:{n}" in text for n in (2, 3, 4)), text)
    checks.true("ls counts", "3 records, none sent back" in text, text)
    lines = ask("ls", "--json", "bad.ndjson.gz").out
    checks.equal("--json gives the lines", [json.loads(one)["line"] for one in lines.splitlines()], [2, 3, 4])
    again = ask("stats", "--json", "-", stdin=lines)
    counted = {one["rule"]: one["records"] for one in json.loads(again.out)["rules"]}
    checks.equal("stats of standard input", counted, {"amount.max": 1, "currency.in": 2, "decode": 1})
    shown = ask("show", "bad.ndjson.gz", "--id", "orders.ndjson:3").out.decode()
    checks.true("what cannot be read is shown as text", '{"order_id":"O-0003","amou' in shown and "no JSON" in shown, shown)

    put_aside("orders.csv", "orders.yml", "rows.ndjson")
    row = ask("show", "rows.ndjson").out.decode()
    checks.true("a row is shown as JSON, and that it was none", '"amount": "2000"' in row and "written otherwise" in row, row)
    put_aside("orders.ndjson", "redacted.yml", "masked.ndjson")
    masked = ask("show", "masked.ndjson", "--id", "orders.ndjson:2").out.decode()
    checks.true("redacted is said", '"order_id": "***"' in masked and "redacted" in masked and "O-0002" not in masked, masked)
    withheld = ask("show", "masked.ndjson", "--id", "orders.ndjson:3").out.decode()
    checks.true("withheld is said, with where the original lies", "withheld" in withheld and "lies in orders.ndjson" in withheld, withheld)

    both = ask("ls", "bad.ndjson.gz", "masked.ndjson").out.decode()
    checks.true("an id in two files counts once", "3 records, none sent back; 3 lie there twice and count once" in both, both)
    globbed = ask("stats", "--json", "*.ndjson*")
    checks.equal("a pattern that takes records as well says so", globbed.exit, 3)
    wrong = ask("ls", "orders.csv")
    checks.true("rows are no quarantine", wrong.exit == 3 and b"these are no quarantined records" in wrong.err, wrong.err)

checks.finish()
