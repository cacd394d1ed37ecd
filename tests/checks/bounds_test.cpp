// SPDX-License-Identifier: Apache-2.0
// Bounds compare what is written, digit by digit, and say what went wrong.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "checks/registry.h"
#include "testing/checks_judge.h"

namespace weir::testing {
namespace {

Written bound(const std::string& text) {
  return Written().scalar("value", text);
}

TEST_CASE("min and max include the bound, above and below do not") {
  const std::vector<std::string> values = {"9", "9.99", "10", "10.0", "1e1", "10.01", "11"};
  CHECK(verdicts(kMinCheck, bound("10"), values) == "FF.....");
  CHECK(verdicts(kMaxCheck, bound("10"), values) == ".....FF");
  CHECK(verdicts(kAboveCheck, bound("10"), values) == "FFFFF..");
  CHECK(verdicts(kBelowCheck, bound("10"), values) == "..FFFFF");
}

TEST_CASE("bounds see the last digit of numbers that no double holds") {
  CHECK(verdicts(kMaxCheck, bound("9007199254740992"), {"9007199254740992", "9007199254740993"}) == ".F");
  CHECK(verdicts(kMaxCheck, bound("0.1"), {"0.1", "0.1000000000000000055"}) == ".F");
  CHECK(verdicts(kMinCheck, bound("123456789012345678901234567890"),
                 {"123456789012345678901234567889", "123456789012345678901234567890"}) == "F.");
}

TEST_CASE("bounds at the ends of 64 bits hold") {
  const std::vector<std::string> ends = {"-9223372036854775808", "9223372036854775807", "9223372036854775808"};
  CHECK(verdicts(kMinCheck, bound("9223372036854775807"), ends) == "F..");
  CHECK(verdicts(kMinCheck, bound("9223372036854775808"), ends) == "FF.");
  CHECK(verdicts(kAboveCheck, bound("9223372036854775807"), ends) == "FF.");
  CHECK(verdicts(kAboveCheck, bound("-9223372036854775808"), ends) == "F..");
  CHECK(verdicts(kAboveCheck, bound("-9223372036854775809"), ends) == "...");
  CHECK(verdicts(kBelowCheck, bound("-9223372036854775808"), ends) == "FFF");
  CHECK(verdicts(kMaxCheck, bound("-1e400"), ends) == "FFF");
  CHECK(verdicts(kMaxCheck, bound("1e400"), ends) == "...");
}

TEST_CASE("every bound agrees with exact decimals at every scale") {
  const std::vector<std::string> numbers = {"0",
                                            "-0.5",
                                            "0.5",
                                            "1",
                                            "-1",
                                            "1.5",
                                            "0.000000000000000001",
                                            "-0.000000000000000001",
                                            "9.223372036854775807",
                                            "922337203685477.5807",
                                            "-9.223372036854775808",
                                            "12.340",
                                            "1e-19",
                                            "-1e400"};
  for (const std::string& limit : numbers) {
    for (const std::string& value : numbers) {
      INFO(value << " against " << limit);
      const auto order = *Decimal::parse(value) <=> *Decimal::parse(limit);
      CHECK(verdicts(kMinCheck, bound(limit), {value}) == (order >= 0 ? "." : "F"));
      CHECK(verdicts(kMaxCheck, bound(limit), {value}) == (order <= 0 ? "." : "F"));
      CHECK(verdicts(kAboveCheck, bound(limit), {value}) == (order > 0 ? "." : "F"));
      CHECK(verdicts(kBelowCheck, bound(limit), {value}) == (order < 0 ? "." : "F"));
    }
  }
}

TEST_CASE("NaN fails every bound, infinities are ordered") {
  const std::vector<std::string> values = {"NaN", "Infinity", "-Infinity"};
  CHECK(verdicts(kMinCheck, bound("0"), values) == "F.F");
  CHECK(verdicts(kMaxCheck, bound("0"), values) == "FF.");
  CHECK(verdicts(kAboveCheck, bound("0"), values) == "F.F");
  CHECK(verdicts(kBelowCheck, bound("0"), values) == "FF.");
  CHECK(reason(kMinCheck, bound("0"), "NaN") == "min: NaN is not a number");
  CHECK(reason(kMinCheck, bound("0"), "-Infinity") == "min: -Infinity is below 0");
}

TEST_CASE("what is no number fails a bound as the wrong type") {
  CHECK(verdicts(kMinCheck, bound("0"), {"\"5\"", "true", "[1]", "{}", "null", "absent", "5"}) == "FFFF--.");
  CHECK(reason(kMinCheck, bound("0"), "\"5\"") == "type: `5` is a text, a number is needed");
  CHECK(reason(kMinCheck, bound("0"), "true") == "type: true is a boolean, a number is needed");
}

TEST_CASE("the reason names the value and the bound as they are written") {
  CHECK(reason(kMaxCheck, bound("100000"), "100001") == "max: 100001 is above 100000");
  CHECK(reason(kMinCheck, bound("0.50"), "0.4") == "min: 0.4 is below 0.50");
  CHECK(reason(kAboveCheck, bound("0"), "0.0") == "above: 0.0 is not above 0");
  CHECK(reason(kBelowCheck, bound("1"), "1e0") == "below: 1e0 is not below 1");
  CHECK(make(kMaxCheck, bound("100000"))->expected() == "<= 100000");
}

TEST_CASE("a bound that is a time is a bound in time") {
  const std::vector<std::string> values = {"\"2025-12-31T23:59:59Z\"",
                                           "\"2026-01-01T00:00:00Z\"",
                                           "\"2026-01-01T01:30:00+02:00\"",
                                           "\"2026-01-01\"",
                                           "\"soon\"",
                                           "1767225600",
                                           "true"};
  CHECK(verdicts(kMinCheck, bound("2026-01-01"), values) == "F.F.F.F");
  CHECK(verdicts(kMaxCheck, bound("2026-01-01T00:00:00Z"), values) == "....F.F");
  CHECK(reason(kMinCheck, bound("2026-01-01"), "\"2025-12-31\"") == "min: `2025-12-31` is before 2026-01-01");
  CHECK(reason(kMinCheck, bound("2026-01-01"), "\"soon\"") == "type: `soon` is no timestamp");
}

TEST_CASE("a bound that cannot be compared is refused at load") {
  CHECK(refusal(kMinCheck, bound("cheap")) == "`cheap` is no number");
  CHECK(refusal(kMinCheck, bound("NaN")) == "`min` needs a finite number");
  CHECK(refusal(kMaxCheck, bound(std::string(1001, '9'))) == "the number has more than 1000 digits");
  CHECK(refusal(kMinCheck, bound("5").type(FieldType::Timestamp)) == "`5` is no timestamp");
  CHECK(refusal(kMinCheck, bound("2026-01-01").type(FieldType::Integer)) == "`2026-01-01` is no number");
}

TEST_CASE("long columns are judged in full and skipped elements stay untouched") {
  std::vector<std::string> values;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const bool missing = i % 97 == 3 || (i >= 300 && i < 400 && i % 3 == 0);
    values.push_back(missing ? "null" : std::to_string(i));
    expected += missing ? '-' : i > 500 ? 'F' : '.';
  }
  CHECK(verdicts(kMaxCheck, bound("500"), values) == expected);
}

TEST_CASE("redacted values show in no reason") {
  const TableOfValues table = std::move(TableOfValues().column("f", {"4711"}).redact());
  const auto check = make(kMaxCheck, bound("5"));
  const Reason reason = check->explain(table.subject(), 0);
  CHECK(reason.message == "*** is above 5");
  CHECK(reason.value == "***");
}

}  // namespace
}  // namespace weir::testing
