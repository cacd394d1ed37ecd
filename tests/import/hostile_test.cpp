// SPDX-License-Identifier: Apache-2.0
// Suites that nobody should have written: cut short, deep, huge, and with the wrong kind of value in every place.
#include <chrono>

#include "import/condition.h"
#include "import/importing.h"

namespace weir::testing {
namespace {

constexpr SuiteKind kKinds[] = {SuiteKind::GreatExpectations, SuiteKind::Soda, SuiteKind::Dbt,
                                SuiteKind::OpenDataContract, SuiteKind::JsonSchema};

const std::vector<std::string>& samples() {
  static const std::vector<std::string> kSamples = {
      R"({"expectations": [{"expectation_type": "expect_column_values_to_be_between", "kwargs": {"column": "a", "min_value": 0, "max_value": 9, "mostly": 0.9, "row_condition": "b == 1", "condition_parser": "pandas"}},
        {"expectation_type": "expect_column_quantile_values_to_be_between", "kwargs": {"column": "a", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[1, 2]]}}},
        {"expectation_type": "expect_column_pair_values_to_be_in_set", "kwargs": {"column_A": "a", "column_B": "b", "value_pairs_set": [[1, 2]]}},
        {"expectation_type": "expect_table_columns_to_match_ordered_list", "kwargs": {"column_list": ["a"]}}]})",
      R"({"checks for d": ["row_count > 0", {"missing_count(a) = 0": {"missing values": ["x"], "filter": "b = 1"}}, {"schema": {"fail": {"when required column missing": ["a"]}}}]})",
      R"({"models": [{"name": "m", "columns": [{"name": "a", "tests": ["not_null", {"accepted_values": {"values": ["x"], "config": {"where": "b > 1", "error_if": "> 1"}}}]}], "constraints": [{"type": "primary_key", "columns": ["a"]}]}], "sources": [{"name": "s", "freshness": {"warn_after": {"count": 1, "period": "day"}}, "loaded_at_field": "at", "tables": [{"name": "t"}]}]})",
      R"({"kind": "DataContract", "schema": [{"name": "t", "properties": [{"name": "a", "logicalType": "string", "required": true, "logicalTypeOptions": {"minLength": 1}, "quality": [{"metric": "nullValues", "mustBe": 0}]}], "quality": [{"metric": "rowCount", "mustBeBetween": [1, 2]}]}], "slaProperties": [{"property": "freshness", "value": 1, "unit": "d", "element": "t.a"}]})",
      R"({"type": "object", "required": ["a"], "additionalProperties": false, "properties": {"a": {"type": ["string", "null"], "enum": ["x"], "minLength": 1, "$ref": "#/$defs/x"}, "b": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}, "$defs": {"x": {"minimum": 1}}})"};
  return kSamples;
}

/// Reads and settles; whatever comes of it, what is written passes the loader.
void digest(SuiteKind kind, const std::string& text, const std::string& file) {
  Result<std::vector<Draft>> drafts = read_drafts(kind, file, text);
  if (!drafts) {
    CHECK(!drafts.error().message.empty());
    return;
  }
  for (Draft& draft : *drafts) {
    const Result<std::string> written = settle(draft, {.command = "weir import", .file = file});
    INFO(text);
    REQUIRE(written.ok());
    CHECK(faults_of(*written) == "");
  }
}

TEST_CASE("a suite that is cut short anywhere is an error with a place, and no crash") {
  for (std::size_t k = 0; k < samples().size(); ++k) {
    const std::string& whole = samples()[k];
    for (std::size_t size = 0; size < whole.size(); size += 3) {
      const Result<std::vector<Draft>> drafts = read_drafts(kKinds[k], "s.json", whole.substr(0, size));
      REQUIRE(!drafts);
      CHECK(drafts.error().where.line >= 1);
    }
  }
}

/// Every value of a JSON text in turn replaced by `other`: scalars, lists and maps.
std::vector<std::string> replaced(const std::string& text, const std::string& other) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 0 || (text[i - 1] != ' ' && text[i - 1] != '[')) continue;
    std::size_t end = i;
    if (text[i] == '"') {
      end = text.find('"', i + 1) + 1;
      if (text.substr(end, 2) == ": ") continue;  // a key
    } else if (text[i] == '[' || text[i] == '{') {
      int depth = 0;
      do {
        if (text[end] == '[' || text[end] == '{') ++depth;
        if (text[end] == ']' || text[end] == '}') --depth;
        ++end;
      } while (depth > 0);
    } else {
      end = text.find_first_of(",]} ", i);
    }
    out.push_back(text.substr(0, i) + other + text.substr(end));
  }
  return out;
}

TEST_CASE("a value of the wrong kind in any place is left out or refused, and what is written stands") {
  for (std::size_t k = 0; k < samples().size(); ++k) {
    for (const char* other :
         {"null", "true", "-1.5e3", R"("")", R"("a b.c[]: #{}$x")", "[]", R"([["x"]])", "{}", R"({"x": {"y": 1}})"}) {
      for (const std::string& text : replaced(samples()[k], other)) digest(kKinds[k], text, "s.json");
    }
  }
}

TEST_CASE("a suite of one tool given as that of another is an error or holds nothing") {
  for (const SuiteKind kind : kKinds) {
    for (const std::string& sample : samples()) digest(kind, sample, "s.json");
    for (const char* text :
         {"", " ", "x", "[]", "{}", "- a", "1", "null", "\xFF", "a: [", "{\"a\": 1} x", "--- a\n--- b"})
      digest(kind, text, "s.yml");
  }
}

TEST_CASE("names that mean something to YAML or to weir survive as names") {
  for (const char* name : {"a b", "a: b", "a #b", "yes",       "null", "1",   "$x",    "${x}",    "a.b",    "a[]",  "é",
                           "'",   "\\\"", "`",    "kafka.key", "-",    "?",   "true",  "min",     "in",     "last", "*",
                           "&a",  "!t",   "%",    "@",         "a,b",  "{a}", "a\\nb", "\\u0001", "\\u2028"}) {
    digest(SuiteKind::GreatExpectations,
           R"({"expectations": [{"type": "expect_column_values_to_be_in_set", "kwargs": {"column": ")" +
               std::string(name) + R"(", "value_set": [")" + name + R"("], "mostly": 0.5}, "notes": ")" + name +
               R"("}, {"type": "expect_column_mean_to_be_between", "kwargs": {"column": ")" + name +
               R"(", "max_value": 1}}]})",
           "s.json");
    digest(SuiteKind::JsonSchema,
           R"({"properties": {")" + std::string(name) + R"(": {"properties": {")" + name + R"(": {"const": ")" + name +
               R"("}}}}})",
           "s.json");
  }
}

TEST_CASE("depth and size are bounded") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += R"({"properties": {"a": )";
  CHECK(refusal(SuiteKind::JsonSchema, deep, "s.json").find("nested deeper than 64 levels") != std::string::npos);
  CHECK(refusal(SuiteKind::GreatExpectations, std::string(17 << 20, ' ') + "{}", "s.json").find("at most 16 MiB") !=
        std::string::npos);

  // Each definition refers twice to the next one: 2^60 schemas if one followed them all.
  std::string bomb = R"({"$ref": "#/$defs/d0", "$defs": {)";
  for (int i = 0; i < 60; ++i) {
    const std::string next = R"({"$ref": "#/$defs/d)" + std::to_string(i + 1) + "\"}";
    bomb += (i == 0 ? "\"d" : ", \"d") + std::to_string(i) + R"(": {"properties": {"a": )" + next + R"(, "b": )" +
            next + "}}";
  }
  bomb += R"(, "d60": {"type": "string"}}})";
  const auto begin = std::chrono::steady_clock::now();
  digest(SuiteKind::JsonSchema, bomb, "s.json");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));

  std::string brackets(5'000, '(');
  CHECK(!translate_condition(brackets + "a", ConditionDialect::Sql));
  CHECK(!translate_condition(std::string(100'000, '-') + "a", ConditionDialect::Sql));
}

TEST_CASE("a key that stands twice in YAML is listed") {
  const Imported imported =
      import_one(SuiteKind::Dbt, "models:\n  - name: m\n    tests: [unique]\n    tests: [not_null]\n");
  CHECK(imported.left_out().find("(the file): the key `tests` stands twice in this map") != std::string::npos);
}

}  // namespace
}  // namespace weir::testing
