# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus and a real Alertmanager on loopback, with the files of deploy/prometheus in quick motion, and somebody who is told.

One minute of the files is two seconds here: of `for`, of ranges in brackets and of Alertmanager's waiting. `offset 1d` stays, and what was
a day ago is put into the database beforehand.
"""
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "kafka"))
from cluster import ROOT, free_ports

SHIPPED = os.path.join(ROOT, "deploy", "prometheus")
SECONDS = {"s": 1 / 30, "m": 2, "h": 120}  # of a unit of the files


def read(name):
    with open(os.path.join(SHIPPED, name), encoding="utf-8") as file:
        return file.read()


def quick(text):
    """The same file in quick motion."""
    def shorter(found):
        return f"{found[1]}{round(int(found[2]) * SECONDS[found[3]] * 1000)}ms"

    return re.sub(r"(\[|offset |for: |group_wait: |group_interval: |repeat_interval: |scrape_interval: |evaluation_interval: )(\d+)([smh])\b",
                  shorter, text)


class Told:
    """A webhook: every notification that came, as (seconds since the test began, path, what it said)."""

    def __init__(self):
        self.came = []
        self.began = time.monotonic()
        told = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                told.came.append((time.monotonic() - told.began, self.path.strip("/"), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, receiver, **group):
        return [(at, body) for at, path, body in self.came if path == receiver and body["groupLabels"] == group]

    def close(self):
        self.server.shutdown()


class Monitors:
    def __init__(self, folder, weir, told):
        """`weir`: its port. Nothing runs before start()."""
        self.folder, self.weir, self.told = folder, weir, told
        self.port, self.alertmanager_port = free_ports(2)
        self.processes = []

    def start(self, history):
        """`history`: OpenMetrics text of days before."""
        folder = self.folder
        # The files name the ports that they ship with.
        ports = {"127.0.0.1:9093": self.alertmanager_port, "127.0.0.1:8947": self.weir, "127.0.0.1:9099": self.told.port}
        for name in ("weir.rules.yml", "prometheus.yml", "alertmanager.yml"):
            text = quick(read(name))
            for shipped, here in ports.items():
                text = text.replace(shipped, f"127.0.0.1:{here}")
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        with open(os.path.join(folder, "history.txt"), "w", encoding="utf-8") as file:
            file.write(history)
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", "history.txt", "tsdb"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            self._start("prometheus-alertmanager", "--config.file=alertmanager.yml", "--storage.path=am", "--cluster.listen-address=",
                        f"--web.listen-address=127.0.0.1:{self.alertmanager_port}", "--log.level=warn", ready=self.alertmanager_port)
            self._start("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb", f"--web.listen-address=127.0.0.1:{self.port}",
                        "--log.level=warn", ready=self.port)
        except BaseException:
            self.close()
            raise

    def _start(self, program, *flags, ready):
        with open(os.path.join(self.folder, f"{program}.log"), "wb") as log:
            self.processes.append(subprocess.Popen(["setpriv", "--pdeathsig", "KILL", program, *flags], cwd=self.folder, stdin=subprocess.DEVNULL,
                                                   stdout=log, stderr=log))
        end = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{ready}/-/ready", timeout=2):
                    return
            except OSError:
                if time.monotonic() > end or self.processes[-1].poll() is not None:
                    with open(os.path.join(self.folder, f"{program}.log"), encoding="utf-8") as log:
                        raise RuntimeError(f"{program} is not ready:\n{log.read()[-3000:]}") from None
                time.sleep(0.1)

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()

    def _ask(self, path, **parameters):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=20) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refused:
            raise ValueError(json.load(refused).get("error")) from None

    def now(self, expression):
        """[(labels, value)]. Raises ValueError where Prometheus refuses the expression."""
        found = self._ask("query", query=expression)
        if found["resultType"] == "scalar":
            return [({}, float(found["result"][1]))]
        return [(one["metric"], float(one["value"][1])) for one in found["result"]]

    def over(self, expression, seconds, step=2):
        """[(labels, values)] over the last seconds."""
        now = time.time()
        found = self._ask("query_range", query=expression, start=now - seconds, end=now, step=step)
        return [(one["metric"], [float(value) for _, value in one["values"]]) for one in found["result"]]

    def alerts(self, state=None):
        """{(alert, stream)} of Prometheus itself: pending or firing."""
        return {(one["labels"]["alertname"], one["labels"].get("stream")) for one in self._ask("alerts")["alerts"]
                if state is None or one["state"] == state}

    def rules(self):
        """(name, expression, health, why) of every rule as Prometheus has it."""
        return [(one["name"], one["query"], one["health"], one.get("lastError", "")) for group in self._ask("rules")["groups"] for one in group["rules"]]
