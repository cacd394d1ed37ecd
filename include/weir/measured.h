// SPDX-License-Identifier: Apache-2.0
// The value of a measure over one window and segment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/time.h"

namespace weir {

/// What a measure came to. `NoData` is a result: nothing to measure, or no window before to compare with.
struct Measured {
  enum class Kind : std::uint8_t {
    NoData,    // text: why
    Error,     // text: why
    Integer,   // integer
    Number,    // number; text: what it was compared with, or empty
    Exact,     // text: the digits of a number as it was written
    Duration,  // integer, microseconds
    Time,      // integer, microseconds since 1970
    Text,      // text
    Values,    // values
  };
  struct Item {
    bool is_number = false;  // text holds its digits
    std::string text;
    bool operator==(const Item&) const = default;
  };

  Kind kind = Kind::NoData;
  std::int64_t integer = 0;
  double number = 0;
  std::string text;
  std::vector<Item> values;
  /// A sketch's answer: the truth lies within [low, high]; `error` says of what, "KLL, k = 200: rank within 1.7 %".
  /// Durations and times are seconds here, as as_number() gives them. Kind::Values: not all values could be kept.
  bool exact = true;
  double low = 0;
  double high = 0;
  std::string error;

  static Measured no_data(std::string why);
  static Measured fault(std::string why);
  static Measured of(std::int64_t integer);
  static Measured of(double number);
  static Measured of(Duration duration);
  static Measured of(Instant instant);
  static Measured within(double number, double low, double high, std::string error);

  [[nodiscard]] bool is_value() const noexcept { return kind > Kind::Error; }
  /// The value as one number: durations in seconds, times in seconds since 1970; nothing for texts, lists and no data.
  [[nodiscard]] std::optional<double> as_number() const;
  bool operator==(const Measured&) const = default;
};

/// "3", "12.5", "1h30m", "[DE, FR]"; a rate as "4.2%".
[[nodiscard]] std::string show(const Measured& value, bool is_rate = false);

}  // namespace weir
