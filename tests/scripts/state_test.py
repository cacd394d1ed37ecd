# SPDX-License-Identifier: Apache-2.0
"""The history with real processes: two runs at the same time both succeed, a run that is killed or cannot write leaves it as it was."""
import json
import os
import resource
import signal
import subprocess
import time

from weir_process import WEIR, Checks, Workplace, environment, run

RULES = """weir: 1
source: {time: at}
windows:
  - every: 1m
    rules:
      - must: row_count >= 1
      - must: mean(v) >= 0
"""


def records(first_minute, minutes):
    return "".join('{"at":"2026-01-31T%02d:%02d:00Z","v":%d}\n' % (m // 60, m % 60, m) for m in range(first_minute, first_minute + minutes))


def remembered(folder):
    ran = run("history", "--state", "orders.db", "--json", "--last", "100000", cwd=folder)
    return {series["series"]: [value["value"] for value in series["values"]] for series in json.loads(ran.out)["series"]}


def small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


checks = Checks()
check = ("check", "--rules", "orders.yml", "--state", "orders.db", "--now", "2026-02-01T00:00:00Z", "--quiet")

# Several runs over different hours begin one history together, and then go on with it.
with Workplace(**{"orders.yml": RULES, **{f"hour-{h}.ndjson": records(60 * h, 60) for h in range(8)}}) as folder:
    for hours in (range(4), range(4, 8)):
        started = [subprocess.Popen([WEIR, *check, f"hour-{h}.ndjson"], cwd=folder, env=environment(), stderr=subprocess.PIPE) for h in hours]
        for process in started:
            _, err = process.communicate(timeout=120)
            checks.equal("a run beside others succeeds", (process.returncode, err.decode().split("\n")[-2][:17]), (0, "weir: PASS exit=0"))
    found = remembered(folder)
    checks.equal("every window of every run is remembered", sorted(found["mean(v) | 1m"]), [float(m) for m in range(480)])
    checks.equal("and counted", len(found["row_count | 1m"]), 480)
    checks.equal("nothing else is left in the folder", [name for name in os.listdir(folder) if "orders.db" in name], ["orders.db"])

# A run that waits for its input is killed, interrupted: the history stays as it was.
with Workplace(**{"orders.yml": RULES, "a.ndjson": records(0, 60)}) as folder:
    checks.equal("the first run", run(*check, "a.ndjson", cwd=folder).exit, 0)
    with open(os.path.join(folder, "orders.db"), "rb") as file:
        before = file.read()
    for number, exit_code in ((signal.SIGKILL, -9), (signal.SIGINT, 130)):
        process = subprocess.Popen([WEIR, *check, "--format", "json", "-"], cwd=folder, env=environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(records(60, 60).encode())
        process.stdin.flush()
        time.sleep(0.5)
        process.send_signal(number)
        process.stdin.close()
        checks.equal(f"ended by signal {number}", process.wait(timeout=60), exit_code)
        with open(os.path.join(folder, "orders.db"), "rb") as file:
            checks.true(f"the history after signal {number} is as it was", file.read() == before)

    # A disk that is full: exit 4, and the history still tells what it told.
    with open(os.path.join(folder, "b.ndjson"), "w") as file:
        file.write(records(60, 1300))
    ran = run(*check, "b.ndjson", cwd=folder, preexec_fn=small_files)
    checks.equal("a full disk", (ran.exit, ran.last_line[:17]), (4, "weir: ERROR exit=4"[:17]))
    checks.equal("the history after a full disk", len(remembered(folder)["mean(v) | 1m"]), 60)

    # A history that lost its end stops a run before it begins.
    with open(os.path.join(folder, "orders.db"), "wb") as file:
        file.write(before[:-1000])
    ran = run(*check, "a.ndjson", cwd=folder)
    checks.equal("a history cut short", (ran.exit, ran.err.decode().split("\n")[0]), (3, "weir: `orders.db` is damaged or cut short"))
    checks.equal("a history cut short is shown by nobody", run("history", "--state", "orders.db", cwd=folder).exit, 3)

# Panes that find no room on the disk are an error, not a wrong answer.
with Workplace(**{"orders.yml": RULES, "a.ndjson": records(0, 60)}) as folder:
    ran = run("check", "a.ndjson", "--rules", "orders.yml", cwd=folder, env=environment(TMPDIR="/no/such/folder"))
    checks.equal("a folder for panes that nobody needs", ran.exit, 0)
checks.finish()
