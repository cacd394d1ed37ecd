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
        """Bytes of state that `weir explain` names for a pane of one segment, full."""
        output = run([self.weir, "explain", rules]).output
        found = re.search(r"([\d,]+) bytes a pane and segment", output)
        if found is None:
            raise CouldNotRun("weir explain names no bytes a pane and segment")
        return int(found.group(1).replace(",", ""))

    def state(self, rules, panes):
        """What the process takes beyond the same run without windows, against the prediction times the panes that are open."""
        def measure(name, limit):
            none, some = (median(run(self.check(self.data, one), JUDGED).rss for _ in range(3))
                          for one in (self.written("none", ()), rules))
            expected = self.predicted(rules) * panes
            share = (some - none) / expected
            self.row(name, f"{(some - none) / MIB:.0f} of {expected / MIB:.0f} MiB: {share:.2f}", limit, 0.9 <= share <= 1.1)
        return measure

    def segments(self, name, count):
        segment = f"segment: [{name}]" if name else ""
        return block("every: 1d", PLAIN, segment, f"max_segments: {count}" if name else "")

    def measure(self):
        plain = self.written("plain", [block(extent, PLAIN) for extent in EXTENTS])
        sketched = self.written("sketched", [block(extent, SKETCHED) for extent in EXTENTS])
        self.try_row("ten windows over six fields, without distributions", "≤ +30 %", self.on_top(plain, 0.30))
        self.try_row("the same with quantiles, histogram, distinct", "≤ +100 %", self.on_top(sketched, 1.00))
        one = self.written("segment-1", [self.segments("", 0)])
        many = self.written("segment-10000", [self.segments("customer_id", 10_000)])
        self.try_row("10 000 segments ÷ one", "≤ 2", self.times(one, many, 2))
        full = self.written("state", [block("every: 12h", SKETCHED, "segment: [country]", "max_segments: 100")])
        days = (self.records // 10 + 43_199) // 43_200
        self.try_row("state ÷ what `weir explain` predicts", "0.9 to 1.1", self.state(full, 31 * days))


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
