// SPDX-License-Identifier: Apache-2.0
// What holds for every check: wrong types and redaction, lists, sums over elements; and the contract of the specs.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>
#include <vector>

#include "checks/registry.h"
#include "testing/checks_judge.h"

namespace weir::testing {
namespace {

// A field rule of each check with valid parameters.
Written valid_rule(const CheckSpec& spec) {
  Written written;
  written.fields({"f"});
  if (spec.params.empty()) return written;
  if (spec.of_reference) return written.scalar("max", "3").scalar("mean", "0").scalar("sd", "1");
  const ParamSpec& first = spec.params.front();
  const std::string name(spec.name);
  switch (first.type) {
    case ParamType::Boolean: return written.flag(first.name);
    case ParamType::Count: return written.count(first.name, 3);
    case ParamType::Number:
    case ParamType::Scalar: return written.scalar(first.name, "3");
    case ParamType::Text: return written.scalar(first.name, "%Y");
    case ParamType::Choice: return written.scalar(first.name, std::string(first.choices.front()));
    case ParamType::Texts: return written.scalars(first.name, {name == "format" ? "email" : "x"});
    case ParamType::Scalars: return written.scalars(first.name, {"x"});
    case ParamType::Duration: return written.duration(first.name, "1h");
    case ParamType::Field:
    case ParamType::Fields: return written.scalars(first.name, {"f"});
    case ParamType::Files: return written.scalars(first.name, {"a.json", R"({"type":"boolean"})"});
    case ParamType::Json: return written.scalar(first.name, "{}");
  }
  return written;
}

TEST_CASE("names and synonyms are each given once") {
  std::set<std::string_view> names;
  for (const CheckSpec* spec : record_checks()) CHECK(names.insert(spec->name).second);
  for (const CheckSpec* spec : record_checks()) {
    for (const std::string_view synonym : spec->synonyms) {
      INFO(synonym);
      CHECK(names.insert(synonym).second);
    }
  }
}

TEST_CASE("every spec says what it does and makes a check that says what it expects") {
  for (const CheckSpec* spec : record_checks()) {
    INFO(spec->name);
    CHECK(spec->summary.ends_with('.'));
    CHECK((spec->on_field || spec->on_record));
    if (spec->name == "sum_of") continue;
    const auto check = make(*spec, valid_rule(*spec));
    REQUIRE(check != nullptr);
    CHECK_FALSE(check->expected().empty());
    CHECK((check->remember() == nullptr) == (check->memory_bound() == 0));
  }
}

TEST_CASE("arrays and objects fail every check that is not about them, with the reason type") {
  for (const CheckSpec* spec : record_checks()) {
    if (spec->name == "type" || !spec->on_field || spec->sees_nulls || spec->domain == Domain::Array ||
        spec->name == "unique")
      continue;
    INFO(spec->name);
    const auto check = make(*spec, valid_rule(*spec));
    const auto memory = check->remember();
    const TableOfValues table = std::move(TableOfValues().column("f", {"[1]", "{}"}));
    CHECK(verdicts(*spec, *check, table, memory.get()) == "FF");
    CHECK(check->explain(table.subject(memory.get()), 0).code == "type");
  }
}

TEST_CASE("no reason of any check shows a redacted value") {
  const std::vector<std::string> secrets = {"\"s3cret-4711\"", "4711.4711", "4711", "[4711]", "{\"k\":4711}"};
  for (const CheckSpec* spec : record_checks()) {
    if (!spec->on_field) continue;
    INFO(spec->name);
    const auto check = make(*spec, valid_rule(*spec));
    std::vector<std::string> twice = secrets;
    twice.insert(twice.end(), secrets.begin(), secrets.end());
    const TableOfValues table = std::move(TableOfValues().column("f", twice).redact());
    const auto memory = check->remember();
    const std::string failed = verdicts(*spec, *check, table, memory.get());
    for (std::size_t i = 0; i < failed.size(); ++i) {
      if (failed[i] != 'F') continue;
      const Reason reason = check->explain(table.subject(memory.get()), i);
      CHECK(reason.message.find("4711") == std::string::npos);
      CHECK(reason.value.find("4711") == std::string::npos);
      CHECK(reason.message.size() < 200);
    }
  }
}

TEST_CASE("a sum over elements is that of their record") {
  const auto check = make(
      kSumOfCheck, Written().scalars("fields", {"items[].p", "s"}).scalar("to", "t").fields({"t", "items[].p", "s"}));
  const TableOfValues table =
      std::move(TableOfValues()
                    .column("t", {"3", "1", "2.5", "1", "1"})
                    .repeated("items[].p", {{0, "1"}, {0, "1.5"}, {2, "2"}, {3, "null"}, {4, "\"1\""}})
                    .column("s", {"0.5", "1", "0.49", "0", "0"}));
  CHECK(verdicts(kSumOfCheck, *check, table) == "..F-F");
  CHECK(check->explain(table.subject(), 2).message == "items[].p, s add up to 2.49, not to t 2.5");
  CHECK(check->explain(table.subject(), 4).message == "`1` is a text, a number is needed");
}

TEST_CASE("sums are exact and do not overflow in silence") {
  const auto check =
      make(kSumOfCheck, Written().scalars("fields", {"a", "b"}).scalar("equals", "0.3").fields({"a", "b"}));
  const TableOfValues table =
      std::move(TableOfValues()
                    .column("a", {"0.1", "922337203685477580.7", "0.300000000000000001", "1e30"})
                    .column("b", {"0.2", "-922337203685477580.4", "-0.000000000000000001", "0.3"}));
  CHECK(verdicts(kSumOfCheck, *check, table) == "...F");
  CHECK(check->explain(table.subject(), 3).code == "type");
}

TEST_CASE("lengths count characters and settle most texts by their bytes") {
  const Written three = Written().count("value", 3);
  const std::vector<std::string> values = {"\"\"",
                                           "\"ab\"",
                                           "\"abc\"",
                                           "\"abcd\"",
                                           "\"\xc3\xb6\xc3\xb6\xc3\xb6\"",
                                           "\"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\"",
                                           "\"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80x\""};
  CHECK(verdicts(kMaxLengthCheck, three, values) == "...F..F");
  CHECK(verdicts(kMinLengthCheck, three, values) == "FF.....");
  CHECK(verdicts(kLengthCheck, three, values) == "FF.F..F");
}

TEST_CASE("a bad pattern is located within the literal") {
  Params params;
  params.entries.push_back(
      {"value",
       std::vector<Scalar>{
           {.text = "^a(b", .plain = false, .where = {.file = "r.yml", .line = 3, .column = 10, .length = 6}}},
       {}});
  const auto made = kMatchCheck.make(params);
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().where.line == 3);
  CHECK(made.error().where.column >= 11);
  CHECK(made.error().where.column < 16);
}

}  // namespace
}  // namespace weir::testing
