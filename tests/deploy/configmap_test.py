# SPDX-License-Identifier: Apache-2.0
"""Rules in a ConfigMap, changed as a kubelet changes them: a new folder beside the old one, and the link `..data` put onto it at once. A weir that
runs takes them up without a restart, and keeps the old ones where the new are wrong. No broker is there; none is needed for it."""
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.request

from place import WEIR, Checks, environment

checks = Checks()
RULES = "weir: 1\nfields:\n  amount: {type: decimal, max: LIMIT}\n"
CONFIG = "brokers: ['127.0.0.1:1']\npipeline: p\nstreams: [{topics: orders, rules: orders.yml}]\n"


class Volume:
    """A projected volume, as in the kubelet's atomic writer."""

    def __init__(self, folder, files):
        self.folder, self.count = folder, 0
        os.makedirs(folder)
        self.write(files)
        for name in files:
            os.symlink(os.path.join("..data", name), os.path.join(folder, name))

    def write(self, files):
        self.count += 1
        fresh = f"..2026_01_31_00_00_0{self.count}.1"
        os.makedirs(os.path.join(self.folder, fresh))
        for name, text in files.items():
            with open(os.path.join(self.folder, fresh, name), "w", encoding="utf-8") as file:
                file.write(text)
        link, old = os.path.join(self.folder, "..data"), None
        if os.path.islink(link):
            old = os.path.join(self.folder, os.readlink(link))
        os.symlink(fresh, link + "_tmp")
        os.replace(link + "_tmp", link)
        if old:
            for name in os.listdir(old):
                os.remove(os.path.join(old, name))
            os.rmdir(old)


with tempfile.TemporaryDirectory() as top:
    volume = Volume(os.path.join(top, "etc"), {"weir.yml": CONFIG, "orders.yml": RULES.replace("LIMIT", "10")})
    log = os.path.join(top, "log")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(log, "w", encoding="utf-8") as err:
        weir = subprocess.Popen([WEIR, "run", "-c", os.path.join(top, "etc", "weir.yml"), "--state", os.path.join(top, "state"),
                                 "--web.listen", f"127.0.0.1:{port}", "--log-format", "json"], stdin=subprocess.DEVNULL, stderr=err, env=environment())

    def events(name):
        with open(log, encoding="utf-8") as file:
            return [event for event in map(json.loads, file.read().splitlines()) if event.get("event") == name]

    def wait_for(what, holds, seconds=60):
        end = time.monotonic() + seconds
        while not holds() and time.monotonic() < end and weir.poll() is None:
            time.sleep(0.1)
        with open(log, encoding="utf-8") as file:
            checks.true(what, holds(), file.read()[-1500:])

    def page(path):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def bounds():
        return [rule["expected"] for rule in json.loads(page("/api/v1/rules"))["rules"] if rule["id"] == "amount.max"]

    try:
        wait_for("it starts without a broker", lambda: events("started"))
        time.sleep(1)
        volume.write({"weir.yml": CONFIG, "orders.yml": RULES.replace("LIMIT", "20")})
        wait_for("other rules are taken up", lambda: len(events("reloaded")) == 1)
        wait_for("the rule that holds now", lambda: bounds() == ["<= 20"])
        volume.write({"weir.yml": CONFIG, "orders.yml": RULES.replace("max", "maxx")})
        wait_for("wrong rules are told of", lambda: events("reload_failed"))
        checks.true("and in the metrics", "weir_config_last_reload_successful 0" in re.sub(r"\{[^}]*\}", "", page("/metrics")))
        checks.equal("the rules of before stay", bounds(), ["<= 20"])
        volume.write({"weir.yml": CONFIG, "orders.yml": RULES.replace("LIMIT", "30")})
        wait_for("mended rules are taken up", lambda: len(events("reloaded")) == 2)
    finally:
        weir.terminate()
        checks.equal("it ends well", weir.wait(timeout=60), 0)

checks.finish()
