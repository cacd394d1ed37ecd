// SPDX-License-Identifier: Apache-2.0
// What a user relies on when weir compares numbers: nothing is rounded.
#include "base/decimal.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <limits>
#include <string>

namespace weir {
namespace {

Decimal number(std::string_view text) {
  const auto parsed = Decimal::parse(text);
  INFO("text: " << text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

TEST_CASE("a number is equal to itself however it is written") {
  CHECK(number("1") == number("1.0"));
  CHECK(number("1") == number("1e0"));
  CHECK(number("1000") == number("1e3"));
  CHECK(number("0.001") == number("1E-3"));
  CHECK(number("-0") == number("0"));
  CHECK(number("0e999") == number("0"));
  CHECK(number("+5") == number("5"));
  CHECK(number("1.50") == Decimal(150, 2));
}

TEST_CASE("numbers that a double cannot tell apart are told apart") {
  CHECK(number("9007199254740993") > number("9007199254740992"));
  CHECK(number("0.1") < number("0.1000000000000000055511151231257827"));
  CHECK(number("123456789012345678901234567890") > number("123456789012345678901234567889"));
  CHECK(number("-123456789012345678901234567890") < number("-123456789012345678901234567889"));
}

TEST_CASE("order holds over signs, sizes and infinities, and NaN is in none") {
  const char* const ascending[] = {"-Infinity", "-1e400", "-10", "-9.99", "-1e-400", "0",     "1e-400",
                                   "0.5",       "0.55",   "1",   "9",     "10",      "1e400", "Infinity"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      INFO(ascending[i] << " and " << ascending[j]);
      CHECK((number(ascending[i]) <=> number(ascending[j])) == (i <=> j));
    }
    CHECK((number(ascending[i]) <=> number("NaN")) == std::partial_ordering::unordered);
  }
  CHECK_FALSE(number("NaN") == number("NaN"));
}

TEST_CASE("only JSON's numbers are numbers") {
  for (const char* text : {"", "-", "+", ".5", "5.", "01", "-01", "1e", "1e+", "0x10", "1,5", "1 ", " 1", "--1",
                           "1.2.3", "five", "Inf", "1e5x"}) {
    INFO(text);
    CHECK_FALSE(Decimal::parse(text).has_value());
  }
}

TEST_CASE("a rule may not hold more than a thousand digits, data may") {
  const std::string most(1000, '9');
  CHECK(Decimal::parse(most).has_value());
  CHECK_FALSE(Decimal::parse(most + "9").has_value());
  CHECK(*Decimal::read(most + "0000.0001") > *Decimal::read(most + "0000"));
  CHECK(Decimal::read("1" + std::string(5000, '3'))->is_whole());
  CHECK_FALSE(Decimal::read("1." + std::string(5000, '3'))->is_whole());
  CHECK(*Decimal::read("-1." + std::string(5000, '3')) < number("-1." + std::string(999, '3')));
}

TEST_CASE("whole numbers are whole however they are written") {
  for (const char* text : {"5", "5.0", "1e3", "-2", "0", "1.5e1", "1e400"}) CHECK(number(text).is_whole());
  for (const char* text : {"5.5", "1e-3", "1.55e1", "NaN", "Infinity"}) CHECK_FALSE(number(text).is_whole());
}

TEST_CASE("scale and precision count digits as SQL does") {
  CHECK(number("1.50").scale() == 1);
  CHECK(number("1e3").scale() == 0);
  CHECK(number("0.05").scale() == 2);
  CHECK(number("-12.345").scale() == 3);
  CHECK(number("0").scale() == 0);
  CHECK(number("0").precision() == 1);
  CHECK(number("0.05").precision() == 2);
  CHECK(number("1e3").precision() == 4);
  CHECK(number("-12.345").precision() == 5);
}

TEST_CASE("a bound becomes a 64-bit number at the scale of the cells") {
  CHECK(number("1.5").ceiling_at(0) == 2);
  CHECK(number("1.5").floor_at(0) == 1);
  CHECK(number("-1.5").ceiling_at(0) == -1);
  CHECK(number("-1.5").floor_at(0) == -2);
  CHECK(number("1.5").ceiling_at(2) == 150);
  CHECK(number("1.505").floor_at(2) == 150);
  CHECK(number("0.001").ceiling_at(2) == 1);
  CHECK(number("1e-400").ceiling_at(18) == 1);
  CHECK(number("-1e-400").floor_at(18) == -1);
  CHECK(number("0").floor_at(5) == 0);
}

TEST_CASE("a bound beyond 64 bits is clamped") {
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  CHECK(number("9223372036854775807").floor_at(0) == highest);
  CHECK(number("9223372036854775808").floor_at(0) == highest);
  CHECK(number("-9223372036854775808").floor_at(0) == lowest);
  CHECK(number("10").floor_at(18) == highest);
  CHECK(number("1e400").ceiling_at(0) == highest);
  CHECK(number("-Infinity").ceiling_at(3) == lowest);
  CHECK(number("9223372036854775806.5").ceiling_at(0) == highest);
}

TEST_CASE("a whole number that fits reads as 64 bits, and no other") {
  CHECK(number("1e3").to_int64() == 1000);
  CHECK(number("-9223372036854775808").to_int64() == std::numeric_limits<std::int64_t>::min());
  CHECK(number("9223372036854775807").to_int64() == std::numeric_limits<std::int64_t>::max());
  CHECK_FALSE(number("9223372036854775808").to_int64().has_value());
  CHECK_FALSE(number("1.5").to_int64().has_value());
  CHECK_FALSE(number("NaN").to_int64().has_value());
}

TEST_CASE("multiples are exact") {
  CHECK(number("0.3").is_multiple_of(number("0.1")));
  CHECK(number("19.99").is_multiple_of(number("0.01")));
  CHECK_FALSE(number("19.995").is_multiple_of(number("0.01")));
  CHECK(number("-10").is_multiple_of(number("2.5")));
  CHECK(number("0").is_multiple_of(number("7")));
  CHECK(number("1e300").is_multiple_of(number("1024")));
  CHECK_FALSE(number("1e300").is_multiple_of(number("3")));
  CHECK_FALSE(number("5").is_multiple_of(number("0")));
  CHECK(number("246913578024691357802469135780").is_multiple_of(number("123456789012345678901234567890")));
  CHECK_FALSE(number("246913578024691357802469135781").is_multiple_of(number("123456789012345678901234567890")));
}

TEST_CASE("a number is shown the way it is read back") {
  for (const char* text : {"0", "1", "-1.5", "0.001", "1000", "123456789012345678901234567890", "1e400", "-1.25e-60",
                           "NaN", "-Infinity"}) {
    CHECK(number(text).text() == text);
  }
  CHECK(number("1.50").text() == "1.5");
  CHECK(number("1e3").text() == "1000");
}

TEST_CASE("doubles come and go by their shortest text") {
  CHECK(Decimal::from_double(0.1) == number("0.1"));
  CHECK(Decimal::from_double(-1e300) == number("-1e300"));
  CHECK(number("0.1").to_double() == 0.1);
  CHECK(number("1e400").to_double() == std::numeric_limits<double>::infinity());
  CHECK(number("-1e-400").to_double() == 0.0);
  CHECK(Decimal::from_double(std::numeric_limits<double>::quiet_NaN()).is_nan());
}

}  // namespace
}  // namespace weir
