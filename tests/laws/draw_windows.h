// SPDX-License-Identifier: Apache-2.0
// Draws plans with windows and records for them from a seed, for the product and for the slow evaluator.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "testing/slow_windows.h"
#include "testing/window_plan.h"

namespace weir::testing {

inline constexpr std::int64_t kSecond = 1'000'000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

/// A TZif file without changes, but with the rule of Central Europe.
inline std::shared_ptr<const Zone> berlin() {
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

  Case draw(bool as_stream, bool revise = false) {
    Case out;
    revise_ = revise;
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

  /// For a stream of several partitions, or of one with all that a stream may have: late records, count windows.
  Case draw_partitions(bool several) {
    Case out;
    PlanBuilder builder;
    builder.at_most("x", kBound, "x.max");
    builder.time("at");
    unit_ = of({kSecond, kMinute, kHour, kDay});
    live_ = true;
    several_ = several;
    const std::int64_t blocks = 1 + below(3);
    for (std::int64_t b = 0; b < blocks; ++b) add_block(builder, out, false, true, true);
    add_records(out, true, true);
    out.out_of_order = of({std::int64_t{0}, kSecond, 10 * kSecond, 5 * kMinute});
    if (several) out.out_of_order = disorder_of(out);
    builder.plan().time.out_of_order = Duration(out.out_of_order);
    out.plan = builder.build();
    return out;
  }

  std::mt19937_64& random() { return random_; }

 private:
  /// The most that a record comes behind an earlier one.
  static std::int64_t disorder_of(const Case& drawn) {
    std::int64_t newest = INT64_MIN;
    std::int64_t out = 0;
    for (const SlowRecord& record : drawn.records) {
      if (!record.at) continue;
      newest = std::max(newest, *record.at);
      out = std::max(out, newest - *record.at);
    }
    return out;
  }

  void add_block(PlanBuilder& builder, Case& out, bool as_stream, bool timed, bool segments) {
    SlowBlock slow;
    std::int64_t kind = as_stream ? 0 : timed ? below(6) : 4 + below(2);
    if (several_ && kind == 4) kind = 0;
    WindowBlock* block = nullptr;
    if (kind <= 2) {
      slow.kind = WindowKind::Time;
      slow.every = unit_ * (1 + below(4));
      if (unit_ == kDay && chance(3)) slow.every = 7 * kDay * (1 + below(2));
      slow.size = chance(2) ? slow.every : unit_ * (1 + below(12));
      block = &builder.every(Duration(slow.every), slow.size == slow.every ? Duration(0) : Duration(slow.size));
      if (slow.every % kDay == 0 && slow.size % kDay == 0 && chance(2)) {
        block->zone = "Europe/Berlin";
        block->zone_rules = zone_;
        slow.zone = zone_.get();
      }
      slow.lateness = of({std::int64_t{0}, kSecond, 30 * kSecond, unit_});
      block->lateness = Duration(slow.lateness);
      if (live_) block->late = of({LatePolicy::Count, LatePolicy::Count, LatePolicy::Revise});
    } else if (kind == 3) {
      slow.kind = WindowKind::Session;
      slow.gap = unit_ / (1 + below(3));
      slow.longest = unit_ * (1 + below(20));
      block = &builder.session(Duration(slow.gap), Duration(slow.longest));
      if (live_) block->lateness = Duration(of({std::int64_t{0}, kSecond, 30 * kSecond, unit_}));
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
      const bool pushes = !as_stream && !live_ && slow.kind != WindowKind::Count;
      slow.max_segments = pushes ? static_cast<std::size_t>(1 + below(6)) : 100;
      block->segment = {builder.segment("land", slow.listed)};
      block->max_segments = static_cast<std::uint32_t>(slow.max_segments);
    }
    slow.accepted = block->accepted_only = !revise_ && !(live_ && slow.by_land) && chance(5);
    if (revise_ && slow.kind == WindowKind::Time) block->late = LatePolicy::Revise;
    slow.revise = block->late == LatePolicy::Revise;
    const std::int64_t rules = 1 + below(3);
    for (std::int64_t r = 0; r < rules; ++r) add_rule(builder, slow);
    out.blocks.push_back(std::move(slow));
  }

  void add_rule(PlanBuilder& builder, SlowBlock& slow) {
    SlowWindowRule rule;
    rule.measure = static_cast<SlowMeasure>(below(9));
    // Count windows without times have no ends to order their history by here.
    // What looks back compares with what was told by then, and how much of it was revised by then depends on who judges when.
    const bool no_past = slow.kind != WindowKind::Time || slow.revise;
    if (rule.measure == SlowMeasure::ChangeOfCount && no_past) rule.measure = SlowMeasure::Sum;
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
        change.baseline.kind = Lookback::Kind::Last;
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
    if (chance(10)) text.pop_back();  // no zone: UTC
    if (chance(10) && text.back() == 'Z')
      text = format_timestamp(instant + std::chrono::hours(2)).substr(0, text.size() - 1) + "+02:00";
    return "\"" + text + "\"";
  }

  std::mt19937_64 random_;
  std::shared_ptr<const Zone> zone_;
  std::int64_t unit_ = kMinute;
  bool live_ = false;
  bool several_ = false;
  bool revise_ = false;
};

}  // namespace weir::testing
