// SPDX-License-Identifier: Apache-2.0
// The smallest and largest value where a double or a careless comparison would get them wrong.
#include "summary/extremes.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "summary/column.h"
#include "summary/field_summary.h"
#include "testing/slow_number.h"

namespace weir {
namespace {

using testing::SlowNumber;
using testing::WrittenColumn;

FieldSummary summary_of(const std::vector<std::string>& values, FieldType declared = FieldType::Any) {
  const WrittenColumn column(values);
  FieldSummary summary({.parts = Part::Extremes, .declared = declared});
  summary.add(column.column(), column.all());
  return summary;
}

TEST_CASE("numbers that a double cannot tell apart have an order") {
  const FieldSummary integers = summary_of({"9007199254740992", "9007199254740993", "9007199254740992"});
  CHECK(integers.extremes()->smallest_number()->decimal().text() == "9007199254740992");
  CHECK(integers.extremes()->largest_number()->decimal().text() == "9007199254740993");
  const FieldSummary decimals = summary_of({"0.1", "0.1000000000000000055511151231257827", "0.10000000000000000"});
  CHECK(decimals.extremes()->smallest_number()->decimal().text() == "0.1");
  CHECK(decimals.extremes()->largest_number()->decimal().text() == "0.1000000000000000055511151231257827");
  const FieldSummary huge = summary_of({"1e400", "-2e400", "3e400", "Infinity", "NaN"});
  CHECK(huge.extremes()->smallest_number()->decimal().text() == "-2e400");
  CHECK(huge.extremes()->largest_number()->decimal().text() == "3e400");
}

TEST_CASE("the extremes of random numbers are those of sums on paper") {
  std::mt19937_64 random(3);
  const char* const heads[] = {"0", "1", "-1", "12345678901234567", "-12345678901234567", "99999999999999999"};
  const char* const tails[] = {"", ".0", ".1", ".10", ".100000000000000001", "e1", "e-3", "1e3", "23"};
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < 1 + random() % 6; ++i) {
      std::string value = std::string(heads[random() % std::size(heads)]);
      const std::string tail = tails[random() % std::size(tails)];
      if (value == "0" && !tail.empty() && tail[0] != '.' && tail[0] != 'e') value = "1";
      values.push_back(value + tail);
    }
    const auto below = [](const std::string& a, const std::string& b) {
      return SlowNumber::read(a).compare(SlowNumber::read(b)) < 0;
    };
    const auto [smallest, largest] = std::minmax_element(values.begin(), values.end(), below);
    const FieldSummary summary = summary_of(values);
    INFO(*smallest << " " << *largest);
    const std::string found_smallest = summary.extremes()->smallest_number()->decimal().text();
    const std::string found_largest = summary.extremes()->largest_number()->decimal().text();
    CHECK(SlowNumber::read(found_smallest).compare(SlowNumber::read(*smallest)) == 0);
    CHECK(SlowNumber::read(found_largest).compare(SlowNumber::read(*largest)) == 0);
  }
}

TEST_CASE("numbers of thousands of digits are bounded, ordered and read back") {
  const std::string digits(3000, '7');
  const FieldSummary summary = summary_of({digits, "-" + digits, "0." + digits, digits + "e-3000", "1e999999999"});
  CHECK(summary.extremes()->largest_number()->decimal().text() == "1e999999999");
  CHECK(summary.extremes()->smallest_number()->decimal().is_negative());
  CHECK(summary.bytes() < 8 * 1024);
  SummaryWriter out;
  summary.write(out);
  SummaryReader in(out.bytes());
  const Result<FieldSummary> read = FieldSummary::read(in, {.parts = Part::Extremes});
  REQUIRE(read.ok());
  CHECK((*read == summary));
}

TEST_CASE("texts are in the order of their bytes and are kept to 256 of them") {
  const FieldSummary summary = summary_of({"\"b\"", "\"\"", "\"é\"", "\"Z\""});
  CHECK(summary.extremes()->smallest_text() == "");
  CHECK(summary.extremes()->largest_text() == "é");
  CHECK(summary.extremes()->smallest_number() == nullptr);
  const FieldSummary longer = summary_of({"\"" + std::string(300, 'x') + "\""});
  CHECK(longer.extremes()->largest_text() == std::string(256, 'x'));
}

TEST_CASE("fields declared as times have an earliest and a latest") {
  const std::vector<std::string> values = {"\"2026-01-02T00:00:00+05:00\"", "\"2026-01-01T20:00:00Z\"", "1767225600",
                                           "\"no time\""};
  const FieldSummary times = summary_of(values, FieldType::Timestamp);
  CHECK(times.extremes()->earliest() == parse_timestamp("2026-01-01T00:00:00Z"));
  CHECK(times.extremes()->latest() == parse_timestamp("2026-01-01T20:00:00Z"));
  CHECK_FALSE(summary_of(values).extremes()->earliest());
  const FieldSummary dates = summary_of({"\"2026-03-01\"", "\"2026-02-28\""}, FieldType::Date);
  CHECK(dates.extremes()->earliest() == parse_timestamp("2026-02-28T00:00:00Z"));
}

TEST_CASE("nothing has no extremes") {
  const FieldSummary summary = summary_of({"null", "", "true", "NaN"});
  CHECK(summary.extremes()->smallest_number() == nullptr);
  CHECK_FALSE(summary.extremes()->smallest_text());
  CHECK_FALSE(summary.extremes()->latest());
}

}  // namespace
}  // namespace weir
