// SPDX-License-Identifier: Apache-2.0
// Judges one window of one segment: measures from its pane, their past from the history, then the conditions. Drift is
// judged once a window was handed over with all of its segments: what is significant is decided over all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "weir/drift_judge.h"
#include "weir/history.h"
#include "weir/plan.h"
#include "weir/window_verdict.h"
#include "windows/layout.h"
#include "windows/pane.h"
#include "windows/segments.h"

namespace weir {

/// Which window it is.
struct Extent {
  bool has_span = false;
  Instant start{};
  Instant end{};
  Instant at{};               // under which its measures are remembered
  std::uint64_t windows = 1;  // more: so many empty ones, the first of which starts at `start`
  std::uint64_t ordinal = 0;  // of count windows without times: keeps their order in the history
  bool partial = false;
  bool revised = false;
  bool by_clock = false;
  bool brief = false;  // the pane of a segment is gone when the next one is handed over
};

class WindowJudge {
 public:
  struct Options {
    std::uint64_t samples_per_rule = 20;
    bool all_windows = false;
    Instant now{};
    History* history = nullptr;           // where measures are remembered
    bool keep_all = false;                // every measure, not only those that a rule of the plan looks back on
    bool keep_newest = false;             // newest values too, which freshness looks back on
    MakeDriftJudge make_drift = nullptr;  // null: drift rules come to an error
  };

  WindowJudge(const Plan& plan, const Layout& layout, const Options& options);

  /// `pane` null: no record. Adds verdicts, counts and evidence to `out`, and the measures to the history.
  void judge(const BoundBlock& block, const Extent& extent, const Pane* pane, const Segments& segments,
             std::uint32_t segment, WindowOutcome& out);
  /// The segments of the window were handed over: judges the drift rules of the block. Panes have to be there until then.
  void end_window(const BoundBlock& block, const Extent& extent, const Segments& segments, WindowOutcome& out);
  /// Every rule of the block comes to that, without a window.
  void settle(const BoundBlock& block, Verdict verdict, const std::string& cause, WindowOutcome& out);
  /// What was judged so far, as far as windows to come depend on it.
  void learn(const WindowJudge& other);
  /// What it knows of earlier windows beside the history.
  void write(SummaryWriter& out) const;
  void read(SummaryReader& in);
  /// Windows that begin before it are partial; of several the latest counts.
  void set_partial_until(Instant until) { partial_until_ = std::max(partial_until_, until); }
  /// By window rule: windows that begin before it are warming.
  void set_warming(std::vector<Instant> until) { warming_ = std::move(until); }
  /// Streams that were read, beside the plan's own.
  void know_stream(const std::string& stream) { streams_.insert(stream); }
  [[nodiscard]] const std::unordered_set<std::string>& streams() const noexcept { return streams_; }

 private:
  struct Deciding {
    Verdict verdict = Verdict::Pass;
    Judgement judgement;
    const Condition* said = nullptr;  // the condition that the judgement is of
    std::shared_ptr<const DriftVerdict> drift = {};
  };
  /// A drift rule over a segment of the window that is being judged.
  struct Drifting {
    std::uint32_t rule = 0;  // index into Plan::window_rules
    std::uint32_t segment = 0;
    DriftSubject subject;
    std::unique_ptr<const FieldSummary> field;  // where the pane does not stay
    std::unique_ptr<const ScatterSummary> scatter;
  };
  struct Window {
    const BoundBlock& block;
    const WindowBlock& written;
    const Extent& extent;
    const Pane& pane;
    const std::string& segment;
    Tally score;
  };

  [[nodiscard]] Deciding decide(const Window& window, const BoundRule& rule, bool empty);
  [[nodiscard]] Deciding decide_anew(const Window& window, const BoundRule& rule);
  [[nodiscard]] bool is_remembered(const BoundCall& call) const {
    return call.remember && options_.history != nullptr && (options_.keep_all || call.looked_back);
  }
  [[nodiscard]] Judgement judge(const Window& window, const WindowCondition& condition,
                                const std::vector<BoundCall>& calls);
  [[nodiscard]] Measured measure(const Window& window, const MeasureCall& call, const BoundCall& bound,
                                 const std::vector<BoundCall>& calls, std::span<const Measured> before);
  [[nodiscard]] Measured distance(const Pane& pane, const MeasureCall& call, const BoundCall& bound) const;
  [[nodiscard]] std::optional<Instant> newest_before(const Window& window, const BoundCall& bound);
  [[nodiscard]] std::vector<double> past_of(const Window& window, const MeasureCall& call, const std::string& series);
  [[nodiscard]] std::vector<double> season_of(const Window& window, const std::string& series);
  [[nodiscard]] std::optional<double> value_at(const Window& window, const std::string& series, Duration ago);
  void count(std::uint32_t rule, WindowKind kind, const Extent& extent, Deciding&& decided, const Segments& segments,
             std::uint32_t segment, WindowOutcome& out);
  [[nodiscard]] std::string expected_of(std::uint32_t rule, const Deciding& decided) const;
  void collect_drift(const Window& window, const BoundRule& rule, std::uint32_t segment);
  [[nodiscard]] Deciding decide_drift(const WindowRule& rule, DriftVerdict&& found) const;

  const Plan& plan_;
  const Layout& layout_;
  Options options_;
  std::vector<std::optional<Deciding>> of_nothing_;  // by window rule, where every empty window comes to the same
  std::vector<Pane> empty_;                          // by grid: a pane of no records
  std::unordered_set<std::string> streams_;
  std::unordered_map<std::string, Instant> newest_;  // by series: the newest value in the windows so far
  std::vector<Measured> values_;                     // of one condition, kept for its memory
  std::vector<std::uint64_t> failing_shown_;         // by window rule
  std::vector<std::uint64_t> others_shown_;
  Instant partial_until_ = Instant::min();
  std::vector<Instant> warming_;          // by window rule, or empty
  std::unique_ptr<History> own_history_;  // of drift, where there is none
  std::unique_ptr<DriftJudge> drift_;     // null: the plan has no drift rules, or nobody judges them
  std::vector<Drifting> drifting_;        // of the window so far
};

/// The worst of what `must` and `should` came to, as reports order it: Fail, Error, Warn, Inconclusive, NoData, Pass.
[[nodiscard]] int weight_of(Verdict verdict) noexcept;

}  // namespace weir
