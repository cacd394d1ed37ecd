# SPDX-License-Identifier: Apache-2.0
"""The rows about `weir run` against a real Kafka on the same machine: rate and CPU beside a consumer that only counts, how
long it takes until a record is counted in /metrics, memory, and a soak. Started by run.sh."""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "kafka"))

from check import machine, table  # noqa: E402
from cluster import Cluster, free_ports  # noqa: E402
from measure import CouldNotRun, loudest, median, run  # noqa: E402

MIB = 1 << 20
PARTITIONS = 4
RULES = f"{HERE}/rules20.yml"
ACCEPTED = (0, 1)


def rules_for_any_topic(options, name, more=""):
    """The twenty rules, which say that they are about `orders`, for another topic."""
    path = f"{options.bench}/rules-{name}.yml"
    with open(RULES) as file, open(path, "w") as out:
        # By the time of their messages: a file that is sent again and again is no past.
        out.write(file.read().replace("topic: orders, ", "").replace("time: created_at, ", "") + more)
    return path


def command(options, cluster, state, *more, topic="orders", rules=RULES):
    return [options.weir, "run", "--brokers", cluster.bootstrap, "--topic", topic, "--rules", rules,
            "--quarantine", "orders.quarantine", "--state", state, "--group", "bench-" + os.path.basename(os.path.dirname(state)),
            "--web.listen", "127.0.0.1:0", *more]


def rate(options, cluster, rows):
    """Whole processes in turn. The broker works on the same cores and is part of what takes time, for both alike."""
    records = options.records
    peer = [f"{options.bench}/peer_consumer", cluster.bootstrap, "orders", str(PARTITIONS)]
    done = []
    for _ in range(options.pairs):
        bare = run(peer)
        if not bare.output.startswith(f"{records} records"):
            raise CouldNotRun(f"the peer read {bare.output}")
        with tempfile.TemporaryDirectory() as state:
            done.append((bare, run(command(options, cluster, state + "/state", "--until-end"), ACCEPTED)))
    share = median(bare.wall / weir.wall for bare, weir in done)
    cpu = median(weir.cpu / bare.cpu for bare, weir in done)
    others = ""
    fastest = median(records / bare.wall for bare, _ in done) / 1e6
    rows.append((f"rate, {records:,} records, {PARTITIONS} partitions ÷ bare consumer ({fastest:.2f} M/s)", f"{share:.2f}",
                 "≥ 0.70", "ok" if share >= 0.7 else "short", "", others))
    rows.append((f"CPU a record ÷ bare consumer ({median(b.cpu / records * 1e6 for b, _ in done):.2f} µs)", f"{cpu:.2f}",
                 "≤ 2", "ok" if cpu <= 2 else "short", "", others))


class Counting(threading.Thread):
    """Asks /metrics again and again, and notes when it said how many records were counted."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.seen, self.stopped = port, [], False

    def total(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith("weir_records_total{"))

    def run(self):
        while not self.stopped:
            try:
                total = self.total()
            except OSError:  # it does not listen any more
                return
            self.seen.append((time.time() * 1e6, total))
            time.sleep(0.005)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def latencies(handed_over, seen):
    """For each record when it was first part of a count, less when it was handed to the producer, in milliseconds."""
    out, at = [], 0
    for number, moment in enumerate(handed_over, 1):
        while at < len(seen) and seen[at][1] < number:
            at += 1
        if at == len(seen):
            raise CouldNotRun(f"record {number} of {len(handed_over)} was never counted")
        out.append((seen[at][0] - moment) / 1000)
    return out


def produce(options, cluster, topic, records):
    output = subprocess.run([f"{options.bench}/produce", cluster.bootstrap, topic, str(PARTITIONS), options.data, "10000",
                             str(records)], check=True, stdout=subprocess.PIPE).stdout
    return [float(line) for line in output.split()]


def latency(options, cluster, rows):
    records = 200_000
    cluster.create_topic("paced-bare", PARTITIONS)
    # Into a file: a pipe that nobody reads would hold the peer up.
    with tempfile.TemporaryFile() as output:
        peer = subprocess.Popen([f"{options.bench}/peer_consumer", cluster.bootstrap, "paced-bare", str(PARTITIONS),
                                 str(records)], stdout=output)
        time.sleep(5)
        handed_over = produce(options, cluster, "paced-bare", records)
        peer.wait(60)
        output.seek(0)
        seen = [tuple(map(float, line.split())) for line in output]
    bare = latencies(handed_over, seen)

    cluster.create_topic("paced", PARTITIONS)
    port = free_ports(1)[0]
    with tempfile.TemporaryDirectory() as state:
        more = command(options, cluster, state + "/state", topic="paced", rules=rules_for_any_topic(options, "paced"))
        more[more.index("127.0.0.1:0")] = f"127.0.0.1:{port}"
        weir = subprocess.Popen(more, stderr=subprocess.DEVNULL)
        try:
            time.sleep(5)
            counting = Counting(port)
            counting.start()
            handed_over = produce(options, cluster, "paced", records)
            until = time.time() + 30
            while time.time() < until and (not counting.seen or counting.seen[-1][1] < records):
                time.sleep(0.1)
            counting.stopped = True
            counting.join()
            mine = latencies(handed_over, counting.seen)
        finally:
            weir.terminate()
            weir.wait(40)
    p99, bare_p99 = percentile(mine, 0.99), percentile(bare, 0.99)
    rows.append((f"latency, 10 000 records/s: p99 over the bare consumer's ({bare_p99:.1f} ms; p50 {percentile(bare, 0.5):.1f} "
                 f"and {percentile(mine, 0.5):.1f} ms)", f"{p99 - bare_p99:.1f} ms", "≤ 100 ms",
                 "ok" if p99 - bare_p99 <= 100 else "short", "", "broker"))


def resident(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))


def soak(options, cluster, rows):
    """Records as fast as the machine holds for so many seconds, each with a key of its own, through `unique`."""
    rules = rules_for_any_topic(options, "soak", "  kafka.offset: {unique: true}\n\nwindows:\n  - every: 1m\n    rules:\n      - must: row_count >= 1\n"
                                "      - must: distinct(order_id) >= 0\n      - must: quantile(amount, 0.99) >= 0\n")
    cluster.create_topic("soak", PARTITIONS, config={"retention.bytes": 256 * MIB, "segment.bytes": 64 * MIB})
    with tempfile.TemporaryDirectory() as state:
        weir = subprocess.Popen(command(options, cluster, state + "/state", topic="soak", rules=rules), stderr=subprocess.DEVNULL)
        taken = []
        try:
            until = time.time() + options.seconds
            while time.time() < until:
                subprocess.run([f"{options.bench}/produce", cluster.bootstrap, "soak", str(PARTITIONS), options.data], check=True)
                taken.append(resident(weir.pid))
                if weir.poll() is not None:
                    raise CouldNotRun(f"weir ended with {weir.returncode}")
        finally:
            weir.terminate()
            weir.wait(40)
    early = max(taken[: max(1, len(taken) // 4)])
    rows.append((f"memory over {options.seconds} s, {len(taken)} × {options.records:,} records; most of the first quarter "
                 f"{early / MIB:.0f} MiB", f"{max(taken) / MIB:.0f} MiB", "≤ 64 MiB beyond the queue of 64 MiB, flat",
                 "ok" if max(taken) <= 128 * MIB and max(taken) <= early * 1.1 else "short", "", ""))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("run", "soak"))
    for name in ("--bench", "--weir", "--data"):
        parser.add_argument(name, required=True)
    for name in ("--records", "--pairs", "--seconds"):
        parser.add_argument(name, type=int, required=True)
    options = parser.parse_args()
    rows, failed = [], []
    with Cluster(properties={"log.retention.check.interval.ms": "1000"}) as cluster:
        cluster.create_topic("orders.quarantine", PARTITIONS)
        cluster.create_topic("soak.quarantine", PARTITIONS)
        if options.what == "run":
            cluster.create_topic("orders", PARTITIONS)
            run([f"{options.bench}/produce", cluster.bootstrap, "orders", str(PARTITIONS), options.data])
        for measure in ((rate, latency) if options.what == "run" else (soak,)):
            print(f"  {measure.__name__} …", file=sys.stderr)
            try:
                measure(options, cluster, rows)
            except CouldNotRun as error:
                failed.append(str(error))
    print(machine())
    table(("what", "measured", "limit", "", "CPU", "others"), rows)
    for error in failed:
        print(f"could not run: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
