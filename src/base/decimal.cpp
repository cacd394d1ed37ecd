// SPDX-License-Identifier: Apache-2.0
// Decimals as a string of significant digits and a power of ten, so that every comparison is exact whatever the size.
// The hot loops do not come here: they compare 64-bit numbers with ceiling_at() and floor_at() of a bound.
#include "base/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace weir {

namespace {

// Exponents are clamped here: nothing that anybody compares with is that large or that small.
constexpr std::int64_t kExponentLimit = 1'000'000'000'000'000;
constexpr std::size_t kInt64Digits = 19;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A number cut into its parts; views into the text.
struct Written {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
};

std::string_view take_digits(std::string_view& rest) {
  std::size_t n = 0;
  while (n < rest.size() && is_digit(rest[n])) ++n;
  const std::string_view digits = rest.substr(0, n);
  rest.remove_prefix(n);
  return digits;
}

bool take_sign(std::string_view& rest) {
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative || (!rest.empty() && rest.front() == '+')) rest.remove_prefix(1);
  return negative;
}

// The whole of `digits` up to the limit of exponents.
std::int64_t exponent_of(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = std::min(kExponentLimit, value * 10 + (c - '0'));
  return value;
}

// JSON's grammar, with a leading `+` as well.
std::optional<Written> cut(std::string_view text) {
  Written parts;
  parts.negative = take_sign(text);
  parts.whole = take_digits(text);
  if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole.front() == '0')) return std::nullopt;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    parts.fraction = take_digits(text);
    if (parts.fraction.empty()) return std::nullopt;
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    const bool negative = take_sign(text);
    const std::string_view digits = take_digits(text);
    if (digits.empty()) return std::nullopt;
    parts.exponent = negative ? -exponent_of(digits) : exponent_of(digits);
  }
  return text.empty() ? std::optional(parts) : std::nullopt;
}

// Remainder of `digits` followed by `zeros` zeros, divided by a small number.
std::uint64_t small_remainder(std::string_view digits, std::int64_t zeros, std::uint64_t divisor) {
  __extension__ using Wide = unsigned __int128;
  std::uint64_t rest = 0;
  const auto push = [&](std::uint64_t digit) {
    rest = static_cast<std::uint64_t>((Wide{rest} * 10 + digit) % divisor);
  };
  for (const char c : digits) push(static_cast<std::uint64_t>(c - '0'));
  for (std::int64_t i = 0; i < zeros && rest != 0; ++i) push(0);
  return rest;
}

// The same by schoolbook subtraction, for divisors of any length. Says only whether the remainder is zero.
bool divides(std::string_view divisor, std::string_view digits, std::int64_t zeros) {
  std::string rest;  // most significant digit first, no leading zeros
  const auto at_least_divisor = [&] {
    return rest.size() != divisor.size() ? rest.size() > divisor.size() : rest >= divisor;
  };
  const auto subtract = [&] {
    int borrow = 0;
    for (std::size_t i = 0; i < rest.size(); ++i) {
      char& digit = rest[rest.size() - 1 - i];
      int value = digit - '0' - borrow - (i < divisor.size() ? divisor[divisor.size() - 1 - i] - '0' : 0);
      borrow = value < 0 ? 1 : 0;
      if (value < 0) value += 10;
      digit = static_cast<char>('0' + value);
    }
    rest.erase(0, std::min(rest.find_first_not_of('0'), rest.size()));
  };
  const auto push = [&](char digit) {
    if (!rest.empty() || digit != '0') rest.push_back(digit);
    while (at_least_divisor()) subtract();
  };
  for (const char c : digits) push(c);
  for (std::int64_t i = 0; i < zeros && !rest.empty(); ++i) push('0');
  return rest.empty();
}

}  // namespace

Decimal::Decimal(std::int64_t unscaled, std::uint32_t scale) : negative_(unscaled < 0) {
  if (unscaled == 0) return;
  char buffer[24];
  const auto magnitude =
      negative_ ? std::uint64_t{0} - static_cast<std::uint64_t>(unscaled) : static_cast<std::uint64_t>(unscaled);
  digits_.assign(buffer,
                 static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, magnitude).ptr - buffer));
  exponent_ = static_cast<std::int64_t>(digits_.size()) - static_cast<std::int64_t>(scale);
  digits_.erase(digits_.find_last_not_of('0') + 1);
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  std::optional<Decimal> number = read(text);
  if (number && number->digits_.size() > kMaxDigits) return std::nullopt;
  return number;
}

// More digits than kMaxDigits become the first kMaxDigits and a 1 that stands for all the rest: enough to order the
// number exactly against every number that parse() gives.
std::optional<Decimal> Decimal::read(std::string_view text) {
  Decimal number;
  const std::optional<Written> parts = cut(text);
  if (!parts) {
    number.negative_ = take_sign(text);
    if (text == "NaN" || text == "nan") {
      number.special_ = Special::NaN;
      number.negative_ = false;
    } else if (text == "Infinity" || text == "inf") {
      number.special_ = Special::Infinite;
    } else {
      return std::nullopt;
    }
    return number;
  }
  std::size_t leading = 0;
  const auto append = [&](std::string_view digits) {
    for (const char c : digits) {
      if (number.digits_.empty() && c == '0') {
        ++leading;
      } else if (number.digits_.size() < kMaxDigits) {
        number.digits_.push_back(c);
      } else if (c != '0') {
        number.digits_.push_back('1');
        return;
      }
    }
  };
  append(parts->whole);
  if (number.digits_.size() <= kMaxDigits) append(parts->fraction);
  number.digits_.erase(number.digits_.find_last_not_of('0') + 1);
  if (number.digits_.empty()) return number;
  number.negative_ = parts->negative;
  number.exponent_ =
      static_cast<std::int64_t>(parts->whole.size()) - static_cast<std::int64_t>(leading) + parts->exponent;
  return number;
}

Decimal Decimal::from_double(double value) {
  Decimal number;
  if (std::isnan(value)) {
    number.special_ = Special::NaN;
  } else if (std::isinf(value)) {
    number.special_ = Special::Infinite;
    number.negative_ = value < 0;
  } else {
    char buffer[32];
    const char* const end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    number = read({buffer, static_cast<std::size_t>(end - buffer)}).value_or(Decimal());
  }
  return number;
}

bool Decimal::is_whole() const noexcept {
  return is_finite() && (digits_.empty() || exponent_ >= static_cast<std::int64_t>(digits_.size()));
}

bool Decimal::is_zero() const noexcept {
  return is_finite() && digits_.empty();
}

std::uint64_t Decimal::scale() const noexcept {
  const std::int64_t after = static_cast<std::int64_t>(digits_.size()) - exponent_;
  return is_finite() && !digits_.empty() && after > 0 ? static_cast<std::uint64_t>(after) : 0;
}

std::uint64_t Decimal::precision() const noexcept {
  if (!is_finite()) return 0;
  const std::uint64_t before = exponent_ > 0 ? static_cast<std::uint64_t>(exponent_) : 0;
  return std::max<std::uint64_t>(1, before + scale());
}

double Decimal::to_double() const noexcept {
  if (is_nan()) return std::numeric_limits<double>::quiet_NaN();
  const double sign = negative_ ? -1.0 : 1.0;
  if (!is_finite()) return sign * std::numeric_limits<double>::infinity();
  if (digits_.empty()) return 0.0;
  std::string written = "0." + digits_ + "e" + std::to_string(exponent_);
  double value = 0;
  const auto [end, fault] = std::from_chars(written.data(), written.data() + written.size(), value);
  if (fault == std::errc::result_out_of_range) value = exponent_ > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return sign * value;
}

std::string Decimal::text() const {
  if (is_nan()) return "NaN";
  std::string sign = negative_ ? "-" : "";
  if (!is_finite()) return sign + "Infinity";
  if (digits_.empty()) return "0";
  constexpr std::int64_t kPlainDigits = 40;  // beyond it people read an exponent more easily
  const auto count = static_cast<std::int64_t>(digits_.size());
  const std::int64_t zeros_before = -exponent_;
  const std::int64_t zeros_after = exponent_ - count;
  if (zeros_after >= 0 && zeros_after <= kPlainDigits) {
    return sign + digits_ + std::string(static_cast<std::size_t>(zeros_after), '0');
  }
  if (zeros_after < 0 && exponent_ > 0) {
    const auto point = static_cast<std::size_t>(exponent_);
    return sign + digits_.substr(0, point) + "." + digits_.substr(point);
  }
  if (zeros_after < 0 && zeros_before <= kPlainDigits) {
    return sign + "0." + std::string(static_cast<std::size_t>(zeros_before), '0') + digits_;
  }
  std::string mantissa = digits_.substr(0, 1);
  if (count > 1) mantissa += "." + digits_.substr(1);
  return sign + mantissa + "e" + std::to_string(exponent_ - 1);
}

std::optional<std::int64_t> Decimal::to_int64() const noexcept {
  if (!is_whole()) return std::nullopt;
  const std::int64_t candidate = ceiling_at(0);
  return Decimal(candidate, 0) == *this ? std::optional(candidate) : std::nullopt;
}

std::int64_t Decimal::rounded_at(std::uint32_t scale, bool up) const noexcept {
  constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  const std::int64_t limit = negative_ ? kLowest : kHighest;
  if (!is_finite()) return limit;
  if (digits_.empty()) return 0;
  const std::int64_t places = exponent_ + static_cast<std::int64_t>(scale);  // digits before the point at that scale
  if (places > static_cast<std::int64_t>(kInt64Digits)) return limit;
  std::uint64_t magnitude = 0;
  for (std::int64_t i = 0; i < places; ++i) {
    const auto at = static_cast<std::size_t>(i);
    magnitude = magnitude * 10 + (at < digits_.size() ? static_cast<std::uint64_t>(digits_[at] - '0') : 0);
  }
  const bool exact = places >= static_cast<std::int64_t>(digits_.size());
  if (!exact && up != negative_) ++magnitude;  // away from zero
  const auto highest = static_cast<std::uint64_t>(kHighest);
  if (negative_) return magnitude > highest ? kLowest : -static_cast<std::int64_t>(magnitude);
  return magnitude > highest ? kHighest : static_cast<std::int64_t>(magnitude);
}

std::int64_t Decimal::ceiling_at(std::uint32_t scale) const noexcept {
  return rounded_at(scale, true);
}
std::int64_t Decimal::floor_at(std::uint32_t scale) const noexcept {
  return rounded_at(scale, false);
}

// With the trailing zeros of both gone, value = A x 10^a and step = B x 10^b: a multiple when B divides A x 10^(a-b).
// A is no multiple of ten, so a < b never divides. Tens only help with factors 2 and 5, of which B has fewer than four
// a digit: more tens than that change nothing.
bool Decimal::is_multiple_of(const Decimal& step) const {
  if (!is_finite() || !step.is_finite() || step.is_zero()) return false;
  if (is_zero()) return true;
  const std::int64_t a = exponent_ - static_cast<std::int64_t>(digits_.size());
  const std::int64_t b = step.exponent_ - static_cast<std::int64_t>(step.digits_.size());
  if (a < b) return false;
  const std::int64_t tens = std::min(a - b, static_cast<std::int64_t>(step.digits_.size()) * 4);
  if (step.digits_.size() > kInt64Digits) return divides(step.digits_, digits_, tens);
  std::uint64_t divisor = 0;
  for (const char c : step.digits_) divisor = divisor * 10 + static_cast<std::uint64_t>(c - '0');
  return small_remainder(digits_, tens, divisor) == 0;
}

std::partial_ordering Decimal::operator<=>(const Decimal& other) const noexcept {
  if (is_nan() || other.is_nan()) return std::partial_ordering::unordered;
  const auto sign = [](const Decimal& d) { return d.is_zero() ? 0 : d.negative_ ? -1 : 1; };
  if (sign(*this) != sign(other)) return sign(*this) <=> sign(other);
  const auto magnitude = [&]() -> std::partial_ordering {
    if (is_finite() != other.is_finite())
      return is_finite() ? std::partial_ordering::less : std::partial_ordering::greater;
    if (exponent_ != other.exponent_) return exponent_ <=> other.exponent_;
    return digits_.compare(other.digits_) <=> 0;
  }();
  return negative_ ? 0 <=> magnitude : magnitude;
}

Decimal number_of(Kind kind, const Cell& cell) {
  if (kind == Kind::Integer) return {cell.number, 0};
  if (kind == Kind::Decimal) return {cell.number, cell.scale};
  const std::optional<Decimal> number = Decimal::read(cell.text());
  return number ? *number : Decimal::from_double(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace weir
