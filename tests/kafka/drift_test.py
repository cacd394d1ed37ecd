# SPDX-License-Identifier: Apache-2.0
"""Drift on a real topic: what a model was trained on against what it is asked, a baseline made of a topic, and a live stream whose
references are its own windows and outlive a kill."""
import datetime
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster
from weir_process import Checks, Workplace, run

checks = Checks()
BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
PARTITIONS = 4


def features(count, seed, scale=1.0, first=0, extra=None):
    """Records of a second apart."""
    draw = random.Random(seed)
    for n in range(first, first + count):
        at = (BEGIN + datetime.timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%SZ")
        one = {"at": at, "amount": round(draw.lognormvariate(3, 1) * scale, 2), "age": draw.randint(18, 80),
               "country": draw.choices(["DE", "FR", "IT"] + ([extra] if extra else []), [5, 3, 2] + ([2] if extra else []))[0]}
        yield json.dumps(one).encode()


def write(kafka, topic, values):
    kafka.produce(topic, [(n % PARTITIONS, None, value) for n, value in enumerate(values)])


def outcomes(report):
    return {field["field"]: field["outcome"] for field in json.loads(report)["fields"]}


with Cluster() as kafka, Workplace() as folder:
    place = folder if isinstance(folder, str) else folder.name
    with open(os.path.join(place, "train.ndjson"), "wb") as file:
        file.writelines(value + b"\n" for value in features(4000, 1))
    at = ["--brokers", kafka.bootstrap]
    for topic, values in (("same", features(3000, 2)), ("moved", features(3000, 3, scale=100, extra="CH"))):
        kafka.create_topic(topic, PARTITIONS)
        write(kafka, topic, values)

    # Training against serving.
    ran = run("compare", "train.ndjson", *at, "--topic", "same", "--report", "json=-", cwd=place)
    checks.equal("a topic like the training set", (ran.exit, outcomes(ran.out)["amount"]), (0, "pass"))
    ran = run("compare", "train.ndjson", *at, "--topic", "moved", "--report", "json=-", cwd=place)
    found = json.loads(ran.out)
    checks.equal("a topic that is not", (ran.exit, {k: v for k, v in outcomes(ran.out).items() if k != "at"}),
                 (1, {"amount": "fail", "age": "pass", "country": "fail"}))
    checks.true("what moved is said in words", any(one["text"] == "scaled by 100" for field in found["fields"] for one in field["findings"]),
                [field["findings"] for field in found["fields"]])
    checks.equal("every record of the topic was read", found["current"]["records"], 3000)

    # A reference made of a topic.
    ran = run("baseline", *at, "--topic", "same", "-o", "same.baseline.json", cwd=place)
    checks.equal("a baseline of a topic", ran.exit, 0)
    checks.equal("holds against the file", run("compare", "same.baseline.json", "train.ndjson", "--fields", "amount,age,country", cwd=place).exit, 0)

    # A live stream: half of it, a kill, and the rest of it, which is in another unit from its fourth hour on.
    with open(os.path.join(place, "rules.yml"), "w", encoding="utf-8") as file:
        file.write("""weir: 1
source: {time: at, out_of_order: 0s}
drift:
  - {id: before, fields: [amount], every: 30m, lateness: 0s, reference: {previous: 2}, test: ks, alert_after: 1 of 1}
  - {id: fixed, fields: [amount, country], every: 30m, lateness: 0s, reference: {file: same.baseline.json}}
""")
    kafka.create_topic("live", PARTITIONS)
    write(kafka, "live", features(3 * 3600, 4))
    live = ["run", *at, "--topic", "live", "--rules", "rules.yml", "--state", "state", "--until-end", "--fail-on", "never",
            "--web.listen", "off"]
    first = run(*live, "--report", "json=first.json", cwd=place)
    checks.equal("the first half", first.exit, 0, )
    write(kafka, "live", features(2 * 3600, 5, scale=100, first=3 * 3600))
    second = run(*live, "--report", "json=second.json", cwd=place)
    checks.equal("the second half", second.exit, 0)

    with open(os.path.join(place, "all.ndjson"), "wb") as file:
        file.writelines(value + b"\n" for value in features(3 * 3600, 4))
        file.writelines(value + b"\n" for value in features(2 * 3600, 5, scale=100, first=3 * 3600))
    ran = run("check", "all.ndjson", "--rules", "rules.yml", "--as-stream", "--windows", "all", "--report", "json=-", "--fail-on", "never",
              cwd=place)

    def windows(text):
        """What each window of a drift rule came to, but for those that miss records."""
        return {(rule["id"], one["window"]["start"]): (one["outcome"], one["observed"], one["drift"]["reference_windows"])
                for rule in json.loads(text)["rules"] if rule["kind"] == "drift"
                for one in rule.get("windows") or rule["samples"] if one.get("window") and not one.get("partial")}

    wanted = windows(ran.out)
    seen = {}
    for name in ("first", "second"):
        with open(os.path.join(place, f"{name}.json"), encoding="utf-8") as file:
            seen |= windows(file.read())
    failed = {key for key, (outcome, *_) in wanted.items() if outcome == "fail"}
    checks.true("the change is an alarm of all three rules", {rule for rule, _ in failed} >= {"before", "fixed.amount"}, sorted(failed))
    different = {key: (seen[key], wanted[key]) for key in seen if wanted.get(key) != seen[key]}
    checks.true("and each window came to what weir check says, across the restart", not different and set(seen) & failed,
                (len(seen), sorted(different.items())[:3]))
checks.finish()
