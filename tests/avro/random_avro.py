# SPDX-License-Identifier: Apache-2.0
"""Random Avro schemas and values of them, from a seed.

Schemas are plain JSON. The fields of the outermost record are f0, f1, …, those further in g0, g1, …, so that one rule file fits
all. Left out is what Apache's Python library cannot tell apart when it writes a union (it takes the last branch that fits): two
kinds of floating numbers, of records and maps, of times, of bytes.
"""
import datetime
import decimal
import struct
import uuid

PLAIN = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]
# Logical types that the library reads, and those that it hands on as the number or the bytes that they are.
LOGICAL = [("int", "date"), ("int", "time-millis"), ("long", "time-micros"), ("long", "timestamp-millis"),
           ("long", "timestamp-micros"), ("long", "timestamp-nanos"), ("long", "local-timestamp-millis"),
           ("long", "local-timestamp-micros"), ("long", "local-timestamp-nanos"), ("string", "uuid")]
# Branches of one group cannot stand in one union.
GROUPS = {"float": "floating", "double": "floating", "date": "time", "time-millis": "time", "time-micros": "time",
          "timestamp-millis": "time", "timestamp-micros": "time", "timestamp-nanos": "long",
          "local-timestamp-millis": "long", "local-timestamp-micros": "long", "local-timestamp-nanos": "long",
          "int": "whole", "long": "whole", "uuid": "string", "string": "string", "enum": "string", "bytes": "bytes",
          "fixed": "bytes", "decimal": "decimal", "duration": "bytes", "record": "members", "map": "members"}
TEXTS = ["", "a", "Zürich", "line\nend", "quote\"d", "\u0000", "☃ snow", "𝄞", "plain text of some length, longer than a cell of a report shows it"]
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def kind_of(schema):
    """What stands at the top: a type, a logical type, or "ref" for a name."""
    if isinstance(schema, list):
        return "union"
    if isinstance(schema, str):
        return schema if schema in PLAIN else "ref"
    return schema.get("logicalType", schema["type"])


class Schemas:
    """One random schema after another."""

    def __init__(self, chance):
        self.chance = chance

    def record(self):
        self.names = 0
        self.members = 0
        self.known = []  # names of types that are complete, with their kinds
        self.left = self.chance.randint(1, 25)  # nodes
        return self.make_record(0, "f")

    def name(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    def make_record(self, depth, letter):
        name = self.name("Record")
        schema = {"type": "record", "name": name}
        if depth == 0 and self.chance.random() < 0.5:
            schema["namespace"] = "weir.test"
        self.open = self.open + [name] if depth else [name]
        count = self.chance.randint(1, 8) if depth == 0 else self.chance.randint(0, 4)
        schema["fields"] = [{"name": f"{letter}{i}", "type": self.any(depth + 1)} for i in range(count)]
        self.open.pop()
        self.known.append((name, "record"))
        return schema

    def any(self, depth, union=True):
        self.left -= 1
        roll = self.chance.random()
        if depth > 5 or self.left <= 0 or roll < 0.45:
            return self.chance.choice(PLAIN)
        if roll < 0.58:
            kind, logical = self.chance.choice(LOGICAL)
            return {"type": kind, "logicalType": logical}
        if roll < 0.63:
            precision = self.chance.randint(1, 30)
            scale = self.chance.randint(0, precision)
            decimals = {"logicalType": "decimal", "precision": precision, "scale": scale}
            if self.chance.random() < 0.5:
                return {"type": "bytes", **decimals}
            return {"type": "fixed", "name": self.name("Decimal"), "size": 16, **decimals}
        if roll < 0.66:
            fixed = {"type": "fixed", "name": self.name("Fixed"), "size": self.chance.choice([0, 1, 12, 16, 33])}
            if fixed["size"] == 12:
                fixed["logicalType"] = "duration"
            self.known.append((fixed["name"], "fixed"))
            return fixed
        if roll < 0.70:
            enum = {"type": "enum", "name": self.name("Enum"), "symbols": [f"S{i}" for i in range(self.chance.randint(1, 70))]}
            self.known.append((enum["name"], "enum"))
            return enum
        if roll < 0.78:
            return {"type": "array", "items": self.any(depth + 1)}
        if roll < 0.84:
            return {"type": "map", "values": self.any(depth + 1)}
        if roll < 0.92 and union:
            return self.union(depth)
        if roll < 0.94 and self.known:
            return self.chance.choice(self.known)[0]
        if roll < 0.96 and union and depth > 1:
            return ["null", self.chance.choice(self.open)]  # a type that holds itself
        return self.make_record(depth, "g")

    def union(self, depth):
        branches = []
        groups = set()
        for _ in range(self.chance.randint(1, 5)):
            before = len(self.known)
            branch = self.any(depth + 1, union=False)
            kind = kind_of(branch)
            kind = dict(self.known)[branch] if kind == "ref" else kind
            # Two branches of one type are one too many, whatever their logical types.
            taken = {GROUPS.get(kind, kind), branch["type"] if isinstance(branch, dict) else branch}
            if taken & groups or kind == "uuid":  # of which the library asks every value whether it is one, and breaks
                del self.known[before:]
            else:
                groups |= taken
                branches.append(branch)
        return branches or ["null"]


def names_of(schema, known=None):
    """All named types of a schema, by name."""
    known = {} if known is None else known
    if isinstance(schema, list):
        for branch in schema:
            names_of(branch, known)
    elif isinstance(schema, dict):
        if "name" in schema:
            known[schema["name"]] = schema
        for inner in [schema.get("items"), schema.get("values")] + [f["type"] for f in schema.get("fields", [])]:
            names_of(inner, known)
    return known


class Values:
    """Random values of a schema, as Apache's library takes them."""

    def __init__(self, chance, schema):
        self.chance = chance
        self.known = names_of(schema)

    def make(self, schema, depth=0):
        kind = kind_of(schema)
        if kind == "ref":
            return self.make(self.known[schema], depth)
        if kind == "union":
            branches = ["null"] if depth > 6 and "null" in schema else schema
            return self.make(self.chance.choice(branches), depth)
        return getattr(self, "make_" + kind.replace("-", "_"))(schema, depth)

    def whole(self, bits):
        if self.chance.random() < 0.4:
            return self.chance.randint(-70, 70)
        size = self.chance.randint(0, bits - 1)
        edge = (1 << size) - self.chance.randint(0, 1)
        edge = min(edge, (1 << (bits - 1)) - 1)
        return edge if self.chance.random() < 0.5 else -edge - self.chance.randint(0, 1)

    def make_null(self, _, __):
        return None

    def make_boolean(self, _, __):
        return self.chance.random() < 0.5

    def make_int(self, _, __):
        return self.whole(32)

    def make_long(self, _, __):
        return self.whole(64)

    make_timestamp_nanos = make_local_timestamp_nanos = make_long

    def make_local_timestamp_millis(self, _, __):
        return self.chance.randint(-62_135_596_800_000, 253_402_300_799_999)

    def make_local_timestamp_micros(self, _, __):
        return self.chance.randint(-62_135_596_800_000_000, 253_402_300_799_999_999)

    def make_float(self, _, __):
        while True:
            value = struct.unpack("<f", self.chance.choice([struct.pack("<f", self.chance.gauss(0, 100)), self.chance.randbytes(4)]))[0]
            if value == value:
                return value

    def make_double(self, _, __):
        while True:
            value = self.chance.choice([self.chance.gauss(0, 1e4), round(self.chance.random() * 1000, 2),
                                        float(self.chance.randint(-10**6, 10**6)), struct.unpack("<d", self.chance.randbytes(8))[0]])
            if value == value:
                return value

    def make_bytes(self, _, __):
        return self.chance.randbytes(self.chance.choice([0, 1, 2, 3, 20, 70]))

    def make_fixed(self, schema, _):
        return self.chance.randbytes(schema["size"])

    def make_duration(self, _, __):
        return struct.pack("<III", *(self.chance.choice([0, 1, 12, 86_400_001, 2**32 - 1]) for _ in range(3)))

    def make_string(self, _, __):
        return self.chance.choice(TEXTS) if self.chance.random() < 0.7 else "x" * self.chance.randint(0, 300)

    def make_uuid(self, _, __):
        return str(uuid.UUID(bytes=self.chance.randbytes(16)))

    def make_enum(self, schema, _):
        return self.chance.choice(schema["symbols"])

    def make_date(self, _, __):
        return datetime.date.fromordinal(self.chance.randint(1, datetime.date.max.toordinal()))

    def make_time_millis(self, _, __):
        at = self.chance.randrange(86_400_000) if self.chance.random() < 0.7 else self.chance.randrange(86_400) * 1000
        return (datetime.datetime.min + datetime.timedelta(milliseconds=at)).time()

    def make_time_micros(self, _, __):
        return (datetime.datetime.min + datetime.timedelta(microseconds=self.chance.randrange(86_400_000_000))).time()

    def make_timestamp_millis(self, _, __):
        return EPOCH + datetime.timedelta(milliseconds=self.make_local_timestamp_millis(_, __))

    def make_timestamp_micros(self, _, __):
        return EPOCH + datetime.timedelta(microseconds=self.make_local_timestamp_micros(_, __))

    def make_decimal(self, schema, _):
        digits = self.chance.randint(1, schema["precision"])
        return decimal.Decimal(self.chance.randint(-10**digits + 1, 10**digits - 1)).scaleb(-schema["scale"])

    def make_array(self, schema, depth):
        count = 0 if depth > 6 else self.chance.choice([0, 1, 2, 5])
        return [self.make(schema["items"], depth + 1) for _ in range(count)]

    def make_map(self, schema, depth):
        count = 0 if depth > 6 else self.chance.choice([0, 1, 3])
        return {f"k{i}": self.make(schema["values"], depth + 1) for i in range(count)}

    def make_record(self, schema, depth):
        return {field["name"]: self.make(field["type"], depth + 1) for field in schema["fields"]}
