#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Numbers of NumPy and SciPy that tests/stats/columns_test.cpp holds the tests of several columns against.

    python3 tests/reference/columns.py | clang-format-14 --assume-filename=x.h > tests/stats/columns_reference.h
"""
import numpy as np
import scipy
from scipy import stats

random = np.random.default_rng(20)


def sample(n, d, shift=0.0, mixing=0.5):
    common = random.normal(size=(n, 1))
    scale = 10.0 ** np.arange(-1, d - 1)
    return (np.sqrt(mixing) * common + np.sqrt(1 - mixing) * random.normal(size=(n, d)) + shift) * scale + 3


def scatter(x):
    return len(x), x.mean(axis=0), (x - x.mean(axis=0)).T @ (x - x.mean(axis=0))


def hotelling(x, y):
    n, m, d = len(x), len(y), x.shape[1]
    pooled = ((n - 1) * np.cov(x.T) + (m - 1) * np.cov(y.T)) / (n + m - 2)
    shift = y.mean(axis=0) - x.mean(axis=0)
    t2 = n * m / (n + m) * shift @ np.linalg.solve(pooled, shift)
    distance = np.sqrt(shift @ np.linalg.solve(np.cov(x.T), shift))
    return distance, t2, stats.f.sf(t2 * (n + m - d - 1) / ((n + m - 2) * d), d, n + m - d - 1)


def correlation(x, y):
    n, m, d = len(x), len(y), x.shape[1]
    r, s = np.corrcoef(x.T), np.corrcoef(y.T)
    i, j = np.unravel_index(np.argmax(np.triu(np.abs(s - r), 1)), r.shape)
    z = (np.arctanh(s[i, j]) - np.arctanh(r[i, j])) / np.sqrt(1 / (n - 3) + 1 / (m - 3))
    return abs(s[i, j] - r[i, j]), i, j, min(1, d * (d - 1) / 2 * 2 * stats.norm.sf(abs(z)))


def pca(x, y, share=0.8):
    """From the rows: what each keeps when the leading components are taken away."""
    n, m = len(x), len(y)
    centred = np.vstack([x - x.mean(axis=0), y - y.mean(axis=0)])
    unit = np.sqrt((centred**2).sum(axis=0) / (n + m - 2))
    values, axes = np.linalg.eigh((centred / unit).T @ (centred / unit))
    values, axes = values[::-1], axes[:, ::-1]
    components = min(int(np.searchsorted(np.cumsum(values) / values.sum(), share)) + 1, x.shape[1] - 1)
    beside = axes[:, components:]
    before = (((x - x.mean(axis=0)) / unit @ beside) ** 2).sum() / (n - 1)
    rows = (y - y.mean(axis=0)) / unit @ beside
    shift = (y.mean(axis=0) - x.mean(axis=0)) / unit @ beside
    now = (rows**2).sum() / (m - 1) + shift @ shift
    return before, now, components


def numbers(xs):
    return "{" + ", ".join(repr(float(x)) for x in np.ravel(xs)) + "}"


print("// SPDX-License-Identifier: Apache-2.0")
print(f"// Made by tests/reference/columns.py with NumPy {np.__version__} and SciPy {scipy.__version__}. Not to be edited.")
print("#pragma once\n\n#include <cstddef>\n#include <vector>\n\nnamespace weir::testing {\n")
print("struct SideOfColumns { double n; std::vector<double> means; std::vector<double> comoments; };")
print("struct TwoScatters { SideOfColumns reference; SideOfColumns current; double distance, t_squared, p;"
      " double change; std::size_t a, b; double change_p; double pca_reference, pca_current; std::size_t components; };")
print("inline const std::vector<TwoScatters> kTwoScatters = {")
for x, y in [(sample(50, 2), sample(40, 2)), (sample(200, 4), sample(80, 4, 0.3)),
             (sample(300, 5), sample(100, 5, 0, 0.1)), (sample(30, 6), sample(30, 6, 0.1, 0.9))]:
    sides = ["{" + f"{n}, {numbers(mean)}, {numbers(products)}" + "}" for n, mean, products in (scatter(x), scatter(y))]
    change, i, j, p = correlation(x, y)
    before, now, components = pca(x, y)
    row = [*(repr(float(v)) for v in hotelling(x, y)), repr(float(change)), str(i), str(j), repr(float(p)),
           repr(float(before)), repr(float(now)), str(components)]
    print("{" + ", ".join(sides + row) + "},")
print("};\n\n}  // namespace weir::testing")
