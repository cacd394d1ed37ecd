// SPDX-License-Identifier: Apache-2.0
// Which texts are times, and what they mean.
#include "base/timestamp.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <string>

namespace weir {
namespace {

std::string canonical(std::string_view text) {
  const auto instant = parse_timestamp(text);
  return instant ? format_timestamp(*instant) : "none";
}

TEST_CASE("an RFC 3339 timestamp is the same instant in every zone") {
  CHECK(canonical("2026-01-01T00:00:00Z") == "2026-01-01T00:00:00Z");
  CHECK(canonical("2026-01-01T02:00:00+02:00") == "2026-01-01T00:00:00Z");
  CHECK(canonical("2025-12-31T19:30:00-04:30") == "2026-01-01T00:00:00Z");
  CHECK(canonical("2026-01-01t00:00:00z") == "2026-01-01T00:00:00Z");
  CHECK(canonical("2026-01-01 00:00:00.123+00:00") == "2026-01-01T00:00:00.123Z");
  CHECK(canonical("0001-01-01T00:00:00Z") == "0001-01-01T00:00:00Z");
  CHECK(canonical("9999-12-31T23:59:59.999999Z") == "9999-12-31T23:59:59.999999Z");
  CHECK(parse_timestamp("1970-01-01T00:00:01Z")->time_since_epoch().count() == 1'000'000);
}

TEST_CASE("digits beyond microseconds are cut") {
  CHECK(canonical("2026-01-01T00:00:00.1234569Z") == "2026-01-01T00:00:00.123456Z");
}

TEST_CASE("a leap second ends a day of UTC") {
  CHECK(canonical("1998-12-31T23:59:60Z") == "1999-01-01T00:00:00Z");
  CHECK(canonical("1998-12-31T15:59:60-08:00") == "1999-01-01T00:00:00Z");
  CHECK(canonical("1998-12-31T22:59:60Z") == "none");
  CHECK(canonical("1998-12-31T23:58:60Z") == "none");
  CHECK(canonical("1998-12-31T23:59:61Z") == "none");
}

TEST_CASE("what is no timestamp is not read as one") {
  for (const char* text : {"",
                           "2026-01-01",
                           "2026-01-01T00:00:00",
                           "2026-01-01T00:00Z",
                           "2026-1-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-32T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00+24:00",
                           "2026-01-01T00:00:00+0200",
                           "2026-01-01T00:00:00+02:60",
                           "2026-01-01T00:00:00ZZ",
                           "2026-01-01_00:00:00Z",
                           "0000-01-01T00:00:00Z",
                           "2026/01/01T00:00:00Z",
                           "2026-01-01T00-00-00Z",
                           "20260101T000000Z",
                           "x026-01-01T00:00:00Z",
                           "2026-01-01T00:00:0xZ",
                           "2026-01-01T00:00:00 Z",
                           "+2026-01-01T00:00:00Z",
                           "2026-01-01T0\xe0:00:00Z",
                           "\xff\xff\xff\xff-01-01T00:00:00Z"}) {
    INFO(text);
    CHECK_FALSE(parse_timestamp(text).has_value());
    CHECK_FALSE(is_timestamp(text));
  }
}

TEST_CASE("every day of four centuries is a date, and no other") {
  // The calendar of the standard library is the judge.
  for (int year = 1899; year <= 2301; ++year) {
    for (int month = 0; month <= 13; ++month) {
      for (int day = 0; day <= 32; ++day) {
        char text[64];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        const std::chrono::year_month_day date{std::chrono::year(year),
                                               std::chrono::month(static_cast<unsigned>(month)),
                                               std::chrono::day(static_cast<unsigned>(day))};
        if (is_date(text) != date.ok()) FAIL(text);
        if (is_timestamp(std::string(text) + "T00:00:00Z") != date.ok()) FAIL(text);
      }
    }
  }
  SUCCEED();
}

TEST_CASE("every second of a day is a time, and no other") {
  for (int hour = 0; hour < 100; ++hour) {
    for (int minute = 0; minute < 100; ++minute) {
      for (int second = 0; second < 100; ++second) {
        char text[64];
        std::snprintf(text, sizeof text, "2026-01-01T%02d:%02d:%02dZ", hour, minute, second);
        const bool ordinary = hour < 24 && minute < 60 && second < 60;
        const bool leap = hour == 23 && minute == 59 && second == 60;
        if (is_timestamp(text) != (ordinary || leap)) FAIL(text);
      }
    }
  }
  SUCCEED();
}

TEST_CASE("dates are days of the calendar") {
  for (const char* text : {"2026-01-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"}) CHECK(is_date(text));
  for (const char* text : {"2026-02-29", "1900-02-29", "2026-04-31", "2026-1-1", "2026-01-01 ", "26-01-01",
                           "2026.01.01", "0000-01-01", ""}) {
    INFO(text);
    CHECK_FALSE(is_date(text));
  }
}

TEST_CASE("durations are read as people write them") {
  using namespace std::chrono_literals;
  CHECK(parse_duration("10m") == Duration(10min));
  CHECK(parse_duration("1.5s") == Duration(1500ms));
  CHECK(parse_duration("24h") == Duration(24h));
  CHECK(parse_duration("250ms") == Duration(250ms));
  CHECK(parse_duration("7d") == Duration(168h));
  CHECK(parse_duration("2w") == Duration(336h));
  CHECK(parse_duration("1h30m") == Duration(90min));
  CHECK(parse_duration("-5s") == Duration(-5s));
  CHECK(parse_duration("0s") == Duration(0));
  CHECK(parse_duration("0.000001s") == Duration(1));
}

TEST_CASE("what is no duration is not read as one") {
  for (const char* text : {"", "-", "5", "m", "5 m", "5M", "5min", "1.m", ".5m", "30m1h", "1h1h", "1e3s", "--5s", "5mx",
                           "99999999999999999d"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("durations are written as people read them") {
  for (const char* text : {"0s", "1h30m", "1.5s", "250ms", "7d", "1d1s", "12us", "-5m", "1m0.25s"})
    CHECK(format_duration(*parse_duration(text)) == text);
  CHECK(format_duration(*parse_duration("24h")) == "1d");
  CHECK(format_duration(Duration::min()).front() == '-');
}

TEST_CASE("a number's size tells its unit") {
  CHECK(format_timestamp(*instant_of_number(1'767'225'600)) == "2026-01-01T00:00:00Z");
  CHECK(format_timestamp(*instant_of_number(1'767'225'600'000)) == "2026-01-01T00:00:00Z");
  CHECK(format_timestamp(*instant_of_number(1'767'225'600'000'000)) == "2026-01-01T00:00:00Z");
  CHECK(format_timestamp(*instant_of_number(1'767'225'600'000'000'000)) == "2026-01-01T00:00:00Z");
  CHECK(format_timestamp(*instant_of_number(-1)) == "1969-12-31T23:59:59Z");
}

}  // namespace
}  // namespace weir
