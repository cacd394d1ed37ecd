// SPDX-License-Identifier: Apache-2.0
// Cells as points in time, by the forms of base/timestamp.h.
#include "base/instant.h"

#include "base/timestamp.h"

namespace weir {

namespace {

constexpr std::uint32_t kMicroDigits = 6;

// 1767225600.125: what many languages give for the time of day.
std::optional<Instant> instant_of_fraction(const Cell& cell) noexcept {
  std::int64_t value = cell.number;
  for (std::uint32_t scale = cell.scale; scale > kMicroDigits; --scale) value /= 10;
  for (std::uint32_t scale = cell.scale; scale < kMicroDigits; ++scale) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value)) return std::nullopt;
  }
  return Instant(Duration(value));
}

}  // namespace

std::optional<Instant> instant_of_text(std::string_view text) noexcept {
  if (const std::optional<Instant> instant = parse_timestamp(text)) return instant;
  if (!is_date(text)) return std::nullopt;
  constexpr std::string_view kMidnight = "T00:00:00Z";
  char whole[20];
  text.copy(whole, text.size());
  kMidnight.copy(whole + text.size(), kMidnight.size());
  return parse_timestamp({whole, sizeof whole});
}

std::optional<Instant> instant_of(Kind kind, const Cell& cell) noexcept {
  if (kind == Kind::Text) return instant_of_text(cell.text());
  if (kind == Kind::Integer) return instant_of_number(cell.number);
  if (kind == Kind::Decimal) return instant_of_fraction(cell);
  return std::nullopt;
}

}  // namespace weir
