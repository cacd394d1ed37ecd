# SPDX-License-Identifier: Apache-2.0
"""Random records written with one schema and read with another, by Apache's own library and by weir (`source: {schema: …}`).

300 pairs of schemas, or 3,000 with WEIR_ALL=1; WEIR_SEED repeats a run.

What the library (1.12) does otherwise than the specification is

  mended here (Reader, below)            it asks of the elements of arrays and maps that their types have the same name, where
                                         the specification resolves them as it does any other, and asks nothing of them where
                                         there are none; it refuses a union that is read as no union, and text read as bytes or bytes
                                         read as text; of a union to read with it takes a branch that a value is promoted to
                                         before a later one of its own type, which Java does not; it gives a logical type
                                         to what is read without one
  passed over (written.py)               it gives no logical type to what was written without one
  left out, and tested in tests/decode   it knows no aliases and no defaults of enums; it compares full names, and takes text
                                         defaults of bytes as UTF-8
"""
import copy
import io
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scripts"))
from apache import avro
from random_avro import Schemas, Values, kind_of, names_of
from weir_process import Checks, Workplace, run
from written import Same, read_json

SEED = int(os.environ.get("WEIR_SEED", "20260102"))
PAIRS = 3_000 if os.environ.get("WEIR_ALL") else 300
RULES = "weir: 1\nsource: {schema: reader.avsc}\nfields:\n  absent_everywhere: {required: true}\n"
WIDER = {"int": ["long", "float", "double"], "long": ["float", "double"], "float": ["double"]}
NEW_FIELDS = [("int", 7), ("long", -1), ("string", "new"), ("double", 1.5), ("boolean", True), (["null", "int"], None),
              (["string", "null"], "first"), ({"type": "array", "items": "int"}, [1, 2]), ({"type": "map", "values": "string"}, {"a": "b"})]


class Changed:
    """A reader's schema out of a writer's: mostly one that can read it, at times not."""

    def __init__(self, chance):
        self.chance = chance

    def __call__(self, schema):
        for _ in range(100):
            self.added = 0
            changed = self.change(copy.deepcopy(schema))
            try:
                avro.schema.parse(json.dumps(changed))
                return changed
            except avro.errors.AvroException:
                pass  # the definition of a type went that is named elsewhere
        return schema

    def roll(self, probability):
        return self.chance.random() < probability

    def change(self, schema, inside=False):
        if isinstance(schema, list):
            return self.change_union(schema)
        if isinstance(schema, dict):
            schema = self.change_parts(schema)
        elif schema in WIDER and self.roll(0.3):
            schema = self.chance.choice(WIDER[schema])
        elif self.roll(0.02):
            schema = self.chance.choice(["null", "boolean", "int", "string"])
        if not inside and self.roll(0.1):
            return self.wrap(schema)
        return schema

    def wrap(self, schema):
        taken = schema["type"] if isinstance(schema, dict) else schema
        others = [other for other in ("null", "boolean", "string", "int", "double") if other != taken]
        branches = [schema, *self.chance.sample(others, self.chance.randint(0, 2))]
        self.chance.shuffle(branches)
        return branches

    def change_union(self, branches):
        branches = [self.change(branch, inside=True) for branch in branches]
        if len(branches) == 1 and self.roll(0.3):
            return branches[0]
        if len(branches) > 1 and self.roll(0.05):
            branches.pop(self.chance.randrange(len(branches)))
        self.chance.shuffle(branches)
        return branches

    def change_parts(self, schema):
        for inner in ("items", "values"):
            if inner in schema:
                schema[inner] = self.change(schema[inner])
        if schema["type"] == "enum":
            if self.roll(0.1) and len(schema["symbols"]) > 1:
                schema["symbols"].pop(self.chance.randrange(len(schema["symbols"])))
            if self.roll(0.3):
                schema["symbols"].append("NEW")
            if self.roll(0.3):
                self.chance.shuffle(schema["symbols"])
        if schema["type"] == "record":
            fields = []
            for field in schema["fields"]:
                if not self.roll(0.12):
                    fields.append({**field, "type": self.change(field["type"])})
            if self.roll(0.3):
                kind, default = self.chance.choice(NEW_FIELDS)
                fields.append({"name": f"new{self.added}", "type": kind, "default": default})
                self.added += 1
            if self.roll(0.02):
                fields.append({"name": f"lacking{self.added}", "type": "int"})
            self.chance.shuffle(fields)
            schema["fields"] = fields
        return schema


def main():
    print(f"seed {SEED}, {PAIRS} pairs of schemas")
    chance = random.Random(SEED)
    schemas = Schemas(chance)
    changed = Changed(chance)
    checks = Checks()
    read = refused = 0
    for number in range(PAIRS):
        writer = schemas.record()
        reader = changed(writer)
        parsed, wanted_schema = avro.schema.parse(json.dumps(writer)), avro.schema.parse(json.dumps(reader))
        values = Values(chance, writer)
        outcomes = []
        with Workplace(**{"rules.yml": RULES, "reader.avsc": json.dumps(reader)}) as folder:
            with open(os.path.join(folder, "in.avro"), "wb") as file:
                container = avro.datafile.DataFileWriter(file, avro.io.DatumWriter(), parsed)
                for _ in range(4):
                    value = values.make(writer)
                    container.append(value)
                    outcomes.append(resolved(parsed, wanted_schema, value))
                container.close()
            ran = run("check", "in.avro", "--rules", "rules.yml", "--quarantine", "all.ndjson", cwd=folder)
            found = []
            if os.path.exists(os.path.join(folder, "all.ndjson")):
                with open(os.path.join(folder, "all.ndjson"), encoding="utf-8") as lines:
                    found = [read_json(line) for line in lines]
        place = f"seed {SEED}, pair {number}\n  writer {json.dumps(writer)}\n  reader {json.dumps(reader)}\n "
        checks.equal(f"{place} records ({ran.err.decode()})", len(found), len(outcomes))
        same = Same(names_of(reader))
        for outcome, line in zip(outcomes, found):
            if isinstance(outcome, avro.errors.AvroException):
                refused += 1
                checks.true(f"{place} is refused: {outcome}", "record" not in line, line)
            elif "record" not in line:
                checks.true(f"{place} is read: {outcome}", False, line)
            else:
                read += 1
                checks.true(f"{place} value: {outcome}", same(reader, outcome, line["record"]), line["record"])
    print(f"{read} records read, {refused} refused")
    checks.true("both happen", read > PAIRS and refused > PAIRS // 10, (read, refused))
    checks.finish()


def matches(reader, writer):
    """As far as types and names tell."""
    if reader.type in ("array", "map"):
        return reader.type == writer.type
    return {reader.type, writer.type} == {"bytes", "string"} or reader.match(writer)


def fits(reader, writer, seen=()):
    """Whether some value of one schema can be read with the other."""
    if writer.type == "union":
        return any(fits(reader, branch, seen) for branch in writer.schemas)
    if reader.type == "union":
        return any(matches(branch, writer) for branch in reader.schemas) and fits(branch_for(reader, writer), writer, seen)
    if not matches(reader, writer):
        return False
    if reader.type == "array":
        return fits(reader.items, writer.items, seen)
    if reader.type == "map":
        return fits(reader.values, writer.values, seen)
    if reader.type != "record" or (id(reader), id(writer)) in seen:
        return True
    written = writer.fields_dict
    return all(fits(field.type, written[field.name].type, (*seen, (id(reader), id(writer)))) if field.name in written
               else field.has_default for field in reader.fields)


def branch_for(union, writer):
    found = [branch for branch in union.schemas if matches(branch, writer)]
    if not found:
        raise avro.errors.SchemaResolutionException("Schemas do not match.", writer, union)
    return next((branch for branch in found if branch.type == writer.type), found[0])


class Reader(avro.io.DatumReader):
    def read_data(self, writers_schema, readers_schema, decoder):
        if writers_schema.type == "union":
            writers_schema = writers_schema.schemas[decoder.read_long()]
        if readers_schema.type == "union":
            readers_schema = branch_for(readers_schema, writers_schema)
        if {writers_schema.type, readers_schema.type} == {"bytes", "string"}:
            value = decoder.read_bytes()
            try:
                return value.decode() if readers_schema.type == "string" else value
            except UnicodeDecodeError as error:
                raise avro.errors.AvroException("no UTF-8") from error
        if writers_schema.type in ("int", "long") and not getattr(readers_schema, "logical_type", None):
            if matches(readers_schema, writers_schema):
                return decoder.read_long()
        return super().read_data(writers_schema, readers_schema, decoder)


avro.schema.ArraySchema.match = avro.schema.MapSchema.match = matches


def resolved(writer, reader, value):
    """What the library reads with the other schema, or its error."""
    if not fits(reader, writer):
        return avro.errors.SchemaResolutionException("Schemas do not match.", writer, reader)
    datum = io.BytesIO()
    avro.io.DatumWriter(writer).write(value, avro.io.BinaryEncoder(datum))
    datum.seek(0)
    try:
        return Reader(writer, reader).read(avro.io.BinaryDecoder(datum))
    except avro.errors.AvroException as error:
        return error


main()
