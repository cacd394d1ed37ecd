# SPDX-License-Identifier: Apache-2.0
"""weir demo --brokers: the same demo on a real cluster, as in docs/demo.md. Topics that are missing are made and told; what the demo says it put
aside lies in the quarantine topic; a second demo on the same cluster begins anew. And, with what makes that hard: a start by time while
records come between two questions to the broker."""
import os
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster
from weir_process import WEIR, Checks, Workplace, environment, run

TOPIC = "weir.demo.orders"
checks = Checks()


def demo(kafka, folder, seconds):
    # run() of the scripts gives up after a minute.
    return subprocess.run([WEIR, "demo", "--brokers", kafka.bootstrap, "--seconds", str(seconds), "--web.listen", "127.0.0.1:0"],
                          cwd=folder, env=environment(TMPDIR=folder), text=True, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=seconds + 60, check=False)


def start_by_time(kafka, folder):
    """The broker answers slowly, and somebody writes all the time: nothing that is older than the start is judged."""
    kafka.create_topic("busy")
    kafka.produce("busy", [(0, None, b'{"id":%d}' % n) for n in range(100)])
    with open(os.path.join(folder, "busy.yml"), "w", encoding="utf-8") as file:
        file.write("weir: 1\nfields:\n  id: {min: 100}\n")
    ended = threading.Event()

    def write():
        n = 100
        while not ended.wait(0.05):
            kafka.produce("busy", [(0, None, b'{"id":%d}' % n)], linger_ms=0)
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    kafka.relay().delay(0.2)
    try:
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))  # no record is that late
        ran = run("run", "--brokers", kafka.bootstrap, "--topic", "busy", "--rules", "busy.yml", "--from", soon, "--until-end", "--quarantine", "./aside.ndjson",
                  "--state", "busy-state", "--web.listen", "off", "--allow-empty", cwd=folder)
    finally:
        ended.set()
        writer.join()
        kafka.relay().heal()
    checks.true("a start by time begins at no older record", ran.exit == 0 and b"offset_out_of_range" not in ran.err, (ran.exit, ran.err[-2000:]))


with Cluster(relayed=True) as kafka, Workplace() as folder:
    start_by_time(kafka, folder)
    ran = demo(kafka, folder, 56)
    checks.equal("everything was seen", (ran.returncode, ran.stderr), (0, "weir: PASS exit=0 (9 seen, 0 missing, 0 not begun)\n"))
    for name in (TOPIC, TOPIC + ".quarantine"):
        checks.true(f"it tells that it made {name}", f"the topic {name} was missing and is made" in ran.stdout, ran.stdout)
        checks.equal(f"{name} is there", list(kafka.partitions(name)), [0, 1, 2])
    checks.true("it tells where", f"kafka  {kafka.bootstrap}\n" in ran.stdout, ran.stdout[:400])
    told = re.search(r"^  ([\d,]+) records judged, ([\d,]+) put aside$", ran.stdout, re.M)
    checks.true("it tells how many", told, ran.stdout)
    if told:
        judged, aside = (int(one.replace(",", "")) for one in told.groups())
        kept = kafka.read(TOPIC + ".quarantine")
        checks.equal("what it put aside lies there", len(kept), aside)
        checks.true("and nearly every order was judged", judged <= len(kafka.read(TOPIC)) <= judged + 400, judged)
        checks.true("with reasons and origin", all(one.header("__weir.violations") and one.header("__weir.topic") == TOPIC.encode() for one in kept), kept[:1])
    listed = run("quarantine", "ls", "--brokers", kafka.bootstrap, "--topic", TOPIC + ".quarantine")
    checks.true("weir quarantine ls reads it", listed.exit == 0 and b"records, none sent back" in listed.out,
                (listed.exit, listed.out[-400:], listed.err[-400:]))

    # Once more: nothing of the first is taken for news.
    again = demo(kafka, folder, 12)
    checks.true("the topics are there already", "was missing" not in again.stdout, again.stdout)
    checks.equal("a second one sees what it had time for", again.returncode, 0)
    found = re.findall(r"(?:FAIL|WARN)  (?:drift )?([\w.-]+):", again.stdout)
    checks.true("and nothing of the first", sorted(set(found)) == ["email.required", "emails-known"], again.stdout)
checks.finish()
