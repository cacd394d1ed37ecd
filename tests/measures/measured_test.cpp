// SPDX-License-Identifier: Apache-2.0
// How the value of a measure is read as a number and shown to a person.
#include "weir/measured.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/timestamp.h"

namespace weir {
namespace {

Measured exact(std::string digits) {
  Measured out;
  out.kind = Measured::Kind::Exact;
  out.text = std::move(digits);
  return out;
}

Measured list(const std::vector<std::string>& items, bool all = true) {
  Measured out;
  out.kind = Measured::Kind::Values;
  out.exact = all;
  for (const std::string& item : items) out.values.push_back({.is_number = false, .text = item});
  return out;
}

TEST_CASE("a measured number is shown with six digits, and more where six would round it to what it is not") {
  CHECK(show(Measured::of(std::int64_t{3})) == "3");
  CHECK(show(Measured::of(std::int64_t{-9223372036854775807 - 1})) == "-9223372036854775808");
  CHECK(show(Measured::of(12.5)) == "12.5");
  CHECK(show(Measured::of(0.0)) == "0");
  CHECK(show(Measured::of(-0.0)) == "0");
  CHECK(show(Measured::of(0.1 + 0.2)) == "0.3");
  CHECK(show(Measured::of(2.0 / 3)) == "0.666667");
  CHECK(show(Measured::of(99.99999)) == "99.99999");
  CHECK(show(Measured::of(5.000001)) == "5.000001");
  CHECK(show(Measured::of(1234567.25)) == "1234567.2");
  CHECK(show(Measured::of(123456789012.0)) == "123456789012");
  CHECK(show(Measured::of(1e300)) == "1e+300");
  CHECK(show(Measured::of(1.5e-9)) == "1.5e-09");
  CHECK(show(Measured::of(std::numeric_limits<double>::infinity())) == "Infinity");
  CHECK(show(Measured::of(-std::numeric_limits<double>::infinity())) == "-Infinity");
  CHECK(show(Measured::of(std::nan(""))) == "NaN");
}

TEST_CASE("a measured rate is shown in percent") {
  CHECK(show(Measured::of(0.042), true) == "4.2%");
  CHECK(show(Measured::of(0.07), true) == "7%");
  CHECK(show(Measured::of(1.0 / 3), true) == "33.3333%");
  CHECK(show(Measured::of(0.0500000001), true) == "5.00000001%");
  CHECK(show(Measured::of(-0.4), true) == "-40%");
  CHECK(show(Measured::of(std::int64_t{0}), true) == "0%");
  CHECK(show(Measured::of(std::int64_t{2}), true) == "200%");
  CHECK(show(Measured::within(0.5, 0.4, 0.6, "about"), true) == "50%");
}

TEST_CASE("measured times, durations, digits and texts are shown as they are written") {
  CHECK(show(Measured::of(*parse_duration("1h30m"))) == "1h30m");
  CHECK(show(Measured::of(*parse_timestamp("2026-01-01T00:00:00.5Z"))) == "2026-01-01T00:00:00.5Z");
  CHECK(show(exact("123456789012345678901.50")) == "123456789012345678901.50");
  CHECK(show(Measured::no_data("no values")) == "no data");
  CHECK(show(Measured::fault("too much")) == "error");
}

TEST_CASE("a list of values is shown with its first ten") {
  CHECK(show(list({})) == "[]");
  CHECK(show(list({"DE", "FR"})) == "[DE, FR]");
  CHECK(show(list({"DE", "FR"}, false)) == "[DE, FR, … others]");
  std::vector<std::string> many;
  for (int i = 0; i < 22; ++i) many.push_back(std::to_string(i));
  CHECK(show(list(many)) == "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 12 more]");
  CHECK(show(list(many, false)) == "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 12 more and others]");
  CHECK(show(list({"a\nb"})) == "[a\\nb]");
}

TEST_CASE("a measured value as one number is in seconds where it is a time") {
  CHECK(Measured::of(std::int64_t{3}).as_number() == 3.0);
  CHECK(Measured::of(12.5).as_number() == 12.5);
  CHECK(exact("0.1").as_number() == 0.1);
  CHECK(exact("1e400").as_number() == std::numeric_limits<double>::infinity());
  CHECK(Measured::of(*parse_duration("1h30m")).as_number() == 5400.0);
  CHECK(Measured::of(*parse_duration("-250ms")).as_number() == -0.25);
  CHECK(Measured::of(*parse_timestamp("1970-01-01T00:01:00Z")).as_number() == 60.0);
  CHECK(Measured::within(3, 2, 4, "about").as_number() == 3.0);
  CHECK_FALSE(Measured::of(std::nan("")).as_number().has_value());
  CHECK_FALSE(Measured::no_data("none").as_number().has_value());
  CHECK_FALSE(Measured::fault("bad").as_number().has_value());
  CHECK_FALSE(list({"1"}).as_number().has_value());
}

TEST_CASE("no data and a fault are no values") {
  CHECK_FALSE(Measured::no_data("none").is_value());
  CHECK_FALSE(Measured::fault("bad").is_value());
  CHECK(Measured::of(0.0).is_value());
  CHECK(list({}).is_value());
}

}  // namespace
}  // namespace weir
