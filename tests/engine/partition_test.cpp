// SPDX-License-Identifier: Apache-2.0
// A live stream through its engines: what is judged when, what is said beside it, and what survives a restart.
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "testing/window_plan.h"
#include "weir/stream_windows.h"
#include "windows/memory_history.h"

namespace weir {
namespace {

using namespace std::chrono_literals;
using testing::instant;
using testing::MessageBlock;
using testing::PlanBuilder;
using testing::run;

using Lines = std::vector<std::string>;
constexpr double kAny = 1e300;
const Instant kStarted = instant("2026-01-01T00:00:30Z");

std::string at(const std::string& time, const std::string& more = "") {
  return R"({"at":"2026-01-01T)" + time + R"(Z")" + (more.empty() ? "" : "," + more) + "}";
}

Instant clock_at(const std::string& time) {
  return instant("2026-01-01T" + time + "Z");
}

/// `00:01-00:02 DE: 3 by clock`, for each verdict.
Lines said(const WindowOutcome& outcome) {
  Lines out;
  for (const WindowVerdict& verdict : outcome.verdicts) {
    std::string line = std::to_string(verdict.rule) + " ";
    if (verdict.has_span)
      line += format_timestamp(verdict.start).substr(11, 5) + "-" + format_timestamp(verdict.end).substr(11, 5);
    if (verdict.segment != nullptr)
      line += " " + (verdict.segment->other ? "other" : verdict.segment->values[0].second.value_or("null"));
    line += ": " + show(verdict.observed);
    if (verdict.windows > 1) line += " x" + std::to_string(verdict.windows);
    if (verdict.partial) line += " partial";
    if (verdict.revised) line += " revised";
    if (verdict.by_clock) line += " by clock";
    if (verdict.warming) line += " warming";
    out.push_back(line);
  }
  return out;
}

/// Engines of some partitions, and who judges their windows.
struct Live {
  explicit Live(std::shared_ptr<const Plan> rules, std::size_t partitions = 1) : plan(std::move(rules)) {
    for (std::size_t i = 0; i < partitions; ++i) engines.push_back(engine());
    judge();
  }
  std::unique_ptr<Engine> engine() const {
    EngineOptions options;
    options.partition = true;
    options.failing_records = true;
    options.all_windows = true;
    options.now = instant("2026-01-02T00:00:00Z");
    return std::make_unique<Engine>(plan, options);
  }
  void judge() {
    windows = std::make_unique<StreamWindows>(plan, StreamWindows::Options{.started = kStarted, .history = &history});
  }
  std::vector<Engine*> all() const {
    std::vector<Engine*> out;
    for (const auto& one : engines) out.push_back(one.get());
    return out;
  }
  Outcome take(const Lines& records, std::size_t partition = 0) {
    blocks.push_back(std::make_unique<MessageBlock>(records));
    return engines[partition]->step(blocks.back()->messages(), instant("2026-01-02T00:00:00Z"));
  }
  Lines close() {
    Instant watermark = Instant::max();
    for (const auto& one : engines) watermark = std::min(watermark, one->watermark());
    return said(windows->close(all(), watermark, false));
  }
  Lines close_by_clock(const std::string& time) { return said(windows->close(all(), clock_at(time), true)); }
  Lines open() { return said(windows->judge_open(all())); }
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
  std::vector<std::unique_ptr<MessageBlock>> blocks;
};

std::shared_ptr<const Plan> minutes(LatePolicy late = LatePolicy::Count) {
  PlanBuilder builder;
  builder.time("at").late_rule().every(1min).late = late;
  builder.must({builder.call("row_count")}, 1, kAny);
  return builder.build();
}

TEST_CASE("a window is judged once the watermark of every partition has passed it") {
  Live live(minutes(), 2);
  live.take({at("00:00:10"), at("00:02:00")}, 0);
  CHECK(live.close().empty());
  live.take({at("00:00:20"), at("00:01:39.9")}, 1);
  CHECK(live.windows->next_close(live.all()) == clock_at("00:01:30"));
  CHECK(live.close().empty());
  live.take({at("00:01:40")}, 1);
  CHECK(live.close() == Lines{"0 00:00-00:01: 2"});
  CHECK(live.close().empty());
  CHECK(live.windows->next_close(live.all()) == clock_at("00:02:30"));
  CHECK(live.open() == Lines{"0 00:01-00:02: 2", "0 00:02-00:03: 1"});
  CHECK(live.open() == Lines{"0 00:01-00:02: 2", "0 00:02-00:03: 1"});
  live.take({at("00:03:00")}, 0);
  live.take({at("00:03:00")}, 1);
  CHECK(live.close() == Lines{"0 00:01-00:02: 2"});
}

TEST_CASE("the clock judges windows of a silent stream, from the start on where no record ever came") {
  Live live(minutes());
  CHECK(live.close_by_clock("00:01:29").empty());
  CHECK(live.close_by_clock("00:01:30") == Lines{"0 00:00-00:01: 0 by clock"});
  CHECK(live.close_by_clock("00:03:45") == Lines{"0 00:01-00:02: 0 by clock", "0 00:02-00:03: 0 by clock"});
  live.take({at("00:02:30"), at("00:03:10"), at("00:05:00")});
  CHECK(live.close() == Lines{"0 00:03-00:04: 1"});
  CHECK(live.close_by_clock("00:06:30") == Lines{"0 00:04-00:05: 0 by clock", "0 00:05-00:06: 1 by clock"});
  SECTION("and they stay judged when another process goes on") {
    CHECK(live.come_back(live.plan).empty());
    CHECK(live.close_by_clock("00:06:40").empty());
    CHECK(live.close_by_clock("00:07:30") == Lines{"0 00:06-00:07: 0 by clock"});
    CHECK(live.open().empty());
  }
}

TEST_CASE("what was judged stays judged after a restart, and moves with a partition") {
  Live live(minutes(), 2);
  for (const std::size_t p : {0U, 1U}) live.take({at("00:00:10"), at("00:01:45"), at("00:01:00")}, p);
  CHECK(live.close() == Lines{"0 00:00-00:01: 2"});
  const std::string moved = live.engines[1]->write_state();
  CHECK(live.come_back(live.plan).empty());
  CHECK(live.close().empty());
  live.engines.pop_back();
  CHECK(live.open() == Lines{"0 00:01-00:02: 2"});
  live.engines[0] = live.engine();
  REQUIRE(live.engines[0]->read_state(moved).ok());
  live.take({at("00:03:00")});
  CHECK(live.close() == Lines{"0 00:01-00:02: 2"});
}

TEST_CASE("a partition that is gone takes its records with it") {
  Live live(minutes(), 2);
  live.take({at("00:00:10"), at("00:01:45")}, 0);
  live.take({at("00:00:10"), at("00:01:45")}, 1);
  CHECK(live.close() == Lines{"0 00:00-00:01: 2"});
  live.engines.pop_back();
  live.take({at("00:02:50")});
  CHECK(live.close() == Lines{"0 00:01-00:02: 1"});
}

TEST_CASE("windows that began before some moment are partial") {
  Live live(minutes());
  live.windows->partial_until(clock_at("00:00:10"));
  live.take({at("00:00:10"), at("00:01:10"), at("00:05:00")});
  CHECK(live.close() == Lines{"0 00:00-00:01: 1 partial", "0 00:01-00:02: 1", "0 00:02-00:03: 0", "0 00:03-00:04: 0"});
}

TEST_CASE("late records revise a window however many partitions it came from") {
  Live live(minutes(LatePolicy::Revise), 2);
  live.take({at("00:00:10"), at("00:01:45")}, 0);
  live.take({at("00:00:10"), at("00:01:45")}, 1);
  CHECK(live.close() == Lines{"0 00:00-00:01: 2"});
  CHECK(live.take({at("00:00:20")}, 1).windows.late == 1);
  CHECK(live.close() == Lines{"0 00:00-00:01: 3 revised"});
  CHECK(live.close().empty());
}

/// What was said last of each window and segment.
std::map<std::string, std::string> last_of(const Lines& lines) {
  std::map<std::string, std::string> out;
  for (const std::string& line : lines) out[line.substr(0, line.find(": "))] = line.substr(line.find(": ") + 2);
  return out;
}

TEST_CASE("a window that is judged again has no segment that came late for others, whoever comes to judge when") {
  PlanBuilder builder;
  WindowBlock& block = builder.time("at").every(1min);
  block.late = LatePolicy::Revise;
  block.segment = {builder.segment("land", {})};
  block.max_segments = 10;
  builder.must({builder.call("row_count")}, 0, kAny);
  const auto plan = builder.build();
  const auto of = [](const std::string& land, const std::string& time) { return at(time, R"("land":")" + land + '"'); };
  // FR comes late for 00:01-00:02, then NO for 00:00-00:01; both are known from the window on that was open when they came.
  const Lines records = {of("DE", "00:00:10"), of("DE", "00:03:30"), of("FR", "00:01:10"), of("NO", "00:00:39"),
                         of("DE", "00:03:40")};
  const std::map<std::string, std::string> expected = {
      {"0 00:00-00:01 DE", "1 revised"}, {"0 00:00-00:01 NO", "1 revised"}, {"0 00:01-00:02 DE", "0 revised"},
      {"0 00:01-00:02 FR", "1 revised"}, {"0 00:02-00:03 DE", "0"},         {"0 00:02-00:03 FR", "0"},
      {"0 00:02-00:03 NO", "0"},         {"0 00:03-00:04 DE", "2"},         {"0 00:03-00:04 FR", "0"},
      {"0 00:03-00:04 NO", "0"}};
  for (const std::size_t closes_after : {1, 2, 3, 4, 5}) {
    Live live(plan);
    Lines lines;
    for (std::size_t i = 0; i < records.size(); ++i) {
      live.take({records[i]});
      if ((i + 1) % closes_after != 0) continue;
      const Lines more = live.close();
      lines.insert(lines.end(), more.begin(), more.end());
    }
    const Lines more = live.open();
    lines.insert(lines.end(), more.begin(), more.end());
    INFO("judged after every " << closes_after);
    CHECK(last_of(lines) == expected);
  }
  EngineOptions stream;
  stream.now = instant("2026-01-02T00:00:00Z");
  stream.as_stream = true;
  stream.all_windows = true;
  CHECK(last_of(said(run(plan, records, stream).windows)) == expected);
}

TEST_CASE("rules that are unchanged remember, and the others are warming") {
  const auto plan = [](bool more) {
    PlanBuilder builder;
    builder.time("at").every(1min);
    if (more) builder.must({builder.call("max", {"x"})}, 0, kAny);
    builder.must({builder.call("row_count")}, 0, kAny);
    builder.must({builder.call("sum", {"y"})}, 0, kAny);
    return builder.build();
  };
  Live live(plan(false));
  live.take({at("00:00:10", R"("x":9,"y":1)"), at("00:00:40", R"("x":9,"y":2)")});
  CHECK(live.come_back(plan(true)) == std::vector<std::string>{"windows.0"});
  live.take({at("00:00:50", R"("x":3,"y":4)"), at("00:01:20", R"("x":5,"y":8)"), at("00:03:00")});
  CHECK(live.close() == Lines{"0 00:00-00:01: 3 warming", "1 00:00-00:01: 3", "2 00:00-00:01: 7", "0 00:01-00:02: 5",
                              "1 00:01-00:02: 1", "2 00:01-00:02: 8"});
  SECTION("also after one more restart, and for another grid") {
    CHECK(live.come_back(plan(false)).empty());
    PlanBuilder builder;
    builder.time("at").every(5min);
    builder.must({builder.call("row_count")}, 0, kAny);
    CHECK(live.come_back(builder.build()) == std::vector<std::string>{"windows.0"});
    live.take({at("00:04:00")});
    CHECK(live.open() == Lines{"0 00:00-00:05: 1 warming"});
    CHECK(live.come_back(live.plan).empty());
    CHECK(live.open() == Lines{"0 00:00-00:05: 1 warming"});
  }
}

TEST_CASE("late: quarantine puts late records aside, live and as a stream") {
  Live live(minutes(LatePolicy::Quarantine));
  const Lines records = {at("00:00:10"), at("00:02:00"), at("00:00:30"), at("00:02:10")};
  const Outcome outcome = live.take(records);
  const std::uint32_t late = live.plan->late_rule;
  REQUIRE(outcome.failing.size() == 1);
  CHECK(outcome.failing[0].item == 2);
  CHECK(outcome.failing[0].stage == Stage::Late);
  CHECK(outcome.failing[0].action == OnFail::Quarantine);
  REQUIRE(outcome.failing[0].violations.size() == 1);
  CHECK(outcome.failing[0].violations[0].rule == late);
  CHECK(outcome.failing[0].violations[0].code == "late");
  CHECK(outcome.failing[0].violations[0].value == "2026-01-01T00:00:30Z");
  CHECK(outcome.rules[late].failed == 1);
  CHECK(outcome.rules[late].evaluated == 4);
  CHECK(outcome.quarantined == 1);
  EngineOptions options;
  options.as_stream = true;
  options.now = instant("2026-01-02T00:00:00Z");
  CHECK(run(live.plan, records, options).rules[late].failed == 1);
  options.as_stream = false;
  CHECK(run(live.plan, records, options).rules[late].failed == 0);
}

TEST_CASE("a failing record says which item it was, and where it failed") {
  PlanBuilder builder;
  builder.at_most("x", 10, "x.max").time("at", TimeError::Quarantine).every(1min);
  builder.must({builder.call("row_count")}, 0, kAny);
  Live live(builder.build());
  const Outcome outcome =
      live.take({"{", at("00:00:00", R"("x":1)"), R"({"at":"soon","x":99})", at("00:00:00", R"("x":11)")});
  REQUIRE(outcome.failing.size() == 3);
  CHECK(outcome.failing[0].item == 0);
  CHECK(outcome.failing[0].stage == Stage::Decode);
  CHECK(outcome.failing[1].item == 2);
  CHECK(outcome.failing[1].stage == Stage::Time);
  CHECK(outcome.failing[1].violations.size() == 2);
  CHECK(outcome.failing[2].item == 3);
  CHECK(outcome.failing[2].stage == Stage::Record);
}

TEST_CASE("count windows of a partition are its own, and go on where they were") {
  PlanBuilder builder;
  builder.time("at").count(3);
  builder.must({builder.call("sum", {"x"})}, 0, kAny);
  MeasureCall change = builder.call("change");
  change.inner = 0;
  change.baseline.kind = Lookback::Kind::Last;
  builder.must({builder.call("row_count"), change}, -kAny, kAny);
  Live live(builder.build(), 2);
  CHECK(said(live.take({at("00:00:00", R"("x":1)"), at("00:00:00", R"("x":2)")}, 0).windows).empty());
  CHECK(said(live.take({at("00:00:00", R"("x":100)")}, 1).windows).empty());
  CHECK(live.come_back(live.plan).empty());
  CHECK(said(live.take({at("00:00:00", R"("x":4)"), at("00:00:00", R"("x":5)")}, 0).windows) ==
        Lines{"0 00:00-00:00: 7", "1 00:00-00:00: no data"});
  CHECK(live.come_back(live.plan).empty());
  CHECK(said(live.take({at("00:00:30"), at("00:00:30")}, 0).windows) == Lines{"0 00:00-00:00: 5", "1 00:00-00:00: 0"});
  CHECK(live.open() == Lines{"0 00:00-00:00: 100 partial", "1 00:00-00:00: no data partial"});
  CHECK(live.open() == Lines{"0 00:00-00:00: 100 partial", "1 00:00-00:00: no data partial"});
}

TEST_CASE("the newest value before a silent window is known after a restart") {
  PlanBuilder builder;
  builder.time("at").every(1min);
  builder.must({builder.call("freshness", {"at"})}, 0, kAny);
  Live live(builder.build());
  live.take({at("00:00:50"), at("00:01:59")});
  live.close();
  CHECK(live.come_back(live.plan).empty());
  CHECK(live.close_by_clock("00:02:30") == Lines{"0 00:01-00:02: 1s by clock"});
  CHECK(live.come_back(live.plan).empty());
  CHECK(live.close_by_clock("00:03:30").size() == 1);
}

TEST_CASE("a shadow with the panes of a partition is judged like the partition") {
  PlanBuilder builder;
  builder.time("at").every(1min, 3min);
  builder.plan().windows[0].segment = {builder.segment("land")};
  builder.must({builder.call("sum", {"x"})}, -kAny, kAny);
  builder.session(30s, 6h);
  builder.must({builder.call("row_count")}, 0, kAny);
  const auto plan = builder.build();
  Live live(plan, 2);
  Live merger(plan, 2);
  const std::vector<Lines> batches = {
      {at("00:00:10", R"("x":1,"land":"DE")"), at("00:02:50", R"("x":2,"land":"FR")")},
      {at("00:00:20", R"("x":3,"land":"SE")"), at("00:03:59", R"("x":4)"), at("00:02:00", R"("x":5,"land":"DE")")},
      {at("00:01:10", R"("x":6,"land":"NO")"), at("00:09:00")}};
  for (const Lines& batch : batches) {
    for (const std::size_t p : {0U, 1U}) {
      live.take(batch, p);
      for (const PanePlace& pane : live.engines[p]->changed_panes()) {
        const std::string written = live.engines[p]->write_pane(pane);
        for (std::size_t size = 0; size < written.size(); size += 3)
          CHECK_FALSE(merger.engines[p]->put_pane(pane, written.substr(0, size)).ok());
        CHECK_FALSE(Live(minutes()).engines[0]->put_pane(pane, written).ok());
        CHECK_FALSE(merger.engines[p]->put_pane({.grid = pane.grid, .place = pane.place + 1}, written).ok());
        REQUIRE(merger.engines[p]->put_pane(pane, written).ok());
      }
      CHECK(live.engines[p]->changed_panes().empty());
      CHECK(merger.engines[p]->panes() == live.engines[p]->panes());
      merger.engines[p]->set_progress(live.engines[p]->watermark());
    }
    CHECK(merger.close() == live.close());
    CHECK(merger.open() == live.open());
  }
  CHECK(live.engines[0]->panes().size() > 1);
  merger.engines[0]->forget_before(instant("2026-01-02T00:00:00Z"));
  merger.engines[1]->forget_before(instant("2026-01-02T00:00:00Z"));
}

TEST_CASE("a state that is damaged, cut short or made up is an error and no more") {
  PlanBuilder builder;
  builder.at_most("x", 10, "x.max");
  builder.time("at").every(1min, 3min);
  builder.plan().windows[0].segment = {builder.segment("land")};
  builder.plan().windows[0].max_segments = 2;
  builder.must({builder.call("quantile", {"x"}, {0.5})}, 0, kAny);
  builder.session(30s, 6h);
  builder.must({builder.call("distinct", {"land"})}, 0, kAny);
  builder.count(2);
  builder.must({builder.call("row_count")}, 0, kAny);
  Live live(builder.build());
  live.take({at("00:00:10", R"("x":1,"land":"DE")"), at("00:03:40", R"("x":2,"land":"FR")"),
             at("00:01:10", R"("x":3,"land":"SE")"), at("00:03:20", R"("x":3,"land":"NO")"), at("00:09:00")});
  const std::string written = live.engines[0]->write_state();
  CHECK(live.engine()->read_state(written).ok());
  CHECK_FALSE(live.engine()->read_state("").ok());
  for (std::size_t size = 0; size < written.size(); size += 7)
    CHECK_FALSE(live.engine()->read_state(written.substr(0, size)).ok());
  std::size_t refused = 0;
  for (std::size_t i = 9; i + 8 < written.size(); ++i) {
    std::string other = written;
    other[i] = static_cast<char>(other[i] ^ (1 << (i % 8)));
    REQUIRE_FALSE(live.engine()->read_state(other).ok());
    // With a checksum that is right for it: whatever is read, it is bounded.
    const std::uint64_t sum = hash_text(std::string_view(other).substr(0, other.size() - 8), 0x70617274);
    for (std::size_t b = 0; b < 8; ++b) other[other.size() - 8 + b] = static_cast<char>(sum >> (8 * b));
    Live hostile(live.plan);
    if (!hostile.engines[0]->read_state(other).ok()) {
      ++refused;
      continue;
    }
    hostile.take({at("00:10:00", R"("x":1,"land":"DE")")});
    static_cast<void>(hostile.close());
    static_cast<void>(hostile.open());
  }
  CHECK(refused > 0);
}

}  // namespace
}  // namespace weir
