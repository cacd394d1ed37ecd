# SPDX-License-Identifier: Apache-2.0
"""Lineage of a real topic: each window one run, told to a file and to a server that is away, slow, busy, elsewhere; kill -9 loses none
of them and gives none of them another id. Every event is held against OpenLineage's own classes (openlineage_events.py)."""
import collections
import datetime
import http.server
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster, free_ports
from openlineage_events import faults_of, schema_faults
from weir_process import Checks
from weir_run import Instances

PARTITIONS = 2
BEGIN = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
RULES = """weir: 1
source: {time: at, out_of_order: 0s}
fields:
  amount: {type: number, min: 0}
windows:
  - every: 10s
    lateness: 0s
    rules:
      - {id: volume, must: row_count == 100, description: a hundred orders}
      - {id: highest, must: max(amount) <= 90}
      - {id: middle, must: median(amount) <= 60}
      - {id: emails, should: null_count(email) == 0}
      - {id: valid, must: fail_rate('amount.min') <= 5%}
      - {id: rebates, must: max(rebate) <= 10}
  - every: 30s
    lateness: 0s
    segment: [country]
    rules:
      - {id: country, must: row_count >= 1}
"""
SECRET = "t0p-secret-token"

checks = Checks()
dice = random.Random(7)


def value_of(n):
    at = (BEGIN + datetime.timedelta(milliseconds=100 * n)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return json.dumps({"at": at, "amount": (n % 100) - (n % 100 == 99) * 200, "email": None if n % 97 == 0 else "a@b.example",
                       "country": "DE" if n % 3 else "FR"}).encode()


def create(kafka, topic):
    kafka.create_topic(topic, PARTITIONS)
    kafka.create_topic(f"{topic}.quarantine", PARTITIONS)


def write(kafka, topic, first, end):
    kafka.produce(topic, [(n % PARTITIONS, None, value_of(n)) for n in range(first, end)])


class Marquez(http.server.ThreadingHTTPServer):
    """Takes events as a lineage server does; `answer` says what comes back: a status, seconds to wait before it, or headers."""
    daemon_threads = True

    def __init__(self, port=0):
        self.taken, self.paths, self.asked, self.tokens = [], set(), 0, set()
        self.status, self.wait, self.headers = 201, 0, {}
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.asked += 1
                server.paths.add(self.path)
                server.tokens.add(self.headers["Authorization"])
                status, headers = server.status, server.headers
                time.sleep(server.wait)
                if status == 201:
                    server.taken.append(json.loads(body))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", port), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class Watch:
    """A folder with a configuration, and one instance at a time."""

    def __init__(self, kafka, topic, group, lineage, rules=RULES, **more):
        self.place = tempfile.TemporaryDirectory(prefix="weir-lineage-")
        self.folder = self.place.name
        config = {"pipeline": "shop", "group": group, "brokers": kafka.bootstrap, "snapshot_every": "500ms", "log": {"format": "json"},
                  "lineage": lineage, "streams": [{"topics": [topic], "rules": "rules.yml", "quarantine": f"{topic}.quarantine"}], **more}
        for name, text in (("rules.yml", rules), ("weir.yml", json.dumps(config)), ("token", SECRET + "\n")):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        self.instances = Instances(self.folder, ["w"])
        self.instances.start("w", "--state", "state")
        checks.true(f"{group}: begins", self.instances.await_ready("w"), self.instances.log("w"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.instances.close()
        self.place.cleanup()

    def kill(self):
        self.instances.kill("w")
        self.instances.start("w", "--state", "state")

    def metric(self, name):
        for line in (self.instances.get("w", "/metrics") or b"").decode().splitlines():
            if line.startswith(name + " "):
                return float(line.rpartition(" ")[2])
        return None

    def log_lines(self):
        with open(self.instances.log_path("w"), encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.startswith("{")]

    def lines(self, name="lineage.ndjson"):
        """Whole lines, as events."""
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return []
        with open(path, "rb") as file:
            return [json.loads(line) for line in file.read().split(b"\n")[:-1]]


def until(holds, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return bool(holds())


def span(event):
    times = event["run"]["facets"]["nominalTime"]
    return times["nominalStartTime"], times["nominalEndTime"]


def by_span(events):
    ids = collections.defaultdict(set)
    for event in events:
        ids[span(event)].add(event["run"]["runId"])
    return ids


def spans(windows, seconds=10, first=0):
    def at(k):
        return (BEGIN + datetime.timedelta(seconds=seconds * k)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {(at(k), at(k + 1)) for k in range(first, windows)}


def assertions_of(event):
    return {one["name"]: one for one in event["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"]}


def valid(what, events):
    faults = [fault for event in events for fault in faults_of(event)]
    checks.equal(f"{what}: OpenLineage's client takes every event", faults[:5], [])
    checks.true(f"{what}: ids are UUIDs of version 7", all(uuid.UUID(event["run"]["runId"]).version == 7 for event in events))
    with tempfile.TemporaryDirectory() as folder:
        found = schema_faults(events, folder)
    if found is None:
        print(f"{what}: not held against the published schemas: OPENLINEAGE_SPEC is no folder that has them", flush=True)
    else:
        checks.equal(f"{what}: the published schemas take every event", found, "")
        print(f"{what}: {len(events)} events held against the published schemas", flush=True)


def to_a_file(kafka):
    """Kills all the way; then the same topic once more, from the start, by somebody who was never killed."""
    create(kafka, "orders")
    with Watch(kafka, "orders", "first", {"file": "lineage.ndjson"}) as watch:
        kills = 0
        for begin in range(0, 6000, 300):
            write(kafka, "orders", begin, begin + 300)
            time.sleep(dice.uniform(0.1, 0.6))
            if dice.random() < 0.5:
                watch.kill()
                kills += 1
        write(kafka, "orders", 6000, 6310)  # 631 seconds: 62 windows of 10 s, 20 of 30 s are over
        wanted = spans(62) | spans(20, 30)
        checks.true("file: a run for each window that is over", until(lambda: wanted <= set(by_span(watch.lines()))),
                    sorted(wanted - set(by_span(watch.lines())))[:3])
        checks.equal("file: ends as it was asked to", watch.instances.stop("w"), 0)
        events = watch.lines()
        ids = by_span(events)
        checks.equal("file: the id of a window stays, whatever was killed", [ids[k] for k in ids if len(ids[k]) > 1], [])
        checks.equal("file: each window has an id of its own", len(set().union(*ids.values())), len(ids))
        same = collections.defaultdict(set)
        for event in events:
            same[event["run"]["runId"]].add(json.dumps({k: v for k, v in event.items() if k != "eventTime"}))
        checks.true("file: and says the same each time", all(len(one) == 1 for one in same.values()))
        print(f"file: {kills} kills, {len(events)} events, {len(events) - len(same)} of them twice, {len(ids)} windows", flush=True)
        valid("file", events)
    look_at(next(event for event in events if span(event) == ("2026-11-01T00:00:10Z", "2026-11-01T00:00:20Z")))
    with Watch(kafka, "orders", "second", {"file": "lineage.ndjson"}) as watch:
        checks.true("again: a run for each window that is over", until(lambda: wanted <= set(by_span(watch.lines()))))
        again = by_span(watch.lines())
        checks.true("again: by the same ids", all(again[one] == ids[one] for one in wanted))


def look_at(event):
    """What one event says of one window."""
    found = assertions_of(event)
    checks.equal("event: type", event["eventType"], "COMPLETE")
    checks.equal("event: who failed", {name: one["success"] for name, one in found.items()},
                 {"volume": True, "highest": False, "middle": True, "emails": False, "valid": True})
    checks.equal("event: severities", (found["emails"]["severity"], found["highest"]["severity"]), ("warn", "error"))
    checks.equal("event: what was measured", (found["highest"]["actual"], found["highest"]["expected"], found["highest"]["column"]),
                 ("98", "<= 90", "amount"))
    metrics = event["inputs"][0]["inputFacets"]["dataQualityMetrics"]
    checks.equal("event: rows", metrics["rowCount"], 100)
    checks.equal("event: columns", (metrics["columnMetrics"]["amount"]["max"], metrics["columnMetrics"]["email"]),
                 (98, {"nullCount": 1}))
    checks.true("event: a median", 45 <= metrics["columnMetrics"]["amount"]["quantiles"]["0.5"] <= 53, metrics)
    checks.equal("event: a rule without data is skipped", [(one["name"], one["status"]) for one in event["run"]["facets"]["test"]["tests"]],
                 [("rebates", "skip")])
    checks.equal("event: datasets", ([one["name"] for one in event["inputs"]], [one["name"] for one in event["outputs"]]),
                 (["orders"], ["orders.quarantine"]))
    checks.true("event: namespace of the topic", event["inputs"][0]["namespace"].startswith("kafka://127.0.0.1:"))
    print(json.dumps(event, indent=1) if os.environ.get("WEIR_SHOW") else "", end="", flush=True)


def to_a_server(kafka):
    """Down, failing, slow, sending elsewhere, refusing the login; a kill while all of it waits."""
    create(kafka, "away")
    port = free_ports(1)[0]
    elsewhere = Marquez()
    lineage = {"url": f"http://127.0.0.1:{port}", "namespace": "shop", "job": "quality", "dataset_namespace": "kafka://kafka.example:9092",
               "token_file": "token", "timeout": "500ms"}
    with Watch(kafka, "away", "away", lineage) as watch:
        write(kafka, "away", 0, 1010)
        wanted = spans(9) | spans(3, 30)
        checks.true("away: events wait", until(lambda: (watch.metric("weir_lineage_queue") or 0) >= 12), watch.metric("weir_lineage_queue"))
        time.sleep(1)  # a snapshot says that these windows were judged
        watch.kill()
        watch.instances.await_ready("w")
        checks.true("away: and wait on after kill -9", until(lambda: (watch.metric("weir_lineage_queue") or 0) >= 12),
                    watch.metric("weir_lineage_queue"))
        server = Marquez(port)
        server.status = 500
        checks.true("failing: it is asked", until(lambda: server.asked >= 1))
        server.status, server.wait = 201, 2
        asked = server.asked
        checks.true("slow: it is asked", until(lambda: server.asked > asked))
        server.status, server.wait, server.headers = 307, 0, {"Location": f"http://127.0.0.1:{elsewhere.server_port}/api/v1/lineage"}
        asked = server.asked
        checks.true("elsewhere: it is asked", until(lambda: server.asked > asked, 60))
        server.status, server.headers = 401, {}
        asked = server.asked
        checks.true("login: it is asked", until(lambda: server.asked > asked, 60))
        server.status = 201
        checks.true("there again: every window is told", until(lambda: wanted <= set(by_span(server.taken)), 90),
                    sorted(wanted - set(by_span(server.taken)))[:3])
        checks.equal("nothing went elsewhere", (elsewhere.asked, len(elsewhere.taken)), (0, 0))
        checks.equal("path and token", (server.paths, server.tokens), ({"/api/v1/lineage"}, {f"Bearer {SECRET}"}))
        checks.equal("refused, dropped", (watch.metric('weir_lineage_events_total{result="refused"}'),
                                          watch.metric('weir_lineage_events_total{result="dropped"}')), (0, 0))
        server.status = 422
        write(kafka, "away", 1010, 1110)
        checks.true("an event that is refused is counted and not sent again",
                    until(lambda: watch.metric('weir_lineage_events_total{result="refused"}') == 1))
        server.status = 201
        write(kafka, "away", 1110, 1310)
        checks.true("and those behind it go on", until(lambda: spans(12, first=11) <= set(by_span(server.taken))))
        checks.equal("names", {(one["job"]["namespace"], one["job"]["name"], one["inputs"][0]["namespace"]) for one in server.taken},
                     {("shop", "quality", "kafka://kafka.example:9092")})
        valid("server", server.taken)
        # Stopped while the server does not answer.
        server.wait = 30
        write(kafka, "away", 1310, 1510)
        until(lambda: (watch.metric("weir_lineage_queue") or 0) >= 1)
        began = time.monotonic()
        checks.equal("a server that does not answer: the end is an end", watch.instances.stop("w"), 0)
        checks.true("and comes soon", time.monotonic() - began < 8, time.monotonic() - began)
        server.wait = 0
        watch.instances.start("w", "--state", "state")
        checks.true("what was left is told by the next one", until(lambda: spans(14, first=12) <= set(by_span(server.taken))))
        log = watch.log_lines()
        events = collections.Counter(line["event"] for line in log)
        checks.true("the log says so, once each time",
                    events["lineage_not_sent"] <= 6 and events["lineage_sent_again"] >= 1 and events["lineage_refused"] == 1, events)
        checks.true("and no secret", SECRET not in json.dumps(log))
        server.close()
    elsewhere.close()


def disk_full(kafka):
    """A file system of 64 KiB, then more."""
    if os.geteuid() != 0:
        print("disk full: not run, it takes root to mount one", flush=True)
        return
    create(kafka, "full")
    with tempfile.TemporaryDirectory() as place:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", place]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            print("disk full: not run, nothing can be mounted here", flush=True)
            return
        try:
            with Watch(kafka, "full", "full", {"file": os.path.join(place, "lineage.ndjson")}) as watch:
                write(kafka, "full", 0, 5010)
                checks.true("disk full: events wait", until(lambda: (watch.metric("weir_lineage_queue") or 0) >= 1))
                judged = until(lambda: sum(offset for offset, _ in kafka.committed("full", "full").values()) == 5010)
                checks.true("disk full: judging goes on", judged)
                checks.true("disk full: it is told", any(line["event"] == "lineage_not_sent" for line in watch.log_lines()))
                subprocess.run(["mount", "-o", "remount,size=16m", place], check=True)
                wanted = spans(49) | spans(16, 30)
                checks.true("disk full: room again, and all of it is there",
                            until(lambda: wanted <= set(by_span(watch.lines(os.path.join(place, "lineage.ndjson")))), 90))
                ids = [event["run"]["runId"] for event in watch.lines(os.path.join(place, "lineage.ndjson"))]
                checks.equal("disk full: once", len(ids), len(set(ids)))
        finally:
            subprocess.run(["umount", "-l", place], check=False)


with Cluster() as cluster:
    to_a_file(cluster)
    to_a_server(cluster)
    disk_full(cluster)
checks.finish()
