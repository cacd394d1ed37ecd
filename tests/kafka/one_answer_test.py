# SPDX-License-Identifier: Apache-2.0
"""The same bytes, the same verdicts: weir run over one partition and over sixteen, in one process and in three that add up their
windows through a topic of panes, against weir check --as-stream over a file."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
import trial
from accounting import window_faults, windows_of
from cluster import Cluster
from trial import Trial
from weir_process import Checks

checks = Checks()
COUNT = 20_000


class Alone(Trial):
    """One instance that reads what is there and ends."""

    def compare(self):
        self.instances.kill(self.names[0])
        self.writer.finish()
        self.writer.write_up_to(COUNT)
        report = os.path.join(self.folder, "report.json")
        # A state of its own: what the instance above has judged is not judged again.
        last = self.instances.start(self.names[0], "--state", "state-anew", "--group", f"{self.topic}-anew", "--until-end",
                                    "--report", f"json={report}", "--fail-on", "never")
        self._true("it ends with 0", last.wait(120) == 0, self.instances.log(self.names[0]))
        with open(report, encoding="utf-8") as file:
            seen = windows_of(json.load(file))
        wanted = self._reference(COUNT)
        self._true("windows are those of weir check", seen == wanted, (len(seen), len(wanted), sorted(set(seen.items()) ^ set(wanted.items()))[:4]))
        print(f"{self.name}: {len(seen)} windows", flush=True)


class Merged(Trial):
    def __enter__(self):
        self.kafka.create_topic(f"{self.topic}.panes", 2, config={"cleanup.policy": "compact,delete"})
        return super().__enter__()

    def _configuration(self):
        return super()._configuration() | {"panes": {"topic": f"{self.topic}.panes"}}

    def compare(self, disturb):
        while self.writer.count < COUNT // 2:
            time.sleep(0.2)
        if disturb:
            self.kill_and_restart(self.names[0])
        while self.writer.count < COUNT:
            time.sleep(0.2)
        self.writer.finish()
        count = self.writer.count
        wanted = {key: value for key, value in self._reference(count).items() if key[0].startswith("live.")}
        # The last windows are still open: no record is beyond them.
        newest = max(end for _, _, end in wanted)
        wanted = {key: value for key, value in wanted.items() if key[2] < newest}
        until = time.monotonic() + 60
        while time.monotonic() < until and not set(wanted) <= set(self.instances.windows):
            time.sleep(0.2)
        seen = {key: found for key, found in self.instances.windows.items() if key[0].startswith("live.")}
        judged = {key: found for key, found in seen.items() if key[2] < newest}
        faults = window_faults(wanted, judged)
        self._true("windows over three instances are those of weir check", not faults, (len(faults), len(wanted), faults[:4]))
        self._true("none of them says that it misses records", not [k for k in self.instances.partial if k in wanted and k not in judged],
                   sorted(self.instances.partial)[:4])
        codes = [self.instances.stop(name) for name in self.names]
        self._true("they end with 0", codes == [0, 0, 0], codes)
        print(f"{self.name}: {count} records, {len(wanted)} windows", flush=True)


with Cluster() as cluster:
    for partitions in (1, 16):
        trial.PARTITIONS = partitions
        with Alone(cluster, checks, f"{partitions} partitions", f"answer-{partitions}") as one:
            one.compare()
    trial.PARTITIONS = 6
    for disturb in (False, True):
        with Merged(cluster, checks, "three instances" + (", one killed" if disturb else ""), f"merged-{int(disturb)}",
                    instances=3, state="topic") as three:
            three.compare(disturb)
checks.finish()
