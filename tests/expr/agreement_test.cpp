// SPDX-License-Identifier: Apache-2.0
// The loops over columns against the evaluation of every row by itself, on random expressions over random rows: whatever
// shape an expression has, both have to say the same of each row.
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <random>

#include "expr/judge.h"

namespace weir::testing {
namespace {

constexpr std::size_t kRows = 70;  // more than one word of a mask

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

 private:
  std::mt19937_64 engine_;
};

const std::vector<std::string> kNumbers = {"0",
                                           "1",
                                           "-1",
                                           "5",
                                           "5.0",
                                           "5.5",
                                           "0.05",
                                           "100",
                                           "1e2",
                                           "NaN",
                                           "9223372036854775807",
                                           "9223372036854775808",
                                           "-9223372036854775808",
                                           "0.1",
                                           "0.10",
                                           "9007199254740993",
                                           "1e400",
                                           "123456789.123456789"};
const std::vector<std::string> kTexts = {
    R"("")", R"("EUR")", R"("eur")", R"("a longer text than a word")", R"("5")", R"("é")", R"("2026-01-01T00:00:00Z")"};
const std::vector<std::string> kTimes = {R"("2026-01-01T00:00:00Z")",
                                         R"("2026-01-01T01:00:00+01:00")",
                                         R"("2026-06-01T00:00:00.5Z")",
                                         R"("soon")",
                                         "1767225600",
                                         "1767225600000"};
const std::vector<std::string> kOdd = {"null", "absent", "true", "false", "[1, 2]", R"({"a": 1})", R"("x")", "7"};

std::vector<std::string> values(Random& random, const std::vector<std::string>& usual) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < kRows; ++row)
    out.push_back(random.below(4) == 0 ? random.of(kOdd) : random.of(usual));
  return out;
}

// Fields of every declaration, each with values that fit it and some that do not.
std::vector<FieldOf> fields(Random& random) {
  return {{"n", values(random, kNumbers)},
          {"m", values(random, kNumbers)},
          {"whole", values(random, kNumbers), FieldType::Integer},
          {"real", values(random, kNumbers), FieldType::Decimal},
          {"t", values(random, kTexts)},
          {"s", values(random, kTexts), FieldType::String},
          {"b", values(random, {"true", "false"})},
          {"at", values(random, kTimes), FieldType::Timestamp},
          {"since", values(random, kTimes), FieldType::Timestamp},
          {"day", values(random, {R"("2026-01-01")", R"("2026-06-30")"}), FieldType::Date},
          {"list", values(random, {"[]", "[1]", "[5, 7]", R"(["EUR"])"})},
          {"object", values(random, {"{}", R"({"a": 5})", R"({"a": null, "b": "x"})"})}};
}

// Expressions that load: the types of a comparison's sides fit.
class Expressions {
 public:
  explicit Expressions(Random& random) : random_(random) {}

  std::string condition(int depth) {
    if (depth > 0) {
      switch (random_.below(7)) {
        case 0: return "(" + condition(depth - 1) + " && " + condition(depth - 1) + ")";
        case 1: return "(" + condition(depth - 1) + " || " + condition(depth - 1) + " || " + condition(depth - 1) + ")";
        case 2: return "!(" + condition(depth - 1) + ")";
        case 3: return "(" + condition(depth - 1) + " ? " + condition(depth - 1) + " : " + condition(depth - 1) + ")";
        case 4: return "(" + condition(depth - 1) + " && " + condition(0) + " && " + condition(0) + ")";
        default: break;
      }
    }
    return comparison();
  }

 private:
  std::string comparison() {
    const std::string op = " " + random_.of<std::string>({"==", "!=", "<", "<=", ">", ">="}) + " ";
    const std::string equality = random_.below(2) == 0 ? " == " : " != ";
    switch (random_.below(16)) {
      case 0: return random_.of(kNumberFields) + " + 1" + op + number();
      case 1: return random_.of(kNumberFields) + op + literal_number();
      case 2: return literal_number() + op + random_.of(kNumberFields);
      case 3: return random_.of(kNumberFields) + op + random_.of(kNumberFields);
      case 4: return random_.of(kTextFields) + op + random_.of(kTextLiterals);
      case 5: return "t" + op + "s";
      case 6: return random_.of(kTimeFields) + op + random_.of(kTimeLiterals);
      case 7: return random_.of(kTimeFields) + op + random_.of(kTimeFields);
      case 8: return random_.of(kAllFields) + equality + "null";
      case 9: return "has(" + random_.of(kAllFields) + ")";
      case 10: return random_.of(kTextFields) + " in [\"EUR\", \"5\", \"a longer text than a word\"]";
      case 11:
        return random_.of(kNumberFields) + random_.of<std::string>({" in [1, 5, 100]", " in [5.5, 1]", " in [0.05]"});
      case 12:
        return random_.of(kTextFields) + random_.of<std::string>({".startsWith(\"E\")", ".endsWith(\"R\")",
                                                                  ".contains(\"text\")", ".matches(\"^[A-Z]+$\")"});
      case 13: return random_.of<std::string>({"b", "b == true", "b != false", "b && b"});
      case 14:
        return random_.of<std::string>(
            {"list.all(x, x > 1)", "size(list) > 1", "object.a == 5", "has(object.b)", "5 in list", "list == [1]"});
      default:
        return random_.of<std::string>({"n", "t", "m"}) + equality +
               random_.of<std::string>({"n", "t", "m", "5", "\"EUR\"", "true", "[1, 2]"});
    }
  }

  std::string number() {
    switch (random_.below(4)) {
      case 0: return literal_number();
      case 1:
        return "(" + random_.of(kNumberFields) + random_.of<std::string>({" + ", " - ", " * ", " / "}) +
               random_.of(kNumberFields) + ")";
      default: return random_.of(kNumberFields);
    }
  }
  std::string literal_number() {
    return random_.of<std::string>({"0", "5", "-1", "5.0", "5.5", "5%", "1e2", "9223372036854775807",
                                    "-9223372036854775808", "9223372036854775808.0", "0.1", "1e400", "1u",
                                    "123456789.123456789"});
  }

  const std::vector<std::string> kNumberFields = {"n", "m", "whole", "real"};
  const std::vector<std::string> kTextFields = {"t", "s"};
  const std::vector<std::string> kTextLiterals = {"\"\"", "\"EUR\"", "\"5\"", "\"a longer text than a word\"", "\"é\""};
  const std::vector<std::string> kTimeFields = {"at", "since", "day"};
  const std::vector<std::string> kTimeLiterals = {"2026-01-01", "2026-06-01T00:00:00.5Z",
                                                  "timestamp(\"2026-01-01T00:00:00Z\")"};
  const std::vector<std::string> kAllFields = {"n", "whole", "t", "s", "b", "at", "day", "list", "object"};
  Random& random_;
};

TEST_CASE("columns and rows agree on random expressions") {
  Random random(20260101);
  for (int round = 0; round < 2000; ++round) {
    const std::vector<FieldOf> table = fields(random);
    const std::string text = Expressions(random).condition(3);
    INFO(text);
    REQUIRE(decide(text, table) == decide_by_rows(text, table));
  }
}

}  // namespace
}  // namespace weir::testing
