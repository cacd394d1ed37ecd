# SPDX-License-Identifier: Apache-2.0
"""Holds PromQL against the metrics that weir has: docs/metrics.md, which a test keeps equal to the table in the program. An
expression that names a metric or a label that is not there is an error, so that no panel and no alert stays behind when one is renamed."""
import os
import re

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
PAGE = os.path.join(ROOT, "docs", "metrics.md")

# What Prometheus adds to each series, or makes itself.
TARGET = {"instance", "job"}
OF_PROMETHEUS = {"up": set(), "ALERTS": {"alertname", "alertstate", "severity", "stream", "rule", "check"}}
WORDS = set("""
abs absent absent_over_time and avg avg_over_time bool bottomk by ceil changes clamp clamp_max clamp_min count count_over_time deriv
delta floor group group_left group_right histogram_quantile idelta ignoring increase irate label_replace last_over_time max max_over_time
min min_over_time offset on or quantile quantile_over_time rate resets round scalar sort sort_desc sum sum_over_time time timestamp topk
unless vector without label_values inf nan
""".split())


class Unknown(Exception):
    """A name that weir does not export."""


def metrics(page=PAGE):
    """name -> (type, labels), of every metric on the page."""
    found = {}
    with open(page, encoding="utf-8") as file:
        for line in file:
            row = re.match(r"\| `([a-z_]+)` \| (counter|gauge|histogram) \| ([a-z_, ]*) ?\| .* \|$", line.rstrip("\n"))
            if row:
                found[row[1]] = (row[2], {label for label in re.split(r"[, ]+", row[3]) if label})
    if len(found) < 30:
        raise Unknown(f"{page}: the tables of metrics are not to be found")
    return found


class Checker:
    def __init__(self, recorded=()):
        """`recorded`: names of recording rules, as (name, labels)."""
        self.labels = dict(OF_PROMETHEUS)
        self.used = set()
        self.known = metrics()
        for name, (kind, labels) in self.known.items():
            self.labels[name] = labels
            if kind == "histogram":
                self.labels[f"{name}_bucket"] = labels | {"le"}
                self.labels[f"{name}_sum"] = self.labels[f"{name}_count"] = labels
        self.labels.update(recorded)

    def check(self, expression, where, legend=""):
        """The metrics that are named. Raises Unknown."""
        named = set()
        # What a dashboard puts in: $stream, ${weir}, [$__rate_interval]; texts in quotes may be anything.
        bare = re.sub(r"\$\{?\w+(?::\w+)?\}?", " ", re.sub(r'"(?:[^"\\]|\\.)*"', '""', expression))
        bare = re.sub(r"\[[^\]]*\]|\boffset\s+-?\w+", " ", bare)
        for name, braces in re.findall(r"([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}", bare):
            self._metric(name, where)
            named.add(name)
            for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", braces):
                self._label(label, {name}, where)
        rest = re.sub(r"\{[^}]*\}", " ", bare)
        groupings = re.findall(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)", rest)
        rest = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", rest)
        for word in re.findall(r"(?<![\w.])[a-zA-Z_:][\w:]*", rest):
            if word.lower() in WORDS:
                continue
            if word in named:
                continue
            self._metric(word, where)
            named.add(word)
        if not named:
            raise Unknown(f"{where}: no metric in `{expression}`")
        for label in {label.strip() for grouping in groupings for label in grouping.split(",")} - {""}:
            self._label(label, named, where)
        for label in re.findall(r"\{\{\s*(\w+)\s*\}\}", legend):
            self._label(label, named, where)
        self.used |= {re.sub(r"_(bucket|sum|count)$", "", name) if name not in self.known else name for name in named}
        return named

    def _metric(self, name, where):
        if name not in self.labels:
            raise Unknown(f"{where}: weir has no metric `{name}`")

    def _label(self, label, names, where):
        if label in TARGET or any(label in self.labels[name] for name in names):
            return
        raise Unknown(f"{where}: none of {', '.join(sorted(names))} has the label `{label}`")
