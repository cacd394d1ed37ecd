# SPDX-License-Identifier: Apache-2.0
"""What the peers in this folder have in common: the fields of the orders, the words and patterns of rules20.yml, and how the
failures of each rule are printed. Everything else each of them says in its own words."""

import json

COLUMNS = {
    "order_id": str, "customer_id": int, "amount": float, "currency": str, "country": str, "status": str, "email": str,
    "created_at": str, "qty": int, "weight": float, "score": float, "note": str,
}
CURRENCIES = "EUR USD GBP JPY CHF SEK NOK DKK PLN CZK".split()
COUNTRIES = ("DE FR IT ES NL BE AT CH SE NO DK FI PL CZ PT IE "
             "GB US CA JP KR AU NZ BR MX IN SG ZA GR HU").split()
STATUSES = "new paid packed shipped delivered returned".split()
ORDER_ID = r"^O-[0-9]{8}$"
EMAIL = r"^[^@ ]+@[a-z0-9.-]+\.[a-z]{2,}$"
LONGEST_NOTE = 60


def columns(kinds):
    """The columns with the types of a library: `kinds` says what it calls str, int and float."""
    return {name: kinds[kind] for name, kind in COLUMNS.items()}


def say(failures):
    """{rule: failures} as one line of JSON."""
    print(json.dumps({rule: int(count) for rule, count in failures.items()}))
