# SPDX-License-Identifier: Apache-2.0
"""weir top over two instances of `weir run` and a real Kafka: what they truly answer is what is on the screen. It is
what docs/top.md shows."""
import json
import os
import re
import sys
import tempfile
import time

from terminal import SKIPPED, Checks, Terminal, need_tmux

need_tmux()
KAFKA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kafka")
if not os.path.isdir(os.path.join(KAFKA, "..", "..", "build", "deps", "kafka", "lib")):
    print("skipped: Kafka is missing (deploy/setup.sh installs it)")
    sys.exit(SKIPPED)
sys.path.insert(0, KAFKA)
from cluster import Cluster  # noqa: E402
from weir_run import Instances  # noqa: E402

checks = Checks()
RULES = """weir: 1
source: {time: at, out_of_order: 0s}
fields:
  id:     {type: integer, required: true}
  amount: {type: integer, required: true, min: 0, max: 1000, description: No order is that large., runbook: "https://wiki.example/amount"}
windows:
  - every: 2s
    lateness: 0s
    rules:
      - {id: some.orders, must: row_count >= 1}
"""


class Orders:
    """Records on both partitions; those in `bad` break amount.max."""

    def __init__(self, kafka):
        self.kafka, self.count = kafka, 0

    def send(self, count, bad=0):
        records = []
        for i in range(count):
            now = time.time()
            moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
            amount = "\x1b[31m99999" if i < bad and i % 2 else 99999 if i < bad else 5
            records.append((self.count % 2, None, json.dumps({"id": self.count, "at": moment, "amount": amount}).encode()))
            self.count += 1
        self.kafka.produce("orders", records, linger_ms=0)


def main():
    with Cluster() as kafka, tempfile.TemporaryDirectory(prefix="weir-top-") as folder:
        kafka.create_topic("orders", 2)
        kafka.create_topic("orders.quarantine")
        kafka.create_topic("orders.state", config={"cleanup.policy": "compact"})
        with open(os.path.join(folder, "orders.yml"), "w", encoding="utf-8") as file:
            file.write(RULES)
        with open(os.path.join(folder, "weir.yml"), "w", encoding="utf-8") as file:
            json.dump({"pipeline": "shop", "brokers": kafka.bootstrap, "state": {"topic": "orders.state"}, "snapshot_every": "1s",
                       "web": {"samples": 3}, "streams": [{"topics": ["orders"], "rules": "orders.yml", "idle_after": "1s"}]}, file)
        instances = Instances(folder, ["w-1", "w-2"])
        try:
            look(kafka, instances)
        finally:
            instances.close()


def look(kafka, instances):
    orders = Orders(kafka)
    for name in ("w-1", "w-2"):
        instances.start(name)
    for name in ("w-1", "w-2"):
        checks.true(f"{name} is ready", instances.await_ready(name), instances.log(name))
    urls = [f"http://127.0.0.1:{port}" for port in instances.ports.values()]
    with Terminal(columns=100, lines=30) as terminal:
        terminal.run("top", *urls, "--every", "500ms")
        terminal.wait_for("2 of 2 instances")
        orders.send(400)
        terminal.keys("2")
        terminal.wait_for(re.compile(r"ok +orders +400 "))
        terminal.wait_for(re.compile(r"orders/\d .* at (w-\d).*orders/\d .* at (?!\1)w-\d", re.DOTALL))  # a partition at each instance
        terminal.keys("1")
        orders.send(20, bad=10)
        shown = terminal.wait_for("! FAIL   amount.max")
        # Of the ten that are wrong every second is a text: that breaks the type, and a text is not below 1000 either.
        terminal.wait_for(re.compile(r"amount\.max +10 +\d+s"))
        terminal.wait_for(re.compile(r"amount\.type +5 +\d+s"))
        terminal.keys("/")
        terminal.type("amount.")
        terminal.keys("Enter")
        terminal.wait_for("/amount.")
        terminal.keys("s", "Home", "Enter")
        shown = terminal.wait_for("Samples")
        checks.true("the true counts of both", "420 records judged" in shown and "10 failed" in shown, shown)
        checks.true("a true sample with its place", re.search(r"orders/\d@\d+  99999 is above 1000", shown), shown)
        checks.true("a text with an escape code is shown as text", re.search(r"orders/\d@\d+  `\\u001b\[31m99999` is a text", shown), shown)
        checks.true("runbook and description", "https://wiki.example/amount" in shown and "No order is" in shown, shown)
        terminal.keys("Escape", "Escape", "4")
        shown = terminal.wait_for("all of orders")
        checks.true("what went aside", re.search(r"10 of 420 records put aside", shown), shown)
        terminal.keys("3")
        terminal.wait_for("some.orders")
        terminal.keys("Enter")
        terminal.wait_for("Last windows")
        terminal.keys("Escape", "1")
        instances.kill("w-2")
        shown = terminal.wait_for(re.compile(r"! AWAY .*Connection refused"))
        checks.true("the one that is left goes on", "1 of 2 instances" in shown, shown)
        terminal.keys("q")
        checks.equal("q", terminal.exit_code(), 0)
        terminal.run("top", *urls, "--once")
        checks.equal("with an instance away --once ends with 1", terminal.exit_code(), 1)
    checks.equal("weir run ends well", instances.stop("w-1"), 0)


main()
checks.finish()
