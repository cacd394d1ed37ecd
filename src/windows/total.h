// SPDX-License-Identifier: Apache-2.0
// The windows of a stream, judged from what its partitions hold.
//
// A total knows which of the panes of which partitions it has merged, and merges only what is new. When a partition is gone
// it begins anew: what was merged cannot be taken apart. Which windows were judged is known to every partition, so that the
// knowledge goes where they go.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "weir/history.h"
#include "weir/plan.h"
#include "weir/window_verdict.h"
#include "windows/grid_state.h"
#include "windows/judge.h"
#include "windows/layout.h"
#include "windows/windows.h"

namespace weir {

class TotalWindows {
 public:
  struct Options {
    std::uint64_t samples_per_rule = 20;
    bool all_windows = true;
    Instant started{};
    History* history = nullptr;  // null: what is judged here is remembered here
    MakeDriftJudge make_drift = nullptr;
  };
  TotalWindows(const Plan& plan, const Options& options);

  [[nodiscard]] Instant next_close(std::span<Windows* const> partitions) const;
  [[nodiscard]] WindowOutcome close(std::span<Windows* const> partitions, Instant watermark, bool by_clock);
  [[nodiscard]] WindowOutcome judge_open(std::span<Windows* const> partitions);
  void partial_until(Instant until) { judge_.set_partial_until(until); }

 private:
  /// The same grid of every partition.
  [[nodiscard]] static std::vector<GridState*> grids_of(std::span<Windows* const> partitions, std::size_t grid);
  [[nodiscard]] WindowJudge::Options judging(History* history) const;
  void know(std::span<Windows* const> partitions);
  void tell_warming(std::span<Windows* const> partitions);
  void sort_by_block(WindowOutcome& out) const;
  [[nodiscard]] std::unique_ptr<GridState> total_of(std::uint32_t grid) const;

  const Plan& plan_;
  Options options_;
  Layout layout_;
  std::unique_ptr<History> own_history_;
  History* history_;
  WindowJudge judge_;
  std::vector<std::unique_ptr<GridState>> grids_;
  std::shared_ptr<const int> self_;  // held by the partitions that were merged
  std::size_t members_ = 0;
  std::uint64_t told_folded_ = 0;
};

}  // namespace weir
