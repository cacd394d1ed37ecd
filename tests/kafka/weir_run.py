# SPDX-License-Identifier: Apache-2.0
"""`weir run` as a supervisor runs it: instances that are started, killed and started again, and what they say of windows."""
import collections
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import free_ports
from weir_process import WEIR, environment


class Instances:
    """Processes of one `weir.yml`, by name. Their standard error goes to `<name>.log` in the folder of the file."""

    def __init__(self, folder, names, config="weir.yml"):
        self.folder, self.config = folder, config
        self.ports = dict(zip(names, free_ports(len(names))))
        self.environment = {}  # of the processes, beside the usual
        self.processes = {}
        self.windows = collections.defaultdict(set)  # (rule, start, end): what was observed, each time that it was judged
        self.partial = set()  # windows that say that they miss records
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def start(self, name, *flags):
        with open(self.log_path(name), "ab") as log:
            self.processes[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", WEIR, "run", "-c", self.config, "--instance", name,
                 "--web.listen", f"127.0.0.1:{self.ports[name]}", *flags],
                cwd=self.folder, env=environment() | self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        return self.processes[name]

    def kill(self, name):
        """kill -9. False: it had ended by itself."""
        process = self.processes.pop(name)
        alive = process.poll() is None
        process.kill()
        process.wait()
        return alive

    def stop(self, name, seconds=25):
        """SIGTERM; gives the exit code."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def close(self):
        self._ended.set()
        self._watcher.join()
        for name in list(self.processes):
            self.kill(name)

    def log_path(self, name):
        return os.path.join(self.folder, f"{name}.log")

    def log(self, name, last=2500):
        with open(self.log_path(name), encoding="utf-8", errors="replace") as file:
            return file.read()[-last:]

    def get(self, name, path):
        """The answer of its web server, or None."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=2) as answer:
                return answer.read()
        except urllib.error.HTTPError as refused:
            return refused.read()
        except OSError:
            return None

    def await_ready(self, name, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.processes[name].poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/readyz", timeout=2):
                    return True
            except OSError:
                time.sleep(0.05)
        return False

    def _watch(self):
        """Notes every verdict on a window that an instance shows while it lives."""
        while not self._ended.wait(0.15):
            for name in list(self.processes):
                found = []
                for what in ("windows", "drift"):
                    try:
                        found += json.loads(self.get(name, f"/api/v1/{what}?limit=1000") or "{}").get(what, [])
                    except ValueError:
                        continue
                for one in found:
                    key = one["rule"], one["window"]["start"], one["window"]["end"]
                    if one.get("partial"):
                        self.partial.add(key)
                    else:
                        self.windows[key].add(one["observed"])
