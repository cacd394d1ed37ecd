# SPDX-License-Identifier: Apache-2.0
"""Names of files that hold what drives a terminal: no command lets it through, whatever it says about the file."""
import os
import re

from weir_process import BAD, GOOD, RULES, Checks, Workplace, run

DRIVES = "\x1b[31m\x07\u202e"
NAME = "a" + DRIVES
AWAY = "no/such/" + NAME
RULES_HERE = NAME + ".yml"
RECORDS = NAME + ".ndjson"
R = ("--rules", RULES_HERE)

# Every command with names that are not there, that are of another kind, and of files that are fine.
MATRIX = [
    ("check", AWAY, *R), ("check", RECORDS, "--rules", AWAY), ("check", RECORDS, *R), ("check", NAME, *R),
    ("check", RECORDS, *R, "--report", "json=" + AWAY), ("check", RECORDS, *R, "--quarantine", AWAY),
    ("check", RECORDS, *R, "--clean", AWAY), ("check", RECORDS, *R, "--summary-out", AWAY), ("check", RECORDS, *R, "--state", AWAY),
    ("check", RECORDS, *R, "--state", NAME + ".db"), ("check", RECORDS, *R, "--state", RECORDS), ("check", RECORDS, *R, "--" + NAME),
    ("run", "-c", AWAY), ("run", "-c", RULES_HERE), ("run", "--brokers", NAME, "--topic", NAME, "--rules", AWAY),
    ("demo", "--dir", RECORDS + "/x"), ("top", NAME), ("top", "--once", "--password-file", AWAY, "--user", "a"),
    ("quarantine", "ls", AWAY), ("quarantine", "show", RECORDS), ("quarantine", "stats", RULES_HERE), ("quarantine", NAME),
    ("replay", AWAY), ("replay", "-c", AWAY), ("backtest", AWAY, *R), ("backtest", RECORDS, "--rules", AWAY),
    ("backtest", RECORDS, *R, "--against", AWAY), ("topics", "-c", AWAY), ("doctor", "-c", AWAY), ("doctor", "-c", RULES_HERE),
    ("lint", AWAY), ("lint", RULES_HERE), ("lint", RECORDS), ("lint", RULES_HERE, "--format", "github"),
    ("test", AWAY), ("test", RULES_HERE), ("test", RECORDS), ("test", RULES_HERE, "--junit", AWAY),
    ("explain", AWAY), ("explain", RULES_HERE), ("explain", RECORDS + ":1", *R), ("explain", AWAY + ":1", *R),
    ("diff", AWAY, RULES_HERE), ("diff", RULES_HERE, RULES_HERE), ("merge", AWAY, *R), ("merge", RECORDS, *R),
    ("compare", AWAY, RECORDS), ("compare", RECORDS, RECORDS), ("compare", RECORDS, RECORDS, "--report", "json=" + AWAY),
    ("baseline", AWAY, "-o", "b"), ("baseline", RECORDS, "-o", AWAY), ("baseline", RECORDS, "-o", NAME + ".baseline"),
    ("calibrate", AWAY, *R), ("calibrate", RECORDS, "--rules", AWAY), ("calibrate", RECORDS, *R),
    ("suggest", AWAY), ("suggest", RECORDS, "-o", AWAY), ("suggest", RECORDS, "-o", NAME + ".suggested"), ("suggest", RECORDS),
    ("import", "gx", AWAY), ("import", "gx", RECORDS), ("import", NAME, AWAY),
    ("history", "--state", AWAY), ("history", "--state", RECORDS), ("history", "--state", NAME + ".db"),
    ("config", "-c", AWAY), ("config", "-c", RULES_HERE), ("schema", "-o", AWAY), ("completion", NAME), ("man", NAME), ("version", NAME),
    ("help", NAME), (NAME,),
]

checks = Checks()
with Workplace(**{RULES_HERE: RULES, RECORDS: GOOD + BAD + DRIVES + "\n"}) as folder:
    os.mkdir(os.path.join(folder, NAME))
    listed = run("--help", cwd=folder).out.decode()
    commands = {line.split()[0] for line in re.findall(r"^  +[a-z]+  .*$", listed, re.M)}
    checks.true("every command has its turn", commands and commands <= {args[0] for args in MATRIX},
                commands - {args[0] for args in MATRIX})
    for args in MATRIX:
        ran = run(*args, cwd=folder)
        shown = (ran.out + ran.err).decode(errors="replace")
        checks.true("weir " + " ".join(repr(arg) for arg in args), not any(sign in shown for sign in DRIVES if not sign.isprintable()),
                    [line for line in shown.split("\n") if any(sign in line for sign in "\x1b\x07\u202e")][:3])
checks.finish()
