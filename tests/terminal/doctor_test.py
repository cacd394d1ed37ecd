# SPDX-License-Identifier: Apache-2.0
"""What a person sees of `weir doctor`, `weir config` and `weir topics` in a terminal of 80 columns, where no broker is."""
import os
import re
import sys

from terminal import Checks, Terminal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
from weir_process import Workplace  # noqa: E402

RULES = "weir: 1\nfields:\n  id: {required: true}\n"
WEIR_YML = """brokers: [127.0.0.1:1, nowhere.invalid:9092]
registry: http://127.0.0.1:2
web: {listen: 'off'}
state: {dir: ./deep/down/state}
streams:
  - topics: orders
    rules: orders.yml
    quarantine: ./none/bad.ndjson
"""
checks = Checks()

with Workplace(**{"orders.yml": RULES, "weir.yml": WEIR_YML}) as folder, Terminal(columns=80, lines=40, cwd=folder) as terminal:
    terminal.run("doctor", "-c", "weir.yml")
    terminal.wait_for("weir: FAIL exit=1")
    lines = terminal.screen()
    shown = "\n".join(lines)
    checks.equal("exit", terminal.exit_code(), 1)
    for line in ("configuration  ok    weir.yml: 1 stream, 1 rule",
                 "broker         bad   127.0.0.1:1: nothing listens there (connection refused)",
                 "                     -> is the broker up, and does `brokers` have its port?",
                 "topic          -     not looked at: no broker",
                 "group          -     not looked at: no broker",
                 "web            ok    off: no metrics, no health"):
        checks.true(f"on the screen: {line}", line in lines, shown)
    flat = re.sub(r"\s+", " ", shown)
    for words in ("nowhere.invalid:9092: the name is not known here", "registry bad cannot connect to http://127.0.0.1:2: Connection refused",
                  "cannot be made: `deep/down` is not there either", "there is no `none`", "-> make the folder"):
        checks.true(f"on the screen: {words}", words in flat, shown)
    # Every line begins with a subject, or goes on under the words of the one before it: nothing was wrapped by the terminal.
    table = lines[[i for i, line in enumerate(lines) if line.startswith("configuration")][0]:]
    table = table[:[i for i, line in enumerate(table) if line.startswith("weir: ")][0]]
    for line in table:
        checks.true("a line of the table", re.match(r"^(\S+ +|\s{15})(ok  |warn|bad |-   |    )  (   )?\S", line) is not None, line)
    checks.true("what is bad is red", "\x1b[31mbad" in terminal.painted(), terminal.painted())

    terminal.run("topics", "-c", "weir.yml")
    terminal.wait_for("weir: ERROR exit=3 (no broker could be asked)")
    checks.equal("topics: exit", terminal.exit_code(), 3)

    terminal.run("config", "-c", "weir.yml", "--snapshot-every", "30s")
    terminal.wait_for("set by weir itself")
    checks.equal("config: exit", terminal.exit_code(), 0)
    history = terminal.history()
    for pattern in (r"snapshot_every +30s +--snapshot-every\n", r"registry.url +http://127.0.0.1:2 +weir.yml:2\n",
                    r"state.dir +deep/down/state +weir.yml:4\n", r"log.level +info +default\n", r"  quarantine.file +none/bad.ndjson +weir.yml:8\n"):
        checks.true(f"config: {pattern}", re.search(pattern, history) is not None, history)
checks.finish()
