// SPDX-License-Identifier: Apache-2.0
// Exact decimal numbers as people write them. 0.1 is one tenth here, and 9007199254740993 is not 9007199254740992.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/batch.h"

namespace weir {

/// An exact decimal of up to kMaxDigits significant digits, or NaN, or an infinity. Ordering is exact; NaN is
/// unordered.
class Decimal {
 public:
  static constexpr std::size_t kMaxDigits = 1000;

  Decimal() = default;                                  // zero
  Decimal(std::int64_t unscaled, std::uint32_t scale);  // unscaled x 10^-scale
  /// JSON's numbers, and also a leading `+`, `NaN`, `Infinity`, `-Infinity`, `inf`. Nothing when it is no number or has
  /// too many digits.
  static std::optional<Decimal> parse(std::string_view text);
  /// parse() for data: never refuses digits. Beyond kMaxDigits it keeps enough to compare and round exactly.
  static std::optional<Decimal> read(std::string_view text);
  /// The shortest decimal that reads back as `value`: 0.1 is one tenth.
  static Decimal from_double(double value);

  [[nodiscard]] bool is_nan() const noexcept { return special_ == Special::NaN; }
  [[nodiscard]] bool is_finite() const noexcept { return special_ == Special::Finite; }
  [[nodiscard]] bool is_whole() const noexcept;  // no fraction: 5, 5.0, 1e3
  [[nodiscard]] bool is_zero() const noexcept;
  [[nodiscard]] bool is_negative() const noexcept { return negative_; }
  /// Digits after the point once trailing zeros are gone (1.50 has 1, 1e3 has 0), and digits in all as SQL counts them
  /// (0.05 has 2, 1e3 has 4).
  [[nodiscard]] std::uint64_t scale() const noexcept;
  [[nodiscard]] std::uint64_t precision() const noexcept;
  [[nodiscard]] double to_double() const noexcept;  // nearest; 1e400 is infinity
  [[nodiscard]] std::string text() const;
  /// The value when it is a whole number of 64 bits.
  [[nodiscard]] std::optional<std::int64_t> to_int64() const noexcept;

  /// The smallest 64-bit number n with n x 10^-scale >= *this, clamped to the range; and the largest with <=.
  [[nodiscard]] std::int64_t ceiling_at(std::uint32_t scale) const noexcept;
  [[nodiscard]] std::int64_t floor_at(std::uint32_t scale) const noexcept;
  [[nodiscard]] bool is_multiple_of(const Decimal& step) const;  // exact; false for a zero step

  [[nodiscard]] std::partial_ordering operator<=>(const Decimal& other) const noexcept;
  [[nodiscard]] bool operator==(const Decimal& other) const noexcept { return (*this <=> other) == 0; }

 private:
  enum class Special : std::uint8_t { Finite, NaN, Infinite };
  [[nodiscard]] std::int64_t rounded_at(std::uint32_t scale, bool up) const noexcept;
  std::string digits_;         // no leading or trailing zeros; empty is zero
  std::int64_t exponent_ = 0;  // value = 0.DIGITS x 10^exponent
  bool negative_ = false;
  Special special_ = Special::Finite;
};

/// The exact value of a number cell.
[[nodiscard]] Decimal number_of(Kind kind, const Cell& cell);

}  // namespace weir
