# SPDX-License-Identifier: Apache-2.0
"""The twenty rules of rules20.yml as one lazy Polars query over the file: peer_polars.py FILE THREADS

Tried and kept by time: an explicit schema, the streaming engine (a third less memory and faster than in memory), a given
format for the timestamps instead of a guessed one.
"""

import os
import sys

os.environ["POLARS_MAX_THREADS"] = sys.argv[2]  # read once, when polars is imported

import polars as pl  # noqa: E402
from polars import col  # noqa: E402

SCHEMA = {
    "order_id": pl.String, "customer_id": pl.Int64, "amount": pl.Float64, "currency": pl.String, "country": pl.String,
    "status": pl.String, "email": pl.String, "created_at": pl.String, "qty": pl.Int64, "weight": pl.Float64,
    "score": pl.Float64, "note": pl.String,
}
CURRENCIES = "EUR USD GBP JPY CHF SEK NOK DKK PLN CZK".split()
COUNTRIES = ("DE FR IT ES NL BE AT CH SE NO DK FI PL CZ PT IE "
             "GB US CA JP KR AU NZ BR MX IN SG ZA GR HU").split()
STATUSES = "new paid packed shipped delivered returned".split()

# When a rule fails. A null is not counted by sum, which is weir's null skip.
FAILS = {
    "order_id.required": col("order_id").is_null(),
    "order_id.match": ~col("order_id").str.contains(r"^O-[0-9]{8}$"),
    "customer_id.required": col("customer_id").is_null(),
    "customer_id.min": col("customer_id") < 1,
    "amount.required": col("amount").is_null(),
    "amount.min": col("amount") < 0,
    "amount.max": col("amount") > 100000,
    "currency.required": col("currency").is_null(),
    "currency.in": ~col("currency").is_in(CURRENCIES),
    "country.in": ~col("country").is_in(COUNTRIES),
    "status.in": ~col("status").is_in(STATUSES),
    "email.match": ~col("email").str.contains(r"^[^@ ]+@[a-z0-9.-]+\.[a-z]{2,}$"),
    "created_at.required": col("created_at").is_null(),
    "created_at.type": col("created_at").is_not_null()
                       & col("created_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", strict=False).is_null(),
    "qty.min": col("qty") < 1,
    "qty.max": col("qty") > 1000,
    "weight.above": col("weight") <= 0,
    "score.min": col("score") < 0,
    "score.max": col("score") > 1,
    "note.max_length": col("note").str.len_chars() > 60,
}


def main(path):
    records = pl.scan_ndjson(path, schema=SCHEMA)
    counts = records.select(fails.sum().alias(rule) for rule, fails in FAILS.items())
    for rule, failed in counts.collect(engine="streaming").row(0, named=True).items():
        print(rule, failed)


if __name__ == "__main__":
    main(sys.argv[1])
