// SPDX-License-Identifier: Apache-2.0
// RFC 3339 without branches on the common shape: `2026-01-01T00:00:00Z` is read as two words of eight bytes and a tail.
// A word is XORed with the shape it should have, which leaves 0 to 9 where a digit belongs and 0 where a separator
// does; one addition then shows every byte that is too large.
#include "base/timestamp.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <limits>

namespace weir {

namespace {

static_assert(std::endian::native == std::endian::little, "bytes of a word are picked by shifting");

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

constexpr std::uint64_t word_of(const char (&shape)[9]) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 8; ++i) word |= std::uint64_t{static_cast<unsigned char>(shape[i])} << (8 * i);
  return word;
}

// What to add so that a byte's top bit shows it to be out of range: 0x76 to digits (beyond 9), 0x7f to the rest (not
// 0).
constexpr std::uint64_t limits_of(const char (&shape)[9]) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 8; ++i) word |= std::uint64_t{shape[i] == '0' ? 0x76U : 0x7fU} << (8 * i);
  return word;
}

std::uint64_t load(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

bool in_range(std::uint64_t digits, std::uint64_t limits) {
  return (((digits + limits) | digits) & kHighBits) == 0;
}

// Byte i of the result is the number that the digits i and i + 1 make; at most 99, so nothing carries over.
std::uint64_t pairs_of(std::uint64_t digits) {
  return digits * 10 + (digits >> 8);
}
int byte_at(std::uint64_t word, unsigned byte) {
  return static_cast<int>((word >> (8 * byte)) & 0xffU);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
int two_digits(const char* at) {
  return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + at[1] - '0' : -1;
}

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
};

// Every number below 0 where one of the parts is out of range; the 29th of February is not among the days here.
int range_of(const Date& date) {
  constexpr signed char kDays[16] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0};
  return (date.year - 1) | (date.month - 1) | (12 - date.month) | (date.day - 1) | (kDays[date.month & 15] - date.day);
}

bool is_leap_day(const Date& date) {
  const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
  return leap && date.year > 0 && date.month == 2 && date.day == 29;
}

// Fraction and zone: what stands after the seconds.
struct Tail {
  std::int64_t micros = 0;
  int offset_minutes = 0;
};

std::optional<Tail> read_tail(std::string_view rest) {
  Tail tail;
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    std::size_t digits = 0;
    for (; digits < rest.size() && is_digit(rest[digits]); ++digits) {
      if (digits < 6) tail.micros = tail.micros * 10 + (rest[digits] - '0');
    }
    if (digits == 0) return std::nullopt;
    for (std::size_t i = digits; i < 6; ++i) tail.micros *= 10;
    rest.remove_prefix(digits);
  }
  if (rest.size() == 1) return (rest.front() | 0x20) == 'z' ? std::optional(tail) : std::nullopt;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
  const int hours = two_digits(rest.data() + 1);
  const int minutes = two_digits(rest.data() + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  tail.offset_minutes = (hours * 60 + minutes) * (rest[0] == '-' ? -1 : 1);
  return tail;
}

constexpr char kDateShape[] = "0000-00-";
constexpr char kTimeShape[] = "00T00:00";

struct Moment {
  Date date;
  int hour = 0;
  int minute = 0;
  int second = 0;
  Tail tail;

  // Of the day in UTC; below 0 or beyond a day where the zone reaches into another one.
  int minutes() const { return hour * 60 + minute - tail.offset_minutes; }
};

// What the one test of all ranges let through or stopped: the 29th of February, and a 60th second that ends a day of UTC.
bool is_rare_moment(const Moment& moment) {
  if (range_of(moment.date) < 0 && !is_leap_day(moment.date)) return false;
  if (moment.hour > 23 || moment.minute > 59 || moment.second < 0 || moment.second > 60) return false;
  return moment.second < 60 || (moment.minutes() + 1440) % 1440 == 1439;
}

inline bool read(std::string_view text, Moment& moment) {
  if (text.size() < 20) return false;
  const std::uint64_t first = load(text.data()) ^ word_of(kDateShape);
  std::uint64_t second = load(text.data() + 8) ^ word_of(kTimeShape);
  constexpr std::uint64_t kSeparator = std::uint64_t{0xff} << 16;
  if ((second & kSeparator) != 0) {  // not `T`: `t` or a blank will do
    if (text[10] != 't' && text[10] != ' ') return false;
    second &= ~kSeparator;
  }
  if (!in_range(first, limits_of(kDateShape)) || !in_range(second, limits_of(kTimeShape)) || text[16] != ':')
    return false;
  const std::uint64_t date = pairs_of(first);
  const std::uint64_t time = pairs_of(second);
  moment.date = {byte_at(date, 0) * 100 + byte_at(date, 2), byte_at(date, 5), byte_at(time, 0)};
  moment.hour = byte_at(time, 3);
  moment.minute = byte_at(time, 6);
  moment.second = two_digits(text.data() + 17);
  if (text.size() != 20 || text[19] != 'Z') {
    const std::optional<Tail> tail = read_tail(text.substr(19));
    if (!tail) return false;
    moment.tail = *tail;
  }
  const int range =
      range_of(moment.date) | (23 - moment.hour) | (59 - moment.minute) | moment.second | (59 - moment.second);
  return range >= 0 || is_rare_moment(moment);
}

struct Unit {
  std::string_view name;
  std::int64_t micros;
};
constexpr Unit kUnits[] = {{"w", 604'800'000'000},
                           {"d", 86'400'000'000},
                           {"h", 3'600'000'000},
                           {"m", 60'000'000},
                           {"s", 1'000'000},
                           {"ms", 1'000},
                           {"us", 1}};
constexpr std::size_t kUnitCount = sizeof kUnits / sizeof kUnits[0];

// One `1.5h`; gives its microseconds and the position of its unit, and shortens `rest`.
std::optional<std::int64_t> take_part(std::string_view& rest, std::size_t& unit) {
  std::int64_t whole = 0;
  const auto [after, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), whole);
  if (fault != std::errc() || !is_digit(rest.front())) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(after - rest.data()));
  std::string_view fraction;
  if (!rest.empty() && rest.front() == '.') {
    std::size_t n = 1;
    while (n < rest.size() && is_digit(rest[n])) ++n;
    if (n == 1) return std::nullopt;
    fraction = rest.substr(1, n - 1);
    rest.remove_prefix(n);
  }
  std::size_t letters = 0;
  while (letters < rest.size() && rest[letters] >= 'a' && rest[letters] <= 'z') ++letters;
  const std::string_view name = rest.substr(0, letters);
  rest.remove_prefix(letters);
  for (unit = 0; unit < kUnitCount && kUnits[unit].name != name;) ++unit;
  if (unit == kUnitCount) return std::nullopt;
  const std::int64_t size = kUnits[unit].micros;
  if (whole > std::numeric_limits<std::int64_t>::max() / size - 1) return std::nullopt;
  std::int64_t micros = whole * size;
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  for (std::size_t i = 0; i < fraction.size() && i < 6; ++i) {
    numerator = numerator * 10 + (fraction[i] - '0');
    denominator *= 10;
  }
  micros += numerator * (size / denominator) + numerator * (size % denominator) / denominator;
  return micros;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

// `.5` for half a second; nothing for none.
void append_fraction(std::string& out, std::int64_t micros) {
  if (micros == 0) return;
  out += '.';
  append_padded(out, micros, 6);
  while (out.back() == '0') out.pop_back();
}

}  // namespace

std::optional<Instant> parse_timestamp(std::string_view text) noexcept {
  Moment moment;
  if (!read(text, moment)) return std::nullopt;
  const std::chrono::sys_days date = std::chrono::year_month_day(
      std::chrono::year(moment.date.year), std::chrono::month(static_cast<unsigned>(moment.date.month)),
      std::chrono::day(static_cast<unsigned>(moment.date.day)));
  return Instant(date) + std::chrono::minutes(moment.minutes()) + std::chrono::seconds(moment.second) +
         Duration(moment.tail.micros);
}

bool is_timestamp(std::string_view text) noexcept {
  Moment moment;
  return read(text, moment);
}

bool is_date(std::string_view text) noexcept {
  if (text.size() != 10) return false;
  const std::uint64_t digits = load(text.data()) ^ word_of(kDateShape);
  if (!in_range(digits, limits_of(kDateShape))) return false;
  const std::uint64_t pairs = pairs_of(digits);
  const Date date{byte_at(pairs, 0) * 100 + byte_at(pairs, 2), byte_at(pairs, 5), two_digits(text.data() + 8)};
  return range_of(date) >= 0 || is_leap_day(date);
}

std::optional<Duration> parse_duration(std::string_view text) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next_unit = 0;  // 30m1h is a slip, not a duration
  while (!text.empty()) {
    std::size_t unit = 0;
    const std::optional<std::int64_t> part = take_part(text, unit);
    if (!part || unit < next_unit || *part > std::numeric_limits<std::int64_t>::max() - total) return std::nullopt;
    total += *part;
    next_unit = unit + 1;
  }
  return Duration(negative ? -total : total);
}

std::string format_timestamp(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::int64_t micros = (instant - day).count();
  std::string out;
  append_padded(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_padded(out, micros / 3'600'000'000, 2);
  out += ':';
  append_padded(out, micros / 60'000'000 % 60, 2);
  out += ':';
  append_padded(out, micros / 1'000'000 % 60, 2);
  append_fraction(out, micros % 1'000'000);
  return out + "Z";
}

std::string format_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string out = rest < 0 ? "-" : "";
  // In the negative, where the smallest number has no opposite.
  if (rest > 0) rest = -rest;
  if (rest > -1'000'000) {
    const bool millis = rest % 1'000 == 0;
    return out + std::to_string(-(millis ? rest / 1'000 : rest)) + (millis ? "ms" : "us");
  }
  for (const Unit& unit : {kUnits[1], kUnits[2], kUnits[3]}) {
    if (rest > -unit.micros) continue;
    out += std::to_string(-(rest / unit.micros));
    out += unit.name;
    rest %= unit.micros;
  }
  if (rest == 0) return out;
  out += std::to_string(-(rest / 1'000'000));
  append_fraction(out, -(rest % 1'000'000));
  return out + "s";
}

std::optional<Instant> instant_of_number(std::int64_t number) noexcept {
  // Seconds reach the year 5138 here, milliseconds go on from 1973, microseconds from 1973, nanoseconds from 1973.
  constexpr std::int64_t kSeconds = 100'000'000'000;
  constexpr std::int64_t kMillis = 1'000 * kSeconds;
  constexpr std::int64_t kMicros = 1'000 * kMillis;
  const auto below = [number](std::int64_t limit) { return number > -limit && number < limit; };
  if (below(kSeconds)) return Instant(std::chrono::seconds(number));
  if (below(kMillis)) return Instant(std::chrono::milliseconds(number));
  if (below(kMicros)) return Instant(Duration(number));
  return Instant(std::chrono::floor<Duration>(std::chrono::nanoseconds(number)));
}

}  // namespace weir
