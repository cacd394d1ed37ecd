# SPDX-License-Identifier: Apache-2.0
"""Two files of records for `weir compare` and its peers: make_drift.py RECORDS REFERENCE CURRENT

Seven fields. amount is 1.3 times as large in the second file, score is higher by 0.3 of its standard deviation, one order in five
is paid in JPY whatever it would have been; qty, weight, country and status are drawn as in the first.
"""

import json
import random
import sys

SHIFTED = ("amount", "score", "currency")
SAME = ("qty", "weight", "country", "status")
CURRENCIES = "EUR USD GBP JPY CHF SEK NOK DKK PLN CZK".split()
COUNTRIES = "DE FR IT ES NL BE AT CH SE NO DK FI".split()
STATUSES = "new paid packed shipped delivered returned".split()


def record(draw, moved):
    currency = draw.choice(CURRENCIES)
    return {
        "amount": round(draw.lognormvariate(3, 1) * (1.3 if moved else 1), 2),
        "score": round(draw.gauss(0.3 if moved else 0, 1), 6),
        "currency": "JPY" if moved and draw.random() < 0.2 else currency,
        "qty": 1 + int(draw.expovariate(0.05)),
        "weight": round(draw.lognormvariate(0, 0.7), 3),
        "country": COUNTRIES[min(int(draw.expovariate(0.3)), len(COUNTRIES) - 1)],
        "status": draw.choice(STATUSES),
    }


def main(records, *paths):
    for seed, path in enumerate(paths):
        draw = random.Random(seed)
        with open(path, "w", encoding="ascii") as file:
            for _ in range(records):
                file.write(json.dumps(record(draw, moved=seed > 0), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
