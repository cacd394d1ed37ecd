# SPDX-License-Identifier: Apache-2.0
"""deploy/ci/spark on a real local Spark: the verdict of many tasks is that of one run over the same records. Heavy (Spark is 400 MB), so
it runs only where WEIR_ALL is set."""
import json
import os
import random
import tempfile

from place import TOOLS, WEIR, Checks, sh, skip, under, with_weir

if not os.environ.get("WEIR_ALL"):
    skip("a local Spark is for the long tests: WEIR_ALL=1")
python = os.path.join(TOOLS, "spark", "bin", "python")
if not os.path.exists(python):
    skip("there is no Spark; deploy/setup.sh deploy")

checks = Checks()
SCRIPT = under("deploy", "ci", "spark", "judge_partitions.py")
RULES = """weir: 1
source: {time: at}
fields:
  id: {type: integer, required: true}
  amount: {type: decimal, min: 0}
windows:
  - every: 1h
    rules:
      - must: row_count >= 100
  - rules:
      - must: row_count == 4000
      - must: distinct(country) == 5
      - must: mean(amount) > 40
"""


def records(bad):
    draw = random.Random(7)
    for i in range(4000):
        yield {"id": i, "amount": -1 if bad and i % 400 == 0 else round(draw.uniform(1, 99), 2), "country": "ABCDE"[i % 5],
               "at": f"2026-01-31T{i // 500:02}:{i % 60:02}:00Z"}


def verdicts(report):
    return [(rule["id"], rule["outcome"], rule["evaluated"], rule["failed"]) for rule in report["rules"]]


with tempfile.TemporaryDirectory() as folder:
    os.chmod(folder, 0o755)
    rules = os.path.join(folder, "orders.yml")
    with open(rules, "w", encoding="utf-8") as file:
        file.write(RULES)
    for name, bad in (("sound", False), ("broken", True)):
        # A folder of 8 files: Spark makes a task of each.
        data = os.path.join(folder, name)
        os.makedirs(data)
        everything = os.path.join(folder, f"{name}.ndjson")
        lines = [json.dumps(record) + "\n" for record in records(bad)]
        with open(everything, "w", encoding="utf-8") as file:
            file.writelines(lines)
        for part in range(8):
            with open(os.path.join(data, f"part-{part}.json"), "w", encoding="utf-8") as file:
                file.writelines(lines[part::8])
        out = os.path.join(folder, f"{name}-out")
        # Four tasks at once, each file one task.
        env = with_weir(os.path.join(folder, "bin"), PYSPARK_PYTHON=python, PYSPARK_SUBMIT_ARGS=(
            "--master local[4] --driver-memory 512m --conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1 "
            "--conf spark.driver.bindAddress=127.0.0.1 --conf spark.sql.files.openCostInBytes=268435456 pyspark-shell"))
        code, text = sh(python, SCRIPT, data, rules, out, env=env)
        checks.equal(f"{name}: exit code: {text[:1500]}", code, 1 if bad else 0)
        if code not in (0, 1):
            checks.finish()
        summaries = [file for file in os.listdir(out) if file.endswith(".weir")]
        checks.equal(f"{name}: a summary a task", len(summaries), 8)
        one = os.path.join(folder, f"{name}.json")
        sh(WEIR, "check", everything, "--rules", rules, "--quiet", "--report", f"json={one}")
        with open(os.path.join(out, "report.json"), encoding="utf-8") as many, open(one, encoding="utf-8") as single:
            checks.equal(f"{name}: the verdicts are those of one run", verdicts(json.load(many)), verdicts(json.load(single)))

    # A task whose weir cannot judge fails the job: no verdict over what is left.
    code, text = sh(python, SCRIPT, os.path.join(folder, "sound"), os.path.join(folder, "none.yml"), os.path.join(folder, "x"), env=env)
    checks.true("rules that are not there fail the job, and say nothing of the data", code == 3 and "weir ended with exit code 2" in text, text[-500:])

checks.finish()
