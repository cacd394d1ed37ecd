# SPDX-License-Identifier: Apache-2.0
"""The rows about windows: what measures cost on top of the record rules, how cost and memory grow with segments. Started by
run.sh; every number comes from runs of this one call."""

import argparse
import re
import sys

from check import JUDGED, Bench, machine, table
from measure import CouldNotRun, loudest, median, rounds, run

MIB = 1 << 20
FIELDS = ("amount", "qty", "weight", "score", "customer_id", "email")

# Ten windows, tumbling and sliding. Six fields each; what they share is kept once.
EXTENTS = ("every: 1m", "every: 2m", "every: 5m", "every: 10m", "every: 15m", "every: 30m", "every: 1h",
           "every: 1m\n    size: 10m", "every: 5m\n    size: 30m", "every: 10m\n    size: 1h")
PLAIN = ("row_count >= 1", "missing_rate(email) <= 50%", "mean(amount) >= 0", "max(qty) <= 100000",
         "stddev(weight) >= 0", "zero_rate(score) <= 50%", "min(customer_id) >= -1", "fail_rate(\"amount.max\") <= 10%")
HISTOGRAMS = PLAIN + tuple(f"histogram({field}, 0, 1000) <= 100%" for field in FIELDS[:5])
SKETCHED = PLAIN + tuple(f"quantile({field}, 0.99) >= -1" for field in FIELDS[:5]) + (
    "histogram(amount, 0, 1000) <= 100%", "distinct(email) >= 1", "distinct(customer_id) >= 1")


def block(extent, rules, segment="", most=""):
    head = "  - " + "\n    ".join(filter(None, (extent.replace("\n    ", "\n    "), segment, most, "rules:")))
    return head + "\n" + "".join(f"      - must: {rule}\n" for rule in rules)


class WindowBench(Bench):
    def written(self, name, blocks):
        """The twenty record rules and these windows as a rule file."""
        with open(self.rules("20")) as file:
            text = file.read()
        path = f"{self.bench}/rules-windows-{name}.yml"
        with open(path, "w") as file:
            file.write(text + ("\nwindows:\n" + "".join(blocks) if blocks else ""))
        return path

    def on_top(self, rules, most):
        def measure(name, limit):
            commands = [self.check(self.data, self.written("none", ())), self.check(self.data, rules)]
            done = rounds(self.data, commands, self.pairs, JUDGED)
            wall, cpu = (median(getattr(b, t) / getattr(a, t) - 1 for a, b in done) for t in ("wall", "cpu"))
            self.row(name, f"{wall:+.0%}", limit, wall <= most, f"{cpu:+.0%}", median(map(loudest, done)))
        return measure

    def times(self, one, other, most):
        def measure(name, limit):
            done = rounds(self.data, [self.check(self.data, one), self.check(self.data, other)], self.pairs, JUDGED)
            wall, cpu = (median(getattr(b, t) / getattr(a, t) for a, b in done) for t in ("wall", "cpu"))
            self.row(name, f"{wall:.2f}", limit, wall <= most, f"{cpu:.2f}", median(map(loudest, done)))
        return measure

    def predicted(self, rules):
        """Bytes that `weir explain` names for a pane of one segment."""
        output = run([self.weir, "explain", rules]).output
        found = re.search(r"at most ([\d.]+) (B|kB|MB) for each of at most", output)
        if found is None:
            raise CouldNotRun("weir explain names no bytes for each segment")
        return float(found.group(1)) * {"B": 1, "kB": 1e3, "MB": 1e6}[found.group(2)]

    def state(self, name, limit):
        """What the process takes with many panes beyond what it takes with few, against the prediction for a pane. Thirty
        countries, ten records a second: panes of six hundred records and more, which fill what they keep."""
        few, many = (self.written(f"state-{length}", [
            block(f"every: {length}s", SKETCHED, "segment: [country]", "max_segments: 100")]) for length in (43200, 1800))
        taken_few, taken_many = (median(run(self.check(self.data, one), JUDGED).rss for _ in range(3)) for one in (few, many))
        panes = 30 * (self.records // 10 // 1800 - self.records // 10 // 43200)
        expected = self.predicted(many) * panes
        share = (taken_many - taken_few) / expected
        self.row(name, f"{(taken_many - taken_few) / MIB:.0f} of {expected / MIB:.0f} MiB: {share:.2f}", limit, 0.9 <= share <= 1.1)

    def segments(self, name, count):
        segment = f"segment: [{name}]" if name else ""
        return block("every: 1d", PLAIN, segment, f"max_segments: {count}" if name else "")

    def measure(self):
        plain = self.written("plain", [block(extent, PLAIN) for extent in EXTENTS])
        sketched = self.written("sketched", [block(extent, SKETCHED) for extent in EXTENTS])
        self.try_row("ten windows over six fields, without distributions", "≤ +30 %", self.on_top(plain, 0.30))
        counted = self.written("histograms", [block(extent, HISTOGRAMS) for extent in EXTENTS])
        self.try_row("the same with a histogram of each number", "≤ +100 %", self.on_top(counted, 1.00))
        self.try_row("the same with quantiles (KLL) and distinct (HyperLogLog)", "none", self.on_top(sketched, float("inf")))
        one = self.written("segment-1", [self.segments("", 0)])
        many = self.written("segment-10000", [self.segments("customer_id", 10_000)])
        self.try_row("10 000 segments ÷ one", "≤ 2", self.times(one, many, 2))
        self.try_row("state ÷ what `weir explain` predicts", "0.9 to 1.1", self.state)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--weir", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--pairs", type=int, default=5)
    bench = WindowBench(parser.parse_args())
    print(f"{bench.records:,} records, {bench.pairs} pairs a row; {machine()}")
    bench.measure()
    table(("row", "measured", "limit", "", "by CPU time", "others"), bench.rows)
    for reason in dict.fromkeys(bench.failed):
        print(f"could not run: {reason}", file=sys.stderr)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
