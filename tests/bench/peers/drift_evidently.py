# SPDX-License-Identifier: Apache-2.0
"""Which fields are distributed otherwise, by Evidently's DataDriftPreset: drift_evidently.py REFERENCE CURRENT

Kolmogorov-Smirnov for numbers and PSI for categories, at Evidently's own thresholds (p 0.05, PSI 0.1).
"""

import os
import sys

os.environ["DO_NOT_TRACK"] = "1"

from evidently import DataDefinition, Dataset, Report  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402

from drift_frames import CATEGORIES, NUMBERS, read, say  # noqa: E402

DEFINITION = DataDefinition(numerical_columns=list(NUMBERS), categorical_columns=list(CATEGORIES))


def dataset(path):
    return Dataset.from_pandas(read(path).to_pandas(), data_definition=DEFINITION)


def main(reference, current):
    done = Report([DataDriftPreset(num_method="ks", cat_method="psi")]).run(dataset(current), dataset(reference))
    drifted = {}
    for metric in done.dict()["metrics"]:
        config = metric["config"]
        if "column" in config:
            value, threshold = float(metric["value"]), config["threshold"]
            drifted[config["column"]] = value < threshold if config["method"] == "ks" else value >= threshold
    say(drifted)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
