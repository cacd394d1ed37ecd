// SPDX-License-Identifier: Apache-2.0
#include "drift/watched_stream.h"

#include <cmath>
#include <deque>
#include <numeric>

#include "base/hash.h"
#include "drift/watch.h"

namespace weir::testing {

namespace {

/// Cells that point into texts of their own.
struct OwnedColumn {
  Column column;
  std::deque<std::string> texts;

  void add(Kind kind, std::string text, std::int64_t number = 0, std::uint32_t scale = 0) {
    const std::string& kept = texts.emplace_back(std::move(text));
    column.kinds.push_back(kind);
    column.cells.push_back(
        {.number = number, .data = kept.data(), .size = static_cast<std::uint32_t>(kept.size()), .scale = scale});
  }
  void add(double value) {
    constexpr std::uint32_t kScale = 6;
    const std::int64_t number = std::llround(value * 1e6);
    add(Kind::Decimal, std::to_string(value), number, kScale);
  }
};

std::vector<std::uint32_t> all_of(std::size_t size) {
  std::vector<std::uint32_t> out(size);
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

}  // namespace

std::vector<PastRecord> RecordHistory::past_records(std::string_view name, Instant since, Instant before,
                                                    std::size_t most) {
  std::vector<PastRecord> out;
  const auto found = series.find(name);
  if (found == series.end() || before <= since) return out;
  const auto first = found->second.lower_bound(since);
  for (auto at = found->second.lower_bound(before); at != first && out.size() < most;) {
    --at;
    out.push_back({at->first, at->second});
  }
  return {out.rbegin(), out.rend()};
}

void RecordHistory::add_record(std::string_view name, PastRecord record) {
  series[std::string(name)][record.at] = std::move(record.bytes);
}

void RecordHistory::drop_records(std::string_view name, Instant before) {
  const auto found = series.find(name);
  if (found == series.end()) return;
  found->second.erase(found->second.begin(), found->second.lower_bound(before));
}

std::size_t RecordHistory::records(std::string_view prefix) const {
  std::size_t out = 0;
  for (const auto& [name, records] : series) out += name.starts_with(prefix) ? records.size() : 0;
  return out;
}

std::size_t RecordHistory::bytes(std::string_view prefix) const {
  std::size_t out = 0;
  for (const auto& [name, records] : series) {
    if (!name.starts_with(prefix)) continue;
    for (const auto& [at, bytes] : records) out += bytes.size();
  }
  return out;
}

/// Box and Muller: the same on every machine, which std::normal_distribution does not promise.
double Chance::normal(double mean, double spread) {
  constexpr double kTwoPi = 6.283185307179586;
  const auto uniform = [this] { return (static_cast<double>(random_() >> 11) + 0.5) * 0x1p-53; };
  const double radius = std::sqrt(-2 * std::log(uniform()));
  return mean + spread * radius * std::cos(kTwoPi * uniform());
}

std::vector<double> Chance::normals(std::size_t count, double mean, double spread) {
  std::vector<double> out(count);
  for (double& value : out) value = normal(mean, spread);
  return out;
}

std::vector<std::string> Chance::words(std::size_t count, const std::vector<std::pair<std::string, double>>& shares) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    double at = static_cast<double>(random_() >> 11) * 0x1p-53;
    std::size_t word = 0;
    while (word + 1 < shares.size() && at >= shares[word].second) at -= shares[word++].second;
    out.push_back(shares[word].first);
  }
  return out;
}

FieldSummary summary_of_numbers(const std::vector<double>& values, const Profile::Edges& edges) {
  SummarySpec spec;
  spec.parts = Part::Moments | Part::Raw | Part::Values | Part::Distinct | Part::Shape;
  spec.parts |= edges != nullptr ? Part::Histogram : Part::Quantiles;
  spec.edges = edges;
  spec.quantile_k = 1024;
  FieldSummary out(spec);
  OwnedColumn column;
  for (const double value : values) column.add(value);
  out.add(column.column, all_of(values.size()));
  out.settle();
  return out;
}

FieldSummary summary_of_words(const std::vector<std::string>& words) {
  SummarySpec spec;
  spec.parts = Part::Moments | Part::Raw | Part::Quantiles | Part::Values | Part::Distinct | Part::Shape;
  spec.quantile_k = 1024;
  FieldSummary out(spec);
  OwnedColumn column;
  for (const std::string& word : words) column.add(word.empty() ? Kind::Null : Kind::Text, word);
  out.add(column.column, all_of(words.size()));
  out.settle();
  return out;
}

ScatterSummary scatter_of(const std::vector<std::vector<double>>& columns) {
  ScatterSpec spec;
  for (std::uint32_t i = 0; i < columns.size(); ++i) spec.columns.push_back(i);
  ScatterSummary out(spec);
  std::vector<OwnedColumn> owned(columns.size());
  std::vector<const Column*> pointers;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (const double value : columns[i]) owned[i].add(value);
    pointers.push_back(&owned[i].column);
  }
  out.add(pointers, all_of(columns.front().size()));
  return out;
}

std::shared_ptr<const Baseline> baseline_of(const std::vector<double>& values) {
  const Profile profile = profile_of(summary_of_numbers(values));
  const auto edges = std::make_shared<const std::vector<double>>(learn_edges(profile, kDriftCells));
  auto out = std::make_shared<Baseline>();
  out->fields.push_back({.path = "amount", .profile = profile.compact(edges)});
  out->path = "amount.baseline.json";
  return out;
}

WatchedStream::WatchedStream(const DriftReference& reference, Duration every) {
  WindowBlock block;
  block.kind = WindowKind::Time;
  block.every = block.size = every;
  block.extent = "1h";
  plan_.windows.push_back(std::move(block));
  WindowRule written;
  written.info.id = "drift.amount";
  written.info.kind = RuleKind::Drift;
  written.info.field = "amount";
  written.drift = 0;
  plan_.window_rules.push_back(std::move(written));
  DriftRule drift;
  drift.columns = {0};
  drift.paths = {"amount"};
  drift.declared = {FieldType::Any};
  drift.reference = reference;
  if (reference.baseline != nullptr) drift.edges = reference.baseline->fields.front().profile.edges;
  plan_.drift_rules.push_back(std::move(drift));
}

Instant WatchedStream::start_of(std::int64_t number) const {
  const Instant monday = Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5));
  return monday + number * plan_.windows[0].every;
}

DriftWindow WatchedStream::window(Flags flags) {
  const std::int64_t number = flags.number.value_or(next_);
  next_ = std::max(next_, number + 1);
  const Instant start = start_of(number);
  const bool whole = plan_.windows[0].kind == WindowKind::Whole;
  const Instant end = start + plan_.windows[0].size;
  return {.has_span = !whole, .start = start, .end = end, .at = end, .partial = flags.partial};
}

std::vector<DriftVerdict> WatchedStream::judge(const DriftWindow& window, const std::vector<DriftSubject>& subjects) {
  if (judge_ == nullptr) judge_ = make_drift_watch(plan_, history_);
  return judge_->judge(window, subjects);
}

DriftVerdict WatchedStream::add(const std::vector<double>& values, Flags flags) {
  return add(summary_of_numbers(values, rule().edges), flags);
}

DriftVerdict WatchedStream::add(const FieldSummary& summary, Flags flags) {
  DriftSubject subject;
  subject.field = &summary;
  return judge(window(flags), {subject}).front();
}

DriftVerdict WatchedStream::add(const ScatterSummary& scatter) {
  DriftSubject subject;
  subject.scatter = &scatter;
  return judge(window({}), {subject}).front();
}

std::vector<DriftVerdict> WatchedStream::add(const std::vector<std::pair<std::string, FieldSummary>>& segments) {
  std::vector<DriftSubject> subjects;
  for (const auto& [name, summary] : segments) {
    subjects.emplace_back();
    subjects.back().field = &summary;
    subjects.back().segment_name = name;
  }
  return judge(window({}), subjects);
}

std::string sealed(std::string bytes) {
  constexpr std::size_t kChecksum = 8;
  bytes.resize(bytes.size() - kChecksum);
  SummaryWriter sum;
  sum.u64(hash_text(bytes, 1));
  return bytes + sum.bytes();
}

std::string shown(const DriftVerdict& verdict) {
  std::string out = std::to_string(static_cast<int>(verdict.verdict)) + " " + std::to_string(verdict.drifted) + " " +
                    std::to_string(verdict.firing) + " " + std::to_string(verdict.drifted_of_last) + " | " +
                    verdict.cause + " | " + verdict.picked + " | " + verdict.summary + " | " +
                    std::to_string(verdict.reference_values) + " " + std::to_string(verdict.reference_windows) + " " +
                    std::to_string(verdict.design_effect.value_or(0)) + " " + std::to_string(verdict.severity);
  if (verdict.since) out += " since " + std::to_string(verdict.since->time_since_epoch().count());
  for (const DriftTestResult& test : verdict.tests) {
    out += " | " + std::string(test.test) + " " + std::to_string(test.measured.effect) + " " +
           std::to_string(test.p_adjusted.value_or(-1)) + " " + std::to_string(test.tolerance);
  }
  for (const DriftFinding& finding : verdict.findings) out += " | " + finding.text;
  return out;
}

}  // namespace weir::testing
