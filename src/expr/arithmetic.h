// SPDX-License-Identifier: Apache-2.0
// + - * / % and the minus sign, with CEL's errors: integers never wrap, a division of integers by zero is an error, a
// division of doubles is not.
#pragma once

#include "expr/ast.h"
#include "expr/value.h"

namespace weir {

/// `op` is one of Add, Subtract, Multiply, Divide, Remainder; neither side is null or an error.
[[nodiscard]] Value calculate(Op op, const Value& left, const Value& right, Scratch& scratch);
[[nodiscard]] Value negate(const Value& value);

/// Timestamps are of the years 1 to 9999, durations of at most 10 000 years, as in CEL.
[[nodiscard]] Value checked_timestamp(std::int64_t micros);
[[nodiscard]] Value checked_duration(std::int64_t micros);

}  // namespace weir
