# SPDX-License-Identifier: Apache-2.0
"""Writes the rule files of the bench that are too long or too alike to keep: make_rules.py KIND [...] > FILE

  one                  a single trivial rule: what reading, framing and decoding one field cost without rules
  ranges N             N range rules on four numeric fields, half `min`, half `max`
"""

import sys

HEADER = "# SPDX-License-Identifier: Apache-2.0\nweir: 1\nsource: {topic: orders, format: json, time: created_at, key: order_id}\n"

# Field: lowest and highest value that is right, and the step from one rule's bound to the next. Bounds start at the edge
# of what is right and move outwards: broken now and then, as real rules are, and mostly held.
RANGES = {"amount": (0, 100000, 0.25), "qty": (1, 1000, 1), "weight": (0, 33, 0.125), "score": (0, 1, 0.0078125)}


def one():
    return HEADER + "fields:\n  order_id: {required: true}\n"


def ranges(count):
    share, rest = divmod(int(count), len(RANGES))
    text = HEADER + "fields:\n"
    for place, (field, (low, high, step)) in enumerate(RANGES.items()):
        text += f"  {field}:\n"
        for i in range(share + (place < rest)):
            away = (i // 2) * step
            check, bound = ("min", low - away) if i % 2 == 0 else ("max", high + away)
            text += f"    - {{id: {field}-{check}-{i // 2:03}, {check}: {bound}}}\n"
    return text


KINDS = {"one": one, "ranges": ranges}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    sys.stdout.write(KINDS[sys.argv[1]](*sys.argv[2:]))
