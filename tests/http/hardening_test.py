# SPDX-License-Identifier: Apache-2.0
"""The long test of which docs/http.md tells. weir run judges a real topic while clients that mean ill have at its web server, one kind after the other (attacks.py).

Throughout: a client that means well asks /readyz ten times a second and is answered 200 within a second, or within four times what
that takes in peace, if it is more; memory, threads, file descriptors and the log stay within bounds; and judging goes on as before: it
loses 5 % at most.

How the last is measured. weir has one processor to itself, and judging has always more to do than that can do; the attackers and Kafka
have the other one. So what the web server takes, judging loses. Each attack lies between two stretches of peace, in which the other
processor is as busy. What judging keeps is the share of weir's CPU that the web server's threads did not take, times the records that
the judging thread managed in a second of its own CPU, against those in peace: the first tells what it had to wait for, the second what
was slowed by locks and caches, and programs that have nothing to do with the test change neither. Where weir has a processor to spare,
judging loses less than that.

    hardening_test.py [--seconds N] [KIND...]

KIND: those of attacks.py, `every trick` (one by one, with the answer that each deserves) and `guarded` (TLS and a password); all of them
when none is named, here or in WEIR_ONLY, with semicolons. The table in the end says what came out."""
import argparse
import base64
import concurrent.futures
import http.client
import itertools
import json
import os
import re
import socket
import ssl
import statistics
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "kafka"), os.path.join(HERE, "..", "scripts")]
from attacks import ATTACKS, TRICKS
from certificates import Certificates
from cluster import Cluster, free_ports
from weir_process import WEIR, Checks, Workplace, environment

checks = Checks()
KINDS = [*ATTACKS, "every trick", "guarded"]
parser = argparse.ArgumentParser(description="weir among clients that mean ill")
parser.add_argument("--seconds", type=float, default=5, help="of each attack")
parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
ASKED = parser.parse_args()
NAMES = ASKED.kinds or [name for name in os.environ.get("WEIR_ONLY", "").split(";") if name] or KINDS
if unknown := set(NAMES) - set(KINDS):
    parser.error(f"no such kind: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
CHUNK = 100_000  # records written at a time
FIELDS = 300
PEACE, ATTACK = max(ASKED.seconds / 2, 1.5), ASKED.seconds
ATTEMPTS = 3  # what is measured on a machine that others use is measured again
LOVELACE = "$2y$10$5GdKktV7GiCiNQx/49Ykw.1WCc43EvbbknMYyTN4tXgWSAJ6KWte2"
MOST_LOST = 0.05
MOST_MEMORY = 128 << 20  # beside what it held in peace
MOST_LOG = 64 << 10
MOST_DESCRIPTORS = 256 + 64
WITHIN = 1.0  # seconds, for /readyz
# Long records, a window that stays open, and pages of a thousand rules.
CODE, NUMBER = 'match: "^[A-Z]{2}-[0-9]+$"', "type: number, min: 0, max: 100"
PAIRS = list(itertools.combinations([n for n in range(36) if n % 6], 2))[:290]
RULES = "weir: 1\nsource: {time: at}\nfields:\n" + "".join(
    f"  f{n}: {{{'required: true' if n >= 36 else NUMBER if n % 6 else CODE}}}\n" for n in range(FIELDS)
) + "windows:\n" + "".join(
    f"  - every: {hours}h\n    rules:\n" + "".join(
        f"      - {{id: m{hours}-{a}-{b}, should: 'mutual_information(f{a}, f{b}) < {a}'}}\n" for a, b in PAIRS) for hours in (1, 2))

CONFIG = "kafka: {queued.max.messages.kbytes: 4096}\n"  # what is read ahead would come and go beneath what is measured


def record(n):
    fields = ",".join(f'"f{m}":' + (str((n + m) % 100) if m % 6 else f'"DE-{n % 977}"') for m in range(FIELDS))
    return b'{"at":"2026-01-02T00:%02d:%02dZ",%s}' % (n // 60 % 60, n % 60, fields.encode())


class Supply:
    """Of records: there are always some for the time to come."""

    def __init__(self, kafka):
        self.kafka, self.count = kafka, 0
        self.values = [record(n) for n in range(10_000)]

    def write(self):
        self.kafka.produce("orders", ((n % 4, None, self.values[n * 10_000 // CHUNK]) for n in range(CHUNK)), batch_size=1 << 20)
        self.count += CHUNK

    def last(self, weir, seconds):
        """So much that it lasts, at the pace that was seen."""
        for _ in range(40):
            began, judged = time.monotonic(), weir.records()
            time.sleep(0.3)
            pace = (weir.records() - judged) / (time.monotonic() - began)
            if self.count - judged > seconds * max(pace, 2_000):
                return
            self.write()


class Weir:
    """A process and what it holds."""

    def __init__(self, folder, kafka, supply, name, processor, *flags):
        self.supply = supply
        self.port = free_ports(1)[0]
        self.log = os.path.join(folder, f"{name}.log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "taskset", "-c", str(processor), WEIR, "run", "-c", "weir.yml", "--brokers", kafka.bootstrap, "--topic",
                 "orders", "--rules", "rules.yml", "--from", "earliest", "--group", name, "--state", f"state-{name}", "--quarantine",
                 "off", "--web.listen", f"127.0.0.1:{self.port}", *flags],
                cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        self.pid = self.process.pid

    def get(self, path="/readyz", seconds=10):
        """Status and body of what a client that means well is given; 0 when nothing came."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            link.close()

    def await_ready(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if self.get()[0] == 200:
                return True
            time.sleep(0.05)
        with open(self.log, encoding="utf-8") as log:
            print(log.read()[-3000:])
        return False

    def cpu(self):
        """{thread: (seconds that it ran, whether it is the web server's)}; those give way to others."""
        found = {}
        for task in os.listdir(f"/proc/{self.pid}/task"):
            try:
                with open(f"/proc/{self.pid}/task/{task}/schedstat", encoding="ascii") as file:
                    spent = int(file.read().split()[0]) / 1e9
                with open(f"/proc/{self.pid}/task/{task}/stat", encoding="ascii") as file:
                    niceness = int(file.read().rsplit(")", 1)[1].split()[16])
            except OSError:
                continue
            found[task] = spent, niceness > os.getpriority(os.PRIO_PROCESS, 0)
        return found

    def records(self):
        """Judged so far; asked until it is told."""
        for _ in range(50):
            status, body = self.get("/api/v1/streams")
            if status == 200:
                return json.loads(body)["streams"][0]["records"]
            time.sleep(0.02)
        raise RuntimeError("nobody tells how many records were judged")

    def step(self):
        """Records, CPU and time at the end of a block of records: they are counted by the block."""
        first, began = self.records(), time.monotonic()
        more = began + 3
        while (now := self.records()) == first:
            if time.monotonic() > began + 30:
                raise RuntimeError("nothing is judged any more")
            if time.monotonic() > more:  # everything that there was is judged
                self.supply.write()
                more = time.monotonic() + 3
            time.sleep(0.01)
        return now, self.cpu(), time.monotonic()

    def held(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            text = file.read()
        return {"memory": int(re.search(r"VmRSS:\s+(\d+)", text)[1]) << 10, "threads": int(re.search(r"Threads:\s+(\d+)", text)[1]),
                "descriptors": len(os.listdir(f"/proc/{self.pid}/fd")), "log": os.path.getsize(self.log)}


class Watch(threading.Thread):
    """The client that means well, and the most that was held."""

    def __init__(self, weir, ask=None):
        super().__init__(daemon=True)
        self.weir, self.ask = weir, ask or weir.get
        self.took, self.refused = [], []
        self.most = weir.held()
        self.ended = threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.1) and self.weir.process.poll() is None:
            began = time.monotonic()
            status = self.ask()[0]
            self.took.append(time.monotonic() - began)
            if status != 200:
                self.refused.append(status)
            for what, now in self.weir.held().items():
                self.most[what] = max(self.most[what], now)

    def finish(self):
        self.ended.set()
        self.join()
        return self


class Stretch:
    """Some seconds of an attack, or of none: what was judged meanwhile, and at what price."""

    def __init__(self, weir, name, seconds, measured=True, ask=None):
        self.name = name
        attack = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", sys.executable, os.path.join(HERE, "attacks.py"), name, str(weir.port),
                                   str(seconds + 0.3)], stdout=subprocess.PIPE, text=True)
        said = attack.stdout.readline()
        checks.equal(f"{name}: is under way", said, "go\n")
        watch = Watch(weir, ask)
        if measured:
            before = weir.step()
        time.sleep(seconds)
        if measured:
            after = weir.step()
            judged, took = after[0] - before[0], after[2] - before[2]
            spent = {task: (now - before[1].get(task, (0, 0))[0], web) for task, (now, web) in after[1].items()}
            all_of_it = sum(ran for ran, _ in spent.values())
            self.a_second = judged / took
            self.busy = all_of_it / took
            self.web = sum(ran for ran, web in spent.values() if web) / all_of_it
            self.pace = judged / max(ran for ran, web in spent.values() if not web)  # for a second of the thread that judges
        self.watch = watch.finish()
        out, _ = attack.communicate()
        self.seen = json.loads(out or "{}")


def within(slowest):
    """How soon /readyz has to be answered where `slowest` is what it took in peace."""
    return max(WITHIN, 4 * slowest)


def is_held(weir, before, stretch):
    watch, name = stretch.watch, stretch.name
    checks.true(f"{name}: the process lives", weir.process.poll() is None, weir.process.poll())
    checks.true(f"{name}: /readyz was asked", len(watch.took) >= 1, watch.took)
    checks.equal(f"{name}: what /readyz said beside 200", watch.refused, [])
    checks.true(f"{name}: memory", watch.most["memory"] <= before["memory"] + MOST_MEMORY, watch.most)
    checks.true(f"{name}: threads", watch.most["threads"] <= before["threads"], (watch.most, before))
    checks.true(f"{name}: descriptors", watch.most["descriptors"] <= before["descriptors"] + MOST_DESCRIPTORS, watch.most)
    checks.true(f"{name}: the log", watch.most["log"] <= before["log"] + MOST_LOG, watch.most)


COLUMNS = (f"{'':30} {'/readyz ms':>14} {'judging':>8} {'web':>6} {'memory':>7} {'descr.':>6} {'connections':>11} {'sent':>6}\n"
           f"{'':30} {'median':>6} {'slowest':>7} {'%':>8} {'% CPU':>6} {'MiB':>7} {'':>6} {'':>11} {'MiB':>6}  answers")
table = []


def tell(stretch, before, lost=None):
    """A line of the table; it is printed at once, and again in the end."""
    seen = dict(stretch.seen)
    made, sent = seen.pop("connections", 0), seen.pop("bytes", 0)
    answers = " ".join(f"{status}:{count}" for status, count in sorted(seen.items()) if status.isdigit())
    most, took = stretch.watch.most, stretch.watch.took
    judging, web = ("", "") if lost is None else (f"{-100 * lost:+.1f}", f"{100 * stretch.web:.1f}")
    table.append(f"{stretch.name + ('' if lost is not None else ', guarded'):30} {1000 * statistics.median(took):6.0f} {1000 * max(took):7.0f} "
                 f"{judging:>8} {web:>6} {(most['memory'] - before['memory']) / (1 << 20):+7.1f} "
                 f"{most['descriptors'] - before['descriptors']:+6} {made:11} {sent >> 20:6}  {answers}")
    print(table[-1], flush=True)


def answer_to(port, text):
    """The status of the only answer; 0 when there is none."""
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        got = b""
        try:
            sock.sendall(text)
        except OSError:
            pass
        try:
            while more := sock.recv(65536):
                got += more
        except OSError:
            pass
    checks.true(f"one answer to {text[:60]!r}", len(re.findall(rb"HTTP/1\.1 \d\d\d ", got)) <= 1, got[:200])
    checks.true(f"nothing of the request comes back: {text[:60]!r}", b"<script>" not in got.split(b"\r\n\r\n")[0], got[:200])
    return int(got[9:12]) if got.startswith(b"HTTP/1.1 ") else 0


def every_trick(weir):
    for text, wanted in TRICKS:
        checks.equal(f"{text[:80]!r}", answer_to(weir.port, text), wanted)
    silent = [b"GET /\r\n", b"\x16\x03\x01\x00\x05hello", b"GET / HTTP/1.1\nHost: localhost\n\n", b""]
    with concurrent.futures.ThreadPoolExecutor() as several:
        for text, status in zip(silent, several.map(lambda text: answer_to(weir.port, text), silent)):
            checks.equal(f"{text!r} comes to nothing", status, 408)


def under_attack(weir, supply):
    supply.last(weir, 8 * PEACE + 10)
    peace = Stretch(weir, "nothing", 2 * PEACE)
    before = peace.watch.most
    print(f"in peace: {before}", flush=True)
    print(f"{peace.a_second:.0f} records a second, {peace.pace:.0f} per second of CPU; weir gets {100 * peace.busy:.0f} % of its processor")
    print(COLUMNS, flush=True)
    slowest = max(peace.watch.took)
    for name in (name for name in ATTACKS if name in NAMES):
        kept, late = [], []  # of judging; of /readyz, beyond what it may take
        while len(kept) < ATTEMPTS and (max(kept, default=0) < 1 - MOST_LOST or min(late) > 0):
            supply.last(weir, 2 * (ATTACK + PEACE) + 6)
            attack = Stretch(weir, name, ATTACK)
            after = Stretch(weir, "nothing", PEACE)
            calm = statistics.mean((peace.pace, after.pace))
            kept.append((1 - attack.web) / (1 - min(peace.web, after.web)) * attack.pace / calm)
            peace, slowest = after, max(slowest, *after.watch.took)
            late.append(max(attack.watch.took) - within(slowest))
            tell(attack, before, 1 - kept[-1])
            is_held(weir, before, attack)
        checks.true(f"{name}: judging loses no more than {MOST_LOST:.0%}", max(kept) >= 1 - MOST_LOST, kept)
        checks.true(f"{name}: /readyz within {within(slowest):.1f} s", min(late) <= 0, late)
    time.sleep(1.5)
    after = weir.held()
    print(f"in peace again: {after}; {peace.a_second:.0f} records a second", flush=True)
    checks.true("descriptors are given back", after["descriptors"] <= before["descriptors"] + 5, after)


def with_passwords(folder, kafka, supply):
    """TLS and a password: what costs the server CPU by design. Who is known goes on being answered while others guess."""
    both = Certificates(os.path.join(folder, "tls")).broker
    with open(os.path.join(folder, "web.yml"), "w", encoding="utf-8") as file:
        file.write(f"tls_server_config: {{cert_file: {both}, key_file: {both}}}\nbasic_auth_users: {{ada: '{LOVELACE}'}}\n")
    weir = Weir(folder, kafka, supply, "guarded", ",".join(map(str, processors)), "--web.config.file", "web.yml")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def ask(path="/readyz", password="lovelace", seconds=10):
        link = http.client.HTTPSConnection("127.0.0.1", weir.port, timeout=seconds, context=context)
        try:
            link.request("GET", path, headers={"Authorization": "Basic " + base64.b64encode(b"ada:" + password.encode()).decode()})
            answer = link.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            link.close()

    weir.get = ask
    checks.true("with passwords: ready", weir.await_ready())
    checks.equal("a wrong password", ask(password="byron", seconds=60)[0], 401)
    checks.equal("in clear where TLS is spoken", answer_to(weir.port, TRICKS[0][0]), 0)
    peace = Stretch(weir, "nothing", PEACE, measured=False)
    before = peace.watch.most
    bound = within(max(peace.watch.took))
    for name in ("guesses", "handshakes", "10,000 connections", "garbage"):
        slowest = []
        while len(slowest) < ATTEMPTS and min(slowest, default=99) > bound:
            stretch = Stretch(weir, name, ATTACK, measured=False)
            slowest.append(max(stretch.watch.took))
            tell(stretch, before)
            is_held(weir, before, stretch)
        checks.true(f"{name}, guarded: /readyz within {bound:.1f} s", min(slowest) <= bound, slowest)
        if name == "guesses":
            checks.true("no guess is right", "200" not in stretch.seen, stretch.seen)
            checks.true("guesses are tried one at a time", sum(stretch.seen.get(s, 0) for s in ("401", "429")) > 0, stretch.seen)
    ends(weir)


def ends(weir):
    weir.process.terminate()
    checks.equal("ends as it should", weir.process.wait(30), 0)
    with open(weir.log, encoding="utf-8") as log:
        text = log.read()
    checks.true("nothing of a request is in the log", not re.search("etc/passwd|evil|X-Slow", text), text[-1000:])


processors = sorted(os.sched_getaffinity(0))
MINE, THEIRS = processors[0], processors[1:] or processors
os.sched_setaffinity(0, THEIRS)  # this process, its children and their threads
began = time.monotonic()
with Cluster(heap="384m") as kafka, Workplace(**{"rules.yml": RULES, "weir.yml": CONFIG}) as folder:
    kafka.create_topic("orders", 4)
    supply = Supply(kafka)
    supply.write()
    if NAMES != ["guarded"]:
        weir = Weir(folder, kafka, supply, "open", MINE, "--web.enable-lifecycle")
        if not weir.await_ready():
            sys.exit("it never became ready")
        under_attack(weir, supply)
        if "every trick" in NAMES:
            every_trick(weir)
        ends(weir)
    if "guarded" in NAMES:
        with_passwords(folder, kafka, supply)
print(f"\n{COLUMNS}\n" + "\n".join(table) + f"\n{time.monotonic() - began:.0f} seconds, {supply.count} records written")
checks.finish()
