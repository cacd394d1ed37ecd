# SPDX-License-Identifier: Apache-2.0
"""Every rule pack of rules/: no mistakes, its own tests hold, a healthy stream passes every rule, and each of the named
faults fails exactly the rules that it should, on exactly the lines on which it shows. The samples are those of
tests/packs/make_data.py."""
import json
import os
import re
import subprocess
import sys

from weir_process import Checks, Workplace, run

DATA = os.path.join("tests", "packs", "data")
NOW = "2026-01-06T00:00:00Z"  # the samples are of the day before

COMPARES = {"orders-as-yesterday": ("orders", 1), "events-as-last-week": ("clickstream", 7), "changes-as-yesterday": ("cdc", 1)}

checks = Checks()


def lint(rules):
    """A pack has neither errors nor warnings."""
    ran = run("lint", "--format", "json", rules)
    checks.equal(f"{rules}: lint", ran.exit, 0)
    codes = {found["code"] for found in json.loads(ran.out)["diagnostics"]}
    checks.equal(f"{rules}: no warnings", codes, set())


def judged(rules, sample, exit_code, *more):
    """The rules of the report, by id."""
    ran = run("check", sample, "--rules", rules, "--failing-rows", "all", "--report", "json=-", "--quiet",
              *(more or ("--now", NOW)))
    checks.true(f"{sample}: exit {exit_code}", exit_code in (None, ran.exit), ran.err.decode()[-2000:])
    return {rule["id"]: rule for rule in json.loads(ran.out)["rules"]}


def told(rule):
    return [sample.get("reason") or (sample.get("window"), sample.get("segment"), sample.get("observed"))
            for sample in rule["samples"][:3]]


def check_good(pack, rules):
    for rule in judged(rules, os.path.join(DATA, pack + ".good.ndjson"), 0).values():
        # Without an answer may be a rule whose `when` no healthy record meets, or one that compares with earlier days.
        fine = ["pass"]
        if rule["kind"] == "drift" or rule["id"] in COMPARES or (rule["kind"] == "record" and rule["skipped"] > 0):
            fine += ["no_data"]
        if rule["kind"] == "drift":
            fine += ["inconclusive"]
        checks.true(f"{pack}.good: {rule['id']} holds", rule["outcome"] in fine, (rule["outcome"], told(rule)))


def check_bad(pack, rules):
    with open(os.path.join(DATA, pack + ".bad.json")) as file:
        faults = json.load(file)
    found = judged(rules, os.path.join(DATA, pack + ".bad.ndjson"), 1)
    lines, windows = {}, set()
    for fault in faults:
        checks.true(f"{pack}.bad: a fault shows somewhere: {fault['fault']}", fault["fails"] or fault["windows"])
        checks.equal(f"{pack}.bad: the lines of: {fault['fault']}", bool(fault["fails"]) <= bool(fault["lines"]), True)
        for rule in fault["fails"]:
            lines.setdefault(rule, set()).update(fault["lines"])
        windows.update(fault["windows"])
    for rule in found.values():
        if rule["kind"] == "record":
            got = {sample["line"] for sample in rule["samples"]}
            wanted = lines.pop(rule["id"], set())
            checks.true(f"{pack}.bad: {rule['id']} fails on its lines", got == wanted,
                        {"too many": sorted(got - wanted)[:9], "missing": sorted(wanted - got)[:9], "told": told(rule)})
    checks.equal(f"{pack}.bad: every rule that has to fail is one", lines, {})
    got = {rule["id"] for rule in found.values() if rule["kind"] == "window" and rule["outcome"] in ("fail", "warn")}
    checks.true(f"{pack}.bad: the windows that have to fail", got == windows,
                {"missing": sorted(windows - got), "too many": {rule: told(found[rule]) for rule in got - windows}})


def check_comparison(rule_id, pack, days):
    """A rule that compares with an earlier day, over a remembered one: the same again passes, a tenth of it does not."""
    rules = f"rules/{pack}.yml"
    with open(os.path.join(DATA, pack + ".good.ndjson")) as file:
        lines = file.readlines()
    later = []
    for line in lines:
        line = line.replace('"2026-01-05T', f'"2026-01-{5 + days:02d}T')
        later.append(re.sub(r'"ts_ms":(\d+)', lambda ms: f'"ts_ms":{int(ms[1]) + days * 86400000}', line))
    samples = {"day.ndjson": "".join(lines), "later.ndjson": "".join(later), "less.ndjson": "".join(later[::10])}
    with Workplace(**samples) as folder:
        def judge(sample, exit_code, state):
            more = ("--now", "2026-01-20T00:00:00Z", "--state", os.path.join(folder, state))
            return judged(rules, os.path.join(folder, sample), exit_code, *more)[rule_id]

        checks.equal(f"{rule_id}: the first day", judge("day.ndjson", 0, "a.state")["outcome"], "no_data")
        again = judge("later.ndjson", 0, "a.state")
        checks.true(f"{rule_id}: the same again", again["outcome"] == "pass" and again["evaluated"] > 0, again)
        judge("day.ndjson", 0, "b.state")
        less = judge("less.ndjson", None, "b.state")
        checks.true(f"{rule_id}: a tenth of it", less["outcome"] in ("fail", "warn"), less)


packs = sorted(name[:-len(".yml")] for name in os.listdir("rules") if name.endswith(".yml"))
checks.true("there are packs", len(packs) >= 7, packs)
done = subprocess.run([sys.executable, "tests/packs/make_data.py", "--check"], capture_output=True, text=True, check=False)
checks.equal("the samples are what make_data.py writes", (done.returncode, done.stdout, done.stderr), (0, "", ""))
with open("docs/packs.md") as file:
    page = file.read()
for pack in packs:
    rules = f"rules/{pack}.yml"
    checks.true(f"docs/packs.md names {rules}", f"(../{rules})" in page)
    lint(rules)
    ids = run("explain", "--ids", rules).out.decode().split("\n")
    with open(rules) as file:
        for named in re.findall(r'\b(?:fail|pass)_(?:rate|count)\("([^"]+)"\)', file.read()):
            checks.true(f"{rules}: a measure of a rule names one", named in ids, named)
    tested = run("test", rules, "--now", NOW)
    checks.true(f"{rules}: its tests hold", tested.exit == 0, tested.err.decode()[-2000:])
    checks.true(f"{rules}: no test is left out", "not judged" not in tested.last_line, tested.last_line)
    check_good(pack, rules)
    check_bad(pack, rules)
for rule_id, (pack, days) in COMPARES.items():
    check_comparison(rule_id, pack, days)
checks.finish()
