# SPDX-License-Identifier: Apache-2.0
"""Whether what weir wrote of a record says the same as what Apache's library read of it.

Numbers are compared as they are written, digit for digit where that is told: decimals have the digits of their scale, floating
numbers are the shortest text that reads back as the same number.
"""
import base64
import datetime
import decimal
import json
import math
import re
import struct

from random_avro import EPOCH, kind_of

DURATION = re.compile(r"P(?:(\d+)M)?(?:(\d+)D)?(?:T(\d+)(?:\.(\d{3}))?S)?$")
UNITS = {"millis": 10**3, "micros": 10**6, "nanos": 10**9}


class Number(str):
    """A number as it stands in JSON."""


def read_json(line):
    return json.loads(line, parse_int=Number, parse_float=Number, parse_constant=Number)


def shortest_float(value):
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        try:
            if struct.pack("<f", float(text)) == struct.pack("<f", value):
                return text
        except OverflowError:  # rounded beyond the largest one
            pass
    return repr(value)


def same_floating(value, got, shortest):
    if math.isinf(value):
        return got in ("Infinity" if value > 0 else "-Infinity", None)
    return isinstance(got, Number) and decimal.Decimal(got) == decimal.Decimal(shortest)


def clock(ticks, unit):
    """"12:34:56.789" of ticks since midnight, with 3, 6 or 9 digits where there is a fraction."""
    seconds, rest = divmod(ticks, unit)
    text = "%02d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)
    return text + ("." + str(rest).zfill(len(str(unit)) - 1) if rest else "")


def without_zeros(text):
    return re.sub(r"(\.\d*?)0+(?=Z?$)", r"\1", text).replace(".Z", "Z").rstrip(".")


def instant(ticks, unit, ending):
    day, rest = divmod(ticks, 86_400 * unit)
    return (EPOCH + datetime.timedelta(days=day)).date().isoformat() + "T" + clock(rest, unit) + ending


def same_time(got, wanted):
    """Trailing zeros of a fraction are the same time; its length is 3, 6 or 9."""
    if isinstance(got, Number) or not isinstance(got, str):
        return False
    fraction = re.search(r"\.(\d+)", got)
    return without_zeros(got) == without_zeros(wanted) and (fraction is None or len(fraction[1]) in (3, 6, 9))


def same_duration(value, got):
    found = DURATION.match(got)
    if not found or got == "P":
        return False
    months, days, seconds, millis = (int(part or 0) for part in found.groups())
    return (months, days, seconds * 1000 + millis) == struct.unpack("<III", value)


class Same:
    def __init__(self, known):
        self.known = known

    def __call__(self, schema, value, got):
        kind = kind_of(schema)
        if kind == "ref":
            return self(self.known[schema], value, got)
        if kind == "union":
            return any(self(branch, value, got) for branch in schema if self.fits(branch, value))
        return getattr(self, kind.replace("-", "_"))(schema, value, got)

    def fits(self, schema, value):
        """Whether a value that was read can be of that branch."""
        kind = kind_of(schema)
        if kind == "ref":
            return self.fits(self.known[schema], value)
        types = {"null": type(None), "boolean": bool, "int": int, "long": int, "float": (float, int), "double": (float, int),
                 "bytes": bytes, "string": str, "enum": str, "uuid": str, "fixed": bytes, "duration": bytes,
                 "decimal": decimal.Decimal, "array": list, "map": dict, "record": dict, "date": datetime.date,
                 "time-millis": datetime.time, "time-micros": datetime.time, "timestamp-millis": datetime.datetime,
                 "timestamp-micros": datetime.datetime}
        if kind.startswith(("date", "time")) and isinstance(value, int):
            return not isinstance(value, bool)
        return isinstance(value, types.get(kind, int)) and (kind in ("boolean",) or not isinstance(value, bool))

    def null(self, _, __, got):
        return got is None

    def boolean(self, _, value, got):
        return got is value

    def int(self, _, value, got):
        return isinstance(got, Number) and got == str(value)

    long = int

    def float(self, _, value, got):
        try:
            value = struct.unpack("<f", struct.pack("<f", value))[0]  # of an integer: the nearest
        except OverflowError:
            value = math.inf if value > 0 else -math.inf
        return same_floating(value, got, shortest_float(value))

    def double(self, _, value, got):
        return same_floating(float(value), got, repr(float(value)))

    def bytes(self, _, value, got):
        return type(got) is str and got == base64.b64encode(value).decode()

    fixed = bytes

    def string(self, _, value, got):
        return type(got) is str and got == value

    uuid = enum = string

    def duration(self, _, value, got):
        return type(got) is str and same_duration(value, got)

    def decimal(self, schema, value, got):
        with decimal.localcontext() as context:
            context.prec = 100
            wanted = format(value.quantize(decimal.Decimal(1).scaleb(-schema["scale"])), "f")
        if not value:
            wanted = wanted.lstrip("-")
        return isinstance(got, Number) and got == wanted

    def date(self, _, value, got):
        if isinstance(value, int):  # written without the logical type
            return self.ticks(value, 1, got, lambda: (EPOCH + datetime.timedelta(days=value)).date().isoformat())
        return got == value.isoformat()

    def ticks(self, value, day, got, wanted):
        """A number that is read as a time, or stays one where there is no such time."""
        try:
            EPOCH + datetime.timedelta(days=value // day)
            return same_time(got, wanted())
        except OverflowError:
            return isinstance(got, Number) and got == str(value)

    def time_millis(self, schema, value, got):
        if isinstance(value, int):
            unit = UNITS[schema["logicalType"].rsplit("-", 1)[1]]
            if not 0 <= value < 86_400 * unit:
                return isinstance(got, Number) and got == str(value)
            return same_time(got, clock(value, unit))
        micros = ((value.hour * 60 + value.minute) * 60 + value.second) * 10**6 + value.microsecond
        return same_time(got, clock(micros, 10**6))

    time_micros = time_millis

    def timestamp_millis(self, schema, value, got):
        if isinstance(value, int):
            unit = UNITS[schema["logicalType"].rsplit("-", 1)[1]]
            return self.ticks(value, 86_400 * unit, got, lambda: instant(value, unit, "Z"))
        return same_time(got, instant((value - EPOCH) // datetime.timedelta(microseconds=1), 10**6, "Z"))

    timestamp_micros = timestamp_millis

    def timestamp_nanos(self, schema, value, got):
        unit = UNITS[schema["logicalType"].rsplit("-", 1)[1]]
        return same_time(got, instant(value, unit, "" if schema["logicalType"].startswith("local") else "Z"))

    local_timestamp_millis = local_timestamp_micros = local_timestamp_nanos = timestamp_nanos

    def array(self, schema, value, got):
        return isinstance(got, list) and len(got) == len(value) and all(
            self(schema["items"], one, other) for one, other in zip(value, got))

    def map(self, schema, value, got):
        return isinstance(got, dict) and got.keys() == value.keys() and all(
            self(schema["values"], value[key], got[key]) for key in value)

    def record(self, schema, value, got):
        fields = {field["name"]: field["type"] for field in schema["fields"]}
        return isinstance(got, dict) and got.keys() == value.keys() == fields.keys() and list(got) == list(fields) and all(
            self(fields[name], value[name], got[name]) for name in fields)
