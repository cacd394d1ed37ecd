// SPDX-License-Identifier: Apache-2.0
// A live stream against `check --as-stream` over the same records: cut into any batches, over one partition whatever is late
// and over several where nothing is, judged whenever somebody comes to judge, with engines that are replaced by what they
// wrote of themselves.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "laws/draw_windows.h"
#include "laws/runs.h"
#include "testing/window_plan.h"
#include "weir/stream_windows.h"
#include "windows/memory_history.h"

namespace weir::testing {
namespace {

std::string segment_of(const WindowVerdict& verdict) {
  if (verdict.segment == nullptr) return "";
  if (verdict.segment->other) return "__other__";
  return verdict.segment->values[0].second.value_or("null");
}

std::string value_of(const WindowVerdict& verdict) {
  WindowVerdict rounded = verdict;
  if (rounded.observed.kind == Measured::Kind::Number)
    rounded.observed.number = std::round(rounded.observed.number * 1e9) / 1e9;
  return show(rounded.observed) + " " + std::to_string(static_cast<int>(verdict.verdict)) +
         (verdict.partial ? " partial" : "") + (verdict.by_clock ? " by clock" : "") +
         (verdict.warming ? " warming" : "");
}

/// Every verdict as a line. Of a window that may be judged again only the last: how often depends on who comes to judge.
std::vector<std::string> words_of(const Plan& plan, const WindowOutcome& outcome) {
  std::map<std::string, std::string> last;
  std::vector<std::string> out;
  for (const WindowVerdict& verdict : outcome.verdicts) {
    const WindowBlock& block = plan.windows[plan.window_rules[verdict.rule].block];
    std::string key = "rule " + std::to_string(verdict.rule);
    // Count windows of records without times, and the whole input, are shown with the time of the run.
    if (verdict.has_span) key += " from " + format_timestamp(verdict.start) + " to " + format_timestamp(verdict.end);
    key += " " + segment_of(verdict) + " x" + std::to_string(verdict.windows) + ": ";
    if (block.late == LatePolicy::Revise) {
      last[key] = value_of(verdict);
    } else {
      out.push_back(key + value_of(verdict));
    }
  }
  for (const auto& [key, value] : last) out.push_back(key + value);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> difference(const std::vector<std::string>& expected, const std::vector<std::string>& found) {
  std::vector<std::string> out;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(out));
  for (std::string& line : out) line = "missing: " + line;
  std::vector<std::string> more;
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(more));
  for (const std::string& line : more) out.push_back("too much: " + line);
  return out;
}

EngineOptions options_of(bool partition) {
  EngineOptions out;
  out.now = instant("2200-01-01T00:00:00Z");
  out.as_stream = !partition;
  out.partition = partition;
  out.all_windows = true;
  return out;
}

/// A stream as a process runs it: polls, judges, and now and then dies and comes back.
class Stream {
 public:
  Stream(const Case& drawn, std::size_t partitions, Drawer& drawer, bool restarts)
      : plan_(drawn.plan), drawer_(drawer), restarts_(restarts) {
    for (std::size_t i = 0; i < partitions; ++i) engines_.push_back(engine());
    queues_.resize(partitions);
    for (std::size_t i = 0; i < drawn.texts.size(); ++i) queues_[i % partitions].push_back(drawn.texts[i]);
    totals_ = totals();
  }

  WindowOutcome run() {
    while (std::any_of(queues_.begin(), queues_.end(), [](const auto& queue) { return !queue.empty(); })) {
      const auto p = static_cast<std::size_t>(drawer_.below(static_cast<std::int64_t>(queues_.size())));
      std::vector<std::string> batch;
      for (std::int64_t left = 1 + drawer_.below(12); left > 0 && !queues_[p].empty(); --left) {
        batch.push_back(queues_[p].front());
        queues_[p].pop_front();
      }
      if (batch.empty()) continue;
      const MessageBlock block(batch);
      out_.merge(engines_[p]->step(block.messages(), options_of(true).now).windows);
      if (drawer_.chance(2)) close();
      if (drawer_.chance(20)) static_cast<void>(totals_->judge_open(pointers()));
      if (restarts_ && drawer_.chance(6)) come_back(p);
      if (restarts_ && drawer_.chance(12)) totals_ = totals();
    }
    if (drawer_.chance(2)) close();
    out_.merge(totals_->judge_open(pointers()));
    return std::move(out_);
  }

 private:
  std::unique_ptr<Engine> engine() const { return std::make_unique<Engine>(plan_, options_of(true)); }
  std::unique_ptr<StreamWindows> totals() {
    return std::make_unique<StreamWindows>(
        plan_, StreamWindows::Options{.started = options_of(true).now, .history = &history_});
  }
  std::vector<Engine*> pointers() const {
    std::vector<Engine*> out;
    for (const auto& engine : engines_) out.push_back(engine.get());
    return out;
  }
  void close() {
    Instant watermark = Instant::max();
    for (const auto& engine : engines_) watermark = std::min(watermark, engine->watermark());
    const Instant next = totals_->next_close(pointers());
    WindowOutcome found = totals_->close(pointers(), watermark, false);
    if (watermark < next) CHECK(found.verdicts.empty());
    out_.merge(std::move(found));
  }
  void come_back(std::size_t p) {
    const std::string written = engines_[p]->write_state();
    engines_[p] = engine();
    const Result<StateRead> read = engines_[p]->read_state(written);
    REQUIRE(read.ok());
    CHECK(read->warming.empty());
    CHECK(engines_[p]->write_state() == written);
  }

  std::shared_ptr<const Plan> plan_;
  Drawer& drawer_;
  bool restarts_;
  MemoryHistory history_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<std::deque<std::string>> queues_;
  std::unique_ptr<StreamWindows> totals_;
  WindowOutcome out_;
};

std::string told(const Case& drawn, std::uint64_t seed, std::size_t partitions) {
  std::string out = "seed " + std::to_string(seed) + ", " + std::to_string(drawn.out_of_order) + " us out of order, " +
                    std::to_string(partitions) + " partitions\n";
  for (const WindowBlock& block : drawn.plan->windows) {
    out += block.extent + ": lateness " + format_duration(block.lateness) + (block.segment.empty() ? "" : ", by land") +
           (block.accepted_only ? ", accepted" : "") + (block.late == LatePolicy::Revise ? ", revise" : "") +
           (block.zone.empty() ? "" : ", by zone") + "\n";
  }
  for (const std::string& text : drawn.texts) out += text + "\n";
  return out;
}

void compare(std::uint64_t from, std::uint64_t to, bool several, bool restarts) {
  for (std::uint64_t seed = from; seed < to; ++seed) {
    Drawer drawer(seed);
    const Case drawn = drawer.draw_partitions(several);
    const std::size_t partitions = several ? static_cast<std::size_t>(1 + drawer.below(16)) : 1;
    const Outcome expected = weir::testing::run(drawn.plan, drawn.texts, options_of(false), 7);
    Stream stream(drawn, partitions, drawer, restarts);
    const WindowOutcome found = stream.run();
    INFO(told(drawn, seed, partitions));
    REQUIRE(difference(words_of(*drawn.plan, expected.windows), words_of(*drawn.plan, found)) ==
            std::vector<std::string>());
    REQUIRE(std::tuple(found.late, found.future, found.untimed) ==
            std::tuple(expected.windows.late, expected.windows.future, expected.windows.untimed));
    for (std::size_t i = 0; i < found.rules.size(); ++i) {
      if (drawn.plan->windows[drawn.plan->window_rules[i].block].late == LatePolicy::Revise) continue;
      REQUIRE(found.rules[i] == expected.windows.rules[i]);
    }
  }
}

/// Two streams over the same partitions, which are read in another order, closed at other times and replaced elsewhere.
void compare_with_itself(std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t seed = from; seed < to; ++seed) {
    Drawer drawer(seed);
    const Case drawn = drawer.draw_partitions(false);
    const auto partitions = static_cast<std::size_t>(2 + drawer.below(5));
    const WindowOutcome one = Stream(drawn, partitions, drawer, false).run();
    const WindowOutcome other = Stream(drawn, partitions, drawer, true).run();
    INFO(told(drawn, seed, partitions));
    REQUIRE(difference(words_of(*drawn.plan, one), words_of(*drawn.plan, other)) == std::vector<std::string>());
    REQUIRE(std::tuple(one.late, one.future, one.untimed) == std::tuple(other.late, other.future, other.untimed));
  }
}

TEST_CASE("a stream of one partition comes to what it comes to as one input, whatever is late") {
  compare(0, 1'000 * effort(), false, false);
}

TEST_CASE("a stream of several partitions comes to what it comes to as one input where nothing is late") {
  compare(1'000'000, 1'000'000 + 1'000 * effort(), true, false);
}

TEST_CASE("a stream whose engines are replaced by what they wrote comes to the same") {
  compare(2'000'000, 2'000'000 + 700 * effort(), false, true);
  compare(3'000'000, 3'000'000 + 700 * effort(), true, true);
}

TEST_CASE(
    "windows that are over before a record reached them are judged without the late record that reaches them first") {
  for (const std::uint64_t seed : {4'001'352U, 4'005'711U}) compare(seed, seed + 1, false, true);
}

TEST_CASE("several partitions come to the same whoever comes to judge them and when, whatever is late") {
  compare_with_itself(6'000'000, 6'000'000 + 700 * effort());
}

TEST_CASE("many more streams come to what they come to as one input", "[long]") {
  compare(4'000'000, 4'050'000, false, true);
  compare(5'000'000, 5'050'000, true, true);
  compare_with_itself(7'000'000, 7'050'000);
}

}  // namespace
}  // namespace weir::testing
