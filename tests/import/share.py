#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How much of real suites `weir import` carries over.

usage: share.py WEIR FOLDER [-v]     FOLDER/gx/*.json, FOLDER/soda/*.yml, FOLDER/dbt/*, FOLDER/odcs/*, FOLDER/jsonschema/*

Imports every file, lints what was written, and prints a table in Markdown: suites, rules, the share carried over, and what
stands in the way of the others. Exit 1 when a suite makes weir fail in another way than by saying that it cannot be read, or
when a written file does not pass lint. With -v, one line for each suite as well.
"""
import collections
import os
import re
import subprocess
import sys
import tempfile

KINDS = ["gx", "soda", "dbt", "odcs", "jsonschema"]


def run(*args):
    return subprocess.run(args, capture_output=True, text=True, errors="replace", timeout=120)


def reason_of(line):
    """The reason of a row of the table, without what is special to the suite."""
    reason = re.split(r"\s{2,}", line)[-1]
    if reason.startswith("the values of `"):
        reason = "the values of another table have to be a file for weir: exists_in"
    return re.sub(r"`[^`]*`", "`…`", re.sub(r"\d+", "n", reason))


def main():
    weir, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    verbose = "-v" in sys.argv
    wrong = []
    reasons = {}
    print("| kind | suites | not read | rule files | rules | carried over | share |\n|---|---|---|---|---|---|---|")
    for kind in KINDS:
        place = os.path.join(folder, kind)
        if not os.path.isdir(place):
            continue
        suites = unread = files = rules = carried = 0
        reasons[kind] = collections.Counter()
        for name in sorted(os.listdir(place)):
            with tempfile.TemporaryDirectory() as work:
                done = run(weir, "import", kind, os.path.join(place, name), "-o", work + "/")
                last = done.stderr.strip().split("\n")[-1]
                suites += 1
                if done.returncode == 3:
                    unread += 1
                    said = next((l for l in done.stderr.split("\n") if l.startswith("error")), last)
                    print(f"<!-- {name}: {said} -->") if verbose else None
                    continue
                count = re.search(r"([\d,]+) of ([\d,]+) rules? carried over", last)
                if done.returncode != 0 or not count:
                    wrong.append(f"{name}: exit {done.returncode}: {last}")
                    continue
                now = [int(n.replace(",", "")) for n in count.groups()]
                carried += now[0]
                rules += now[1]
                for line in done.stderr.split("\n"):
                    if line.startswith(place):
                        reasons[kind][reason_of(line)] += 1
                for made in sorted(os.listdir(work)):
                    files += 1
                    lint = run(weir, "lint", "--quiet", os.path.join(work, made))
                    if lint.returncode != 0:
                        wrong.append(f"{name}: {made} does not pass lint: {lint.stderr[:300]}")
                if verbose:
                    print(f"<!-- {name}: {now[0]} of {now[1]} -->")
        share = f"{100 * carried / rules:.1f} %" if rules else ""
        print(f"| {kind} | {suites} | {unread} | {files} | {rules} | {carried} | {share} |")
    for kind, counted in reasons.items():
        print(f"\n### {kind}\n\n| rules | why not |\n|---|---|")
        for reason, n in counted.most_common(25):
            print(f"| {n} | {reason.replace('|', chr(92) + '|')} |")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
