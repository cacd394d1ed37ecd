# SPDX-License-Identifier: Apache-2.0
"""The rows about `weir check`: measures them and prints them as Markdown tables. Started by run.sh, which builds what is
needed; every number here comes from runs of this one call."""

import argparse
import json
import os
import platform
import subprocess
import sys

from measure import CORES, CouldNotRun, loudest, median, rounds, run

MIB = 1 << 20
HERE = os.path.dirname(os.path.abspath(__file__))
JUDGED = (0, 1)  # exit codes of a `weir check` that did its work: all held, some failed
SHORT_RUNS = 11  # repetitions of what takes milliseconds


class Bench:
    def __init__(self, options):
        self.bench, self.weir, self.pairs, self.records = options.bench, options.weir, options.pairs, options.records
        self.data = f"{self.bench}/orders-{self.records}.ndjson"
        self.failed = []    # what could not run
        self.rows = []      # what was measured of weir
        self.peers = {}     # name: every Run, for the absolute figures
        self.has_weir = os.access(self.weir, os.X_OK)

    def check(self, data, rules, threads=1, report=None):
        command = [self.weir, "check", data, "--rules", rules, "--threads", str(threads)]
        return command + (["--report", f"json={report}"] if report else [])

    def peer(self, name, data=None):
        data = data or self.data
        program, _, threads = name.partition(" ")
        if program in ("simdjson", "rowwise"):
            return [f"{self.bench}/peer_{program}", data]
        return [f"{self.bench}/../deps/venv/bin/python", f"{HERE}/peers/with_{program.lower()}.py", data, threads[0]]

    def rules(self, kind):
        return f"{HERE}/rules20.yml" if kind == "20" else f"{self.bench}/rules-{kind}.yml"

    def row(self, name, measured, limit, ok, cpu="", others=0.0):
        self.rows.append((name, measured, limit, "ok" if ok else "short", cpu, f"{others:.0%}"))

    def try_row(self, name, limit, measure):
        """A row whose measurement fails is shown as such and makes the exit code 1; the others go on."""
        print(f"  {name} …", file=sys.stderr)
        if not self.has_weir:
            return self.rows.append((name, "-", limit, "not built", "", ""))
        try:
            measure(name, limit)
        except CouldNotRun as error:
            self.failed.append(str(error))
            self.rows.append((name, "-", limit, "could not run", "", ""))

    # The kinds of row ------------------------------------------------------------------------------------------------

    def times_faster(self, slower, faster, least):
        """How many times the rate of `slower` is reached by `faster`, each a command or the name of a peer."""
        def measure(name, limit):
            commands = [self.peer(c) if isinstance(c, str) else c for c in (slower, faster)]
            done = rounds(self.data, commands, self.pairs, JUDGED)
            wall = median(a.wall / b.wall for a, b in done)
            cpu = median(a.cpu / b.cpu for a, b in done)
            for place, command in enumerate((slower, faster)):
                if isinstance(command, str):
                    self.peers.setdefault(command, []).extend(one[place] for one in done)
            self.row(name, f"{wall:.2f}", limit, wall >= least, f"{cpu:.2f}", median(map(loudest, done)))
        return measure

    def own_cost(self, name, limit):
        commands = [self.check(self.data, self.rules(kind)) for kind in ("one", "20", "1000")]
        done = rounds(self.data, commands, self.pairs, JUDGED)
        wall, cpu = (median((getattr(c, t) - getattr(a, t)) / (getattr(b, t) - getattr(a, t)) for a, b, c in done)
                     for t in ("wall", "cpu"))
        self.row(name, f"{wall:.1f}", limit, wall <= 30, f"{cpu:.1f}", median(map(loudest, done)))

    def memory(self, name, limit):
        small, large = (median(run(self.check(f"{self.bench}/orders-{n}.ndjson", self.rules("20")), JUDGED).rss / MIB
                               for _ in range(3)) for n in (self.records, 4 * self.records))
        self.row(name, f"{small:.0f} and {large:.0f} MiB", limit, max(small, large) <= 64 and large - small <= 4)

    def absolute(self, command, most):
        def measure(name, limit):
            done = rounds(command[2], [command], SHORT_RUNS, JUDGED)
            wall, cpu = (1000 * median(getattr(one, t) for one, in done) for t in ("wall", "cpu"))
            self.row(name, f"{wall:.1f} ms", limit, wall <= most, f"{cpu:.1f} ms")
        return measure

    # The tables ------------------------------------------------------------------------------------------------------

    def measure_weir(self):
        weir1, weir2 = (self.check(self.data, self.rules("20"), threads) for threads in (1, 2))
        self.try_row("rate ÷ simdjson reading every field", "≥ 0.75", self.times_faster("simdjson", weir1, 0.75))
        self.try_row("rate ÷ hand-written row by row", "≥ 2", self.times_faster("rowwise", weir1, 2))
        for name, weir in (("DuckDB 1", weir1), ("DuckDB 2", weir2), ("Polars 1", weir1), ("Polars 2", weir2)):
            threads = "1 thread" if name.endswith("1") else "2 threads"
            self.try_row(f"rate ÷ {name[:-2]}, {threads}", "≥ 3", self.times_faster(name, weir, 3))
        self.try_row("two threads ÷ one", "≥ 1.8", self.times_faster(weir1, weir2, 1.8))
        self.try_row(f"memory, {self.records:,} and {4 * self.records:,} records", "≤ 64 MiB, +4 at most", self.memory)
        self.try_row("own cost of 1 000 range rules ÷ of the 20", "≤ 30", self.own_cost)
        self.try_row("`weir lint`, 1 000 rules", "≤ 1 s", self.absolute([self.weir, "lint", self.rules("1000")], 1000))
        ten = self.check(f"{self.bench}/orders-10.ndjson", self.rules("20"))
        self.try_row("`weir check`, ten records", "≤ 20 ms", self.absolute(ten, 20))

    def measure_peers(self):
        """Every peer against the limit: the same rows can be had before weir exists, and tell a slow day from a slow weir."""
        table = []
        for name in ("rowwise", "DuckDB 1", "DuckDB 2", "Polars 1", "Polars 2"):
            print(f"  {name} …", file=sys.stderr)
            try:
                done = rounds(self.data, [self.peer("simdjson"), self.peer(name)], self.pairs)
            except CouldNotRun as error:
                self.failed.append(str(error))
                continue
            for peer, place in (("simdjson", 0), (name, 1)):
                self.peers.setdefault(peer, []).extend(one[place] for one in done)
            table.append((name, f"{median(b.wall / a.wall for a, b in done):.2f}",
                          f"{median(b.cpu / a.cpu for a, b in done):.2f}", f"{median(map(loudest, done)):.0%}"))
        return table

    def absolute_figures(self):
        if self.has_weir:
            for threads in (1, 2):
                command = self.check(self.data, self.rules("20"), threads)
                try:
                    self.peers[f"weir {threads}"] = [one for one, in rounds(self.data, [command], self.pairs, JUDGED)]
                except CouldNotRun as error:
                    self.failed.append(str(error))
        for name, runs in self.peers.items():
            wall = median(r.wall for r in runs)
            yield (name, f"{wall:.3f}", f"{median(r.cpu for r in runs):.3f}", f"{self.records / wall / 1e6:.2f}",
                   f"{median(r.rss for r in runs) / MIB:.0f}", len(runs))

    def agreement(self):
        """Whether everybody counts the same failures of each rule, and the right ones."""
        for name in ("rowwise", "DuckDB 2", "Polars 2") + (("weir",) if self.has_weir else ()):
            try:
                right, wrong = self.judged(self.data, failures_of(
                    run(self.check(self.data, self.rules("20"), report="-"), JUDGED) if name == "weir" else run(self.peer(name))))
            except CouldNotRun as error:
                self.failed.append(str(error))
                continue
            yield (name.partition(" ")[0], right, wrong or "all as made")

    def expected(self, data):
        """{rule: failures} as they were made."""
        with open(f"{data}.expected", encoding="ascii") as file:
            return {rule: int(count) for rule, count in map(str.split, file)}

    def judged(self, data, counted):
        """How many rules were counted as they were made, and those that were not."""
        expected = self.expected(data)
        wrong = [f"{rule} {counted.get(rule, 'nothing')} for {right}" for rule, right in expected.items() if counted.get(rule) != right]
        return f"{len(expected) - len(wrong)} of {len(expected)}", "; ".join(wrong)


def printed(done):
    """The JSON at the end of what a program printed; libraries say things before it."""
    try:
        return json.loads(done.output[max(done.output.find("{"), 0):])
    except ValueError as error:
        raise CouldNotRun(f"no JSON was printed but {done.output[-80:]!r}") from error


def failures_of(done):
    """{rule: failures} out of weir's report or of what a peer printed."""
    counted = printed(done)
    return {rule["id"]: rule["failed"] for rule in counted["rules"]} if "rules" in counted else counted


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), platform.machine())
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{model}, {CORES} cores, {system}, Linux {platform.release().partition('-')[0]}"


def markdown(head, rows):
    rows = [head] + [tuple(map(str, row)) for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def table(head, rows):
    print("\n" + markdown(head, rows), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--weir", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--pairs", type=int, default=5)
    bench = Bench(parser.parse_args())
    print(f"{bench.records:,} records, {bench.pairs} pairs a row; {machine()}")
    table(("who", "rules right", "failures counted"), bench.agreement())
    bench.measure_weir()
    table(("row", "measured", "limit", "", "by CPU time", "others"), bench.rows)
    table(("peer ÷ limit", "wall", "CPU", "others"), bench.measure_peers())
    table(("program, threads", "wall s", "CPU s", "M records/s", "peak MiB", "runs"), bench.absolute_figures())
    for reason in dict.fromkeys(bench.failed):
        print(f"could not run: {reason}", file=sys.stderr)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
