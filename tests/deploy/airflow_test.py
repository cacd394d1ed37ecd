# SPDX-License-Identifier: Apache-2.0
"""deploy/ci/airflow on a real Airflow (SQLite, no scheduler): which task comes after which exit code of weir. Heavy, so it runs only where
WEIR_ALL is set."""
import json
import os
import re
import shutil
import tempfile

from place import TOOLS, Checks, sh, skip, under, with_weir

if not os.environ.get("WEIR_ALL"):
    skip("Airflow is for the long tests: WEIR_ALL=1")
airflow = os.path.join(TOOLS, "airflow", "bin", "airflow")
if not os.path.exists(airflow):
    skip("there is no Airflow; deploy/setup.sh deploy")

checks = Checks()
DAY = "2026-01-31"
SOUND = json.dumps({"order_id": "O-1", "amount": 5}) + "\n"
BROKEN = json.dumps({"order_id": "O-2", "amount": -5}) + "\n"
RULES = "weir: 1\nfields:\n  order_id: {type: string, required: true}\n  amount: {type: decimal, min: 0}\n"

with tempfile.TemporaryDirectory() as top:
    home, folder = os.path.join(top, "home"), os.path.join(top, "orders")
    os.makedirs(os.path.join(home, "dags"))
    shutil.copy(under("deploy", "ci", "airflow", "orders_gate.py"), os.path.join(home, "dags"))
    env = with_weir(os.path.join(top, "bin"), AIRFLOW_HOME=home, AIRFLOW__CORE__LOAD_EXAMPLES="False", AIRFLOW__CORE__UNIT_TEST_MODE="False",
                    WEIR_ORDERS_FOLDER=folder, WEIR_ORDERS_RETRIES="1", WEIR_ORDERS_PAUSE="1")
    code, text = sh(airflow, "db", "migrate", env=env, timeout=900)
    checks.equal(f"airflow db migrate: {text[-500:]}", code, 0)
    code, text = sh(airflow, "dags", "list-import-errors", env=env, timeout=900)
    checks.true("the file is a DAG", "No data found" in text, text[-800:])

    def run(records, rules=RULES):
        """One run of the DAG over a day; which of its tasks ran, and how they ended."""
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("in", "out", "reports"):
            os.makedirs(os.path.join(folder, name))
        with open(os.path.join(folder, "orders.yml"), "w", encoding="utf-8") as file:
            file.write(rules)
        if records is not None:
            with open(os.path.join(folder, "in", f"{DAY}.ndjson"), "w", encoding="utf-8") as file:
                file.write(records)
        sh(airflow, "dags", "test", "orders_gate", DAY, env=env, timeout=900)
        code, text = sh(airflow, "tasks", "states-for-dag-run", "orders_gate", f"{DAY}T00:00:00+00:00", "-o", "json", env=env, timeout=900)
        states = json.loads(re.search(r"^\[.*\]$", text, re.M).group(0))
        return {state["task_id"]: state["state"] for state in states}

    states = run(SOUND)
    checks.equal("0: published", states, {"judge": "success", "publish": "success", "hold": "skipped", "source_away": "skipped"})
    checks.true("the file has moved", os.path.exists(os.path.join(folder, "out", f"{DAY}.ndjson")))
    states = run(SOUND + BROKEN)
    checks.equal("1: held back, not tried again", states, {"judge": "success", "publish": "skipped", "hold": "success", "source_away": "skipped"})
    checks.true("a report, and the record", os.path.getsize(os.path.join(folder, "reports", f"{DAY}.html")) > 0
                and os.path.getsize(os.path.join(folder, "reports", f"{DAY}.failing.ndjson")) > 0)
    states = run(None)
    checks.equal("3: the source is away, after trying again", (states["source_away"], states["publish"], states["hold"]),
                 ("failed", "skipped", "skipped"))
    states = run(SOUND, "weir: 1\nfields: {amount: {typo: decimal}}\n")
    checks.equal("2: fails at once", states["judge"], "failed")

checks.finish()
