# SPDX-License-Identifier: Apache-2.0
"""The same records in every shape in which files come give the same verdicts, on any number of threads."""
import gzip
import json
import os
import shutil
import subprocess

from weir_process import RULES, WEIR, Checks, Workplace, environment, run

RECORDS = [{"order_id": "O-%04d" % (i % 9990), "amount": i % 1010, "currency": "CHF" if i % 97 == 0 else "EUR"} for i in range(10000)]
LINES = [json.dumps(record, separators=(",", ":")) for record in RECORDS]
TEXT = "\n".join(LINES) + "\n"
GZIP = gzip.compress(TEXT.encode())
HALF = len(TEXT) // 2

SHAPES = {
    "plain.ndjson": TEXT,
    "crlf.ndjson": "\r\n".join(LINES) + "\r\n",
    "bom.ndjson": "\ufeff" + TEXT,
    "open-end.ndjson": TEXT[:-1],
    "blank-lines.ndjson": "\n\n".join(LINES),
    "array.json": "[" + ",\n ".join(LINES) + "]",
    "one-line-array.json": "[" + ",".join(LINES) + "]",
    "orders.ndjson.gz": GZIP,
    "no-name": GZIP,
    "two-members.ndjson.gz": gzip.compress(TEXT[:HALF].encode()) + gzip.compress(TEXT[HALF:].encode()),
    "orders.csv": "order_id,amount,currency\n" + "".join("%(order_id)s,%(amount)d,%(currency)s\n" % r for r in RECORDS),
    "orders.tsv": "order_id\tamount\tcurrency\r\n" + "".join("%(order_id)s\t%(amount)d\t%(currency)s\r\n" % r for r in RECORDS),
}


def verdicts(ran):
    report = json.loads(ran.out)
    return [(rule["id"], rule["outcome"], rule["evaluated"], rule["failed"], len(rule["samples"])) for rule in report["rules"]]


checks = Checks()
FLAGS = ("--rules", "orders.yml", "--report", "json=-")
with Workplace(**{"orders.yml": RULES, **SHAPES}) as folder:
    if shutil.which("zstd"):
        subprocess.run(["zstd", "-q", "plain.ndjson", "-o", "orders.ndjson.zst"], cwd=folder, check=True)
        SHAPES["orders.ndjson.zst"] = b""
    wanted = verdicts(run("check", "plain.ndjson", *FLAGS, cwd=folder))
    checks.true("something fails and something holds", {"fail", "pass"} <= {verdict[1] for verdict in wanted}, wanted)
    for name in SHAPES:
        for threads in ("1", "2", "5"):
            ran = run("check", name, *FLAGS, "--threads", threads, cwd=folder)
            checks.equal(f"{name}, {threads} threads: exit", ran.exit, 1)
            checks.equal(f"{name}, {threads} threads", verdicts(ran), wanted)
    for name in ("plain.ndjson", "orders.ndjson.gz"):
        with open(os.path.join(folder, name), "rb") as file:
            checks.equal(f"{name} on standard input", verdicts(run("check", "-", *FLAGS, cwd=folder, stdin=file.read())), wanted)
    fifo = os.path.join(folder, "pipe")
    os.mkfifo(fifo)
    process = subprocess.Popen([WEIR, "check", "pipe", *FLAGS], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
    with open(fifo, "w", encoding="utf-8") as file:
        file.write(TEXT)
    out = process.communicate(timeout=60)[0]
    checks.equal("a named pipe", verdicts(type("Ran", (), {"out": out})), wanted)
    with open(os.path.join(folder, "cut.ndjson.gz"), "wb") as file:
        file.write(GZIP[: len(GZIP) // 2])
    ran = run("check", "cut.ndjson.gz", *FLAGS, cwd=folder)
    checks.equal("compressed data that is cut short: exit", ran.exit, 3)
    checks.true("compressed data that is cut short: last line", ran.last_line.startswith("weir: ERROR exit=3"), ran.err)
checks.finish()
