// SPDX-License-Identifier: Apache-2.0
// From a pane to verdicts.
#include "windows/judge.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/zone.h"
#include "windows/memory_history.h"

namespace weir {

namespace {

constexpr std::size_t kForecastValues = 64;
constexpr int kSeasonDays = 8;
constexpr std::size_t kMostPast = 10'000;
constexpr std::size_t kMostNewest = 100'000;
constexpr std::int64_t kFar = 400'000'000'000'000'000;  // the years -9999 to 9999, about
constexpr Duration kDay = std::chrono::hours(24);

bool is_fail(Verdict verdict) {
  return verdict == Verdict::Fail || verdict == Verdict::Warn;
}

}  // namespace

int weight_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::Fail: return 5;
    case Verdict::Error: return 4;
    case Verdict::Warn: return 3;
    case Verdict::Inconclusive: return 2;
    case Verdict::NoData: return 1;
    case Verdict::Pass: break;
  }
  return 0;
}

WindowJudge::WindowJudge(const Plan& plan, const Layout& layout, const Options& options)
    : plan_(plan),
      layout_(layout),
      options_(options),
      of_nothing_(plan.window_rules.size()),
      failing_shown_(plan.window_rules.size(), 0),
      others_shown_(plan.window_rules.size(), 0) {
  for (const Grid& grid : layout.grids) empty_.emplace_back(grid.spec);
  if (plan.drift_rules.empty() || options.make_drift == nullptr) return;
  if (options.history == nullptr) own_history_ = std::make_unique<MemoryHistory>();
  drift_ = options.make_drift(plan, options.history == nullptr ? *own_history_ : *options.history);
}

void WindowJudge::judge(const BoundBlock& block, const Extent& extent, const Pane* pane, const Segments& segments,
                        std::uint32_t segment, WindowOutcome& out) {
  Window window{.block = block,
                .written = plan_.windows[block.block],
                .extent = extent,
                .pane = pane == nullptr ? empty_[block.grid] : *pane,
                .segment = segments.name(segment),
                .score = {}};
  for (const BoundRule& rule : block.rules) {
    if (rule.drift >= 0) {
      collect_drift(window, rule, segment);
      continue;
    }
    if (rule.scores) {
      Tally all = window.score;
      for (const std::int32_t tally : rule.score_tallies) {
        const Tally records = window.pane.tally(tally);
        all.known += records.known > 0 ? 1U : 0U;
        all.hits += records.known > 0 && records.hits == 0 ? 1U : 0U;
      }
      const Tally rules = std::exchange(window.score, all);
      count(rule.rule, window.written.kind, extent, decide(window, rule, pane == nullptr), segments, segment, out);
      window.score = rules;
      continue;
    }
    Deciding decided = decide(window, rule, pane == nullptr);
    if (decided.verdict == Verdict::Pass || is_fail(decided.verdict)) ++window.score.known;
    if (decided.verdict == Verdict::Pass) ++window.score.hits;
    count(rule.rule, window.written.kind, extent, std::move(decided), segments, segment, out);
  }
}

/// Most windows of most segments may be empty, and most rules say the same of all of these.
WindowJudge::Deciding WindowJudge::decide(const Window& window, const BoundRule& bound, bool empty) {
  const auto remembered = [this](const std::vector<BoundCall>& calls) {
    return std::any_of(calls.begin(), calls.end(), [this](const BoundCall& call) { return is_remembered(call); });
  };
  if (!empty || bound.looks_back || bound.scores || window.extent.windows > 1 || remembered(bound.must) ||
      remembered(bound.should))
    return decide_anew(window, bound);
  std::optional<Deciding>& known = of_nothing_[bound.rule];
  if (!known) known = decide_anew(window, bound);
  return *known;
}

WindowJudge::Deciding WindowJudge::decide_anew(const Window& window, const BoundRule& bound) {
  const WindowRule& rule = plan_.window_rules[bound.rule];
  Deciding out;
  bool any = false;
  const auto take = [&](const WindowCondition& condition, const std::vector<BoundCall>& calls, Verdict broken) {
    if (condition.condition == nullptr) return;
    Judgement judgement = judge(window, condition, calls);
    const Verdict verdict = judgement.verdict == Verdict::Fail ? broken : judgement.verdict;
    if (any && weight_of(verdict) <= weight_of(out.verdict)) return;
    out.verdict = verdict;
    out.judgement = std::move(judgement);
    out.said = condition.condition.get();
    any = true;
  };
  take(rule.must, bound.must, Verdict::Fail);
  take(rule.should, bound.should, Verdict::Warn);
  if (out.verdict == Verdict::NoData && rule.on_empty != OnEmpty::Pass)
    out.verdict = rule.on_empty == OnEmpty::Fail ? Verdict::Fail : Verdict::Warn;
  return out;
}

Judgement WindowJudge::judge(const Window& window, const WindowCondition& condition,
                             const std::vector<BoundCall>& calls) {
  std::vector<Measured>& values = values_;
  values.clear();
  for (std::size_t i = 0; i < condition.calls.size(); ++i) {
    values.push_back(measure(window, condition.calls[i], calls[i], calls, values));
    if (!is_remembered(calls[i])) continue;
    const std::optional<double> number = values.back().as_number();
    if (!number || !std::isfinite(*number)) continue;
    const std::string series = window.segment.empty() ? calls[i].series : calls[i].series + " | " + window.segment;
    options_.history->add(series, {.at = window.extent.at, .value = *number});
  }
  return condition.condition->judge(values);
}

Measured WindowJudge::measure(const Window& window, const MeasureCall& call, const BoundCall& bound,
                              const std::vector<BoundCall>& calls, std::span<const Measured> before) {
  const Pane& pane = window.pane;
  if (!call.stream.empty() && !streams_.contains(call.stream))
    return Measured::no_data("no input was read as `" + call.stream + "`");
  if (call.spec->source == MeasureSource::Drift) return distance(pane, call, bound);
  if (call.spec->source == MeasureSource::Rule && bound.tally < 0)
    return Measured::fault("there is no rule `" + call.text + "` over single records");
  MeasureInput input;
  input.start = window.extent.start;
  input.end = window.extent.end;
  input.has_span = window.extent.has_span;
  const Pane::Span& span = pane.span(bound.lens);
  input.rows = span.rows;
  if (bound.field >= 0) input.field = &pane.field(bound.field);
  if (bound.second >= 0) input.second = &pane.field(bound.second);
  if (bound.joint >= 0) input.joint = &pane.joint(bound.joint);
  if (bound.schema >= 0) input.schema = &pane.schema(bound.schema);
  if (bound.tally >= 0) input.tally = pane.tally(bound.tally);
  if (call.spec->source == MeasureSource::Score) input.tally = window.score;
  input.numbers = call.numbers;
  input.text = call.text;
  if (call.spec->name == "freshness" && bound.field >= 0) input.newest_before = newest_before(window, bound);
  std::vector<double> past;
  std::vector<double> season;
  if (call.inner >= 0) {
    const auto inner = static_cast<std::size_t>(call.inner);
    input.inner = &before[inner];
    std::string series = calls[inner].series;
    if (!window.segment.empty()) series += " | " + window.segment;
    past = past_of(window, call, series);
    if (call.spec->name == "forecast") season = season_of(window, series);
    input.past = past;
    input.season = season;
  }
  return call.spec->compute(input);
}

/// The newest value of the field in the windows before this one; the one of this window is remembered for those to come.
std::optional<Instant> WindowJudge::newest_before(const Window& window, const BoundCall& bound) {
  const std::string series = bound.series + " | " + window.segment;
  auto known = newest_.find(series);
  // A history that outlives the process gives back what was known before it. As a number: exact until the year 2255.
  const std::string kept = "newest | " + series;
  const bool keeps = options_.keep_newest && options_.history != nullptr;
  if (known == newest_.end() && keeps) {
    const std::vector<PastValue> past = options_.history->past(kept, Instant::min(), window.extent.at, 1);
    if (!past.empty() && std::fabs(past[0].value) < static_cast<double>(kFar) && newest_.size() < kMostNewest)
      known = newest_.emplace(series, Instant(Duration(std::llround(past[0].value)))).first;
  }
  std::optional<Instant> before;
  if (known != newest_.end() && known->second <= window.extent.end) before = known->second;
  const std::optional<Instant> latest = window.pane.field(bound.field).extremes()->latest();
  if (!latest) return before;
  if (known == newest_.end()) {
    if (newest_.size() < kMostNewest) newest_.emplace(series, *latest);
  } else {
    known->second = std::max(known->second, *latest);
  }
  if (keeps) {
    const Instant newest = std::max(*latest, before.value_or(Instant::min()));
    options_.history->add(kept,
                          {.at = window.extent.at, .value = static_cast<double>(newest.time_since_epoch().count())});
  }
  return before;
}

std::vector<double> WindowJudge::past_of(const Window& window, const MeasureCall& call, const std::string& series) {
  if (options_.history == nullptr) return {};
  const auto newest = [&](std::size_t most) {
    std::vector<double> out;
    for (const PastValue& value :
         options_.history->past(series, Instant::min(), window.extent.at, std::min(most, kMostPast))) {
      out.push_back(value.value);
    }
    return out;
  };
  const auto slot = [&](Duration ago) {
    const std::optional<double> value = value_at(window, series, ago);
    return value ? std::vector<double>{*value} : std::vector<double>();
  };
  switch (call.baseline.kind) {
    case Lookback::Kind::Last: return newest(1);
    case Lookback::Kind::Average: return newest(call.baseline.windows);
    case Lookback::Kind::SameHour: return slot(std::chrono::hours(1));
    case Lookback::Kind::SameDay: return slot(kDay);
    case Lookback::Kind::SameWeek: return slot(7 * kDay);
    case Lookback::Kind::None: break;
  }
  if (call.spec->name == "z_score" && !call.numbers.empty() && call.numbers[0] >= 1)
    return newest(static_cast<std::size_t>(std::min<double>(call.numbers[0], kMostPast)));
  return call.spec->name == "forecast" ? newest(kForecastValues) : std::vector<double>();
}

std::vector<double> WindowJudge::season_of(const Window& window, const std::string& series) {
  std::vector<double> out;
  for (int day = kSeasonDays; day >= 1; --day) {
    if (const std::optional<double> value = value_at(window, series, day * kDay)) out.push_back(*value);
  }
  return out;
}

/// The value of the window that ended so much earlier, by clocks of the block's zone. Whole inputs end when they are
/// judged, never at the same time of day: for them, the nearest within half of the period.
std::optional<double> WindowJudge::value_at(const Window& window, const std::string& series, Duration ago) {
  if (options_.history == nullptr) return std::nullopt;
  const Instant at = window.extent.at;
  if (window.written.kind != WindowKind::Time) {
    const Duration half = ago / 2;
    std::optional<PastValue> nearest;
    for (const PastValue& value : options_.history->past(series, at - ago - half, at - half, kMostPast)) {
      const auto distance = [&](const PastValue& v) { return std::chrono::abs(at - ago - v.at); };
      if (!nearest || distance(value) <= distance(*nearest)) nearest = value;
    }
    return nearest ? std::optional(nearest->value) : std::nullopt;
  }
  Instant wanted = at - ago;
  if (layout_.grids[window.block.grid].by_zone) {
    const Zone& zone = *window.written.zone_rules;
    wanted = zone.instant_of(zone.local(at) - ago);
  }
  const std::vector<PastValue> found = options_.history->past(series, wanted, wanted + Duration(1), 1);
  return found.empty() ? std::nullopt : std::optional(found.front().value);
}

std::string WindowJudge::expected_of(std::uint32_t rule, const Deciding& decided) const {
  if (decided.said != nullptr) return decided.said->expected();
  if (decided.drift != nullptr && !decided.drift->expected.empty()) return decided.drift->expected;
  return plan_.window_rules[rule].drift >= 0 ? plan_.window_rules[rule].info.expected : std::string();
}

void WindowJudge::count(std::uint32_t rule, WindowKind kind, const Extent& extent, Deciding&& decided,
                        const Segments& segments, std::uint32_t segment, WindowOutcome& out) {
  WindowCounts& counts = out.rules[rule];
  const std::uint64_t windows = extent.windows;
  switch (decided.verdict) {
    case Verdict::Warn: counts.warned += windows; [[fallthrough]];
    case Verdict::Fail: counts.failed += windows; [[fallthrough]];
    case Verdict::Pass: counts.evaluated += windows; break;
    case Verdict::Inconclusive:
      counts.evaluated += windows;
      counts.inconclusive += windows;
      break;
    case Verdict::NoData: counts.no_data += windows; break;
    case Verdict::Error: counts.errors += windows; break;
  }
  bool shown = options_.all_windows || (kind == WindowKind::Whole && !segments.any());
  const bool drifted = decided.drift != nullptr && decided.drift->drifted;  // though there is no alarm yet
  if (!shown && (drifted || (decided.verdict != Verdict::Pass && decided.verdict != Verdict::NoData))) {
    std::uint64_t& taken = (is_fail(decided.verdict) ? failing_shown_ : others_shown_)[rule];
    shown = taken < options_.samples_per_rule;
    if (shown) ++taken;
  }
  if (!shown) return;
  out.verdicts.push_back({.rule = rule,
                          .has_span = extent.has_span && kind != WindowKind::Whole,
                          .start = extent.start,
                          .end = extent.end,
                          .segment = segments.segment(segment),
                          .verdict = decided.verdict,
                          .observed = std::move(decided.judgement.observed),
                          .observed_is_rate = decided.judgement.observed_is_rate,
                          .expected = expected_of(rule, decided),
                          .cause = std::move(decided.judgement.cause),
                          .drift = std::move(decided.drift),
                          .windows = windows,
                          .partial = extent.partial || extent.start < partial_until_,
                          .revised = extent.revised,
                          .by_clock = extent.by_clock,
                          .warming = rule < warming_.size() && extent.start < warming_[rule],
                          .backfill = false});
}

void WindowJudge::learn(const WindowJudge& other) {
  streams_ = other.streams_;
  newest_ = other.newest_;
  failing_shown_ = other.failing_shown_;
  others_shown_ = other.others_shown_;
  partial_until_ = other.partial_until_;
  warming_ = other.warming_;
}

void WindowJudge::write(SummaryWriter& out) const {
  const std::map<std::string, Instant> sorted(newest_.begin(), newest_.end());
  out.varint(sorted.size());
  for (const auto& [series, newest] : sorted) {
    out.text(series);
    out.signed_varint(newest.time_since_epoch().count());
  }
}

void WindowJudge::read(SummaryReader& in) {
  const std::size_t series = in.count(kMostNewest, 2, "series");
  for (std::size_t i = 0; i < series && in.ok(); ++i) {
    const std::string_view name = in.text(in.left());
    const std::int64_t newest = in.signed_varint();
    in.require(-kFar <= newest && newest <= kFar, "a time that no record has");
    if (in.ok()) newest_.insert_or_assign(std::string(name), Instant(Duration(newest)));
  }
}

void WindowJudge::settle(const BoundBlock& block, Verdict verdict, const std::string& cause, WindowOutcome& out) {
  for (const BoundRule& bound : block.rules) {
    const WindowRule& rule = plan_.window_rules[bound.rule];
    Verdict found = verdict;
    if (found == Verdict::NoData && rule.on_empty != OnEmpty::Pass)
      found = rule.on_empty == OnEmpty::Fail ? Verdict::Fail : Verdict::Warn;
    WindowCounts& counts = out.rules[bound.rule];
    counts.errors += found == Verdict::Error ? 1U : 0U;
    counts.no_data += found == Verdict::NoData ? 1U : 0U;
    counts.evaluated += is_fail(found) ? 1U : 0U;
    counts.failed += is_fail(found) ? 1U : 0U;
    counts.warned += found == Verdict::Warn ? 1U : 0U;
    if (found == Verdict::NoData && !options_.all_windows) continue;
    const WindowCondition& said = rule.must.condition != nullptr ? rule.must : rule.should;
    WindowVerdict shown;
    shown.rule = bound.rule;
    shown.verdict = found;
    shown.observed = Measured::no_data(cause);
    shown.expected = said.condition == nullptr ? rule.info.expected : said.condition->expected();
    shown.cause = cause;
    out.verdicts.push_back(std::move(shown));
  }
}

}  // namespace weir
