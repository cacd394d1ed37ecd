# SPDX-License-Identifier: Apache-2.0
"""Records at which tools differ, each with the rules of rules20.yml that it breaks: what a text, a length, a time or a type is.
Written as two files, as a value of a wrong type stops some readers altogether."""

import json

PLAIN = {
    "order_id": "O-00000001", "customer_id": 1, "amount": 1.5, "currency": "EUR", "country": "DE", "status": "new",
    "email": "a@b.de", "created_at": "2026-01-01T00:00:00.000Z", "qty": 1, "weight": 0.5, "score": 0.5, "note": "x",
}
ABSENT = object()

# field, value, the rules of that field which it breaks
ODD_VALUES = [
    *((field, value, "required") for field in ("order_id", "customer_id", "amount", "currency", "created_at") for value in (None, ABSENT)),
    *((field, value, "") for field in ("country", "status", "email", "qty", "weight", "score", "note") for value in (None, ABSENT)),
    ("order_id", "", "match"), ("order_id", "O-00000001\n", "match"), ("order_id", "O-٠٠٠٠٠٠٠١", "match"), ("order_id", " O-00000001", "match"),
    ("customer_id", 0, "min"), ("customer_id", 9007199254740993, ""),
    ("amount", 0, ""), ("amount", -0.0, ""), ("amount", -0.001, "min"), ("amount", 100000, ""),
    ("amount", 100000.001, "max"),
    ("currency", "", "in"), ("currency", "eur", "in"), ("currency", "EUR ", "in"),
    ("country", "", "in"), ("country", "XX", "in"), ("status", "NEW", "in"),
    ("email", "", "match"), ("email", "a@b.de\n", "match"), ("email", "ä@b.de", ""), ("email", "a@b.DE", "match"), ("email", "a@b@c.de", "match"),
    ("created_at", "", "type"), ("created_at", "2026-02-30T00:00:00.000Z", "type"), ("created_at", "2028-02-29T00:00:00.000Z", ""),
    ("created_at", "2100-02-29T00:00:00.000Z", "type"), ("created_at", "2026-01-01T24:00:01.000Z", "type"),
    ("created_at", "2026-01-01T00:00:00Z", ""), ("created_at", "2026-01-01T02:00:00.000+02:00", ""), ("created_at", "2026-01-01", "type"),
    ("created_at", "2026-01-01T00:00:00.000", "type"),
    ("qty", 0, "min"), ("qty", 1000, ""), ("qty", 1001, "max"),
    ("weight", 0, "above"), ("weight", 1e-300, ""), ("score", 0, ""), ("score", -1e-9, "min"), ("score", 1, ""), ("score", 1.000001, "max"),
    ("note", "", ""), ("note", "é" * 60, ""), ("note", "é" * 61, "max_length"), ("note", "😀" * 60, ""), ("note", "😀" * 61, "max_length"),
    ("note", "e\u0301" * 31, "max_length"),
]
WRONG_TYPES = [
    ("order_id", 12345678, "match"), ("customer_id", "5", "min"), ("amount", "7.5", "min max"), ("currency", 978, "in"), ("country", 49, "in"),
    ("status", True, "in"), ("email", 12, "match"), ("created_at", 20260101, "type"), ("qty", "3", "min max"), ("weight", "0.5", "above"),
    ("score", "0.5", "min max"), ("note", 12, "max_length"),
]


def write(path, cases):
    """Writes the records and, as generate.cpp does, how often each rule is broken: FILE.expected. Every field has 0 for its other rules."""
    broken = dict.fromkeys((f"{field}.{rule}" for cases_of in (ODD_VALUES, WRONG_TYPES) for field, _, rules in cases_of for rule in rules.split()), 0)
    with open(path, "w", encoding="utf-8") as file:
        for field, value, rules in cases:
            record = PLAIN | {field: value}
            file.write(json.dumps({name: v for name, v in record.items() if v is not ABSENT}, ensure_ascii=False) + "\n")
            for rule in rules.split():
                broken[f"{field}.{rule}"] += 1
    with open(f"{path}.expected", "w", encoding="ascii") as file:
        file.writelines(f"{rule} {count}\n" for rule, count in broken.items())
