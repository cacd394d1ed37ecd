# SPDX-License-Identifier: Apache-2.0
"""weir top in a real terminal, driven by keys, against servers that answer as `weir run` does; and in a pipe."""
import base64
import os
import re
import signal
import subprocess
import time

from canned import (Instance, ago, assignment, broken_rule, record_rule, stream, window, window_rule)
from terminal import WEIR, Checks, Terminal, environment, is_sanitized, need_tmux

need_tmux()
checks = Checks()
EVERY = ("--every", "300ms")
HOSTILE = "\x1b[2J\x1b[31mred\x07\x1b]0;title\x07\u202e漢字\n9e9"


def shop(name="shop-0", **more):
    rows = [window("row_count.1m", 60 * i + 20, "fail" if count < 100 else "pass", count)
            for i, count in enumerate([7, 40, 120, 300, 480, 520])]
    drift = {**window("drift.amount", 30, "fail", 0.42), "field": "amount", "test": "auto", "expected": "< 0.1",
             "cause": "amount is 100 times what it was",
             "drift": {"findings": [{"kind": "scaled", "text": "values are 100 times the reference", "effect": 2.1}]}}
    rules = [record_rule("id.required"), broken_rule("email.format", 4, severity="warn", outcome="warn"),
             broken_rule("amount.max", runbook="https://wiki.example/amount", description="No order is that large."),
             broken_rule("currency.in", 3, last_failed=ago(7200), failing_since=ago(7300)),
             window_rule("row_count.1m", rows[0], failing_since=ago(140), failed=2),
             window_rule("drift.amount", drift, kind="drift", field="amount", check="auto", failing_since=ago(90))]
    return Instance(name, **{"rules": rules, "windows": rows, "drift": [drift], **more})


def row(text, part):
    """The line of the screen that holds `part`, or nothing."""
    return next((line for line in text.split("\n") if part in line), "")


def order(text, *parts):
    places = [text.find(part) for part in parts]
    return all(place >= 0 for place in places) and places == sorted(places)


def keys_and_what_they_show():
    one = shop(samples=[{"rule": "amount.max", "topic": "orders", "partition": 0, "offset": 1007, "value": "9e9",
                         "reason": "9e9 is > 100000", "at": ago(3)}])
    with Terminal() as terminal:
        terminal.run("top", one.url, *EVERY)
        shown = terminal.wait_for(re.compile(r"\d records/s"))
        checks.true("the alternate screen", terminal.state("alternate_on") == "1")
        checks.true("no cursor", terminal.state("cursor_flag") == "0")
        checks.true("what is red comes first, then warnings, then what is over, then what is well",
                    order(shown, "amount.max", "row_count.1m", "drift.amount", "email.format", "currency.in", "id.required"),
                    shown)
        checks.true("the reason in words", "9e9 is > 100000" in row(shown, "FAIL   amount.max"), shown)
        checks.true("since when", re.search(r"amount\.max +37 +2m ", shown), shown)
        checks.true("the sum", "3 rules fail, 1 warning of 6 rules" in shown, shown)
        checks.true("red by word and sign", row(shown, "amount.max").startswith(">! FAIL"), shown)
        checks.true("red by colour", "\x1b[1m\x1b[31m" in terminal.painted() or "31m" in terminal.painted())

        terminal.keys("Down")
        shown = terminal.wait_for(re.compile(r"^>! FAIL +row_count\.1m", re.M))
        checks.true("its whole reason", "row_count.1m: got 7, expected >= 100" in shown, shown)
        terminal.keys("Enter")
        shown = terminal.wait_for("oldest to newest")
        checks.true("a picture of its windows", re.search("[▁▂▃▄▅▆▇█]{6}", shown), shown)
        checks.true("its windows with their times", len(re.findall(r"\d\d:\d\d:\d\d-\d\d:\d\d:\d\d", shown)) == 6, shown)
        checks.true("since when, to the second", re.search(r"Since +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(2m ago\)", shown), shown)
        terminal.keys("Escape")
        terminal.wait_for(re.compile(r"^>! FAIL +row_count\.1m", re.M))
        terminal.keys("Home", "Enter")
        shown = terminal.wait_for("Samples")
        checks.true("a sample with its place", "orders/0@1007  9e9 is > 100000" in shown, shown)
        checks.true("the runbook", "https://wiki.example/amount" in shown, shown)
        terminal.keys("Escape", "Down", "Down", "Enter")
        shown = terminal.wait_for("values are 100 times the reference")
        checks.true("drift in words", "amount is 100 times what it was" in shown, shown)
        terminal.keys("Left")

        terminal.keys("2")
        shown = terminal.wait_for("orders/0")
        checks.true("the lag of a partition", re.search(r"orders/0 .* 58 ", shown), shown)
        terminal.keys("3")
        shown = terminal.wait_for(re.compile(r"row_count\.1m .* 520"))
        checks.true("failed windows first", order(shown, "got 7", "amount is 100 times", "520"), shown)
        terminal.keys("4")
        checks.true("what was put aside", "37 of" in row(terminal.wait_for("all of orders"), "all of orders"))
        terminal.keys("1")
        terminal.wait_for("id.required")

        terminal.keys("s")
        shown = terminal.wait_for("by RULE")
        checks.true("sorted by name", order(shown.split("WHY", 1)[1], "amount.max", "currency.in", "row_count.1m"), shown)
        terminal.keys("S")
        shown = terminal.wait_for("by RULE reversed")
        checks.true("and the other way", order(shown.split("WHY", 1)[1], "row_count.1m", "currency.in", "amount.max"), shown)
        terminal.keys("/")
        terminal.type("CURR")
        shown = terminal.wait_for("only rows that hold: CURR")
        checks.true("filtered while it is typed", "currency.in" in shown and "amount.max" not in shown, shown)
        terminal.keys("Enter")
        terminal.wait_for("/CURR")
        terminal.keys("Escape")
        terminal.wait_for("amount.max")
        terminal.keys("?")
        terminal.wait_for("States, the gravest first")
        terminal.keys("Escape", "p")
        terminal.wait_for("STANDS STILL")
        one.rules.append(broken_rule("late.rule", 9))
        time.sleep(1)
        checks.true("while it stands nothing moves", "late.rule" not in terminal.text())
        terminal.keys("p")
        terminal.wait_for("late.rule")
        terminal.keys("q")
        checks.equal("q ends with 0", terminal.exit_code(), 0)
        shown = terminal.text()
        checks.true("what was there before is back", "@> weir top" in shown and "amount.max" not in shown, shown)
        checks.equal("and the cursor", (terminal.state("alternate_on"), terminal.state("cursor_flag")), ("0", "1"))
        terminal.shell("echo typed")
        checks.true("and what is typed is echoed", "echo typed" in terminal.wait_for(re.compile("^typed$", re.M)))
    one.kill()


def an_instance_goes_and_comes_back():
    first, second = shop("shop-0"), shop("shop-1", assignments=[assignment(1, lag=1200)], streams=[stream(lag=1200)])
    with Terminal() as terminal:
        terminal.run("top", first.url, second.url, *EVERY)
        shown = terminal.wait_for("2 of 2 instances")
        checks.true("the counts of both are added", re.search(r"amount\.max +74 ", shown), shown)
        checks.true("and their lag", "lag 1,258" in shown, shown)
        port = second.port
        second.kill()
        shown = terminal.wait_for(re.compile(rf"AWAY +http://127.0.0.1:{port}"))
        checks.true("it is the first row", row(shown, "AWAY").startswith(">! AWAY"), shown)
        checks.true("with the reason", "Connection refused" in shown, shown)
        checks.true("the other goes on", "1 of 2 instances" in shown and re.search(r"amount\.max +37 ", shown), shown)
        terminal.keys("Enter")
        terminal.wait_for("Away since")
        terminal.keys("Escape")
        back = shop("shop-1", port=port)
        terminal.wait_for("2 of 2 instances")
        terminal.wait_until_gone("AWAY")
        back.raw = b"<html>\x1b[2J hello"
        checks.true("somebody else who answers", "no JSON" in terminal.wait_for("AWAY"))
        terminal.keys("C-c")
        checks.equal("Ctrl-C", terminal.exit_code(), 130)
    first.kill()
    back.kill()


def hostile_values_are_harmless():
    one = Instance("sh\x1b[31mop", rules=[broken_rule("amount.max", expected=HOSTILE, description=HOSTILE, tags=[HOSTILE]),
                                          record_rule(HOSTILE), window_rule("w", window("w", 20, "fail", HOSTILE, cause=HOSTILE))],
                   streams=[stream(not_ready=[{"name": "broker", "reason": HOSTILE}], ready=False)],
                   samples=[{"rule": "amount.max", "topic": HOSTILE, "partition": 0, "offset": 1, "value": HOSTILE,
                             "reason": HOSTILE, "at": HOSTILE}])
    with Terminal() as terminal:
        title = terminal.state("pane_title")
        terminal.run("top", one.url, *EVERY)
        shown = terminal.wait_for("amount.max")
        checks.true("escape codes are shown as text", "\\u001b[2J" in shown, shown)
        checks.true("the head is still there", shown.startswith(" weir top"), shown)
        for keys in (("Enter",), ("Escape", "Down", "Enter"), ("Escape", "Down", "Enter"), ("Escape", "2"), ("3",), ("4",)):
            terminal.keys(*keys)
            time.sleep(0.4)
            shown = terminal.text()
            checks.true(f"after {keys} the head is still there", shown.startswith(" weir top"), shown)
        checks.equal("the title stays", terminal.state("pane_title"), title)
        terminal.bytes(b"\x1b[999;999H\x1b[?6c\xff\xfe\x1b]0;x\x07")
        time.sleep(0.2)
        terminal.keys("q")
        checks.equal("hostile keys do no harm either", terminal.exit_code(), 0)
    one.kill()


def sizes():
    one = shop()
    with Terminal(columns=80, lines=24) as terminal:
        terminal.run("top", one.url, *EVERY)
        terminal.wait_for("amount.max")
        for columns, lines in ((200, 50), (60, 24), (80, 10), (40, 8)):
            terminal.resize(columns, lines)
            terminal.wait_for(lambda text: text.startswith(" weir top") and "WHY" in text and "FAIL" in text and "? keys" in text)
            time.sleep(0.5)
            shown = terminal.wait_for("? keys")
            checks.true(f"{columns}x{lines}: the head, the first red row, the keys",
                        shown.startswith(" weir top") and "FAIL" in shown and "? keys" in shown, shown)
        terminal.resize(20, 4)
        terminal.wait_for("too small")
        terminal.resize(80, 24)
        terminal.wait_for("row_count.1m")
        terminal.keys("q")
        checks.equal("after all that", terminal.exit_code(), 0)
    one.kill()


def terminals_of_all_kinds():
    one = shop()
    with Terminal(LANG="C") as terminal:
        terminal.run("top", one.url, *EVERY)
        terminal.wait_for("amount.max")
        terminal.keys("Down", "Enter")
        shown = terminal.wait_for("oldest to newest")
        checks.true("without UTF-8 everything is ASCII", shown.isascii(), shown)
        terminal.keys("q")
        terminal.exit_code()
        terminal.run("top", one.url, *EVERY, NO_COLOR="1")
        terminal.wait_for("FAIL   amount.max")
        checks.true("NO_COLOR", not re.search(r"\x1b\[[0-9;]*3[0-7]", terminal.painted()), terminal.painted())
        terminal.keys("q")
        terminal.exit_code()
        terminal.run("top", one.url, "--every", "300ms", TERM="dumb")
        terminal.wait_for("3 rules fail")
        checks.equal("a dumb terminal gets lines", terminal.state("alternate_on"), "0")
        terminal.keys("C-c")
        checks.equal("until Ctrl-C", terminal.exit_code(), 130)
    one.kill()


def however_it_ends():
    one = shop()
    with Terminal() as terminal:
        for number in (signal.SIGTERM, signal.SIGABRT, signal.SIGSEGV):
            terminal.run("top", one.url, *EVERY)
            terminal.wait_for("amount.max")
            os.kill(terminal.pid(), number)
            ends_with = terminal.exit_code()
            # A sanitizer takes a fault of memory for its own and ends the process with 1.
            wanted = 1 if number == signal.SIGSEGV and is_sanitized() else 128 + number
            checks.equal(f"{number.name}: the exit code", ends_with, wanted)
            state = terminal.state("alternate_on"), terminal.state("cursor_flag")
            checks.equal(f"{number.name}: the terminal is as it was", state, ("0", "1"))
            checks.true(f"{number.name}: what is typed is echoed", "echo exit" in terminal.text(), terminal.text())
        terminal.run("top", one.url, *EVERY)
        terminal.wait_for("amount.max")
        terminal.keys("C-z")
        terminal.wait_for("Stopped")
        checks.equal("Ctrl-Z gives the terminal back", terminal.state("alternate_on"), "0")
        terminal.shell("echo between")
        terminal.wait_for(re.compile("^between$", re.M))
        terminal.shell("fg")
        terminal.wait_for("amount.max")
        checks.equal("fg brings the screen back", terminal.state("alternate_on"), "1")
        terminal.keys("Down")
        terminal.wait_for(re.compile(r"^>! FAIL +row_count", re.M))
        process = terminal.pid()
    until = time.monotonic() + 10  # the terminal is gone, and weir with it
    while os.path.exists(f"/proc/{process}") and time.monotonic() < until:
        time.sleep(0.05)
    checks.true("when the terminal goes the program goes", not os.path.exists(f"/proc/{process}"))
    one.kill()


def without_a_terminal():
    login = "Basic " + base64.b64encode(b"ann:secret").decode()
    one, well = shop(login=login), Instance("well", rules=[record_rule("id.required")])

    def top(*args, **more):
        return subprocess.run([WEIR, "top", *args], capture_output=True, text=True, timeout=60, check=False,
                              env=environment(), **more)

    with open("/dev/null", encoding="utf-8"):
        refused = top("--once", one.url)
    checks.equal("nobody answers", refused.returncode, 3)
    checks.true("a login is missing", "--password-file" in refused.stdout, refused.stdout)
    folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"weir-top-{os.getpid()}")
    with open(folder, "w", encoding="utf-8") as file:
        file.write("secret\n")
    ran = top("--once", one.url, "--user", "ann", "--password-file", folder)
    checks.equal("red", ran.returncode, 1)
    lines = ran.stdout.split("\n")
    checks.true("the sum first", "1 of 1 instances" in lines[0] and "3 rules fail" in lines[0], ran.stdout)
    checks.true("what is red first", lines[1].startswith("FAIL    amount.max"), ran.stdout)
    checks.true("no escape", "\x1b" not in ran.stdout, ran.stdout)
    os.unlink(folder)
    ran = top("--once", well.url, one.url)
    checks.equal("one that is away is red", ran.returncode, 1)
    ran = top("--once", well.url)
    checks.equal("all is well", (ran.returncode, "all is well" in ran.stdout), (0, True))
    ran = top("--once", "--json", well.url)
    checks.true("a line of JSON", ran.stdout.startswith('{"at":') and ran.stdout.count("\n") == 1, ran.stdout)
    with subprocess.Popen([WEIR, "top", "--every", "200ms", well.url], stdout=subprocess.PIPE, text=True,
                          env=environment()) as process:
        looks = [process.stdout.readline() for _ in range(6)]
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
    checks.equal("look after look until it is ended", (sum("1 of 1 instances" in one for one in looks), process.returncode), (3, 143))
    checks.true("and from the second on the rate is known", "records -" not in looks[2] and "records -" in looks[0], looks)
    process = subprocess.Popen([WEIR, "top", "--every", "200ms", well.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=environment())
    process.stdout.readline()
    process.stdout.close()  # as `| head -1` does
    said = process.stderr.read()
    checks.equal("a reader who leaves is no fault", (process.wait(), said), (0, ""))
    one.kill()
    well.kill()


for part in (keys_and_what_they_show, an_instance_goes_and_comes_back, hostile_values_are_harmless, sizes,
             terminals_of_all_kinds, however_it_ends, without_a_terminal):
    try:
        part()
    except AssertionError as fault:
        checks.true(part.__name__, False, str(fault))
checks.finish()
