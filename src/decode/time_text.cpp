// SPDX-License-Identifier: Apache-2.0
#include "decode/time_text.h"

#include <chrono>

namespace weir {

namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::size_t kDateSize = 10;      // 2026-01-01
constexpr std::size_t kLongestTime = 18;   // 12:34:56.123456789
constexpr std::int64_t kFirst = -719'162;  // 0001-01-01
constexpr std::int64_t kLast = 2'932'896;  // 9999-12-31

Kind as_number(std::int64_t number, Cell& cell) {
  cell = {.number = number, .data = nullptr, .size = 0, .scale = 0};
  return Kind::Integer;
}

void put_digits(char* out, std::uint32_t value, int digits) {
  for (char* at = out + digits; at-- != out; value /= 10) *at = static_cast<char>('0' + value % 10);
}

void write_date(char* out, std::int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  put_digits(out, static_cast<std::uint32_t>(static_cast<int>(date.year())), 4);
  out[4] = '-';
  put_digits(out + 5, static_cast<unsigned>(date.month()), 2);
  out[7] = '-';
  put_digits(out + 8, static_cast<unsigned>(date.day()), 2);
}

/// `fraction` of a second in nanoseconds. Gives the end.
char* write_time(char* out, std::uint32_t second, std::uint32_t fraction) {
  put_digits(out, second / 3600, 2);
  out[2] = ':';
  put_digits(out + 3, second / 60 % 60, 2);
  out[5] = ':';
  put_digits(out + 6, second % 60, 2);
  if (fraction == 0) return out + 8;
  out[8] = '.';
  const int digits = fraction % 1'000'000 == 0 ? 3 : fraction % 1'000 == 0 ? 6 : 9;
  put_digits(out + 9, digits == 3 ? fraction / 1'000'000 : digits == 6 ? fraction / 1'000 : fraction, digits);
  return out + 9 + digits;
}

Kind as_text(char* begin, const char* end, std::size_t taken, Cell& cell, Arena& arena) {
  const auto size = static_cast<std::size_t>(end - begin);
  arena.give_back(taken - size);
  cell = {.number = 0, .data = begin, .size = static_cast<std::uint32_t>(size), .scale = 0};
  return Kind::Text;
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

Kind put_timestamp(std::int64_t count, std::int64_t a_second, bool utc, Cell& cell, Arena& arena) {
  const std::int64_t seconds = floor_divide(count, a_second);
  // The second below the least number cannot be written as a product: what is left over is taken directly.
  const std::int64_t left = count % a_second;
  const std::int64_t fraction = left < 0 ? left + a_second : left;
  const std::int64_t days = floor_divide(seconds, kDay);
  if (days < kFirst || days > kLast) return as_number(count, cell);
  constexpr std::size_t kMost = kDateSize + 1 + kLongestTime + 1;
  char* const begin = arena.take(kMost);
  write_date(begin, days);
  begin[kDateSize] = 'T';
  char* end = write_time(begin + kDateSize + 1, static_cast<std::uint32_t>(seconds - days * kDay),
                         static_cast<std::uint32_t>(fraction * (kNanos / a_second)));
  if (utc) *end++ = 'Z';
  return as_text(begin, end, kMost, cell, arena);
}

Kind put_date(std::int64_t days, Cell& cell, Arena& arena) {
  if (days < kFirst || days > kLast) return as_number(days, cell);
  char* const begin = arena.take(kDateSize);
  write_date(begin, days);
  return as_text(begin, begin + kDateSize, kDateSize, cell, arena);
}

Kind put_time_of_day(std::int64_t count, std::int64_t a_second, Cell& cell, Arena& arena) {
  if (count < 0 || count >= kDay * a_second) return as_number(count, cell);
  char* const begin = arena.take(kLongestTime);
  const char* const end = write_time(begin, static_cast<std::uint32_t>(count / a_second),
                                     static_cast<std::uint32_t>(count % a_second * (kNanos / a_second)));
  return as_text(begin, end, kLongestTime, cell, arena);
}

}  // namespace weir
