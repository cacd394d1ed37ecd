# SPDX-License-Identifier: Apache-2.0
"""Every block of README.md, CONTRIBUTING.md and docs/ is run by somebody. Here: what needs no Kafka. A page has a folder of its own; the files
that it shows are written there before its commands are typed, and what `console` blocks print is compared. Rule files go through `weir lint`,
configurations through `weir run --validate`, JSON through a parser. Who runs the rest stands in runners.py.

    WEIR_ONLY=word            only the pages whose name has the word
    WEIR_UPDATE_GOLDEN=1      writes what was printed into the pages; read the difference before you commit it
"""
import ast
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

from page_blocks import COMMANDS, FENCE, ROOT, Place, blocks_of, lines_of, pages, read, same, typed, wanted_exit
import fixtures
import runners
from weir_process import Checks, run

ONLY = os.environ.get("WEIR_ONLY", "")
UPDATE = bool(os.environ.get("WEIR_UPDATE_GOLDEN"))
AT_ONCE = 3
SLOW = 10  # seconds of a page that are worth telling
# In a block that is no command block: a line that somebody is to type.
LOOKS_TYPED = re.compile(r"^(\$ |weir [a-z]+( |$)|(curl|deploy/\S+|tests/\S+|build/\S+|cmake|docker|podman|kubectl|helm|systemctl|sudo|apt|dpkg|pip|npm|git|make|kafka-\S+) +\S)", re.M)
checks = Checks()
counts = collections.Counter()


def keys_of_rules():
    schema = json.loads(run("schema").out)
    return set().union(*(part.get("properties", {}) for part in schema["allOf"]))


def keys_of_configuration():
    return {re.split(r"[.\[]", key)[0] for key in re.findall(r"^\| `([a-z_][\w.\[\]]*)`", read("docs", "run.md"), re.M)}


def top_keys(text):
    return set(re.findall(r"^([\w.]+):", text, re.M))


RULE_KEYS, CONFIG_KEYS = keys_of_rules(), keys_of_configuration()


class Page:
    def __init__(self, page, folder):
        self.page, self.text = page, read(page)
        self.updated = self.text
        self.blocks = blocks_of(page, self.text)
        if all(runners.elsewhere(block) for block in self.blocks):
            return  # nothing to do here
        self.place = Place(folder)
        for name, content in fixtures.files_of(page).items():
            self.place.write(name, content)
        for made, command in fixtures.MADE.items():
            if made in self.text:
                code, said = self.place.run(command)
                checks.true(f"{page}: {command}", code == 0, said)
        for block in reversed(self.blocks):  # of two states of a file the first
            self.write(block)

    def write(self, block):
        if block.file_name and not block.file_name.startswith(("/", "..")):
            self.place.write(block.file_name, block.text)

    def run(self):
        checks.true(f"{self.page}: every block has an end, and begins with ```", not re.search(r"^\s*(```|~~~)", FENCE.sub("", self.text), re.M))
        for block in self.blocks:
            other = runners.elsewhere(block)
            if other:
                counts[f"blocks that {other.test} runs"] += 1
                continue
            self.write(block)
            if block.kind in COMMANDS:
                self.command(block)
            elif block.kind == "json":
                self.json(block)
            elif block.kind == "python":
                self.python(block)
            elif block.kind == "crontab":
                self.crontab(block)
            elif block.kind == "cpp":
                self.cpp(block)
            elif block.kind == "yaml":
                pass
            elif block.kind in ("promql", "cases", "judged", "windows"):
                checks.true(f"{block.place}: somebody runs it; say who in tests/docs/runners.py", False, block.text[:200])
            else:
                counts["blocks that show something and are nothing to type"] += 1
                checks.true(f"{block.place}: what is to be typed stands in a block of the kind `sh` or `console`", not LOOKS_TYPED.search(block.text), block.text[:200])

        # What the rules name may be made by a command below them.
        for block in self.blocks:
            if block.kind == "yaml" and not runners.elsewhere(block):
                self.yaml(block)

    def command(self, block):
        if runners.left(block):
            counts["exceptions"] += 1
            self.names(block)
        elif runners.is_live(block):
            counts["command blocks that live_test.py runs"] += 1
        elif block.kind == "console":
            counts["console blocks run here"] += 1
            self.console(block)
        else:
            counts["scripts run here"] += 1
            lines = list(lines_of(block))
            ran = self.place.run_lines(lines)
            checks.true(f"{block.place}: all of it is run", len(ran) == len(lines), (block.text, ran[-1:]))
            for line, (code, said) in zip(lines, ran):
                if "this weir was built without Parquet" in said:
                    print(f"{block.place}: `{line}` wants a weir with Parquet")
                    continue
                counts["commands"] += 1
                checks.true(f"{block.place}: `{line}` ends with {wanted_exit(line)}", code == wanted_exit(line), f"exit {code}: {said[-1500:]}" + hint(code))

    def names(self, block):
        """Of a block that nobody runs: the files and presets that it names are there."""
        for path in re.findall(r"(?<![\w/.-])(?:deploy|docs|tests|src|rules)/[\w./-]*\w", block.text):
            checks.true(f"{block.place}: {path} is there", os.path.exists(os.path.join(ROOT, path)))
        presets = json.loads(read("CMakePresets.json"))
        for kind, preset in re.findall(r"(--workflow|--build|ctest|cmake) --preset (\w+)", block.text):
            group = {"--workflow": "workflowPresets", "--build": "buildPresets", "ctest": "testPresets", "cmake": "configurePresets"}[kind]
            checks.true(f"{block.place}: there is a preset {preset} of {group}", preset in [one["name"] for one in presets.get(group, [])])

    def console(self, block):
        shown = ""
        for command, output in typed(block):
            counts["commands"] += 1
            code, got = self.place.run(command)
            fits = same(output, got)
            if UPDATE and not fits:
                shown += f"$ {command}\n{got}"
                continue
            shown += f"$ {command}\n{output}"
            checks.true(f"{block.place}: $ {command}\n--- got\n{got}--- wanted\n{output}---{hint(code)}", fits)
            checks.equal(f"{block.place}: $ {command}: exit code", code, wanted_exit(command, output))
        if UPDATE:
            self.updated = self.updated.replace(block.whole, f"```console\n{shown}```")

    def yaml(self, block):
        keys = top_keys(block.text)
        other = runners.other_yaml(block)
        if other:
            counts["yaml of other programs"] += 1
            self.steps(block)
        elif keys and keys <= RULE_KEYS:
            counts["rule files"] += 1
            name = f"block-{block.line}.yml"
            self.place.write(name, block.text if "weir" in keys else f"weir: 1\n{block.text}")
            code, said = self.place.run(f"weir lint {name}")
            wrong = block.file_name and re.search(rf"^\$ weir lint {re.escape(block.file_name)}$", self.text, re.M)
            checks.equal(f"{block.place}: `weir lint`: {said}", code, 2 if wrong else 0)
        elif keys and keys <= CONFIG_KEYS:
            counts["configurations"] += 1
            text = block.text
            if "brokers" not in keys:
                text = "brokers: localhost:9092\n" + text
            if "streams" not in keys:
                text += "streams: [{topics: orders, rules: orders.yml}]\n"
            for path in set(re.findall(r"/run/secrets/[\w.-]+", text)):
                secret = "https://127.0.0.1/secret\n" if re.search("url|slack|hook$", path) else "secret\n"
                self.place.write(path, "-----BEGIN CERTIFICATE-----\n" if path.endswith(".pem") else secret)
            name = f"config-{block.line}.yml"
            self.place.write(name, text)
            code, said = self.place.run(f"weir run -c {name} --validate")
            checks.true(f"{block.place}: the configuration is one", code == 0, said)
        else:
            checks.true(f"{block.place}: yaml is a rule file or a configuration, or stands in OTHER_YAML of tests/docs/runners.py", False,
                        (sorted(keys - RULE_KEYS), block.text[:200]))

    def steps(self, block):
        """What a workflow of GitHub runs, where that is weir: `run: COMMAND`, or the lines below `run: >` and `run: |`."""
        for _, folded, below, inline in re.findall(r"^( *(?:- )?)run: (?:([>|])-?\n((?:\1 +.*\n)+)|(.+))", block.text.replace("- ", "  ") + "\n", re.M):
            command = inline or re.sub(r"\n *" if folded == ">" else r"\n +", " " if folded == ">" else "\n", below).strip()
            if command.startswith("weir check "):
                counts["commands"] += 1
                code, said = self.place.run(command)
                checks.true(f"{block.place}: `{command}` ends with 0", code == 0, f"exit {code}: {said}")

    def json(self, block):
        counts["json"] += 1
        try:
            json.loads(block.text)
        except ValueError:
            for line in re.sub(r"\n[ \t]+", " ", block.text).strip().split("\n"):
                try:
                    json.loads(line)
                except ValueError as fault:
                    checks.true(f"{block.place}: it is JSON", False, (str(fault), line[:300]))
        checks.done += 1

    def crontab(self, block):
        """What cron would run, as it would: nothing is printed on a good day."""
        for line in block.text.splitlines():
            counts["commands"] += 1
            code, said = self.place.run(line.split(None, 5)[5].replace("\\%", "%"))
            checks.equal(f"{block.place}: `{line}`", (code, said), (0, ""))

    def cpp(self, block):
        """A whole file is compiled, with what the page says to declare elsewhere."""
        if not block.text.startswith("// SPDX"):
            return
        compiler = shutil.which("g++-12") or shutil.which("c++")
        if not compiler:
            print(f"{block.place}: there is no compiler for it")
            return
        counts["C++ files compiled"] += 1
        declared = "".join(other.text for other in self.blocks if other.text.startswith("extern "))
        folder = re.search(r'#include "(\w+)/registry.h"', block.text)[1]
        self.place.write("page.cpp", f'#include "{folder}/registry.h"\nnamespace weir {{\n{declared}}}\n{block.text}')
        done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", f"-I{ROOT}/include", f"-I{ROOT}/src", "-Wall", "-Wextra", "page.cpp"],
                              cwd=self.place.folder, capture_output=True, text=True, check=False)
        checks.true(f"{block.place}: it compiles", done.returncode == 0, done.stderr[-2000:])

    def python(self, block):
        counts["python"] += 1
        try:
            ast.parse(block.text)
        except SyntaxError as fault:
            checks.true(f"{block.place}: it is Python", False, str(fault))
        checks.done += 1


def hint(code):
    return "\n(a program that is not in PROGRAMS of tests/docs/page_blocks.py is not found: say in tests/docs/runners.py who runs it)" if code == 127 else ""


def look_at(page):
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="weir-page-") as folder:
        one = Page(page, folder)
        try:
            one.run()
        except Exception as fault:  # told with the rest
            checks.true(f"{page}: it runs to its end", False, repr(fault))
        if UPDATE and one.updated != one.text:
            with open(os.path.join(ROOT, page), "w", encoding="utf-8") as file:
                file.write(one.updated)
            print(f"{page} was written anew")
    if time.monotonic() - began > SLOW:
        print(f"{page} took {time.monotonic() - began:.0f} s")


def lists():
    """The lists of runners.py are about what is there."""
    blocks = [block for page in pages() for block in blocks_of(page)]
    for one in runners.ELSEWHERE:
        checks.true(f"{one.page} has blocks that {one.test} runs", any(one.takes(block) for block in blocks))
        named = one.named or os.path.basename(one.page)
        exists = os.path.exists(os.path.join(ROOT, one.test))
        checks.true(f"{one.test} names {named}", exists and named in read(one.test))
    for one in runners.EXCEPTIONS:
        checks.true(f"{one.page} has the exception `{one.holding}`", any(one.takes(block) for block in blocks if block.kind in COMMANDS))
    excepted = [block.place for block in blocks if runners.left(block) and not runners.elsewhere(block)]
    checks.true("exceptions are few", len(excepted) <= runners.MOST_EXCEPTIONS, excepted)
    for one in runners.OTHER_YAML:
        checks.true(f"{one.page} has yaml with `{one.holding}`", any(one.takes(block) for block in blocks if block.kind == "yaml"))


if __name__ == "__main__":
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(look_at, [page for page in pages() if ONLY in page]))
    if not ONLY:
        lists()
        checks.true("commands were run", counts["commands"] >= 20, counts)
    for what, count in sorted(counts.items()):
        print(f"{count:5}  {what}")
    for one in runners.EXCEPTIONS:
        print(f"nobody runs {one.page}: {one.holding}: {one.why}")
    checks.finish()
