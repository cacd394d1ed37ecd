#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The models of docs/decisions/0007: spin goes through every state of each, and refutes each of their mistaken variants."""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MEMORY = 1000  # MB: a search that needs more has failed

# model: [what to go through], [the mistakes, each with the size in which it shows]
MODELS = {
    "claims.pml": (
        ["OWNERS=3 SAVES=2 ROOM=10", "OWNERS=3 SAVES=1 ROOM=11", "OWNERS=2 SAVES=2 CHUNKS=2 ROOM=24"],
        ["HEADS_OF_ONE_KEY", "CLAIMS_OF_ONE_KEY", "CHUNKS_WITHOUT_INCARNATION", "IGNORE_THE_ORDER", "NO_LOOK_BACK"],
        "OWNERS=3 SAVES=2 ROOM=10",
    ),
    "saving_order.pml": (
        ["OWNERS=3 RECORDS=2", "OWNERS=2 RECORDS=3"],
        ["SEEK_TO_COMMITTED", "COMMIT_FIRST", "SAVE_BEFORE_ACKNOWLEDGED", "UNFENCED"],
        "OWNERS=3 RECORDS=2",
    ),
    "local_transactions.pml": (
        ["RECORDS=4 STARTS=5"],
        ["NEWEST", "COUNT_ON", "COMMIT_FIRST"],
        "RECORDS=4 STARTS=5",
    ),
    "topic_transactions.pml": (
        ["OWNERS=3 RECORDS=2"],
        ["IN_ORDER_OF_CLAIMS", "WITHOUT_BARRIER", "OFFSETS_FIRST", "UNFENCED"],
        "OWNERS=3 RECORDS=2",
    ),
}


def search(model, defines):
    """(errors, states, finished) of one search."""
    folder = tempfile.mkdtemp()
    try:
        flags = ["-D" + word for word in defines.split()]
        made = subprocess.run(["spin", "-a", *flags, os.path.join(HERE, model)], cwd=folder, capture_output=True, text=True)
        if made.returncode != 0 or not os.path.exists(os.path.join(folder, "pan.c")):
            sys.exit(f"{model} {defines}: spin: {made.stdout}{made.stderr}")
        built = subprocess.run(
            ["cc", "-O2", "-w", "-DSAFETY", "-DCOLLAPSE", "-DVECTORSZ=4096", f"-DMEMLIM={MEMORY}", "-o", "pan", "pan.c"],
            cwd=folder, capture_output=True, text=True)
        if built.returncode != 0:
            sys.exit(f"{model} {defines}: cc: {built.stderr}")
        # -E: who waits forever has crashed, which is no error.
        ran = subprocess.run(["./pan", "-E", "-m100000"], cwd=folder, capture_output=True, text=True, timeout=300)
        errors = re.search(r"errors: (\d+)", ran.stdout)
        states = re.search(r"([\d.e+]+) states, stored", ran.stdout)
        cut = re.search(r"out of memory|max search depth too small|Search not completed", ran.stdout)
        if not errors or not states:
            sys.exit(f"{model} {defines}: pan: {ran.stdout}{ran.stderr}")
        return int(errors.group(1)), int(float(states.group(1))), not cut
    finally:
        shutil.rmtree(folder)


def judge(model, defines, mistake):
    errors, states, finished = search(model, f"{defines} {mistake}".strip())
    what = f"{model} {defines}"
    if mistake:
        return errors > 0, f"{what}: {mistake} " + ("is refuted" if errors else "is NOT refuted")
    return errors == 0 and finished, f"{what}: {states} states, " + (
        f"{errors} errors" if finished else "not all of them: out of memory or depth")


if shutil.which("spin") is None:
    sys.exit("spin is not installed: deploy/setup.sh installs it")
jobs = []
for model, (sizes, mistakes, size) in MODELS.items():
    jobs += [(model, defines, "") for defines in sizes]
    jobs += [(model, size, mistake) for mistake in mistakes]
failed = 0
with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
    for good, line in pool.map(lambda job: judge(*job), jobs):
        print(("ok    " if good else "FAILED ") + line, flush=True)
        failed += not good
print(f"{len(jobs)} searches, {failed} failed")
sys.exit(1 if failed else 0)
