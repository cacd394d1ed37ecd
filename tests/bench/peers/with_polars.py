# SPDX-License-Identifier: Apache-2.0
"""The twenty rules of rules20.yml as one lazy Polars query over the file: with_polars.py FILE THREADS

Tried and kept by time: an explicit schema, the streaming engine (a third less memory and faster than in memory), "%+"
(RFC 3339) for the timestamps, faster than a format spelled out and than a guessed one.
"""

import os
import sys

os.environ["POLARS_MAX_THREADS"] = sys.argv[2]  # read once, when polars is imported

import polars as pl  # noqa: E402
from polars import col  # noqa: E402

from orders import COUNTRIES, CURRENCIES, EMAIL, LONGEST_NOTE, ORDER_ID, STATUSES, columns, say  # noqa: E402

SCHEMA = columns({str: pl.String, int: pl.Int64, float: pl.Float64})

# When a rule fails. A null is not counted by sum, which is weir's null skip.
FAILS = {
    "order_id.required": col("order_id").is_null(),
    "order_id.match": ~col("order_id").str.contains(ORDER_ID),
    "customer_id.required": col("customer_id").is_null(),
    "customer_id.min": col("customer_id") < 1,
    "amount.required": col("amount").is_null(),
    "amount.min": col("amount") < 0,
    "amount.max": col("amount") > 100000,
    "currency.required": col("currency").is_null(),
    "currency.in": ~col("currency").is_in(CURRENCIES),
    "country.in": ~col("country").is_in(COUNTRIES),
    "status.in": ~col("status").is_in(STATUSES),
    "email.match": ~col("email").str.contains(EMAIL),
    "created_at.required": col("created_at").is_null(),
    "created_at.type": col("created_at").is_not_null()
                       & col("created_at").str.to_datetime("%+", strict=False).is_null(),
    "qty.min": col("qty") < 1,
    "qty.max": col("qty") > 1000,
    "weight.above": col("weight") <= 0,
    "score.min": col("score") < 0,
    "score.max": col("score") > 1,
    "note.max_length": col("note").str.len_chars() > LONGEST_NOTE,
}


def main(path):
    records = pl.scan_ndjson(path, schema=SCHEMA)
    counts = records.select(fails.sum().alias(rule) for rule, fails in FAILS.items())
    say(counts.collect(engine="streaming").row(0, named=True))


if __name__ == "__main__":
    main(sys.argv[1])
