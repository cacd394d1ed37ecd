// SPDX-License-Identifier: Apache-2.0
// Expressions over small tables, and what is said about them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// What a measure came to, by how it is written: "row_count".
using MeasuredByName = std::vector<std::pair<std::string, Measured>>;

/// A window condition judged by these values; "other: row_count" is the measure of the stream `other`. What is not named has
/// no data.
Judgement judge(std::string_view text, const MeasuredByName& values);
/// The verdict with what goes with it: "fail 3 because row_count = 3".
std::string verdict(std::string_view text, const MeasuredByName& values);
/// Compiled as a rule file does it; a fault of the text is a failed test.
CompiledCondition compile_window(std::string_view text, const std::vector<FieldOf>& fields = {});

/// A list as a measure gives it: numbers are items without a letter.
Measured list_of(const std::vector<std::string>& items, bool complete = true);
Measured text_of(std::string text);

}  // namespace weir::testing
