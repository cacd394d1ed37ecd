# SPDX-License-Identifier: Apache-2.0
"""An incident from end to end: a real Kafka, weir run, Prometheus and Alertmanager with the files that weir ships, and a webhook. Records go wrong,
metrics move, alerts are pending, then fire, and the one who is on call is told once for each stream; they are sound again, and it is resolved.
Alertmanager hears of `orders` both from weir itself and from Prometheus, of `payments` from Prometheus alone; a receiver of weir's is away all the
time. Meanwhile every query of every dashboard and rule is asked, and has to return data.

    WEIR_SHOW=1    prints what every query returned
    WEIR_KEEP=DIR  keeps what Prometheus knew, and the logs
"""
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "kafka"), os.path.join(HERE, "..", "scripts")]
from confluent_kafka import Producer

from boards import boards, queries, without_bounds
from cluster import Cluster, free_ports
from monitors import ROOT, Monitors, Told
from registry import Registry
from weir_process import Checks, run
from weir_run import Instances

KEEP = os.environ.get("WEIR_KEEP")
SHOW = bool(os.environ.get("WEIR_SHOW"))
RATE = 50  # orders a second
RULES = """weir: 1
meta: {runbook: "https://wiki.shop.example/orders"}
source: {time: at, out_of_order: 0s}
fields:
  id:      {type: integer, required: true}
  amount:  {type: number, required: true, min: 0}
  country: {in: [DE, FR]}
  email:   {format: email, severity: warn}
records:
  - {id: export-papers, when: country == "FR", expr: amount < 100000}
windows:
  - every: 2s
    lateness: 0s
    segment: country
    rules:
      - {id: flow, must: row_count >= 1}
      - {id: mean-amount, must: mean(amount) <= 100}
drift:
  - {id: moved-amounts, fields: [amount], every: 4s, lateness: 0s, reference: {file: base.json}, test: ks, tolerance: {ks: 0.3}, alert_after: 1 of 1,
     clear_after: 1}
  - {id: moved-countries, fields: [country], every: 4s, lateness: 0s, reference: {file: base.json}, test: chi_square, tolerance: {chi_square: 0.3},
     alert_after: 1 of 1, clear_after: 1}
"""
PAYMENTS = """weir: 1
fields:
  id:     {type: integer, required: true}
  amount: {type: number}
windows:
  - every: 2s
    lateness: 0s
    rules:
      - {id: payments-flow, must: row_count >= 1}
      - {id: payments-mean, must: mean(amount) <= 100}
"""
# weir's own alerts, and those of Prometheus about the same.
OWN = {"WeirWindowFailed", "WeirDriftFound"}
SAME = {"WeirWindowFailing", "WeirWindowWarning", "WeirDrift", "WeirDriftWarning"}
# What is asked and may be without an answer, and why.
EMPTY = {
    "annotation Started": "weir was started before Prometheus",
    "absent(weir_build_info)": "weir runs",
    "(stream, event)": "nothing has to trouble a stream in this incident",
}
said = {}  # what the commands of a runbook print
checks = Checks()
began = time.monotonic()


def say(what):
    print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)


def await_(what, condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            say(what)
            return found
        time.sleep(0.2)
    checks.true(what, False, f"not within {seconds} s")
    return None


class Shop:
    """Orders and payments that never stop; `wrong` says how."""

    def __init__(self, kafka, schemas):
        self.producer, self.schemas = Producer({"bootstrap.servers": kafka.direct, "linger.ms": 5}), schemas
        self.wrong = False
        self.count = 0
        self.draw = random.Random(5)
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._sell)
        self.thread.start()

    def order(self, n, at):
        amount = round(self.draw.lognormvariate(3, 0.5), 2)
        country = self.draw.choice(["DE", "FR"])
        if self.wrong:  # one producer has gone over to cents, and writes refunds as what they are not
            amount = -amount if n % 5 == 0 else round(amount * 100)
            country = "DE" if n % 4 else country
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03}Z"
        return json.dumps({"id": n, "at": when, "amount": amount, "country": country,
                           "email": "nobody" if n % 50 == 0 else "ann@example.com"}).encode()

    def _sell(self):
        next_at = time.time()
        while not self.ended.is_set():
            for n in range(self.count, self.count + RATE // 5):
                self.producer.produce("orders", self.order(n, time.time()), partition=n % 2)
            if self.count % 500 == 0:
                self.producer.produce("orders", b"no order at all {", partition=0)
            schema = self.schemas[min(self.count // 1500, len(self.schemas) - 1)]
            body = json.dumps({"id": self.count, "amount": 350 if self.wrong else 3.5}).encode()
            self.producer.produce("payments", b"\0" + schema.to_bytes(4, "big") + body, partition=0)
            self.producer.poll(0)
            self.count += RATE // 5
            next_at += 0.2
            self.ended.wait(max(0, next_at - time.time()))

    def close(self):
        self.ended.set()
        self.thread.join()
        self.producer.flush(5)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


def history(port):
    """Traffic of a day before and scores of a week before, as Prometheus would have scraped them."""
    lines = ["# TYPE weir_quality_score gauge"]
    now, day = int(time.time()), 86400
    target = f'instance="127.0.0.1:{port}",job="weir"'
    for stream in ("orders", "payments"):
        for at in range(now - 8 * day, now - 8 * day + 600, 60):
            lines.append(f'weir_quality_score{{{target},stream="{stream}"}} 0.97 {at}')
    lines.append("# TYPE weir_records counter")
    for stream, rate in (("orders", RATE), ("payments", 5)):
        for second in range(0, 1800, 5):
            lines.append(f'weir_records_total{{{target},stream="{stream}",topic="{stream}"}} {1000 + rate * second} {now - day - 600 + second}')
    return "\n".join(lines) + "\n# EOF\n"


def show(where, expression, legend, found):
    if not SHOW:
        return
    print(f"  {where}: {expression}")
    for labels, value in found[:8]:
        name = legend or ", ".join(f"{k}={v}" for k, v in sorted(labels.items()) if k not in ("job", "instance", "__name__"))
        for key, text in labels.items():
            name = name.replace("{{" + key + "}}", text)
        values = value if isinstance(value, list) else [value]
        print(f"      {name or '-'}: {' '.join(f'{v:.4g}' for v in values[-8:])}")
    if len(found) > 8:
        print(f"      … {len(found) - 8} more")


def ask_all(monitors):
    """Every query of the dashboards and the rules. Those that may be empty are in EMPTY, and are asked too."""
    asked = empty = 0
    for uid, board in boards().items():
        for where, expression, legend, instant in queries(board):
            try:
                found = monitors.now(expression) if instant else monitors.over(expression, 60)
            except ValueError as fault:
                checks.true(f"{uid}, {where}: {expression}", False, str(fault))
                continue
            show(f"{uid}, {where}", expression, legend, found)
            asked += 1
            if not found:
                empty += 1
                checks.true(f"{uid}, {where} returns data", any(name in where or name in expression for name in EMPTY), expression)
            # An empty label is none to Prometheus: a rule without segments.
            wanted = set(re.findall(r"\{\{(\w+)\}\}", legend)) - {"segment"}
            checks.true(f"{uid}, {where}: the labels of the legend are there", not found or wanted <= set(found[0][0]), (legend, found[:1]))
    for name, expression, health, why in monitors.rules():
        checks.equal(f"rule {name} is well", (health, why), ("ok", ""))
        found = monitors.now(without_bounds(expression))
        show(f"rule {name}", without_bounds(expression), "", found)
        asked += 1
        if not found:
            empty += 1
            checks.true(f"rule {name} looks at something", any(reason in expression for reason in EMPTY), without_bounds(expression))
    say(f"{asked} queries, {empty} of them empty for a reason")


def open_runbooks(monitors, port):
    """What the pages say to type: commands are typed, PromQL is asked."""
    typed = 0
    for path in sorted(glob.glob(os.path.join(ROOT, "docs", "runbooks", "Weir*.md"))):
        name = os.path.basename(path)[:-3]
        with open(path, encoding="utf-8") as file:
            page = file.read()
        for kind, block in re.findall(r"^```(sh|promql)\n(.*?)^```$", page, re.M | re.S):
            for line in block.splitlines():
                typed += 1
                if kind == "promql":
                    try:
                        monitors.now(line)
                    except ValueError as fault:
                        checks.true(f"{name}: {line}", False, str(fault))
                    continue
                ran = subprocess.run(["bash", "-o", "pipefail", "-c", line.replace("localhost:8947", f"localhost:{port}")], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True)
                if SHOW:
                    print(f"  {name}: {line}\n" + "".join(f"      {one[:200]}\n" for one in ran.stdout.splitlines()[:4]))
                # A verdict that no window has now is no line; `grep` says the same by 1.
                checks.true(f"{name}: {line}", ran.returncode in (0, 1) and not ran.stderr, (ran.returncode, ran.stderr))
                said.setdefault(name, "")
                said[name] += ran.stdout
    for name in ("WeirRecordsFailing", "WeirWindowFailing", "WeirDrift", "WeirReloadFailed"):  # these are what happens now
        checks.true(f"{name}: the commands of its page show it", said[name].strip(), said[name])
    say(f"{typed} lines of the runbooks")


def firing(notification):
    return sorted(one["labels"]["alertname"] + "/" + one["labels"].get("rule", "") for one in notification["alerts"] if one["status"] == "firing")


def names(alerts):
    return {one.split("/")[0] for one in alerts}


def rules_of(alerts, of):
    return {one.split("/")[1] for one in alerts if one.split("/")[0] in of}


def main(kafka, registry, folder):
    for topic in ("orders", "payments"):
        kafka.create_topic(topic, 2)
        kafka.create_topic(f"{topic}.quarantine", 1)
    field = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {"id": {"type": "integer"}}}
    schemas = [registry.register("payments-value", field, "JSON"),
               registry.register("payments-value", field | {"properties": {"id": {"type": "integer"}, "amount": {"type": "number"}}}, "JSON")]
    draw = random.Random(1)
    write(folder, "base.ndjson", "".join(json.dumps({"amount": round(draw.lognormvariate(3, 0.5), 2), "country": draw.choice(["DE", "FR"])}) + "\n"
                                         for _ in range(4000)))
    made = run("baseline", "base.ndjson", "-o", "base.json", "--fields", "amount,country", cwd=folder)
    checks.equal("a baseline", made.exit, 0)
    write(folder, "orders.yml", RULES)
    write(folder, "payments.yml", PAYMENTS)
    instances = Instances(folder, ["weir"])
    told = Told()
    monitors = Monitors(folder, instances.ports["weir"], told)
    write(folder, "weir.yml", json.dumps({
        "alerts": {"group_wait": "170ms", "samples": 2, "receivers": [
            {"alertmanager": f"http://127.0.0.1:{monitors.alertmanager_port}", "streams": "orders"},
            {"webhook": f"http://127.0.0.1:{free_ports(1)[0]}/nobody-listens", "name": "away", "streams": "orders"}]},
        "lineage": {"file": "lineage.ndjson"}, "pipeline": "shop", "brokers": kafka.bootstrap, "snapshot_every": "1s", "log": {"format": "json"}, "registry": registry.url,
        "streams": [{"topics": ["orders"], "rules": "orders.yml", "idle_after": "1s"},
                    {"topics": ["payments"], "rules": "payments.yml", "idle_after": "1s"}]}))
    shop = None
    try:
        instances.start("weir")
        checks.true("weir is ready", instances.await_ready("weir"), instances.log("weir"))
        monitors.start(history(instances.ports["weir"]))
        shop = Shop(kafka, schemas)
        say("weir judges, Prometheus reads, Alertmanager listens")
        incident(instances, monitors, told, shop, folder)
    finally:
        if shop:
            shop.close()
        monitors.close()
        told.close()
        instances.close()
        if KEEP:
            shutil.copytree(folder, KEEP, dirs_exist_ok=True, ignore=shutil.ignore_patterns("weir-state"))
        if SHOW:
            with open(instances.log_path("weir"), encoding="utf-8") as log:
                print("".join(line for line in log if '"level":"info"' not in line))


def incident(instances, monitors, told, shop, folder):
    def value(expression):
        found = monitors.now(expression)
        return found[0][1] if found else None

    def fires(*names, stream="orders"):
        return {(name, stream) for name in names} <= monitors.alerts("firing")

    def own():
        return [one for one in json.loads(instances.get("weir", "/api/v1/alerts"))["alerts"] if one["stream"] == "orders"]

    # ---- calm
    await_("windows and drift are judged", lambda: value('count(weir_drift_status{stream="orders"} == 0)') == 2 and
           value('count(weir_window_status{stream="orders"} == 0)') == 4, 40)
    write(folder, "orders.yml", RULES + "# touched\n")
    time.sleep(16)  # as long as the longest `for` of an error
    calm = value('weir_quality_score{stream="orders"}')
    checks.true("the score in calm", calm is not None and 0.99 < calm < 1, calm)
    checks.equal("nobody on call is told anything in calm", [body for _, path, body in told.came if path == "on-call"], [])
    lint = subprocess.run(["promtool", "check", "metrics"], input=instances.get("weir", "/metrics"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    checks.equal("promtool check metrics", (lint.returncode, lint.stdout.decode()), (0, ""))

    # ---- records go wrong
    before = value('sum(weir_expectation_failures_total{stream="orders", rule="amount.min"})')
    checks.equal("no amount was wrong so far", before, 0)
    shop.wrong = True
    say("records go wrong")
    await_("a metric moves", lambda: value('sum(weir_expectation_failures_total{stream="orders", rule="amount.min"})') > 0, 20)
    await_("an alert is pending", lambda: ("WeirRecordsFailing", "orders") in monitors.alerts("pending"), 20)
    await_("weir says itself that a window failed", lambda: any(one["state"] == "firing" and one["rule"] == "mean-amount" for one in own()), 20)
    await_("windows and drift fire", lambda: fires("WeirWindowFailing", "WeirDrift") and fires("WeirWindowFailing", stream="payments"), 40)
    first = await_("whoever is on call is told of the stream", lambda: told.of("on-call", stream="orders"), 20)
    await_("whoever is on call is told of the other stream", lambda: told.of("on-call", stream="payments"), 20)
    await_("records fire", lambda: fires("WeirRecordsFailing"), 40)
    await_("it fires that a receiver of weir is not told", lambda: ("WeirAlertsNotSent", None) in monitors.alerts("firing"), 60)
    await_("a warning fires, too", lambda: any(stream == "orders" and name in ("WeirQualityScoreLow", "WeirRecordsFailingSome")
                                               for name, stream in monitors.alerts("firing")), 60)
    write(folder, "orders.yml", RULES.replace("min: 0", "min: nothing"))
    await_("rules that do not load", lambda: value("weir_config_last_reload_successful") == 0, 20)
    ask_all(monitors)
    open_runbooks(monitors, instances.ports["weir"])
    score = value('weir_quality_score{stream="orders"}')
    checks.true("the score fell", score is not None and calm is not None and score < calm - 0.05, (calm, score))
    write(folder, "orders.yml", RULES + "# as they were\n")

    # ---- and are sound again
    shop.wrong = False
    sound = time.monotonic() - told.began
    say("records are sound again")
    await_("no error fires", lambda: not {(name, stream) for name, stream in monitors.alerts("firing") if stream} &
           {(name, stream) for name in ("WeirWindowFailing", "WeirDrift", "WeirRecordsFailing") for stream in ("orders", "payments")}, 90)
    await_("weir says itself that it is over", lambda: not any(one["state"] == "firing" for one in own()), 30)
    for stream in ("orders", "payments"):
        await_(f"{stream}: resolved", lambda: [one for one in told.of("on-call", stream=stream) if one[1]["status"] == "resolved"], 40)
    time.sleep(4)
    for stream in ("orders", "payments"):
        notifications = told.of("on-call", stream=stream)
        for at, body in notifications:
            print(f"{at + told.began - began:6.1f} s  told of {stream}: {body['status']}, {', '.join(sorted(set(firing(body)))) or 'nothing fires'}")
        checks.equal(f"{stream}: it is one incident", len({body["groupKey"] for _, body in notifications}), 1)
        stands = [{(one["fingerprint"], one["status"]) for one in body["alerts"]} for _, body in notifications]
        checks.equal(f"{stream}: nothing is told twice", [a for a, b in zip(stands, stands[1:]) if a == b], [])
        checks.equal(f"{stream}: its end is told once, and last", [body["status"] == "resolved" for _, body in notifications],
                     [False] * (len(notifications) - 1) + [True])
    orders = [firing(body) for _, body in told.of("on-call", stream="orders")]
    checks.true("alerts of a stream come together, whatever they are about and whoever tells them", any(
        {"WeirWindowFailed", "WeirDriftFound", "WeirRecordsFailing"} <= names(one) for one in orders), orders)
    checks.equal("no rule is told by weir and by Prometheus at once", [one for one in orders if rules_of(one, OWN) & rules_of(one, SAME)], [])
    payments = [names(firing(body)) for _, body in told.of("on-call", stream="payments")]
    checks.equal("where weir does not tell itself Prometheus does", payments, [{"WeirWindowFailing"}, set()])
    checks.equal("warnings of the stream are told to nobody while there is an error",
                 [firing(body) for at, body in told.of("team", stream="orders") if first and first[0][0] < at < sound and firing(body)], [])
    for _, _, body in told.came:
        for one in body["alerts"]:
            said_by_weir = one["labels"]["alertname"] in OWN
            checks.true(f"{one['labels']['alertname']}: what a person reads has a summary and a runbook", one["annotations"].get("summary") and
                        one["annotations"]["runbook_url"].endswith("/orders" if said_by_weir else f"/{one['labels']['alertname']}.md"), one)
            checks.true("and, of weir itself, what was observed, what is expected and since when", not said_by_weir or
                        {"observed", "expected", "window", "since"} <= set(one["annotations"]), one)
    hears = {one["receiver"] for alert in own() for one in alert["told"] if one["state"] == "resolved"}
    checks.equal("weir knows who heard of the end", hears, {"alertmanager"})


if __name__ == "__main__":
    with Cluster() as the_kafka, Registry() as the_registry, tempfile.TemporaryDirectory(prefix="weir-observe-") as place:
        main(the_kafka, the_registry, place)
    checks.finish()
