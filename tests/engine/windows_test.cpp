// SPDX-License-Identifier: Apache-2.0
// Windows through the engine: what a user of a file or a stream sees.
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/zone.h"
#include "testing/window_plan.h"

namespace weir {
namespace {

using namespace std::chrono_literals;
using testing::instant;
using testing::PlanBuilder;
using testing::run;

constexpr double kAny = 1e300;

EngineOptions options() {
  EngineOptions out;
  out.now = instant("2026-01-02T00:00:00Z");
  out.all_windows = true;
  return out;
}

std::string at(const std::string& time, const std::string& more = "") {
  return R"({"at":"2026-01-01T)" + time + R"(Z")" + (more.empty() ? "" : "," + more) + "}";
}

/// `00:01-00:02 DE: 3 fail`, for each verdict.
std::vector<std::string> said(const Outcome& outcome) {
  static const char* const kWords[] = {"pass", "warn", "fail", "no_data", "inconclusive", "error"};
  std::vector<std::string> out;
  for (const WindowVerdict& verdict : outcome.windows.verdicts) {
    std::string line;
    if (verdict.has_span)
      line = format_timestamp(verdict.start).substr(11, 5) + "-" + format_timestamp(verdict.end).substr(11, 5);
    if (verdict.segment != nullptr) {
      line += verdict.segment->other ? " other" : "";
      for (const auto& [field, value] : verdict.segment->values) line += " " + value.value_or("null");
    }
    line += (line.empty() ? "" : ": ") + show(verdict.observed) + " " + kWords[static_cast<int>(verdict.verdict)];
    if (verdict.windows > 1) line += " x" + std::to_string(verdict.windows);
    if (verdict.partial) line += " partial";
    if (verdict.revised) line += " revised";
    out.push_back(line);
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST_CASE("every minute from the first record to the last is judged, an empty one too, whatever the order") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.must({builder.call("row_count")}, 1, 2);
  const Lines records = {at("00:03:10"),     at("00:00:30"), at("00:01:00"),
                         at("00:01:59.999"), at("00:01:20"), at("00:03:00")};
  const Lines expected = {"00:00-00:01: 1 pass", "00:01-00:02: 3 fail", "00:02-00:03: 0 fail", "00:03-00:04: 2 pass"};
  for (const std::size_t batch : {1, 2, 7}) CHECK(said(run(builder.build(), records, options(), batch)) == expected);
  const Outcome outcome = run(builder.build(), records, options());
  REQUIRE(outcome.windows.rules.size() == 1);
  CHECK(outcome.windows.rules[0].evaluated == 4);
  CHECK(outcome.windows.rules[0].failed == 2);
}

TEST_CASE("a block without every judges the whole input once, and an empty one too") {
  PlanBuilder builder;
  builder.whole();
  builder.must({builder.call("mean", {"x"})}, 2, 2);
  builder.should({builder.call("row_count")}, 5, kAny);
  const auto plan = builder.build();
  CHECK(said(run(plan, {R"({"x":1})", R"({"x":3})", R"({"x":null})"}, options())) == Lines{"2 pass", "3 warn"});
  CHECK(said(run(plan, {}, options())) == Lines{"no data no_data", "0 warn"});
}

TEST_CASE("sliding windows are judged for every start that reaches a record") {
  PlanBuilder builder;
  builder.time("at").every(1min, 3min);
  builder.must({builder.call("sum", {"x"})}, 0, kAny);
  const Lines records = {at("00:02:10", R"("x":1)"), at("00:03:30", R"("x":10)"), at("00:06:00", R"("x":100)")};
  CHECK(said(run(builder.build(), records, options())) ==
        Lines{"00:00-00:03: 1 pass", "00:01-00:04: 11 pass", "00:02-00:05: 11 pass", "00:03-00:06: 10 pass",
              "00:04-00:07: 100 pass", "00:05-00:08: 100 pass", "00:06-00:09: 100 pass"});
}

TEST_CASE("segments are judged apart, the listed ones though they never came, the rest together") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.plan().windows[0].segment = {builder.segment("land", {"DE", "FR"})};
  builder.plan().windows[0].max_segments = 3;
  builder.must({builder.call("row_count")}, 0, kAny);
  Lines records;
  for (const char* land : {"DE", "SE", "NO", "DE", "DK", "NO", "DK"}) {
    records.push_back(at("00:00:10", R"("land":")" + std::string(land) + "\""));
  }
  const Outcome outcome = run(builder.build(), records, options(), 3);
  const Lines lines = said(outcome);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "00:00-00:01 DE: 2 pass");
  CHECK(lines[1] == "00:00-00:01 FR: 0 pass");
  CHECK(lines[3].starts_with("00:00-00:01 other: "));
  CHECK(outcome.windows.pushed_out == 2);
  for (const std::size_t batch : {1, 2, 7}) CHECK(said(run(builder.build(), records, options(), batch)) == lines);
  std::reverse(records.begin(), records.end());
  CHECK(said(run(builder.build(), records, options(), 2)) == lines);
}

TEST_CASE("a session ends when nothing came for longer than its gap, and at multiples of its longest length") {
  PlanBuilder builder;
  builder.time("at").session(5min, 1h);
  builder.must({builder.call("row_count")}, 0, kAny);
  const Lines records = {at("00:10:00"), at("00:20:00"), at("00:15:00"), at("00:25:01"),
                         at("00:58:00"), at("01:01:00"), at("01:02:00")};
  const Lines expected = {"00:10-00:25: 3 pass", "00:25-00:30: 1 pass", "00:58-01:00: 1 pass", "01:01-01:07: 2 pass"};
  for (const std::size_t batch : {1, 3, 7}) CHECK(said(run(builder.build(), records, options(), batch)) == expected);
}

TEST_CASE("windows of so many records follow the order of arrival, and the last one may be partial") {
  PlanBuilder builder;
  builder.count(3);
  builder.must({builder.call("sum", {"x"})}, 0, kAny);
  Lines records;
  for (int i = 1; i <= 7; ++i) records.push_back(R"({"x":)" + std::to_string(i) + "}");
  for (const std::size_t batch : {1, 2, 7}) {
    CHECK(said(run(builder.build(), records, options(), batch)) == Lines{"6 pass", "15 pass", "7 pass partial"});
  }
}

TEST_CASE("a rule sees the records that its when lets through, and tallies of rules and expressions") {
  PlanBuilder builder;
  builder.at_most("x", 5, "x.max", OnFail::Count);
  builder.whole();
  builder.when(builder.must({builder.call("row_count")}, 0, kAny), "c", "EUR");
  builder.must({builder.call("fail_rate", {}, {}, "x.max")}, 0, kAny);
  builder.must({builder.rate("rate", "c", "EUR")}, 0, kAny);
  builder.must({builder.call("score")}, 0, kAny);
  const Lines records = {R"({"x":1,"c":"EUR"})", R"({"x":9,"c":"EUR"})", R"({"x":2,"c":"USD"})", R"({"x":2})"};
  CHECK(said(run(builder.build(), records, options())) == Lines{"2 pass", "0.25 pass", "0.666667 pass", "0.75 pass"});
}

TEST_CASE("change compares with the window before") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  MeasureCall change = builder.call("change");
  change.inner = 0;
  change.baseline.kind = Lookback::Kind::Last;
  builder.must({builder.call("row_count"), change}, -0.5, 0.5);
  const Lines records = {at("00:00:00"), at("00:00:01"), at("00:01:00"), at("00:01:01"), at("00:02:00")};
  CHECK(said(run(builder.build(), records, options())) ==
        Lines{"00:00-00:01: no data no_data", "00:01-00:02: 0 pass", "00:02-00:03: -0.5 pass"});
}

TEST_CASE("as a stream windows are judged when the watermark passes them, and late records are counted") {
  PlanBuilder builder;
  builder.time("at").every(1min).lateness = 0s;
  builder.plan().time.out_of_order = 10s;
  builder.must({builder.call("row_count")}, 0, kAny);
  EngineOptions stream = options();
  stream.as_stream = true;
  const Lines records = {at("00:00:30"), at("00:01:05"), at("00:00:59"), at("00:01:10"),
                         at("00:00:58"), at("00:03:30"), at("00:03:00")};
  const Lines expected = {"00:00-00:01: 2 pass", "00:01-00:02: 2 pass", "00:02-00:03: 0 pass", "00:03-00:04: 2 pass"};
  for (const std::size_t batch : {1, 3, 7}) {
    const Outcome outcome = run(builder.build(), records, stream, batch);
    CHECK(said(outcome) == expected);
    CHECK(outcome.windows.late == 1);
  }
  CHECK(run(builder.build(), records, options()).windows.late == 0);
}

TEST_CASE("a late record makes its windows be judged again where the rule file wants that") {
  PlanBuilder builder;
  WindowBlock& block = builder.time("at").every(1min);
  block.lateness = 0s;
  block.late = LatePolicy::Revise;
  builder.plan().time.out_of_order = 0s;
  builder.must({builder.call("row_count")}, 0, kAny);
  EngineOptions stream = options();
  stream.as_stream = true;
  const Lines records = {at("00:00:30"), at("00:01:00"), at("00:00:40"), at("00:02:00")};
  for (const std::size_t batch : {1, 4}) {
    const Outcome outcome = run(builder.build(), records, stream, batch);
    CHECK(said(outcome) ==
          Lines{"00:00-00:01: 1 pass", "00:00-00:01: 2 pass revised", "00:01-00:02: 1 pass", "00:02-00:03: 1 pass"});
    CHECK(outcome.windows.late == 1);
  }
}

TEST_CASE("blocks of the same window that count otherwise look back each on its own values") {
  PlanBuilder builder;
  builder.time("at");
  builder.plan().time.out_of_order = 0s;
  for (const Duration lateness : {Duration(0s), Duration(30s)}) {
    builder.every(1min).lateness = lateness;
    MeasureCall change = builder.call("change");
    change.inner = 0;
    change.baseline.kind = Lookback::Kind::Last;
    builder.must({builder.call("row_count"), change}, -kAny, kAny);
  }
  EngineOptions stream = options();
  stream.as_stream = true;
  // Late for the first block alone, of which the first window holds one record, and the second two.
  const Lines records = {at("00:00:30"), at("00:01:05"), at("00:00:40"), at("00:01:35"), at("00:03:00")};
  const Outcome outcome = run(builder.build(), records, stream);
  std::map<std::uint32_t, std::string> changes;
  for (const WindowVerdict& verdict : outcome.windows.verdicts) {
    if (verdict.end == instant("2026-01-01T00:02:00Z")) changes[verdict.rule] = show(verdict.observed);
  }
  CHECK(changes == std::map<std::uint32_t, std::string>{{0, "1"}, {1, "0"}});
}

TEST_CASE("times decades apart cost nothing: empty windows in a row are judged as one") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.must({builder.call("row_count")}, 1, kAny);
  const Lines records = {R"({"at":"1970-01-01T00:00:00Z"})", R"({"at":"2026-01-01T00:00:00Z"})"};
  const Outcome outcome = run(builder.build(), records, options());
  REQUIRE(outcome.windows.verdicts.size() == 3);
  CHECK(outcome.windows.verdicts[1].windows == 29'453'759);
  CHECK(outcome.windows.rules[0].failed == 29'453'759);
  REQUIRE(outcome.windows.notes.size() == 1);
  CHECK(outcome.windows.notes[0].find("29,453,759 windows of 1m in a row without a record") == 0);
}

TEST_CASE("days of a zone have as many hours as clocks there show") {
  PlanBuilder builder;
  WindowBlock& block = builder.time("at").every(24h);
  block.zone = "Somewhere";
  block.zone_rules = std::make_shared<const Zone>(2h);
  builder.must({builder.call("row_count")}, 0, kAny);
  const Lines records = {at("21:59:59"), at("22:00:00"), at("23:00:00")};
  const Outcome outcome = run(builder.build(), records, options());
  REQUIRE(said(outcome) == Lines{"22:00-22:00: 1 pass", "22:00-22:00: 2 pass"});
  CHECK(outcome.windows.verdicts[1].start == instant("2026-01-01T22:00:00Z"));
}

TEST_CASE("records whose time cannot be read or lies in the future are counted and lie in no window") {
  PlanBuilder builder;
  builder.time("at", TimeError::Quarantine).every(1min);
  builder.must({builder.call("row_count")}, 0, kAny);
  const Lines records = {at("00:00:00"), R"({"at":"soon"})", R"({})", R"({"at":"2031-01-01T00:00:00Z"})"};
  const Outcome outcome = run(builder.build(), records, options());
  CHECK(said(outcome) == Lines{"00:00-00:01: 1 pass"});
  CHECK(outcome.windows.untimed == 2);
  CHECK(outcome.windows.future == 1);
  CHECK(outcome.rules[1].failed == 2);
  CHECK(outcome.quarantined == 2);
  REQUIRE(outcome.samples.size() == 2);
  CHECK(outcome.samples[0].reason == "soon is no time, so the record lies in no window");
  CHECK(outcome.samples[1].reason == "at is absent, so the record lies in no window");
}

TEST_CASE("a window by time over records without a time is an error that says so") {
  PlanBuilder builder;
  builder.every(1min);
  builder.must({builder.call("row_count")}, 0, kAny);
  const Outcome outcome = run(builder.build(), {R"({"x":1})"}, options());
  CHECK(outcome.windows.rules[0].errors == 1);
  REQUIRE(outcome.windows.verdicts.size() == 1);
  CHECK(outcome.windows.verdicts[0].cause == "the records have no time: `source.time` names no field");
  const Outcome nothing = run(builder.build(), {}, options());
  CHECK(nothing.windows.rules[0].errors == 0);
  CHECK(nothing.windows.rules[0].no_data == 1);
}

TEST_CASE("over accepted leaves out what the rules put aside") {
  PlanBuilder builder;
  builder.at_most("x", 5, "x.max");
  builder.at_most("y", 5, "y.max", OnFail::Count);
  builder.whole().accepted_only = true;
  builder.must({builder.call("row_count")}, 0, kAny);
  builder.whole();
  builder.must({builder.call("row_count")}, 0, kAny);
  const Lines records = {R"({"x":1,"y":9})", R"({"x":9,"y":1})", R"({"x":1,"y":1})"};
  CHECK(said(run(builder.build(), records, options())) == Lines{"2 pass", "3 pass"});
}

TEST_CASE("summaries of runs over parts are judged as one run over all") {
  PlanBuilder builder;
  builder.at_most("x", 5, "x.max");
  builder.time("at").every(1min);
  builder.plan().windows[0].segment = {builder.segment("land")};
  builder.plan().windows[0].max_segments = 2;
  builder.must({builder.call("sum", {"x"})}, 0, kAny);
  builder.whole();
  builder.must({builder.call("distinct", {"x"})}, 0, kAny);
  Lines records;
  for (int i = 0; i < 40; ++i) {
    records.push_back(
        at("00:0" + std::to_string(i % 4) + ":00",
           R"("land":")" + std::string(1, static_cast<char>('A' + i % 5)) + R"(","x":)" + std::to_string(i % 7)));
  }
  const auto plan = builder.build();
  const Outcome all = run(plan, records, options());
  Outcome merged;
  Engine last(plan, options());
  for (int part = 0; part < 3; ++part) {
    Engine engine(plan, options());
    Lines mine;
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (i % 3 == static_cast<std::size_t>(part)) mine.push_back(records[i]);
    }
    const testing::MessageBlock block(mine);
    static_cast<void>(engine.step(block.messages(), options().now));
    const std::string written = engine.write_summaries();
    REQUIRE(last.merge_summaries(written).ok());
    for (std::size_t size = 0; size < written.size(); size += 13) {
      Engine other(plan, options());
      CHECK_FALSE(other.merge_summaries(written.substr(0, size)).ok());
    }
  }
  merged.merge(last.finish());
  CHECK(said(merged) == said(all));
  CHECK(merged.records == all.records);
  CHECK(merged.rules[1].failed == all.rules[1].failed);
  CHECK(merged.samples.size() == all.samples.size());
  CHECK(merged.windows.pushed_out == 3);
}

TEST_CASE("records of another stream lie in the same windows for the measures that name it") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  MeasureCall theirs = builder.call("row_count");
  theirs.stream = "orders";
  MeasureCall other = builder.call("other");
  other.inner = 0;
  builder.must({theirs, other}, 0, kAny);
  builder.must({builder.call("row_count")}, 0, kAny);
  const auto plan = builder.build();
  Engine engine(plan, options());
  engine.begin_stream("orders", 1, Format::Json);
  const testing::MessageBlock orders({at("00:00:01"), at("00:00:02"), at("00:01:02"), at("00:07:00")});
  CHECK(engine.step(orders.messages(), options().now).records == 0);
  engine.begin_input(0, Format::Json);
  const testing::MessageBlock own({at("00:00:01"), at("00:01:02")});
  Outcome outcome = engine.step(own.messages(), options().now);
  outcome.merge(engine.finish());
  CHECK(said(outcome) ==
        Lines{"00:00-00:01: 2 pass", "00:00-00:01: 1 pass", "00:01-00:02: 1 pass", "00:01-00:02: 1 pass"});
  CHECK(outcome.records == 2);
}

}  // namespace
}  // namespace weir
