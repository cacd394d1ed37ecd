// SPDX-License-Identifier: Apache-2.0
// Numbers of binary formats as the decimals that people mean, and times that came as counts.
#include "decode/shortest.h"

#include <catch2/catch_test_macros.hpp>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "decode/time_text.h"

namespace weir {

namespace {

template <class Float>
std::string text_of(Float value) {
  Cell cell;
  Arena arena;
  const Kind kind = shortest(value, cell, arena);
  return written_text(kind, cell);
}

std::string time_of(std::int64_t count, std::int64_t a_second, bool utc = true) {
  Cell cell;
  Arena arena;
  const Kind kind = put_timestamp(count, a_second, utc, cell, arena);
  return written_text(kind, cell);
}

/// Significant digits of a written number.
std::size_t digits_of(std::string text) {
  text = text.substr(0, text.find('e'));
  std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
  text.erase(0, text.find_first_not_of('0'));
  text.erase(text.find_last_not_of('0') + 1);
  return text.size();
}

}  // namespace

TEST_CASE("A binary number is the shortest decimal that reads back") {
  CHECK(text_of(0.1) == "0.1");
  CHECK(text_of(0.1F) == "0.1");
  CHECK(text_of(19.99) == "19.99");
  CHECK(text_of(-19.99F) == "-19.99");
  CHECK(text_of(100.0) == "100");
  CHECK(text_of(-0.0) == "0");
  CHECK(text_of(123456789.125) == "123456789.125");
  CHECK(text_of(1e-7) == "0.0000001");
  CHECK(text_of(1e300) == "1e+300");
  CHECK(text_of(9007199254740993.0) == "9007199254740992");
  CHECK(text_of(16777216.0F) == "16777216");
  CHECK(text_of(0.30000000000000004) == "0.30000000000000004");
  CHECK(text_of(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(text_of(-std::numeric_limits<double>::infinity()) == "-Infinity");
}

TEST_CASE("Whatever the number, it reads back and no shorter decimal does") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random();
    const auto cents = static_cast<double>(static_cast<std::int64_t>(bits % 2'000'000) - 1'000'000);
    double value = i % 3 == 0 ? cents / 100 : i % 3 == 1 ? cents / 3 : 0;
    if (i % 3 == 2) value = std::ldexp(static_cast<double>(bits >> 11), static_cast<int>(bits % 200) - 150);
    INFO(value);
    char known[64];
    const std::string best(known, std::to_chars(known, known + sizeof known, value, std::chars_format::scientific).ptr);
    const std::string text = text_of(value);
    REQUIRE(std::strtod(text.c_str(), nullptr) == value);
    REQUIRE(digits_of(text) == digits_of(best));
    const auto narrow = static_cast<float>(value);
    REQUIRE(std::strtof(text_of(narrow).c_str(), nullptr) == narrow);
    const std::string best_narrow(
        known, std::to_chars(known, known + sizeof known, narrow, std::chars_format::scientific).ptr);
    REQUIRE(digits_of(text_of(narrow)) == digits_of(best_narrow));
  }
}

TEST_CASE("A number among others is the same as alone, whatever stood before it") {
  std::mt19937_64 random(8);
  std::uint32_t places = 0;
  std::uint32_t narrow_places = 0;
  const auto check = [](auto value, std::uint32_t& like) {
    Cell cell;
    Cell alone;
    Arena arena;
    const Kind kind = shortest_like(value, like, cell, arena);
    INFO(value);
    REQUIRE(kind == shortest(value, alone, arena));
    REQUIRE(cell.scale == alone.scale);
    REQUIRE(written_text(kind, cell) == written_text(kind, alone));
  };
  constexpr double kTens[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e9};
  for (int i = 0; i < 50'000; ++i) {
    const std::uint64_t bits = random();
    double value = static_cast<double>(static_cast<std::int64_t>(bits % 2'000'000) - 1'000'000) / kTens[bits % 9];
    if (i % 7 == 0) value = std::ldexp(static_cast<double>(bits >> 11), static_cast<int>(bits % 200) - 150);
    if (i % 11 == 0) value = static_cast<double>(bits % 4'000'000'000'000'000'000) / 1000;
    check(value, places);
    check(static_cast<float>(value), narrow_places);
  }
  for (const double value : {0.0, -0.0, 1e15, -1e15, 1e300, std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::denorm_min()}) {
    for (places = 0; places < 7; places = places + 1) {
      std::uint32_t like = places;
      check(value, like);
      check(static_cast<float>(value), like = places);
    }
  }
}

TEST_CASE("Counts since 1970 become times with as many digits as they need") {
  CHECK(time_of(1'767'225'600, kSeconds) == "2026-01-01T00:00:00Z");
  CHECK(time_of(1'767'225'600'000, kMillis) == "2026-01-01T00:00:00Z");
  CHECK(time_of(1'767'225'600'120, kMillis) == "2026-01-01T00:00:00.120Z");
  CHECK(time_of(1'767'225'600'000'001, kMicros, false) == "2026-01-01T00:00:00.000001");
  CHECK(time_of(-1, kNanos) == "1969-12-31T23:59:59.999999999Z");
  CHECK(time_of(-62'135'596'800, kSeconds) == "0001-01-01T00:00:00Z");
  CHECK(time_of(-62'135'596'801, kSeconds) == "-62135596801");
  CHECK(time_of(253'402'300'799, kSeconds) == "9999-12-31T23:59:59Z");
  CHECK(time_of(253'402'300'800, kSeconds) == "253402300800");
  CHECK(time_of(std::numeric_limits<std::int64_t>::min(), kMillis) == "-9223372036854775808");
}

TEST_CASE("Days and times of day become texts, and stay numbers where they are none") {
  Cell cell;
  Arena arena;
  CHECK(put_date(20'454, cell, arena) == Kind::Text);
  CHECK(cell.text() == "2026-01-01");
  CHECK(put_date(1'000'000'000, cell, arena) == Kind::Integer);
  CHECK(cell.number == 1'000'000'000);
  CHECK(put_time_of_day(45'296'789, kMillis, cell, arena) == Kind::Text);
  CHECK(cell.text() == "12:34:56.789");
  CHECK(put_time_of_day(86'400, kSeconds, cell, arena) == Kind::Integer);
}

}  // namespace weir
