# SPDX-License-Identifier: Apache-2.0
"""What docs/troubleshooting.md says of a weir that runs, and cannot show as a command with its output: what was judged before is not judged
again, who is told of a `should`, that two instances without `panes` tell nobody, who gets past a password. The rest of the page is
run by tests/docs."""
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from base64 import b64encode

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "..", "scripts"), os.path.join(HERE, "..", "sinks")]
from cluster import Cluster
from loopback import HttpSink, wait_for
from weir_process import WEIR, Checks, environment
from weir_run import Instances

PAGE = os.path.join(HERE, "..", "..", "docs", "troubleshooting.md")
RULES = "weir: 1\nfields: {order_id: {required: true}}\n"
WINDOWS = """weir: 1
source: {out_of_order: 0s, idle_after: 1s}
windows:
  - {every: 2s, lateness: 0s, rules: [{id: enough, should: row_count >= 1000}, {id: some, must: row_count >= 1000}]}
"""
HASH = "$2b$06$abcdefghijklmnopqrstuuxLa0AkDDSrQ9VwNnETzOsObiucpMYgC"  # of `secret`
checks = Checks()


class Trickle(threading.Thread):
    """A record into each partition, four times a second."""

    def __init__(self, kafka, topic, partitions):
        super().__init__(daemon=True)
        self.kafka, self.topic, self.partitions, self.ended = kafka, topic, partitions, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.25):
            now = int(time.time() * 1000)
            self.kafka.produce(self.topic, [(p, None, b'{"order_id":"O-1"}', None, now) for p in range(self.partitions)])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()


def configure(folder, kafka, topic, rules="rules.yml", **more):
    written = {"brokers": kafka.bootstrap, "pipeline": topic, "log": {"format": "json"}, "streams": [{"topics": [topic], "rules": rules}], **more}
    with open(os.path.join(folder, "weir.yml"), "w", encoding="utf-8") as file:
        json.dump(written, file)


def put(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def weir(folder, *arguments):
    done = subprocess.run([WEIR, *arguments], cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=90, check=False)
    return done.returncode, done.stdout.decode()


def came(condition, seconds=60):
    try:
        wait_for(condition, seconds)
    except AssertionError:
        return False
    return True


def judged_once(kafka, page):
    """A second run to the end finds nothing new: 0. A group and a state of its own find all of it."""
    kafka.create_topic("done", 2)
    kafka.produce("done", [(i % 2, None, b'{"order_id":"O-1"}', None, int(time.time() * 1000)) for i in range(20)])
    with tempfile.TemporaryDirectory() as folder:
        put(folder, "rules.yml", RULES)
        flags = ("run", "--brokers", kafka.bootstrap, "--topic", "done", "--rules", "rules.yml", "--until-end")
        code, said = weir(folder, *flags)
        checks.true("the first run judges all", code == 0 and "20 records" in said, said)
        for more in ((), ("--from", "earliest")):
            code, said = weir(folder, *flags, *more)
            checks.true(f"the second finds nothing new {more}", code == 0, said)
            for line in ("note   there were no records to judge", "weir: PASS exit=0 (0 error, 0 warn, 0 pass, 0 not evaluated)"):
                checks.true(f"it says `{line}`, and so does the page", line in said and line in page, said)
        code, said = weir(folder, *flags, "--group", "again", "--state", "./again")
        checks.true("another group with another state judges all", code == 0 and "20 records" in said, said)


def who_is_told(kafka, page):
    """Of a `should` nobody is told unless `severities` says so."""
    kafka.create_topic("told", 2)
    with tempfile.TemporaryDirectory() as folder, HttpSink() as hook, Trickle(kafka, "told", 2):
        put(folder, "rules.yml", WINDOWS)
        configure(folder, kafka, "told", alerts={"group_wait": "100ms", "receivers": [{"webhook": hook.url + "/"}]})
        instances = Instances(folder, ["one"])
        try:
            instances.start("one")
            wait_for(lambda: hook.bodies, 60)
            alerts = {one["rule"]: one for one in json.loads(instances.get("one", "/api/v1/alerts"))["alerts"]}
            checks.equal("both fire", {rule: one["severity"] for rule, one in alerts.items()}, {"enough": "warn", "some": "error"})
            checks.equal("nobody is told of the warning", alerts["enough"]["told"], [])
            told = {alert["labels"]["rule"] for body in hook.bodies for alert in json.loads(body)["alerts"]}
            checks.equal("the hook hears of the error", told, {"some"})
            checks.true("the page shows both", '{"rule":"enough","severity":"warn","state":"firing","told":[]}' in page)
        finally:
            instances.close()


def two_without_panes(kafka, _):
    """Every window says `partial`, and nobody is told of one."""
    kafka.create_topic("shared", 2)
    with tempfile.TemporaryDirectory() as folder, HttpSink() as hook, Trickle(kafka, "shared", 2):
        put(folder, "rules.yml", WINDOWS)
        configure(folder, kafka, "shared", alerts={"group_wait": "100ms", "receivers": [{"webhook": hook.url + "/"}]})
        instances = Instances(folder, ["one", "two"])
        try:
            for name in ("one", "two"):
                instances.start(name, "--state", f"./{name}")
                checks.true(f"{name} is ready", instances.await_ready(name), instances.log(name))

            def halves():
                return [len(json.loads(instances.get(name, "/api/v1/assignments"))["assignments"]) for name in ("one", "two")]
            checks.true("each has a partition", came(lambda: halves() == [1, 1]), instances.log("one"))
            from_here = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
            hook.bodies.clear()

            def shared(name):
                found = json.loads(instances.get(name, "/api/v1/windows?limit=1000"))["windows"]
                return [one for one in found if one["window"]["start"] >= from_here]
            checks.true("windows of both are judged", came(lambda: all(len(shared(name)) >= 4 for name in ("one", "two"))))
            for name in ("one", "two"):
                checks.true(f"all of {name} are partial and broken", all(one.get("partial") and one["outcome"] in ("fail", "warn") for one in shared(name)), shared(name))
            firing = [alert for body in hook.bodies for alert in json.loads(body)["alerts"] if alert["status"] == "firing"]
            checks.equal("nobody is told", firing, [])
        finally:
            instances.close()


def passwords(kafka, page):
    """Every path wants the password, and a password that is no hash is told at the start in the page's words."""
    kafka.create_topic("kept", 1)
    with tempfile.TemporaryDirectory() as folder:
        put(folder, "rules.yml", RULES)
        put(folder, "web.yml", f"basic_auth_users:\n  prometheus: {HASH}\n")
        put(folder, "web2.yml", "basic_auth_users:\n  prometheus: secret\n")
        configure(folder, kafka, "kept")
        instances = Instances(folder, ["one"])

        def ask(path, login=None):
            request = urllib.request.Request(f"http://127.0.0.1:{instances.ports['one']}{path}")
            if login:
                request.add_header("Authorization", "Basic " + b64encode(login.encode()).decode())
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as refused:
                return refused.code, refused.read().decode()
            except OSError:
                return None, ""
        try:
            instances.start("one", "--web.config.file", "web.yml")
            checks.true("it gets ready for who knows the password", came(lambda: ask("/readyz", "prometheus:secret")[0] == 200), instances.log("one"))
            for path in ("/", "/metrics", "/readyz", "/healthz", "/api/v1/rules"):
                checks.equal(f"{path} without one", ask(path), (401, "name and password, please\n"))
                checks.equal(f"{path} with a wrong one", ask(path, "prometheus:wrong")[0], 401)
            checks.true("the page says so", "`401 name and password, please`" in page)
            code, said = weir(folder, "top", f"http://127.0.0.1:{instances.ports['one']}", "--once")
            checks.true("weir top says so", code == 3 and "it refuses the login (401)" in said and "it refuses the login (401)" in page, said)
        finally:
            instances.close()
        code, said = weir(folder, "run", "-c", "weir.yml", "--web.config.file", "web2.yml", "--validate")
        shown = page[page.index("error[W122]: the password of"):].split("```")[0]
        checks.true("a password in clear is refused in the page's words", code == 2 and shown in said, (said, shown))


with open(PAGE, encoding="utf-8") as file:
    text = file.read()
with Cluster() as cluster:
    for trial in (judged_once, who_is_told, two_without_panes, passwords):
        try:
            trial(cluster, text)
        except Exception as fault:  # told with the rest
            checks.true(f"{trial.__name__} runs to its end", False, repr(fault))
checks.finish()
