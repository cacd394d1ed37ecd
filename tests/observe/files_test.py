# SPDX-License-Identifier: Apache-2.0
"""What weir ships for those who watch it: dashboards are what their source makes and name only metrics that there are, rules and routes are what
Prometheus and Alertmanager take, each alert has its page. Nothing is started."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
SHIPPED = os.path.join(ROOT, "deploy", "prometheus")
TYPES = os.path.join(ROOT, "build", "deps", "grafana")
sys.path[:0] = [os.path.join(HERE, "..", "scripts"), os.path.join(ROOT, "dashboards")]
from promql import Checker, Unknown
from weir_process import Checks

checks = Checks()


def says(what, *command, exit_code=0, within="", cwd=SHIPPED):
    if shutil.which(command[0]) is None:
        print(f"{command[0]} is not installed; deploy/setup.sh installs it: {what} is not checked")
        return
    ran = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
    checks.true(what, ran.returncode == exit_code and within in ran.stdout, ran.stdout[-2000:])


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def sources():
    says("the dashboards are what dashboards/make.py makes", sys.executable, "dashboards/make.py", "--check", cwd=ROOT)
    with tempfile.TemporaryDirectory(prefix="weir-boards-") as folder:
        for name in ("dashboards", "docs", "deploy/prometheus"):
            shutil.copytree(os.path.join(ROOT, name), os.path.join(folder, name))
        page = os.path.join(folder, "docs", "metrics.md")
        whole = read(page)

        def without(what, old, new, within):
            with open(page, "w", encoding="utf-8") as file:
                file.write(whole.replace(old, new))
            says(what, sys.executable, "dashboards/make.py", "--check", exit_code=1, within=within, cwd=folder)

        without("a metric that is renamed is found", "`weir_consumer_lag_records` | gauge", "`weir_lag_records` | gauge",
                "weir has no metric `weir_consumer_lag_records`")
        without("so is a label", "| `weir_drift_score` | gauge | stream, rule, field, test,", "| `weir_drift_score` | gauge | stream, rule, field, method,",
                "has the label `test`")
        without("and a metric of the rules alone", "`weir_schema_held_partitions`", "`weir_held_partitions`", "weir has no metric `weir_schema_held_partitions`")
        with open(page, "w", encoding="utf-8") as file:
            file.write(whole)
        with open(os.path.join(folder, "dashboards", "weir-rules.json"), "a", encoding="utf-8") as file:
            file.write(" ")
        says("a stale dashboard is found", sys.executable, "dashboards/make.py", "--check", exit_code=1, within="weir-rules.json is stale", cwd=folder)
    checker = Checker()
    for wrong in ("weir_recods_total", "sum by (topik) (weir_records_total)", 'rate(weir_records_total{steam="a"}[5m])', "1 + 1",
                  'weir_ready{check="a"} unless on (rule) weir_partitions'):
        try:
            checker.check(wrong, "a test")
            checks.true(f"`{wrong}` is refused", False)
        except Unknown:
            checks.true(f"`{wrong}` is refused", True)
    for right in ('histogram_quantile(0.9, sum by (le) (rate(weir_processing_delay_seconds_bucket{stream=~"$stream"}[$__rate_interval])))',
                  "weir_records_total offset 1d", 'max by (instance) (weir_build_info{version!="weir_nothing"})'):
        checker.check(right, "a test")
        checks.true(f"`{right}` is taken", True)


def boards():
    found = sorted(glob.glob(os.path.join(ROOT, "dashboards", "*.json")))
    checks.equal("the dashboards", [os.path.basename(path) for path in found],
                 [f"weir-{name}.json" for name in ("drift", "overview", "pipeline", "quarantine", "rules")])
    for path in found:
        board = json.loads(read(path))
        name = board["uid"]
        checks.equal(f"{name}: is its file", f"{name}.json", os.path.basename(path))
        checks.true(f"{name}: imports into any Grafana", "__inputs" not in board and board["templating"]["list"][0]["name"] == "datasource")
        ids = [panel["id"] for panel in board["panels"]]
        checks.equal(f"{name}: ids are unique", len(set(ids)), len(ids))
        checks.true(f"{name}: is of the model that Grafana 10 reads", board["schemaVersion"] == 39 and board.get("id") is None)
        asked_by_week = False
        places = set()
        for panel in board["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            checks.true(f"{name}, {panel['title']}: lies in the picture and on no other", place["x"] + place["w"] <= 24 and not cells & places)
            places |= cells
            if panel["type"] == "row":
                asked_by_week = panel["title"] == "Once a week"
                continue
            checks.equal(f"{name}, {panel['title']}: asks the source that was chosen",
                         {one["datasource"]["uid"] for one in [panel, *panel["targets"]]}, {"${datasource}"})
            ranges = set(re.findall(r"\[([^\]]+)\]", " ".join(target["expr"] for target in panel["targets"])))
            checks.true(f"{name}, {panel['title']}: no fixed ranges", ranges <= {"1d", "7d"} if asked_by_week else
                        ranges <= {"$__rate_interval", "$__range"}, ranges)
            defaults = panel["fieldConfig"]["defaults"]
            checks.true(f"{name}, {panel['title']}: says what it is", len(panel["description"]) > 10, panel["description"])
            checks.true(f"{name}, {panel['title']}: has a unit", panel["type"] in ("table", "state-timeline") or defaults.get("unit"))
            bounds = [one["value"] for one in defaults.get("thresholds", {}).get("steps", [])]
            checks.true(f"{name}, {panel['title']}: thresholds rise from the lowest", bounds[:1] in ([], [None]) and bounds[1:] == sorted(bounds[1:]), bounds)
            checks.equal(f"{name}, {panel['title']}: each query has a name of its own", len({one["refId"] for one in panel["targets"]}),
                         len(panel["targets"]))
            mapped = [one for one in panel["fieldConfig"]["defaults"].get("mappings", [])]
            if panel["type"] == "state-timeline" or panel.get("options", {}).get("colorMode") == "background":
                checks.true(f"{name}, {panel['title']}: states are words", bool(mapped) and all(
                    option["text"] for one in mapped for option in one["options"].values()))
        known = {variable["name"] for variable in board["templating"]["list"]}
        used = set(re.findall(r"\$\{?([a-z]+)\b", json.dumps(board))) - {"source"}
        checks.true(f"{name}: variables are there", used - {"__rate_interval", "__range", "__value", "__data"} <= known, used - known)


# JSON has the values of Grafana's enumerations, not their names.
PLAIN = """import type {Dashboard} from "@grafana/schema";
type Plain<T> = unknown extends T ? T : T extends string ? `${T}` : T extends number | boolean | null | undefined ? T :
  T extends (infer U)[] ? Plain<U>[] : T extends object ? {[K in keyof T]: Plain<T[K]>} : T;
export const board: Plain<Dashboard> = """


def types():
    """By Grafana's own types, where deploy/setup.sh has put them."""
    if not os.path.isdir(os.path.join(TYPES, "node_modules", "@grafana", "schema")):
        print("Grafana's types are not there; deploy/setup.sh fetches them where npm is: types are not checked")
        return
    with tempfile.TemporaryDirectory(prefix="types-", dir=TYPES) as folder:
        names = []
        for path in sorted(glob.glob(os.path.join(ROOT, "dashboards", "*.json"))):
            names.append(os.path.basename(path)[:-5] + ".ts")
            board = json.loads(read(path))
            # What Grafana itself writes there and its types do not have: they leave it to the data source.
            for one in board["annotations"]["list"]:
                for key in ("expr", "titleFormat", "textFormat", "step"):
                    del one[key]
            for one in board["templating"]["list"]:
                one.pop("definition", None)
            with open(os.path.join(folder, names[-1]), "w", encoding="utf-8") as file:
                file.write(f"{PLAIN}{json.dumps(board)};\n")
        compiler = [os.path.join(TYPES, "node_modules", ".bin", "tsc"), "--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "bundler", "--module",
                    "esnext", "--target", "es2022"]
        says("Grafana's types", *compiler, *names, cwd=folder)
        for name, wrong in (("schemaVersion", '{schemaVersion: "39"}'), ("absolut", '{schemaVersion: 39, panels: [{type: "stat", fieldConfig: {defaults: '
                            '{thresholds: {mode: "absolut", steps: []}}, overrides: []}}]}')):
            with open(os.path.join(folder, "wrong.ts"), "w", encoding="utf-8") as file:
                file.write(f"{PLAIN}{wrong};\n")
            says(f"and they find a wrong {name}", *compiler, "wrong.ts", exit_code=1, within="error TS", cwd=folder)


def rules():
    says("promtool check rules", "promtool", "check", "rules", "--lint=all", "weir.rules.yml")
    says("promtool check config", "promtool", "check", "config", "prometheus.yml")
    says("promtool test rules", "promtool", "test", "rules", "weir.rules.test.yml")
    says("amtool check-config", "amtool", "check-config", "alertmanager.yml")
    text = read(os.path.join(SHIPPED, "weir.rules.yml"))
    tests = read(os.path.join(SHIPPED, "weir.rules.test.yml"))
    operations = read(os.path.join(ROOT, "docs", "operations.md"))
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", operations, re.M)}
    alerts = re.split(r"^      - alert: ", text, flags=re.M)[1:]
    names = [alert.split("\n", 1)[0] for alert in alerts]
    checks.equal("each has its page, and no page is without an alert", sorted(os.listdir(os.path.join(ROOT, "docs", "runbooks"))),
                 sorted([f"{name}.md" for name in names] + ["README.md"]))
    index = read(os.path.join(ROOT, "docs", "runbooks", "README.md"))
    for name, alert in zip(names, alerts):
        severity = re.search(r"severity: (error|warn)}", alert)
        checks.true(f"{name}: has a severity, a summary and a runbook", severity and "summary: '" in alert and f"/{name}.md" in alert)
        checks.true(f"{name}: is tested when it fires and when it does not",
                    re.search(rf"alertname: {name}, exp_alerts: \[\]", tests) and re.search(rf"alertname: {name}\n        exp_alerts:\n", tests))
        path = os.path.join(ROOT, "docs", "runbooks", f"{name}.md")
        page = read(path) if os.path.exists(path) else ""
        checks.true(f"{name}: its page says its name, its severity, what to type and what to do", page.startswith(f"# {name}\n") and severity and
                    f"**{severity[1]}**" in page and "```" in page and "## What to do" in page, page[:80])
        checks.true(f"{name}: stands in the list", f"[{name}]({name}.md)" in index and severity and
                    re.search(rf"\[{name}\]\({name}\.md\) \| {severity[1]} ", index))
        for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", page):
            there = os.path.exists(os.path.join(ROOT, "docs", "runbooks", target)) if target else True
            checks.true(f"{name}: {target}#{anchor} is there", there and (not target.endswith("operations.md") or not anchor or anchor in anchors))


sources()
boards()
types()
rules()
checks.finish()
