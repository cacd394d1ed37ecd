#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The coefficients in src/stats/ks_tail.cpp: what the approximation of Pelz and Good leaves over, times n^2.

    python3 tests/reference/ks_tail_rest.py

Prints them, and the largest relative error that remains for each n. The exact values come from Durbin's recursion.
"""
import math

import numpy as np
from numpy.polynomial import chebyshev
from scipy import special
from scipy.stats import _ksstats

LOW, HIGH, DEGREE = 0.25, 1.36, 13
SIZES = np.array([100, 115, 133, 150, 180, 220, 256, 300, 400, 550, 800])
PLACES = np.linspace(LOW, HIGH, 90)


def durbin(n, d):
    """P(D_n < d): the k-th row of n!/n^n H^n."""
    k = math.ceil(n * d)
    h = k - n * d
    size = 2 * k - 1
    over = np.exp(-special.gammaln(np.arange(size + 2) + 1.0))
    matrix = np.zeros((size, size))
    for i in range(size):
        for j in range(min(size, i + 2)):
            matrix[i, j] = over[i - j + 1]
    rim = (1 - h ** np.arange(1, size + 1)) * over[1 : size + 1]
    rim[-1] = (1 - 2 * h**size + max(2 * h - 1, 0) ** size) * over[size]
    matrix[:, 0] = rim
    matrix[-1, :] = rim[::-1]
    row = np.zeros(size)
    row[k - 1] = 1
    log_scale = 0.0
    for i in range(1, n + 1):
        row = row @ matrix * (i / n)
        largest = row.max()
        row /= largest
        log_scale += math.log(largest)
    return row[k - 1] * math.exp(log_scale)


def main():
    tail = np.array([[1 - durbin(int(n), z / math.sqrt(n)) for n in SIZES] for z in PLACES])
    known = np.array([[_ksstats._kolmogn_PelzGood(int(n), z / math.sqrt(n), cdf=False) for n in SIZES] for z in PLACES])
    basis = chebyshev.chebvander((2 * PLACES - LOW - HIGH) / (HIGH - LOW), DEGREE)
    # Relative errors, weighed so that the large n have a say although little is left over there.
    weight = SIZES**0.7 / tail
    terms = basis[:, None, :] * (weight / SIZES**2.0)[:, :, None]
    series = np.linalg.lstsq(terms.reshape(-1, DEGREE + 1), ((tail - known) * weight).ravel(), rcond=None)[0].round(7)
    print(", ".join("%.7g" % c for c in series))
    left = np.abs(tail - known - (basis @ series)[:, None] / SIZES**2.0) / tail
    for n, before, after in zip(SIZES, np.max(np.abs(tail - known) / tail, axis=0), np.max(left, axis=0)):
        print("n = %d: relative error %.1e, without the series %.1e" % (n, after, before))


main()
