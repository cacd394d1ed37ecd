# SPDX-License-Identifier: Apache-2.0
"""Two days of orders of the shop of `weir demo`, for docs/tutorial.md: monday.ndjson is sound, on tuesday.ndjson six things go wrong.
`python3 make.py` writes both; the same seeds make the same orders."""
import datetime
import json
import os
import random

PER_HOUR = 100
OPEN = range(8, 20)
COUNTRIES = ["DE", "FR", "NL", "US", "GB", "AT", "ES", "IT"]
CURRENCIES = ["EUR", "EUR", "EUR", "USD", "GBP"]
STATUSES = ["new", "paid", "paid", "shipped", "shipped", "shipped"]


def order(draw, number, at):
    cents = 199 + draw.randrange(9800) + (draw.randrange(200_000) if draw.randrange(20) == 0 else 0)
    customer = draw.randint(1, 4000)
    return {"order_id": f"O-{number:08}", "customer_id": customer, "amount": cents / 100, "currency": draw.choice(CURRENCIES),
            "country": draw.choice(COUNTRIES), "status": draw.choice(STATUSES), "email": f"c{customer}@example.com",
            "qty": draw.randint(1, 5), "created_at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def day(date, first, seed):
    """The orders of a day, in the order of their times."""
    draw = random.Random(seed)
    for hour in OPEN:
        opens = datetime.datetime.fromisoformat(f"{date}T{hour:02}:00:00")
        for second in sorted(draw.sample(range(3600), PER_HOUR)):
            yield order(draw, first, opens + datetime.timedelta(seconds=second))
            first += 1


def line(one):
    return json.dumps(one, separators=(",", ":"))


def go_wrong(orders):
    """The lines of a day on which little is as it should be."""
    draw = random.Random(5)
    for one in orders:
        hour = int(one["created_at"][11:13])
        if hour == 15:
            continue  # nobody can pay
        if hour == 9 and draw.random() < 0.3:
            one["email"] = None  # an import forgets it
        if hour >= 12 and one["country"] == "DE":
            one["amount"] = round(one["amount"] * 100)  # the German shop sends cents
        if hour == 11 and draw.random() < 0.03:
            yield "<html><head><title>502 Bad Gateway</title></head></html>"  # a proxy answers
            continue
        if hour >= 14 and draw.random() < 0.02:
            one["currency"] = "CHF"  # a market that opened
        yield line(one)
        if hour == 18 and draw.random() < 0.03:
            yield line(one)  # a producer tries again


def write(name, lines):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), "w", encoding="utf-8") as file:
        file.writelines(one + "\n" for one in lines)


write("monday.ndjson", map(line, day("2026-03-02", 1, 1)))
write("tuesday.ndjson", go_wrong(day("2026-03-03", 1201, 2)))
