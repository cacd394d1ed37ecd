// SPDX-License-Identifier: Apache-2.0
// Escapes in JSON texts.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "weir/batch.h"

namespace weir {

/// What is wrong with an escape, and where (byte offset within the text).
struct EscapeFault {
  std::size_t at = 0;
  std::string_view reason;
};

/// Checks every escape of the raw text between two quotes: the eight short ones and \uXXXX with surrogates in pairs.
[[nodiscard]] std::optional<EscapeFault> find_escape_fault(std::string_view raw) noexcept;

/// The text that `raw` stands for, in `arena`. The escapes must be right.
[[nodiscard]] std::string_view unescape(std::string_view raw, Arena& arena);

}  // namespace weir
