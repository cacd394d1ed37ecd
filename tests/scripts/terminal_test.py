# SPDX-License-Identifier: Apache-2.0
"""Terminals and pipes: colours, the progress line, Ctrl-C. A pseudo-terminal stands for a person."""
import os
import pty
import select
import signal
import subprocess
import time

from weir_process import BAD, RULES, WEIR, Checks, Workplace, environment, run

ESCAPE = b"\x1b"
PATIENCE = 20.0  # seconds; nothing here takes one unless it is broken


def on_terminal(args, cwd, **variables):
    """Runs weir with stderr on a terminal; gives its exit code and what the terminal got."""
    master, slave = pty.openpty()
    process = subprocess.Popen([WEIR, *args], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave,
                               env=environment(**{"TERM": "xterm", **variables}))
    os.close(slave)
    shown = read_all(master)
    out = process.stdout.read()
    return process.wait(PATIENCE), out, shown


def read_all(descriptor):
    shown = b""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(descriptor)
    return shown


checks = Checks()
FILES = {"orders.yml": RULES, "wrong.yml": "weir: 1\nfields:\n  amount: {min: 10, max: 1}\n", "bad.ndjson": BAD}
CHECK = ("check", "bad.ndjson", "--rules", "orders.yml")
with Workplace(**FILES) as folder:
    for args in (CHECK, ("lint", "wrong.yml")):
        what = args[0]
        checks.true(f"{what}: a terminal gets colours", ESCAPE in on_terminal(args, folder)[2])
        checks.true(f"{what}: NO_COLOR", ESCAPE not in on_terminal(args, folder, NO_COLOR="1")[2])
        checks.true(f"{what}: TERM=dumb", ESCAPE not in on_terminal(args, folder, TERM="dumb")[2])
        checks.true(f"{what}: --color never", ESCAPE not in on_terminal((*args, "--color", "never"), folder)[2])
        checks.true(f"{what}: a pipe gets none", ESCAPE not in run(*args, cwd=folder).err)
        checks.true(f"{what}: --color always", ESCAPE in run(*args, "--color", "always", cwd=folder).err)
        checks.true(f"{what}: CLICOLOR_FORCE", ESCAPE in run(*args, cwd=folder, env=environment(CLICOLOR_FORCE="1")).err)
    # Judged apart: stderr is a terminal here, stdout is not.
    _, out, shown = on_terminal((*CHECK, "--report", "text=-"), folder)
    checks.true("the report on a pipe is plain while stderr is coloured", ESCAPE in shown and out and ESCAPE not in out, out)
    run(*CHECK, "--report", "text=t.txt", "--report", "html=t.html", "--color", "always", cwd=folder)
    for name in ("t.txt", "t.html"):
        with open(os.path.join(folder, name), "rb") as file:
            checks.true(f"{name} holds no escape", ESCAPE not in file.read())


def start_on_pipe(folder, stderr, *flags):
    """weir that waits for more on its standard input."""
    return subprocess.Popen([WEIR, "check", "-", "--rules", "orders.yml", *flags], cwd=folder, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=stderr, env=environment(TERM="xterm"))


def read_until(descriptor, wanted, feed):
    shown, end = b"", time.monotonic() + PATIENCE
    while wanted not in shown and time.monotonic() < end:
        feed()
        if select.select([descriptor], [], [], 0.01)[0]:
            shown += os.read(descriptor, 65536)
    return shown


with Workplace(**FILES) as folder:
    master, slave = pty.openpty()
    process = start_on_pipe(folder, slave)
    os.close(slave)
    shown = read_until(master, b" records", lambda: process.stdin.write(BAD.encode() * 5000))
    checks.true("a long run on a terminal shows its progress", b"\r\x1b[K-  " in shown and b"/s  " in shown, shown)
    process.stdin.close()
    shown = read_all(master)
    checks.true("the progress line is gone before the table", b"\r\x1b[K" in shown, shown)
    checks.equal("and the run ends as always", process.wait(PATIENCE), 1)

for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
    for threads in ("1", "2"):
        what = f"{number.name}, {threads} threads"
        with Workplace(**FILES) as folder:
            process = start_on_pipe(folder, subprocess.PIPE, "--quarantine", "q.ndjson", "--report", "json=r.json", "--threads", threads)
            process.stdin.write(BAD.encode() * 50000)
            process.stdin.flush()
            end = time.monotonic() + PATIENCE
            while len(os.listdir(folder)) < len(FILES) + 2 and time.monotonic() < end:
                time.sleep(0.01)
            checks.equal(what + ": outputs were begun", len(os.listdir(folder)), len(FILES) + 2)
            process.send_signal(number)
            _, err = process.communicate(timeout=PATIENCE)
            checks.true(what + ": exit", process.returncode == code, (process.returncode, err))
            checks.true(what + ": last line", err.endswith(f"weir: ERROR exit={code} (interrupted)\n".encode()), err)
            checks.equal(what + ": nothing is left", sorted(os.listdir(folder)), sorted(FILES))
checks.finish()
