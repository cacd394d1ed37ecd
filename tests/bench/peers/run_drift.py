# SPDX-License-Identifier: Apache-2.0
"""`weir compare` and what else says which fields are distributed otherwise, on the same two files: whole processes, from start to
what drifted printed as JSON. Started by ../run.sh. Prints Markdown, and writes it to build/bench/compare.md."""

import sys

from side_by_side import HERE, SideBySide, options
from check import markdown, printed  # found by side_by_side
from make_drift import SAME, SHIFTED

HEAD = ("tool", "wall s", "CPU s", "peak MiB", "records/s", "wall ÷ weir's", "CPU ÷ weir's", "shifts found", "false alarms", "others")


class Drift(SideBySide):
    tools = (
        ("SciPy by hand", "peers/scipy", "scipy", ("scipy", "pyarrow")),
        ("Evidently", "peers/evidently", "evidently", ("evidently", "pandas")),
        ("whylogs", "peers/whylogs", "whylogs", ("whylogs", "pandas")),
    )
    report = "compare.md"

    def __init__(self, options):
        super().__init__(options)
        self.reference, self.data = (f"{self.bench}/drift-{side}-{self.records}.ndjson" for side in ("reference", "current"))

    def found(self, _, done):
        drifted = printed(done)
        if "fields" in drifted:  # weir's report
            drifted = {field["field"]: field["outcome"] == "fail" for field in drifted["fields"]}
        return f"{sum(drifted[field] for field in SHIFTED)} of {len(SHIFTED)}", ", ".join(f for f in SAME if drifted[f]) or "none"

    def measure(self):
        files = [self.reference, self.data]
        weir = [self.weir, "compare", *files, "--report", "json=-", "--fail-on", "never"]
        rows = [self.against_weir(name, weir, [self.python(where), f"{HERE}/drift_{program}.py", *files], self.found)
                for name, where, program, _ in self.tools]
        self.tell(markdown(HEAD, ([self.of_weir(self.found)] if self.weir_runs else []) + rows))


def main():
    drift = Drift(options())
    drift.begin(f"{drift.records:,} against {drift.records:,} records")
    drift.measure()
    return drift.finish()


if __name__ == "__main__":
    sys.exit(main())
