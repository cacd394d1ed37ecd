# SPDX-License-Identifier: Apache-2.0
"""weir backtest over a real topic comes to what weir run came to over the same stretch: counts of record rules, windows by event time
with records out of order and late, segments, drift; the whole topic, from a time, up to a time. And weir explain of its records."""
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
COUNT = 40_000

RULES = """weir: 1
source: {time: at, out_of_order: 5s}
fields:
  id: {required: true, unique: true}
  amount: {type: number, min: 0, max: MOST}
  country: {in: [DE, FR, IT]}
  n: {increasing: true}
windows:
  - every: 5m
    lateness: 10s
    segment: [country]
    rules:
      - {id: rate, must: row_count >= LEAST}
      - {id: mean, must: mean(amount) <= 60}
  - every: 1m
    size: 10m
    late: quarantine
    rules:
      - {id: nulls, must: null_rate(qty) <= 5%}
      - {id: steady, should: 'change(row_count, avg(last(3))) >= -30%'}
drift:
  - {id: moved, fields: [amount], every: 30m, reference: {previous: 2}, test: ks, alert_after: 1 of 1}
"""


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def records():
    """(partition, key, value, headers, milliseconds): a few a second, mostly in order; some late, some garbage, a thin stretch."""
    draw = random.Random(8)
    at = BEGIN
    for n in range(COUNT):
        at += datetime.timedelta(milliseconds=draw.randint(50, 500) * (4 if COUNT // 2 < n < COUNT // 2 + 800 else 1))
        event = at - datetime.timedelta(seconds=draw.choice([0] * 20 + [1, 3, 4, 60]) if n % 997 else 900)
        one = {"id": f"o-{n if draw.random() > 0.0005 else n - PARTITIONS}", "n": n, "at": stamp(event), "qty": draw.randint(1, 9),
               "amount": round(draw.lognormvariate(3, 1) * (2 if n > COUNT * 3 // 4 else 1), 2),
               "country": draw.choices(["DE", "FR", "IT", "CH"], [50, 30, 19, 0.1])[0]}
        if draw.random() < (0.3 if COUNT // 3 < n < COUNT // 3 + 400 else 0.02):
            one["qty"] = None
        value = b"{no json" if draw.random() < 0.0005 else json.dumps(one).encode()
        yield n % PARTITIONS, None, value, [("n", str(n).encode())], int(at.timestamp() * 1000)


def verdicts(report):
    """What is to be the same: counts of each rule, and the windows that failed. Which of them may miss records from before the
    stretch is a guess by the first records that come, and those differ."""
    found = {}
    for rule in report["rules"]:
        counts = {name: rule.get(name) for name in ("outcome", "evaluated", "failed", "skipped", "inconclusive")}
        windows = sorted((s["window"]["start"], s["window"]["end"], json.dumps(s.get("segment")), str(s["observed"])) for s in rule["samples"] if s.get("window"))
        found[rule["id"]] = counts, windows
    return found


def compare(what, folder, at, topic, live, tried):
    """`weir run` with the flags `live`, `weir backtest` with the flags `tried`."""
    ran = run("run", *at, "--topic", live.pop(0), "--rules", "rules.yml", "--state", f"state-{what}", "--group", what,
              "--quarantine", f"./{what}.quarantine.ndjson", "--until-end", "--fail-on", "never",
              "--web.listen", "off", "--report", "json=run.json", *live, cwd=folder)
    checks.equal(f"{what}: run ends", ran.exit, 0)
    before = sorted(os.listdir(folder))
    tested = run("backtest", *at, "--topic", topic, "--rules", "rules.yml", "--fail-on", "never", "--report", "json=backtest.json",
                 *tried, cwd=folder)
    checks.equal(f"{what}: backtest ends", tested.exit, 0)
    if ran.exit or tested.exit:
        print(ran.err.decode()[-3000:], tested.err.decode()[-3000:])
        return None
    checks.equal(f"{what}: nothing is written but the report", sorted({*os.listdir(folder)} - {*before}), ["backtest.json"])
    with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
        of_run = json.load(file)
    with open(os.path.join(folder, "backtest.json"), encoding="utf-8") as file:
        of_backtest = json.load(file)
    os.remove(os.path.join(folder, "backtest.json"))
    wanted, got = verdicts(of_run), verdicts(of_backtest)
    for rule in sorted({*wanted, *got}):
        checks.equal(f"{what}: {rule}", got.get(rule), wanted.get(rule))
    checks.equal(f"{what}: records", [one["records"] for one in of_backtest["inputs"]], [one["records"] for one in of_run["inputs"]])
    return of_backtest


with Cluster() as kafka, Workplace() as folder:
    at = ["--brokers", kafka.bootstrap]
    everything = list(records())
    half = everything[COUNT // 2][4]
    for name, rules in (("rules.yml", RULES.replace("MOST", "400").replace("LEAST", "55")),
                        ("tighter.yml", RULES.replace("MOST", "300").replace("LEAST", "60"))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(rules)
    kafka.create_topic("orders", PARTITIONS)
    kafka.produce("orders", everything)
    kafka.create_topic("orders-early", PARTITIONS)
    kafka.produce("orders-early", [one for one in everything if one[4] < half])

    whole = compare("whole", folder, at, "orders", ["orders"], [])
    if whole:
        failed = {rule["id"]: rule["failed"] for rule in whole["rules"]}
        print(failed, flush=True)
        checks.true("the data breaks rules of each kind", all(failed[i] for i in ("decode", "id.unique", "amount.max", "country.in",
                                                                                  "rate", "nulls", "late", "moved")), failed)
    middle = stamp(datetime.datetime.fromtimestamp(half / 1000, datetime.timezone.utc))
    compare("from", folder, at, "orders", ["orders", "--from", middle], ["--from", middle])
    compare("to", folder, at, "orders", ["orders-early"], ["--to", middle])

    # Marks of transactions at the end of a stretch, and a partition without a record.
    kafka.create_topic("paid", PARTITIONS)
    kafka.produce("paid", [(p % 3, *rest) for p, *rest in everything[:2000]], transactional_id="paid")
    compare("transactions", folder, at, "paid", ["paid"], [])

    # Two sets of rules.
    against = run("backtest", *at, "--topic", "orders", "--rules", "tighter.yml", "--against", "rules.yml", "--json", cwd=folder)
    checks.equal("tighter rules fail", against.exit, 1)
    found = {rule["id"]: rule for rule in json.loads(against.out)["details"]}
    more = found["amount.max"]
    checks.equal("a tighter bound catches more", (more["change"], more["only_against"]["records"]), ("more", 0))
    checks.equal("by as many as it says", more["rules"]["failed"] - more["against"]["failed"], more["only_rules"]["records"])
    checks.equal("windows too", found["rate"]["change"], "more")
    checks.equal("what was not touched is the same", {found[i]["change"] for i in ("decode", "id.unique", "nulls", "moved")}, {"same"})
    checks.true("the table says so", b"newly caught" in against.err and b"weir explain orders/" in against.err, against.err)
    print(against.err.decode(), flush=True)

    same = run("backtest", *at, "--topic", "orders", "--rules", "rules.yml", "--against", "rules.yml", "--fail-on", "never", cwd=folder)
    checks.true("the same file twice", same.exit == 0 and b"no difference" in same.err, same.err)
    none = run("backtest", *at, "--topic", "orders", "--rules", "rules.yml", "--partitions", "9", cwd=folder)
    checks.equal("a partition that is not there", none.exit, 3)
    missing = run("backtest", *at, "--topic", "no-such", "--rules", "rules.yml", cwd=folder)
    checks.equal("a topic that is not there", missing.exit, 3)
    print(none.err.decode(), missing.err.decode(), flush=True)
    # One record of it, as the table says to look at it.
    place = more["only_rules"]["sample"]["place"]
    for name in (place, place.replace("/", "-")):
        told = run("explain", name, "--rules", "tighter.yml", *at, "--json", cwd=folder)
        checks.equal(f"explain {name}", told.exit, 0)
        one = json.loads(told.out or b"{}")
        says = {rule["id"]: (rule["says"], rule.get("reason")) for rule in one.get("rules", [])}
        checks.equal(f"{name}: the rule that caught it", says.get("amount.max"), ("fails", more["only_rules"]["sample"]["reason"]))
        checks.true(f"{name}: headers, windows and fate", one.get("fate") == "it goes to the quarantine" and
                    any(part["name"] == "header n" for part in one["envelope"]) and one["windows"][0]["counts"], one)
    text = run("explain", place, "--rules", "tighter.yml", *at, cwd=folder)
    print(text.out.decode(), flush=True)
    for place, words in (("orders/9/0", b"has no partition 9, it has 4"), ("orders/0/999999", b"has no offset 999999: it holds 0 to 9,999"),
                         ("paid/3/0", b"it holds no record"), ("no-such/0/0", b"does not exist")):
        refused = run("explain", place, "--rules", "rules.yml", *at, cwd=folder)
        checks.true(f"explain {place}", refused.exit == 3 and words in refused.err, refused.err)
    last = sum(1 for one in everything[:2000] if one[0] % 3 == 0)
    mark = run("explain", f"paid/0/{last}", "--rules", "rules.yml", *at, cwd=folder)
    checks.true("explain a mark of a transaction", mark.exit == 3 and b"it is a mark of a transaction" in mark.err, mark.err)
    broken = next(n for n, one in enumerate(everything) if one[2] == b"{no json")
    unread = run("explain", f"orders/{broken % PARTITIONS}/{broken // PARTITIONS}", "--rules", "rules.yml", *at, cwd=folder)
    checks.true("explain what cannot be read", unread.exit == 0 and b"cannot be read: " in unread.out, unread.out)
    groups = [one for one in kafka.admin.list_consumer_groups().result(10).valid if "backtest" in one.group_id]
    checks.equal("no group was made", groups, [])
checks.finish()
