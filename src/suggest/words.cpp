// SPDX-License-Identifier: Apache-2.0
#include "suggest/words.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace weir {

namespace {

/// The smallest of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten that is not below a positive value.
double nice_magnitude_above(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
    if (step * power >= value) return step * power;
  }
  return 10 * power;
}

double nice_magnitude_below(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {8.0, 6.0, 5.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.0}) {
    if (step * power <= value) return step * power;
  }
  return power;
}

std::string percent_of(double share, bool upwards) {
  const double value = share * 100;
  if (value == 0) return "0%";
  const double unit = std::pow(10, std::floor(std::log10(value)) - 1);
  return plain_number((upwards ? std::ceil(value / unit) : std::round(value / unit)) * unit) + "%";
}

}  // namespace

double nice_above(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  return value > 0 ? nice_magnitude_above(value) : -nice_magnitude_below(-value);
}

double nice_below(double value) {
  return -nice_above(-value);
}

double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 2);
  return std::round(value / unit) * unit;
}

std::string plain_number(double value) {
  // Twelve digits take away what the arithmetic above left behind the last digit that is meant.
  char digits[64];
  const auto [end, fault] = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 12);
  std::string text(digits, fault == std::errc() ? end : digits);
  if (text.find('e') == std::string::npos) return text;
  double short_value = value;
  std::from_chars(digits, end, short_value);
  char plain[400];
  const auto [plain_end, too_long] = std::to_chars(plain, plain + sizeof plain, short_value, std::chars_format::fixed);
  if (too_long != std::errc() || plain_end - plain > 24) return text;
  return {plain, plain_end};
}

std::string share_in_words(double share) {
  return percent_of(share, false);
}

std::string percent_above(double share) {
  return percent_of(share, true);
}

std::string yaml_scalar(std::string_view text) {
  const bool control =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  std::string out;
  if (!control) {
    const bool word = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    }) && text.front() != '-';
    // Literals are typed by their field and not by YAML, but other readers of the file know no fields.
    constexpr std::string_view kWords[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
    std::string lower(text);
    for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (word && std::find(std::begin(kWords), std::end(kWords), lower) == std::end(kWords)) return std::string(text);
    out = "'";
    for (const char c : text) {
      if (c == '\'') out += '\'';
      out += c;
    }
    return out + '\'';
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string id_of(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (plain) out += c;
    if (!plain && !out.empty() && out.back() != '-') out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

}  // namespace weir
