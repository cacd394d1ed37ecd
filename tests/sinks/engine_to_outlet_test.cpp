// SPDX-License-Identifier: Apache-2.0
// From rules and messages to what lies in the outputs, with the engine in between.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <optional>
#include <string>
#include <vector>

#include "envelope_log.h"
#include "failing_record.h"
#include "rules/load.h"
#include "sinks/record_outlet.h"
#include "weir/engine.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::EnvelopeLog;
using testing::header;
using testing::kNow;

std::shared_ptr<const Plan> plan_of(const std::string& text) {
  LoadOptions options;
  options.read_file = [&text](const std::string&) -> Result<std::string> { return text; };
  const Loaded loaded = load_rules("rules.yml", options);
  CAPTURE(render(loaded.diagnostics, loaded.sources, false));
  REQUIRE(loaded.plan);
  return loaded.plan;
}

/// Judges the values (nothing: null) as one batch of orders-0 and routes what comes of them.
std::vector<OwnRecord> run(const std::string& rules, const std::vector<std::optional<std::string>>& values) {
  const auto plan = plan_of(rules);
  Fetched fetched{.partition = {.topic = "orders", .number = 0}, .messages = {}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    fetched.messages.items.push_back(
        {.bytes = values[i] ? std::string_view(*values[i]) : std::string_view(), .offset = i});
    Envelope& envelope = fetched.messages.envelopes.emplace_back();
    envelope.topic = "orders";
    envelope.tombstone = !values[i];
    envelope.timestamp = kNow;
  }
  Engine engine(plan, {.failing_records = true, .now = kNow});
  const Outcome outcome = engine.step(fetched.messages, kNow);
  StreamObserver nobody;
  RecordOutlet outlet(plan, {.clean_topic = "clean"}, nobody);
  EnvelopeLog log;
  std::vector<OwnRecord> out;
  outlet.route(fetched, outcome, log, kNow, out);
  return out;
}

std::vector<std::string> shown(const std::vector<OwnRecord>& records) {
  std::vector<std::string> out;
  for (const OwnRecord& record : records) {
    const std::string where = record.clean ? "clean" : header(record, "__weir.stage").value_or("?");
    out.push_back(where + " " + record.value.value_or("null"));
  }
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("What the engine finds goes where it belongs") {
  const std::string rules =
      "weir: 1\nsource: {time: at}\nwindows: [{every: 1m, rules: [{must: row_count >= 0}]}]\nfields:\n"
      "  a: {max: 8, on_fail: quarantine}\n"
      "  b: {max: 8, on_fail: tag}\n"
      "  c: {max: 8, on_fail: drop}\n";
  const std::string at = R"("at":"2026-01-02T03:00:00Z")";
  const std::vector<OwnRecord> out = run(rules, {"{" + at + ",\"a\":1}",          //
                                                 "{" + at + ",\"a\":9,\"b\":9}",  //
                                                 "{\"a\":",                       //
                                                 "{" + at + ",\"b\":9}",          //
                                                 "{\"a\":2}",                     //
                                                 "{" + at + ",\"c\":9}",          //
                                                 std::nullopt,                    //
                                                 "{\"a\":9}"});
  CHECK(shown(out) == Texts{"clean {" + at + ",\"a\":1}", "record {" + at + ",\"a\":9,\"b\":9}", "decode {\"a\":",
                            "clean {" + at + ",\"b\":9}", "time {\"a\":2}", "clean null", "time {\"a\":9}"});
  REQUIRE(out.size() == 7);
  CHECK(header(out[1], "__weir.id") == "orders-0-1");
  CHECK_THAT(header(out[1], "__weir.violations").value(), ContainsSubstring("a.max") && ContainsSubstring("b.max"));
  CHECK(header(out[3], "__weir.tags") == R"(["b.max"])");
  CHECK_THAT(header(out[6], "__weir.violations").value(), ContainsSubstring("a.max"));
}

TEST_CASE("A redacted value is in no part of what is put aside") {
  const std::string rules =
      "weir: 1\nredact: {paths: [user.email]}\nfields:\n  user.email: {max_length: 3}\n  kafka.size: {max: 5}\n";
  for (const OwnRecord& record :
       run(rules, {R"({"user":{"email":"kim@example.org"}})", R"({"user":"kim@example.org)"})) {
    CHECK_FALSE(record.clean);
    CHECK(record.value.value_or("").find("kim@") == std::string::npos);
    for (const auto& [name, value] : record.headers) CHECK(value.value_or("").find("kim@") == std::string::npos);
  }
}

TEST_CASE("A step that a rule halted ends with the record that broke it") {
  const std::vector<OwnRecord> out =
      run("weir: 1\nfields:\n  a: {max: 8, on_fail: halt}\n", {R"({"a":1})", R"({"a":9})", R"({"a":2})", R"({"a":9})"});
  CHECK(shown(out) == Texts{R"(clean {"a":1})", R"(record {"a":9})"});
}

}  // namespace weir
