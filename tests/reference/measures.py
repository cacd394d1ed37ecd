#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Numbers of NumPy and SciPy that tests/measures/reference_test.cpp holds the measures against.

    python3 tests/reference/measures.py > tests/reference/measures.json
"""
import json
import sys

import numpy as np
import scipy
from scipy import stats

SHARES = [0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 1.0]


def field(values):
    a = np.array(values, dtype=float)
    out = {
        "sum": float(np.sum(a)),
        "mean": float(np.mean(a)),
        "median": float(np.median(a)),
        "range": float(np.ptp(a)),
        "iqr": float(stats.iqr(a)),
        "entropy": float(stats.entropy(np.unique(a, return_counts=True)[1], base=2)),
        "quantiles": [[q, float(np.quantile(a, q))] for q in SHARES],
    }
    if len(a) > 1:
        out["variance"] = float(np.var(a, ddof=1))
        out["stddev"] = float(np.std(a, ddof=1))
    if len(set(values)) > 1:
        out["skewness"] = float(stats.skew(a))
        out["kurtosis"] = float(stats.kurtosis(a))
    return {"values": values, "measures": out}


def mutual_information(a, b):
    """In bits, from the contingency table."""
    _, rows = np.unique(a, return_inverse=True)
    _, columns = np.unique(b, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    p = table / table.sum()
    independent = p.sum(axis=1, keepdims=True) @ p.sum(axis=0, keepdims=True)
    return float(np.sum(p[p > 0] * np.log2(p[p > 0] / independent[p > 0])))


def pair(a, b):
    return {
        "a": a,
        "b": b,
        "measures": {
            "correlation": float(stats.pearsonr(a, b)[0]),
            "covariance": float(np.cov(a, b)[0, 1]),
            "sum_ratio": float(np.sum(a) / np.sum(b)),
            "mutual_information": mutual_information(a, b),
        },
    }


def main():
    random = np.random.default_rng(20260101)
    normal = [round(float(v), 6) for v in random.normal(100, 15, 180)]
    heavy = [round(float(v), 6) for v in random.pareto(1.2, 180)]
    few = [int(v) for v in random.integers(0, 7, 180)]
    related = [round(2.5 * v + float(e), 6) for v, e in zip(normal, random.normal(0, 5, 180))]
    fields = [
        field(normal),
        field(sorted(normal)),
        field(sorted(normal, reverse=True)),
        field(heavy),
        field(few),
        field([1.5] * 20),
        field([7]),
        field([1, 2]),
        field([1, 2, 4]),
        field([1e9 + v for v in few]),
    ]
    # SciPy's mean is rounded, which so far from zero costs these half of their digits; those of `few` are the right ones.
    for name in ["skewness", "kurtosis"]:
        fields[-1]["measures"][name] = fields[4]["measures"][name]
    pairs = [pair(normal, related), pair(normal, heavy), pair(few, [v % 3 for v in few]), pair([1, 2, 3], [6, 5, 1])]
    made_by = {"numpy": np.__version__, "scipy": scipy.__version__}
    json.dump({"made_by": made_by, "fields": fields, "pairs": pairs}, sys.stdout, indent=None, separators=(",", ":"))
    sys.stdout.write("\n")


main()
