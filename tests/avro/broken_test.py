# SPDX-License-Identifier: Apache-2.0
"""Avro files cut at every byte, and with bytes that are others: exit code 3, failing or undecodable records, never a crash, never
a hang. 400 changed files, or all cuts and 20,000 changes with WEIR_ALL=1; WEIR_SEED repeats a run.
"""
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scripts"))
from apache import CODECS, avro
from random_avro import Schemas, Values
from weir_process import Checks, Workplace, run

SEED = int(os.environ.get("WEIR_SEED", "20260103"))
CHANGES = 20_000 if os.environ.get("WEIR_ALL") else 400
TOGETHER = 200  # files in one run; one file at a time where a run of many ends as it should not
RULES = "weir: 1\nfields:\n  absent_everywhere: {required: true}\n  f0: {in: [no value is this]}\n"


def container(path, schemas, chance, codec):
    schema = schemas.record()
    values = Values(chance, schema)
    with open(path, "wb") as file:
        writer = avro.datafile.DataFileWriter(file, avro.io.DatumWriter(), avro.schema.parse(json.dumps(schema)), codec=codec)
        for number in range(6):
            writer.append(values.make(schema))
            if number % 2:
                writer.sync()
        writer.close()
    with open(path, "rb") as file:
        return file.read()


def changed(content, chance):
    content = bytearray(content)
    kind = chance.randrange(4)
    at = chance.randrange(len(content))
    if kind == 0:
        return bytes(content[:at])
    if kind == 1:
        for _ in range(chance.randint(1, 3)):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif kind == 2:
        content[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFF])
    else:
        content[at:at] = chance.randbytes(chance.randint(1, 9))
    return bytes(content)


def judge(checks, folder, names, what):
    try:
        ran = run("check", *names, "--rules", "rules.yml", "--quarantine", "all.ndjson", "--clean", "clean.avro", cwd=folder)
    except subprocess.TimeoutExpired:
        ran = None
    ends_well = ran is not None and ran.exit in (0, 1, 3, 4) and b"Sanitizer" not in ran.err
    if len(names) > 1 and not ends_well:
        for name in names:
            judge(checks, folder, [name], what)
    elif not ends_well:
        with open(os.path.join(folder, names[0]), "rb") as file:
            checks.true(f"seed {SEED}, {what}: {file.read().hex()}", False, ran and (ran.exit, ran.err))
    else:
        checks.true(what, True)
    return ran


def main():
    print(f"seed {SEED}, {CHANGES} changes")
    chance = random.Random(SEED)
    schemas = Schemas(chance)
    checks = Checks()
    with Workplace(**{"rules.yml": RULES}) as folder:
        for codec in CODECS:
            content = container(os.path.join(folder, "whole.avro"), schemas, chance, codec)
            step = 1 if os.environ.get("WEIR_ALL") else max(1, len(content) // 50)
            ran = judge(checks, folder, ["whole.avro"], codec)
            checks.equal(f"{codec}: the whole file", ran.exit, 1)
            names = []
            for size in range(0, len(content), step):
                names.append(f"cut-{size}.avro")
                with open(os.path.join(folder, names[-1]), "wb") as file:
                    file.write(content[:size])
            for begin in range(0, len(names), TOGETHER):
                ran = judge(checks, folder, names[begin:begin + TOGETHER], f"{codec}: cut")
                checks.equal(f"{codec}: files that are cut", ran and ran.exit, 3)
        for begin in range(0, CHANGES, TOGETHER):
            names = []
            for number in range(begin, min(CHANGES, begin + TOGETHER)):
                if number % 20 == 0:
                    content = container(os.path.join(folder, "whole.avro"), schemas, chance, chance.choice(CODECS))
                names.append(f"changed-{number % TOGETHER}.avro")
                with open(os.path.join(folder, names[-1]), "wb") as file:
                    file.write(changed(content, chance))
            judge(checks, folder, names, f"changes {begin} to {begin + len(names) - 1}")
    checks.finish()


main()
