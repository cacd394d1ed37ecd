# SPDX-License-Identifier: Apache-2.0
"""Every report of a real run, and every golden one, read back by the parsers that a user would use: json, an XML parser,
an HTML parser. What SARIF and JUnit want of their elements is written down here from their specifications."""
import glob
import html.parser
import json
import os
import re
import xml.etree.ElementTree as ElementTree

from weir_process import BAD, GOOD, RULES, Checks, Workplace, run

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "reports")
checks = Checks()


# ---- JSON
RULE_KEYS = ["id", "kind", "field", "severity", "outcome", "evaluated", "failed", "skipped", "observed", "expected", "window", "segment",
             "where", "samples"]
SOMETIMES = {"error", "cause", "inconclusive", "windows"}  # of an entry, where there is something to say
WINDOW_KEYS = ["window", "segment", "outcome", "observed", "expected"]
OUTCOMES = {"pass", "warn", "fail", "no_data", "inconclusive", "error"}


def check_json(name, text):
    report = json.loads(text)
    checks.equal(f"{name}: keys", [key for key in report if key != "notes"], ["weir", "verdict", "exit", "inputs", "rules", "counts", "quarantined", "seconds"])
    for rule in report["rules"]:
        checks.equal(f"{name}: keys of {rule['id']}", [key for key in rule if key not in SOMETIMES], RULE_KEYS)
        for window in (rule["samples"] if rule["kind"] == "window" else []) + rule.get("windows", []):
            checks.equal(f"{name}: keys of a window of {rule['id']}", list(window)[:5], WINDOW_KEYS)
        checks.true(f"{name}: outcome of {rule['id']}", rule["outcome"] in OUTCOMES, rule["outcome"])
    counts = report["counts"]
    of = [rule["outcome"] for rule in report["rules"]]
    for key, outcome in (("error", "fail"), ("warn", "warn"), ("pass", "pass"), ("no_data", "no_data")):
        checks.equal(f"{name}: counts.{key}", counts[key], of.count(outcome))
    return report


# ---- JUnit
JUNIT = {
    "testsuites": ({"testsuite"}, {"name", "tests", "failures", "errors", "time"}),
    "testsuite": ({"testcase", "system-out", "system-err"}, {"name", "tests", "failures", "errors", "time", "skipped"}),
    "testcase": ({"failure", "error", "skipped", "system-out", "system-err"}, {"name", "classname", "time"}),
    "failure": (set(), {"message", "type"}),
    "error": (set(), {"message", "type"}),
    "skipped": (set(), {"message", "type"}),
    "system-out": (set(), set()),
}


def check_junit(name, text):
    root = ElementTree.fromstring(text)
    checks.equal(f"{name}: root", root.tag, "testsuites")
    for element in root.iter():
        children, attributes = JUNIT[element.tag]
        checks.true(f"{name}: children of {element.tag}", {child.tag for child in element} <= children, element.tag)
        checks.true(f"{name}: attributes of {element.tag}", set(element.attrib) <= attributes, element.attrib)
        checks.true(f"{name}: name of {element.tag}", not element.tag.startswith("test") or "name" in element.attrib)
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        checks.equal(f"{name}: tests", int(suite.get("tests")), len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            checks.equal(f"{name}: {attribute}", int(suite.get(attribute)), sum(case.find(tag) is not None for case in cases))
        checks.true(f"{name}: time", re.fullmatch(r"\d+\.\d{3}", suite.get("time")), suite.get("time"))
    return root


# ---- SARIF
def check_sarif(name, text):
    log = json.loads(text)
    checks.equal(f"{name}: version", log["version"], "2.1.0")
    (sarif_run,) = log["runs"]
    rules = sarif_run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    checks.equal(f"{name}: rule ids are distinct", len(ids), len(set(ids)))
    for rule in rules:
        for key in ("shortDescription", "fullDescription", "help"):
            checks.true(f"{name}: {key}", isinstance(rule[key]["text"], str) and rule[key]["text"])
        checks.true(f"{name}: level", rule["defaultConfiguration"]["level"] in {"error", "warning"})
    for result in sarif_run["results"]:
        checks.equal(f"{name}: ruleIndex", ids[result["ruleIndex"]], result["ruleId"])
        checks.true(f"{name}: level", result["level"] in {"error", "warning"})
        checks.true(f"{name}: message", result["message"]["text"])
        checks.true(f"{name}: fingerprint", re.fullmatch("[0-9a-f]{16}", result["partialFingerprints"]["weirRule/v1"]))
        for location in result["locations"] + result.get("relatedLocations", []):
            place = location["physicalLocation"]
            checks.true(f"{name}: uri", re.fullmatch(r"[A-Za-z0-9._~/%:-]+", place["artifactLocation"]["uri"]), place)
            region = place["region"]
            checks.true(f"{name}: region", region.get("startLine", 1) >= 1 and region.get("startColumn", 1) >= 1, region)
    invocation = sarif_run["invocations"][0]
    checks.true(f"{name}: invocation", isinstance(invocation["executionSuccessful"], bool))
    return log


# ---- HTML
class Page(html.parser.HTMLParser):
    """What a browser would make of the page: elements in balance, references, scripts."""

    VOID = {"meta", "br", "hr", "img", "input", "link"}
    SELF_CLOSED = {"use", "rect", "path", "circle"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.references, self.scripts, self.ids, self.seen = [], [], [], [], [], set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        for key, value in attrs:
            if key in {"src", "href", "srcset", "action", "data", "poster", "background"}:
                self.references.append(value)
            if key.startswith("on"):
                self.faults.append(f"{key} on {tag}")
            if key == "id":
                self.ids.append(value)
        if tag == "script":
            self.scripts.append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data


def check_html(name, text):
    page = Page()
    page.feed(text)
    page.close()
    checks.equal(f"{name}: faults", page.faults, [])
    checks.equal(f"{name}: everything is closed", page.open, [])
    checks.equal(f"{name}: references outside", [r for r in page.references if not r.startswith("#")], [])
    checks.equal(f"{name}: links lead somewhere", [r for r in page.references if r[1:] not in page.ids], [])
    checks.equal(f"{name}: ids are distinct", len(page.ids), len(set(page.ids)))
    checks.true(f"{name}: nothing is loaded", page.seen.isdisjoint({"link", "img", "iframe", "object", "embed", "base", "form"}), page.seen)
    checks.true(f"{name}: no url() in the style", "url(" not in text[:text.index("</style>")])
    checks.true(f"{name}: size", len(text.encode()) < 300_000, len(text))
    checks.equal(f"{name}: scripts", len(page.scripts), 1)
    return check_json(name, page.scripts[0])


def check_github(name, text):
    for line in text.splitlines():
        checks.true(f"{name}: {line[:40]}", re.fullmatch(r"::(error|warning) ([a-z]+=[^:,]*,)*title=[^:,]*::.*", line), line)


READERS = {".json": check_json, ".xml": check_junit, ".sarif": check_sarif, ".html": check_html, ".github": check_github}
golden = sorted(glob.glob(os.path.join(GOLDEN, "*")))
checks.true("there are golden reports", len(golden) > 20, golden)
for path in golden:
    reader = READERS.get(os.path.splitext(path)[1])
    if reader:
        with open(path, encoding="utf-8") as file:
            reader(os.path.basename(path), file.read())

# ---- one run, every report
FORMATS = {"json": "r.json", "junit": "r.xml", "sarif": "r.sarif", "html": "r.html", "md": "r.md", "github": "r.github", "text": "r.txt"}
HOSTILE = json.dumps({"order_id": "</script>]]>\"'<b>\u0007\u001b[31m|`%0A::error::", "amount": 5, "currency": "EUR"}) + "\n"
with Workplace(**{"orders.yml": RULES, "bad.ndjson": BAD + HOSTILE, "good.ndjson": GOOD}) as folder:
    def reports_of(data):
        flags = [flag for name, file in FORMATS.items() for flag in ("--report", f"{name}={file}")]
        ran = run("check", data, "--rules", "orders.yml", *flags, cwd=folder)
        texts = {}
        for name, file in FORMATS.items():
            with open(os.path.join(folder, file), encoding="utf-8") as report:
                texts[name] = report.read()
        return ran, texts

    ran, texts = reports_of("bad.ndjson")
    checks.equal("exit code", ran.exit, 1)
    report = check_json("json", texts["json"])
    checks.equal("exit code in the report", report["exit"], 1)
    checks.equal("records", report["inputs"][0]["records"], 3)
    failing = sorted(rule["id"] for rule in report["rules"] if rule["outcome"] == "fail")
    checks.equal("failing rules", failing, ["amount.max", "order_id.match"])
    amount = next(rule for rule in report["rules"] if rule["id"] == "amount.max")
    checks.equal("the failing line", amount["samples"][0]["line"], 2)
    checks.equal("its value", amount["samples"][0]["value"], "2000")

    root = check_junit("junit", texts["junit"])
    checks.equal("JUnit: failing cases", sorted(case.get("name") for case in root.iter("testcase") if case.find("failure") is not None), failing)
    log = check_sarif("sarif", texts["sarif"])
    checks.equal("SARIF: results", sorted(result["ruleId"] for result in log["runs"][0]["results"]), failing)
    checks.equal("SARIF: the record is the place", log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
                 "bad.ndjson")
    embedded = check_html("html", texts["html"])
    checks.equal("HTML: the same verdict", (embedded["verdict"], embedded["exit"]), ("fail", 1))
    check_github("github", texts["github"])
    checks.equal("annotations", texts["github"].count("::error "), 2)
    for name in ("md", "text"):
        for rule in failing:
            checks.true(f"{name} names {rule}", rule in texts[name])
    checks.true("no report holds an escape sequence", not any("\x1b" in text or "\x07" in text for text in texts.values()))

    ran, texts = reports_of("good.ndjson")
    checks.equal("exit code when everything holds", ran.exit, 0)
    checks.equal("verdict", check_json("json", texts["json"])["verdict"], "pass")
    checks.equal("annotations", texts["github"], "")
    checks.equal("JUnit: failures", check_junit("junit", texts["junit"]).get("failures"), "0")
    checks.equal("SARIF: results", check_sarif("sarif", texts["sarif"])["runs"][0]["results"], [])

checks.finish()
