// SPDX-License-Identifier: Apache-2.0
// Change events from the first byte to the verdict: what of them is judged, counted, shown, and added to windows.
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "rules/load.h"
#include "testing/message_block.h"
#include "weir/engine.h"

namespace weir {
namespace {

using Values = std::vector<std::optional<std::string>>;

const Instant kNow = *parse_timestamp("2026-01-01T00:00:00Z");

const std::string kAround =
    R"("source":{"connector":"postgresql","table":"customers"},"ts_ms":1700000000123,"transaction":null})";
std::string event(const std::string& before, const std::string& after, const std::string& op) {
  return R"({"before":)" + before + R"(,"after":)" + after + R"(,"op":")" + op + "\"," + kAround;
}
const std::string kGood = R"({"id":1,"email":"anne@example.org"})";
const std::string kNoMail = R"({"id":2,"email":null})";
const std::string kBad = R"({"id":3,"email":"hidden words"})";
const std::string kBegin = R"({"status":"BEGIN","id":"5:1","ts_ms":17,"event_count":null,"data_collections":null})";
const std::string kSchemaChange = R"({"source":{"table":"t"},"ts_ms":17,"databaseName":"shop","ddl":"ALTER TABLE t"})";

/// An insert, an update, a delete with its tombstone, two snapshot reads, and what a connector says beside them.
Values stream_of_events() {
  return {event("null", kGood, "c"),
          event(kGood, kBad, "u"),
          event(kBad, "null", "d"),
          std::nullopt,
          event("null", kGood, "r"),
          event("null", kNoMail, "r"),
          event("null", "null", "t"),
          kBegin,
          kSchemaChange};
}

std::shared_ptr<const Plan> plan_of(const std::string& text) {
  LoadOptions options;
  options.read_file = [&text](const std::string&) -> Result<std::string> { return text; };
  const Loaded loaded = load_rules("rules.yml", options);
  CAPTURE(render(loaded.diagnostics, loaded.sources, false));
  REQUIRE(loaded.plan);
  return loaded.plan;
}

/// As a topic's messages, so many a batch. What was found up to the end, or to a halt.
Outcome run(Engine& engine, const Values& values, std::size_t cut) {
  Outcome all;
  for (std::size_t from = 0; from < values.size() && !all.halted; from += cut) {
    const std::size_t to = std::min(from + cut, values.size());
    std::vector<std::string> texts;
    for (std::size_t i = from; i < to; ++i) texts.push_back(values[i].value_or(""));
    testing::MessageBlock block(texts, testing::Layout::Apart);
    for (std::size_t i = from; i < to; ++i) {
      Envelope envelope;
      envelope.topic = "customers";
      envelope.timestamp = kNow;
      envelope.tombstone = !values[i];
      envelope.has_key = true;
      envelope.key = R"({"id":7})";
      block.messages().envelopes.push_back(envelope);
    }
    Outcome step = engine.step(block.messages(), kNow);
    all.failing = std::move(step.failing);
    all.merge(std::move(step));
  }
  return all;
}

RuleCounts counts_of(const Plan& plan, const Outcome& outcome, const std::string& id) {
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (plan.rules[i].info.id == id) return outcome.rules[i];
  }
  FAIL("no rule " << id);
  return {};
}

TEST_CASE("rules on the row are not asked about deletions and tombstones; those on what stands around are") {
  const auto plan = plan_of(
      "weir: 1\nfields:\n  id: {required: true}\n  email: {required: true, format: email}\n  op: {in: [c, u, r]}\n"
      "  source.table: {required: true}\n  before.email: {format: email}\n  kafka.key: {required: true}\n"
      "  kafka.key.id: {in: [7]}\n");
  for (const std::size_t cut : {1U, 2U, 100U}) {
    INFO(cut);
    Engine engine(plan, {.failing_records = true, .now = kNow});
    const Outcome outcome = run(engine, stream_of_events(), cut);
    CHECK(outcome.records == 9);
    CHECK(outcome.undecodable == 0);
    CHECK(outcome.envelopes.in(Wrapping::Debezium) == 8);
    CHECK(outcome.envelopes.removals == 2);
    CHECK(outcome.envelopes.snapshots == 2);
    CHECK(outcome.envelopes.notices == 3);
    const auto judged = [&](const std::string& id) { return counts_of(*plan, outcome, id).evaluated; };
    const auto failed = [&](const std::string& id) { return counts_of(*plan, outcome, id).failed; };
    CHECK(judged("id.required") == 4);
    CHECK(failed("id.required") == 0);
    CHECK(judged("email.required") == 4);
    CHECK(failed("email.required") == 1);
    CHECK(failed("email.format") == 1);
    CHECK(judged("op.in") == 6);
    CHECK(failed("op.in") == 2);
    CHECK(judged("source.table.required") == 6);
    CHECK(judged("before.email.format") == 2);
    CHECK(failed("before.email.format") == 1);
    CHECK(judged("kafka.key.required") == 9);
    CHECK(judged("kafka.key.id.in") == 9);
    CHECK(failed("kafka.key.id.in") == 0);
  }
}

TEST_CASE("deletions and messages that tell of no row are no nulls of a window") {
  const auto plan = plan_of(
      "weir: 1\nwindows:\n  - over: all\n    rules:\n      - {id: nulls, must: null_rate(email) == 25%}\n"
      "      - {id: ops, must: distinct(op) == 5}\n      - {id: all, must: row_count == 9}\n");
  for (const std::size_t cut : {1U, 4U, 100U}) {
    INFO(cut);
    Engine engine(plan, {.now = kNow, .all_windows = true});
    Outcome outcome = run(engine, stream_of_events(), cut);
    outcome.merge(engine.finish());
    for (const WindowVerdict& verdict : outcome.windows.verdicts) {
      INFO(plan->window_rules[verdict.rule].info.id);
      CHECK(verdict.verdict == Verdict::Pass);
    }
    CHECK(outcome.windows.verdicts.size() == 3);
  }
}

TEST_CASE("a run that halts has counted what came up to there, however it was cut") {
  const auto plan = plan_of("weir: 1\nfields:\n  before.email: {format: email, on_fail: halt}\n");
  for (const std::size_t cut : {1U, 2U, 3U, 100U}) {
    INFO(cut);
    Engine engine(plan, {.now = kNow});
    const Outcome outcome = run(engine, stream_of_events(), cut);
    CHECK(outcome.halted);
    CHECK(outcome.records == 3);
    CHECK(outcome.envelopes.in(Wrapping::Debezium) == 3);
    CHECK(outcome.envelopes.removals == 1);
    CHECK(outcome.envelopes.snapshots == 0);
    CHECK(outcome.envelopes.notices == 0);
  }
}

TEST_CASE("runs over parts of a topic add up what their records stood in") {
  const auto plan = plan_of("weir: 1\nfields:\n  email: {format: email}\n");
  Engine first(plan, {.now = kNow});
  run(first, stream_of_events(), 4);
  Engine second(plan, {.now = kNow});
  run(second, {event("null", kGood, "r"), R"({"id":1})"}, 4);
  Engine both(plan, {.now = kNow});
  REQUIRE(both.merge_summaries(first.write_summaries()).ok());
  REQUIRE(both.merge_summaries(second.write_summaries()).ok());
  const EnvelopeCounts found = both.finish().envelopes;
  CHECK(found.in(Wrapping::Debezium) == 9);
  CHECK(found.in(Wrapping::None) == 1);
  CHECK(found.removals == 2);
  CHECK(found.snapshots == 3);
  CHECK(found.notices == 3);
}

TEST_CASE("a redacted field is shown of neither image, nor of what holds it") {
  for (const std::string hidden : {"email", "after.email", "before.email"}) {
    for (const std::string shown : {"email", "before.email", "after.email", "before", "after"}) {
      const auto plan =
          plan_of("weir: 1\nredact: {paths: [" + hidden + "]}\nfields:\n  " + shown + ": {in: [nothing]}\n");
      Engine engine(plan, {.failing_records = true, .now = kNow});
      const Outcome outcome = run(engine, {event(kBad, kBad, "u")}, 1);
      INFO(hidden << " in " << shown);
      REQUIRE(outcome.failing.size() == 1);
      const Violation& violation = outcome.failing[0].violations.at(0);
      CHECK((violation.value + violation.message).find("hidden words") == std::string::npos);
      CHECK(outcome.samples.at(0).value.find("hidden words") == std::string::npos);
    }
  }
  const auto plan = plan_of("weir: 1\nredact: {paths: [email]}\nfields:\n  before.id: {in: [0]}\n");
  Engine engine(plan, {.now = kNow});
  CHECK(run(engine, {event(kBad, kBad, "u")}, 1).samples.at(0).value == "3");
}

}  // namespace
}  // namespace weir
