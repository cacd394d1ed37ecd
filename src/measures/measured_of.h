// SPDX-License-Identifier: Apache-2.0
// The few forms that the values of measures have: a count, a share, a number that may not be there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/measured.h"

namespace weir {

inline constexpr std::string_view kNoRecords = "no records";
inline constexpr std::string_view kNoValues = "no values";
inline constexpr std::string_view kNoNumbers = "no finite numbers";

[[nodiscard]] inline Measured no_data(std::string_view why) {
  return Measured::no_data(std::string(why));
}

[[nodiscard]] inline Measured count(std::uint64_t n) {
  return Measured::of(static_cast<std::int64_t>(n));
}

/// part / whole; no data of nothing.
[[nodiscard]] inline Measured share(std::uint64_t part, std::uint64_t whole, std::string_view why_nothing) {
  if (whole == 0) return no_data(why_nothing);
  return Measured::of(static_cast<double>(part) / static_cast<double>(whole));
}

[[nodiscard]] inline Measured number_or(const std::optional<double>& number, std::string_view why_nothing) {
  return number ? Measured::of(*number) : no_data(why_nothing);
}

}  // namespace weir
