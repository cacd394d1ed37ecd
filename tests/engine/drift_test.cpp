// SPDX-License-Identifier: Apache-2.0
// What windows hand over to whoever judges drift, and what becomes of its answers. The judge here only counts, and compares with
// the window before, so that every number can be told from the records.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

#include "summary/field_summary.h"
#include "summary/scatter.h"
#include "testing/window_plan.h"
#include "weir/stream_windows.h"
#include "windows/layout.h"
#include "windows/memory_history.h"

namespace weir {
namespace {

using namespace std::chrono_literals;
using testing::instant;
using testing::MessageBlock;
using testing::PlanBuilder;
using testing::run;
using Lines = std::vector<std::string>;

/// Drift is twice as many values as in the window before.
class CountingJudge : public DriftJudge {
 public:
  CountingJudge(const Plan& plan, History& history) : plan_(&plan), history_(&history) {}
  std::vector<DriftVerdict> judge(const DriftWindow& window, std::span<const DriftSubject> subjects) override {
    std::vector<DriftVerdict> out;
    for (const DriftSubject& subject : subjects) {
      const DriftRule& rule = plan_->drift_rules[subject.rule];
      std::string series = std::to_string(rule.rule) + " | " + std::string(subject.segment_name);
      const std::uint64_t count = subject.field != nullptr     ? subject.field->counters().values()
                                  : subject.scatter != nullptr ? subject.scatter->count()
                                                               : 0;
      const std::vector<PastRecord> before = history_->past_records(series, Instant::min(), window.at, 1);
      history_->add_record(series, {.at = window.at, .bytes = std::to_string(count)});
      DriftVerdict& verdict = out.emplace_back();
      verdict.observed = static_cast<double>(count);
      verdict.decisive = "count";
      verdict.cause = "of " + std::to_string(subjects.size());
      if (before.empty()) continue;
      verdict.drifted = count >= 2 * std::stoull(before[0].bytes);
      verdict.verdict = verdict.drifted ? Verdict::Fail : Verdict::Pass;
    }
    return out;
  }
  Measured measure(std::string_view /*test*/, std::uint32_t rule, const FieldSummary& field) const override {
    return Measured::of(static_cast<double>(field.counters().values()) + 1'000.0 * rule);
  }

 private:
  const Plan* plan_;
  History* history_;
};

std::unique_ptr<DriftJudge> make_counting(const Plan& plan, History& history) {
  return std::make_unique<CountingJudge>(plan, history);
}

EngineOptions options() {
  EngineOptions out;
  out.now = instant("2026-01-02T00:00:00Z");
  out.all_windows = true;
  out.make_drift = &make_counting;
  return out;
}

std::string at(const std::string& time, const std::string& more = R"("x":1)") {
  return R"({"at":"2026-01-01T)" + time + R"(Z",)" + more + "}";
}

/// `00:01-00:02 DE: 3 fail of 2`, for each verdict.
Lines said(const WindowOutcome& outcome) {
  static const char* const kWords[] = {"pass", "warn", "fail", "no_data", "inconclusive", "error"};
  Lines out;
  for (const WindowVerdict& verdict : outcome.verdicts) {
    std::string line;
    if (verdict.has_span)
      line = format_timestamp(verdict.start).substr(11, 5) + "-" + format_timestamp(verdict.end).substr(11, 5);
    if (verdict.segment != nullptr) {
      for (const auto& [field, value] : verdict.segment->values) line += " " + value.value_or("null");
    }
    line += ": " + show(verdict.observed) + " " + kWords[static_cast<int>(verdict.verdict)];
    if (!verdict.cause.empty()) line += " " + verdict.cause;
    if (verdict.windows > 1) line += " x" + std::to_string(verdict.windows);
    if (verdict.revised) line += " revised";
    if (verdict.warming) line += " warming";
    out.push_back(line);
  }
  return out;
}

TEST_CASE("all segments of a window are judged together, each window compared with the one before") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.plan().windows[0].segment = {builder.segment("land", {"DE", "SE"})};
  builder.drift({"x"});
  builder.drift({"y"});
  Lines records;
  const auto add = [&](const std::string& time, int times, const std::string& more) {
    for (int i = 0; i < times; ++i) records.push_back(at(time, more));
  };
  add("00:00:10", 2, R"("land":"DE","x":1)");
  add("00:00:10", 1, R"("land":"SE","x":1,"y":2)");
  add("00:01:10", 4, R"("land":"DE","x":1,"y":2)");
  add("00:02:10", 5, R"("land":"DE","x":1)");
  const Lines expected = {
      "00:00-00:01 DE: 2 no_data of 4", "00:00-00:01 DE: 0 no_data of 4", "00:00-00:01 SE: 1 no_data of 4",
      "00:00-00:01 SE: 1 no_data of 4", "00:01-00:02 DE: 4 fail of 4",    "00:01-00:02 DE: 4 fail of 4",
      "00:01-00:02 SE: 0 pass of 4",    "00:01-00:02 SE: 0 pass of 4",    "00:02-00:03 DE: 5 pass of 4",
      "00:02-00:03 DE: 0 pass of 4",    "00:02-00:03 SE: 0 fail of 4",    "00:02-00:03 SE: 0 fail of 4"};
  const auto plan = builder.build();
  for (const bool as_stream : {false, true}) {
    EngineOptions how = options();
    how.as_stream = as_stream;
    for (const std::size_t batch : {1, 3, 20}) CHECK(said(run(plan, records, how, batch).windows) == expected);
  }
  const Outcome outcome = run(plan, records, options());
  REQUIRE(outcome.windows.rules.size() == 2);
  CHECK(outcome.windows.rules[0].evaluated == 4);
  CHECK(outcome.windows.rules[0].failed == 2);
  CHECK(outcome.windows.rules[0].no_data == 2);
  REQUIRE(outcome.windows.verdicts[4].drift != nullptr);
  CHECK(outcome.windows.verdicts[4].drift->drifted);
}

TEST_CASE("sliding windows hand over every segment as it was, though their panes are merged one after the other") {
  PlanBuilder builder;
  builder.time("at").every(1min, 3min);
  builder.plan().windows[0].segment = {builder.segment("land")};
  builder.drift({"x"}, {0.5, 2.5});
  builder.drift({"x", "y"});
  Lines records;
  for (int minute = 0; minute < 6; ++minute) {
    for (int i = 0; i <= minute; ++i) {
      const std::string time = "00:0" + std::to_string(minute) + ":10";
      records.push_back(at(time, R"("land":"DE","x":1,"y":)" + std::to_string(i)));
      records.push_back(at(time, R"("land":"SE","x":1)"));
      records.push_back(at(time, R"("land":"SE","x":1,"y":"none")"));
    }
  }
  const Outcome outcome = run(builder.build(), records, options(), 4);
  std::size_t whole = 0;
  for (std::size_t i = 0; i + 3 < outcome.windows.verdicts.size(); i += 4) {
    const auto count = [&](std::size_t verdict) { return *outcome.windows.verdicts[i + verdict].observed.as_number(); };
    CHECK(count(2) == 2 * count(0));
    CHECK(count(1) == count(0));  // rows in which both are numbers
    CHECK(count(3) == 0);
    if (count(0) == 4 + 5 + 6) ++whole;
  }
  CHECK(whole == 1);
  CHECK(outcome.windows.verdicts.size() == 4 * 8);
}

TEST_CASE("sessions and windows by count are families of their own, the whole input is one") {
  const auto verdicts = [](auto&& shape) {
    PlanBuilder builder;
    builder.time("at");
    shape(builder);
    builder.plan().windows[0].segment = {builder.segment("land")};
    builder.drift({"x"});
    return said(run(builder.build(),
                    {at("00:00:10", R"("land":"DE","x":1)"), at("00:00:20", R"("land":"SE","x":1)"),
                     at("00:00:30", R"("land":"DE","x":null)"), at("00:00:40", R"("land":"DE","x":2)"),
                     at("00:20:30", R"("land":"DE","x":3)")},
                    options(), 2)
                    .windows);
  };
  CHECK(verdicts([](PlanBuilder& builder) { builder.session(5min, 1h); }) ==
        Lines{"00:00-00:05 SE: 1 no_data of 1", "00:00-00:05 DE: 2 no_data of 1", "00:20-00:25 DE: 1 pass of 1"});
  CHECK(verdicts([](PlanBuilder& builder) { builder.count(2); }) ==
        Lines{"00:00-00:00 DE: 1 no_data of 1", "00:00-00:00 SE: 1 no_data of 1", "00:00-00:20 DE: 2 fail of 1"});
  CHECK(verdicts([](PlanBuilder& builder) { builder.whole(); }) == Lines{" DE: 3 no_data of 2", " SE: 1 no_data of 2"});
}

TEST_CASE(
    "a drift rule sees the records that its when lets through, every element of a repeated field, accepted ones") {
  PlanBuilder builder;
  builder.at_most("x", 5, "x.max");
  builder.whole();
  builder.when(builder.drift({"x"}), "c", "EUR");
  builder.drift({"items[].qty"});
  builder.whole().accepted_only = true;
  builder.drift({"x"});
  const Lines records = {R"({"x":1,"c":"EUR","items":[{"qty":1},{"qty":2}]})", R"({"x":9,"c":"EUR"})",
                         R"({"x":2,"c":"USD","items":[{"qty":3}]})", R"({"x":8})"};
  CHECK(said(run(builder.build(), records, options()).windows) ==
        Lines{": 2 no_data of 2", ": 3 no_data of 2", ": 2 no_data of 1"});
}

TEST_CASE("severity and on_empty turn answers into verdicts, and what drifted is kept as evidence") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.drift({"x"}).info.severity = Severity::Warn;
  builder.drift({"x"}).on_empty = OnEmpty::Fail;
  builder.drift({"x"}).on_empty = OnEmpty::Warn;
  Lines records;
  for (int minute = 0; minute < 6; ++minute) {
    for (int i = 0; i < (minute % 2 == 0 ? 1 : 3); ++i) records.push_back(at("00:0" + std::to_string(minute) + ":10"));
  }
  EngineOptions how = options();
  how.all_windows = false;
  how.samples_per_rule = 2;
  const Outcome outcome = run(builder.build(), records, how);
  CHECK(outcome.windows.rules[0].failed == 3);
  CHECK(outcome.windows.rules[0].warned == 3);
  CHECK(outcome.windows.rules[0].no_data == 1);
  CHECK(outcome.windows.rules[1].failed == 4);
  CHECK(outcome.windows.rules[1].warned == 0);
  CHECK(outcome.windows.rules[2].failed == 4);
  CHECK(outcome.windows.rules[2].warned == 1);
  CHECK(said(outcome.windows) == Lines{"00:00-00:01: 1 fail of 3", "00:00-00:01: 1 warn of 3",
                                       "00:01-00:02: 3 warn of 3", "00:01-00:02: 3 fail of 3",
                                       "00:01-00:02: 3 fail of 3", "00:03-00:04: 3 warn of 3"});
}

TEST_CASE("many empty windows in a row are no data once, and no window before") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.drift({"x"});
  const Lines records = {at("00:00:10"), at("20:00:10"), at("20:00:20")};
  CHECK(said(run(builder.build(), records, options()).windows) ==
        Lines{"00:00-00:01: 1 no_data of 1", "00:01-20:00: no data no_data there was no record x1199",
              "20:00-20:01: 2 fail of 1"});
}

TEST_CASE("without a window drift is no data, and an input without times is an error") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.drift({"x"}).info.expected = "as before";
  const Outcome outcome = run(builder.build(), {}, options());
  REQUIRE(outcome.windows.verdicts.size() == 1);
  CHECK(outcome.windows.verdicts[0].verdict == Verdict::NoData);
  CHECK(outcome.windows.verdicts[0].expected == "as before");
  PlanBuilder timeless;
  timeless.every(1min);
  timeless.drift({"x"});
  const Outcome error = run(timeless.build(), {R"({"x":1})"}, options());
  REQUIRE(error.windows.verdicts.size() == 1);
  CHECK(error.windows.verdicts[0].verdict == Verdict::Error);
}

TEST_CASE("panes keep for drift what measures do not share, once for rules that ask for the same") {
  PlanBuilder builder;
  builder.whole();
  builder.must({builder.call("mean", {"x"})}, 0, 1);
  builder.drift({"x"});
  builder.drift({"x"});
  builder.drift({"x"}, {1, 2});
  builder.drift({"x"}, {1, 2});
  builder.when(builder.drift({"x"}), "c", "EUR");
  builder.drift({"x", "y"});
  builder.drift({"y", "x"});
  builder.drift({"x", "y"});
  builder.plan().drift_rules[1].declared = {FieldType::String};
  const auto plan = builder.build();
  const Layout layout = lay_out(*plan);
  REQUIRE(layout.grids.size() == 1);
  const PaneSpec& spec = layout.grids[0].spec;
  REQUIRE(spec.fields.size() == 5);
  CHECK(spec.fields[0].spec.parts == Parts(Part::Moments));
  CHECK(spec.fields[1].spec.parts ==
        (Part::Values | Part::Distinct | Part::Shape | Part::Moments | Part::Raw | Part::Quantiles));
  CHECK(spec.fields[2].spec.parts == (Part::Values | Part::Distinct | Part::Shape));
  CHECK(spec.fields[3].spec.parts ==
        (Part::Values | Part::Distinct | Part::Shape | Part::Moments | Part::Raw | Part::Histogram));
  CHECK(spec.scatters.size() == 2);
  std::vector<std::int32_t> fields;
  for (const BoundRule& rule : layout.blocks[0].rules) fields.push_back(rule.drifting.field);
  CHECK(fields == std::vector<std::int32_t>{-1, 1, 2, 3, 3, 4, -1, -1, -1});
}

/// Two runs over halves of the input, written and merged, come to what one run does.
TEST_CASE("summaries that were written hold what drift is judged from") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.drift({"x"}, {0.5});
  builder.drift({"x", "y"});
  const auto plan = builder.build();
  Lines first;
  Lines second;
  for (int i = 0; i < 40; ++i) {
    const std::string time = "00:0" + std::to_string(i % 4) + ":10";
    (i % 3 == 0 ? first : second).push_back(at(time, R"("x":)" + std::to_string(i) + R"(,"y":1)"));
  }
  Lines all = first;
  all.insert(all.end(), second.begin(), second.end());
  std::string written;
  {
    Engine engine(plan, options());
    const MessageBlock block(first);
    (void)engine.step(block.messages(), options().now);
    written = engine.write_summaries();
  }
  Engine engine(plan, options());
  REQUIRE(engine.merge_summaries(written).ok());
  const MessageBlock block(second);
  Outcome outcome = engine.step(block.messages(), options().now);
  outcome.merge(engine.finish());
  CHECK(said(outcome.windows) == said(run(plan, all, options()).windows));
  CHECK(outcome.windows.verdicts.size() == 8);
}

// ---- a live stream

struct Live {
  explicit Live(std::shared_ptr<const Plan> rules, std::size_t partitions) : plan(std::move(rules)) {
    for (std::size_t i = 0; i < partitions; ++i) engines.push_back(engine());
    judge();
  }
  std::unique_ptr<Engine> engine() const {
    EngineOptions how = options();
    how.partition = true;
    return std::make_unique<Engine>(plan, how);
  }
  void judge() {
    windows = std::make_unique<StreamWindows>(
        plan, StreamWindows::Options{
                  .started = instant("2026-01-01T00:00:00Z"), .history = &history, .make_drift = &make_counting});
  }
  std::vector<Engine*> all() const {
    std::vector<Engine*> out;
    for (const auto& one : engines) out.push_back(one.get());
    return out;
  }
  void take(const Lines& records, std::size_t partition) {
    const MessageBlock block(records);
    (void)engines[partition]->step(block.messages(), options().now);
  }
  Lines close() {
    Instant watermark = Instant::max();
    for (const auto& one : engines) watermark = std::min(watermark, one->watermark());
    return said(windows->close(all(), watermark, false));
  }
  std::vector<std::string> come_back(std::shared_ptr<const Plan> rules) {
    plan = std::move(rules);
    std::vector<std::string> warming;
    for (auto& one : engines) {
      const std::string written = one->write_state();
      one = engine();
      const Result<StateRead> read = one->read_state(written);
      REQUIRE(read.ok());
      warming = read->warming;
    }
    judge();
    return warming;
  }

  std::shared_ptr<const Plan> plan;
  std::vector<std::unique_ptr<Engine>> engines;
  std::unique_ptr<StreamWindows> windows;
  MemoryHistory history;
};

std::shared_ptr<const Plan> minutes(const std::vector<double>& edges, LatePolicy late = LatePolicy::Count) {
  PlanBuilder builder;
  builder.time("at").late_rule().every(1min).late = late;
  builder.drift({"x"}, edges);
  builder.drift({"x", "y"});
  return builder.build();
}

TEST_CASE("partitions hand over what they hold together, and looking at open windows leaves the past as it was") {
  Live live(minutes({1.5}), 2);
  live.take({at("00:00:10"), at("00:00:20"), at("00:02:00")}, 0);
  live.take({at("00:00:20"), at("00:01:50")}, 1);
  CHECK(live.close() == Lines{"00:00-00:01: 3 no_data of 2", "00:00-00:01: 0 no_data of 2"});
  const std::string before = live.history.write();
  const Lines open = said(live.windows->judge_open(live.all()));
  CHECK(open == Lines{"00:01-00:02: 1 pass of 2", "00:01-00:02: 0 fail of 2", "00:02-00:03: 1 pass of 2",
                      "00:02-00:03: 0 fail of 2"});
  CHECK(live.history.write() == before);
  live.take({at("00:03:00")}, 0);
  live.take({at("00:01:55"), at("00:03:00")}, 1);
  CHECK(live.close() == Lines{"00:01-00:02: 2 pass of 2", "00:01-00:02: 0 fail of 2"});
}

TEST_CASE("after a restart drift goes on; with other edges it begins anew and says so, the other rule goes on") {
  Live live(minutes({1.5}), 2);
  for (const std::size_t partition : {0, 1}) live.take({at("00:00:10"), at("00:01:10"), at("00:01:45")}, partition);
  CHECK(live.close() == Lines{"00:00-00:01: 2 no_data of 2", "00:00-00:01: 0 no_data of 2"});
  CHECK(live.come_back(minutes({1.5})).empty());
  for (const std::size_t partition : {0, 1}) live.take({at("00:01:50"), at("00:02:45")}, partition);
  CHECK(live.close() == Lines{"00:01-00:02: 6 fail of 2", "00:01-00:02: 0 fail of 2"});
  CHECK(live.come_back(minutes({2.5})) == std::vector<std::string>{"drift.x"});
  for (const std::size_t partition : {0, 1}) live.take({at("00:02:50"), at("00:03:45")}, partition);
  CHECK(live.close() == Lines{"00:02-00:03: 2 pass of 2 warming", "00:02-00:03: 0 fail of 2"});
}

TEST_CASE("late records that revise a window have its drift judged again") {
  Live live(minutes({}, LatePolicy::Revise), 1);
  live.take({at("00:00:10"), at("00:01:10"), at("00:01:45")}, 0);
  CHECK(live.close() == Lines{"00:00-00:01: 1 no_data of 2", "00:00-00:01: 0 no_data of 2"});
  live.take({at("00:00:30"), at("00:02:45")}, 0);
  CHECK(live.close() == Lines{"00:00-00:01: 2 no_data of 2 revised", "00:00-00:01: 0 no_data of 2 revised",
                              "00:01-00:02: 2 pass of 2", "00:01-00:02: 0 fail of 2"});
}

TEST_CASE("panes told to another instance come to the same drift there, and have a name that covers it") {
  Live mine(minutes({1.5}), 1);
  Live theirs(minutes({1.5}), 1);
  const Live other(minutes({2.5}), 1);
  CHECK(mine.engines[0]->layout_id() == theirs.engines[0]->layout_id());
  CHECK(mine.engines[0]->layout_id() != other.engines[0]->layout_id());
  mine.take({at("00:00:10", R"("x":1,"y":2)"), at("00:01:10"), at("00:02:45")}, 0);
  for (const PanePlace place : mine.engines[0]->panes())
    REQUIRE(theirs.engines[0]->put_pane(place, mine.engines[0]->write_pane(place)).ok());
  theirs.engines[0]->set_progress(mine.engines[0]->watermark());
  const Lines judged = mine.close();
  CHECK(judged.size() == 4);
  CHECK(theirs.close() == judged);
}

TEST_CASE("rows that a connector read from a table as it stood, and rows that are gone, are no drift of now") {
  const auto event = [](const std::string& time, const std::string& before, const std::string& after, char op) {
    return R"({"before":)" + before + R"(,"after":)" + after + R"(,"source":{"table":"t","at":"2026-01-01T)" + time +
           R"(Z"},"op":")" + op + "\"}";
  };
  const std::string row = R"({"x":1})";
  Lines records = {event("00:00:10", "null", row, 'c'), event("00:00:20", "null", row, 'c')};
  for (int i = 0; i < 3; ++i) records.push_back(event("00:01:10", "null", row, 'r'));
  records.push_back(event("00:01:20", row, row, 'u'));
  records.push_back(event("00:01:30", row, "null", 'd'));
  const auto lines = [&](bool accepted) {
    PlanBuilder builder;
    builder.time("source.at").every(1min);
    builder.plan().windows[0].accepted_only = accepted;
    builder.drift({"x"});
    const auto plan = builder.build();
    const Lines out = said(run(plan, records, options()).windows);
    for (const std::size_t batch : {1, 4}) CHECK(said(run(plan, records, options(), batch).windows) == out);
    return out;
  };
  CHECK(lines(true) == Lines{"00:00-00:01: 2 no_data of 1", "00:01-00:02: 1 pass of 1"});
  CHECK(lines(false) == Lines{"00:00-00:01: 2 no_data of 1", "00:01-00:02: 4 fail of 1"});
}

}  // namespace
}  // namespace weir
