# SPDX-License-Identifier: Apache-2.0
"""Every rule pack of rules/: no mistakes, its own tests hold, a healthy stream passes every rule, and each of the named
faults fails exactly the rules that it should, on exactly the lines on which it shows. The samples are those of
tests/packs/make_data.py."""
import json
import os
import re
import subprocess
import sys

from weir_process import Checks, run

DATA = os.path.join("tests", "packs", "data")
NOW = "2026-01-06T00:00:00Z"  # the samples are of the day before
NOT_JUDGED = {"W200": "window", "W201": "drift"}

checks = Checks()


def lint(rules):
    """Lints a pack, and says which kinds of rules this version does not judge."""
    ran = run("lint", "--format", "json", rules)
    checks.equal(f"{rules}: lint", ran.exit, 0)
    codes = {found["code"] for found in json.loads(ran.out)["diagnostics"]}
    checks.true(f"{rules}: no warnings", codes <= set(NOT_JUDGED), codes)
    return {NOT_JUDGED[code] for code in codes if code in NOT_JUDGED}


def judged(rules, sample, exit_code):
    """The rules of the report, by id."""
    ran = run("check", sample, "--rules", rules, "--now", NOW, "--failing-rows", "all", "--report", "json=-", "--quiet")
    checks.true(f"{sample}: exit {exit_code}", ran.exit == exit_code, ran.err.decode()[-2000:])
    return {rule["id"]: rule for rule in json.loads(ran.out)["rules"]}


def told(rule):
    return [sample.get("reason") or (sample.get("window"), sample.get("segment"), sample.get("observed"))
            for sample in rule["samples"][:3]]


def check_good(pack, rules):
    for rule in judged(rules, os.path.join(DATA, pack + ".good.ndjson"), 0).values():
        # Without an answer may be a rule whose `when` no healthy record meets, or one that compares with earlier days.
        fine = ["pass"]
        if rule["kind"] != "record" or rule["skipped"] > 0:
            fine += ["no_data"]
        if rule["kind"] == "drift":
            fine += ["inconclusive"]
        checks.true(f"{pack}.good: {rule['id']} holds", rule["outcome"] in fine, (rule["outcome"], told(rule)))


def check_bad(pack, rules, not_judged):
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
    if not any(rule["kind"] == "window" and rule["evaluated"] for rule in found.values()):
        not_judged.add("window")
    if "window" not in not_judged:
        got = {rule["id"] for rule in found.values() if rule["kind"] == "window" and rule["outcome"] in ("fail", "warn")}
        checks.true(f"{pack}.bad: the windows that have to fail", got == windows,
                    {"missing": sorted(windows - got), "too many": {rule: told(found[rule]) for rule in got - windows}})


packs = sorted(name[:-len(".yml")] for name in os.listdir("rules") if name.endswith(".yml"))
checks.true("there are packs", len(packs) >= 7, packs)
done = subprocess.run([sys.executable, "tests/packs/make_data.py", "--check"], capture_output=True, text=True, check=False)
checks.equal("the samples are what make_data.py writes", (done.returncode, done.stdout, done.stderr), (0, "", ""))
with open("docs/packs.md") as file:
    page = file.read()
for pack in packs:
    rules = f"rules/{pack}.yml"
    checks.true(f"docs/packs.md names {rules}", f"(../{rules})" in page)
    not_judged = lint(rules)
    ids = run("explain", "--ids", rules).out.decode().split("\n")
    with open(rules) as file:
        for named in re.findall(r'\b(?:fail|pass)_(?:rate|count)\("([^"]+)"\)', file.read()):
            checks.true(f"{rules}: a measure of a rule names one", named in ids, named)
    tested = run("test", rules, "--now", NOW)
    checks.true(f"{rules}: its tests hold", tested.exit == 0, tested.err.decode()[-2000:])
    checks.true(f"{rules}: no test is left out", "not judged" not in tested.last_line, tested.last_line)
    check_good(pack, rules)
    check_bad(pack, rules, not_judged)
    if not_judged:
        print(f"{pack}: this version does not judge: {', '.join(sorted(not_judged))}")
checks.finish()
