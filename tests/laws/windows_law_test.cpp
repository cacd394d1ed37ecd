// SPDX-License-Identifier: Apache-2.0
// Windows against a slow evaluator that keeps every record, and against themselves over every way to cut the input.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "laws/draw_windows.h"
#include "laws/runs.h"
#include "testing/slow_windows.h"
#include "testing/window_plan.h"

namespace weir::testing {
namespace {

using namespace std::chrono_literals;

std::string segment_of(const WindowVerdict& verdict) {
  if (verdict.segment == nullptr) return "";
  if (verdict.segment->other) return "__other__";
  const auto& value = verdict.segment->values[0].second;
  return "land=" + (value ? "\"" + *value + "\"" : "null");
}

std::string describe(const SlowVerdict& verdict, std::size_t rule) {
  return "rule " + std::to_string(rule) + " from " + format_timestamp(Instant(Duration(verdict.start))) + " to " +
         format_timestamp(Instant(Duration(verdict.end))) + " " + verdict.segment + ": " +
         (verdict.value ? std::to_string(static_cast<double>(*verdict.value)) : "nothing") + " x" +
         std::to_string(verdict.windows);
}
std::string describe(const WindowVerdict& verdict) {
  return "rule " + std::to_string(verdict.rule) + " from " + format_timestamp(verdict.start) + " to " +
         format_timestamp(verdict.end) + " " + segment_of(verdict) + ": " + show(verdict.observed) + " x" +
         std::to_string(verdict.windows);
}

/// Blocks without any window say so at the end; the slow evaluator says nothing of them.
std::vector<WindowVerdict> said_by(const Outcome& outcome) {
  std::vector<WindowVerdict> out;
  for (const WindowVerdict& verdict : outcome.windows.verdicts) {
    const bool none = verdict.observed.kind == Measured::Kind::NoData && verdict.cause.starts_with("no record belongs");
    const bool nothing =
        verdict.cause == "there was no record" || verdict.cause == "no record has a time that can be read";
    if (!none && !nothing) out.push_back(verdict);
  }
  return out;
}

bool is_same(const SlowVerdict& want, const WindowVerdict& got) {
  const auto value = got.observed.as_number();
  if (value.has_value() != want.value.has_value()) return false;
  if (!value) return got.verdict == Verdict::NoData;
  const long double scale = std::max<long double>(1, std::fabs(*want.value));
  if (std::fabs(static_cast<long double>(*value) - *want.value) > 1e-12L * scale) return false;
  return (got.verdict == Verdict::Pass) == want.holds;
}

/// The first difference, or "".
std::string difference(const Case& drawn, const SlowAnswer& slow, const Outcome& outcome) {
  std::vector<std::size_t> first_rule;
  std::size_t rules = 0;
  for (const SlowBlock& block : drawn.blocks) {
    first_rule.push_back(rules);
    rules += block.rules.size();
  }
  const std::vector<WindowVerdict> said = said_by(outcome);
  for (std::size_t i = 0; i < std::max(said.size(), slow.verdicts.size()); ++i) {
    if (i >= said.size())
      return "missing: " + describe(slow.verdicts[i], first_rule[slow.verdicts[i].block] + slow.verdicts[i].rule);
    if (i >= slow.verdicts.size()) return "too much: " + describe(said[i]);
    const SlowVerdict& want = slow.verdicts[i];
    const WindowVerdict& got = said[i];
    const std::size_t rule = first_rule[want.block] + want.rule;
    const WindowKind kind = drawn.blocks[want.block].kind;
    bool same = got.rule == rule && segment_of(got) == want.segment && got.windows == want.windows;
    if (kind == WindowKind::Time || kind == WindowKind::Session) {
      same = same && got.has_span && got.start.time_since_epoch().count() == want.start &&
             got.end.time_since_epoch().count() == want.end;
    }
    if (!same || !is_same(want, got)) return "expected " + describe(want, rule) + "\nbut got " + describe(got);
  }
  if (outcome.windows.late != slow.late)
    return "late: " + std::to_string(slow.late) + " expected, " + std::to_string(outcome.windows.late);
  return "";
}

EngineOptions options_of(bool as_stream) {
  EngineOptions out;
  out.now = instant("2200-01-01T00:00:00Z");
  out.as_stream = as_stream;
  out.all_windows = true;
  return out;
}

/// All of it in a message: what a person needs to see why.
std::string told(const Case& drawn, std::uint64_t seed) {
  std::string out = "seed " + std::to_string(seed) + ", " + std::to_string(drawn.out_of_order) + " us out of order\n";
  for (const SlowBlock& block : drawn.blocks) {
    out += "block of kind " + std::to_string(static_cast<int>(block.kind)) + ": every " + std::to_string(block.every) +
           ", size " + std::to_string(block.size) + ", lateness " + std::to_string(block.lateness) + ", " +
           std::to_string(block.rules.size()) + " rules" + (block.by_land ? ", by land" : "") +
           (block.accepted ? ", accepted" : "") + (block.zone != nullptr ? ", by zone" : "") + "\n";
  }
  for (const std::string& text : drawn.texts) out += text + "\n";
  return out;
}

void compare(std::uint64_t from, std::uint64_t to, bool as_stream) {
  for (std::uint64_t seed = from; seed < to; ++seed) {
    Drawer drawer(seed * 2 + (as_stream ? 1 : 0));
    const Case drawn = drawer.draw(as_stream);
    const SlowAnswer slow = as_stream ? stream_slowly(drawn.blocks, drawn.records, drawn.out_of_order)
                                      : judge_slowly(drawn.blocks, drawn.records);
    const auto batch = static_cast<std::size_t>(1 + drawer.below(50));
    const Outcome outcome = run(drawn.plan, drawn.texts, options_of(as_stream), batch);
    const std::string wrong = difference(drawn, slow, outcome);
    if (wrong.empty()) continue;
    FAIL_CHECK(wrong << "\n" << told(drawn, seed) << "batches of " << batch);
    return;
  }
  SUCCEED();
}

/// What late records revise: how often a window is judged again is not compared, but what it comes to in the end.
std::string difference_at_last(const Case& drawn, const SlowAnswer& slow, const Outcome& outcome) {
  using Of = std::tuple<std::size_t, std::int64_t, std::int64_t, std::string>;  // rule, start, end, segment
  std::vector<std::size_t> first_rule = {0};
  for (const SlowBlock& block : drawn.blocks) first_rule.push_back(first_rule.back() + block.rules.size());
  std::map<Of, SlowVerdict> wanted;
  for (const SlowVerdict& want : slow.verdicts) {
    wanted[{first_rule[want.block] + want.rule, want.start, want.end, want.segment}] = want;
  }
  std::map<Of, WindowVerdict> found;
  for (const WindowVerdict& got : said_by(outcome)) {
    found[{got.rule, got.start.time_since_epoch().count(), got.end.time_since_epoch().count(), segment_of(got)}] = got;
  }
  for (const auto& [of, want] : wanted) {
    const auto at = found.find(of);
    if (at == found.end()) return "missing: " + describe(want, std::get<0>(of));
    if (!is_same(want, at->second))
      return "expected " + describe(want, std::get<0>(of)) + "\nbut got " + describe(at->second);
  }
  for (const auto& [of, got] : found) {
    if (!wanted.contains(of)) return "too much: " + describe(got);
  }
  return "";
}

void compare_revised(std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t seed = from; seed < to; ++seed) {
    Drawer drawer(seed);
    const Case drawn = drawer.draw(true, true);
    const SlowAnswer slow = stream_slowly(drawn.blocks, drawn.records, drawn.out_of_order);
    const auto batch = static_cast<std::size_t>(1 + drawer.below(50));
    const std::string wrong = difference_at_last(drawn, slow, run(drawn.plan, drawn.texts, options_of(true), batch));
    if (wrong.empty()) continue;
    FAIL_CHECK(wrong << "\n" << told(drawn, seed) << "batches of " << batch);
    return;
  }
  SUCCEED();
}

TEST_CASE("windows of a file come to what the slow evaluator finds") {
  compare(0, 2'500 * effort(), false);
}

TEST_CASE("windows of a stream come to what the slow evaluator finds") {
  compare(0, 2'500 * effort(), true);
}

TEST_CASE("windows that late records revise come to what the slow evaluator finds") {
  compare_revised(3'000'000, 3'000'000 + 2'500 * effort());
}

TEST_CASE("many more windows come to what the slow evaluator finds", "[long]") {
  compare(1'000'000, 1'100'000, false);
  compare(1'000'000, 1'100'000, true);
  compare_revised(4'000'000, 4'050'000);
}

std::vector<std::string> words_of(const Outcome& outcome) {
  std::vector<std::string> out;
  for (const WindowVerdict& verdict : outcome.windows.verdicts) {
    WindowVerdict rounded = verdict;
    if (rounded.observed.kind == Measured::Kind::Number)
      rounded.observed.number = std::round(rounded.observed.number * 1e9) / 1e9;
    out.push_back(describe(rounded) + " " + std::to_string(static_cast<int>(verdict.verdict)));
  }
  return out;
}

TEST_CASE("the windows do not depend on where batches are cut") {
  for (std::uint64_t seed = 0; seed < 150 * effort(); ++seed) {
    const bool as_stream = seed % 2 == 1;
    Drawer drawer(7'000'000 + seed);
    const Case drawn = drawer.draw(as_stream);
    const std::vector<std::string> one = words_of(run(drawn.plan, drawn.texts, options_of(as_stream), 1));
    for (const std::size_t batch : {2, 5, 1'000}) {
      INFO(told(drawn, seed) << "batches of " << batch);
      REQUIRE(words_of(run(drawn.plan, drawn.texts, options_of(as_stream), batch)) == one);
    }
  }
}

TEST_CASE("a stream in order comes to what the same records come to as a file") {
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 600 * effort(); ++seed) {
    Drawer drawer(9'000'000 + seed);
    Case drawn = drawer.draw(false);
    // A stream does not know a segment before its first record, and tells of empty windows as they end.
    if (std::any_of(drawn.blocks.begin(), drawn.blocks.end(), [](const SlowBlock& block) { return block.by_land; }))
      continue;
    std::vector<std::size_t> order(drawn.records.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return drawn.records[a].at < drawn.records[b].at; });
    std::vector<std::string> texts;
    for (const std::size_t i : order) texts.push_back(drawn.texts[i]);
    const Outcome file = run(drawn.plan, texts, options_of(false), 1'000);
    if (std::any_of(file.windows.verdicts.begin(), file.windows.verdicts.end(),
                    [](const WindowVerdict& verdict) { return verdict.windows > 1; }))
      continue;
    ++compared;
    std::vector<std::string> as_file = words_of(file);
    const Outcome stream = run(drawn.plan, texts, options_of(true), static_cast<std::size_t>(1 + drawer.below(9)));
    std::vector<std::string> as_stream = words_of(stream);
    std::sort(as_file.begin(), as_file.end());
    std::sort(as_stream.begin(), as_stream.end());
    std::vector<std::string> differing;
    std::set_symmetric_difference(as_file.begin(), as_file.end(), as_stream.begin(), as_stream.end(),
                                  std::back_inserter(differing));
    INFO(told(drawn, seed));
    CHECK(stream.windows.late == 0);
    REQUIRE(differing == std::vector<std::string>());
  }
  CHECK(compared > 100);
}

/// What is exact: counts, extremes, sums of whole numbers, tallies.
std::shared_ptr<const Plan> exact_plan() {
  PlanBuilder builder;
  builder.at_most("x", kBound, "x.max");
  builder.time("at").every(10min);
  builder.plan().windows[0].segment = {builder.segment("land", {"DE"})};
  builder.plan().windows[0].max_segments = 4;
  builder.must({builder.call("row_count")}, 0, 20);
  builder.must({builder.call("min", {"x"})}, 0, 20);
  builder.must({builder.call("null_rate", {"c"})}, 0, 1);
  builder.must({builder.call("histogram", {"x"}, {10, 20})}, 0, 1);
  builder.when(builder.must({builder.call("distinct", {"x"})}, 0, 40), "c", "EUR");
  builder.must({builder.call("fail_rate", {}, {}, "x.max")}, 0, 0.5);
  builder.every(10min, 1h);
  builder.plan().windows[1].segment = builder.plan().windows[0].segment;
  builder.plan().windows[1].max_segments = 4;
  builder.must({builder.rate("rate", "c", "EUR")}, 0, 1);
  builder.must({builder.call("duplicate_count", {"x"})}, 0, 40);
  builder.session(30s, 6h);
  builder.must({builder.call("row_count")}, 0, 20);
  builder.whole();
  builder.must({builder.call("max", {"x"})}, 0, 60);
  return builder.build();
}

void hold_merge_law(std::size_t count, std::uint64_t seed, int cuts) {
  Drawer drawer(seed);
  std::vector<std::string> records;
  for (std::size_t i = 0; i < count; ++i) {
    const Instant at = instant("2026-01-01T00:00:00Z") + Duration(drawer.below(3 * kDay));
    std::string text = "{\"at\":\"" + format_timestamp(at) + "\"";
    text += ",\"land\":\"" + std::string(drawer.of({"DE", "FR", "SE", "NO", "DK", "FI", "IT"})) + "\"";
    text += ",\"x\":" + std::to_string(drawer.below(60));
    text += std::string(",\"c\":") + drawer.of({"\"EUR\"", "\"USD\"", "null"}) + "}";
    records.push_back(std::move(text));
  }
  EngineOptions options = options_of(false);
  options.samples_per_rule = 0;
  const auto plan = exact_plan();
  const auto written = [&](const std::vector<std::string>& mine, std::size_t batch) {
    Engine engine(plan, options);
    for (std::size_t at = 0; at < mine.size(); at += batch) {
      const MessageBlock block({mine.begin() + static_cast<std::ptrdiff_t>(at),
                                mine.begin() + static_cast<std::ptrdiff_t>(std::min(at + batch, mine.size()))});
      static_cast<void>(engine.step(block.messages(), options.now));
    }
    return engine.write_summaries();
  };
  const std::string whole = written(records, 1'000);
  const std::vector<std::string> expected = words_of(run(plan, records, options, 1'000));
  REQUIRE(expected.size() > 100);
  for (int cut = 0; cut < cuts; ++cut) {
    std::vector<std::vector<std::string>> parts(static_cast<std::size_t>(1 + drawer.below(8)));
    for (const std::string& record : records) {
      parts[static_cast<std::size_t>(drawer.below(static_cast<std::int64_t>(parts.size())))].push_back(record);
    }
    Engine merged(plan, options);
    for (std::vector<std::string>& part : parts) {
      std::shuffle(part.begin(), part.end(), drawer.random());
      REQUIRE(merged.merge_summaries(written(part, static_cast<std::size_t>(1 + drawer.below(2'000)))).ok());
    }
    CHECK(merged.write_summaries() == whole);
    CHECK(words_of(merged.finish()) == expected);
  }
}

TEST_CASE("runs over any parts of the input, merged, are the run over all of it to the byte") {
  hold_merge_law(3'000 * effort(), 1, 4);
}

TEST_CASE("runs over parts of many records, merged, are the run over all of it to the byte", "[long]") {
  hold_merge_law(100'000, 2, 10);
}

}  // namespace
}  // namespace weir::testing
