# SPDX-License-Identifier: Apache-2.0
"""A disk that fills up while something is written: one clear line, exit 4, and never half a file under the final name."""
import os
import resource
import signal

from weir_process import RULES, Checks, Workplace, run

MANY = "".join('{"order_id":"O-%d","amount":%d,"currency":"CHF"}\n' % (i, i) for i in range(20000))
OLD = "what was there before\n"


def small_files():
    """Files of at most 64 KiB: a write beyond that fails as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))


checks = Checks()
for flags in (("--quarantine", "out"), ("--report", "json=out", "--failing-rows", "all"), ("--report", "html=out", "--clean", "clean", "--quarantine", "q")):
    for exists in (False, True):
        what = " ".join(flags) + (" over an old file" if exists else "")
        with Workplace(**{"orders.yml": RULES, "orders.ndjson": MANY, **({"out": OLD} if exists else {})}) as folder:
            before = sorted(os.listdir(folder))
            ran = run("check", "orders.ndjson", "--rules", "orders.yml", *flags, cwd=folder, preexec_fn=small_files)
            after = sorted(os.listdir(folder))
            checks.true(what + ": exit", ran.exit == 4, (ran.exit, ran.err))
            checks.true(what + ": last line", ran.last_line.startswith("weir: ERROR exit=4 ("), ran.err)
            said = [line for line in ran.err.decode().split("\n") if "File too large" in line]
            checks.true(what + ": one line for each file says why", 1 <= len(said) <= 2, ran.err)
            small = [name for name in after if name not in before]
            for name in small:
                checks.true(what + f": {name} is whole", name in ("out", "clean", "q") and name not in str(said), small)
            if "html" not in str(flags):
                checks.equal(what + ": no file is left", after, before)
            if exists and "html" not in str(flags):
                with open(os.path.join(folder, "out")) as file:
                    checks.equal(what + ": the old file is as it was", file.read(), OLD)

with Workplace(**{"orders.yml": RULES, "orders.ndjson": MANY}) as folder:
    with open("/dev/full", "wb") as full:
        for flags in (("--report", "json=-"), ("--github",)):
            ran = run("check", "orders.ndjson", "--rules", "orders.yml", *flags, cwd=folder, stdout=full)
            checks.equal("stdout is full: " + " ".join(flags), ran.exit, 4)
            checks.true("stdout is full: last line", ran.last_line.startswith("weir: ERROR exit=4 ("), ran.err)
        for args in (("schema",), ("explain", "orders.yml"), ("--help",), ("version",)):
            ran = run(*args, cwd=folder, stdout=full)
            checks.equal("stdout is full: weir " + " ".join(args), ran.exit, 4)
    for args in (("schema",), ("explain", "orders.yml"), ("--help",), ("check", "orders.ndjson", "--rules", "orders.yml", "--report", "json=-")):
        reads, writes = os.pipe()
        os.close(reads)  # a reader who has seen enough: `weir … | head`
        ran = run(*args, cwd=folder, stdout=writes)
        os.close(writes)
        checks.equal("nobody reads: weir " + " ".join(args), (ran.exit, b"could not" in ran.err), (run(*args, cwd=folder).exit, False))
checks.finish()
