# SPDX-License-Identifier: Apache-2.0
"""One trial of `weir run`: numbered records are written at a steady rate while something goes wrong, then everything is read to the
end in peace, and the books are checked: every record in its place, every window as `weir check` finds it."""
import contextlib
import datetime
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from accounting import BASELINE_OF, GOOD, RULES, Books, kind_of, records, value_of, window_faults, windows_of
from weir_process import WEIR, environment
from weir_run import Instances

RATE = 2000  # records a second
PARTITIONS = 4
SESSION = 10  # seconds until a group gives up on a member


class Writer(threading.Thread):
    """Writes numbered records, some hundreds at a time, until it is told to stop."""

    def __init__(self, kafka, topic):
        super().__init__(daemon=True)
        self.kafka, self.topic = kafka, topic
        self.count = 0
        self.fault = None
        self._ended = threading.Event()

    def run(self):
        try:
            began = time.monotonic()
            while not self._ended.wait(0.1):
                self.write_up_to(int((time.monotonic() - began) * RATE))
        except Exception as fault:  # told by finish()
            self.fault = fault

    def write_up_to(self, count):
        if count > self.count:
            self.kafka.produce(self.topic, records(self.count, count, PARTITIONS), linger_ms=0, acks="all")
            self.count = count

    def finish(self):
        self._ended.set()
        if self.is_alive():
            self.join()
        if self.fault:
            raise self.fault


class Trial:
    """`name` is for people, `topic` for Kafka, `quarantine` configures the topic of that. As a context: makes the topics and begins to write; ends everything in the end."""

    def __init__(self, kafka, checks, name, topic, delivery="at_least_once", instances=1, state="dir", quarantine=None, prepare=None):
        self.kafka, self.checks, self.name, self.topic, self.delivery = kafka, checks, name, topic, delivery
        self.state, self.quarantine = state, quarantine or {}
        self.prepare = prepare  # called with the trial before anything starts
        self.clean_up = []      # called in the end
        self.names = [f"{topic}-{i}" for i in range(instances)]
        self.books = None
        self.ended = []  # what instances said that ended by themselves
        self.began = time.monotonic()

    def __enter__(self):
        for topic, config in ((self.topic, {}), (f"{self.topic}.quarantine", self.quarantine), (f"{self.topic}.clean", {})):
            self.kafka.create_topic(topic, PARTITIONS, config=config)
        if self.state == "topic":
            self.kafka.create_topic(f"{self.topic}.state", config={"cleanup.policy": "compact"})
        self._folder = tempfile.TemporaryDirectory(prefix="weir-trial-")
        self.folder = self._folder.name
        for name, text in (("rules.yml", RULES), ("weir.yml", json.dumps(self._configuration()))):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        subprocess.run([WEIR, "baseline", "-", "-o", "amounts.baseline.json", "--quiet"], cwd=self.folder, env=environment(),
                       input=BASELINE_OF, capture_output=True, check=True)
        self.instances = Instances(self.folder, self.names)
        if self.prepare:
            self.prepare(self)
        self.writer = Writer(self.kafka, self.topic)
        self.writer.start()
        for name in self.names:
            self.start(name)
        return self

    def start(self, name, *flags):
        place = f"state-{name}" if self.state == "dir" else f"topic:{self.topic}.state"
        return self.instances.start(name, "--state", place, *flags)

    def __exit__(self, *_):
        self.writer._ended.set()
        self.instances.close()
        for act in self.clean_up:
            act()
        self._folder.cleanup()

    def _configuration(self):
        return {
            "pipeline": self.topic, "brokers": self.kafka.bootstrap, "delivery": self.delivery, "snapshot_every": "1s",
            "log": {"format": "json", "level": "info"},
            "streams": [{"topics": [self.topic], "rules": "rules.yml", "quarantine": f"{self.topic}.quarantine",
                         "split": {"clean": f"{self.topic}.clean"}, "idle_after": "1h"}]}

    def kill_and_restart(self, name):
        """kill -9 and a new start at once. False, with its last words kept: it had ended by itself."""
        code = self.instances.processes[name].poll()
        killed = self.instances.kill(name)
        if not killed:
            self.ended.append(f"{name} ended with {code}:\n{self.instances.log(name)}")
        self.start(name)
        return killed

    def restart_ended(self):
        """As a supervisor does; gives how many there were."""
        ended = [name for name, process in self.instances.processes.items() if process.poll() is not None]
        for name in ended:
            self.kill_and_restart(name)
        return len(ended)

    def progress(self):
        """How many records the group has behind it."""
        return sum(offset for offset, _ in self.kafka.committed(f"weir-{self.topic}", self.topic).values())

    def await_progress(self, records_more, seconds=30):
        """Until the group has come on so far: it lives. False: it does not."""
        end, wanted = time.monotonic() + seconds, self.progress() + records_more
        while time.monotonic() < end:
            if self.progress() >= wanted:
                return True
            self.restart_ended()
            time.sleep(0.25)
        return False

    def settle(self, least=0.0):
        """Ends writing and all instances, by kill -9; one instance then reads the rest to the end, and the books are checked. Before
        that last run they have to have come through this share of the records."""
        for name in self.names:
            if name in self.instances.processes:
                self.instances.kill(name)
        self.writer.finish()
        judged = self.progress()
        if len(self.names) > 1:
            time.sleep(SESSION + 1)  # until the group has given up on those that do not come back
        # What the last run reads for itself, so that it has every partition's windows to judge.
        self.writer.write_up_to(self.writer.count + 400)
        report = os.path.join(self.folder, "report.json")
        last = self.start(self.names[0], "--until-end", "--report", f"json={report}", "--fail-on", "never")
        try:
            code = last.wait(120)
        except subprocess.TimeoutExpired:
            code = "no end within 120 s"
        self._true("the last run reads to the end", code == 0, (code, self.instances.log(self.names[0])))
        self.instances.kill(self.names[0])

        count = self.writer.count
        books = Books(self.topic, count, PARTITIONS)
        clean, quarantine = (self._read_settled(f"{self.topic}.{name}") for name in ("clean", "quarantine"))
        faults, again = books.faults(clean, quarantine, self.delivery == "exactly_once")
        self._true("every record is accounted for", not faults, (len(faults), faults[:5]))
        self._true("it worked while it was disturbed", judged >= count * least, (judged, count))
        windows = self._check_windows(report, count)
        print(f"{self.name}: {count} records, {sum(kind_of(n) != GOOD for n in range(count))} not good, {again} copies, {windows} windows, "
              f"{len(faults)} faults, {time.monotonic() - self.began:.0f} s", flush=True)

    def _read_settled(self, topic):
        """What is committed, once no transaction of an instance that did not come back hides it: those end by their timeout."""
        end = time.monotonic() + 40
        while self.kafka.end_offsets(topic) != self.kafka.end_offsets(topic, committed=True):
            if time.monotonic() > end:
                self._true(f"no transaction stays open in {topic}", False)
                break
            time.sleep(0.2)
        return self.kafka.read(topic)

    def _check_windows(self, report, count):
        wanted = self._reference(count)
        seen = {key: set(found) for key, found in self.instances.windows.items()}
        try:
            with open(report, encoding="utf-8") as file:
                for key, observed in windows_of(json.load(file)).items():
                    seen.setdefault(key, set()).add(observed)
        except (OSError, ValueError) as fault:
            self._true("a report of the last run", False, str(fault))
        # An instance that has a part of the partitions, or took one over without what was remembered of it, says that its windows
        # are partial. Those of which nobody says so hold every record.
        faults = window_faults(wanted, seen, all_of_them=len(self.names) == 1, kept=self._kept_windows(seen))
        self._true("windows are those of weir check", not faults, (len(faults), len(wanted), faults[:5]))
        return len(set(wanted) & set(seen))

    def _kept_windows(self, seen):
        """Windows that were judged just before a kill, too late for anybody to ask for them. Their verdicts are in the state folder; a
        state topic has none, so there a window counts as judged when one of its rules was seen."""
        if self.state == "topic":
            told = {key[1:] for key in seen}
            return {(rule, *span) for rule in {key[0] for key in seen} for span in told}
        path = os.path.join(self.folder, f"state-{self.names[0]}", "state.db")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as state:
            rows = state.execute("SELECT rule, start, end FROM window_result WHERE flags & 1 = 0").fetchall()
        return {(rule, _instant(start), _instant(end)) for rule, start, end in rows}

    def _reference(self, count):
        """The windows as `weir check` finds them over the same bytes, in the order of their numbers."""
        with open(os.path.join(self.folder, "all.ndjson"), "wb") as file:
            file.writelines(value_of(n) + b"\n" for n in range(count))
        done = subprocess.run([WEIR, "check", "all.ndjson", "--rules", "rules.yml", "--as-stream", "--windows", "all", "--report", "json=-",
                               "--fail-on", "never", "--quiet"], cwd=self.folder, env=environment(), capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"weir check: {done.stderr.decode()}")
        return windows_of(json.loads(done.stdout))

    def _true(self, what, holds, evidence=""):
        self.checks.true(f"{self.name}: {what}", holds, evidence)


def _instant(micros):
    """As reports write it."""
    at = datetime.datetime.fromtimestamp(micros // 1_000_000, datetime.timezone.utc)
    fraction = f".{micros % 1_000_000:06d}".rstrip("0") if micros % 1_000_000 else ""
    return at.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"
