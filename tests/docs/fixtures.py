# SPDX-License-Identifier: Apache-2.0
"""Records and files that pages speak of and do not print. The same records each time."""
import datetime
import gzip
import json
import os
import random

from page_blocks import ROOT, records
from weir_process import RULES

BEGIN = datetime.datetime(2026, 1, 1, 10, tzinfo=datetime.timezone.utc)


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def orders(count=200, begin=1):
    return records(count, lambda i: {"order_id": f"O-{begin + i:04d}", "amount": i % 90 + 1, "currency": ("EUR", "USD", "GBP")[i % 3],
                                     "created_at": stamp(BEGIN + datetime.timedelta(minutes=i))})


def features(seed, amounts, countries):
    draw = random.Random(seed)
    return records(3000, lambda _: {"amount": round(draw.lognormvariate(3, 1) * amounts, 2), "country": draw.choices(*zip(*countries.items()))[0],
                                    "age": draw.randint(18, 80), "premium": draw.random() < 0.2})


def skewed():
    return {"train.ndjson": features(1, 1, {"DE": 41, "FR": 30, "IT": 20, "ES": 9}),
            "serve.ndjson": features(2, 100, {"DE": 28, "FR": 31, "IT": 20, "ES": 9, "CH": 12})}


def compared():
    return {**skewed(), "orders.csv.gz": gzip.compress(b"order_id,amount\n" + b"".join(b"O-%04d,%d\n" % (i, i % 90 + 1) for i in range(1, 201)))}


def months():
    return {"january.ndjson": orders(), "today.ndjson": orders(begin=300)}


def judged_twice():
    """A thousand orders of 25 minutes, and one that is cut short."""
    draw = random.Random(3)
    lines = []
    for i in range(1000):
        one = {"id": i - 5 if i % 100 == 50 else i, "amount": draw.choice([700, 800]) if i % 45 == 7 else 1500 if i % 79 == 3 else -5 if i % 63 == 9 else
               round(draw.lognormvariate(3, 1), 2) % 400, "qty": 0 if i % 32 == 4 else draw.randint(1, 9), "country": ("DE", "FR", "IT")[draw.randrange(3)],
               "at": stamp(BEGIN + datetime.timedelta(seconds=i * 1.5))}
        lines.append(json.dumps(one))
    lines.insert(40, '{"id": 40, "amount": 1')
    return {"orders.ndjson": "\n".join(lines) + "\n"}


def four_days():
    """Orders of four days on which nothing was wrong: by night they are fewer, and smaller."""
    draw = random.Random(4)
    lines = []
    for quarter in range(4 * 96):
        hour = quarter % 96 / 4
        for i in range(120 if 7 <= hour < 23 else 60):
            at = BEGIN.replace(hour=0) + datetime.timedelta(minutes=15 * quarter, seconds=i * 7)
            lines.append(json.dumps({"at": stamp(at), "amount": round(draw.lognormvariate(3 if 7 <= hour < 23 else 2.8, 0.5), 2),
                                     "country": draw.choices(["DE", "FR", "IT"], [5, 3, 2])[0]}))
    return {"orders.ndjson": "\n".join(lines) + "\n"}


def suites():
    return {
        "suite.json": json.dumps({"expectation_suite_name": "orders", "expectations": [
            {"expectation_type": "expect_column_values_to_not_be_null", "kwargs": {"column": "order_id"}}]}),
        "checks.yml": "checks for orders:\n  - row_count > 0\n  - missing_count(order_id) = 0\n",
        "schema.yml": "version: 2\nmodels:\n  - name: orders\n    columns:\n      - name: order_id\n        tests: [not_null, unique]\n",
        "orders.odcs.yml": "apiVersion: v3.0.2\nkind: DataContract\nid: orders\nversion: 1.0.0\nstatus: active\nschema:\n  - name: orders\n    logicalType: object\n"
                           "    properties:\n      - {name: order_id, logicalType: string, required: true}\n",
        "order.json": json.dumps({"type": "object", "required": ["order_id"], "properties": {"order_id": {"type": "string"}}}),
    }


def days():
    today = datetime.datetime.now(datetime.timezone.utc).date()
    made = {f"orders-{today + datetime.timedelta(days=n)}.ndjson": orders() for n in (-1, 0, 1)}  # midnight may come meanwhile
    table = "order_id\n" + "".join(f"O-{i}\n" for i in range(100))
    made |= {name.replace("orders-", "in/").replace(".ndjson", ".csv"): table for name in made}
    return {**made, "part-0.ndjson": orders(), "part-1.ndjson": orders(begin=300)}


def parquet(name="rows.parquet"):
    with open(os.path.join(ROOT, "tests", "files", "parquet", name), "rb") as file:
        return file.read()


def inputs():
    return {"day-1.ndjson.gz": gzip.compress(orders().encode()), "day-2.ndjson.gz": gzip.compress(orders(begin=300).encode()), "more/a.ndjson": orders(begin=600),
            "table/part-0.parquet": parquet(), "old.gz": gzip.compress(orders().encode()),
            "orders.yml": "weir: 1\nfields: {amount: {min: 0}}\n"}


def tables():
    return {"orders.parquet": parquet(), "lake/orders/dt=2026-01-01/country=DE/part-0.parquet": parquet(),
            "lake/orders/dt=2026-01-02/country=DE/part-0.parquet": parquet(), "orders.yml": "weir: 1\nwindows:\n  - rules:\n      - {must: row_count >= 1}\n"}


def configured():
    return {"web.yml": "basic_auth_users: {}\n", "ca.pem": "", "/run/secrets/kafka-password": "secret\n"}


def put_aside():
    """A quarantine file: what `weir run` would have written of 1,200 records in 400 minutes."""
    draw = random.Random(5)
    begin = datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.timezone.utc)
    lines = []
    for i in range(1200):
        rule = draw.choices(["amount.max", "currency.in", "decode"], [70, 16, 14])[0]
        stage, path, code = ("decode", "decode", "decode") if rule == "decode" else ("record", *rule.split("."))
        reason = {"amount.max": "101 is above 100", "currency.in": "`CHF` is not in the 3 allowed values", "decode": "a text is not closed at byte 9"}[rule]
        one = {"v": 1, "id": f"orders-{i % 3}-{i // 3}", "topic": "orders", "partition": i % 3, "offset": i // 3, "timestamp": int(begin.timestamp() * 1000) + 20000 * i,
               "timestamp_type": "CreateTime", "pipeline": "shop", "ruleset": "ab12cd34ef56", "instance": "weir-0",
               "at": stamp(begin + datetime.timedelta(seconds=20 * i)), "stage": stage,
               "violations": [{"rule": rule, "severity": "error", "code": code, "path": path, "value": "101", "message": reason}], "replay_count": 0,
               "record_key": None, "record_headers": []}
        lines.append(json.dumps(one | ({"bytes": '{"amount'} if rule == "decode" else {"record": {"amount": 101, "currency": "EUR"}})))
    return {"run.ndjson": "\n".join(lines) + "\n"}


SCHEMA = """syntax = "proto3";
package shop;
message Line { int64 qty = 1; }
message Order { int64 id = 1; repeated Line lines = 2; }
"""

# What any page may speak of.
COMMON = {"orders.ndjson": orders(), "orders.yml": RULES, "rules/orders.yml": RULES, "rules/clicks.yml": "weir: 1\nfields: {user: {required: true}}\n",
          "refs/skus.csv": "sku,name\nA-1,lamp\n", ".baseline.ndjson": records(200, lambda i: {"amount": i % 90 + 1, "currency": ("EUR", "USD")[i % 2], "items": [{"qty": i % 5}]}),
           "data/a.ndjson": orders(20), "data/b.ndjson.gz": gzip.compress(orders(20, 30).encode()),
          "tests/quiet-minute.ndjson": '{"created_at":"2026-01-01T00:00:01Z","email":"a@b.example"}\n'}
# Made by commands before anything else: reference files.
MADE = {"refs/orders.baseline.json": "weir baseline .baseline.ndjson -o refs/orders.baseline.json"}
PAGES = {
    "docs/backtest.md": judged_twice,
    "docs/baseline.md": months,
    "docs/calibrate.md": four_days,
    "docs/compare.md": compared,
    "docs/doctor.md": lambda: {"one-rule.yml": "weir: 1\nfields: {amount: {min: 0}}\n"},
    "docs/history.md": days,
    "docs/import.md": suites,
    "docs/input.md": inputs,
    "docs/parquet.md": tables,
    "docs/protobuf.md": lambda: {"orders.desc": SCHEMA},
    "docs/quarantine.md": put_aside,
    "docs/run.md": configured,
}


def files_of(page):
    files = {**COMMON, **PAGES.get(page, dict)()}
    return {name: content for name, content in files.items() if content is not None}
