# SPDX-License-Identifier: Apache-2.0
"""Runs the program in $WEIR the way a user does, for the scripts beside this file."""
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass

WEIR = os.path.abspath(os.environ.get("WEIR", "build/release/weir"))

RULES = r"""weir: 1
fields:
  order_id:   {type: string, required: true, match: '^O-\d{4}$', unique: true}
  amount:     {type: decimal, required: true, min: 0, max: 1000}
  currency:   {in: [EUR, USD, GBP]}
  email:      {format: email, severity: warn}
tests:
  - {pass: {order_id: O-0001, amount: 1, currency: EUR}}
  - {fail: [amount.max], record: {order_id: O-0001, amount: 1001, currency: EUR}}
"""
GOOD = '{"order_id":"O-0001","amount":1,"currency":"EUR"}\n{"order_id":"O-0002","amount":2,"currency":"USD"}\n'
BAD = '{"order_id":"O-0001","amount":1,"currency":"EUR"}\n{"order_id":"O-0002","amount":2000,"currency":"USD"}\n'
WARN = '{"order_id":"O-0001","amount":1,"currency":"EUR","email":"nobody"}\n'


def is_sanitized():
    """Whether the program looks after its memory: it starts more slowly, and a fault ends it otherwise."""
    with open(WEIR, "rb") as program:
        return b"__asan_init" in program.read()


@dataclass
class Ran:
    exit: int
    out: bytes
    err: bytes

    @property
    def last_line(self):
        lines = self.err.decode().rstrip("\n").split("\n")
        return lines[-1]


def environment(**more):
    """The environment without whatever would change what weir does."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WEIR_") and k not in ("NO_COLOR", "CLICOLOR_FORCE")}
    return {**kept, **more}


def run(*args, cwd=".", stdin=b"", env=None, **more):
    done = subprocess.run([WEIR, *args], cwd=cwd, input=stdin, env=env or environment(), timeout=60, check=False,
                          stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, **more)
    return Ran(done.returncode, done.stdout or b"", done.stderr)


class Workplace(tempfile.TemporaryDirectory):
    """A folder with the files of `contents`."""

    def __init__(self, **contents):
        super().__init__(prefix="weir-")
        for name, content in contents.items():
            self.write(name, content)

    def write(self, name, content):
        path = os.path.join(self.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w" if isinstance(content, str) else "wb") as file:
            file.write(content)


class Checks:
    """Collects what does not hold, so that one run tells everything."""

    def __init__(self):
        self.done = 0
        self.faults = []

    def equal(self, what, got, wanted):
        self.done += 1
        if got != wanted:
            self.faults.append(f"{what}\n     got: {got!r}\n  wanted: {wanted!r}")

    def true(self, what, holds, evidence=""):
        self.done += 1
        if not holds:
            self.faults.append(f"{what}\n  {evidence!r}")

    def finish(self):
        for fault in self.faults:
            print("FAIL", fault)
        print(f"{self.done} checks, {len(self.faults)} faults")
        sys.exit(1 if self.faults else 0)
