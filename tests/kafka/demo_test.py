# SPDX-License-Identifier: Apache-2.0
"""weir demo --brokers: the same demo on a real cluster. Topics that are missing are made and told; what the demo says it put
aside lies in the quarantine topic; a second demo on the same cluster begins anew."""
import os
import re
import subprocess
import sys

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


with Cluster() as kafka, Workplace() as folder:
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
