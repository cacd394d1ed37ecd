// SPDX-License-Identifier: Apache-2.0
#include "stat/watched.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "drift/registry.h"
#include "drift/watch.h"
#include "windows/layout_drift.h"

namespace weir::stat {

Cells::Cells(const std::vector<double>& numbers) {
  for (const double value : numbers) number(value);
}

void Cells::add(Kind kind, Cell cell) {
  column_.kinds.push_back(kind);
  column_.cells.push_back(cell);
  rows_.push_back(static_cast<std::uint32_t>(rows_.size()));
}

void Cells::number(double value) {
  constexpr std::uint32_t kDigits = 6;
  add(Kind::Decimal, {.number = std::llround(value * 1e6), .scale = kDigits});
}

void Cells::whole(std::int64_t value) {
  add(Kind::Integer, {.number = value});
}

void Cells::text(std::string value) {
  const std::string& kept = texts_.emplace_back(std::move(value));
  add(Kind::Text, {.data = kept.data(), .size = static_cast<std::uint32_t>(kept.size())});
}

void Cells::null() {
  add(Kind::Null, {.data = "null", .size = 4});
}

FieldSummary Cells::summary(const SummarySpec& spec) const {
  FieldSummary out(spec);
  out.add(column_, rows_);
  out.settle();
  return out;
}

std::vector<WatchedColumn> numbers(std::size_t count) {
  std::vector<WatchedColumn> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back({.path = "x" + std::to_string(i)});
  return out;
}

Watched::Watched(std::vector<WatchedColumn> columns, const DriftReference& reference, Duration every) {
  WindowBlock block;
  block.kind = WindowKind::Time;
  block.every = block.size = every;
  block.extent = "1h";
  plan_.windows.push_back(std::move(block));
  for (WatchedColumn& column : columns) {
    const Result<FieldPath> path = FieldPath::parse(column.path);
    if (!path) std::abort();
    DriftRule drift;
    drift.rule = static_cast<std::uint32_t>(plan_.window_rules.size());
    drift.columns = {plan_.fields.add(*path)};
    drift.paths = {column.path};
    drift.declared = {column.declared};
    drift.reference = reference;
    if (reference.baseline != nullptr) drift.edges = reference.baseline->find(column.path)->profile.edges;
    WindowRule written;
    written.info.id = "drift." + column.path;
    written.info.kind = RuleKind::Drift;
    written.info.field = column.path;
    written.drift = static_cast<std::int32_t>(plan_.drift_rules.size());
    plan_.window_rules.push_back(std::move(written));
    plan_.drift_rules.push_back(std::move(drift));
  }
}

namespace {

DriftReference file_of(const std::vector<WatchedColumn>& columns, std::vector<Profile> profiles) {
  auto baseline = std::make_shared<Baseline>();
  baseline->path = "reference.json";
  for (std::size_t i = 0; i < columns.size(); ++i)
    baseline->fields.push_back({.path = columns[i].path, .profile = std::move(profiles[i])});
  std::sort(baseline->fields.begin(), baseline->fields.end(),
            [](const BaselineField& a, const BaselineField& b) { return a.path < b.path; });
  DriftReference out;
  out.kind = DriftReference::Kind::File;
  out.baseline = std::move(baseline);
  return out;
}

}  // namespace

Watched::Watched(std::vector<WatchedColumn> columns, std::vector<Profile> baseline, Duration every)
    : Watched(columns, file_of(columns, std::move(baseline)), every) {}

void Watched::tolerate(std::string_view test, double effect) {
  for (DriftRule& rule : plan_.drift_rules) rule.tolerance.emplace_back(find_drift_test(test), effect);
}

void Watched::alarm(std::uint32_t fire, std::uint32_t of, std::uint32_t clear) {
  for (DriftRule& rule : plan_.drift_rules) {
    rule.fire = fire;
    rule.of = of;
    rule.clear = clear;
  }
}

std::vector<DriftVerdict> Watched::add(const std::vector<Cells>& columns) {
  if (judge_ == nullptr) {
    for (const DriftRule& rule : plan_.drift_rules) specs_.push_back(drift_summary(plan_, rule));
    judge_ = make_drift_watch(plan_, history_);
  }
  std::vector<FieldSummary> summaries;
  summaries.reserve(columns.size());
  std::vector<DriftSubject> subjects(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    summaries.push_back(columns[i].summary(specs_[i]));
    subjects[i].rule = static_cast<std::uint32_t>(i);
    subjects[i].field = &summaries[i];
  }
  const Instant end = start_ + plan_.windows[0].size;
  DriftWindow window;
  window.has_span = true;
  window.start = std::exchange(start_, end);
  window.end = window.at = end;
  return judge_->judge(window, subjects);
}

std::vector<DriftVerdict> Watched::add(const std::vector<std::vector<double>>& columns) {
  std::vector<Cells> cells;
  for (const std::vector<double>& column : columns) cells.emplace_back(column);
  return add(cells);
}

}  // namespace weir::stat
