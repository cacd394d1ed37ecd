# SPDX-License-Identifier: Apache-2.0
"""What the peers of `weir compare` have in common: how the two files are read, and how what drifted is printed."""

import json

NUMBERS = ("amount", "score", "qty", "weight")
CATEGORIES = ("currency", "country", "status")


def read(path):
    """By Arrow, several times faster than pandas' own reader of lines."""
    from pyarrow import json as arrow_json
    return arrow_json.read_json(path)


def say(drifted):
    """{field: has it drifted} as one line of JSON."""
    print(json.dumps({field: bool(drifted[field]) for field in NUMBERS + CATEGORIES}))
