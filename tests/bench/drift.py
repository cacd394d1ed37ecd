# SPDX-License-Identifier: Apache-2.0
"""The rows about drift: what drift rules cost a run, and what the end of a window costs. Started by run.sh; every number comes
from runs of this one call."""

import argparse
import sys

from check import Bench, machine, table
from measure import CouldNotRun, run

FIELDS = ("amount", "qty", "weight", "score", "currency", "country")
DISTINCT = ("order_id", "customer_id", "email")


class DriftBench(Bench):
    def baseline(self):
        """A reference made of a shorter run of the same data, as a user makes one."""
        path = f"{self.bench}/orders.baseline.json"
        run([self.weir, "baseline", f"{self.bench}/orders-10000.ndjson", "--fields", ",".join(FIELDS), "-o", path])
        return path

    def with_drift(self):
        """The twenty record rules, six fields against the baseline and three distinct counts."""
        self.baseline()
        with open(self.rules("20")) as file:
            text = file.read()
        text += "\nwindows:\n  - every: 10m\n    rules:\n"
        text += "".join(f"      - must: distinct({field}) >= 1\n" for field in DISTINCT)
        text += (f"\ndrift:\n  - fields: [{', '.join(FIELDS)}]\n    every: 10m\n"
                 "    reference: {file: orders.baseline.json}\n    over: all\n")
        path = f"{self.bench}/rules-drift.yml"
        with open(path, "w") as file:
            file.write(text)
        return path

    def inside(self):
        """name: value, as drift_cost prints them; the quickest of three, as the machine is shared."""
        found = {}
        for _ in range(3):
            for line in run([f"{self.bench}/drift_cost"]).output.splitlines():
                name, value = line.split()
                found[name] = min(found.get(name, float("inf")), float(value))
        return found

    def measure(self):
        def rate(name, limit):
            self.times_faster("simdjson", self.check(self.data, self.with_drift()), 0.45)(name, limit)
        self.try_row("rate with six drift fields and three distinct counts ÷ simdjson reading every field", "≥ 0.45", rate)
        try:
            cost = self.inside()
        except CouldNotRun as error:
            self.failed.append(str(error))
            return
        for name, of, limit in (("window close, 1 000 fields × KS, PSI, chi-square, nothing moved", "close_ms", 10),
                                ("the same, every field moved", "close_drift_ms", None)):
            self.row(name, f"{cost[of]:.1f} ms", f"≤ {limit} ms" if limit else "none", limit is None or cost[of] <= limit)
        self.row("1 000 fields × 12 panes", f"{cost['panes_mib'] * 1.048576:.1f} MB", "≤ 20 MB", cost["panes_mib"] * 1.048576 <= 20)
        self.row("a value into counters, moments, 256 cells", f"{cost['counted_ns']:.1f} ns, {cost['edges_ns']:.1f} of them the search",
                 "≤ 25 ns", cost["counted_ns"] <= 25)
        self.row("the same with a quantile sketch", f"{cost['sketched_ns']:.1f} ns", "≤ 60 ns", cost["sketched_ns"] <= 60)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--weir", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--pairs", type=int, default=5)
    bench = DriftBench(parser.parse_args())
    print(f"{bench.records:,} records, {bench.pairs} pairs a row; {machine()}")
    bench.measure()
    table(("row", "measured", "limit", "", "by CPU time", "others"), bench.rows)
    for reason in dict.fromkeys(bench.failed):
        print(f"could not run: {reason}", file=sys.stderr)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
