// SPDX-License-Identifier: Apache-2.0
// One grid at work: rows go into its panes, and its windows are judged from them.
//
// Places on the axis: a window by time lies in panes numbered from 1970, a session in the stretch of `max` that it may
// not cross, a count window in its input and the number of the window there, the whole input in place 0.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "weir/plan.h"
#include "weir/window_verdict.h"
#include "windows/judge.h"
#include "windows/layout.h"
#include "windows/pane_store.h"
#include "windows/segments.h"
#include "windows/sliding.h"

namespace weir {

class GridState {
 public:
  struct Options {
    Instant now{};
    bool as_stream = false;
    Shelf* shelf = nullptr;
    std::uint64_t pane_bytes = 0;
  };
  /// What becomes of a record when it comes after others.
  enum class Fate : std::uint8_t { Counts, LateForSome, Late };

  GridState(const Plan& plan, const Layout& layout, std::uint32_t grid, const Options& options);

  [[nodiscard]] const WindowBlock& block() const { return plan_.windows[grid_.example]; }
  [[nodiscard]] WindowKind kind() const { return grid_.kind; }
  [[nodiscard]] bool by_time() const { return kind() == WindowKind::Time || kind() == WindowKind::Session; }
  [[nodiscard]] const Segments& segments() const { return segments_; }

  // ---- rows in: by time for all windows by time and sessions
  /// Rows of the plan's own stream, ascending.
  void add(const BatchView& view, std::span<const std::uint32_t> rows, WindowJudge& judge, WindowOutcome& out);
  /// Rows of another stream: they begin no window, but lie in those that there are.
  void add_other(const BatchView& view, std::span<const std::uint32_t> rows);

  // ---- as a stream
  /// Before the row's own time moves the watermark. A row that counts is to be added before the next close().
  [[nodiscard]] Fate fate_of(const BatchView& view, std::uint32_t row, Instant watermark);
  /// Sessions: whether a row that looks late belongs to one that is still open, once all rows before it are in.
  [[nodiscard]] bool joins_session(const BatchView& view, std::uint32_t row);
  /// The time of a row that counts, so that next_close() knows of it; the watermark is the one before it.
  void note(Instant time, Instant watermark);
  /// `late: revise`: the windows that are over and hold the row are judged again at the next close.
  void revise(Instant time, Instant watermark);
  /// The watermark at which there will be something to judge.
  [[nodiscard]] Instant next_close() const noexcept { return next_close_; }
  void close(Instant watermark, WindowJudge& judge, WindowOutcome& out);

  void end_input(WindowJudge& judge, WindowOutcome& out);
  /// Judges all that is still open for one block of the grid, the last of which frees the panes. False: there never was
  /// a window.
  bool finish(std::uint32_t index, WindowJudge& judge, WindowOutcome& out);
  /// Keeps no more than its share in memory.
  void put_away();

  [[nodiscard]] std::uint64_t bytes() const;
  [[nodiscard]] const std::string& fault() const { return store_.fault(); }
  void write(SummaryWriter& out);
  Status merge(SummaryReader& in);

 private:
  struct Group {
    std::uint32_t segment = 0;
    std::uint32_t begin = 0;  // in grouped_
    std::uint32_t end = 0;
  };
  struct Progress {                    // of a block by time
    Instant first = Instant::max();    // of the records that count for it
    std::optional<std::int64_t> done;  // windows up to this one are over
    Sliding sliding;
    std::set<std::int64_t> revised;  // windows that are over and got records since
  };
  struct Counting {
    std::uint64_t ordinal = 0;
    std::uint64_t rows = 0;
  };
  struct Full {
    std::uint32_t row = 0;
    std::uint32_t segment = 0;
    std::int64_t place = 0;
  };

  [[nodiscard]] std::int64_t place_of(Instant time);
  [[nodiscard]] Instant start_of(std::int64_t place) const;
  [[nodiscard]] const std::vector<Group>& group(std::span<const std::uint32_t> rows,
                                                std::span<const std::uint32_t> segments);
  void forget_pushed_out();
  void add_in_place(const BatchView& view, std::int64_t place, std::span<const std::uint32_t> rows,
                    std::span<const std::uint32_t> segments);
  [[nodiscard]] std::vector<std::uint32_t> by_place(std::int64_t least, std::int64_t most) const;
  void add_by_time(const BatchView& view, std::span<const std::uint32_t> rows);
  void add_sessions(const BatchView& view, std::span<const std::uint32_t> rows);
  void add_counted(const BatchView& view, std::span<const std::uint32_t> rows, WindowJudge& judge, WindowOutcome& out);
  void judge_count(std::int64_t place, std::uint32_t segment, const Pane& pane, const BoundBlock& block,
                   WindowJudge& judge, WindowOutcome& out);
  void judge_counts(const BoundBlock& block, bool last, WindowJudge& judge, WindowOutcome& out);
  void judge_whole(const BoundBlock& block, WindowJudge& judge, WindowOutcome& out);
  void judge_range(const BoundBlock& block, std::int64_t from, std::int64_t to, WindowJudge& judge, WindowOutcome& out,
                   bool last);
  void judge_window(const BoundBlock& block, std::int64_t window, WindowJudge& judge, WindowOutcome& out, bool revised);
  void judge_empty(const BoundBlock& block, std::int64_t from, std::int64_t windows, WindowJudge& judge,
                   WindowOutcome& out);
  void judge_revised(const BoundBlock& block, WindowJudge& judge, WindowOutcome& out);
  void judge_sessions(const BoundBlock& block, Instant before, bool last, WindowJudge& judge, WindowOutcome& out);
  [[nodiscard]] Extent extent_of(const BoundBlock& block, std::int64_t window, std::int64_t windows) const;
  [[nodiscard]] Instant session_end(std::int64_t place, const Pane& pane) const;
  [[nodiscard]] std::int64_t first_window(const BoundBlock& block);
  [[nodiscard]] std::int64_t last_window(const BoundBlock& block);
  [[nodiscard]] bool is_in_window(const BoundBlock& block, Instant time);
  [[nodiscard]] std::int64_t closed_window(const BoundBlock& block, Instant watermark);
  void find_next_close();
  [[nodiscard]] Progress& progress(const BoundBlock& block);

  const Plan& plan_;
  const Layout& layout_;
  const Grid& grid_;
  std::uint32_t number_;
  Options options_;
  Segments segments_;
  PaneStore store_;
  std::vector<Progress> progress_;  // by position in Grid::blocks
  Instant newest_ = Instant::min();
  Instant next_close_ = Instant::max();
  bool waiting_ = false;            // a block has no window to close before a later record comes
  std::vector<Counting> counting_;  // by segment
  std::uint64_t input_ = 0;
  bool input_used_ = false;
  bool judged_any_ = false;  // count windows of a stream

  // Kept between batches for their memory.
  std::int64_t last_place_ = 0;
  Instant last_from_ = Instant::max();
  Instant last_to_ = Instant::min();
  std::vector<std::uint32_t> found_;
  std::vector<std::int64_t> places_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> grouped_;
  std::vector<std::uint32_t> group_of_;  // by segment, 0: none yet
  std::vector<PaneRows> targets_;
};

}  // namespace weir
