# SPDX-License-Identifier: Apache-2.0
"""The pages of the documentation as blocks, and what can be done with a block: its commands, its expected output, the file that it shows.

In expected output `…` stands for anything within a line, and a line that is nothing else (or `...`) for any lines. Times that a run took
are not compared. A command whose exit code is not 0 says so: in its output (`weir: FAIL exit=1`) or in a comment (`# exit 1`)."""
import glob
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "scripts"))
from weir_process import WEIR, environment

FENCE = re.compile(r"^([ \t]*)(```+)([\w+-]*)[^\n]*\n(.*?)^\1\2[ \t]*$", re.M | re.S)
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)
COMMANDS = ("sh", "bash", "shell", "console")
# What a page may call in a run: nothing else is found. Programs that change the machine or ask the network are not among them.
PROGRAMS = ("awk", "basename", "bash", "cat", "cp", "cut", "date", "diff", "dirname", "echo", "env", "false", "find", "grep", "gunzip", "gzip", "head",
            "jq", "ls", "mkdir", "mv", "printf", "python3", "sed", "seq", "sh", "sleep", "sort", "tail", "tee", "test", "tr", "true", "uniq", "wc", "xargs", "zcat")


@dataclass(frozen=True)
class Block:
    page: str  # from the root: docs/run.md
    line: int
    heading: str
    kind: str
    text: str
    before: str  # the paragraph above it
    whole: str   # as it stands in the page, with its fences

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def file_name(self):
        """The name of the file that the block shows: "… in `orders.yml`:" above it, or `# orders.yml` as its first line."""
        if self.kind in COMMANDS:
            return None
        first = re.match(r"#\s*([\w./-]+\.\w+)\s*\n", self.text)
        named = re.findall(r"\bin (?:the file )?`([\w./-]+\.\w+)`", self.before)
        return first[1] if first else named[-1] if named else None


def pages():
    found = [os.path.join(ROOT, name) for name in ("README.md", "CONTRIBUTING.md")]
    found += sorted(glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True))
    return [os.path.relpath(path, ROOT) for path in found]


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def blocks_of(page, text=None):
    text = read(page) if text is None else text
    found = []
    for match in FENCE.finditer(text):
        indent, _, kind, body = match.groups()
        above = text[:match.start()]
        headings = [one for one in HEADING.finditer(re.sub(r"^[ \t]*```.*?^[ \t]*```", lambda m: " " * len(m[0]), above, flags=re.M | re.S))]
        found.append(Block(page, above.count("\n") + 1, headings[-1][1] if headings else "", kind.lower(),
                           re.sub("^" + re.escape(indent), "", body, flags=re.M) if indent else body,
                           re.split(r"\n\s*\n|^```$", above.rstrip(), flags=re.M)[-1], match[0]))
    return found


def typed(block):
    """The commands of a console block with the output below each. A command goes on where its line ends with a backslash."""
    for part in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
        command = re.match(r"(?:[^\n]*\\\n)*[^\n]*(?:\n|\Z)", part)[0]
        yield command.rstrip("\n"), part[len(command):]


def lines_of(block):
    """The commands of a script one by one: a line, or the lines that it takes until the shell has a whole command."""
    pending = ""
    for line in block.text.splitlines():
        pending += line + "\n"
        if not pending.strip() or line.endswith("\\"):
            continue
        said = subprocess.run(["bash", "-n"], input=pending, capture_output=True, text=True, check=False)
        if said.returncode == 0 and "here-document" not in said.stderr:
            if not re.fullmatch(r"(\s*(#.*)?\n)*", pending):
                yield pending.rstrip("\n")
            pending = ""
    if pending.strip():
        yield pending.rstrip("\n")


def wanted_exit(command, output=""):
    """The exit code that the page says a command has."""
    said = re.search(r"#.*\bexit(?: code)? (\d+)\b", command) or re.search(r"^weir: \w+ exit=(\d+)\b", output, re.M)
    return int(said[1]) if said else 0


def steady(text):
    """Without how long it took."""
    return re.sub(r"\bin [<\d.,]+ ?(µs|ms|s)\b", "in TIME", text)


def matches(expected, got):
    """Columns are as wide as what stands in them, so that any number of spaces is one."""
    pattern = ""
    for line in steady(expected).rstrip("\n").split("\n"):
        if line.strip() in ("…", "..."):
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r"[^\n]*".join(r"\s+".join(re.escape(word) for word in re.split(r" +", part)) for part in line.split("…")) + r" *\n"
    return re.fullmatch(pattern, steady(got).rstrip("\n") + "\n") is not None


def same(expected, got):
    """The output is what the page says: to the last space, unless the page leaves something out."""
    if "…" in expected or re.search(r"^\.\.\.$", expected, re.M):
        return matches(expected, got) or steady(got) == steady(expected)
    return steady(got) == steady(expected)


class Place:
    """Where the blocks of a page are run: a folder with the files that the page shows, and a PATH with `weir` and few others. What the page calls
    `/run/secrets`, and the like in `names`, is called otherwise here."""

    programs = PROGRAMS

    def __init__(self, folder, programs=PROGRAMS, names=None, **more):
        self.folder = os.path.join(folder, "here")
        self.names = {"/srv/orders": self.folder, "/run/secrets/": os.path.join(folder, "secrets", ""), "/var/lib/weir": os.path.join(folder, "state"), **(names or {})}
        bin_folder = os.path.join(folder, "bin")
        for made in (self.folder, bin_folder, os.path.join(folder, "home")):
            os.makedirs(made)
        os.symlink(WEIR, os.path.join(bin_folder, "weir"))
        for name in programs:
            for where in os.environ.get("PATH", os.defpath).split(":"):
                if os.access(os.path.join(where, name), os.X_OK):
                    os.symlink(os.path.join(where, name), os.path.join(bin_folder, name))
                    break
        kept = {name: value for name, value in environment().items() if name.startswith(("LC_", "ASAN", "UBSAN"))}
        self.environment = {**kept, "LANG": "C.UTF-8", "PATH": bin_folder, "HOME": os.path.join(folder, "home"), "TZ": "UTC",
                            "GITHUB_STEP_SUMMARY": os.path.join(folder, "summary.md"), **more}

    def ours(self, text):
        for page, here in self.names.items():
            text = text.replace(page, here)
        return text

    def pages(self, text):
        for page, here in self.names.items():
            text = text.replace(here, page)
        return text

    def write(self, name, content):
        path = os.path.join(self.folder, self.ours(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(content, str):
            content = self.ours(content)
        with open(path, "w" if isinstance(content, str) else "wb") as file:
            file.write(content)

    def run(self, command, seconds=120):
        """(exit code, what it printed on both)"""
        done = subprocess.run(["bash", "-c", self.ours(command)], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds, check=False)
        said = self.pages(done.stdout.decode(errors="replace"))
        # On a terminal the decision is the last line; through one pipe standard output may come behind it.
        decision = re.findall(r"^weir: [A-Z]+ exit=\d+ .*\n", said, re.M)
        if len(decision) == 1:
            said = said.replace(decision[0], "") + decision[0]
        return done.returncode, said

    def run_lines(self, lines, seconds=240):
        """The commands of a script, one shell for all: [(exit code, output)]. It ends where a command ends the shell."""
        mark = "--:end:--"
        script = "".join(f"{line}\nprintf '%s%s\\n' {mark} $?\n" for line in lines)
        _, said = self.run(script, seconds)
        parts = re.split(re.escape(mark) + r"(\d+)\n", said)
        return [(int(parts[i + 1]), parts[i]) for i in range(0, len(parts) - 1, 2)]


def records(count, make):
    """NDJSON: `make(i)` for each."""
    return "".join(json.dumps(make(i)) + "\n" for i in range(count))
