#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Numbers of NumPy and SciPy that tests/stats/samples_reference_test.cpp holds the tests of two samples against.

    python3 tests/reference/samples.py > tests/reference/samples.csv

A pair of samples stands as its row number, its sizes and its shape: the test draws the same values again. Nothing but + - * /
and floor is used to draw them, so both sides have the same bits. A field is empty where it was not computed.

The second table, behind the line `tail`, is P(D_n >= d) from Durbin's recursion in full, where SciPy itself is only good to
2e-6, and from SciPy elsewhere.
"""
import math
import warnings

import numpy as np
import scipy
from scipy import integrate, special, stats

ROWS = 10000
SHAPES = 10
MASK = (1 << 64) - 1


class Random:
    """SplitMix64, seeded by the row."""

    def __init__(self, seed):
        self.state = seed * 0x9E3779B97F4A7C15 & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
        return z ^ (z >> 31)

    def share(self):
        return (self.next() >> 11) * 2.0**-53


def size(random, row):
    most = 30 if row % 100 < 70 else 150 if row % 100 < 95 else 500 if row % 100 < 99 else 3000
    return 1 + random.next() % most


def value(random, shape, second):
    u = random.share()
    if shape == 1:
        return u + 0.15 if second else u
    if shape == 2:
        return math.floor(u * 7) + (1.0 if second and random.share() < 0.2 else 0.0)
    if shape == 3:
        u += random.share() + random.share() + random.share()
        return (u - 2) * 1.4 if second else u - 2
    if shape == 4:
        return 1 / (1 - u) - 1
    if shape == 5:
        return (u - 0.5) * 1e300
    if shape == 6:
        return (u - 0.3) * 1e-310
    if shape == 7:
        return [-1.0, -0.0, 0.0, 1.0][int(u * 4)]
    if shape == 8:
        return u + 10 if second else u
    if shape == 9:
        return math.floor(u * 100) / 100
    return u


def cvm_statistic(a, b):
    """n m / N^2 times the sum of squared distances; tied values by the mean of the squares on both sides of them."""
    pooled, counts = np.unique(np.concatenate([a, b]), return_counts=True)
    n, m = len(a), len(b)
    behind = np.searchsorted(a, pooled, "right") / n - np.searchsorted(b, pooled, "right") / m
    before = np.concatenate([[0.0], behind[:-1]])
    return n * m / (n + m) ** 2 * float(np.sum(counts * (before**2 + behind**2) / 2))


def cvm_limit(x):
    """P(W^2 >= x). SciPy adds terms down to 1e-7 only."""
    if x < 0.8:
        k = np.arange(60)
        y = 4 * k + 1.0
        q = y**2 / (16 * x)
        terms = np.exp(special.gammaln(k + 0.5) - special.gammaln(k + 1) - 2 * q) * np.sqrt(y) * special.kve(0.25, q)
        return 1 - float(np.sum(terms)) / (math.pi**1.5 * math.sqrt(x))
    total = 0.0
    for k in (1, 2):
        low, high = (2 * k - 1) * math.pi, 2 * k * math.pi

        def f(s, low=low, high=high):
            return math.exp(-x * (s * s - math.pi**2) / 2) / math.sqrt(s * abs(math.sin(s)) / ((s - low) * (high - s)))

        part = 0.0
        middle = low + min(0.5 * math.pi, 20 / (x * math.pi))
        eps = 1e-9

        def left(r):  # s = low + r^2
            s = low + max(r * r, eps**2)
            return 2 * f(s) / math.sqrt(high - s) if s > low + 1e-12 else 2 * f(low + 1e-12) / math.sqrt(high - low)

        def right(r):  # s = high - r^2
            s = high - max(r * r, 1e-12)
            return 2 * f(s) / math.sqrt(s - low)

        part += integrate.quad(left, 1e-5, math.sqrt(middle - low), epsrel=1e-11, epsabs=0, limit=300)[0]
        part += left(1e-5) * 1e-5
        part += integrate.quad(right, 1e-5, math.sqrt(high - middle), epsrel=1e-9, epsabs=1e-300, limit=300)[0]
        part += right(1e-5) * 1e-5
        total += part if k == 1 else -part
    return total * 2 / math.pi * math.exp(-x * math.pi**2 / 2)


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


def text(x):
    return "" if x is None else "%.12g" % x


def pair(row):
    random = Random(row)
    n, m = size(random, row), size(random, row)
    shape = row // 100 % SHAPES
    a = np.sort(np.array([value(random, shape, False) for _ in range(n)]))
    b = np.sort(np.array([value(random, shape, True) for _ in range(m)]))
    if row % 50 == 7:  # against itself
        b, m = a, n
    pooled = np.unique(np.concatenate([a, b]))
    difference = np.searchsorted(a, pooled, "right") / n - np.searchsorted(b, pooled, "right") / m
    d = float(np.max(np.abs(difference)))
    exact = None
    if n * m <= 250000 or row % 1000 == 99:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                exact = stats.ks_2samp(a, b, mode="exact").pvalue
            except RuntimeWarning:
                exact = None
    effective = max(1, round(n * m / (n + m)))
    tail = stats.kstwo.sf(d, effective)
    if shape == 5:  # SciPy overflows where it adds up the widths
        area = stats.wasserstein_distance(a / 1e300, b / 1e300) * 1e300
    elif shape == 6:
        area = stats.wasserstein_distance(a * 2.0**1000, b * 2.0**1000) * 2.0**-1000
    else:
        area = stats.wasserstein_distance(a, b)
    cvm = cvm_p = None
    if max(n, m) > 20:
        cvm = cvm_statistic(a, b)
        total, k = n + m, n * m
        variance = (total + 1) * (4 * k * total - 3 * (n**2 + m**2) - 2 * k) / (45 * total**2 * 4 * k)
        x = 1 / 6 + (cvm - (1 + 1 / total) / 6) / math.sqrt(45 * variance)
        cvm_p = 1.0 if x < 0.003 else 0.0 if x > 100 else cvm_limit(x)
    elif row % 8 == 0 and n + m <= 24 and min(n, m) > 1 and len(pooled) == n + m:
        result = stats.cramervonmises_2samp(a, b)
        cvm, cvm_p = result.statistic, result.pvalue
    t = t_p = degrees = None
    if n > 1 and m > 1 and shape not in (5, 6) and np.var(a) + np.var(b) > 0:
        t, t_p = stats.ttest_ind(a, b, equal_var=False)
    return ",".join([str(row), str(n), str(m), str(shape)] + [text(x) for x in (d, exact, tail, area, cvm, cvm_p, t, t_p)])


def main():
    print("# made by numpy %s, scipy %s" % (np.__version__, scipy.__version__))
    print("row,n,m,shape,d,exact,tail,wasserstein,cvm,cvm_p,t,t_p")
    for row in range(ROWS):
        print(pair(row))
    print("tail")
    random = Random(1)
    for n in [1, 2, 3, 5, 8, 13, 20, 31, 50, 75, 79, 80, 81, 99, 100, 101, 125, 149, 150, 180, 200, 230, 280, 400, 700, 1500, 4000, 20000, 10**6]:
        for i in range(30):
            square = random.share() * [0.5, 1.2, 2.2, 3.5, 15, 340][i % 6]  # n d^2
            d = math.sqrt(square / n)
            if d >= 1:
                d = random.share()
            d = float("%.12g" % d)
            square = n * d * d
            if n * d <= 0.5:
                p = 1.0
            elif 100 <= n <= 700 and 0.1 < square < 3.5 and d < 0.5:
                p = 1 - durbin(n, d)
            else:
                p = stats.kstwo.sf(d, n)
                # Where SciPy takes twice the one-sided tail too early: 2 exp(-8 t) is missing, to first order.
                if n > 140 and 2.2 <= square < 3.5 and d < 0.5:
                    z = math.sqrt(square) + 1 / (6 * math.sqrt(n))
                    p *= 1 - math.exp(-6 * z * z)
            if p > 1e-300:
                print("%d,%.12g,%.15g" % (n, d, p))


main()
