#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the dashboards: weir-*.json beside this file, from boards.py.

    dashboards/make.py             writes them
    dashboards/make.py --check     says which are not what it would write; exit code 1

Each expression, legend, variable and annotation, and each rule of deploy/prometheus/weir.rules.yml, is held against docs/metrics.md:
a metric or label that weir does not have is an error.
"""
import copy
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from boards import ANNOTATIONS, BOARDS, JOB, RUNBOOKS, WEIR
from panels import placed
from promql import ROOT, Checker, Unknown

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(ROOT, "deploy", "prometheus", "weir.rules.yml")
DATASOURCE = {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "regex": "", "current": {"selected": False, "text": "default", "value": "default"},
              "options": [], "multi": False, "includeAll": False, "refresh": 1, "hide": 0, "skipUrlSync": False}


def dashboard(uid):
    title, about, panels, variables = BOARDS[uid]
    every = [DATASOURCE, *variables, JOB, WEIR, RUNBOOKS]
    return {
        "uid": uid, "title": title, "description": about, "tags": ["weir"], "schemaVersion": 39, "version": 1, "editable": True,
        "graphTooltip": 1, "timezone": "browser", "weekStart": "", "fiscalYearStartMonth": 0, "liveNow": False, "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"}, "timepicker": {},
        "annotations": {"list": copy.deepcopy(ANNOTATIONS)},
        "links": [
            {"title": "weir", "type": "dashboards", "tags": ["weir"], "asDropdown": False, "includeVars": True, "keepTime": True, "targetBlank": False,
             "icon": "external link", "tooltip": "", "url": ""},
            {"title": "status page", "type": "link", "url": "${weir}", "icon": "external link", "tooltip": "weir's own page", "tags": [],
             "asDropdown": False, "includeVars": False, "keepTime": False, "targetBlank": True},
            {"title": "runbooks", "type": "link", "url": "${runbooks}", "icon": "doc", "tooltip": "What to do about each alert", "tags": [],
             "asDropdown": False, "includeVars": False, "keepTime": False, "targetBlank": True},
        ],
        "templating": {"list": copy.deepcopy(every)},
        "panels": placed(copy.deepcopy(panels)),
    }


def recorded_rules(path=RULES):
    """(kind, name, expression) of each rule: of the layout of that one file, so that no YAML library is needed."""
    found, kind, name, block = [], None, None, None
    with open(path, encoding="utf-8") as file:
        for line in file.read().split("\n") + [""]:
            if block is not None:
                if line.startswith(" " * 10):
                    block.append(line.strip())
                    continue
                found.append((kind, name, " ".join(block)))
                block = None
            if head := re.match(r"      - (record|alert): (\S+)$", line):
                kind, name = head[1], head[2]
            elif expression := re.match(r"        expr: (.*)$", line):
                if expression[1] in ("|", ">", ">-", "|-"):
                    block = []
                else:
                    found.append((kind, name, expression[1].strip("'\"")))
    return found


def check(boards):
    """Raises Unknown; gives the metrics that no dashboard shows."""
    rules = recorded_rules()
    recorded = {}
    for kind, name, _ in rules:
        if kind == "record":  # level:metric:operations, where the level is the labels that are left
            recorded[name] = set(re.sub(r"^stream_rule$", "stream,rule", name.split(":")[0]).split(","))
    of_rules = Checker(recorded)
    for _, name, expression in rules:
        of_rules.check(expression, f"{os.path.basename(RULES)}: {name}")
    checker = Checker()
    for uid, board in boards.items():
        for one in board["panels"]:
            for target in one.get("targets", []):
                checker.check(target["expr"], f"{uid}: {one['title']}", target.get("legendFormat", ""))
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                expression, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["definition"]).groups()
                checker.check(expression, f"{uid}: ${variable['name']}", "{{" + label + "}}")
        for one in board["annotations"]["list"]:
            checker.check(one["expr"], f"{uid}: {one['name']}", one["titleFormat"] + one["textFormat"])
    return sorted(set(checker.known) - checker.used)


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    boards = {uid: dashboard(uid) for uid in BOARDS}
    try:
        unseen = check(boards)
    except Unknown as fault:
        print(fault, file=sys.stderr)
        return 1
    for name in unseen:
        print(f"note: no dashboard shows {name}")
    stale = 0
    for uid, board in boards.items():
        path = os.path.join(HERE, f"{uid}.json")
        text = json.dumps(board, indent=1, ensure_ascii=False) + "\n"
        if sys.argv[1:]:
            with open(path, encoding="utf-8") as file:
                if file.read() != text:
                    print(f"{path} is stale: run dashboards/make.py", file=sys.stderr)
                    stale += 1
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
