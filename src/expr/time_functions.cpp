// SPDX-License-Identifier: Apache-2.0
// The parts of a timestamp and of a duration. A zone is UTC or an offset (`+02:00`); names of zones would make the answer
// depend on the machine's time zone database.
#include "expr/functions.h"
#include "expr/zone.h"

namespace weir {

std::optional<Duration> zone_offset(std::string_view zone) {
  if (zone == "UTC" || zone == "Z") return Duration(0);
  const bool negative = zone.starts_with('-');
  if (negative || zone.starts_with('+')) zone.remove_prefix(1);
  if (zone.size() != 5 || zone[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (zone[i] < '0' || zone[i] > '9') return std::nullopt;
  }
  const int hours = (zone[0] - '0') * 10 + zone[1] - '0';
  const int minutes = (zone[3] - '0') * 10 + zone[4] - '0';
  if (hours > 23 || minutes > 59) return std::nullopt;
  const Duration offset = std::chrono::minutes(hours * 60 + minutes);
  return negative ? -offset : offset;
}

namespace {

using std::chrono::days;
using std::chrono::floor;

enum class Part { Year, Month, DayOfYear, DayOfMonth, Date, DayOfWeek, Hours, Minutes, Seconds, Milliseconds };

std::int64_t part_of_instant(Part part, Instant instant) {
  const auto day = floor<days>(instant);
  const std::chrono::year_month_day date(day);
  const std::int64_t micros = (instant - day).count();
  switch (part) {
    case Part::Year: return static_cast<int>(date.year());
    case Part::Month: return static_cast<unsigned>(date.month()) - 1;
    case Part::DayOfYear: return (day - std::chrono::sys_days(date.year() / std::chrono::January / 1)).count();
    case Part::DayOfMonth: return static_cast<unsigned>(date.day()) - 1;
    case Part::Date: return static_cast<unsigned>(date.day());
    case Part::DayOfWeek: return std::chrono::weekday(day).c_encoding();
    case Part::Hours: return micros / 3'600'000'000;
    case Part::Minutes: return micros / 60'000'000 % 60;
    case Part::Seconds: return micros / 1'000'000 % 60;
    case Part::Milliseconds: return micros / 1'000 % 1'000;
  }
  return 0;
}

// Of a duration CEL gives the whole of it in that unit, but only the milliseconds of the last second.
Value part_of_duration(Part part, std::int64_t micros) {
  switch (part) {
    case Part::Hours: return Value::of(micros / 3'600'000'000);
    case Part::Minutes: return Value::of(micros / 60'000'000);
    case Part::Seconds: return Value::of(micros / 1'000'000);
    default: return Value::of(micros / 1'000 % 1'000);
  }
}

template <Part kPart>
Value get(std::span<const Value> arguments, Scratch&) {
  if (arguments[0].type == ValueType::Duration) return part_of_duration(kPart, arguments[0].integer);
  Duration offset{0};
  if (arguments.size() == 2) {
    const std::optional<Duration> zone = zone_offset(arguments[1].text());
    if (!zone) return Value::error("a time zone is written UTC or as an offset like +02:00");
    offset = *zone;
  }
  return Value::of(part_of_instant(kPart, arguments[0].instant() + offset));
}

constexpr TypeSet kInstant = set_of(StaticType::Timestamp);
constexpr TypeSet kTime = set_of(StaticType::Timestamp, StaticType::Duration);
constexpr TypeSet kText = set_of(StaticType::Text);

constexpr FunctionSpec getter(std::string_view name, std::string_view signature, TypeSet of,
                              Value (*run)(std::span<const Value>, Scratch&)) {
  return {.name = name,
          .signature = signature,
          .method = true,
          .least = 1,
          .most = 2,
          .accepts = {of, kText, 0, 0},
          .result = StaticType::Integer,
          .run = run};
}

constexpr FunctionSpec kFunctions[] = {
    getter("getFullYear", "timestamp.getFullYear(zone?)", kInstant, get<Part::Year>),
    getter("getMonth", "timestamp.getMonth(zone?)", kInstant, get<Part::Month>),
    getter("getDayOfYear", "timestamp.getDayOfYear(zone?)", kInstant, get<Part::DayOfYear>),
    getter("getDayOfMonth", "timestamp.getDayOfMonth(zone?)", kInstant, get<Part::DayOfMonth>),
    getter("getDate", "timestamp.getDate(zone?)", kInstant, get<Part::Date>),
    getter("getDayOfWeek", "timestamp.getDayOfWeek(zone?)", kInstant, get<Part::DayOfWeek>),
    getter("getHours", "time.getHours(zone?)", kTime, get<Part::Hours>),
    getter("getMinutes", "time.getMinutes(zone?)", kTime, get<Part::Minutes>),
    getter("getSeconds", "time.getSeconds(zone?)", kTime, get<Part::Seconds>),
    getter("getMilliseconds", "time.getMilliseconds(zone?)", kTime, get<Part::Milliseconds>),
};

}  // namespace

std::span<const FunctionSpec> time_functions() {
  return kFunctions;
}

}  // namespace weir
