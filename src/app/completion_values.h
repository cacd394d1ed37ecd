// SPDX-License-Identifier: Apache-2.0
// What may stand where a value or an operand is expected, told from the table of commands alone. All shells share it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"

namespace weir {

enum class Completed : unsigned char {
  Nothing,       // a number, an expression: the shell must not offer files
  Words,         // one of a few
  Files,         // also directories
  KindThenFile,  // json=FILE: a word, then a file
};

[[nodiscard]] Completed completed_of(const Flag& flag);
[[nodiscard]] Completed completed_of(const Command& command);  // of its operands
/// The second operand is the id of a rule of the first: `weir explain RULES RULE-ID`.
[[nodiscard]] bool takes_rule_id(const Command& command);
/// The words of Words and KindThenFile.
[[nodiscard]] std::vector<std::string_view> words_of(const Flag& flag);
/// The flags that a shell offers: those of the command, then those of all.
[[nodiscard]] std::vector<const Flag*> offered_flags(const Command& command);

/// `a b c`, or `a= b= c=`.
[[nodiscard]] std::string joined_words(const std::vector<std::string_view>& words, std::string_view after = "");

}  // namespace weir
