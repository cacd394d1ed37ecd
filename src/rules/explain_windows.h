// SPDX-License-Identifier: Apache-2.0
// Window rules in words, for explain.cpp.
#pragma once

#include <cstdint>
#include <string>

#include "rules/load.h"

namespace weir {

/// "1d", "1h30m".
[[nodiscard]] std::string length_in_words(Duration duration);
/// "every 1m", "the last 10m, every 1m", "1,000 records of an input", "the whole input".
[[nodiscard]] std::string window_in_words(const WindowBlock& block);
/// "row_count >= 100, should be row_count >= 500".
[[nodiscard]] std::string condition_in_words(const Loaded& loaded, std::uint32_t rule);
/// How far back a rule looks: "needs history: the 7 windows before"; empty when it looks at one window alone.
[[nodiscard]] std::string history_in_words(const WindowRule& rule);
/// What becomes of a window without data.
[[nodiscard]] std::string empty_in_words(const WindowRule& rule);

}  // namespace weir
