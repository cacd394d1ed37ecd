# SPDX-License-Identifier: Apache-2.0
"""weir quarantine in a terminal of 80 columns: values that are codes of a terminal do nothing to it, and long ones do not break the table."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from terminal import Checks, Terminal, need_tmux

need_tmux()
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
from weir_process import Workplace

checks = Checks()
HOSTILE = ["\x1b]0;owned\x07", "\x1b[2J\x1b[H", "\x1b[31mred", "\u202egnp.exe", "a\r\nFORGED LINE", "\x1b]8;;http://evil\x07link", "\x9b2J",
           "v" * 500, "\u200b\u200bhidden", "宽" * 60]


def line(number, value):
    return json.dumps({
        "v": 1, "id": f"orders-0-{number}", "topic": "orders", "partition": 0, "offset": number, "timestamp_type": "NoTimestampType",
        "pipeline": value[:20], "ruleset": "ab12", "instance": "i-1", "at": f"2026-01-02T03:00:{number:02}Z", "stage": "record",
        "violations": [{"rule": "amount.max", "severity": "error", "code": "max", "path": "amount", "value": value, "message": value + " is above 8"}],
        "replay_count": 0, "record_key": value, "record_headers": [{"name": value, "value": value}], "record": {"amount": value, value: 1}}) + "\n"


with Workplace(**{"q.ndjson": "".join(line(n, value) for n, value in enumerate(HOSTILE)), "empty.ndjson": ""}) as folder, \
        Terminal(columns=80, lines=50, cwd=folder) as terminal:
    title = terminal.state("pane_title")

    def harmless(what, screen):
        checks.true(f"{what}: no code of a terminal is left", not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for row in screen for c in row), screen)
        checks.true(f"{what}: nothing turns or hides text", not any(c in row for row in screen for c in "\u202e\u200b"), screen)
        checks.equal(f"{what}: the title is as it was", terminal.state("pane_title"), title)
        checks.true(f"{what}: nothing is red", "\x1b[31m" not in terminal.painted())

    terminal.run("quarantine", "ls", "q.ndjson")
    terminal.wait_for("by rule and over time")
    screen = terminal.screen()
    print("\n".join(screen))
    harmless("ls", screen)
    rows = [row for row in screen if row.startswith("01-02 03:00") or "-02 03:00" in row]
    checks.equal("each record is one line of the screen", len(rows), len(HOSTILE))
    checks.true("no line was forged", not any(row.startswith("FORGED") for row in screen), screen)
    checks.true("in order, the newest last", [f"orders-0-{n}" in row for n, row in enumerate(rows)] == [True] * len(rows), rows)
    checks.true("codes are spelled", any("\\u001b" in row for row in rows), rows)
    checks.equal("ls ends", terminal.exit_code(), 0)

    for number in range(len(HOSTILE)):
        terminal.run("quarantine", "show", "q.ndjson", "--id", f"orders-0-{number}")
        terminal.wait_for("bytes of JSON")
        harmless(f"show {number}", terminal.screen())
        checks.true(f"show {number}: from the first line on", any(f"orders-0-{number}  (record)" in row for row in terminal.history().split("\n")), terminal.history())

    terminal.run("quarantine", "stats", "q.ndjson")
    terminal.wait_for("over time")
    screen = terminal.screen()
    print("\n".join(row for row in screen if row))
    harmless("stats", screen)
    checks.true("blocks of heights", any(c in row for row in screen for c in "▁▂▃▄▅▆▇█"), screen)
    terminal.resize(40, 50)
    terminal.run("quarantine", "ls", "q.ndjson", "--last", "3")
    terminal.wait_for("the newest 3 of")
    checks.equal("in 40 columns too", terminal.exit_code(), 0)
    terminal.run("quarantine", "ls", "empty.ndjson")
    terminal.wait_for("nothing was put aside")
    checks.equal("nothing is no fault", terminal.exit_code(), 0)

checks.finish()
