# SPDX-License-Identifier: Apache-2.0
"""deploy/compose without its images: the commands, the configuration and the rules of its shop, topics and weir, against a real Kafka that makes
no topic by itself. What goes wrong in the shop is found, Alertmanager is told, and the health check tells a red rule from a weir that does not answer."""
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster, free_ports
from weir_process import WEIR, Checks, Workplace, environment

COMPOSE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "compose")
checks = Checks()
told = []  # alerts that were posted to what stands in for Alertmanager


class Alertmanager(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/api/v2/alerts":
            told.extend(alert["labels"] for alert in json.loads(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def read(name):
    with open(os.path.join(COMPOSE, name), encoding="utf-8") as file:
        return file.read()


services = yaml.safe_load(read("compose.yaml"))["services"]
checks.equal("Kafka makes no topic by itself", services["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"], "false")
with Workplace() as folder, Cluster(properties={"auto.create.topics.enable": "false"}) as kafka:
    (port,) = free_ports(1)
    alertmanager = HTTPServer(("127.0.0.1", 0), Alertmanager)
    threading.Thread(target=alertmanager.serve_forever, daemon=True).start()
    os.symlink(WEIR, os.path.join(folder, "weir"))
    env = environment(PATH=folder + os.pathsep + os.environ["PATH"], TMPDIR=folder)
    os.makedirs(os.path.join(folder, "rules"))
    with open(os.path.join(folder, "rules", "orders.yml"), "w", encoding="utf-8") as file:
        file.write(read("rules/orders.yml"))
    config = os.path.join(folder, "weir.yml")

    def moved(text):
        """What names places inside the containers, for this machine."""
        return (text.replace("/etc/weir/weir.yml", config).replace("/var/lib/weir", folder).replace("0.0.0.0:8947", f"127.0.0.1:{port}")
                .replace("http://127.0.0.1:8947", f"http://127.0.0.1:{port}").replace("kafka:9092", kafka.bootstrap)
                .replace("alertmanager:9093", f"127.0.0.1:{alertmanager.server_port}"))

    with open(config, "w", encoding="utf-8") as file:
        file.write(moved(read("weir.yml")))

    def start(service):
        words = [moved(word) for word in services[service]["command"]]
        command = [*services[service]["entrypoint"], *words] if "entrypoint" in services[service] else [WEIR, *words]
        return subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=open(os.path.join(folder, f"{service}.log"), "w", encoding="utf-8"))

    test = services["weir"]["healthcheck"]["test"]
    checks.equal("the health check is for a shell", test[0], "CMD-SHELL")

    def healthy():
        return subprocess.run(["sh", "-c", moved(test[1].replace("$$", "$"))], env=env, check=False).returncode == 0

    def rules():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/rules", timeout=10) as answer:
            return {rule["id"]: rule["outcome"] for rule in json.load(answer)["rules"]}

    # The one-shot service begins before there is a topic to read, as it may in compose.
    running = [start("topics"), start("shop")]
    try:
        checks.true("not healthy before it runs", not healthy())
        checks.equal("the topics are made, and the service ends", running[0].wait(timeout=120), 0)
        running.append(start("weir"))
        wanted, seen, end = {"email.required", "emails-known"}, {}, time.monotonic() + 90
        while not wanted <= {rule for rule, outcome in seen.items() if outcome == "fail"} and time.monotonic() < end:
            time.sleep(1)
            try:
                seen = rules()
            except OSError:
                pass
        checks.true("what goes wrong is found", wanted <= {rule for rule, outcome in seen.items() if outcome == "fail"}, seen)
        end = time.monotonic() + 30
        while not told and time.monotonic() < end:
            time.sleep(0.2)
        checks.true("Alertmanager is told of the stream", any(labels["stream"] == "orders" for labels in told), told)
        checks.true("with red rules it is healthy", healthy())
        listed = subprocess.run([WEIR, "quarantine", "stats", "--brokers", kafka.bootstrap, "--topic", "orders.bad"], env=env, check=False, text=True,
                                capture_output=True, timeout=60)
        checks.true("the quarantine holds what failed", "email.required" in listed.stdout, listed.stdout + listed.stderr)
        running[-1].terminate()
        checks.equal("it ends within its grace period", running[-1].wait(timeout=int(re.match(r"(\d+)s", services["weir"]["stop_grace_period"]).group(1))), 0)
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=60)
checks.finish()
