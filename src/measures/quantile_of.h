// SPDX-License-Identifier: Apache-2.0
// A quantile with its error, of numbers as of delays.
#pragma once

#include <string>

#include "summary/quantile_sketch.h"
#include "weir/measured.h"

namespace weir {

/// "1.3%"
[[nodiscard]] std::string in_percent(double share);

/// What the sketch calls the rank of a value is off by at most e of all values. So its answer to q - e has a true rank of at
/// most q, its answer to q + e one of at least q, and the true quantile lies between the two. The sketch has values.
[[nodiscard]] Measured quantile_of(const QuantileSketch& sketch, double q);

}  // namespace weir
