# SPDX-License-Identifier: Apache-2.0
"""A gate in Spark: every task judges its partition, the driver judges all of them as one run.

    spark-submit judge_partitions.py PARQUET_OR_JSON RULES FOLDER

FOLDER is one that the driver and all executors share; weir is installed on each. Each task pipes its rows, as JSON, into
`weir check --summary-out`, which writes some kilobytes: counts, sketches, evidence, no rows. `weir merge` adds the summaries up, so a mean
or a distinct count is that of the whole data set, and its exit code is this program's. Rows are never collected.

A task that is tried again or run twice (speculation) replaces its own summary, so nothing counts twice.
"""
import os
import subprocess
import sys
import tempfile
import traceback
from datetime import datetime, timezone

from pyspark.sql import SparkSession

JUDGED = {0, 1}  # what must hold holds, or a rule failed: merge decides


def judge(index, rows, rules, folder, now):
    """Runs in a task: the summary of its partition in FOLDER, and its name to the driver."""
    path = os.path.join(folder, f"part-{index:05}.weir")
    with tempfile.TemporaryDirectory(dir=folder) as own:
        summary = os.path.join(own, "summary.weir")
        command = ["weir", "check", "-", "--format", "json", "--rules", rules, "--now", now, "--summary-out", summary,
                   "--allow-empty", "--fail-on", "never", "--quiet"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as weir:
            try:
                for row in rows:
                    weir.stdin.write(row.encode() + b"\n")
                weir.stdin.close()
            except BrokenPipeError:
                pass  # it has ended: its words and its exit code say why
            words = weir.stderr.read().decode(errors="replace")
        if weir.returncode not in JUDGED:
            raise RuntimeError(f"weir ended with exit code {weir.returncode}: {words}")
        os.replace(summary, path)  # whole or not at all
    yield path


def main(data, rules, folder):
    spark = SparkSession.builder.appName("weir").getOrCreate()
    reader = spark.read.parquet if data.endswith(".parquet") else spark.read.json
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # one clock for all tasks
    os.makedirs(folder, exist_ok=True)
    summaries = reader(data).toJSON().mapPartitionsWithIndex(lambda index, rows: judge(index, rows, rules, folder, now)).collect()
    spark.stop()
    return subprocess.run(["weir", "merge", *summaries, "--report", f"html={folder}/report.html", "--report", f"json={folder}/report.json"],
                          check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: judge_partitions.py PARQUET_OR_JSON RULES FOLDER")
    try:
        code = main(*sys.argv[1:])
    except Exception:  # pylint: disable=broad-except
        # Python would end with 1, which says that a rule failed. Nothing is known of the data.
        traceback.print_exc()
        code = 3
    sys.exit(code)
