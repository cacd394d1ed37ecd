// SPDX-License-Identifier: Apache-2.0
// All windows of a run: batches in, verdicts out.
//
// A file is known as a whole, so nothing in it is late: panes are kept until finish(), and every window between the first
// and the last record is judged then, whatever the order of records. As a stream, the watermark (the newest time less
// `out_of_order`) moves record by record, and a window is judged as soon as it lies `lateness` behind. Both cut the input
// at the same places, so they come to the same verdicts where no record is late.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "summary/codec.h"
#include "weir/batch.h"
#include "weir/history.h"
#include "weir/plan.h"
#include "weir/shelf.h"
#include "weir/window_verdict.h"
#include "windows/grid_state.h"
#include "windows/judge.h"
#include "windows/layout.h"
#include "windows/memory_history.h"

namespace weir {

/// Why a block had no window.
[[nodiscard]] std::string why_no_window(bool by_time, std::uint64_t rows, std::uint64_t timed_rows);
/// How many segments were folded into `__other__`, each once whatever grids they are of; `notes`: with words for it.
[[nodiscard]] std::uint64_t folded_segments(std::span<const std::unique_ptr<GridState>> grids,
                                            std::vector<std::string>* notes);

class Windows {
 public:
  static constexpr std::size_t kMostStreams = 1'000;

  struct Options {
    Instant now{};
    bool as_stream = false;
    bool partition = false;
    bool all_windows = false;
    std::uint64_t samples_per_rule = 20;
    History* history = nullptr;  // null: the run remembers its own windows
    Shelf* shelf = nullptr;
    std::uint64_t pane_bytes = std::uint64_t{256} << 20;
    std::string stream;  // of the first input
    MakeDriftJudge make_drift = nullptr;
  };
  /// A batch whose verdicts are final.
  struct Settled {
    const Batch& batch;
    std::span<const Mask> evaluated;  // by rule; elements of the rule's column
    std::span<const Mask> failing;
    std::span<const Instant> now;
    std::span<const Instant> times;
    const Mask& timed;
  };

  Windows(const Plan& plan, const Options& options);
  ~Windows();

  void add(const Settled& settled, WindowOutcome& out);
  /// Of the batch that was added last, the rows that `late: quarantine` puts aside.
  [[nodiscard]] const Mask& put_aside() const noexcept { return put_aside_; }
  /// The next input, of the stream of that name; empty: the plan's own.
  void begin_input(const std::string& stream, WindowOutcome& out);
  [[nodiscard]] WindowOutcome finish();

  [[nodiscard]] Instant watermark() const noexcept { return watermark_; }
  /// Of a partition: judges the count windows that are still open, and leaves them so. Sets what had any, by block.
  void judge_open_counts(WindowOutcome& out, std::vector<bool>& counted);

  [[nodiscard]] const Layout& layout() const { return layout_; }
  /// What is remembered, in memory.
  [[nodiscard]] std::uint64_t bytes() const;
  void write(SummaryWriter& out);
  Status merge(SummaryReader& in);
  /// Of a partition: all that it remembers, and back into windows that saw no record yet.
  void write_state(SummaryWriter& out);
  Status read_state(SummaryReader& in);
  /// What panes hold, by name.
  [[nodiscard]] const std::string& layout_id() const noexcept { return layout_id_; }
  [[nodiscard]] std::size_t grids() const noexcept { return grids_.size(); }
  /// Count windows are judged where they are read: their grids have no places for others.
  [[nodiscard]] GridState* shared_grid(std::size_t grid);
  void set_watermark(Instant watermark) noexcept { watermark_ = std::max(watermark_, watermark); }
  /// There were some, elsewhere.
  void know_rows() noexcept { rows_ = timed_rows_ = std::max<std::uint64_t>(timed_rows_, 1); }
  /// By window rule: until when its windows are warming; empty: none is.
  [[nodiscard]] const std::vector<Instant>& warming() const noexcept { return warming_; }

 private:
  friend class TotalWindows;

  struct Pending {
    std::vector<std::uint32_t> rows;
  };
  /// The rows of a batch as grids take them.
  struct Rows {
    std::vector<std::uint32_t> all;
    std::vector<std::uint32_t> timed;
    std::vector<std::uint32_t> all_accepted;
    std::vector<std::uint32_t> timed_accepted;
    [[nodiscard]] std::span<const std::uint32_t> of(const GridState& grid) const {
      if (grid.block().accepted_only) return grid.by_time() ? timed_accepted : all_accepted;
      return grid.by_time() ? timed : all;
    }
  };

  void view(const Settled& settled);
  void find_accepted(const Settled& settled);
  [[nodiscard]] Rows rows_of_grids(const Settled& settled);
  void add_whole_batch(const Settled& settled, WindowOutcome& out);
  void add_to_partition(const Settled& settled, WindowOutcome& out);
  void add_row_by_row(const Settled& settled, WindowOutcome& out);
  /// Whether the record is late for one of the windows that it belongs to.
  bool take_row(std::uint32_t row, WindowOutcome& out);
  void flush(WindowOutcome& out);
  void close(WindowOutcome& out);
  void put_away();
  void say_at_end(WindowOutcome& out) const;

  const Plan& plan_;
  Options options_;
  Layout layout_;
  std::unique_ptr<MemoryHistory> own_history_;
  std::unique_ptr<WindowJudge> judge_;
  std::vector<std::unique_ptr<GridState>> grids_;
  std::vector<std::uint32_t> repeated_;  // columns with elements that some pane keeps
  bool wants_accepted_ = false;
  bool wants_schema_ = false;

  std::string stream_;
  BatchView view_;
  Mask accepted_;
  Mask in_time_;                  // rows with a time that is not in the future
  std::vector<Pending> pending_;  // by grid
  std::vector<bool> taken_;       // by grid: whether a row goes into it
  Instant watermark_ = Instant::min();
  Mask late_rows_;
  Mask put_aside_;
  std::vector<Instant> watermarks_;      // before each row
  std::shared_ptr<const int> taken_by_;  // of a partition: the total that has panes of it
  std::string layout_id_;
  std::vector<Instant> warming_;
  std::uint64_t batches_ = 0;

  std::uint64_t rows_ = 0;  // decoded records of the plan's own stream
  std::uint64_t timed_rows_ = 0;
};

}  // namespace weir
