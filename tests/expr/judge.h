// SPDX-License-Identifier: Apache-2.0
// Expressions over small tables, and what is said about them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/expression.h"

namespace weir::testing {

/// A field with its values as JSON (`1.50`, `"text"`, `null`, `absent`), one a row.
struct FieldOf {
  std::string path;
  std::vector<std::string> values;
  FieldType type = FieldType::Any;
};

/// One letter a row: `T` true, `F` false, `?` unknown, `E` no answer. A fault of the text is a failed test.
std::string decide(std::string_view text, const std::vector<FieldOf>& fields);
/// The same, every row evaluated by itself.
std::string decide_by_rows(std::string_view text, const std::vector<FieldOf>& fields);
/// What the check `expr` says of the first row: "code: message [value]".
std::string reason(std::string_view text, const std::vector<FieldOf>& fields, bool redacted = false);

/// The value of an expression without fields as show() writes it, or "error: why" or "refused: why".
std::string value_of(std::string_view text);

/// "column 5+3 W142: message | label | help" of the fault in a rule's expression, or "".
std::string fault(std::string_view text, const std::vector<FieldOf>& fields = {});
/// Likewise of a window condition.
std::string window_fault(std::string_view text);

}  // namespace weir::testing
