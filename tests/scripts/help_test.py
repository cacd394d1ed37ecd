# SPDX-License-Identifier: Apache-2.0
"""Every --help fits a screen, and its example works as it stands."""
import re
import shlex

from weir_process import BAD, GOOD, RULES, Checks, Workplace, run

SUITE = """{"expectation_suite_name": "orders", "expectations": [
  {"expectation_type": "expect_column_values_to_not_be_null", "kwargs": {"column": "order_id"}}]}
"""
WINDOWED = """weir: 1
windows:
  - rules:
      - {must: row_count >= 1}
"""
MANY = "".join(f'{{"amount":{i % 97},"currency":"{"EUR" if i % 3 else "USD"}"}}\n' for i in range(500))
DAYS = "".join(f'{{"ts":"2026-03-0{1 + i // 1000}T{i % 1000 // 50:02d}:00:00Z","amount":{i * 37 % 97}}}\n' for i in range(3000))
DRIFT = """weir: 1
source: {format: json, time: ts}
drift:
  - {fields: [amount], every: 1h, reference: {previous: 6}}
"""

checks = Checks()
top = run("--help").out.decode()
names = re.findall(r"^  (\w+) +\S", top.split("Commands:\n")[1], re.M)
checks.true("the commands are listed", len(names) >= 7, top)
for name in names:
    ran = run(name, "--help")
    text = ran.out.decode()
    lines = text.rstrip("\n").split("\n")
    checks.equal(f"{name} --help: exit", ran.exit, 0)
    checks.true(f"{name} --help: 80 x 40", len(lines) <= 40 and max(map(len, lines)) <= 80, text)
    example = lines[-1].strip()
    checks.equal(f"{name} --help ends with an example", lines[-2], "Example:")
    words = shlex.split(example)
    checks.equal(f"{name}: the example is of the command", words[:2], ["weir", name])
    with Workplace(**{"orders.yml": RULES, "orders-new.yml": RULES.replace("1000}", "500}"), "orders.ndjson": GOOD, "bad.ndjson": BAD,
                      "suite.json": SUITE, "windowed.yml": WINDOWED, "train.ndjson": MANY, "serve.ndjson": MANY,
                      "days.ndjson": DAYS, "drift.yml": DRIFT}) as folder:
        aside = run("check", "bad.ndjson", "--rules", "orders.yml", "--quarantine", "orders.quarantine.ndjson", cwd=folder)
        checks.true("orders.quarantine.ndjson is there", aside.exit == 1, aside.err)
        for part in ("part-1.weir", "part-2.weir"):
            prepared = run("check", "orders.ndjson", "--rules", "windowed.yml", "--summary-out", part, "--state", "orders.db",
                           cwd=folder)
            checks.true(f"{part} is there", prepared.exit == 0, prepared.err)
        if name in ("demo", "top", "replay", "topics", "doctor"):
            continue  # they want a broker or a running weir: tests/kafka and tests/terminal run them, demo_test.py the demo
        ran = run(*words[1:], cwd=folder)
        checks.true(f"{example}: runs", ran.exit == 0, ran.err)
checks.finish()
