// SPDX-License-Identifier: Apache-2.0
// Texts, numbers and names of another tool as a rule file writes them: in YAML, in expressions, as field paths.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/node.h"

namespace weir {

/// A text as a scalar within YAML's brackets: bare where that is safe, else in quotes. Dollars that would begin a variable
/// are doubled.
[[nodiscard]] std::string text_in_yaml(std::string_view text);
/// The text of an expression, bare where YAML allows it.
[[nodiscard]] std::string expression_in_yaml(std::string_view text);
/// A text that is never replaced: a key.
[[nodiscard]] std::string key_in_yaml(std::string_view text);
/// A scalar: numbers and booleans bare, texts so that they stay texts.
[[nodiscard]] std::string scalar_in_yaml(const SuiteNode& node);
/// `[a, b]`
[[nodiscard]] std::string list_in_yaml(const std::vector<std::string>& texts);

/// The name of a column as a field path: a name that holds a dot or a bracket in quotes.
[[nodiscard]] std::string path_of(std::string_view name);
/// A field path as an expression writes it: `a.b`, with back-ticks where a name needs them.
[[nodiscard]] std::string field_in_expression(std::string_view path);
/// "a text" in an expression.
[[nodiscard]] std::string quoted(std::string_view text);
/// A scalar in an expression; nothing for lists and maps.
[[nodiscard]] std::optional<std::string> literal(const SuiteNode& node);
/// `[1, "a"]` in an expression; nulls are left out.
[[nodiscard]] std::optional<std::string> literals(const SuiteNode& list);

/// 0.95 as `95%`: the digits, moved by two. Nothing when it is no number.
[[nodiscard]] std::optional<std::string> percent_of_share(std::string_view digits);
/// The digits moved by so many places to the left; `5` by 2 is 0.05.
[[nodiscard]] std::optional<std::string> shifted(std::string_view digits, int places);
[[nodiscard]] bool is_number(std::string_view text);
[[nodiscard]] std::optional<double> number_of(std::string_view text);

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// The text in one line, as a comment or a table shows it.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t limit = 160);

}  // namespace weir
