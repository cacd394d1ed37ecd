# SPDX-License-Identifier: Apache-2.0
"""weir demo on its own Kafka: what goes wrong is found within the minute and told in words; page, metrics and other commands
answer meanwhile; rules that are changed are taken up; it ends with a summary, and leaves nothing behind.
With `weir top --once` it is what docs/demo.md and docs/top.md say to type."""
import glob
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request

from weir_process import WEIR, Checks, Workplace, environment, run

SECONDS = 52  # the last act begins at 44
checks = Checks()


class Demo:
    """A demo that runs, with what it has printed so far."""

    def __init__(self, *flags, cwd, **env):
        self.began = time.monotonic()
        self.process = subprocess.Popen([WEIR, "demo", *flags], cwd=cwd, env=environment(TMPDIR=cwd, **env), text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out = ""
        self.err = ""
        self.threads = [threading.Thread(target=self._read, args=(name,)) for name in ("out", "err")]
        for thread in self.threads:
            thread.start()

    def _read(self, name):
        for line in getattr(self.process, "std" + name):
            setattr(self, name, getattr(self, name) + line)

    def flat(self):
        """What was printed, without the line ends within a finding."""
        return re.sub(r"\n {13}", " ", self.out)

    def await_text(self, pattern, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := re.search(pattern, self.flat()):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        found = re.search(pattern, self.flat())
        checks.true(f"it tells: {pattern}", found is not None, self.out + self.err)
        return found

    def end(self, seconds):
        code = self.process.wait(seconds)
        for thread in self.threads:
            thread.join()
        return code


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def check_what_is_told(demo):
    told = demo.flat()
    for words in (r"\d\d:0[67]  FAIL  email\.required: the field is null\n",
                  r"FAIL  emails-known: 3\d.*%, expected <= 5% \(\d\d:\d\d:\d\d-\d\d:\d\d:\d\dZ\)\n",
                  r"weir  \d+ records? put aside in weir\.demo\.orders\.quarantine, with reasons\n",
                  r"FAIL  decode: .*<html>",
                  r"FAIL  drift currencies: currency: new value CHF \(\d+ records, \d.* %\)",
                  r"FAIL  drift baskets: country=DE: amount: scaled by 100 \(ks 0\.\d+, tolerance 0\.5\)",
                  r"FAIL  orders-flow: 0, expected >= 20; the stream was silent",
                  r"FAIL  order_id\.unique: `O-\d{8}` was seen before",
                  r"FAIL  orders-once: 5%, expected <= 1%"):
        checks.true(f"it tells: {words}", re.search(words, told), told)
    checks.equal("what was told is no more than that", len(re.findall(r"^\d\d:\d\d  (FAIL|WARN)", told, re.M)), 8)
    checks.true("no line is wider than 80 columns", all(len(line) <= 80 for line in demo.out.splitlines()), demo.out)
    checks.true("no colours where there is no terminal", "\x1b" not in demo.out)
    seconds = [float(one) for one in re.findall(r"^  seen .* after ([\d.]+) s$", demo.out, re.M)]
    checks.equal("the table has every finding", len(seconds), 9)
    checks.true("the first is red within 15 s, the last is seen within 60 s", seconds and min(seconds) < 15 and max(seconds) < 60, seconds)


def other_commands(demo, folder, page):
    """While it runs, as somebody in a second terminal."""
    brokers = demo.await_text(r"kafka  (127\.0\.0\.1:\d+)  \(in this process\)", 10).group(1)
    demo.await_text(r"FAIL  decode", 40)
    checks.true("the page names the stream", "weir.demo.orders" in get(page), page)
    checks.true("metrics count the records", re.search(r"^weir_\w+.*weir\.demo\.orders.* [1-9]", get(page + "/metrics"), re.M))
    checks.true("it is ready", get(page + "/readyz").startswith("ready"))
    rules = get(page + "/api/v1/rules")
    checks.true("the API has its rules", "baskets" in rules and "orders-flow" in rules, rules[:300])
    listed = run("quarantine", "ls", "--brokers", brokers, "--topic", "weir.demo.orders.quarantine", "--json", cwd=folder)
    lines = [json.loads(line) for line in listed.out.decode().splitlines()]
    checks.true("weir quarantine ls reads its quarantine", listed.exit == 0 and lines and all("weir.demo.orders" in json.dumps(line) for line in lines),
                (listed.exit, listed.out[:300], listed.err[-500:]))
    looked = run("top", page, "--once", cwd=folder)
    checks.true("weir top --once shows the stream", looked.exit in (0, 1) and b"weir.demo.orders" in looked.out,
                (looked.exit, looked.out[:500], looked.err[-500:]))
    path = os.path.join(folder, "kept", "rules.yml")
    if lines:
        topic, partition, offset = lines[0]["id"].rsplit("-", 2)
        record = run("explain", f"{topic}/{partition}/{offset}", "--brokers", brokers, "--rules", path)
        checks.true("weir explain says why a record failed", record.exit == 0 and b"email.required" in record.out, (record.out[:800], record.err))
    checks.equal("its rules hold no mistake", run("lint", path).exit, 0)
    checks.equal("and their tests hold", run("test", path).exit, 0)
    explained = run("explain", path, "baskets")
    checks.true("weir explain explains one of them", explained.exit == 0 and b"baskets" in explained.out, explained.err)
    return brokers


def change_rules(demo, folder):
    """A mistake leaves the rules as they are; a change is taken up."""
    path = os.path.join(folder, "kept", "rules.yml")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace("min: 1, max: 100}", "min: nothing, max: 100}"))
    demo.await_text(r"weir  the rules hold a mistake, so the ones before stay: weir lint kept/rules\.yml", 15)
    with open(path, "w") as file:
        file.write(text.replace("max: 250000", "max: 240000"))
    demo.await_text(r"weir  the rules have changed and hold from here on", 15)


with Workplace() as folder:
    # The usual port is somebody else's, or taken now: the demo finds another one.
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(("127.0.0.1", 8947))
        taken.listen()
    except OSError:
        pass
    demo = Demo("--seconds", str(SECONDS), "--dir", "kept", cwd=folder)
    page = demo.await_text(r"its page is (http://127\.0\.0\.1:(\d+))", 15)
    if page:
        checks.true("another port than the one that is taken", page.group(2) != "8947", page.group(2))
        other_commands(demo, folder, page.group(1))
        demo.await_text(r"FAIL  orders-flow", 50)
    code = demo.end(SECONDS + 30)
    taken.close()
    checks.equal("everything was seen: exit 0", (code, demo.err), (0, "weir: PASS exit=0 (9 seen, 0 missing, 0 not begun)\n"))
    check_what_is_told(demo)
    checks.true("a folder that was named stays", os.path.exists(os.path.join(folder, "kept", "rules.yml")))
    log = "".join(open(path).read() for path in glob.glob(os.path.join(folder, "kept", "weir-*.log")))
    checks.true("the lines of the run are in its log", "window_failed" in log and "stopped: everything is saved" in log, log[-800:])

    # The same folder once more: the rules are those that somebody left there. Ctrl-C ends it.
    demo = Demo("--dir", "kept", "--web.listen", "off", cwd=folder)
    demo.await_text(r"rules  kept/rules\.yml  \(as they were there\)", 10)
    demo.await_text(r"weir  runs, without a page", 15)
    demo.await_text(r"FAIL  email\.required", 20)
    change_rules(demo, folder)
    demo.process.send_signal(signal.SIGINT)
    checks.equal("Ctrl-C ends it cleanly", demo.end(30), 0)
    checks.true("with what was seen so far", re.search(r"PASS exit=0 \(\d seen, \d missing, \d not begun\)", demo.err), demo.err)

    # With a time, Ctrl-C is an early end; a new folder is gone afterwards.
    demo = Demo("--seconds", "600", cwd=folder)
    demo.await_text(r"weir  reads 3 partitions of weir\.demo\.orders", 15)
    checks.equal("there is a new folder", len(glob.glob(os.path.join(folder, "weir-demo-*"))), 1)
    demo.process.send_signal(signal.SIGINT)
    checks.equal("ended early: 130", demo.end(30), 130)
    checks.equal("the new folder is gone", glob.glob(os.path.join(folder, "weir-demo-*")), [])

    # Rules that find nothing: what is missing is told, and the exit code is 1.
    os.makedirs(os.path.join(folder, "blind"))
    with open(os.path.join(folder, "blind", "rules.yml"), "w") as file:
        file.write("weir: 1\nsource: {topic: weir.demo.orders, format: json}\nfields:\n  qty: {type: integer}\n")
    demo = Demo("--seconds", "17", "--dir", "blind", "--web.listen", "off", cwd=folder)
    checks.equal("not everything was seen: exit 1", demo.end(60), 1)
    checks.true("what is missing is named", re.search(r"^  MISSING  orders without an e-mail address +email\.required$", demo.out, re.M), demo.out)
    checks.true("what had not begun, too", re.search(r"^  -  +drift: cents in place of euros +baskets +begins at 00:28$", demo.out, re.M), demo.out)

    # What cannot start says why.
    with open(os.path.join(folder, "blind", "rules.yml"), "w") as file:
        file.write("weir: 1\nfields:\n  qty: {type: intger}\n")
    refused = run("demo", "--dir", "blind", cwd=folder)
    checks.true("rules that hold a mistake: exit 3, with the place", refused.exit == 3 and b"rules.yml:3" in refused.err, refused.err)
    nobody = run("demo", "--brokers", "127.0.0.1:1", "--seconds", "5", cwd=folder)
    checks.true("brokers that nobody reaches: exit 3", nobody.exit == 3 and b"no broker answers at 127.0.0.1:1" in nobody.err, nobody.err)
    checks.equal("which it says last", nobody.last_line, "weir: ERROR exit=3 (the demo did not start)")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = run("demo", "--web.listen", f"127.0.0.1:{other.getsockname()[1]}", "--dir", "third", cwd=folder)
    checks.true("an address that was asked for and is taken: exit 3", refused.exit == 3 and b"--web.listen" in refused.err, refused.err)
checks.finish()
