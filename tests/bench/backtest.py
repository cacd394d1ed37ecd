# SPDX-License-Identifier: Apache-2.0
"""The rows about `weir backtest`: whole processes over a file and over a topic of a real Kafka on the same machine, with the twenty
record rules, with windows beside them, and with two sets of rules. Started by run.sh."""

import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "kafka"))

from check import machine, table  # noqa: E402
from cluster import Cluster  # noqa: E402
from measure import CouldNotRun, loudest, median, run  # noqa: E402

LIMIT = 500_000  # records a second
PARTITIONS = 4
RULES = f"{HERE}/rules20.yml"
ACCEPTED = (0, 1)
WINDOWS = """
windows:
  - every: 1m
    segment: [country]
    rules:
      - must: row_count >= 1
      - must: mean(amount) >= 0
      - must: null_rate(email) <= 50%
"""


def with_changes(options, name, more="", old="", new=""):
    path = f"{options.bench}/rules-{name}.yml"
    with open(RULES) as file, open(path, "w") as out:
        out.write(file.read().replace(old, new) + more)
    return path


def rate(options, rows, what, source, *rules):
    done = []
    for _ in range(options.pairs):
        ran = run([options.weir, "backtest", *source, "--rules", *rules, "--quiet"], ACCEPTED)
        done.append(ran)
    speed = median(options.records / one.wall for one in done)
    rows.append((what, f"{speed / 1e6:.2f} M/s", f"{speed / LIMIT:.2f}", "≥ 1 of 0.5 M/s", "ok" if speed >= LIMIT else "short",
                 f"{median(one.cpu for one in done) / options.records * 1e6:.2f} µs", f"{max(one.rss for one in done) >> 20} MiB",
                 f"{loudest(done):.0%}"))


def main():
    parser = argparse.ArgumentParser()
    for name in ("--bench", "--weir", "--data"):
        parser.add_argument(name, required=True)
    for name in ("--records", "--pairs"):
        parser.add_argument(name, type=int, required=True)
    options = parser.parse_args()
    windows = with_changes(options, "backtest-windows", WINDOWS)
    tighter = with_changes(options, "backtest-tighter", WINDOWS, "max: 100000", "max: 50000")
    rows, failed = [], []
    with Cluster() as cluster:
        cluster.create_topic("orders", PARTITIONS)
        run([f"{options.bench}/produce", cluster.bootstrap, "orders", str(PARTITIONS), options.data])
        topic = ["--brokers", cluster.bootstrap, "--topic", "orders"]
        for where, source in ((f"{PARTITIONS} partitions", topic), ("file", [options.data])):
            for what, rules in ((f"{where}, 20 rules", [RULES]), (f"{where}, and windows by segment", [windows]),
                                (f"{where}, two sets of rules", [tighter, "--against", windows])):
                print(f"  {what} …", file=sys.stderr)
                try:
                    rate(options, rows, f"{options.records:,} records: {what}", source, *rules)
                except CouldNotRun as error:
                    failed.append(str(error))
    print(machine())
    table(("what", "rate", "÷ limit", "limit", "", "CPU a record", "memory", "others"), rows)
    for error in failed:
        print(f"could not run: {error}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
