# SPDX-License-Identifier: Apache-2.0
"""Writes the Parquet files beside it, with the pyarrow of build/deps/arrow:

    PYTHONPATH=build/deps/arrow python3 tests/files/parquet/make.py
"""
import datetime
import decimal
import os
import uuid

import pyarrow as pa
import pyarrow.parquet as pq

folder = os.path.dirname(os.path.abspath(__file__))
utc = datetime.timezone.utc


def write(name, table, **how):
    pq.write_table(table, os.path.join(folder, name), write_page_checksum=True, **how)


# A column of every type, two rows: a value and a null.
moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 678000)
numbers = decimal.Context(prec=60)
types = {
    "bool": (True, pa.bool_()),
    "int8": (-8, pa.int8()),
    "uint64": (2**64 - 1, pa.uint64()),
    "int64": (-2**63, pa.int64()),
    "half": (0.5, pa.float16()),
    "float": (0.1, pa.float32()),
    "double": (19.99, pa.float64()),
    "nan": (float("nan"), pa.float64()),
    "whole": (100.0, pa.float64()),
    "decimal": (decimal.Decimal("-0.50"), pa.decimal128(9, 2)),
    "long_decimal": (decimal.Decimal("12345678901234567890.5"), pa.decimal128(38, 1)),
    "longest_decimal": (numbers.create_decimal("1234567890123456789012345678901234567890.12"), pa.decimal256(50, 2)),
    "text": ("zwölf", pa.string()),
    "large_text": ("groß", pa.large_string()),
    "bytes": (b"\x00\xff", pa.binary()),
    "fixed": (b"abc", pa.binary(3)),
    "uuid": (uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e").bytes, pa.uuid()),
    "date": (datetime.date(2026, 1, 2), pa.date32()),
    "time": (datetime.time(12, 34, 56, 789000), pa.time64("us")),
    "utc_millis": (moment.replace(tzinfo=utc), pa.timestamp("ms", "UTC")),
    "local_micros": (moment, pa.timestamp("us")),
    "utc_nanos": (moment.replace(microsecond=0, tzinfo=utc), pa.timestamp("ns", "UTC")),
    "list": ([1, None, 3], pa.list_(pa.int32())),
    "items": ([{"sku": "a", "qty": 1}, {"sku": None, "qty": 2}],
              pa.list_(pa.struct([("sku", pa.string()), ("qty", pa.int32())]))),
    "user": ({"address": {"zip": "8001"}, "tags": ["x", "y"]},
             pa.struct([("address", pa.struct([("zip", pa.string())])), ("tags", pa.list_(pa.string()))])),
    "map": ([("color", "red"), ("size", None)], pa.map_(pa.string(), pa.string())),
}
write("types.parquet", pa.table({name: pa.array([value, None], kind) for name, (value, kind) in types.items()}))

# Three row groups of 3 000 rows in all; `noise` is most of the file.
count = 3000
rows = pa.table({
    "id": pa.array(range(count), pa.int64()),
    "country": pa.array([["DE", "CH", None][i % 3] for i in range(count)]),
    "noise": pa.array([f"noise {i * 7919 % 100003}" for i in range(count)]),
    "amount": pa.array([decimal.Decimal(i) / 100 for i in range(count)], pa.decimal128(12, 2)),
})
write("rows.parquet", rows, row_group_size=1000, compression="none", use_dictionary=["country"])

# Texts that are none: Parquet says UTF-8 and the bytes are not.
broken = pa.Array.from_buffers(pa.string(), 3, pa.array([b"good", b"\xffbad", b"good again"]).buffers())
write("broken_text.parquet", pa.table({"id": pa.array([1, 2, 3]), "text": broken,
                                       "list": pa.array([["a"], ["b", "c"], []])}))

# ENUM and BSON, which pyarrow does not write: texts, annotated anew in the head of the file.
annotated = {
    "enum": pa.array(["PAID", None, "OPEN"]),
    "bson": pa.array(["{}", None, "x"]),
    "list": pa.array([["PAID", "OPEN"], None, []]),
    "user": pa.array([{"other": 1, "kind": "A"}, None, {"other": 2, "kind": None}]),
    "map": pa.array([[("a", "ONE")], None, []], pa.map_(pa.string(), pa.string())),
}
write("annotated.parquet", pa.table(annotated), store_schema=False)
with open(os.path.join(folder, "annotated.parquet"), "rb+") as file:
    head = file.read()
    # The name, then UTF8 and STRING, which become ENUM (4) or BSON (20 of the old annotations, 13 of the new).
    for name, old, new in ((b"enum", 8, 0x4C), (b"element", 8, 0x4C), (b"kind", 8, 0x4C), (b"value", 8, 0x4C), (b"bson", 40, 0xDC)):
        text = bytes([0x18, len(name)]) + name + bytes([0x25, 0, 0x4C, 0x1C, 0, 0])
        assert head.count(text) == 1, name
        head = head.replace(text, bytes([0x18, len(name)]) + name + bytes([0x25, old, 0x4C, new, 0, 0]))
    file.seek(0)
    file.write(head)
