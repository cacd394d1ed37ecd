# SPDX-License-Identifier: Apache-2.0
"""weir is killed, kill -9, again and again, while records keep coming; then the books are checked.

Every record is numbered. In the end each has to be in the clean output if it is good and in the quarantine if it is not, byte for
byte, exactly once where that was promised and with the same id where it was not; and the windows have to hold what `weir check`
finds over the same bytes.

    WEIR_ALL=1     240 kills instead of 24
    WEIR_SEED=n    the points of the kills of an earlier run, as far as the clock allows
    WEIR_ONLY=word only the rows whose name has the word
"""
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster
from trial import Trial
from weir_process import Checks

ALL = os.environ.get("WEIR_ALL") == "1"
SEED = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
KILLS = 30 if ALL else 3  # of each row
ROWS = [(delivery, instances, state) for delivery in ("at_least_once", "exactly_once")
        for instances, state in ((1, "dir"), (1, "topic"), (3, "dir"), (3, "topic"))]

checks = Checks()
dice = random.Random(SEED)


def kill_again_and_again(kafka, number, delivery, instances, state):
    name = f"{delivery}, {instances} instance{'s' * (instances > 1)}, state {state}, {KILLS} kills"
    if os.environ.get("WEIR_ONLY", "") not in name:
        return
    with Trial(kafka, checks, name, f"orders-{number}", delivery, instances, state) as trial:
        kills = 0
        while kills < KILLS and len(trial.ended) < 3:
            # Sometimes it dies while it begins.
            time.sleep(dice.uniform(0, 0.8) if dice.random() < 0.3 else dice.uniform(0.5, 4) / min(instances, 2))
            kills += trial.kill_and_restart(dice.choice(trial.names))
        checks.equal(f"{name}: no instance ends by itself", trial.ended, [])
        time.sleep(2)
        trial.settle(least=0.25)


print(f"WEIR_SEED={SEED}", flush=True)
with Cluster() as cluster:
    for row, what in enumerate(ROWS):
        kill_again_and_again(cluster, row, *what)
checks.finish()
