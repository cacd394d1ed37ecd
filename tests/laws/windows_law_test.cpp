// SPDX-License-Identifier: Apache-2.0
// Windows against a slow evaluator that keeps every record, and against themselves over every way to cut the input.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "laws/runs.h"
#include "testing/slow_windows.h"
#include "testing/window_plan.h"

namespace weir::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

/// A TZif file without changes, but with the rule of Central Europe.
std::shared_ptr<const Zone> berlin() {
  const auto block = [] {
    std::string out = "TZif2";
    out.append(15, '\0');
    for (const char count : {'\0', '\0', '\0', '\0', '\1', '\4'}) out += std::string(3, '\0') + count;
    return out + std::string(6, '\0') + std::string("UTC\0", 4);
  };
  const auto zone = Zone::read(block() + block() + "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
  REQUIRE(zone.ok());
  return std::make_shared<const Zone>(*zone);
}

/// A plan, the same as the slow evaluator takes it, and records for both.
struct Case {
  std::shared_ptr<const Plan> plan;
  std::vector<SlowBlock> blocks;
  std::vector<SlowRecord> records;
  std::vector<std::string> texts;
  std::int64_t out_of_order = 0;
};

class Drawer {
 public:
  explicit Drawer(std::uint64_t seed) : random_(seed) {
    static const std::shared_ptr<const Zone> zone = berlin();
    zone_ = zone;
  }

  std::int64_t below(std::int64_t limit) { return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random_); }
  bool chance(std::int64_t one_in) { return below(one_in) == 0; }
  template <class T>
  T of(std::initializer_list<T> choices) {
    return *(choices.begin() + below(static_cast<std::int64_t>(choices.size())));
  }

  Case draw(bool as_stream) {
    Case out;
    PlanBuilder builder;
    builder.at_most("x", kBound, "x.max");
    if (as_stream || !chance(20)) builder.time("at");
    const bool timed = builder.plan().time.column != EventTime::kNone;
    out.out_of_order = of({std::int64_t{0}, kSecond, 10 * kSecond, 5 * kMinute});
    builder.plan().time.out_of_order = Duration(out.out_of_order);
    unit_ = of({kSecond, kMinute, kHour, kDay});
    const std::int64_t blocks = 1 + below(3);
    const bool segments = !as_stream || blocks == 1;
    for (std::int64_t b = 0; b < blocks; ++b) add_block(builder, out, as_stream, timed, segments);
    add_records(out, timed, as_stream);
    out.plan = builder.build();
    return out;
  }

  std::mt19937_64& random() { return random_; }

 private:
  void add_block(PlanBuilder& builder, Case& out, bool as_stream, bool timed, bool segments) {
    SlowBlock slow;
    const std::int64_t kind = as_stream ? 0 : timed ? below(6) : 4 + below(2);
    WindowBlock* block = nullptr;
    if (kind <= 2) {
      slow.kind = WindowKind::Time;
      slow.every = unit_ * (1 + below(4));
      slow.size = chance(2) ? slow.every : unit_ * (1 + below(12));
      block = &builder.every(Duration(slow.every), slow.size == slow.every ? 0s : Duration(slow.size));
      if (slow.every % kDay == 0 && slow.size % kDay == 0 && chance(2)) {
        block->zone = "Europe/Berlin";
        block->zone_rules = zone_;
        slow.zone = zone_.get();
      }
      slow.lateness = of({std::int64_t{0}, kSecond, 30 * kSecond, unit_});
      block->lateness = Duration(slow.lateness);
    } else if (kind == 3) {
      slow.kind = WindowKind::Session;
      slow.gap = unit_ / (1 + below(3));
      slow.longest = unit_ * (1 + below(20));
      block = &builder.session(Duration(slow.gap), Duration(slow.longest));
    } else if (kind == 4) {
      slow.kind = WindowKind::Count;
      slow.count = 1 + below(6);
      block = &builder.count(static_cast<std::uint64_t>(slow.count));
    } else {
      block = &builder.whole();
    }
    if (segments && chance(2)) {
      slow.by_land = true;
      if (chance(2)) slow.listed = {"DE", "XX"};
      const bool pushes = !as_stream && slow.kind != WindowKind::Count;
      slow.max_segments = pushes ? static_cast<std::size_t>(1 + below(6)) : 100;
      block->segment = {builder.segment("land", slow.listed)};
      block->max_segments = static_cast<std::uint32_t>(slow.max_segments);
    }
    slow.accepted = block->accepted_only = chance(5);
    const std::int64_t rules = 1 + below(3);
    for (std::int64_t r = 0; r < rules; ++r) add_rule(builder, slow);
    out.blocks.push_back(std::move(slow));
  }

  void add_rule(PlanBuilder& builder, SlowBlock& slow) {
    SlowWindowRule rule;
    rule.measure = static_cast<SlowMeasure>(below(9));
    // Count windows without times have no ends to order their history by here.
    if (rule.measure == SlowMeasure::ChangeOfCount && slow.kind != WindowKind::Time) rule.measure = SlowMeasure::Sum;
    rule.when_euro = chance(3);
    rule.low = static_cast<double>(below(5)) - 1;
    rule.high = rule.low + static_cast<double>(below(200));
    std::vector<MeasureCall> calls;
    switch (rule.measure) {
      case SlowMeasure::RowCount: calls = {builder.call("row_count")}; break;
      case SlowMeasure::Sum: calls = {builder.call("sum", {"x"})}; break;
      case SlowMeasure::Mean: calls = {builder.call("mean", {"x"})}; break;
      case SlowMeasure::Variance: calls = {builder.call("variance", {"x"})}; break;
      case SlowMeasure::Min: calls = {builder.call("min", {"x"})}; break;
      case SlowMeasure::NullCount: calls = {builder.call("null_count", {"x"})}; break;
      case SlowMeasure::RateOfEuro: calls = {builder.rate("rate", "c", "EUR")}; break;
      case SlowMeasure::FailRate: calls = {builder.call("fail_rate", {}, {}, "x.max")}; break;
      case SlowMeasure::ChangeOfCount: {
        MeasureCall change = builder.call("change");
        change.inner = 0;
        change.baseline.kind = Baseline::Kind::Last;
        calls = {builder.call("row_count"), change};
        break;
      }
    }
    WindowRule& written = builder.must(std::move(calls), rule.low, rule.high);
    if (rule.when_euro) builder.when(written, "c", "EUR");
    slow.rules.push_back(rule);
  }

  void add_records(Case& out, bool timed, bool as_stream) {
    const Instant origin =
        instant(of({"2026-03-28T20:00:00Z", "2026-10-25T00:30:00Z", "1969-12-31T23:00:00Z", "0004-02-29T00:00:00Z"}));
    std::int64_t at = origin.time_since_epoch().count();
    const std::int64_t records = chance(30) ? 0 : 1 + below(40);
    for (std::int64_t i = 0; i < records; ++i) {
      at += chance(8) ? below(20 * unit_) : below(unit_);
      if (!as_stream && chance(150)) at += 1'500 * unit_;
      SlowRecord record;
      std::int64_t mine = chance(3) ? at - below(4 * unit_) : at;
      if (chance(10)) mine = mine / unit_ * unit_;  // on a boundary
      record.at = mine;
      std::string text = "{\"at\":" + time_text(record);
      if (!timed) record.at.reset();
      if (!chance(6)) {
        record.land = of({"DE", "FR", "SE", "NO", "DK", "FI", "IT"});
        text += ",\"land\":\"" + *record.land + "\"";
      } else if (chance(2)) {
        text += ",\"land\":null";
      }
      if (!chance(6)) {
        record.has_x = true;
        if (!chance(5)) record.x = below(70) - 5;
        text += ",\"x\":" + (record.x ? std::to_string(*record.x) : "null");
      }
      if (!chance(5)) {
        record.c = of({"EUR", "USD"});
        text += ",\"c\":\"" + *record.c + "\"";
      }
      out.records.push_back(record);
      out.texts.push_back(text + "}");
    }
  }

  std::string time_text(SlowRecord& record) {
    const Instant instant{Duration(*record.at)};
    if (chance(40)) {
      record.at.reset();
      return of({"\"soon\"", "null", "[]", "\"2026-02-30T00:00:00Z\""});
    }
    std::string text = format_timestamp(instant);
    if (chance(10)) text.back() = ' ', text.pop_back();  // no zone: UTC
    if (chance(10) && text.back() == 'Z') text = format_timestamp(instant + 2h).substr(0, text.size() - 1) + "+02:00";
    return "\"" + text + "\"";
  }

  std::mt19937_64 random_;
  std::shared_ptr<const Zone> zone_;
  std::int64_t unit_ = kMinute;
};

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

/// The first difference, or "".
std::string difference(const Case& drawn, const SlowAnswer& slow, const Outcome& outcome) {
  std::vector<std::size_t> first_rule;
  std::size_t rules = 0;
  for (const SlowBlock& block : drawn.blocks) {
    first_rule.push_back(rules);
    rules += block.rules.size();
  }
  // Blocks without any window say so at the end; the slow evaluator says nothing of them.
  std::vector<WindowVerdict> said;
  for (const WindowVerdict& verdict : outcome.windows.verdicts) {
    const bool none = verdict.observed.kind == Measured::Kind::NoData && verdict.cause.starts_with("no record belongs");
    const bool nothing =
        verdict.cause == "there was no record" || verdict.cause == "no record has a time that can be read";
    if (!none && !nothing) said.push_back(verdict);
  }
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
    const auto value = got.observed.as_number();
    same = same && value.has_value() == want.value.has_value();
    if (same && value) {
      const long double scale = std::max<long double>(1, std::fabs(*want.value));
      same = std::fabs(static_cast<long double>(*value) - *want.value) <= 1e-12L * scale;
      same = same && (got.verdict == Verdict::Pass) == want.holds;
    }
    if (same && !value) same = got.verdict == Verdict::NoData;
    if (!same) return "expected " + describe(want, rule) + "\nbut got " + describe(got);
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

TEST_CASE("windows of a file come to what the slow evaluator finds") {
  compare(0, 2'500 * effort(), false);
}

TEST_CASE("windows of a stream come to what the slow evaluator finds") {
  compare(0, 2'500 * effort(), true);
}

TEST_CASE("many more windows come to what the slow evaluator finds", "[long]") {
  compare(1'000'000, 1'100'000, false);
  compare(1'000'000, 1'100'000, true);
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
