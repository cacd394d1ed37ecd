# SPDX-License-Identifier: Apache-2.0
"""The twenty rules of rules20.yml as a check of Deequ on a local Spark, through PyDeequ: with_deequ.py FILE THREADS

Deequ says which share of the records kept a rule; how many broke it is counted back from that and the number of records.
"""

import os
import sys

os.environ["SPARK_VERSION"] = "3.5"  # asked by pydeequ when it is imported
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

from pydeequ.checks import Check, CheckLevel  # noqa: E402
from pydeequ.verification import VerificationResult, VerificationSuite  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql.types import DoubleType, LongType, StringType, StructType  # noqa: E402

from orders import COUNTRIES, CURRENCIES, EMAIL, LONGEST_NOTE, ORDER_ID, STATUSES, columns, say  # noqa: E402

JARS = os.path.join(sys.prefix, "jars")
REQUIRED = ("order_id", "customer_id", "amount", "currency", "created_at")
AMONG = {"currency": CURRENCIES, "country": COUNTRIES, "status": STATUSES}

# Deequ's own bounds and patterns either give an extreme instead of a share or count a null as a failure.
HOLDS = {
    "order_id.match": f"order_id RLIKE r'{ORDER_ID}'",
    "customer_id.min": "customer_id >= 1",
    "amount.min": "amount >= 0",
    "amount.max": "amount <= 100000",
    "email.match": f"email RLIKE r'{EMAIL}'",
    "created_at.type": "CAST(created_at AS TIMESTAMP) IS NOT NULL",
    "qty.min": "qty >= 1",
    "qty.max": "qty <= 1000",
    "weight.above": "weight > 0",
    "score.min": "score >= 0",
    "score.max": "score <= 1",
    "note.max_length": f"length(note) <= {LONGEST_NOTE}",
}


def checks(spark):
    check = Check(spark, CheckLevel.Error, "orders").hasSize(lambda records: records > 0)
    for column in REQUIRED:
        check = check.isComplete(column)
    for column, words in AMONG.items():
        check = check.isContainedIn(column, words)
    for rule, holds in HOLDS.items():
        check = check.satisfies(f"{rule.partition('.')[0]} IS NULL OR {holds}", rule)
    return check


def rule_of(metric):
    if metric["name"] == "Completeness":
        return f"{metric['instance']}.required"
    column, contained, _ = metric["instance"].partition(" contained in ")
    return f"{column}.in" if contained else metric["instance"]


def main(path, threads):
    spark = (SparkSession.builder.master(f"local[{threads}]").appName("orders")
             .config("spark.jars", ",".join(f"{JARS}/{jar}" for jar in os.listdir(JARS)))
             .config("spark.ui.enabled", "false").config("spark.log.level", "ERROR").getOrCreate())
    schema = StructType()
    for name, kind in columns({str: StringType(), int: LongType(), float: DoubleType()}).items():
        schema.add(name, kind)
    result = VerificationSuite(spark).onData(spark.read.schema(schema).json(path)).addCheck(checks(spark)).run()
    metrics = VerificationResult.successMetricsAsJson(spark, result)
    records = next(metric["value"] for metric in metrics if metric["name"] == "Size")
    say({rule_of(metric): round((1 - metric["value"]) * records) for metric in metrics if metric["name"] != "Size"})
    stop(spark)


def stop(spark):
    """Ends Java and waits for it: what it cost is then part of what this process cost."""
    gateway = spark.sparkContext._gateway
    spark.stop()
    gateway.shutdown_callback_server()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
