# SPDX-License-Identifier: Apache-2.0
"""One answer: the same rows as NDJSON, CSV, Avro and Parquet, in files and in a table of directories, give the same verdicts, the
same counts, the same windows and the same drift. Only places and sizes differ.

$WEIR_FORMATS_ROWS rows; 100000 with $WEIR_ALL. The writers are those of build/deps/arrow, which deploy/setup.sh provides: without
them, and with a weir that was built without Parquet, this fails."""
import csv
import datetime
import decimal
import json
import os
import random
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(1, os.path.join(TOP, "build", "deps", "arrow"))

from weir_process import Checks, Workplace, run  # noqa: E402

try:
    import fastavro
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as missing:
    sys.exit(f"{missing}: deploy/setup.sh provides it")

ROWS = int(os.environ.get("WEIR_FORMATS_ROWS", "100000" if os.environ.get("WEIR_ALL") else "20000"))
UTC = datetime.timezone.utc
BEGIN = datetime.datetime(2026, 3, 1, tzinfo=UTC)

RULES = """weir: 1
source: {time: created}
fields:
  id:      {type: integer, required: true, unique: true}
  amount:  {type: decimal, required: true, min: 0, max: 900}
  ratio:   {type: number, max: 0.995}
  name:    {type: string, match: '^[A-Zü]', severity: warn}
  status:  {in: [paid, open, late]}
  paid:    {type: boolean}
  created: {format: date-time}
records:
  - {expr: "paid == true || amount > 1"}
  - {expr: 'status != "paid" || amount < 800'}
windows:
  - rules:
      - {must: null_rate(name) <= 5%}
      - {must: min(amount) >= 0}
      - {must: distinct(status) <= 3}
      - {must: mean(ratio) <= 0.6}
  - every: 1h
    segment: [status]
    rules:
      - {must: row_count >= 10}
      - {must: sum(amount) > 0, should: null_count(name) == 0}
drift:
  - {fields: [amount, ratio, name, status, paid], every: 6h, reference: {file: before.baseline.json}}
"""

# What row groups say of themselves is enough for these.
COUNTED = """weir: 1
windows:
  - rules:
      - {must: row_count > 1000000}
      - {must: null_rate(paid) <= 1%}
      - {must: null_count(amount) > 0}
      - {must: min(amount) > 0}
      - {must: max(amount) < 0}
      - {must: max(id) < 0}
      - {must: min(ratio) > 1}
"""


def rows(seed, count, shift=0):
    draw = random.Random(seed)
    for i in range(count):
        cents = max(-500, int(draw.gauss(20000 + shift, 7000)))
        yield {
            "id": i if i % 5003 else max(0, i - 1),
            "amount": decimal.Decimal(cents) / 100,
            "ratio": draw.choice((draw.random(), round(draw.random(), 2))),
            "name": None if draw.random() < 0.06 else draw.choice(("Zürich", "Bern", "ünkown", "genf", "Chur, GR", 'A "b"')),
            "status": draw.choices(("paid", "open", "late", "gone"), (60, 30, 9, 1))[0],
            "paid": draw.choice((True, False, False, None)),
            "created": BEGIN + datetime.timedelta(milliseconds=i * 86_400_000 // count + draw.randrange(500)),
        }


def time_text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{moment.microsecond // 1000:03d}" if moment.microsecond else "") + "Z"


def number_text(value):
    """1, not 1.0: a double of Avro or Parquet says nothing of how it was written."""
    return str(int(value)) if value.is_integer() else repr(value)


def as_json(row):
    members = []
    for name, value in row.items():
        if isinstance(value, decimal.Decimal):
            text = f"{value:.2f}"
        elif isinstance(value, datetime.datetime):
            text = json.dumps(time_text(value))
        elif isinstance(value, float):
            text = number_text(value)
        else:
            text = json.dumps(value)
        members.append(f"{json.dumps(name)}:{text}")
    return "{" + ",".join(members) + "}\n"


def as_cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, decimal.Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.datetime):
        return time_text(value)
    return number_text(value) if isinstance(value, float) else value


def write_all(folder, table):
    with open(os.path.join(folder, "rows.ndjson"), "w", encoding="utf-8") as out:
        out.writelines(as_json(row) for row in table)
    with open(os.path.join(folder, "rows.csv"), "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(table[0])
        writer.writerows([as_cell(value) for value in row.values()] for row in table)
    schema = pa.schema([("id", pa.int64()), ("amount", pa.decimal128(12, 2)), ("ratio", pa.float64()), ("name", pa.string()),
                        ("status", pa.string()), ("paid", pa.bool_()), ("created", pa.timestamp("ms", "UTC"))])
    columns = {name: [row[name] for row in table] for name in schema.names}
    whole = pa.table(columns, schema=schema)
    pq.write_table(whole, os.path.join(folder, "rows.parquet"), row_group_size=7001, compression="zstd")
    third = len(table) // 3
    for number, (begin, length) in enumerate(((0, third), (third, third), (2 * third, len(table)))):
        below = os.path.join(folder, "lake", f"part={number}")
        os.makedirs(below)
        pq.write_table(whole.slice(begin, length), os.path.join(below, "part-0.parquet"), use_dictionary=number == 0,
                       compression="snappy", data_page_version="2.0" if number == 1 else "1.0")
    kinds = {"id": "long", "amount": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2},
             "ratio": "double", "name": ["null", "string"], "status": "string", "paid": ["null", "boolean"],
             "created": {"type": "long", "logicalType": "timestamp-millis"}}
    avro = {"type": "record", "name": "row", "fields": [{"name": name, "type": kind} for name, kind in kinds.items()]}
    with open(os.path.join(folder, "rows.avro"), "wb") as out:
        fastavro.writer(out, avro, table, codec="deflate")


PLACES = {"seconds", "path", "inputs", "input", "bytes", "line", "offset", "file", "now"}


def without_places(report):
    if isinstance(report, dict):
        return {key: without_places(value) for key, value in report.items() if key not in PLACES}
    return [without_places(value) for value in report] if isinstance(report, list) else report


def differences(a, b, where=""):
    if type(a) is not type(b):
        return [f"{where}: {a!r} != {b!r}"]
    if isinstance(a, dict):
        return [d for key in a.keys() | b.keys() for d in differences(a.get(key), b.get(key), f"{where}.{key}")]
    if isinstance(a, list) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, f"{where}[{i}]")]
    return [] if a == b else [f"{where}: {a!r} != {b!r}"]


checks = Checks()
with Workplace(**{"rules.yml": RULES, "counted.yml": COUNTED}) as folder:
    with open(os.path.join(folder, "before.ndjson"), "w", encoding="utf-8") as out:
        out.writelines(as_json(row) for row in rows(1, ROWS // 2))
    checks.equal("baseline", run("baseline", "before.ndjson", "-o", "before.baseline.json", cwd=folder).exit, 0)
    write_all(folder, list(rows(2, ROWS, shift=1500)))

    def answer(name, *more, rules="rules.yml"):
        ran = run("check", name, "--rules", rules, "--report", "json=report.json", "--now", "2026-03-02T00:00:00Z", *more,
                  cwd=folder)
        checks.equal(f"{name} {more}: exit", ran.exit, 1)
        if ran.exit != 1:
            checks.true(name, False, ran.err[-600:])
            return {}
        with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
            return without_places(json.load(file))

    wanted = answer("rows.ndjson")
    checks.true("the rows say something", "drift" in json.dumps(wanted) and str(ROWS) in json.dumps(wanted))
    for name in ("rows.csv", "rows.avro", "rows.parquet", "lake"):
        for more in ((), ("--threads", "3")):
            different = differences(wanted, answer(name, *more))
            checks.equal(f"{name} {more}: another answer than rows.ndjson", different[:10], [])

    wanted = answer("rows.ndjson", rules="counted.yml")
    for name in ("rows.parquet", "lake"):
        different = differences(wanted, answer(name, rules="counted.yml"))
        checks.equal(f"{name}: another answer of row groups than of rows.ndjson", different[:10], [])
    # Of all pages nothing is left, only what is said of them.
    with open(os.path.join(folder, "rows.parquet"), "rb+") as file:
        begin = pq.read_metadata(file).serialized_size + 8
        file.seek(4)
        file.write(bytes(os.path.getsize(file.name) - 4 - begin))
    with open(os.path.join(folder, "said.yml"), "w", encoding="utf-8") as out:
        out.write("".join(line for line in COUNTED.splitlines(True) if "ratio" not in line))
    different = differences(answer("rows.ndjson", rules="said.yml"), answer("rows.parquet", rules="said.yml"))
    checks.equal("rows.parquet without pages: another answer", different[:10], [])
    checks.equal("floats are read", run("check", "rows.parquet", "--rules", "counted.yml", cwd=folder).exit, 3)
checks.finish()
