# SPDX-License-Identifier: Apache-2.0
"""A real schema registry for tests: Apicurio Registry with the API that is compatible with Confluent's, on loopback.

    with Registry() as registry:
        number = registry.register("orders-value", {"type": "record", "name": "Order", "fields": [...]})
        registry.url                                # what weir is told: --registry
        registry.kill()                             # kill -9: connections are refused
        registry.restart()                          # on the same port, with everything that was registered
        registry.pause(); registry.resume()         # it accepts connections and answers nothing

It keeps what it knows in a file of its folder. Nothing outlives the test: not when it ends, and not when it is killed.
"""
import atexit
import glob
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from cluster import ROOT, free_ports, sweep

APP = os.path.join(ROOT, "build", "deps", "apicurio", "app")


class RegistryRefuses(Exception):
    """An answer that is none of success: `status`, and `code` as the API numbers its errors."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:300]}")
        self.status = status
        try:
            self.code = json.loads(body).get("error_code")
        except (ValueError, AttributeError):
            self.code = None


class Registry:
    def __init__(self, folder=None, heap="256m"):
        sweep()
        self.folder = tempfile.mkdtemp(prefix=f"weir-kafka-{os.getpid()}-registry-") if folder is None else folder
        self.heap = heap
        self.process = None
        self.port, = free_ports(1)
        atexit.register(self.stop)
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # ---- addresses
    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/apis/ccompat/v7"

    @property
    def log(self):
        return os.path.join(self.folder, "registry.log")

    # ---- faults
    def start(self):
        """Starts it and waits until it answers."""
        runner, = glob.glob(os.path.join(APP, "apicurio-registry-app-*-runner.jar"))
        surroundings = os.environ | {
            "QUARKUS_HTTP_HOST": "127.0.0.1",
            "QUARKUS_HTTP_PORT": str(self.port),
            # A write that was answered outlives kill -9.
            "REGISTRY_DATASOURCE_URL": f"jdbc:h2:file:{os.path.join(self.folder, 'schemas')};DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0",
        }
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "java", "-Xms64m", f"-Xmx{self.heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                 "-jar", runner], env=surroundings, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True)
        self.await_answers()

    def restart(self):
        self.start()

    def kill(self, with_signal=signal.SIGKILL):
        self.process.send_signal(with_signal)
        self.process.wait(timeout=60)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        atexit.unregister(self.stop)
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def await_answers(self, seconds=180):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the registry exited with {self.process.returncode}:\n{self.said()}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"the registry was not ready within {seconds} s:\n{self.said()}")

    def said(self, last=3000):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()[-last:]

    # ---- what is inside
    def register(self, subject, schema, kind="AVRO", references=()):
        """The id of the schema. `schema`: a text, or what is written as JSON; `references`: (name, subject, version)."""
        text = schema if isinstance(schema, str) else json.dumps(schema)
        asked = {"schema": text, "schemaType": kind,
                 "references": [{"name": name, "subject": of, "version": version} for name, of, version in references]}
        return self.ask("POST", f"/subjects/{urllib.parse.quote(subject, safe='')}/versions", asked)["id"]

    def set_compatibility(self, level, subject=None):
        """`NONE`, `BACKWARD`, `FULL`, ..., of a subject or of all."""
        where = "" if subject is None else "/" + urllib.parse.quote(subject, safe="")
        self.ask("PUT", f"/config{where}", {"compatibility": level})

    def schema(self, number):
        return self.ask("GET", f"/schemas/ids/{number}")

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/vnd.schemaregistry.v1+json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                said = answer.read()
        except urllib.error.HTTPError as fault:
            raise RegistryRefuses(fault.code, fault.read().decode(errors="replace")) from fault
        return json.loads(said) if said else None
