# SPDX-License-Identifier: Apache-2.0
"""The twenty rules of rules20.yml as one expectation suite of Great Expectations over a pandas frame: with_gx.py FILE

Tried and kept by time: read by Arrow with a schema instead of by pandas' own reader of lines; timestamps parsed by pandas at
once and asked for nulls, instead of ExpectColumnValuesToMatchStrftimeFormat, which parses each by itself.
"""

import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
from great_expectations import expectations as expect  # noqa: E402
from great_expectations.expectations.row_conditions import Column  # noqa: E402
from pyarrow import json as arrow_json  # noqa: E402

from orders import COUNTRIES, CURRENCIES, EMAIL, LONGEST_NOTE, ORDER_ID, STATUSES, columns, say  # noqa: E402

SCHEMA = pa.schema(columns({str: pa.string(), int: pa.int64(), float: pa.float64()}))


def present(column):
    return f"{column}.required", expect.ExpectColumnValuesToNotBeNull(column=column)


def between(rule, **bounds):
    return rule, expect.ExpectColumnValuesToBeBetween(column=rule.partition(".")[0], **bounds)


def among(column, words):
    return f"{column}.in", expect.ExpectColumnValuesToBeInSet(column=column, value_set=words)


def matching(column, regex):
    return f"{column}.match", expect.ExpectColumnValuesToMatchRegex(column=column, regex=regex)


EXPECTATIONS = [
    present("order_id"), matching("order_id", ORDER_ID),
    present("customer_id"), between("customer_id.min", min_value=1),
    present("amount"), between("amount.min", min_value=0), between("amount.max", max_value=100000),
    present("currency"), among("currency", CURRENCIES),
    among("country", COUNTRIES),
    among("status", STATUSES),
    matching("email", EMAIL),
    present("created_at"),
    ("created_at.type", expect.ExpectColumnValuesToNotBeNull(column="created_at_parsed", row_condition=Column("created_at").is_not_null())),
    between("qty.min", min_value=1), between("qty.max", max_value=1000),
    between("weight.above", min_value=0, strict_min=True),
    between("score.min", min_value=0), between("score.max", max_value=1),
    ("note.max_length", expect.ExpectColumnValueLengthsToBeBetween(column="note", max_value=LONGEST_NOTE)),
]


def read(path):
    options = arrow_json.ParseOptions(SCHEMA, unexpected_field_behavior="ignore")
    frame = arrow_json.read_json(path, parse_options=options).to_pandas()
    frame["created_at_parsed"] = pd.to_datetime(frame["created_at"], format="ISO8601", utc=True, errors="coerce")
    return frame


def main(path):
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batches = context.data_sources.add_pandas("orders").add_dataframe_asset("orders").add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite("orders"))
    for rule, expectation in EXPECTATIONS:
        expectation.meta = {"rule": rule}
    suite.expectations = [expectation for _, expectation in EXPECTATIONS]
    suite.save()
    validation = gx.ValidationDefinition(name="orders", data=batches, suite=suite)
    result = validation.run(batch_parameters={"dataframe": read(path)},
                            result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
    counts = {}
    for one in result.results:
        if one.exception_info.get("raised_exception"):
            sys.exit(one.exception_info["exception_message"])
        counts[one.expectation_config.meta["rule"]] = one.result["unexpected_count"]
    say(counts)


if __name__ == "__main__":
    main(sys.argv[1])
