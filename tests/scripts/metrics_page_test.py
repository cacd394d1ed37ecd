# SPDX-License-Identifier: Apache-2.0
"""docs/metrics.md and all that speaks of metrics: every name in docs/ is one that the page has, its expressions are sound and those that are
recorded, and the words that labels take are those of the source. That the page has every metric with its labels is tests/sinks/metrics_page_test.cpp."""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile

from log_page import ROOT
from weir_process import Checks

checks = Checks()


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


page = read("docs", "metrics.md")
known = set(re.findall(r"^\| `((?:weir|process)_[a-z_]+)` \|", page, re.MULTILINE))
checks.true("the page was read", len(known) > 50, len(known))
counters = set(re.findall(r"^\| `([a-z_]+)` \| counter \|", page, re.MULTILINE))
checks.equal("counters, and nothing else, end in _total", counters, {name for name in known if name.endswith("_total")})
for name in known:
    checks.true(f"{name} counts in base units", not re.search(r"_(ms|millis|milliseconds|minutes|hours|days|kb|mb|percent)(_|$)", name))

# What is recorded has a name of its own, behind a colon.
for path in sorted(glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True)) + [os.path.join(ROOT, "README.md")]:
    with open(path, encoding="utf-8") as file:
        for name in sorted(set(re.findall(r"(?<![:\w])weir_[a-z_]+(?:_total|_seconds|_ratio|_bytes|_records|_status|_value|_score|_info|_ready)\b", file.read()))):
            checks.true(f"{os.path.relpath(path, ROOT)}: metrics.md has {name}", re.sub(r"_(bucket|sum|count)$", "", name) in known)

# The table of the pipeline is what is recorded.
recorded = {}
for name, body in re.findall(r"- record: (\S+)\n\s+expr: \|\n((?:\s{10,}.*\n)+)", read("deploy", "prometheus", "weir.rules.yml")):
    recorded[name] = re.sub(r"\s+", " ", body).strip()
rows = re.findall(r"^\| [A-Z][^|]*\? \| `([^`]+)` \| (?:`([^`]+)` )?\|$", page, re.MULTILINE)
checks.true("the page has the expressions", len(rows) >= 8, rows)
for expression, name in rows:
    if name:
        checks.equal(f"{name} is what is recorded", expression, recorded.get(name))

# Prometheus takes every expression of the page.
expressions = [expression for expression, _ in rows]
for block in re.findall(r"^```promql\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
    expressions += block.strip().split("\n")
if shutil.which("promtool"):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rules.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"groups": [{"name": "page", "rules": [{"alert": f"A{i}", "expr": one} for i, one in enumerate(expressions)]}]}, file)
        done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True, check=False)
        checks.true("Prometheus takes the page's expressions", done.returncode == 0, done.stdout + done.stderr)


# The words of labels.
def words_of(path, name):
    return set(re.findall(r'"([a-z_0-9]+)"', re.search(name + r"\b[^=]*=?\s*\{(.*?)\};", read(*path), re.DOTALL)[1]))


def listed(label):
    """The words of the first sentence that says what the label is."""
    sentence = re.search(rf"`{label}`\s+is\s+(.*?)[.;:]", page, re.DOTALL)[1]
    return set(re.findall(r"`([a-z_0-9]+)`", sentence))


SINKS = ("src", "sinks", "stream_metrics.cpp")
for label, path, name in (("kind", SINKS, "kDecodeKinds"), ("compatible", SINKS, "kCompatible"), ("fault", ("src", "registry", "schema_client.cpp"), "kNames")):
    checks.equal(f"the words of {label}", listed(label), words_of(path, name))
envelopes = words_of(SINKS, "kEnvelopes")
text = re.search(r"`envelope` is .*?\n\n", page, re.DOTALL)[0]
checks.equal("the words of envelope", {word for word in envelopes if f"`{word}`" in text}, envelopes)
checks.finish()
