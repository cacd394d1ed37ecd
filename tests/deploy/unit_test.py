# SPDX-License-Identifier: Apache-2.0
"""deploy/systemd: the unit is one that systemd takes, exposes little, and starts weir with a configuration that weir takes."""
import os
import re
import shutil
import tempfile

from place import WEIR, Checks, need, read, sh, under

UNIT = under("deploy", "systemd", "weir.service")
SCORE_MAX = 3.0  # of `systemd-analyze security`: 0 is shut in, 10 is bare
analyze = need("systemd-analyze")
checks = Checks()

code, text = sh(analyze, "security", "--offline=true", f"--threshold={int(SCORE_MAX * 10)}", UNIT)
score = re.search(r"Overall exposure level for weir.service: ([0-9.]+)", text)
checks.true("there is a score", score, text)
checks.true(f"exposure is at most {SCORE_MAX}", code == 0 and score and float(score.group(1)) <= SCORE_MAX, text[-300:])

with tempfile.TemporaryDirectory() as folder:
    # `verify` wants the program and the manual page to be there: here they are, elsewhere.
    program = os.path.join(folder, "weir")
    os.symlink(WEIR, program)
    page = os.path.join(folder, "man", "man1", "weir.1")
    os.makedirs(os.path.dirname(page))
    with open(page, "w", encoding="utf-8") as file:
        file.write(sh(WEIR, "man")[1])
    unit = os.path.join(folder, "weir.service")
    with open(unit, "w", encoding="utf-8") as file:
        file.write(read(UNIT).replace("/usr/bin/weir", program))
    code, text = sh(analyze, "verify", "--man=" + ("yes" if shutil.which("man") else "no"), unit,
                    env={**os.environ, "MANPATH": os.path.join(folder, "man")})
    checks.equal("systemd-analyze verify has nothing to say", (code, text.strip()), (0, ""))

    # /etc/weir as the package lays it out.
    etc = os.path.join(folder, "etc")
    os.makedirs(os.path.join(etc, "rules"))
    shutil.copy(under("deploy", "systemd", "weir.yml"), etc)
    shutil.copy(under("rules", "orders.yml"), os.path.join(etc, "rules"))
    command = re.search(r"^ExecStart=/usr/bin/weir (.*)$", read(UNIT), re.M).group(1)
    code, text = sh(WEIR, *command.replace("/etc/weir", etc).split(), "--validate", env={**os.environ, "STATE_DIRECTORY": folder})
    checks.equal(f"weir takes what it is started with: {text}", code, 0)

checks.finish()
