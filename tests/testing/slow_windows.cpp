// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_windows.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "base/key.h"

namespace weir::testing {

namespace {

using Records = std::vector<SlowRecord>;

std::int64_t floor_of(std::int64_t a, std::int64_t b) {
  std::int64_t q = a / b;
  if (q * b > a) --q;
  return q;
}

bool is_euro(const SlowRecord& record) {
  return record.c == "EUR";
}

/// Whether the rule about x judges the record, and whether it fails.
bool is_judged(const SlowRecord& record) {
  return record.x.has_value();
}
bool is_failing(const SlowRecord& record) {
  return is_judged(record) && *record.x > kBound;
}

// ---- segments

std::pair<std::uint64_t, std::uint64_t> lot_of(const std::optional<std::string>& land) {
  if (!land) return {0x9ae16a3b2f90404f, 0xc949d7c7509e6557};
  const Cell cell{.number = 0, .data = land->data(), .size = static_cast<std::uint32_t>(land->size()), .scale = 0};
  const Key key = key_of(Kind::Text, cell);
  return {key.high, key.low};
}

/// The segments of a block over the records that it counts, by name, with the records that lie in each.
struct Segmented {
  std::string name;
  std::function<bool(const SlowRecord&)> holds;
};

std::vector<Segmented> segments_of(const SlowBlock& block, const Records& records) {
  if (!block.by_land) return {{"", [](const SlowRecord&) { return true; }}};
  std::set<std::optional<std::string>> kept(block.listed.begin(), block.listed.end());
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::optional<std::string>> others;
  for (const SlowRecord& record : records) {
    if (!kept.contains(record.land)) others.emplace(lot_of(record.land), record.land);
  }
  std::size_t places = block.max_segments > kept.size() ? block.max_segments - kept.size() : 0;
  const bool has_other = others.size() > places;
  for (const auto& [lot, land] : others) {
    if (places-- == 0) break;
    kept.insert(land);
  }
  std::vector<Segmented> out;
  for (const auto& land : kept) {
    out.push_back({"land=" + (land ? "\"" + *land + "\"" : "null"),
                   [land](const SlowRecord& record) { return record.land == land; }});
  }
  std::sort(out.begin(), out.end(), [](const Segmented& a, const Segmented& b) { return a.name < b.name; });
  if (has_other) out.push_back({"__other__", [kept](const SlowRecord& record) { return !kept.contains(record.land); }});
  return out;
}

// ---- measures

std::optional<long double> measure(SlowMeasure what, const Records& records) {
  std::vector<long double> values;
  for (const SlowRecord& record : records) {
    if (record.x) values.push_back(static_cast<long double>(*record.x));
  }
  std::sort(values.begin(), values.end());
  long double sum = 0;
  for (const long double value : values) sum += value;
  const auto n = static_cast<long double>(values.size());
  const auto share = [](std::size_t part, std::size_t all) -> std::optional<long double> {
    if (all == 0) return std::nullopt;
    return static_cast<long double>(part) / static_cast<long double>(all);
  };
  const auto many = [&](auto holds) {
    return static_cast<std::size_t>(std::count_if(records.begin(), records.end(), holds));
  };
  switch (what) {
    case SlowMeasure::RowCount:
    case SlowMeasure::ChangeOfCount: return static_cast<long double>(records.size());
    case SlowMeasure::Sum: return values.empty() ? std::nullopt : std::optional(sum);
    case SlowMeasure::Mean: return values.empty() ? std::nullopt : std::optional(sum / n);
    case SlowMeasure::Variance: {
      if (values.size() < 2) return std::nullopt;
      long double squares = 0;
      for (const long double value : values) squares += (value - sum / n) * (value - sum / n);
      return squares / (n - 1);
    }
    case SlowMeasure::Min: return values.empty() ? std::nullopt : std::optional(values.front());
    case SlowMeasure::NullCount:
      return static_cast<long double>(many([](const SlowRecord& r) { return r.has_x && !r.x; }));
    case SlowMeasure::RateOfEuro:
      return share(many(is_euro), many([](const SlowRecord& r) { return r.c.has_value(); }));
    case SlowMeasure::FailRate: return share(many(is_failing), many(is_judged));
  }
  return std::nullopt;
}

class Evaluator {
 public:
  explicit Evaluator(const std::vector<SlowBlock>& blocks) : blocks_(blocks), before_(blocks.size()) {}

  /// One window of one segment: every rule.
  void judge(std::size_t b, std::int64_t start, std::int64_t end, std::uint64_t windows, const std::string& segment,
             const Records& records) {
    const SlowBlock& block = blocks_[b];
    for (std::size_t r = 0; r < block.rules.size(); ++r) {
      const SlowWindowRule& rule = block.rules[r];
      Records seen;
      for (const SlowRecord& record : records) {
        if (!rule.when_euro || is_euro(record)) seen.push_back(record);
      }
      SlowVerdict verdict{.block = b,
                          .rule = r,
                          .start = start,
                          .end = end,
                          .segment = segment,
                          .value = measure(rule.measure, seen),
                          .holds = false,
                          .windows = windows};
      if (rule.measure == SlowMeasure::ChangeOfCount) {
        std::map<std::int64_t, long double>& past = before_[b][{segment, rule.when_euro}];
        const long double count = *verdict.value;
        const auto at = past.lower_bound(end);
        verdict.value.reset();
        if (at != past.begin()) {
          const long double base = std::prev(at)->second;
          if (base != 0) verdict.value = (count - base) / base;
          if (base == 0 && count == 0) verdict.value = 0;
        }
        past[end] = count;
      }
      if (verdict.value) verdict.holds = *verdict.value >= rule.low && *verdict.value <= rule.high;
      answer_.verdicts.push_back(verdict);
    }
  }

  SlowAnswer& answer() { return answer_; }

 private:
  const std::vector<SlowBlock>& blocks_;
  std::vector<std::map<std::pair<std::string, bool>, std::map<std::int64_t, long double>>> before_;
  SlowAnswer answer_;
};

// ---- windows by time

std::int64_t bound_of(const SlowBlock& block, std::int64_t wall) {
  return block.zone == nullptr ? wall : block.zone->instant_of(Duration(wall)).time_since_epoch().count();
}
/// Weeks count from Monday, 1970-01-05, all else from the first day of 1970.
std::int64_t origin_of(const SlowBlock& block) {
  constexpr std::int64_t kDay = 86'400'000'000;
  return block.every % (7 * kDay) == 0 ? 4 * kDay : 0;
}
std::int64_t start_of(const SlowBlock& block, std::int64_t k) {
  return bound_of(block, origin_of(block) + k * block.every);
}
std::int64_t end_of(const SlowBlock& block, std::int64_t k) {
  return bound_of(block, origin_of(block) + k * block.every + block.size);
}
/// Some window that begins at or before the time, near it.
std::int64_t window_near(const SlowBlock& block, std::int64_t time) {
  constexpr std::int64_t kDay = 86'400'000'000;
  const std::int64_t shifted = block.zone == nullptr ? 0 : 2 * kDay;  // clocks there are hours ahead or behind
  return floor_of(time - origin_of(block) - block.size - shifted, block.every) - 1;
}

Records between(const Records& records, std::int64_t start, std::int64_t end) {
  Records out;
  for (const SlowRecord& record : records) {
    if (*record.at >= start && *record.at < end) out.push_back(record);
  }
  return out;
}

/// Windows from `from` on up to and with `to` that overlap the time from the first to the last of the records that count; runs
/// of more than 1 000 empty ones as one. A stream knows of a segment that is not listed from the window on that holds its
/// first record.
void judge_windows(Evaluator& evaluator, std::size_t b, const SlowBlock& block, const Records& counted,
                   const Records& records, std::int64_t from, std::int64_t to, bool as_stream = false) {
  if (counted.empty()) return;
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const SlowRecord& record : counted) {
    first = std::min(first, *record.at);
    last = std::max(last, *record.at);
  }
  struct One {
    std::int64_t k;
    Records records;
  };
  std::vector<One> windows;
  for (std::int64_t k = std::max(from, window_near(block, first)); k <= to && start_of(block, k) <= last; ++k) {
    if (end_of(block, k) <= first || start_of(block, k) == end_of(block, k)) continue;
    windows.push_back({k, between(records, start_of(block, k), end_of(block, k))});
  }
  const std::vector<Segmented> segments = segments_of(block, records);
  for (std::size_t i = 0; i < windows.size();) {
    std::size_t empty = i;
    while (empty < windows.size() && windows[empty].records.empty()) ++empty;
    const std::size_t run = empty - i > 1'000 ? empty - i : 1;
    for (const Segmented& segment : segments) {
      const bool listed = std::any_of(block.listed.begin(), block.listed.end(),
                                      [&](const std::string& land) { return segment.name == "land=\"" + land + "\""; });
      const bool known = !as_stream || !block.by_land || listed ||
                         std::any_of(records.begin(), records.end(), [&](const SlowRecord& record) {
                           return segment.holds(record) && *record.at < end_of(block, windows[i].k);
                         });
      if (!known) continue;
      Records mine;
      for (const SlowRecord& record : windows[i].records) {
        if (segment.holds(record)) mine.push_back(record);
      }
      evaluator.judge(b, start_of(block, windows[i].k), end_of(block, windows[i + run - 1].k), run, segment.name, mine);
    }
    i += run;
  }
}

// ---- the other kinds

void judge_sessions(Evaluator& evaluator, std::size_t b, const SlowBlock& block, const Records& counted) {
  struct Session {
    std::int64_t end;
    std::size_t order;
    std::string segment;
    Records records;
  };
  std::vector<Session> sessions;
  const std::vector<Segmented> segments = segments_of(block, counted);
  for (std::size_t s = 0; s < segments.size(); ++s) {
    Records mine;
    for (const SlowRecord& record : counted) {
      if (segments[s].holds(record)) mine.push_back(record);
    }
    std::stable_sort(mine.begin(), mine.end(), [](const auto& a, const auto& c) { return *a.at < *c.at; });
    for (const SlowRecord& record : mine) {
      const std::int64_t stretch = floor_of(*record.at, block.longest);
      const bool goes_on = !sessions.empty() && sessions.back().order == s &&
                           *record.at - *sessions.back().records.back().at <= block.gap &&
                           floor_of(*sessions.back().records.back().at, block.longest) == stretch;
      if (!goes_on) sessions.push_back({0, s, segments[s].name, {}});
      sessions.back().records.push_back(record);
      sessions.back().end = std::min(*record.at + block.gap, (stretch + 1) * block.longest);
    }
  }
  std::stable_sort(sessions.begin(), sessions.end(), [](const Session& a, const Session& c) {
    return a.end != c.end ? a.end < c.end : a.order < c.order;
  });
  for (const Session& session : sessions) {
    evaluator.judge(b, *session.records.front().at, session.end, 1, session.segment, session.records);
  }
}

void judge_counts(Evaluator& evaluator, std::size_t b, const SlowBlock& block, const Records& counted) {
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, Records> windows;  // input, ordinal, segment
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> so_far;
  const std::vector<Segmented> segments = segments_of(block, counted);
  for (const SlowRecord& record : counted) {
    for (std::size_t s = 0; s < segments.size(); ++s) {
      if (!segments[s].holds(record)) continue;
      const std::size_t ordinal = so_far[{record.input, s}]++ / static_cast<std::size_t>(block.count);
      windows[{record.input, ordinal, s}].push_back(record);
    }
  }
  for (const auto& [place, records] : windows) {
    evaluator.judge(b, 0, 0, 1, segments[std::get<2>(place)].name, records);
  }
}

Records counted_by(const SlowBlock& block, const Records& records) {
  const bool by_time = block.kind == WindowKind::Time || block.kind == WindowKind::Session;
  Records out;
  for (const SlowRecord& record : records) {
    if ((by_time && !record.at) || (block.accepted && is_failing(record))) continue;
    out.push_back(record);
  }
  return out;
}

/// Every window of the block that was judged, with all records: the segments that it was judged for, and those that have a
/// record in it.
void judge_again(Evaluator& evaluator, std::size_t b, const SlowBlock& block, const Records& records) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::set<std::string>> judged;
  for (const SlowVerdict& verdict : evaluator.answer().verdicts) {
    if (verdict.block == b) judged[{verdict.start, verdict.end}].insert(verdict.segment);
  }
  for (const auto& [window, names] : judged) {
    const Records held = between(records, window.first, window.second);
    for (const Segmented& segment : segments_of(block, records)) {
      Records mine;
      std::copy_if(held.begin(), held.end(), std::back_inserter(mine), segment.holds);
      if (mine.empty() && !names.contains(segment.name)) continue;
      evaluator.judge(b, window.first, window.second, 1, segment.name, mine);
    }
  }
}

}  // namespace

SlowAnswer judge_slowly(const std::vector<SlowBlock>& blocks, const Records& records) {
  Evaluator evaluator(blocks);
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const SlowBlock& block = blocks[b];
    const Records counted = counted_by(block, records);
    switch (block.kind) {
      case WindowKind::Whole:
        for (const Segmented& segment : segments_of(block, counted)) {
          Records mine;
          std::copy_if(counted.begin(), counted.end(), std::back_inserter(mine), segment.holds);
          evaluator.judge(b, 0, 0, 1, segment.name, mine);
        }
        break;
      case WindowKind::Time:
        judge_windows(evaluator, b, block, counted, counted, std::numeric_limits<std::int64_t>::min(),
                      std::numeric_limits<std::int64_t>::max());
        break;
      case WindowKind::Session: judge_sessions(evaluator, b, block, counted); break;
      case WindowKind::Count: judge_counts(evaluator, b, block, counted); break;
    }
  }
  return evaluator.answer();
}

SlowAnswer stream_slowly(const std::vector<SlowBlock>& blocks, const Records& records, std::int64_t out_of_order) {
  Evaluator evaluator(blocks);
  std::optional<std::int64_t> watermark;
  std::vector<Records> counted(blocks.size());
  std::vector<Records> held(blocks.size());  // also what is late, where it revises
  std::vector<std::int64_t> done(blocks.size(), std::numeric_limits<std::int64_t>::min());  // windows up to this one
  const auto newest = [](const Records& of) { return *std::ranges::max_element(of, {}, &SlowRecord::at)->at; };
  const auto is_over = [&](const SlowBlock& block, std::int64_t k, std::optional<std::int64_t> at) {
    return at && end_of(block, k) + block.lateness <= *at;
  };
  /// The last window that is over, of those that begin by the newest record if there is any.
  const auto last_over = [&](const SlowBlock& block, std::int64_t at, const Records& of) {
    std::int64_t k = window_near(block, at - block.lateness) - 1;
    while (is_over(block, k + 1, at)) ++k;
    while (!of.empty() && start_of(block, k) > newest(of)) --k;
    return k;
  };
  for (const SlowRecord& record : records) {
    if (!record.at) continue;
    bool late = false;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const SlowBlock& block = blocks[b];
      if (block.accepted && is_failing(record)) continue;
      bool in_any = false;
      bool in_open = false;
      for (std::int64_t k = window_near(block, *record.at); start_of(block, k) <= *record.at; ++k) {
        if (end_of(block, k) <= *record.at) continue;
        in_any = true;
        in_open = in_open || !is_over(block, k, watermark);
      }
      const bool counts = in_open || !in_any;
      if (counts && watermark) {
        // What was over before it came is judged without it, but not what was over before anything counted.
        Records reached = counted[b];
        if (!reached.empty()) reached.push_back(record);
        const std::int64_t last = last_over(block, *watermark, reached);
        judge_windows(evaluator, b, block, reached, held[b], done[b] + 1, last, true);
        done[b] = std::max(done[b], last);
      }
      if (counts || block.revise) held[b].push_back(record);
      if (counts) counted[b].push_back(record);
      late = late || (in_any && !in_open);
    }
    if (late) ++evaluator.answer().late;
    if (watermark && *record.at - out_of_order <= *watermark) continue;
    watermark = *record.at - out_of_order;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      if (counted[b].empty()) continue;
      const std::int64_t last = last_over(blocks[b], *watermark, counted[b]);
      judge_windows(evaluator, b, blocks[b], counted[b], held[b], done[b] + 1, last, true);
      done[b] = std::max(done[b], last);
    }
  }
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    judge_windows(evaluator, b, blocks[b], counted[b], held[b], done[b] + 1, std::numeric_limits<std::int64_t>::max(),
                  true);
    if (blocks[b].revise) judge_again(evaluator, b, blocks[b], held[b]);
  }
  return evaluator.answer();
}

}  // namespace weir::testing
