# SPDX-License-Identifier: Apache-2.0
"""A gate in Airflow: yesterday's orders are published when they hold what their rules say, held back when they do not, and judged
again when nobody could say.

weir's exit code is the answer, and 1 is not 3: a rule that failed fails again however often it is tried, and the people who answer
for the data have to look; records that could not be read may be there in ten minutes, and whoever answers for the source is to look
only when they are not.

    exit 0  publish
    exit 1  hold: the report says what is wrong, the records that broke rules lie beside it
    exit 3  tried again (RETRIES times), then source_away
    else    the rules or the place for the reports are wrong: the task fails at once

Airflow 2.9 and newer, and 3. The variable `weir_orders` holds the folder; weir has to be installed where tasks run.
"""
from __future__ import annotations

import os
import subprocess
from datetime import datetime, timedelta, timezone

from airflow.exceptions import AirflowException, AirflowFailException

try:
    from airflow.sdk import dag, task  # Airflow 3
except ImportError:
    from airflow.decorators import dag, task

FOLDER = os.environ.get("WEIR_ORDERS_FOLDER", "/srv/orders")
RETRIES = int(os.environ.get("WEIR_ORDERS_RETRIES", "3"))
PAUSE = timedelta(seconds=int(os.environ.get("WEIR_ORDERS_PAUSE", "600")))


@dag(schedule="@daily", start_date=datetime(2026, 1, 1, tzinfo=timezone.utc), catchup=False, max_active_runs=1, tags=["orders"])
def orders_gate():
    @task.branch(retries=RETRIES, retry_delay=PAUSE)
    def judge(ds=None, data_interval_end=None, ti=None):
        """Says which task comes next. One run after the other: each compares with what the state remembers of those before."""
        command = [
            "weir", "check", f"{FOLDER}/in/{ds}.ndjson",
            "--rules", f"{FOLDER}/orders.yml",
            "--state", f"{FOLDER}/orders.db",
            "--now", data_interval_end.strftime("%Y-%m-%dT%H:%M:%SZ"),  # a run that is repeated is judged as of then
            "--report", f"html={FOLDER}/reports/{ds}.html",
            "--quarantine", f"{FOLDER}/reports/{ds}.failing.ndjson",
        ]
        code = subprocess.run(command, check=False).returncode
        if code == 0:
            return "publish"
        if code == 1:
            return "hold"
        if code == 3:
            if ti.try_number > RETRIES:
                return "source_away"
            raise AirflowException("the orders could not be judged; tried again")
        raise AirflowFailException(f"weir ended with exit code {code}: its last line, above, says why")

    @task
    def publish(ds=None):
        os.replace(f"{FOLDER}/in/{ds}.ndjson", f"{FOLDER}/out/{ds}.ndjson")

    @task
    def hold(ds=None):
        # Whoever answers for the data: a message with the report, a ticket. The file stays where it is.
        print(f"held back: {FOLDER}/reports/{ds}.html")

    @task
    def source_away(ds=None):
        # Whoever answers for the source. A red run, as nothing is known of the data.
        raise AirflowFailException(f"the orders of {ds} could not be judged after {RETRIES + 1} tries")

    judge() >> [publish(), hold(), source_away()]


orders_gate()
