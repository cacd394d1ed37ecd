# SPDX-License-Identifier: Apache-2.0
"""Every exit code of every command, as a CI job sees it, and what is on the two streams then."""
import os

from weir_process import BAD, GOOD, RULES, WARN, Checks, Workplace, run

FILES = {
    "orders.yml": RULES, "good.ndjson": GOOD, "bad.ndjson": BAD, "warn.ndjson": WARN, "empty.ndjson": "",
    "wrong.yml": "weir: 1\nfields:\n  amount: {min: 10, max: 1}\n",
    "failing-test.yml": RULES + "  - {pass: {order_id: O-0001, amount: 1, currency: CHF}}\n",
    "looser.yml": RULES.replace("max: 1000", "max: 5000"),
}
R = ("--rules", "orders.yml")

# arguments, exit code, words of the last line on stderr
MATRIX = [
    (("check", "good.ndjson", *R), 0, "weir: PASS exit=0 ("),
    (("check", "warn.ndjson", *R), 0, "weir: WARN exit=0 ("),
    (("check", "warn.ndjson", *R, "--fail-on", "warn"), 1, "weir: FAIL exit=1 ("),
    (("check", "bad.ndjson", *R), 1, "weir: FAIL exit=1 ("),
    (("check", "bad.ndjson", *R, "--fail-on", "never"), 0, "exit=0 ("),
    (("check", "bad.ndjson", "good.ndjson", *R), 1, "exit=1 ("),
    (("check", "empty.ndjson", *R), 3, "exit=3 ("),
    (("check", "empty.ndjson", *R, "--allow-empty"), 0, "exit=0 ("),
    (("check", "missing.ndjson", *R), 3, "exit=3 ("),
    (("check", "missing.ndjson", *R, "--fail-on", "never"), 3, "exit=3 ("),
    (("check", "missing.ndjson", "bad.ndjson", *R), 3, "exit=3 ("),
    (("check", "good.ndjson", *R, "--report", "json=no/such/dir.json"), 4, "exit=4 ("),
    (("check", "bad.ndjson", *R, "--quarantine", "no/such/dir.ndjson"), 4, "exit=4 ("),
    (("check", "missing.ndjson", *R, "--report", "json=no/such/dir.json"), 3, "exit=3 ("),
    (("check", "good.ndjson"), 2, "exit=2 ("),
    (("check", "good.ndjson", "--rules", "wrong.yml"), 2, "exit=2 ("),
    (("check", "missing.ndjson", "--rules", "wrong.yml", "--report", "json=no/such/dir.json"), 2, "exit=2 ("),
    (("check", "good.ndjson", *R, "--unknown"), 2, "exit=2 ("),
    (("check",), 2, "exit=2 ("),
    (("lint", "orders.yml"), 0, "fine"),
    (("lint", "wrong.yml"), 2, "exit=2 ("),
    (("lint", "missing.yml"), 2, "exit=2 ("),
    (("test", "orders.yml"), 0, "weir: PASS exit=0 ("),
    (("test", "failing-test.yml"), 1, "weir: FAIL exit=1 ("),
    (("test", "wrong.yml"), 2, "exit=2 ("),
    (("test", "orders.yml", "--junit", "no/such/dir.xml"), 4, "exit=4 ("),
    (("explain", "orders.yml"), 0, ""),
    (("explain", "wrong.yml"), 2, "exit=2 ("),
    (("explain", "W999"), 2, "exit=2 ("),
    (("diff", "orders.yml", "orders.yml", "--exit-code"), 0, ""),
    (("diff", "orders.yml", "looser.yml"), 0, ""),
    (("diff", "orders.yml", "looser.yml", "--exit-code"), 1, ""),
    (("diff", "orders.yml", "wrong.yml"), 2, "exit=2 ("),
    (("schema",), 0, ""),
    (("schema", "-o", "no/such/schema.json"), 4, "exit=4 ("),
    (("version",), 0, ""),
    (("--version",), 0, ""),
    ((), 0, ""),
    (("nonsense",), 2, "exit=2 ("),
]

checks = Checks()
with Workplace(**FILES) as folder:
    for args, code, words in MATRIX:
        what = "weir " + " ".join(args)
        ran = run(*args, cwd=folder)
        checks.equal(what, ran.exit, code)
        checks.true(what + ": last line", words in ran.last_line, ran.err)
        if args[:1] in (("check",), ("lint",)):
            checks.equal(what + ": stdout", ran.out, b"")
        checks.true(what + ": nothing but text", b"\x1b" not in ran.out + ran.err, ran.err)
    checks.equal("no command left a file behind", sorted(os.listdir(folder)), sorted(FILES))
checks.finish()
