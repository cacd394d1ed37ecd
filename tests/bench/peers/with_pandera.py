# SPDX-License-Identifier: Apache-2.0
"""The twenty rules of rules20.yml as one Pandera schema over a Polars frame: with_pandera.py FILE THREADS"""

import os
import sys

os.environ["POLARS_MAX_THREADS"] = sys.argv[2]  # read once, when polars is imported

import pandera.polars as pa  # noqa: E402
import polars as pl  # noqa: E402
from pandera.errors import SchemaErrors  # noqa: E402

from orders import COUNTRIES, CURRENCIES, EMAIL, LONGEST_NOTE, ORDER_ID, STATUSES, columns, say  # noqa: E402

SCHEMA = columns({str: pl.String, int: pl.Int64, float: pl.Float64})


def is_timestamp(data):
    """Pandera checks the types of columns; whether a text is a timestamp is asked of Polars."""
    text = pl.col(data.key)
    parsed = text.str.to_datetime("%+", strict=False)
    return data.lazyframe.select(text.is_null() | parsed.is_not_null())


CHECKS = {
    "order_id": [pa.Check.str_matches(ORDER_ID, error="match")],
    "customer_id": [pa.Check.ge(1, error="min")],
    "amount": [pa.Check.ge(0, error="min"), pa.Check.le(100000, error="max")],
    "currency": [pa.Check.isin(CURRENCIES, error="in")],
    "country": [pa.Check.isin(COUNTRIES, error="in")],
    "status": [pa.Check.isin(STATUSES, error="in")],
    "email": [pa.Check.str_matches(EMAIL, error="match")],
    "created_at": [pa.Check(is_timestamp, error="type")],
    "qty": [pa.Check.ge(1, error="min"), pa.Check.le(1000, error="max")],
    "weight": [pa.Check.gt(0, error="above")],
    "score": [pa.Check.ge(0, error="min"), pa.Check.le(1, error="max")],
    "note": [pa.Check.str_length(max_value=LONGEST_NOTE, error="max_length")],
}
REQUIRED = ("order_id", "customer_id", "amount", "currency", "created_at")
ORDERS = pa.DataFrameSchema({name: pa.Column(SCHEMA[name], checks, nullable=name not in REQUIRED)
                             for name, checks in CHECKS.items()})


def main(path):
    failures = {f"{column}.{check.error}": 0 for column, checks in CHECKS.items() for check in checks}
    failures |= {f"{column}.required": 0 for column in REQUIRED}
    try:
        ORDERS.validate(pl.read_ndjson(path, schema=SCHEMA), lazy=True)
    except SchemaErrors as errors:
        for column, check, count in errors.failure_cases.group_by("column", "check").len().iter_rows():
            failures[f"{column}.{'required' if check == 'not_nullable' else check}"] = count
    say(failures)


if __name__ == "__main__":
    main(sys.argv[1])
