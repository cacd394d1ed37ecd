# SPDX-License-Identifier: Apache-2.0
"""The dashboards as Grafana would ask: every query of every panel, variable and annotation, with the variables put in."""
import glob
import json
import os
import re

from monitors import ROOT

PUT_IN = {"stream": ".*", "rule": ".*", "job": "weir", "__rate_interval": "15s", "__range": "60s"}


def boards():
    found = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "dashboards", "*.json"))):
        with open(path, encoding="utf-8") as file:
            board = json.load(file)
        found[board["uid"]] = board
    return found


def put_in(expression):
    asked = re.sub(r"\$\{?(\w+)\}?", lambda found: PUT_IN[found[1]], expression)
    return asked.replace("[2m]", "[60s]")


def queries(board):
    """(where, expression, legend, whether it is about now)"""
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], put_in(target["expr"]), target.get("legendFormat", ""), bool(target.get("instant"))
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            expression, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["definition"]).groups()
            yield f"${variable['name']}", f"count by ({label}) ({put_in(expression)})", "{{" + label + "}}", True
    for one in board["annotations"]["list"]:
        yield f"annotation {one['name']}", put_in(one["expr"]), one["titleFormat"] + one["textFormat"], False


def without_bounds(expression):
    """An alert's expression without what it is compared with: what it looks at, whether or not anything is wrong."""
    return re.sub(r"\s(==|!=|>=|<=|>|<)\s+(bool\s+)?[\d.]+\b", "", expression)
