# SPDX-License-Identifier: Apache-2.0
"""The rows about formats: the same orders and the same twenty rules, record by record, from NDJSON, Avro and Parquet. Started by run.sh."""
import argparse
import json
import os
import sys

from check import JUDGED, machine, table
from measure import CouldNotRun, loudest, median, rounds, run, warm

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = f"{HERE}/rules20.yml"
MIB = 1 << 20


class Formats:
    def __init__(self, options):
        self.weir, self.pairs, self.records, self.bench = options.weir, options.pairs, options.records, options.bench
        self.base = f"{self.bench}/orders-{self.records}"
        self.rows, self.runs, self.failed = [], {}, []

    def check(self, ending, threads=1, report=None, rules=RULES):
        # What the rule file says of the format is about the topic.
        kind = "ndjson" if ending == ".ndjson" else ending.rpartition(".")[2]
        command = [self.weir, "check", self.base + ending, "--rules", rules, "--threads", str(threads),
                   "--format", "json" if kind == "ndjson" else kind]
        return command + (["--report", f"json={report}"] if report else [])

    def duckdb(self, threads):
        return [f"{self.bench}/../deps/venv/bin/python", f"{HERE}/peers/with_duckdb.py", f"{self.base}.parquet", str(threads)]

    def row(self, name, slower, faster, least=None):
        print(f"  {name} …", file=sys.stderr)
        for ending in (".ndjson", ".avro", ".parquet"):
            warm(self.base + ending)
        try:
            done = rounds(f"{self.base}.ndjson", [slower, faster], self.pairs, JUDGED)
        except CouldNotRun as error:
            self.failed.append(str(error))
            self.rows.append((name, "-", f"≥ {least}" if least else "", "could not run", "", ""))
            return
        wall, cpu = (median(getattr(a, t) / getattr(b, t) for a, b in done) for t in ("wall", "cpu"))
        said = "" if least is None else "ok" if wall >= least else "short"
        self.rows.append((name, f"{wall:.2f}", f"≥ {least}" if least else "published", said, f"{cpu:.2f}",
                          f"{median(map(loudest, done)):.0%}"))
        for place, command in enumerate((slower, faster)):
            self.runs.setdefault(self.name_of(command), []).extend(one[place] for one in done)

    def name_of(self, command):
        if command[0] != self.weir:
            return f"DuckDB, Parquet, {command[-1]}"
        rules = "" if command[4] == RULES else "one rule, "
        return f"weir, {rules}{os.path.basename(command[2]).replace(f'orders-{self.records}', '…')}, {command[6]}"

    def agreement(self):
        with open(f"{self.base}.ndjson.expected", encoding="ascii") as file:
            expected = dict(line.split() for line in file)
        for ending in (".ndjson", ".avro", "-deflate.avro", ".parquet", "-zstd.parquet"):
            report = f"{self.bench}/report.json"
            try:
                run(self.check(ending, report=report), JUDGED)
            except CouldNotRun as error:
                self.failed.append(str(error))
                continue
            with open(report, encoding="utf-8") as file:
                counted = {rule["id"]: str(rule["failed"]) for rule in json.load(file)["rules"]}
            wrong = [f"{rule} {counted.get(rule)} for {right}" for rule, right in expected.items() if counted.get(rule) != right]
            size = os.path.getsize(self.base + ending) / MIB
            yield (ending, f"{size:.0f}", f"{len(expected) - len(wrong)} of {len(expected)}", "; ".join(wrong) or "all as made")

    def measure(self):
        ndjson = self.check(".ndjson")
        self.row("Avro ÷ NDJSON", ndjson, self.check(".avro"), 1.5)
        self.row("Avro with deflate ÷ NDJSON", ndjson, self.check("-deflate.avro"))
        self.row("Parquet ÷ NDJSON", ndjson, self.check(".parquet"), 4)
        self.row("Parquet with zstd ÷ NDJSON", ndjson, self.check("-zstd.parquet"))
        # A rule on one field of twelve: what nobody names is not decoded, in Parquet not even read.
        one = f"{self.bench}/rules-one.yml"
        ndjson = self.check(".ndjson", rules=one)
        self.row("Avro ÷ NDJSON, one rule", ndjson, self.check(".avro", rules=one))
        self.row("Parquet ÷ NDJSON, one rule", ndjson, self.check(".parquet", rules=one))
        self.row("Parquet ÷ DuckDB on it, 1 thread", self.duckdb(1), self.check(".parquet"))
        self.row("Parquet ÷ DuckDB on it, 2 threads", self.duckdb(2), self.check(".parquet", 2))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--weir", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--pairs", type=int, default=5)
    formats = Formats(parser.parse_args())
    print(f"{formats.records:,} records, {formats.pairs} pairs a row; {machine()}")
    table(("file", "MiB", "rules right", "failures counted"), formats.agreement())
    formats.measure()
    table(("rate of records", "measured", "limit", "", "by CPU time", "others"), formats.rows)
    table(("program, file, threads", "wall s", "CPU s", "M records/s", "peak MiB", "runs"),
          [(name, f"{median(r.wall for r in runs):.3f}", f"{median(r.cpu for r in runs):.3f}",
            f"{formats.records / median(r.wall for r in runs) / 1e6:.2f}", f"{median(r.rss for r in runs) / MIB:.0f}", len(runs))
           for name, runs in formats.runs.items()])
    for reason in dict.fromkeys(formats.failed):
        print(f"could not run: {reason}", file=sys.stderr)
    return 1 if formats.failed else 0


if __name__ == "__main__":
    sys.exit(main())
