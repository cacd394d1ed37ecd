# SPDX-License-Identifier: Apache-2.0
"""deploy/container/weir-beside: a weir that ends is started again, with growing pauses; signals reach it; SIGTERM ends both."""
import os
import signal
import subprocess
import tempfile
import time

from place import Checks, environment, read, under

BESIDE = under("deploy", "container", "weir-beside")
checks = Checks()


def start(folder, body, pause="0"):
    """weir-beside over a program of shell that stands in for weir; it may write to $LOG."""
    program = os.path.join(folder, "weir")
    with open(program, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + body)
    os.chmod(program, 0o755)
    env = environment(LOG=os.path.join(folder, "log"), WEIR_BESIDE_PROGRAM=program, WEIR_BESIDE_PAUSE=pause)
    return subprocess.Popen([BESIDE, "-c", "a file.yml"], env=env, stderr=subprocess.PIPE, text=True)


def lines(folder):
    path = os.path.join(folder, "log")
    return read(path).splitlines() if os.path.exists(path) else []


def wait_for(what, holds, seconds=30):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    checks.true(what, holds())


with tempfile.TemporaryDirectory() as folder:
    beside = start(folder, 'echo "$# $1 $2 $3" >> "$LOG"; exit 2\n')
    wait_for("it is started again and again", lambda: len(lines(folder)) >= 3)
    beside.send_signal(signal.SIGTERM)
    err = beside.communicate(timeout=30)[1]
    checks.equal("weir's arguments", lines(folder)[0], "3 run -c a file.yml")
    checks.true("the exit code is weir's", beside.returncode in (2, 128 + signal.SIGTERM), beside.returncode)
    checks.true("it says so", "weir has ended with exit code 2; again in 0 s" in err, err)

with tempfile.TemporaryDirectory() as folder:
    beside = start(folder, 'trap \'echo term >> "$LOG"; sleep 0.5; exit 0\' TERM; trap \'echo hup >> "$LOG"\' HUP\n'
                           'echo up >> "$LOG"; while :; do sleep 0.1; done\n')
    wait_for("weir runs", lambda: lines(folder) == ["up"])
    beside.send_signal(signal.SIGHUP)
    wait_for("SIGHUP reaches it, and it goes on", lambda: lines(folder) == ["up", "hup"])
    beside.send_signal(signal.SIGTERM)
    checks.equal("SIGTERM waits until weir has drained", beside.wait(timeout=30), 0)
    beside.communicate()
    checks.equal("and starts no other", lines(folder), ["up", "hup", "term"])

with tempfile.TemporaryDirectory() as folder:
    beside = start(folder, 'echo up >> "$LOG"; exit 3\n', pause="60")
    wait_for("weir ends", lambda: lines(folder) == ["up"])
    time.sleep(0.5)
    beside.send_signal(signal.SIGTERM)
    began = time.monotonic()
    checks.equal("SIGTERM ends the pause", beside.wait(timeout=30), 3)
    beside.communicate()
    checks.true("at once", time.monotonic() - began < 10)

with tempfile.TemporaryDirectory() as folder:
    beside = start(folder, 'date +%s >> "$LOG"; exit 3\n', pause="1")
    wait_for("four starts", lambda: len(lines(folder)) >= 4, 60)
    beside.terminate()
    beside.communicate(timeout=30)
    times = [int(line) for line in lines(folder)]
    checks.true("pauses grow", times[3] - times[2] > times[1] - times[0], times)

checks.finish()
