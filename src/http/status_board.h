// SPDX-License-Identifier: Apache-2.0
// What people may want to know of a stream, collected while it runs: one board a stream. The stream's thread writes, the
// server's threads read; both hold the lock for as long as it takes to add or copy some numbers. What is kept is bounded by
// the number of rules, never by what records hold; a window's verdict is kept as it came, a few thousand of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/rule_changes.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/ports.h"

namespace weir {

/// Failures of a record rule that are no further apart are one incident: it goes on.
inline constexpr std::chrono::minutes kEpisode(5);

/// A stream as it was at one moment.
struct StreamView {
  struct RecordRuleView {
    RuleCounts counts;
    std::uint64_t quarantined = 0;  // records in the quarantine that broke it
    std::optional<Instant> last_failed;
    std::optional<Instant> failing_since;  // the first failure of those that follow each other within kEpisode
  };
  struct KeptSample {
    Partition partition;
    Sample sample;
    Instant at{};  // when it was judged
  };
  struct KeptTrouble {
    Trouble trouble;
    Instant at{};
    std::uint64_t times = 1;  // the same event in a row
  };

  struct KeptSchema {
    SchemaChange change;
    Instant at{};
  };

  std::string stream;
  std::shared_ptr<const Plan> plan;            // null: not read yet
  std::shared_ptr<const StreamStatus> status;  // null: nothing heard yet
  std::chrono::milliseconds silent_for{};      // since the loop last came round
  std::vector<RecordRuleView> rules;           // by index of Plan::rules
  std::vector<WindowCounts> window_rules;      // by index of Plan::window_rules
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t kept_out = 0;
  std::uint64_t late = 0;
  std::uint64_t future = 0;
  std::uint64_t untimed = 0;
  std::size_t samples_per_rule = 0;
  std::vector<KeptSample> samples;
  std::vector<KeptTrouble> troubles;                        // the newest last
  std::vector<std::shared_ptr<const KeptSchema>> schemas;   // as they were first seen, the newest last
  std::vector<std::shared_ptr<const RuleChanges>> reloads;  // the newest last
  std::chrono::steady_clock::time_point seen_at{};          // when the view was taken, by the clock of its reloads
};

/// A judged window, with the rule by its place in the view's plan.
struct ShownWindow {
  std::uint32_t rule = 0;
  std::shared_ptr<const WindowVerdict> verdict;
};

class StatusBoard final : public StreamObserver {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    std::string stream;
    std::size_t windows_per_rule = 240;  // four hours of minutes
    std::size_t windows = 20'000;        // of all rules together: what many rules share
    std::size_t samples_per_rule = 0;    // failing records that are shown; none unless asked for
  };

  explicit StatusBoard(Options options, std::function<Clock::time_point()> clock = &Clock::now);

  void rules(const std::shared_ptr<const Plan>& plan) override;
  void judged(const Fetched& fetched, const Outcome& outcome, Instant now) override;
  void windows(const WindowOutcome& windows, Instant now) override;
  void quarantined(std::uint64_t records, std::span<const std::uint64_t> rules) override;
  void kept_out(std::uint64_t records) override;
  void trouble(const Trouble& trouble, Instant now) override;
  void schema(const SchemaChange& change, Instant now) override;
  void status(const StreamStatus& status) override;

  /// Any thread.
  [[nodiscard]] StreamView view() const;
  /// The stream, its status and its silence alone: what a probe asks, at a cost that does not grow with the rules.
  [[nodiscard]] StreamView pulse() const;
  /// The same with the windows that are kept, rule by rule, each oldest first.
  [[nodiscard]] std::pair<StreamView, std::vector<ShownWindow>> view_with_windows() const;

 private:
  struct WindowRuleState {
    WindowCounts counts;
    std::deque<std::shared_ptr<const WindowVerdict>> recent;
  };

  void keep_samples(const Fetched& fetched, const Outcome& outcome, Instant now);
  [[nodiscard]] StreamView view_locked() const;
  [[nodiscard]] std::chrono::milliseconds silent_until(Clock::time_point now) const;

  Options options_;
  std::function<Clock::time_point()> clock_;
  mutable std::mutex mutex_;
  StreamView kept_;
  Clock::time_point turned_;
  std::vector<WindowRuleState> window_rules_;
  std::vector<std::deque<StreamView::KeptSample>> samples_;  // by rule
  std::size_t recent_max_ = 0;
};

}  // namespace weir
