// SPDX-License-Identifier: Apache-2.0
// One grid at work: rows go into its panes, and its windows are judged from them.
//
// Places on the axis: a window by time lies in panes numbered from 1970, a session in the stretch of `max` that it may
// not cross, a count window in its input and the number of the window there, the whole input in place 0.
//
// A grid is one of four things: that of a file, which is judged at the end; that of a stream of one input, which judges as
// the watermark moves; that of one partition of a stream, which fills panes and judges no window by time; or the total of
// partitions, which fills none and judges what they hold. Of a partition and a total, the *horizon* is the place that the
// watermark less `lateness` lies in: windows that end there or before are over. A record that lies behind the horizon of its
// partition belongs to no window that is over, though it may lie in the same pane as records that do. It goes into a
// *layer*, a second set of panes that says at which horizon its records came, and is laid over the others once every window
// that ended by then is judged. So what a window holds does not depend on when somebody comes to judge it.
#pragma once

#include <cstdint>
#include <map>
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

[[nodiscard]] inline std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

class GridState {
 public:
  static constexpr std::int64_t kMostRevised = 1'000;  // panes that are kept so that late records can revise windows

  struct Options {
    Instant now{};
    bool as_stream = false;
    bool partition = false;
    bool total = false;  // of partitions
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
  /// `late: revise`, and near enough: windows that are over may be judged again with the row.
  [[nodiscard]] bool revises(Instant time, Instant watermark);
  /// Those of them that were judged and hold such a row are judged again at the next close.
  void revise(Instant time, Instant watermark);
  /// The watermark at which there will be something to judge.
  [[nodiscard]] Instant next_close() const noexcept { return next_close_; }
  void close(Instant watermark, WindowJudge& judge, WindowOutcome& out);

  // ---- as a partition
  /// The watermark before each row of a batch, and after the last; `first` is the earliest of all its times.
  struct Passing {
    Instant first{};
    Instant newest{};
    Instant before{};
    Instant after{};
    std::span<const Instant> by_row;  // only needed where not all rows are ahead
  };
  /// Whether no row of the batch can be behind the horizon: it goes in as a whole, in whatever order.
  [[nodiscard]] bool is_ahead(const Passing& passing) const;
  void add_ahead(const BatchView& view, std::span<const std::uint32_t> rows);
  /// Row by row; sets the bits of those that are late.
  void add_behind(const BatchView& view, std::span<const std::uint32_t> rows, const Passing& passing, Mask& late);
  /// Judges the count windows that are still open, and leaves them so.
  void judge_open_counts(const BoundBlock& block, WindowJudge& judge, WindowOutcome& out);
  [[nodiscard]] bool has_counted() const { return judged_any_ || store_.next_from(INT64_MIN).has_value(); }
  /// The total that took panes of it is no more, or holds those of partitions that are gone.
  void forget_taken();

  // ---- as the total of partitions
  struct Closing {
    Instant watermark{};
    bool by_clock = false;
    bool at_end = false;  // all that is open, and the partitions stay as they are
    Instant started{};    // by the clock: where windows begin when no record ever came
    Instant records{};    // the watermark that records alone come to
  };
  /// A watermark at which a window may be over.
  [[nodiscard]] Instant next_close_of(std::span<const GridState* const> partitions, Instant started);
  void close_total(std::span<GridState* const> partitions, const Closing& closing, WindowJudge& judge,
                   WindowOutcome& out);
  /// Whether some block had a window, ever.
  [[nodiscard]] bool has_begun(const BoundBlock& block);
  /// Everything anew, from the panes of the partitions that there are now; which windows were judged is kept.
  void begin_anew();
  void know_done(const GridState& other);
  /// For a total of this moment: where the windows of another one begin and which of them were judged.
  void know_begun(const GridState& total);

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
  /// All that a partition remembers, for a grid of the same signature.
  void write_state(SummaryWriter& out);
  Status read_state(SummaryReader& in, Instant since);
  [[nodiscard]] static Instant read_instant(SummaryReader& in);

  // ---- read elsewhere
  /// The places that got records since the last call; of the first call, all that hold some.
  [[nodiscard]] std::vector<std::int64_t> take_touched();
  void write_shared(std::int64_t place, SummaryWriter& out);
  /// In place of what stood there.
  Status read_shared(std::int64_t place, SummaryReader& in);
  [[nodiscard]] std::set<std::int64_t> places() const;
  void forget_before(Instant watermark);

  /// A state held nothing of this grid.
  void begin_since(Instant since);
  /// Takes the later of what stands there and from when on the panes hold what a window rule asks for.
  void find_warming(std::vector<Instant>& since) const;

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
    // Of partitions and totals: windows are judged from those on that end behind the place before this one.
    std::int64_t begin = INT64_MAX;
  };
  /// A partition as its total sees it.
  struct Source {
    GridState* grid = nullptr;
    std::vector<std::uint32_t> numbers;  // of its segments, here
    std::int64_t taken_to = INT64_MIN;   // places before it were merged
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
  /// When a session in that place with a last record then is over.
  [[nodiscard]] Instant session_end(std::int64_t place, Instant last) const;
  [[nodiscard]] std::int64_t first_window(const BoundBlock& block);
  [[nodiscard]] std::int64_t last_window(const BoundBlock& block);
  /// The last window that begins at or before a place, and the last that ends there or before.
  [[nodiscard]] static std::int64_t begun_by(const BoundBlock& block, std::int64_t place) {
    return floor_divide(place, block.step);
  }
  [[nodiscard]] static std::int64_t ended_by(const BoundBlock& block, std::int64_t place) {
    return floor_divide(place - block.panes, block.step);
  }
  [[nodiscard]] std::int64_t needed_after(const BoundBlock& block, std::int64_t closed) const;
  [[nodiscard]] bool is_in_window(const BoundBlock& block, Instant time);
  [[nodiscard]] std::int64_t closed_window(const BoundBlock& block, Instant watermark);
  void find_next_close();
  [[nodiscard]] Progress& progress(const BoundBlock& block);
  static constexpr std::int64_t kFar = 400'000'000'000'000'000;  // the years -9999 to 9999, about
  void write_progress(SummaryWriter& out) const;
  void read_progress(SummaryReader& in);
  static void write_place(SummaryWriter& out, std::int64_t place);  // INT64_MAX: none
  [[nodiscard]] bool is_place(std::int64_t place) const;
  [[nodiscard]] std::int64_t read_place(SummaryReader& in) const;
  [[nodiscard]] bool has_begun(std::uint32_t segment, std::int64_t end) const;

  [[nodiscard]] std::int64_t horizon_of(Instant watermark);
  void note_newest(Instant time);
  void note_end(std::int64_t place, Instant last);
  void note_begin(std::int64_t begin, Instant time);
  void add_time_behind(const BatchView& view, std::span<const std::uint32_t> rows, const Passing& passing, Mask& late);
  void add_sessions_behind(const BatchView& view, std::span<const std::uint32_t> rows, const Passing& passing,
                           Mask& late);
  [[nodiscard]] bool add_session_behind(const BatchView& view, std::uint32_t row, Instant horizon);

  [[nodiscard]] std::vector<Source> gather(std::span<GridState* const> partitions, const Closing& closing);
  void take_place(Source& source, std::int64_t place);
  void take_to(std::vector<Source>& sources, std::int64_t horizon);
  void take_changed(std::vector<Source>& sources, bool at_end);
  void take_layers(std::vector<Source>& sources, std::int64_t horizon, bool at_end);
  void revise_place(std::int64_t place, std::int64_t horizon);
  void judge_to(std::int64_t horizon, const Closing& closing, WindowJudge& judge, WindowOutcome& out);
  void close_times(std::vector<Source>& sources, const Closing& closing, WindowJudge& judge, WindowOutcome& out);
  void close_sessions(const std::vector<Source>& sources, const Closing& closing, WindowJudge& judge,
                      WindowOutcome& out);
  void judge_whole(std::vector<Source>& sources, WindowJudge& judge, WindowOutcome& out);

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

  // By segment: behind the place of its first record and behind the horizon of that time. Windows that end there or later
  // are judged for it.
  std::vector<std::int64_t> begins_;
  std::int64_t behind_ = INT64_MIN;  // the horizon of the layer that rows go into; of a stream, where it judged last

  // Of partitions.
  std::map<std::int64_t, std::unique_ptr<PaneStore>> layers_;  // by the horizon at which their records came
  PaneStore* into_ = nullptr;                                  // where rows go: the store, or a layer
  std::int64_t taken_to_ = INT64_MIN;                          // the total has the places before this one
  std::set<std::int64_t> changed_;                             // but for these
  std::set<std::int64_t> touched_;                             // since take_touched()
  bool telling_ = false;                                       // somebody calls it
  std::vector<Instant> slot_since_;        // by slot: from when on panes hold it; empty: from the beginning
  Instant judged_to_ = Instant::min();     // sessions that ended before were judged
  Instant horizon_from_ = Instant::max();  // where horizon_of() gives last_horizon_
  Instant horizon_to_ = Instant::min();
  std::int64_t last_horizon_ = INT64_MIN;
  bool clock_judges_ = false;            // of a total, while it closes: windows beyond the newest record too
  std::int64_t by_records_ = INT64_MAX;  // and which of them records alone would have closed

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
