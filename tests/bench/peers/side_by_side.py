# SPDX-License-Identifier: Apache-2.0
"""weir and other tools at the same work, each in turn with weir: what the tables of run_peers.py and run_drift.py have in common."""

import argparse
import os
import sys

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from check import MIB, Bench, machine  # noqa: E402
from measure import CouldNotRun, loudest, median, rounds, run  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


class SideBySide(Bench):
    # name, where under build/deps its Python is, its program here, the packages that say the version
    tools = ()
    report = ""  # the file under build/bench

    def __init__(self, options):
        super().__init__(options)
        self.text = []
        self.weir_runs = []

    def python(self, where):
        return f"{self.bench}/../deps/{where}/bin/python"

    def versions(self):
        for name, where, _, packages in self.tools:
            ask = f"from importlib.metadata import version as v; print(', '.join(f'{{p}} {{v(p)}}' for p in {packages!r}))"
            try:
                yield f"{name}: {run([self.python(where), '-c', ask]).output.strip()}"
            except CouldNotRun:
                yield f"{name}: not installed"

    def begin(self, what):
        print(f"{self.pairs} pairs a row", file=sys.stderr)
        self.tell(f"{what}; {machine()}. " + "; ".join(self.versions()) + ".")

    def tell(self, text):
        print("\n" + text, flush=True)
        self.text.append(text)

    def against_weir(self, name, weir, command, tell_result):
        """A row: absolute figures, ratios to weir within the pairs, what `tell_result` makes of the last run, others."""
        print(f"  {name} …", file=sys.stderr)
        try:
            done = rounds(self.data, [weir, command], self.pairs)
            mine, own = ([one[place] for one in done] for place in (0, 1))
            self.weir_runs += mine
            ratios = (f"{median(getattr(b, t) / getattr(a, t) for a, b in done):.2f}" for t in ("wall", "cpu"))
            return (*self.absolute_of(name, own), *ratios, *tell_result(name, own[-1]), f"{median(map(loudest, done)):.0%}")
        except CouldNotRun as error:
            self.failed.append(str(error))
            return (name, "could not run", *[""] * 8)

    def of_weir(self, tell_result):
        """The first row: weir in all pairs."""
        return (*self.absolute_of("weir", self.weir_runs), "1", "1", *tell_result("weir", self.weir_runs[-1]), "")

    def absolute_of(self, name, runs):
        wall = median(r.wall for r in runs)
        return (name, f"{wall:.2f}", f"{median(r.cpu for r in runs):.2f}", f"{median(r.rss for r in runs) / MIB:.0f}",
                f"{self.records / wall:,.0f}")

    def finish(self):
        with open(f"{self.bench}/{self.report}", "w", encoding="utf-8") as file:
            file.write("\n\n".join(self.text) + "\n")
        for reason in dict.fromkeys(self.failed):
            print(f"could not run: {reason}", file=sys.stderr)
        return 1 if self.failed else 0


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--weir", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--agree", action="store_true", help="of run_peers.py: no timing, and exit code 1 when somebody counts otherwise")
    return parser.parse_args()
