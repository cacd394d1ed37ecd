// SPDX-License-Identifier: Apache-2.0
// Conditions cut into words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "import/condition.h"
#include "weir/result.h"

namespace weir {

struct ConditionWord {
  enum class Kind : std::uint8_t { Name, Quoted, Text, Number, Sign, End };
  Kind kind = Kind::End;
  std::string text;  // without its quotes; a sign as it stands
};

/// The words of a condition, with an End behind the last one.
Result<std::vector<ConditionWord>> words_of_condition(std::string_view text, ConditionDialect dialect);

}  // namespace weir
