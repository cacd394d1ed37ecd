# SPDX-License-Identifier: Apache-2.0
"""Random records in container files, written and read by Apache's own library, and what weir makes of the same files.

A rule file that no record keeps puts every record into the quarantine: as JSON under `record`, as its own bytes under
`record_base64`, and what rules saw of single fields under `violations`. All three are compared. 1,000 schemas, or 10,000 with
WEIR_ALL=1; WEIR_SEED repeats a run.
"""
import base64
import io
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scripts"))
from apache import CODECS, avro
from random_avro import Schemas, Values, kind_of, names_of
from weir_process import Checks, Workplace, run
from written import Number, Same, read_json

SEED = int(os.environ.get("WEIR_SEED", "20260101"))
FILES = 10_000 if os.environ.get("WEIR_ALL") else 1_000
TOGETHER = 250  # files in one run
FIELDS = [f"f{i}" for i in range(8)]
PATHS = FIELDS + [f"{name}[]" for name in FIELDS] + [f"{name}.g0" for name in FIELDS]
RULES = "weir: 1\nfields:\n  absent_everywhere: {required: true}\n" + "".join(
    f'  "{path}": {{in: [no value is this]}}\n' for path in PATHS)
SHOWN = 60  # longer values are shortened in violations


def text_of(got):
    """What a violation shows of a value that stands so in JSON; nothing where it is shortened."""
    if isinstance(got, (dict, list)):
        return None
    text = {True: "true", False: "false"}[got] if isinstance(got, bool) else str(got)
    return text if len(text.encode()) < SHOWN and text.isprintable() and "\\" not in text else None


def check_violations(checks, place, record, violations):
    """Scalars that a rule names: a violation for each, with the text that stands in the JSON too."""
    seen = {violation["path"]: violation["value"] for violation in violations}
    for name in FIELDS:
        got = record.get(name)
        inner = got.get("g0") if isinstance(got, dict) else None
        first = got[0] if isinstance(got, list) and got else None
        for path, value in ((name, got), (name + ".g0", inner), (name + "[0]", first)):
            if value is None or isinstance(value, (dict, list)):
                continue
            if path not in seen:
                checks.true(f"{place}: {path} was seen", False, record)
            elif (text := text_of(value)) is not None:
                checks.equal(f"{place}: {path} as rules see it", seen[path], text)


def main():
    print(f"seed {SEED}, {FILES} schemas")
    chance = random.Random(SEED)
    schemas = Schemas(chance)
    checks = Checks()
    records = 0
    for begin in range(0, FILES, TOGETHER):
        with Workplace(**{"all-fail.yml": RULES}) as folder:
            wanted = {}
            for number in range(begin, min(FILES, begin + TOGETHER)):
                name = f"{number}.avro"
                wanted[name] = write_file(os.path.join(folder, name), schemas.record(), chance)
            ran = run("check", *wanted, "--rules", "all-fail.yml", "--quarantine", "all.ndjson", "--report", "json=report.json", cwd=folder)
            checks.true(f"files {begin} to {begin + len(wanted) - 1}: exit", ran.exit == 1, ran.err)
            found = {name: [] for name in wanted}
            if os.path.exists(os.path.join(folder, "all.ndjson")):
                with open(os.path.join(folder, "all.ndjson"), encoding="utf-8") as lines:
                    for line in lines:
                        record = read_json(line)
                        found[record["input"]].append(record)
            for name, (schema, values, data) in wanted.items():
                records += len(values)
                compare(checks, name, schema, values, data, found[name])
    print(f"{records} records")
    checks.finish()


def write_file(path, schema, chance):
    parsed = avro.schema.parse(json.dumps(schema))
    values = Values(chance, schema)
    written = []
    data = []
    with open(path, "wb") as file:
        writer = avro.datafile.DataFileWriter(file, avro.io.DatumWriter(), parsed, codec=chance.choice(CODECS))
        for _ in range(chance.choice([0, 1, 3, 8])):
            value = values.make(schema)
            writer.append(value)
            single = io.BytesIO()
            avro.io.DatumWriter(parsed).write(value, avro.io.BinaryEncoder(single))
            data.append(single.getvalue())
            if chance.random() < 0.2:
                writer.sync()  # ends the block
        writer.close()
    with open(path, "rb") as file:
        written = list(avro.datafile.DataFileReader(file, avro.io.DatumReader()))
    return schema, written, data


def compare(checks, name, schema, values, data, found):
    same = Same(names_of(schema))
    checks.equal(f"{name}: records", len(found), len(values))
    for number, (value, datum, line) in enumerate(zip(values, data, found), 1):
        place = f"seed {SEED}, {name}, record {number} of {json.dumps(schema)}"
        checks.equal(f"{place}: line", line["line"], Number(number))
        if "record" not in line:
            checks.true(f"{place}: could not be read", False, line)
            continue
        checks.true(f"{place}: value", same(schema, value, line["record"]), (value, line["record"]))
        checks.equal(f"{place}: bytes", base64.b64decode(line["record_base64"]), datum)
        check_violations(checks, place, line["record"], line["violations"])


main()
