# SPDX-License-Identifier: Apache-2.0
"""docs/operations.md as something that can be run: its sections, the commands behind `$`, and what they should print."""
import contextlib
import glob
import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs"))
from page_blocks import FENCE, matches
from weir_process import WEIR, environment
from weir_run import Instances

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PAGE = os.path.join(ROOT, "docs", "operations.md")
SECTION = re.compile(r"^## (.+)$", re.M)
RULES = "orders.yml"


class Command:
    def __init__(self, text, expected):
        self.text, self.expected, self.was_run = text, expected, False
        self.got = None  # where it is not what was expected


class Section:
    def __init__(self, title, text):
        self.title, self.text = title, text
        blocks = [(kind, block) for _, _, kind, block in FENCE.findall(text)]
        self.commands = [Command(*part.split("\n", 1)) for kind, block in blocks if kind == "console"
                         for part in re.split(r"^\$ ", block, flags=re.M)[1:]]
        self.promql = [line for kind, block in blocks if kind == "promql" for line in block.splitlines() if line]
        self.words = set(re.findall(r"[a-z_]+", text))


def sections():
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    parts = SECTION.split(page)
    return page, {title: Section(title, text) for title, text in zip(parts[1::2], parts[2::2])}


class Incident:
    """One section: a topic of its own, `weir.yml`, an instance called `weir` and what is typed while something is wrong with it. The page says
    `orders`, `localhost:9092` and `localhost:8947`; here these are this incident's, with names as long as the page's."""

    def __init__(self, kafka, checks, section, topic, rules, quarantine="topic", partitions=1, registry=None):
        self.kafka, self.checks, self.section, self.topic = kafka, checks, section, topic
        self._folder = tempfile.TemporaryDirectory(prefix="weir-incident-")
        self.folder = self._folder.name
        self.clean_up = []
        self.bad = set()   # numbers of records that have to come to the quarantine
        self.count = 0
        self.partitions = partitions
        self.rules = rules
        kafka.create_topic(topic, partitions)
        self.quarantine = f"{topic}.quarantine"
        if quarantine == "topic" or isinstance(quarantine, dict):
            kafka.create_topic(self.quarantine)
        self.write_rules(rules)
        place = {"quarantine": quarantine} if quarantine not in ("topic", None) else {}
        self.configuration = {
            "pipeline": topic, "brokers": kafka.bootstrap, "snapshot_every": "1s", "log": {"format": "json"},
            "streams": [{"topics": [topic], "rules": RULES, "idle_after": "1s"} | place]}
        if registry:
            self.configuration["registry"] = registry
        self.instances = Instances(self.folder, ["weir", "w-2"])
        self.configuration["web"] = {"listen": f"127.0.0.1:{self.instances.ports['weir']}"}
        self.configure()
        os.makedirs(os.path.join(self.folder, "bin"))
        os.symlink(WEIR, os.path.join(self.folder, "bin", "weir"))

    def configure(self):
        self.write("weir.yml", json.dumps(self.configuration, indent=1))

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".new", path)

    def write_rules(self, text):
        self.write(RULES, text.replace("TOPIC", self.topic))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.instances.close()
        for act in self.clean_up:
            act()
        self._folder.cleanup()

    # ---- weir
    def start(self, *flags, name="weir", ready=True):
        process = self.instances.start(name, *flags)
        if ready and not self.instances.await_ready(name):
            raise TimeoutError(f"{name} is not ready\n{self.log(name)}")
        return process

    def restart(self, with_signal=signal.SIGTERM):
        process = self.instances.processes.pop("weir")
        process.send_signal(with_signal)
        process.wait(30)
        return self.start()

    def log(self, name="weir"):
        return self.instances.log(name)

    def metric(self, name, labels=""):
        """The sum over the series of that name that have these labels; None where there is none."""
        text = (self.instances.get("weir", "/metrics") or b"").decode()
        found = [line.rsplit(" ", 1)[1] for line in text.splitlines() if re.match(re.escape(name) + r"[{ ]", line) and labels in line]
        return sum(map(float, found)) if found else None

    # ---- records
    def records(self, count, bad=(), at=None, partition=None, untimed=False, **fields):
        """`count` more; those whose number within them is in `bad` have to be put aside: they break a rule, or `fields` see to it. `at` is the
        time of the first, in seconds; they follow each other by 10 ms."""
        out = []
        begin = time.time() if at is None else at
        for i in range(count):
            n = self.count + i
            moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(begin + i / 100)) + f".{int((begin + i / 100) * 1000) % 1000:03d}Z"
            one = {"id": n, "at": moment, "amount": -1 if i in bad else n % 1000, "country": "DE"}
            one |= {name: value(i) if callable(value) else value for name, value in fields.items()}
            if untimed:
                one["at"] = "yesterday"
            if i in bad:
                self.bad.add(n)
            out.append((n % self.partitions if partition is None else partition, None, json.dumps(one).encode()))
        self.count += count
        self.kafka.produce(self.topic, out, linger_ms=0)

    # ---- what holds
    def true(self, what, holds, evidence=""):
        self.checks.true(f"{self.section.title}: {what}", holds, evidence)

    def until(self, what, holds, seconds=60):
        """Waits until it holds; the section ends when it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = holds()
            if found:
                return found
            time.sleep(0.1)
        raise TimeoutError(f"{what}: not within {seconds} s\n{(self.instances.get('weir', '/readyz?verbose') or b'').decode()}")

    def logged(self, event, name="weir"):
        self.true(f"the page names {event}", event in self.section.words)
        return self.until(f"the log names {event}", lambda: f'"event":"{event}"' in self.instances.log(name, 1 << 20))

    def moved(self, name, holds, labels=""):
        """The page names the metric, and `holds` becomes true of its value."""
        self.true(f"the page names {name}", name in self.section.text)
        return self.until(f"{name}{{{labels}}} moves", lambda: (v := self.metric(name, labels)) is not None and holds(v))

    def unready(self, check, seconds=60):
        self.until(f"/readyz names {check}", lambda: f"[-] {self.topic}/{check}" in (self.instances.get("weir", "/readyz?verbose") or b"").decode(), seconds)

    def heals(self, everything=True):
        """Ready again, all read, and the books: every bad record is in the quarantine."""
        self.until("it is ready again", lambda: b"not ready" not in (self.instances.get("weir", "/readyz?verbose") or b"not ready"))
        ends = self.kafka.end_offsets(self.topic)
        self.until("the position is at the end", lambda: {p: o for p, (o, _) in self.kafka.committed(f"weir-{self.topic}", self.topic).items() if o}
                   == {p: o for p, o in ends.items() if o})
        if everything:
            self.true("nothing was lost", self.put_aside() == self.bad, sorted(self.put_aside() ^ self.bad)[:10])

    def in_file(self):
        """The numbers of the records in the quarantine file and in those that made room for it."""
        found = set()
        for name in glob.glob(os.path.join(self.folder, "aside", "orders.ndjson*")):
            with open(name, "rb") as file:
                lines = file.read().split(b"\n")[:-1]
            found |= {json.loads(line)["record"]["id"] for line in lines}
        return found

    def make_quarantine(self):
        if self.quarantine not in self.kafka.admin.list_topics(timeout=10).topics:
            self.kafka.create_topic(self.quarantine)

    def framed_record(self, schema):
        self.kafka.produce(self.topic, [(0, None, b"\0" + struct.pack(">I", schema) + json.dumps({"id": self.count, "amount": 1}).encode())], linger_ms=0)
        self.count += 1

    def disk(self, name, size):
        """A folder on a disk of its own, which can be filled."""
        place = os.path.join(self.folder, name)
        os.makedirs(place, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", place], check=True)
        self.clean_up.append(lambda: subprocess.run(["umount", "-l", place], check=True))
        return place

    def start_twin(self, log="second", state="other-state"):
        """Another process of the same name, with a log of its own."""
        with open(self.instances.log_path(log), "ab") as log:
            return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", WEIR, "run", "-c", "weir.yml", "--instance", "weir", "--state", f"./{state}",
                                     "--web.listen", "off"], cwd=self.folder, env=environment(), stdin=subprocess.DEVNULL, stderr=log)

    def put_aside(self):
        """The numbers of the records in the quarantine; marks of replay have no value."""
        return {json.loads(record.value)["id"] for record in self.kafka.read(self.quarantine) if record.value is not None}

    # ---- the page
    def type(self, beginning, **replace):
        """Runs the section's next command that begins so, and compares what it prints."""
        command = next((c for c in self.section.commands if not c.was_run and c.text.startswith(beginning)), None)
        if command is None:
            self.true(f"the page has a command `{beginning}…`", False)
            return ""
        command.was_run = True
        bin_folder = os.path.join(self.folder, "bin")
        done = subprocess.run(["bash", "-c", self.ours(command.text, replace)], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=environment(PATH=f"{bin_folder}:{os.environ['PATH']}"), timeout=90, check=False)
        got = self.pages(done.stdout.decode(), replace)
        if not matches(command.expected, got):
            command.got = got
            self.checks.done += 1
            self.checks.faults.append(f"{self.section.title}: $ {command.text}\n--- got\n{got}--- wanted\n{command.expected}---")
        else:
            self.checks.done += 1
        return got

    def also(self, beginning):
        """The same for a command that the page may do without."""
        if any(not c.was_run and c.text.startswith(beginning) for c in self.section.commands):
            self.type(beginning)

    def _names(self, replace):
        return {"localhost:9092": self.kafka.bootstrap, "localhost:8947": f"127.0.0.1:{self.instances.ports['weir']}", "/tmp/orders": self.folder,
                } | replace

    def ours(self, text, replace):
        for page, here in self._names(replace).items():
            text = text.replace(page, here)
        return re.sub(r"\borders\b(?!\.yml)", self.topic, text)

    def pages(self, text, replace):
        for page, here in self._names(replace).items():
            text = text.replace(here, page)
        return text.replace(self.topic, "orders")


def fill(place):
    path = os.path.join(place, "filler")
    with open(path, "wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 4096)
    with open(path, "ab", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x")
    return path
