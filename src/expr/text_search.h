// SPDX-License-Identifier: Apache-2.0
// Finding a text in a text in linear time; std::string_view::find takes the product of both lengths when somebody wants it to.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace weir {

/// Where `part` stands in `text`, or npos.
[[nodiscard]] inline std::size_t find_text(std::string_view text, std::string_view part) noexcept {
  if (part.empty()) return 0;
  if (text.size() < part.size()) return std::string_view::npos;
  const void* const found = memmem(text.data(), text.size(), part.data(), part.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace weir
