# SPDX-License-Identifier: Apache-2.0
"""weir and what else judges records, with the same twenty rules on the same file: whole processes, from start to the failures
of each rule printed as JSON. Started by ../run.sh, which installs them. Prints Markdown, and writes it to build/bench/peers.md."""

import os
import sys

import odd
from side_by_side import HERE, SideBySide, options
from check import failures_of, markdown  # found by side_by_side
from measure import CORES, CouldNotRun, run

HEAD = ("tool", "wall s", "CPU s", "peak MiB", "records/s", "wall ÷ weir's", "CPU ÷ weir's", "rules of 20", "counts", "others")


class Peers(SideBySide):
    tools = (
        ("DuckDB", "venv", "duckdb", ("duckdb",)),
        ("Polars", "venv", "polars", ("polars",)),
        ("Soda Core on DuckDB", "peers/soda", "soda", ("soda-core", "duckdb")),
        ("Pandera on Polars", "peers/pandera", "pandera", ("pandera", "polars")),
        ("Great Expectations on pandas", "peers/gx", "gx", ("great_expectations", "pandas")),
        ("Deequ on local Spark", "peers/deequ", "deequ", ("pydeequ", "pyspark")),
    )
    report = "peers.md"

    def __init__(self, options):
        super().__init__(options)
        self.differ = {}  # name: rules that were not counted as they were made

    # Every program that counted exits with 0: a Python that failed would exit as a `weir check` that found something.
    def weir_command(self, data, threads=CORES):
        return self.check(data, self.rules("20"), threads, report="-") + ["--fail-on", "never"]

    def commands(self, data):
        """name, command of everybody, weir first."""
        yield "weir", self.weir_command(data)
        for name, where, program, _ in self.tools:
            yield name, [self.python(where), f"{HERE}/with_{program}.py", data, str(CORES)]

    def counts(self, name, done):
        """How many of the rules were counted, and whether as they were made."""
        counted = failures_of(done)
        right, wrong = self.judged(self.data, counted)
        if wrong:
            self.differ[name] = wrong
        return str(len(counted.keys() & self.expected(self.data).keys())), f"{right}: {wrong}" if wrong else "agree"

    def measure(self):
        (_, weir), *others = self.commands(self.data)
        others.insert(0, ("weir, one thread", self.weir_command(self.data, 1)))
        rows = [self.against_weir(name, weir, command, self.counts) for name, command in others]
        self.tell(markdown(HEAD, ([self.of_weir(self.counts)] if self.weir_runs else []) + rows))

    def agreement(self):
        """Without timing: whether everybody counts what the generator broke."""
        rows = []
        for name, command in self.commands(self.data):
            print(f"  {name} …", file=sys.stderr)
            try:
                rows.append((name, *self.counts(name, run(command))))
            except CouldNotRun as error:
                self.failed.append(str(error))
        self.tell(markdown(("tool", "rules of 20", "counts"), rows))

    def oddities(self):
        """What each makes of records at which tools differ: nothing here is a failure of this bench."""
        files = {"odd values": odd.ODD_VALUES, "wrong types": odd.WRONG_TYPES}
        rows = {}
        for kind, cases in files.items():
            path = f"{self.bench}/{kind.replace(' ', '-')}.ndjson"
            odd.write(path, cases)
            for name, command in self.commands(path):
                print(f"  {name}, {kind} …", file=sys.stderr)
                try:
                    said = self.judged(path, failures_of(run(command)))[1] or "as the rules say"
                except CouldNotRun as error:
                    said = f"stops: {error.reason}"
                rows.setdefault(name, [name]).append(said.replace("|", "\\|"))
        self.tell(markdown(("tool", *(f"{kind}, {len(cases)} records" for kind, cases in files.items())), rows.values()))


def main():
    asked = options()
    peers = Peers(asked)
    peers.begin(f"{peers.records:,} records, {os.path.getsize(peers.data) / 1e6:.0f} MB")
    peers.agreement() if asked.agree else peers.measure()
    peers.oddities()
    for name, wrong in peers.differ.items():
        print(f"counts otherwise: {name}: {wrong}", file=sys.stderr)
    return peers.finish() or (1 if asked.agree and peers.differ else 0)


if __name__ == "__main__":
    sys.exit(main())
