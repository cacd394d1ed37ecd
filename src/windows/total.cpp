// SPDX-License-Identifier: Apache-2.0
// All grids of a stream, over all of its partitions.
#include "windows/total.h"

#include <algorithm>

#include "base/text.h"
#include "windows/memory_history.h"
#include "windows/trial_history.h"

namespace weir {

TotalWindows::TotalWindows(const Plan& plan, const Options& options)
    : plan_(plan),
      options_(options),
      layout_(lay_out(plan)),
      own_history_(options.history == nullptr ? std::make_unique<MemoryHistory>() : nullptr),
      history_(options.history == nullptr ? own_history_.get() : options.history),
      judge_(plan_, layout_, judging(history_)),
      self_(std::make_shared<const int>(0)) {
  for (std::uint32_t g = 0; g < layout_.grids.size(); ++g) {
    grids_.push_back(total_of(g));
  }
}

std::unique_ptr<GridState> TotalWindows::total_of(std::uint32_t grid) const {
  GridState::Options options;
  options.now = options_.started;
  options.total = true;
  return std::make_unique<GridState>(plan_, layout_, grid, options);
}

WindowJudge::Options TotalWindows::judging(History* history) const {
  return {.samples_per_rule = options_.samples_per_rule,
          .all_windows = options_.all_windows,
          .now = options_.started,
          .history = history,
          .keep_all = options_.history != nullptr,
          .keep_newest = options_.history != nullptr,
          .make_drift = options_.make_drift};
}

std::vector<GridState*> TotalWindows::grids_of(std::span<Windows* const> partitions, std::size_t grid) {
  std::vector<GridState*> out;
  for (Windows* const partition : partitions) out.push_back(partition->grids_[grid].get());
  return out;
}

/// Begins anew when panes of a partition that is not among these were merged.
void TotalWindows::know(std::span<Windows* const> partitions) {
  const auto mine = static_cast<std::size_t>(std::count_if(
      partitions.begin(), partitions.end(), [this](const Windows* one) { return one->taken_by_ == self_; }));
  if (mine < members_) {
    self_ = std::make_shared<const int>(0);
    for (const auto& grid : grids_) grid->begin_anew();
  }
  for (Windows* const partition : partitions) {
    if (partition->taken_by_ == self_) continue;
    partition->taken_by_ = self_;
    for (const auto& grid : partition->grids_) grid->forget_taken();
  }
  members_ = partitions.size();
  tell_warming(partitions);
}

void TotalWindows::tell_warming(std::span<Windows* const> partitions) {
  std::vector<Instant> latest;
  for (const Windows* const partition : partitions) {
    const std::vector<Instant>& theirs = partition->warming();
    if (latest.size() < theirs.size()) latest.resize(theirs.size(), Instant::min());
    for (std::size_t i = 0; i < theirs.size(); ++i) latest[i] = std::max(latest[i], theirs[i]);
  }
  judge_.set_warming(std::move(latest));
}

/// Grids are an economy that nobody should see: what is over at the same time is told block by block.
void TotalWindows::sort_by_block(WindowOutcome& out) const {
  std::stable_sort(out.verdicts.begin(), out.verdicts.end(), [this](const WindowVerdict& a, const WindowVerdict& b) {
    return plan_.window_rules[a.rule].block < plan_.window_rules[b.rule].block;
  });
}

Instant TotalWindows::next_close(std::span<Windows* const> partitions) const {
  Instant out = Instant::max();
  if (partitions.empty()) return out;
  std::vector<const GridState*> grids(partitions.size());
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    for (std::size_t i = 0; i < partitions.size(); ++i) grids[i] = partitions[i]->grids_[g].get();
    out = std::min(out, grids_[g]->next_close_of(grids, options_.started));
  }
  return out;
}

WindowOutcome TotalWindows::close(std::span<Windows* const> partitions, Instant watermark, bool by_clock) {
  WindowOutcome out;
  out.rules.resize(plan_.window_rules.size());
  if (partitions.empty() || watermark < next_close(partitions)) return out;
  know(partitions);
  GridState::Closing closing{
      .watermark = watermark, .by_clock = by_clock, .at_end = false, .started = options_.started, .records = watermark};
  if (by_clock) {
    for (const Windows* const partition : partitions)
      closing.records = std::min(closing.records, partition->watermark());
  }
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    const std::vector<GridState*> grids = grids_of(partitions, g);
    grids_[g]->close_total(grids, closing, judge_, out);
  }
  sort_by_block(out);
  const std::uint64_t folded = folded_segments(grids_, nullptr);
  if (folded > told_folded_) out.pushed_out = folded - told_folded_;
  told_folded_ = std::max(told_folded_, folded);
  return out;
}

WindowOutcome TotalWindows::judge_open(std::span<Windows* const> partitions) {
  WindowOutcome out;
  out.rules.resize(plan_.window_rules.size());
  if (partitions.empty()) return out;
  std::uint64_t rows = 0;
  std::uint64_t timed = 0;
  for (const Windows* const partition : partitions) {
    rows += partition->rows_;
    timed += partition->timed_rows_;
  }
  tell_warming(partitions);
  TrialHistory trial(*history_);
  WindowJudge tried(plan_, layout_, judging(&trial));
  tried.learn(judge_);
  std::vector<bool> counted(layout_.blocks.size(), false);
  for (Windows* const partition : partitions) partition->judge_open_counts(out, counted);
  const GridState::Closing closing{
      .watermark = Instant::max(), .by_clock = false, .at_end = true, .started = options_.started, .records = {}};
  std::vector<std::unique_ptr<GridState>> totals;
  for (std::uint32_t g = 0; g < grids_.size(); ++g) {
    totals.push_back(total_of(g));
    GridState& grid = *totals.back();
    grid.know_begun(*grids_[g]);
    const std::vector<GridState*> grids = grids_of(partitions, g);
    grid.close_total(grids, closing, grid.kind() == WindowKind::Whole ? judge_ : tried, out);
    for (const std::uint32_t index : layout_.grids[g].blocks) {
      const BoundBlock& block = layout_.blocks[index];
      const bool by_time = grid.by_time();
      if (by_time && plan_.time.column == EventTime::kNone && timed == 0 && rows > 0) {
        tried.settle(block, Verdict::Error, "the records have no time: `source.time` names no field", out);
      } else if (grid.kind() == WindowKind::Count ? !counted[index] : !grid.has_begun(block)) {
        tried.settle(block, Verdict::NoData, why_no_window(by_time, rows, timed), out);
      }
    }
  }
  sort_by_block(out);
  const std::uint64_t folded = folded_segments(totals, &out.notes);
  if (folded > told_folded_) out.pushed_out = folded - told_folded_;
  return out;
}

}  // namespace weir
