# SPDX-License-Identifier: Apache-2.0
"""Which fields are distributed otherwise, by whylogs: drift_whylogs.py REFERENCE CURRENT

A profile of each side and its own tests at its own thresholds: Kolmogorov-Smirnov on sketches, chi-square on frequent items.
DRIFT counts, POSSIBLE_DRIFT does not.
"""

import os
import sys

os.environ["WHYLOGS_NO_ANALYTICS"] = "True"

import whylogs as why  # noqa: E402
from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores  # noqa: E402

from drift_frames import read, say  # noqa: E402


def profile(path):
    return why.log(read(path).to_pandas()).profile().view()


def main(reference, current):
    scores = calculate_drift_scores(target_view=profile(current), reference_view=profile(reference), with_thresholds=True)
    say({field: score is not None and score["drift_category"] == "DRIFT" for field, score in scores.items()})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
