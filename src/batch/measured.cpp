// SPDX-License-Identifier: Apache-2.0
// The value of a measure: how it is made, read as a number and shown to a person.
#include "weir/measured.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/decimal.h"
#include "base/text.h"
#include "base/timestamp.h"

namespace weir {

namespace {

constexpr std::size_t kShownItems = 10;
constexpr std::size_t kShownBytes = 64;

std::string written(double number, std::chars_format format, int precision) {
  char buffer[64];
  const std::to_chars_result end = std::to_chars(buffer, buffer + sizeof buffer, number, format, precision);
  return {buffer, end.ptr};
}

std::size_t digits_of(std::string_view text) {
  const std::string_view mantissa = text.substr(0, text.find('e'));
  return static_cast<std::size_t>(std::count_if(mantissa.begin(), mantissa.end(), [](char c) { return c != '.'; }));
}

/// Six digits, and more where six would make it a round number that it is not: 99.99999 is not 100. What differs from a round
/// number only by the error of the arithmetic (0.1 + 0.2) is that number.
std::string show_number(double number) {
  constexpr int kDigits = 6;
  constexpr int kMostDigits = 12;
  constexpr double kNoise = 1e-12;
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (number == 0) return "0";
  constexpr double kLargest = 1e15;  // beyond, no digit behind the point means anything
  if (std::abs(number) < kLargest && number == std::trunc(number)) return written(number, std::chars_format::fixed, 0);
  int digits = kDigits;
  if (std::abs(number) >= 1e6 && std::abs(number) < kLargest) {
    digits = static_cast<int>(std::floor(std::log10(std::abs(number)))) + 2;
  }
  std::string text = written(number, std::chars_format::general, digits);
  while (digits < kMostDigits && digits_of(text) < static_cast<std::size_t>(digits)) {
    double shown = 0;
    std::from_chars(text.data(), text.data() + text.size(), shown);
    if (std::abs(shown - number) <= kNoise * std::abs(number)) break;
    text = written(number, std::chars_format::general, ++digits);
  }
  return text;
}

std::string show_values(const Measured& value) {
  std::string out = "[";
  const std::size_t shown = std::min(kShownItems, value.values.size());
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += ", ";
    out += shorten(value.values[i].text, kShownBytes);
  }
  const std::size_t more = value.values.size() - shown;
  if (more > 0) out += ", … " + std::to_string(more) + " more";
  if (!value.exact) out += more > 0 ? " and others" : ", … others";
  return out + "]";
}

}  // namespace

Measured Measured::no_data(std::string why) {
  Measured out;
  out.text = std::move(why);
  return out;
}

Measured Measured::fault(std::string why) {
  Measured out;
  out.kind = Kind::Error;
  out.text = std::move(why);
  return out;
}

Measured Measured::of(std::int64_t integer) {
  Measured out;
  out.kind = Kind::Integer;
  out.integer = integer;
  return out;
}

Measured Measured::of(double number) {
  Measured out;
  out.kind = Kind::Number;
  out.number = number;
  return out;
}

Measured Measured::of(weir::Duration duration) {
  Measured out;
  out.kind = Kind::Duration;
  out.integer = duration.count();
  return out;
}

Measured Measured::of(Instant instant) {
  Measured out;
  out.kind = Kind::Time;
  out.integer = instant.time_since_epoch().count();
  return out;
}

Measured Measured::within(double number, double low, double high, std::string error) {
  Measured out = of(number);
  out.exact = false;
  out.low = low;
  out.high = high;
  out.error = std::move(error);
  return out;
}

std::optional<double> Measured::as_number() const {
  constexpr double kMicros = 1e6;
  switch (kind) {
    case Kind::Integer: return static_cast<double>(integer);
    case Kind::Number: return std::isnan(number) ? std::nullopt : std::optional(number);
    case Kind::Exact: {
      const std::optional<Decimal> decimal = Decimal::read(text);
      if (!decimal || decimal->is_nan()) return std::nullopt;
      return decimal->to_double();
    }
    case Kind::Duration:
    case Kind::Time: return static_cast<double>(integer) / kMicros;
    case Kind::NoData:
    case Kind::Error:
    case Kind::Text:
    case Kind::Values: return std::nullopt;
  }
  return std::nullopt;
}

std::string show(const Measured& value, bool is_rate) {
  switch (value.kind) {
    case Measured::Kind::NoData: return "no data";
    case Measured::Kind::Error: return "error";
    case Measured::Kind::Integer:
      return is_rate ? show_number(static_cast<double>(value.integer) * 100) + "%" : std::to_string(value.integer);
    case Measured::Kind::Number: return is_rate ? show_number(value.number * 100) + "%" : show_number(value.number);
    case Measured::Kind::Exact:
    case Measured::Kind::Text: return shorten(value.text, kShownBytes);
    case Measured::Kind::Duration: return format_duration(Duration(value.integer));
    case Measured::Kind::Time: return format_timestamp(Instant(Duration(value.integer)));
    case Measured::Kind::Values: return show_values(value);
  }
  return "";
}

}  // namespace weir
