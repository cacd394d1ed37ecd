# SPDX-License-Identifier: Apache-2.0
"""weir calibrate: sound data are quiet or say what would make them so, and the figure holds on data that were not looked at."""
import json
import math
import os
import random

from weir_process import Checks, Workplace, run

MINUTES = 1440
PER_MINUTE = 6


def at(minute):
    return f"2026-03-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z"


def rows(seed, days, first_day=0, season=0.0):
    """Amounts whose level goes up and down over the day by `season` standard deviations."""
    draw = random.Random(seed)
    for minute in range(first_day * MINUTES, (first_day + days) * MINUTES):
        level = season * math.sin(2 * math.pi * minute / 1440)
        for _ in range(PER_MINUTE):
            yield {"ts": at(minute), "amount": round(50 + 9 * (draw.gauss(0, 1) + level), 3),
                   "country": draw.choice(["DE", "DE", "FR", "IT"])}


def ndjson(records):
    return "".join(json.dumps(record) + "\n" for record in records)


RULES = """weir: 1
source: {format: json, time: ts}
drift:
  - {fields: [amount, country], every: 1h, reference: {file: refs/sound.baseline.json}, alert_after: 2 of 3}
"""
PREVIOUS = RULES.replace("{file: refs/sound.baseline.json}", "{previous: 6}")
checks = Checks()
with Workplace(**{"drift.yml": RULES, "previous.yml": PREVIOUS, "quiet.ndjson": ndjson(rows(1, 4)),
                  "season.ndjson": ndjson(rows(2, 4, season=0.5)), "next.ndjson": ndjson(rows(3, 4, first_day=4, season=0.5)),
                  "short.ndjson": ndjson(rows(4, 1))[: 400_000], "untimed.yml": RULES.replace(", time: ts", ""),
                  "none.yml": "weir: 1\nfields: {amount: {min: 0}}\n", "empty.ndjson": ""}) as folder:
    def calibrate(*args):
        ran = run("calibrate", *args, "--report", "json=out.json", cwd=folder)
        report = None
        if ran.exit == 0:
            with open(os.path.join(folder, "out.json"), encoding="utf-8") as file:
                report = json.load(file)
        return ran, report

    ran, report = calibrate("quiet.ndjson", "--rules", "drift.yml")
    checks.equal("quiet data: exit", ran.exit, 0)
    checks.equal("quiet data: no alarm", report["alarms"], 0)
    checks.true("held out", all(rule["held_out"] for rule in report["rules"]) and report["parts"] == 5, report)
    checks.true("windows of four days", all(94 <= rule["windows"] <= 96 for rule in report["rules"]), report)
    checks.true("no alarm is no proof", 0.5 < report["high"] < 1.0, report["high"])
    checks.equal("nothing to propose", ran.out, b"")
    checks.true("says that weeks are not among them", b"once a week" in ran.err, ran.err)

    ran, report = calibrate("quiet.ndjson", "--rules", "previous.yml")
    checks.true("windows before: replayed as they are", ran.exit == 0 and not report["rules"][0]["held_out"], ran.err)

    # A daily season that a baseline of all hours does not know: loud, and the tolerance that it takes.
    os.makedirs(os.path.join(folder, "refs"), exist_ok=True)
    checks.equal("a reference of the same days", run("baseline", "season.ndjson", "--fields", "amount,country", "-o",
                                                     "refs/sound.baseline.json", cwd=folder).exit, 0)
    ran, report = calibrate("season.ndjson", "--rules", "drift.yml")
    checks.equal("a season: exit", ran.exit, 0)
    amount = next(rule for rule in report["rules"] if rule["rule"] == "drift.amount")
    checks.true("is loud", amount["alarms"] >= 4 and amount["alarms_per_day"] >= 1, amount)
    checks.true("proposes", b"tolerance: {" in ran.out and b"amount" in ran.out, ran.out)
    checks.true("the decision", b"louder than" in ran.err.splitlines()[-1], ran.err)
    proposed = {test["test"]: test["proposed"] for test in amount["tests"] if test["proposed"]}
    checks.true("for the test that alarmed", "ks" in proposed, proposed)
    quieter = RULES.replace("alert_after", "tolerance: {" + ", ".join(f"{k}: {v}" for k, v in proposed.items()) + "}, alert_after")
    with open(os.path.join(folder, "quieter.yml"), "w", encoding="utf-8") as file:
        file.write(quieter)
    checks.equal("quiet with it", calibrate("season.ndjson", "--rules", "quieter.yml")[1]["alarms"], 0)

    # An alarm that never ends is one alarm in 35 days, and nothing that one would call quiet.
    draw = random.Random(7)
    with open(os.path.join(folder, "weeks.ndjson"), "w", encoding="utf-8") as file:
        for hour in range(35 * 24):
            level = 18 * math.sin(2 * math.pi * hour / 24)
            for _ in range(20):
                stamp = f"2026-{3 + hour // 744:02d}-{1 + hour % 744 // 24:02d}T{hour % 24:02d}:30:00Z"
                file.write(json.dumps({"ts": stamp, "amount": round(50 + 9 * draw.gauss(0, 1) + level, 3)}) + "\n")
    with open(os.path.join(folder, "weeks.yml"), "w", encoding="utf-8") as file:
        file.write(RULES.replace(", country", "").replace("every: 1h", "every: 4h"))
    ran, report = calibrate("weeks.ndjson", "--rules", "weeks.yml")
    rule = report["rules"][0]
    checks.true("drifts all the time", rule["drifted"] > rule["windows"] / 2 and rule["alarms"] <= 1, rule)
    checks.true("is not quiet", b"its alarm would hardly end" in ran.err.splitlines()[-1], ran.err)

    # The figure holds on days that were not looked at.
    expected = amount["alarms_per_day"]
    ran = run("check", "next.ndjson", "--rules", "drift.yml", "--windows", "all", "--report", "json=check.json", cwd=folder)
    with open(os.path.join(folder, "check.json"), encoding="utf-8") as file:
        rule = next(rule for rule in json.load(file)["rules"] if rule["id"] == "drift.amount")
    firing = [window["drift"]["firing"] for window in rule["windows"] if "drift" in window]
    alarms = sum(now and not before for before, now in zip([False, *firing], firing)) / 4
    checks.true("within a factor of two on fresh days", expected / 2 <= alarms <= expected * 2, (expected, alarms))

    # A reference that knows how much windows differ by themselves takes that for what it is.
    checks.equal("window by window", run("baseline", "season.ndjson", "--rules", "drift.yml", "-o", "refs/sound.baseline.json",
                                         cwd=folder).exit, 0)
    knowing = calibrate("season.ndjson", "--rules", "drift.yml")[1]
    checks.true("is quieter", knowing["alarms"] < amount["alarms"], (knowing["alarms"], amount["alarms"]))
    os.remove(os.path.join(folder, "refs/sound.baseline.json"))
    checks.equal("one that is still to be made will say the same", calibrate("season.ndjson", "--rules", "drift.yml")[1]["alarms"],
                 knowing["alarms"])

    ran, report = calibrate("short.ndjson", "--rules", "drift.yml")
    checks.true("less than a day: says how uncertain", ran.exit == 0 and b"hours" in ran.err, ran.err)
    for args, code in ((("quiet.ndjson",), 2), (("quiet.ndjson", "--rules", "none.yml"), 2),
                       (("quiet.ndjson", "--rules", "untimed.yml"), 2), (("-", "--rules", "drift.yml"), 2),
                       (("empty.ndjson", "--rules", "drift.yml"), 3), (("missing.ndjson", "--rules", "drift.yml"), 3)):
        ran, _ = calibrate(*args)
        checks.equal(f"{args}: exit", ran.exit, code)
checks.finish()
