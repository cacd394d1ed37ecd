// SPDX-License-Identifier: Apache-2.0
// How checks put their reasons. Values reach a message only through show(), which shortens and redacts; what is derived
// from a value (a length, a sum) is left out for redacted fields, since it tells about the value.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weir/check.h"

namespace weir {

/// "a text", "a number", "a boolean", "an array", "an object", "null", "absent".
[[nodiscard]] std::string_view kind_in_words(Kind kind) noexcept;

[[nodiscard]] bool is_redacted(const Subject& subject, std::size_t column = 0);

/// The value within a sentence: texts in backticks, everything else as it is.
[[nodiscard]] std::string quoted(const Subject& subject, std::size_t element, std::size_t column = 0);

/// `code`, `message` and the value of the element.
[[nodiscard]] Reason reason(const Subject& subject, std::size_t element, std::string_view code, std::string message);

/// Code "type": "`abc` is a text, a number is needed". Null and absent elements get the code "null".
[[nodiscard]] Reason wrong_type(const Subject& subject, std::size_t element, std::string_view needed,
                                std::size_t column = 0);

/// The first few of `items` for expected(): "EUR, GBP, USD" or "AD, AE, AF and 246 more". Short, for a label or a
/// table.
template <class Items>
[[nodiscard]] std::string first_few(const Items& items) {
  constexpr std::size_t kShown = 8;
  constexpr std::size_t kBytes = 120;
  std::string out;
  std::size_t shown = 0;
  for (; shown < items.size() && shown < kShown && out.size() + items[shown].size() <= kBytes; ++shown) {
    if (shown > 0) out += ", ";
    out += items[shown];
  }
  if (shown == 0) return std::to_string(items.size()) + " values";
  if (shown < items.size()) out += " and " + std::to_string(items.size() - shown) + " more";
  return out;
}

}  // namespace weir
