// SPDX-License-Identifier: Apache-2.0
// Field paths within YAML's brackets.
//
// `fields: [amount, items[].qty]` is what everyone writes, and what YAML takes for a list within a list. A bracket pair that
// holds nothing or a number and runs on from a name can be nothing else in valid YAML than a part of a text, so it is hidden
// from the parser by two bytes that a rule file may not hold, and put back into the scalars.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// The same text, byte for byte in the same places, with the brackets of paths hidden.
[[nodiscard]] std::string hide_path_brackets(std::string_view yaml);
/// Puts them back.
[[nodiscard]] std::string show_path_brackets(std::string_view scalar);

}  // namespace weir
