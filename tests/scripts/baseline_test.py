# SPDX-License-Identifier: Apache-2.0
"""weir baseline: what a privacy officer finds in the file, and what a rule file and weir compare do with it."""
import json
import os
import random
import re

from weir_process import Checks, Workplace, environment, run

DRAW = random.Random(7)
NAMES = [f"customer-{i:04d}" for i in range(40)]


def at(i):
    return f"2026-03-{1 + i // 1440:02d}T{i // 60 % 24:02d}:{i % 60:02d}:00Z"


def rows(seed, scale=1):
    draw = random.Random(seed)
    for i in range(4000):
        yield {"ts": at(i), "amount": round(draw.gauss(50, 9) * scale, 2), "price": round(draw.gauss(5, 1), 3),
               "customer": draw.choice(NAMES), "secret": f"s-{draw.randrange(10**12):012d}"}


def ndjson(records):
    return "".join(json.dumps(record) + "\n" for record in records)


RULES = """weir: 1
source: {format: json, time: ts}
drift:
  - {fields: [amount, customer], every: 1h, reference: {file: refs/orders.baseline.json}}
"""
checks = Checks()
with Workplace(**{"sound.ndjson": ndjson(rows(1)), "fresh.ndjson": ndjson(rows(2)), "cents.ndjson": ndjson(rows(3, 100)),
                  "drift.yml": RULES, "empty.ndjson": "", "refs/.keep": ""}) as folder:
    def weir(*args, **more):
        return run(*args, cwd=folder, **more)

    def text_of(name):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return file.read()

    ran = weir("baseline", "sound.ndjson", "-o", "b.json")
    checks.equal("made", ran.exit, 0)
    checks.true("says what it did", b"4,000 records" in ran.err and b"hashes" in ran.err, ran.err)
    text = text_of("b.json")
    json.loads(text)
    checks.true("no name of a customer", not any(name in text for name in NAMES))
    checks.true("no secret", "s-0" not in text and "s-9" not in text)
    amounts = {row["amount"] for row in rows(1)}
    written = {float(number) for number in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]\d+)?(?![\w.])", text)}
    checks.true("hardly an amount stands there as it came", len(amounts & {n for n in written if n % 1}) < len(amounts) / 100,
                sorted(amounts & written)[:20])
    ran = weir("baseline", "sound.ndjson", "--reveal", "--fields", "customer", "-o", "revealed.json")
    checks.true("--reveal", NAMES[0] in text_of("revealed.json") and "amount" not in text_of("revealed.json"), ran.err)

    weir("baseline", "sound.ndjson", "--fields", "amount,customer", "-o", "two.json")
    for reference in ("b.json", "revealed.json"):
        checks.equal(f"{reference}: fresh data", weir("compare", reference, "fresh.ndjson").exit, 0)
    ran = weir("compare", "b.json", "cents.ndjson")
    checks.equal("another unit", ran.exit, 1)
    checks.true("names the field", b"FAIL" in ran.err and b"amount" in ran.err, ran.err)
    ran = weir("compare", "two.json", "fresh.ndjson", "--fields", "price,amount")
    checks.true("a field that it lacks", b"the baseline does not know this field" in ran.err, ran.err)

    # A secret.
    keyed = environment(WEIR_BASELINE_SECRET="k1")
    checks.equal("keyed", weir("baseline", "sound.ndjson", "-o", "keyed.json", env=keyed).exit, 0)
    checks.equal("with its secret", weir("compare", "keyed.json", "fresh.ndjson", env=keyed).exit, 0)
    ran = weir("compare", "keyed.json", "fresh.ndjson")
    checks.true("without it: told", ran.exit == 3 and b"WEIR_BASELINE_SECRET" in ran.err, ran.err)

    # Through rules: their fields, their windows; the reference may not be there yet.
    ran = weir("baseline", "sound.ndjson", "--rules", "drift.yml", "-o", "refs/orders.baseline.json")
    checks.equal("by rules", ran.exit, 0)
    checks.true("2 fields", b"2 fields" in ran.err, ran.err)
    shown = weir("baseline", "--show", "refs/orders.baseline.json")
    checks.true("--show", shown.exit == 0 and b"amount" in shown.out and b"customer" in shown.out and b"price" not in shown.out,
                shown.out + shown.err)
    checks.equal("the rules find it", weir("lint", "drift.yml").exit, 0)

    # Bad input.
    whole = text_of("b.json")
    for name, content in (("cut.json", whole[:len(whole) // 2]), ("changed.json", whole.replace("4000", "4001", 1))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content)
        ran = weir("baseline", "--show", name)
        checks.true(f"{name} is refused", ran.exit == 3 and name.encode() in ran.err, ran.err)
    for args, code in ((("baseline",), 2), (("baseline", "empty.ndjson"), 3), (("baseline", "missing.ndjson"), 3),
                       (("baseline", "sound.ndjson", "--every", "x"), 2), (("baseline", "sound.ndjson", "--together", "a"), 2),
                       (("baseline", "sound.ndjson", "-o", "no/such/dir.json"), 4),
                       (("baseline", "--show", "b.json", "sound.ndjson"), 2), (("baseline", "--show", "sound.ndjson"), 3)):
        ran = weir(*args)
        checks.equal(f"{args}: exit", ran.exit, code)
        checks.true(f"{args}: decision", f"exit={code} (" in ran.last_line, ran.last_line)
    ran = weir("baseline", "sound.ndjson", "--every", "1h", "--time", "ts", "-o", "hourly.json")
    checks.true("how windows differ", ran.exit == 0 and b"design" in weir("baseline", "--show", "hourly.json").out.lower())
    checks.true("together", weir("baseline", "sound.ndjson", "--together", "amount,price", "-o", "t.json").exit == 0
                and b"together: amount, price" in weir("baseline", "--show", "t.json").out)
checks.finish()
