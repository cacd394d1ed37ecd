// SPDX-License-Identifier: Apache-2.0
// Numbers and texts as a suggested rule file writes them.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// Away from the value to a number that a person would write: 137 becomes 150, -0.031 becomes -0.04.
[[nodiscard]] double nice_above(double value);
[[nodiscard]] double nice_below(double value);
/// To three significant digits.
[[nodiscard]] double rounded(double value);
/// Without an exponent where that is short: 1500, 0.25.
[[nodiscard]] std::string plain_number(double value);
/// "2.1%"; and one that is not below the share, with two significant digits.
[[nodiscard]] std::string share_in_words(double share);
[[nodiscard]] std::string percent_above(double share);
/// A scalar that YAML reads as this very text.
[[nodiscard]] std::string yaml_scalar(std::string_view text);
/// A field's path as a word of a rule's id.
[[nodiscard]] std::string id_of(std::string_view path);

}  // namespace weir
