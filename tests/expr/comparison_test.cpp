// SPDX-License-Identifier: Apache-2.0
// Comparing fields: by value, exactly, and by the types that the rule file declares.
#include <catch2/catch_test_macros.hpp>

#include "expr/judge.h"

namespace weir::testing {
namespace {

void same_both_ways(std::string_view text, const std::vector<FieldOf>& fields, const std::string& expected) {
  INFO(text);
  CHECK(decide(text, fields) == expected);
  CHECK(decide_by_rows(text, fields) == expected);
}

TEST_CASE("numbers compare exactly however they are written") {
  const std::vector<FieldOf> amounts = {
      {"amount", {"0.1", "0.10", "1e-1", "0.1000000000000000000001", "0", "1", "1e400", "-1e400"}}};
  same_both_ways("amount == 0.1", amounts, "TTTFFFFF");
  same_both_ways("amount != 0.1", amounts, "FFFTTTTT");
  same_both_ways("amount <= 0.1", amounts, "TTTFTFFT");
  same_both_ways("amount < 0.1", amounts, "FFFFTFFT");
  same_both_ways("amount >= 0.1", amounts, "TTTTFTTF");
  same_both_ways("amount > 0.1", amounts, "FFFTFTTF");
  same_both_ways("0.1 < amount", amounts, "FFFTFTTF");
  same_both_ways("amount <= 10%", amounts, "TTTFTFFT");
}

TEST_CASE("integers beyond 2^53 keep their last digit") {
  const std::vector<FieldOf> ids = {
      {"id", {"9007199254740993", "9007199254740992", "9223372036854775807", "9223372036854775808"}}};
  same_both_ways("id == 9007199254740993", ids, "TFFF");
  same_both_ways("id <= 9223372036854775807", ids, "TTTF");
  same_both_ways("id < 9223372036854775808.0", ids, "TTTF");
  same_both_ways("id > -9223372036854775808", ids, "TTTT");
  same_both_ways("id >= -1e30", ids, "TTTT");
  same_both_ways("id < 1e30", ids, "TTTT");
  same_both_ways("id > 1e30", ids, "FFFF");
}

TEST_CASE("a range that ends at the edge of 64 bits is empty beyond it") {
  const std::vector<FieldOf> edge = {
      {"x", {"9223372036854775807", "-9223372036854775808", "9.223372036854775", "-9.223372036854775"}}};
  same_both_ways("x > 9223372036854775807", edge, "FFFF");
  same_both_ways("x < -9223372036854775808", edge, "FFFF");
  same_both_ways("x >= 9223372036854775807.5", edge, "FFFF");
  same_both_ways("x <= -9223372036854775808.5", edge, "FFFF");
  same_both_ways("x != 9223372036854775807", edge, "FTTT");
  same_both_ways("x > 9223372036854775806.999", edge, "TFFF");
}

TEST_CASE("two number fields compare exactly across their scales") {
  const std::vector<FieldOf> fields = {{"a", {"1", "1.0", "0.30", "1e2", "9007199254740993", "null", "\"1\""}},
                                       {"b", {"1.00", "1", "0.3", "100", "9007199254740992", "1", "1"}}};
  same_both_ways("a == b", fields, "TTTTF?F");
  same_both_ways("a > b", fields, "FFFFT?E");
}

TEST_CASE("NaN is unequal to everything and below and above nothing") {
  const std::vector<FieldOf> fields = {{"x", {"NaN", "Infinity", "-Infinity"}}};
  same_both_ways("x < 5", fields, "FFT");
  same_both_ways("x >= 5", fields, "FTF");
  same_both_ways("x == 5", fields, "FFF");
  same_both_ways("x != 5", fields, "TTT");
  same_both_ways("x == x", fields, "FTT");
}

TEST_CASE("texts are equal byte by byte at every length, and ordered by their code points") {
  const std::string long_text(40, 'x');
  std::vector<std::string> values = {"\"\""};
  for (std::size_t length = 1; length <= long_text.size(); ++length)
    values.push_back('"' + long_text.substr(0, length) + '"');
  for (std::size_t length = 0; length <= long_text.size(); ++length) {
    std::string expected(values.size(), 'F');
    expected[length] = 'T';
    same_both_ways("t == \"" + long_text.substr(0, length) + "\"", {{"t", values}}, expected);
    if (length == 0) continue;
    // The same length with another letter at each place.
    for (std::size_t at = 0; at < length; ++at) {
      std::string other = long_text.substr(0, length);
      other[at] = 'y';
      same_both_ways("t != \"" + other + "\"", {{"t", {values[length]}}}, "T");
    }
  }
  same_both_ways("t < \"b\"", {{"t", {"\"a\"", "\"b\"", "\"ä\"", "null", "1"}}}, "TFF?E");
}

TEST_CASE("values of different types are not equal and have no order") {
  const std::vector<FieldOf> fields = {{"x", {"\"1\"", "true", "[1]", "{\"a\":1}", "1"}}};
  same_both_ways("x == 1", fields, "FFFFT");
  same_both_ways("x != 1", fields, "TTTTF");
  same_both_ways("x > 0", fields, "EEEET");
  same_both_ways("x == \"1\"", fields, "TFFFF");
  same_both_ways("x != \"1\"", fields, "FTTTT");
  same_both_ways("x == [1]", fields, "FFTFF");
  same_both_ways("x == {\"a\": 1}", fields, "FFFTF");
  same_both_ways("x == true", fields, "FTFFF");
}

TEST_CASE("membership follows equality") {
  const std::vector<FieldOf> fields = {{"x", {"\"EUR\"", "\"eur\"", "1", "1.0", "2", "null", "[1]"}}};
  same_both_ways("x in [\"EUR\", \"USD\"]", fields, "TFFFF?F");
  same_both_ways("x in [1, 3]", fields, "FFTTF?F");
  same_both_ways("x in [1.0, \"EUR\"]", fields, "TFTTF?F");
  same_both_ways("!(x in [\"EUR\"])", fields, "FTTTT?T");
  same_both_ways("x in []", fields, "FFFFF?F");
  same_both_ways("x in {\"EUR\": 1}", fields, "TFFFF?F");
}

TEST_CASE("a field declared a timestamp is one") {
  const std::vector<FieldOf> fields = {
      {"shipped",
       {R"("2026-01-02T00:00:00Z")", R"("2026-01-01T00:30:00+01:00")", R"("soon")", "null", "1767312000", "\"soon\""},
       FieldType::Timestamp},
      {"ordered",
       {R"("2026-01-01T00:00:00Z")", R"("2026-01-01T00:00:00Z")", R"("2026-01-01T00:00:00Z")",
        R"("2026-01-01T00:00:00Z")", R"("2026-01-01T00:00:00Z")", "null"},
       FieldType::Timestamp}};
  same_both_ways("shipped >= ordered", fields, "TFE?T?");
  same_both_ways("shipped - ordered > 12h", fields, "TFE?T?");
  same_both_ways("shipped >= 2026-01-01", fields, "TFE?TE");
  same_both_ways("shipped >= \"2026-01-01\"", fields, "TFE?TE");
  same_both_ways("2026-01-01T00:00:00Z <= shipped", fields, "TFE?TE");
}

TEST_CASE("texts that nobody declared compare as texts, and as timestamps beside one") {
  const std::vector<FieldOf> fields = {
      {"a", {R"("2026-01-01T00:30:00+01:00")", R"("2026-01-01T00:00:00Z")", R"("soon")"}},
      {"b", {R"("2026-01-01T00:00:00Z")", R"("2026-01-01T00:00:00Z")", R"("2026-01-01T00:00:00Z")"}}};
  same_both_ways("a > b", fields, "TFT");
  same_both_ways("timestamp(a) > timestamp(b)", fields, "FFE");
  same_both_ways("a < 2026-01-01", fields, "TFE");
  same_both_ways("a == 2026-01-01", fields, "FTF");
  same_both_ways("b - a == 30m", fields, "TFE");
  same_both_ways("a + 30m == b", fields, "TFE");
}

TEST_CASE("a field declared a date is the instant at which it begins") {
  const std::vector<FieldOf> fields = {
      {"day", {"\"2026-01-31\"", "\"2026-02-01\"", "\"2026-02-30\"", "null"}, FieldType::Date}};
  same_both_ways("day < 2026-02-01", fields, "TFE?");
  same_both_ways("day == 2026-01-31T00:00:00Z", fields, "TFE?");
  same_both_ways("day.getDate() == 31", fields, "TFE?");
}

TEST_CASE("5 and 5.0 are the same where the field says what they are") {
  const std::vector<std::string> values = {"5", "5.0", "5.5"};
  same_both_ways("x / 2 == 2.5", {{"x", values, FieldType::Number}}, "TTF");
  same_both_ways("x / 2 == 2", {{"x", values, FieldType::Integer}}, "TTF");
  same_both_ways("x / 2 == 2.5", {{"x", values}}, "FTF");  // an integer where it is written as one
  same_both_ways("x % 2 == 1", {{"x", values, FieldType::Integer}}, "TTE");
}

TEST_CASE("tests of a text") {
  const std::vector<FieldOf> fields = {{"t", {"\"O-1234\"", "\"x-12\"", "\"\"", "null", "5"}}};
  same_both_ways("t.startsWith(\"O-\")", fields, "TFF?E");
  same_both_ways("t.endsWith(\"34\")", fields, "TFF?E");
  same_both_ways("t.contains(\"-12\")", fields, "TTF?E");
  same_both_ways("t.contains(\"\")", fields, "TTT?E");
  same_both_ways("t.matches(\"^O-[0-9]+$\")", fields, "TFF?E");
  same_both_ways("matches(t, r\"\\d{4}\")", fields, "TFF?E");
}

TEST_CASE("paths, names in back-ticks and the envelope are one field each") {
  same_both_ways("customer.address.zip == \"12345\"", {{"customer.address.zip", {"\"12345\"", "\"\""}}}, "TF");
  same_both_ways("`content-type` == \"json\"", {{"\"content-type\"", {"\"json\""}}}, "T");
  same_both_ways("kafka.partition == 3", {{"kafka.partition", {"3"}}}, "T");
  same_both_ways("`kafka`.partition == 3", {{"\"kafka\".partition", {"3"}}}, "T");
  same_both_ways("type == \"order\" && string == \"x\"", {{"type", {"\"order\""}}, {"string", {"\"x\""}}}, "T");
  same_both_ways("items[0].qty == 2 && items[0][\"qty\"] == 2", {{"items", {R"([{"qty":2}])", "[]"}}}, "TE");
}

}  // namespace
}  // namespace weir::testing
