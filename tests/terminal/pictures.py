# SPDX-License-Identifier: Apache-2.0
"""Makes the pictures of the terminal in docs/pictures from what the program prints into a real one:
   WEIR=build/release/weir python3 tests/terminal/pictures.py [NAME...]      terminal-check, terminal-demo, terminal-top
The pictures of the page: tests/web/pictures.py."""
import os
import re
import shutil
import sys
import tempfile

from painted import svg
from terminal import PROMPT, Terminal

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDER = os.path.join(ROOT, "docs", "pictures")
TUTORIAL = os.path.join(ROOT, "docs", "tutorial")
LARGEST = 200_000
PATIENCE = 120  # seconds: the story of the demo is told in less
RULES = "orders.yml"


def write(name, painted, columns, title):
    """What was typed, and the lines up to the prompt that comes after them."""
    lines = painted.rstrip("\n").split("\n")
    while lines and re.sub(r"\x1b\[[\d;]*m", "", lines[-1]).strip() in ("", PROMPT.strip()):
        lines.pop()
    lines[0] = lines[0].replace(PROMPT, "$ ", 1)
    picture = svg("\n".join(lines) + "\n", columns, title)
    assert len(picture.encode()) <= LARGEST, name
    path = os.path.join(FOLDER, name + ".svg")
    with open(path, "w", encoding="utf-8") as file:
        file.write(picture)
    print(f"{os.path.relpath(path, ROOT)}: {len(lines)} lines, {len(picture.encode()):,} bytes")


def check():
    """What the tutorial comes to: its rules over its Tuesday."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("monday.ndjson", "tuesday.ndjson", RULES):
            shutil.copy(os.path.join(TUTORIAL, name), folder)
        with Terminal(columns=100, lines=44, cwd=folder) as terminal:
            terminal.run("baseline", "monday.ndjson", "-o", "monday.baseline.json")
            terminal.exit_code()
            terminal.run("check", "tuesday.ndjson", "--rules", RULES)
            terminal.wait_for("weir: FAIL exit=1")
            write("terminal-check", terminal.painted(), 100, "weir check finds what went wrong on the tutorial's Tuesday")


def demo_and_top(wanted):
    """The first half minute of the demo, and `weir top` beside it when most is red."""
    with Terminal(columns=86, lines=40) as terminal:
        terminal.run("demo")
        url = re.search(r"its page is (http://\S+)", terminal.wait_for("its page is http", seconds=PATIENCE)).group(1)
        terminal.wait_for(re.compile(r"FAIL +drift baskets.*\n.*since"), seconds=PATIENCE)
        if "terminal-demo" in wanted:
            write("terminal-demo", terminal.painted(), 86, "weir demo: orders go wrong, and weir says so seconds later")
        if "terminal-top" in wanted:
            with Terminal(columns=86, lines=24) as beside:
                beside.run("top", url)
                beside.wait_for(re.compile(r"FAIL +orders-flow"), seconds=PATIENCE)
                beside.wait_for(re.compile(r"4 rules fail|5 rules fail"), seconds=PATIENCE)
                write("terminal-top", beside.painted(), 86, "weir top: what is red comes first, with the reason and since when")
                beside.keys("q")
        terminal.keys("C-c")
        terminal.exit_code()


if __name__ == "__main__":
    names = sys.argv[1:] or ["terminal-check", "terminal-demo", "terminal-top"]
    if "terminal-check" in names:
        check()
    if {"terminal-demo", "terminal-top"} & set(names):
        demo_and_top(names)
