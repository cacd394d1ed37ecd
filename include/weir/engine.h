// SPDX-License-Identifier: Apache-2.0
// The engine: messages in, an Outcome out. Deterministic; reads no clock, no socket, no file.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/decoder.h"
#include "weir/drift_judge.h"
#include "weir/history.h"
#include "weir/messages.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/shelf.h"

namespace weir {

class Windows;

struct EngineOptions {
  std::uint64_t samples_per_rule = 20;  // evidence kept for each rule
  bool failing_records = false;         // fill Outcome::failing, with a reason for every violation
  std::uint32_t input = 0;              // goes into Sample::input
  Format format = Format::Json;         // never Auto: what the source turned out to be
  Instant now{};                        // of the run: event times beyond it and `max_future` lie in no window
  bool as_stream = false;               // windows close by the watermark, records may be late; else nothing is late
  bool all_windows = false;             // every verdict of a window is reported, not only failing ones
  History* history = nullptr;           // null: only the windows of this run are remembered
  Shelf* shelf = nullptr;               // null: panes stay in memory
  std::uint64_t pane_bytes = std::uint64_t{256} << 20;  // panes beyond it go to the shelf
  std::string stream = {};              // records of another input: only summaries that name it (`other`) take them
  MakeDriftJudge make_drift = nullptr;  // null: drift is judged as src/drift does it
  bool partition = false;  // one partition of a live stream: windows are filled here and judged by StreamWindows
};

/// What read_state() could not take over.
struct StateRead {
  std::vector<std::string> warming;  // ids of rules that remember nothing of what was before
};

/// A stretch of a grid of panes: see docs/decisions/0005.
struct PanePlace {
  std::uint32_t grid = 0;
  std::int64_t place = 0;
  auto operator<=>(const PanePlace&) const = default;
};

/// A batch after the passes that look at one record at a time: everything but the ordered checks.
struct Judged {
  Batch batch;
  std::vector<Mask> evaluated;  // by rule; elements of the rule's column
  std::vector<Mask> failing;    // by rule; elements of the rule's column
  std::vector<Instant> now;
  std::vector<Instant> times;  // by row, where the plan has windows: when it happened
  Mask timed;                  // rows whose time could be read
  Mask tombstones;             // messages whose value is null; empty when there is none
  std::uint64_t lines = 0;     // lines of the block, to number the next one
};

/// The first half of a step, for one thread: decode and judge what needs no memory. Several may run side by side.
class RecordJudge {
 public:
  RecordJudge(std::shared_ptr<const Plan> plan, Format format);
  RecordJudge(RecordJudge&&) noexcept;
  RecordJudge& operator=(RecordJudge&&) noexcept;
  ~RecordJudge();
  void judge(const Messages& messages, Instant now, Judged& out);

 private:
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<Decoder> decoder_;
  Truth truth_;
};

/// One engine judges the records of its partitions in order.
class Engine {
 public:
  Engine(std::shared_ptr<const Plan> plan, EngineOptions options);
  ~Engine();
  Outcome step(const Messages& messages, Instant now);
  /// The second half of a step, in order: ordered checks, then verdicts.
  Outcome settle(Judged& judged);
  /// The end of all input: judges every window that is still open. With what merge_summaries() brought.
  Outcome finish();
  /// All that was found so far, windows that are not judged yet among it: for a merge with that of other runs over other
  /// parts of the same input, judged there by finish().
  [[nodiscard]] std::string write_summaries();
  /// Takes over what another run with the same rules wrote. Its samples belong to the input that is read now.
  Status merge_summaries(std::string_view written);
  /// Everything that is remembered of a partition (panes, watermark, which windows were judged, ordered checks), checksummed:
  /// what a snapshot holds. Nothing of it depends on how records were cut into batches.
  [[nodiscard]] std::string write_state();
  /// Takes over what write_state() gave, under these rules or others: what a rule remembers survives when the rule is
  /// unchanged; rules that begin anew are named, and their windows say `warming` until one began after that.
  Result<StateRead> read_state(std::string_view written);
  /// Newest event time less `out_of_order`; Instant::min() before the first, and where the plan has no windows.
  [[nodiscard]] Instant watermark() const;
  // ---- panes told to other instances. An engine that stands for a partition of somebody else (a shadow) gets its panes by
  // put_pane() and its watermark by set_progress(), and StreamWindows judges it like any other.
  /// What panes hold: engines of the same text understand each other's.
  [[nodiscard]] std::string layout_id() const;
  /// Every pane that is kept of windows by time and sessions; those that changed since the last call.
  [[nodiscard]] std::vector<PanePlace> panes() const;
  [[nodiscard]] std::vector<PanePlace> changed_panes();
  /// All of a pane, every segment, by itself.
  [[nodiscard]] std::string write_pane(PanePlace pane) const;
  /// In place of what is there; under `late: revise`, windows that were judged with what was there are judged again.
  Status put_pane(PanePlace pane, std::string_view written);
  void set_progress(Instant watermark);
  /// All windows that were over at this watermark of the stream were judged elsewhere: panes that only they need go.
  void forget_before(Instant watermark);
  /// What the windows remember, in memory.
  [[nodiscard]] std::uint64_t window_bytes() const;
  /// The next input of the same run: lines count from 1 again, ordered checks go on remembering.
  void begin_input(std::uint32_t input, Format format);
  /// The next input belongs to another stream: its records are decoded for the measures of `other(stream, …)` alone.
  void begin_stream(const std::string& stream, std::uint32_t input, Format format);
  /// What the ordered checks remember; an engine for the next input of a run takes it over.
  [[nodiscard]] std::vector<std::unique_ptr<Memory>>& memories() { return memories_; }

 private:
  friend class StreamWindows;
  void explain_failures(const Judged& judged, Outcome& outcome);
  Outcome settle_other_stream(Judged& judged);
  void add_to_windows(Judged& judged, Outcome& outcome);

  std::shared_ptr<const Plan> plan_;
  EngineOptions options_;
  RecordJudge judge_;
  Judged judged_;
  std::vector<std::unique_ptr<Memory>> memories_;  // by rule
  std::vector<std::uint64_t> samples_taken_;       // by rule
  std::uint64_t line_base_ = 0;
  std::unique_ptr<Windows> windows_;  // null: the plan has none
  WindowOutcome carried_;             // judged between two steps: belongs to the next one
  Outcome found_;                     // all of this run so far, for write_summaries()
  Outcome merged_;                    // from other runs: part of what finish() says
};

}  // namespace weir
