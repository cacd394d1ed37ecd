# SPDX-License-Identifier: Apache-2.0
"""The twenty rules of rules20.yml as one DuckDB query over the file (NDJSON, Parquet): with_duckdb.py FILE THREADS

Tried and kept by time: explicit columns instead of detection, one pass with count_if (FILTER is a little slower), order
of insertion given up, TRY_CAST to TIMESTAMP (faster than try_strptime and than TIMESTAMPTZ).
"""

import sys

import duckdb

from orders import COUNTRIES, CURRENCIES, EMAIL, LONGEST_NOTE, ORDER_ID, STATUSES, columns, say


def words(of):
    return ", ".join(f"'{word}'" for word in of)


# When a rule fails. A comparison with NULL is not true, which is weir's null skip.
FAILS = {
    "order_id.required": "order_id IS NULL",
    "order_id.match": f"NOT regexp_matches(order_id, '{ORDER_ID}')",
    "customer_id.required": "customer_id IS NULL",
    "customer_id.min": "customer_id < 1",
    "amount.required": "amount IS NULL",
    "amount.min": "amount < 0",
    "amount.max": "amount > 100000",
    "currency.required": "currency IS NULL",
    "currency.in": f"currency NOT IN ({words(CURRENCIES)})",
    "country.in": f"country NOT IN ({words(COUNTRIES)})",
    "status.in": f"status NOT IN ({words(STATUSES)})",
    "email.match": f"NOT regexp_matches(email, '{EMAIL}')",
    "created_at.required": "created_at IS NULL",
    "created_at.type": "created_at IS NOT NULL AND TRY_CAST(created_at AS TIMESTAMP) IS NULL",
    "qty.min": "qty < 1",
    "qty.max": "qty > 1000",
    "weight.above": "weight <= 0",
    "score.min": "score < 0",
    "score.max": "score > 1",
    "note.max_length": f"length(note) > {LONGEST_NOTE}",
}


def reading(path):
    """The FROM of a query over the file."""
    if path.endswith(".parquet"):
        return f"read_parquet('{path}')"
    kinds = columns({str: "VARCHAR", int: "BIGINT", float: "DOUBLE"})
    listed = ", ".join(f"{name}: '{kind}'" for name, kind in kinds.items())
    return f"read_json('{path}', format='newline_delimited', columns={{{listed}}})"


def connect(threads):
    return duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})


def main(path, threads):
    counts = ", ".join(f"count_if({condition})" for condition in FAILS.values())
    row = connect(threads).execute(f"SELECT {counts} FROM {reading(path)}").fetchone()
    say(dict(zip(FAILS, row)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
