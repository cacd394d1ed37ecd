// SPDX-License-Identifier: Apache-2.0
// Conditions of other tools as expressions of weir: the WHERE clauses of SQL, pandas' query strings and Great Expectations'
// own `col("x") == 5`. What has the same meaning in weir is said; everything else is an error that names what it was.
#pragma once

#include <string>
#include <string_view>

#include "import/node.h"
#include "weir/result.h"

namespace weir {

enum class ConditionDialect : std::uint8_t {
  Sql,     // "x" is a column, 'x' a text; a comparison with null is unknown, as in weir
  Pandas,  // "x" is a text, `x` a column; null differs from every value
};

/// The condition as an expression.
Result<std::string> translate_condition(std::string_view text, ConditionDialect dialect);

/// Great Expectations' row_condition: a text with a condition_parser, or the object that newer versions write.
Result<std::string> translate_row_condition(const SuiteNode& condition, std::string_view parser);

/// A pattern of LIKE as a regular expression over the whole text.
[[nodiscard]] std::string regex_of_like(std::string_view pattern);

}  // namespace weir
