// SPDX-License-Identifier: Apache-2.0
// RFC 3339 times and ISO 8601 durations as formats. Stricter than `type: timestamp`: the separator is a T.
#include "base/timestamp.h"
#include "checks/formats.h"

namespace weir {

bool is_date_time(std::string_view text) noexcept {
  return text.size() > 10 && (text[10] | 0x20) == 't' && is_timestamp(text);
}

// A time is what may follow some date.
bool is_time(std::string_view text) noexcept {
  constexpr std::string_view kSomeDay = "2000-01-01T";
  constexpr std::size_t kMostBytes = 64;  // 40 digits of a second's fraction and more
  char whole[kSomeDay.size() + kMostBytes];
  if (text.size() > kMostBytes) return false;
  kSomeDay.copy(whole, kSomeDay.size());
  text.copy(whole + kSomeDay.size(), text.size());
  return is_timestamp({whole, kSomeDay.size() + text.size()});
}

// P3Y6M4DT12H30M5S, P2W, PT1.5S: units in order, at least one, weeks alone.
bool is_iso_duration(std::string_view text) noexcept {
  if (text.empty() || text.front() != 'P') return false;
  text.remove_prefix(1);
  std::string_view units = "YMWD";
  bool parts = false;
  bool time = false;
  bool weeks = false;
  while (!text.empty()) {
    if (text.front() == 'T' && !time) {
      time = true;
      parts = false;  // a T wants something after it
      units = "HMS";
      text.remove_prefix(1);
      continue;
    }
    std::size_t digits = 0;
    while (digits < text.size() && scan::is_digit(text[digits])) ++digits;
    std::size_t end = digits;
    if (time && end < text.size() && text[end] == '.') {
      ++end;
      while (end < text.size() && scan::is_digit(text[end])) ++end;
      if (end == digits + 1 || end == text.size() || text[end] != 'S') return false;
    }
    const std::size_t unit = end < text.size() ? units.find(text[end]) : std::string_view::npos;
    if (digits == 0 || unit == std::string_view::npos || weeks) return false;
    weeks = units[unit] == 'W';
    if (weeks && parts) return false;
    units.remove_prefix(unit + 1);
    text.remove_prefix(end + 1);
    parts = true;
  }
  return parts && !(weeks && time);
}

}  // namespace weir
