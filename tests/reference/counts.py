#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Numbers of SciPy that tests/stats/categories_test.cpp holds the tests of counts against.

    python3 tests/reference/counts.py | clang-format-14 --assume-filename=x.h > tests/stats/counts_reference.h
"""
import numpy as np
import scipy
from scipy import optimize, stats

ROWS = [
    ([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8]),
    ([100] * 10, [130, 120, 110, 100, 100, 100, 90, 90, 80, 80]),
    ([400, 300, 200, 100, 0], [380, 290, 210, 110, 10]),
    ([50, 50, 0, 0], [0, 0, 50, 50]),
    ([1000, 1, 1], [900, 60, 42]),
    ([130, 370], [240, 260]),
    ([123456, 98765, 4321, 77], [1234, 1004, 40, 2]),
    ([10**9, 10**9 + 50000, 3 * 10**8], [10**7, 10**7, 3 * 10**6 + 3000]),
]
TABLES = [(45, 45, 30, 60), (3, 3, 6, 0), (6, 0, 0, 6), (90, 60, 60, 90), (1, 9, 11, 3), (0, 30, 5, 25),
          (200, 800, 25, 75), (8, 492, 1, 499), (1000, 2000, 1100, 1900), (5, 0, 1, 4)]
TAILS = [(1, 10, 0.1), (5, 100, 0.01), (60, 100, 0.5), (1000, 900000, 0.001), (3, 5, 0.999), (51000, 100000, 0.5)]


def number(x):
    return repr(float(x))


def psi(reference, current):
    a = (np.array(reference) + 0.5) / (sum(reference) + 0.5 * len(reference))
    b = (np.array(current) + 0.5) / (sum(current) + 0.5 * len(current))
    value = float(np.sum((b - a) * np.log(b / a)))
    unit = 1 / sum(reference) + 1 / sum(current)
    degrees = len(reference) - 1
    x = value / unit

    def bound(chance):
        if stats.chi2.cdf(x, degrees) <= chance:
            return 0.0
        high = x + 20 * x**0.5 + 40
        return optimize.brentq(lambda t: stats.ncx2.cdf(x, degrees, t) - chance, 1e-9, high)

    return value, stats.chi2.sf(x, degrees), unit * bound(0.975), unit * bound(0.025)


def main():
    print("// SPDX-License-Identifier: Apache-2.0")
    print(f"// Made by tests/reference/counts.py with SciPy {scipy.__version__}. Not to be edited.")
    print("#pragma once\n\n#include <cstdint>\n#include <vector>\n\nnamespace weir::testing {\n")
    print("struct TwoRows { std::vector<std::uint64_t> a; std::vector<std::uint64_t> b; double chi_square; double degrees;"
          " double chi_square_p; double g; double g_p; double psi; double psi_p; double psi_low; double psi_high;"
          " double jensen_shannon; };")
    print("inline const std::vector<TwoRows> kTwoRows = {")
    for a, b in ROWS:
        chi, p, degrees, _ = stats.chi2_contingency([a, b], correction=False)
        g, g_p, _, _ = stats.chi2_contingency([a, b], correction=False, lambda_="log-likelihood")
        row = [chi, degrees, p, g, g_p, *psi(a, b), float(np.sqrt(js(a, b)))]
        print("{" + ", ".join(["{" + ", ".join(map(str, c)) + "}" for c in (a, b)] + [number(x) for x in row]) + "},")
    print("};\n")
    print("struct FourCells { std::uint64_t a, b, c, d; double p; double odds_ratio; };")
    print("inline const std::vector<FourCells> kFourCells = {")
    for a, b, c, d in TABLES:
        odds, p = stats.fisher_exact([[a, b], [c, d]])
        print(f"{{{a}, {b}, {c}, {d}, {number(p)}, {'-1' if odds == float('inf') else number(odds)}}},")
    print("};\n")
    print("struct BinomialTail { std::uint64_t k, n; double share; double p; };")
    print("inline const std::vector<BinomialTail> kBinomialTails = {")
    for k, n, share in TAILS:
        print(f"{{{k}, {n}, {share}, {number(stats.binom.sf(k - 1, n, share))}}},")
    print("};\n\n}  // namespace weir::testing")


def js(a, b):
    p = np.array(a) / sum(a)
    q = np.array(b) / sum(b)
    m = (p + q) / 2
    return (stats.entropy(p, m, base=2) + stats.entropy(q, m, base=2)) / 2


main()
