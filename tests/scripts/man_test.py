# SPDX-License-Identifier: Apache-2.0
"""The manual page formats without a warning, and says of every command and flag what --help says."""
import re
import shutil
import subprocess

from weir_process import Checks, run

checks = Checks()
page = run("man")
checks.equal("weir man: exit", page.exit, 0)
names = re.findall(r"^  (\w+) +\S", run("--help").out.decode().split("Commands:\n")[1], re.M)


def formatted(program, *args):
    done = subprocess.run([program, *args], input=page.out, capture_output=True, check=False, timeout=60)
    checks.equal(f"{program}: exit", done.returncode, 0)
    checks.equal(f"{program}: warnings", done.stderr.decode(), "")
    return done.stdout.decode()


if shutil.which("groff"):
    # -c: no colours; -P-cbou: no emphasis by overstriking, plain text.
    text = formatted("groff", "-man", "-ww", "-Tutf8", "-rLL=100n", "-c", "-P-cbou")
    for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"):
        checks.true(f"section {section}", re.search(rf"^{section}$", text, re.M) is not None)
    for code in (0, 1, 2, 3, 4, 130):
        checks.true(f"exit status {code}", re.search(rf"^ +{code} +\S", text, re.M) is not None)
    flat = " ".join(text.split())
    for name in names:
        screen = run(name, "--help").out.decode()
        checks.true(f"{name}: its usage", screen.split("\n")[0][len("Usage: "):-len(" [flags]")] in flat)
        checks.true(f"{name}: its example", screen.rstrip("\n").split("\n")[-1].strip() in flat)
        for flag, summary in re.findall(r"^  (?:-\w, |    )(--\S+(?: \S+)?) {2,}(.*)$", screen, re.M):
            checks.true(f"{name} {flag}", f"{flag} {summary}" in flat, flag)
else:
    print("groff is not installed: left out")
if shutil.which("man"):
    formatted("man", "--warnings", "-E", "UTF-8", "-l", "-")
checks.finish()
