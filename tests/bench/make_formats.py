# SPDX-License-Identifier: Apache-2.0
"""The orders of one NDJSON file in other formats, by other people's writers: make_formats.py FILE.ndjson BASE

    BASE.avro            Avro, no compression     BASE.parquet       Parquet, snappy, dictionaries, row groups of 131 072
    BASE-deflate.avro    Avro, deflate            BASE-zstd.parquet  the same with zstd

created_at stays a text, as some of them are none that anybody can read.
"""
import json
import sys

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq

TYPES = {"order_id": "string", "customer_id": "long", "amount": "double", "currency": "string", "country": "string", "status": "string",
         "email": "string", "created_at": "string", "qty": "long", "weight": "double", "score": "double", "note": "string"}
OF_ARROW = {"string": pa.string(), "long": pa.int64(), "double": pa.float64()}


def read(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield {name: float(value) if kind == "double" and (value := record.get(name)) is not None else record.get(name)
                   for name, kind in TYPES.items()}


def main(source, base):
    schema = fastavro.parse_schema({"type": "record", "name": "Order", "fields": [
        {"name": name, "type": ["null", kind], "default": None} for name, kind in TYPES.items()]})
    for codec, ending in (("null", ".avro"), ("deflate", "-deflate.avro")):
        with open(base + ending, "wb") as out:
            fastavro.writer(out, schema, read(source), codec=codec)
    rows = list(read(source))
    table = pa.table({name: pa.array([row[name] for row in rows], OF_ARROW[kind]) for name, kind in TYPES.items()})
    for codec, ending in (("snappy", ".parquet"), ("zstd", "-zstd.parquet")):
        pq.write_table(table, base + ending, compression=codec, row_group_size=131_072)


if __name__ == "__main__":
    main(*sys.argv[1:])
