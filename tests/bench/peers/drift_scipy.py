# SPDX-License-Identifier: Apache-2.0
"""Which fields are distributed otherwise, by SciPy and a few lines: drift_scipy.py REFERENCE CURRENT

Kolmogorov-Smirnov for numbers, chi-square for categories, p below 0.05, as it is mostly written.
"""

import sys

from scipy.stats import chi2_contingency, ks_2samp

from drift_frames import CATEGORIES, NUMBERS, read, say

SIGNIFICANT = 0.05


def counts(column):
    return {one["values"]: one["counts"] for one in column.value_counts().to_pylist()}


def main(reference, current):
    before, after = read(reference), read(current)
    p = {field: ks_2samp(before[field].to_numpy(), after[field].to_numpy()).pvalue for field in NUMBERS}
    for field in CATEGORIES:
        sides = [counts(frame[field]) for frame in (before, after)]
        p[field] = chi2_contingency([[side.get(word, 0) for word in sides[0] | sides[1]] for side in sides]).pvalue
    say({field: value < SIGNIFICANT for field, value in p.items()})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
