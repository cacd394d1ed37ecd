// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_number.h"

#include <algorithm>
#include <cstdlib>

namespace weir::testing {

namespace {

// Whole numbers as texts of digits, without leading zeros; zero is empty.

std::string without_leading_zeros(std::string digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

int compare_whole(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b) < 0 ? -1 : a == b ? 0 : 1;
}

std::string add_whole(std::string a, std::string b) {
  if (a.size() < b.size()) std::swap(a, b);
  b.insert(0, a.size() - b.size(), '0');
  int carry = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    const int sum = (a[i] - '0') + (b[i] - '0') + carry;
    a[i] = static_cast<char>('0' + sum % 10);
    carry = sum / 10;
  }
  return carry == 0 ? a : "1" + a;
}

/// a - b, where a is not the smaller one.
std::string subtract_whole(std::string a, std::string b) {
  b.insert(0, a.size() - b.size(), '0');
  int borrow = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    int difference = (a[i] - '0') - (b[i] - '0') - borrow;
    borrow = difference < 0 ? 1 : 0;
    if (difference < 0) difference += 10;
    a[i] = static_cast<char>('0' + difference);
  }
  return without_leading_zeros(a);
}

/// What is left of a when b is taken away as often as it goes: long division.
std::string remainder_whole(const std::string& a, const std::string& b) {
  std::string rest;
  for (const char digit : a) {
    rest = without_leading_zeros(rest + digit);
    while (compare_whole(rest, b) >= 0) rest = subtract_whole(rest, b);
  }
  return rest;
}

SlowNumber normal(bool negative, std::string digits, long exponent) {
  digits = without_leading_zeros(digits);
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  if (digits.empty()) return {};
  return {negative, digits, exponent};
}

/// The digits at a smaller exponent: 15e1 at -1 is 1500.
std::string digits_at(const SlowNumber& number, long exponent) {
  return number.digits.empty() ? ""
                               : number.digits + std::string(static_cast<std::size_t>(number.exponent - exponent), '0');
}

}  // namespace

SlowNumber SlowNumber::read(std::string_view json) {
  const bool negative = json.starts_with('-');
  if (negative) json.remove_prefix(1);
  const std::size_t e = json.find_first_of("eE");
  long exponent = e == std::string_view::npos ? 0 : std::strtol(std::string(json.substr(e + 1)).c_str(), nullptr, 10);
  const std::string_view mantissa = json.substr(0, e);
  const std::size_t point = mantissa.find('.');
  std::string digits(mantissa.substr(0, point));
  if (point != std::string_view::npos) {
    digits += mantissa.substr(point + 1);
    exponent -= static_cast<long>(mantissa.size() - point - 1);
  }
  return normal(negative, digits, exponent);
}

long SlowNumber::precision() const {
  const auto count = static_cast<long>(digits.size());
  if (count == 0) return 1;
  return exponent >= 0 ? count + exponent : std::max(count, -exponent);
}

bool SlowNumber::is_multiple_of(const SlowNumber& step) const {
  const long least = std::min(exponent, step.exponent);
  return remainder_whole(digits_at(*this, least), digits_at(step, least)).empty();
}

SlowNumber SlowNumber::plus(const SlowNumber& other) const {
  const long least = std::min(exponent, other.exponent);
  const std::string a = digits_at(*this, least);
  const std::string b = digits_at(other, least);
  if (negative == other.negative) return normal(negative, add_whole(a, b), least);
  if (compare_whole(a, b) >= 0) return normal(negative, subtract_whole(a, b), least);
  return normal(other.negative, subtract_whole(b, a), least);
}

SlowNumber SlowNumber::negated() const {
  return digits.empty() ? *this : SlowNumber{!negative, digits, exponent};
}

int SlowNumber::compare(const SlowNumber& other) const {
  const SlowNumber difference = plus(other.negated());
  if (difference.digits.empty()) return 0;
  return difference.negative ? -1 : 1;
}

}  // namespace weir::testing
