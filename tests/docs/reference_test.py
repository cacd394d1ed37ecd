# SPDX-License-Identifier: Apache-2.0
"""The pages have everything that there is to look up: keys of rule files (by the JSON Schema that `weir schema` prints), commands, paths of the
web server, kinds of receivers, reports, suites and formats, environment variables; and every page can be come to from the list of pages.

Tables that are generated have tests of their own: flags (tests/app/help_test.cpp), keys of weir.yml (tests/config/reference_test.cpp),
checks, measures and drift tests (tests/docs/*_page_test.cpp), diagnostics (tests/rules/codes_test.cpp), metrics (tests/sinks/metrics_page_test.cpp),
events of the log (tests/scripts/logs_test.py). Links are looked at by tests/tidy/links_test.cpp; those that leave the project are listed here."""
import collections
import glob
import json
import os
import re
import urllib.parse

from page_blocks import COMMANDS, FENCE, ROOT, blocks_of, pages, read, typed, wanted_exit
from weir_process import Checks, run

checks = Checks()
counts = collections.Counter()
HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.M)
LINK = re.compile(r"\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)")


def source(*path):
    return read("src", *path)


def sections(text):
    """{heading: what stands below it, subsections too}"""
    found = list(HEADING.finditer(re.sub(r"^```.*?^```", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.M | re.S)))
    out = {}
    for i, one in enumerate(found):
        end = next((other.start() for other in found[i + 1:] if len(other[1]) <= len(one[1])), len(text))
        out[one[2]] = text[one.start():end]
    return out


def linked(text, folder="docs"):
    """The pages to which a text links."""
    for target in LINK.findall(text):
        path = os.path.normpath(os.path.join(folder, target.split("#")[0]))
        if path.endswith(".md") and os.path.exists(os.path.join(ROOT, path)):
            yield path


def has(text, word):
    """It stands in `code`: as a word of its own."""
    return any(re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", span) for span in re.findall(r"`([^`\n]+)`", FENCE.sub("", text)))


def every(what, names, page, within=None):
    text = read(*page.split("/")) if within is None else within
    checks.true(f"there are {what}", len(names) >= 2, names)
    for name in names:
        counts[what] += 1
        checks.true(f"{page} has {what}: {name}", has(text, name))


# ---- rule files
def keys_of(schema):
    """{key: schema} of all the maps that a schema allows, however deep."""
    found = {}

    def walk(node):
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            for key, value in node.get("properties", {}).items():
                found[key] = value
                walk(value)
            for key, value in node.items():
                if key not in ("properties", "definitions"):
                    walk(value)

    walk(schema)
    return found


def choices(schema):
    """The words that a value may be."""
    return re.findall(r'"([a-z-]+)"', re.search(r'"enum": (\[[^\]]*\])', json.dumps(schema))[1])


def rule_files():
    schema = json.loads(run("schema").out)
    top = schema["allOf"][0]["properties"]
    page = read("docs", "rules.md")
    parts = sections(page)
    every("keys of rule files", list(top), "docs/rules.md")
    check_pages = {os.path.basename(path)[:-3] for path in glob.glob(os.path.join(ROOT, "docs", "checks", "*.md"))}
    for name, value in top.items():
        mine = "".join(text for heading, text in parts.items() if f"`{name}`" in heading)
        nearby = mine + "".join(read(*path.split("/")) for path in linked(mine))
        for key in keys_of(value):
            counts["keys of rule files"] += 1
            checks.true(f"docs/rules.md, or a page to which its section links, has `{key}` of `{name}`", mine and has(nearby, key))
    options = parts["Options of every rule"] + parts["`fields`"] + parts["`records`"] + parts["`templates`"]
    for name in ("field", "record", "set"):
        for key, value in schema["definitions"][name].get("properties", {}).items():
            counts["keys of rule files"] += 1
            if key in check_pages:
                parameters = read("docs", "checks", f"{key}.md")
                for parameter in keys_of(value):
                    checks.true(f"docs/checks/{key}.md has `{parameter}`", has(parameters, parameter))
            else:
                checks.true(f"docs/rules.md has `{key}` of a {name}", has(options + parts.get("`sets`", ""), key))
            checks.true(f"the schema says what `{key}` of a {name} is", value.get("description") or "$ref" in value)


# ---- the program
def names_in(text, pattern):
    return re.findall(r'"([a-z_-]+)"', re.search(pattern, text, re.S)[1])


def program():
    commands = re.findall(r"^  (\w+) +\S", run("--help").out.decode().split("Commands:\n")[1], re.M)
    reference = read("docs", "cli.md")
    others = {page: read(*page.split("/")) for page in pages() if page != "docs/cli.md"}
    for command in commands:
        counts["commands"] += 1
        checks.true(f"docs/cli.md has `weir {command}`", f"weir {command}" in reference)
        if command not in ("version", "completion", "man"):
            checks.true(f"a page shows `weir {command}` in use", any(f"weir {command}" in text for text in others.values()))
    every("kinds of receivers", names_in(source("config", "read_alerts.cpp"), r"kKinds = \{(.*?)\};"), "docs/receivers.md")
    every("kinds of suites", names_in(source("import", "import.cpp"), r"kNames = \{(.*?)\};"), "docs/import.md",
          re.sub(r"```sh\n(.*?)```", r"`\1`", read("docs", "import.md").replace("\n", " "), flags=re.S) + "".join(
              f"`{line}`\n" for line in read("docs", "import.md").splitlines() if line.startswith("weir import")))
    every("kinds of reports", re.findall(r'^    \{"(\w+)", "', source("report", "report.cpp"), re.M), "docs/reports.md")
    schema = json.loads(run("schema").out)["allOf"][0]["properties"]["source"]
    every("formats", [one for one in choices(keys_of(schema)["format"]) if one != "auto"], "docs/input.md")
    every("envelopes", choices(keys_of(schema)["envelope"]), "docs/envelopes.md")
    paths = set()
    for path in glob.glob(os.path.join(ROOT, "src", "http", "*.cpp")):
        with open(path, encoding="utf-8") as file:
            paths |= set(re.findall(r'"(/(?:api/v1/|-/)\w+|/\w+z|/metrics)"', file.read()))
    every("paths", sorted(paths), "docs/http.md")
    said = "".join(others.values()) + reference
    variables = set()
    for path in glob.glob(os.path.join(ROOT, "src", "**", "*.cpp"), recursive=True):
        with open(path, encoding="utf-8") as file:
            variables |= set(re.findall(r'environment\("([A-Z_]+)"', file.read()))
    for name in sorted(variables - {"PATH"}):  # the demo looks there to say how it is typed
        counts["environment variables"] += 1
        checks.true(f"a page has the environment variable {name}", re.search(rf"`\$?{name}\b", said), name)
    for code in range(5):
        checks.true(f"docs/cli.md has exit code {code}", re.search(rf"^\| {code} \|", reference, re.M))


def flags_of(reference):
    """{command: its flags, with those of every command}, by docs/cli.md."""
    every_command = set(re.findall(r"--[a-z][\w.-]*", reference.split("\n## ")[0]))
    parts = re.split(r"^## `?weir (\w+)`?[^\n]*$", reference, flags=re.M)
    return {name: set(re.findall(r"--[a-z][\w.-]*", text)) | every_command | {"--help"} for name, text in zip(parts[1::2], parts[2::2])}


def nothing_else():
    """What the pages say of flags and codes is about some that there are."""
    known = flags_of(read("docs", "cli.md"))
    checks.true("docs/cli.md has the flags of commands", len(known) >= 20 and "--rules" in known["check"], list(known))
    codes = set(re.findall(r"\bW\d{3}\b", read("docs", "diagnostics.md")))
    for page in pages():
        text = read(*page.split("/"))
        for code in set(re.findall(r"\bW\d{3}\b", text)):
            checks.true(f"{page}: docs/diagnostics.md has {code}", code in codes)
        shown = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
        for block in blocks_of(page):
            if block.kind == "console":  # a command line may be wrong where a page shows what weir says of that
                shown += [command for command, output in typed(block) if wanted_exit(command, output) != 2]
            elif block.kind in COMMANDS:
                shown += block.text.splitlines()
        for line in shown:
            for command, rest in re.findall(r"(?:^|[\s(|])weir (\w+)((?: [^|;&#]*)?)", line):
                for flag in re.findall(r"(?<=\s)--[a-z][\w.-]*", rest) if command in known else []:
                    counts["flags of commands in pages"] += 1
                    checks.true(f"{page}: `weir {command}` has {flag}: {line}", flag.rstrip(".") in known[command])


# ---- pages
def can_be_come_to():
    """From README, over the list of pages; the lists of folders have their own."""
    seen, waiting = set(), ["README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        text = FENCE.sub("", read(*page.split("/")))
        waiting += [other for other in linked(text, os.path.dirname(page)) if other not in seen]
    for page in pages():
        counts["pages"] += 1
        checks.true(f"{page} can be come to from README.md by links", page in seen)


def links_out():
    """Not asked whether they answer: that would make the tests hang on others. https, a host, no spaces, no leftovers."""
    found = collections.defaultdict(list)
    for page in pages():
        text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", read(*page.split("/"))))
        for target in LINK.findall(text) + re.findall(r"<(https?://[^>\s]+)>", text):
            counts["links"] += 1
            if re.match(r"[a-z]+:", target):
                found[target].append(page)
        checks.true(f"{page}: no link is without a target", "]()" not in text)
    for target, where in sorted(found.items()):
        counts["links out of the project"] += 1
        parts = urllib.parse.urlsplit(target)
        host = parts.hostname or ""
        checks.true(f"{where[0]}: {target} is an address", parts.scheme in ("https", "mailto") and (parts.scheme == "mailto" or re.fullmatch(r"[\w.-]+\.[a-z]{2,}", host)), target)
        checks.true(f"{where[0]}: {target} is no address of an example", not host.endswith((".example", "example.com", "localhost")), target)
        print(f"  {target}  {where[0]}{f' and {len(where) - 1} more' if len(where) > 1 else ''}")


rule_files()
program()
nothing_else()
can_be_come_to()
links_out()
for what, count in sorted(counts.items()):
    print(f"{count:5}  {what}")
checks.finish()
