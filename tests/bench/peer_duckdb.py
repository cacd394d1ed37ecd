# SPDX-License-Identifier: Apache-2.0
"""The twenty rules of rules20.yml as one DuckDB query over the file (NDJSON, Parquet): peer_duckdb.py FILE THREADS

Tried and kept by time: explicit columns instead of detection, one pass with count_if (FILTER is a little slower), order
of insertion given up, TRY_CAST to TIMESTAMP (faster than try_strptime and than TIMESTAMPTZ).
"""

import sys

import duckdb

COLUMNS = {
    "order_id": "VARCHAR", "customer_id": "BIGINT", "amount": "DOUBLE", "currency": "VARCHAR", "country": "VARCHAR",
    "status": "VARCHAR", "email": "VARCHAR", "created_at": "VARCHAR", "qty": "BIGINT", "weight": "DOUBLE",
    "score": "DOUBLE", "note": "VARCHAR",
}

# When a rule fails. A comparison with NULL is not true, which is weir's null skip.
FAILS = {
    "order_id.required": "order_id IS NULL",
    "order_id.match": r"NOT regexp_matches(order_id, '^O-[0-9]{8}$')",
    "customer_id.required": "customer_id IS NULL",
    "customer_id.min": "customer_id < 1",
    "amount.required": "amount IS NULL",
    "amount.min": "amount < 0",
    "amount.max": "amount > 100000",
    "currency.required": "currency IS NULL",
    "currency.in": "currency NOT IN ('EUR','USD','GBP','JPY','CHF','SEK','NOK','DKK','PLN','CZK')",
    "country.in": "country NOT IN ('DE','FR','IT','ES','NL','BE','AT','CH','SE','NO','DK','FI','PL','CZ','PT','IE',"
                  "'GB','US','CA','JP','KR','AU','NZ','BR','MX','IN','SG','ZA','GR','HU')",
    "status.in": "status NOT IN ('new','paid','packed','shipped','delivered','returned')",
    "email.match": r"NOT regexp_matches(email, '^[^@ ]+@[a-z0-9.-]+\.[a-z]{2,}$')",
    "created_at.required": "created_at IS NULL",
    "created_at.type": "created_at IS NOT NULL AND TRY_CAST(created_at AS TIMESTAMP) IS NULL",
    "qty.min": "qty < 1",
    "qty.max": "qty > 1000",
    "weight.above": "weight <= 0",
    "score.min": "score < 0",
    "score.max": "score > 1",
    "note.max_length": "length(note) > 60",
}


def main(path, threads):
    read = "read_parquet(?)"
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
    counts = ", ".join(f"count_if({condition})" for condition in FAILS.values())
    connection = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
    if not path.endswith(".parquet"):
        read = f"read_json(?, format='newline_delimited', columns={{{columns}}})"
    query = f"SELECT {counts} FROM {read}"
    for rule, failed in zip(FAILS, connection.execute(query, [path]).fetchone()):
        print(rule, failed)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
