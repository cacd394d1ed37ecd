# SPDX-License-Identifier: Apache-2.0
"""docs/logs.md as a table, and the events of the source: {event: Event(levels, fields)}."""
import glob
import json
import os
import re
from dataclasses import dataclass, field

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ALWAYS = ("ts", "level", "event", "message")
SOMETIMES = ("about", "held_back")
LONGEST = 16 * 1024
WEIGHTS = {"Passing": "warn", "Standing": "error", "Fatal": "error"}


@dataclass
class Event:
    levels: set = field(default_factory=set)
    fields: set = field(default_factory=set)
    trouble: bool = False
    words: str = ""


def words(cell):
    return {word.strip() for word in cell.split(",") if word.strip()}


def page():
    """What the page says. Both of its tables are `event | level | fields | what`."""
    found = {}
    with open(os.path.join(ROOT, "docs", "logs.md"), encoding="utf-8") as file:
        heading = ""
        for line in file:
            heading = line.strip("# \n") if line.startswith("## ") else heading
            if line.startswith("| `"):
                event, levels, fields, what = [cell.strip() for cell in line.strip().strip("|").split("|")]
                if event.strip("`") in found:
                    raise ValueError(f"{event} stands twice in docs/logs.md")
                found[event.strip("`")] = Event(words(levels), words(fields), heading == "Troubles", what)
    return found


def sources():
    for path in sorted(glob.glob(os.path.join(ROOT, "src", "**", "*.[ch]*"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            yield os.path.relpath(path, ROOT), file.read()


def call_at(text, open_at):
    """The arguments of the call whose bracket opens at `open_at`, split at the commas between them."""
    depth, begin, parts, quoted = 0, open_at + 1, [], False
    at = open_at
    while at < len(text):
        c = text[at]
        if quoted:
            at += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return parts + [text[begin:at]]
        elif c == "," and depth == 1:
            parts.append(text[begin:at])
            begin = at + 1
        at += 1
    raise ValueError("a bracket is not closed")


def literals(text):
    return re.findall(r'"([a-z_]+)"', text)


def source_events():
    """All events that the source can log, and the places where an event is no literal, which somebody has to know of."""
    found, dynamic = {}, []

    def add(event, level, fields=(), trouble=False):
        one = found.setdefault(event, Event())
        one.levels.add(level)
        one.fields.update(fields)
        one.trouble = one.trouble or trouble

    for path, text in sources():
        # Lines that are written.
        for match in re.finditer(r"\blog_?\s*(?:\.|->)\s*(debug|info|warn|error|write)\(", text):
            arguments = call_at(text, match.end() - 1)
            if arguments == [""]:
                continue  # the error of a Result
            levels = {match[1]}
            if match[1] == "write":
                levels = {level.lower() for level in re.findall(r"LogLevel::(\w+)", arguments.pop(0))}
            if not levels or not literals(arguments[0]):
                dynamic.append((path, arguments[0].strip()))
                continue
            more = ",".join(arguments[3:])
            if re.fullmatch(r"\s*fields\s*", more):
                declared = text.rindex("LogField fields[]", 0, match.start())
                more = text[declared:match.start()]
            fields = re.findall(r'\{\s*"([a-z_]+)"\s*,', more)
            for event in literals(arguments[0]):
                for level in levels:
                    add(event, level, fields)
        # Troubles, which the log, the metrics and the page are told of.
        for match in re.finditer(r"\.weight\s*=\s*([\w:.]+),\s*\.event\s*=\s*([^,]+),", text):
            weight, event = match[1].split("::")[-1], match[2].strip()
            if not re.fullmatch(r'"[a-z_]+"', event):
                dynamic.append((path, event))
                continue
            add(event.strip('"'), WEIGHTS[weight], trouble=True)
        for match in re.finditer(r'\{RD_KAFKA_RESP_ERR_\w+,\s*Weight::(\w+),\s*"([a-z_]+)"', text):
            add(match[2], WEIGHTS[match[1]], trouble=True)
    return found, dynamic


def faults_of_line(line, known):
    """What is wrong with a line of the log, as docs/logs.md describes it; `known`: page()."""
    if len(line) > LONGEST:
        return f"it has {len(line)} bytes"
    try:
        one = json.loads(line.decode())
    except ValueError as fault:
        return f"it is no JSON: {fault}"
    if not isinstance(one, dict) or [name for name in ALWAYS if name not in one]:
        return "it is no object with all that a line has"
    if any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029\u202e" for value in one.values() if isinstance(value, str) for c in value):
        return "a terminal would act on it"
    event = known.get(one["event"])
    if event is None:
        return f"docs/logs.md has no {one['event']}"
    fatal = event.trouble and one["level"] == "error"  # whatever ends the process
    if one["level"] not in event.levels and not fatal:
        return f"{one['event']} is {event.levels} and not {one['level']}"
    more = set(one) - set(ALWAYS) - set(SOMETIMES) - event.fields
    return f"{one['event']} has {more} beside what docs/logs.md names" if more else ""
