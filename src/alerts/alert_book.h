// SPDX-License-Identifier: Apache-2.0
// From verdicts on windows to alerts that begin and end: one alert a stream, rule and segment.
//
// An alert begins when `fire` of the last `of` windows broke the rule and the newest of them did, and ends when `clear`
// windows in a row hold. Drift rules have voted already (`alert_after`): one verdict decides. A window that comes to no
// answer (no data, inconclusive, an error) changes nothing, and so does one that was not seen whole (partial) or whose rule
// was changed while it was open (warming). Windows of the past (backfill) end alerts and begin none; one that is judged
// again (revised) may turn from broken to held and end one.
//
// A begin or an end is saved before anybody is told of it, the rest with each snapshot of the stream and before it. What is
// judged again after a kill lies behind the newest window that is remembered, and is passed over: the same alert, begun at
// the same time. docs/alerts.md says what that comes to.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "alerts/alert.h"
#include "alerts/alert_store.h"
#include "weir/ports.h"

namespace weir {

struct AlertBookOptions {
  std::string pipeline = {};
  std::string stream = {};
  std::uint32_t fire = 1;
  std::uint32_t of = 1;
  std::uint32_t clear = 1;
  std::size_t samples = 0;                           // failing values in an alert
  std::size_t most = 5'000;                          // alerts that are known at once, over or not
  std::size_t keep_over = 500;                       // alerts that are over and still shown
  Duration silent_after = std::chrono::hours(24);    // a segment of which nothing was judged for so long is gone
  std::function<Instant()> clock = {};               // for what has no window: a rule that is gone
  std::function<void(std::uint64_t)> left_out = {};  // hears how many alerts could not begin: there are `most`
};

/// 16 hexadecimal digits that stand for the same rule over the same segment in every process.
[[nodiscard]] std::string alert_fingerprint(const Alert& alert);

class AlertBook final : public StreamObserver {
 public:
  using Tell = std::function<void(const Alert&)>;

  /// `tell` hears the newest state of an alert whenever that changes; it must not block. Without a store it is remembered as
  /// long as the process lives.
  AlertBook(AlertBookOptions options, std::unique_ptr<AlertStore> store, Tell tell);

  /// Reads what was saved and tells of it; before the first rules.
  Status restore();
  /// Writes what was not written yet; in the stream's thread, before its snapshot.
  Status save();
  /// Another instance judges the windows from now on: what fires here is that one's to tell.
  void hand_over();

  void rules(const std::shared_ptr<const Plan>& plan) override;
  void judged(const Fetched& fetched, const Outcome& outcome, Instant now) override;
  void windows(const WindowOutcome& windows, Instant now) override;

  /// Those that fire.
  [[nodiscard]] std::size_t firing() const;
  /// Rules over segments of which something is remembered.
  [[nodiscard]] std::size_t known() const noexcept { return size_; }
  /// Alerts that did not begin because there are too many.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

 private:
  struct Vote {
    Instant start{};
    Instant end{};
    bool broke = false;
  };
  /// What is known of a rule over a segment of which a window was broken.
  struct Entry {
    enum class Phase : std::uint8_t { Voting, Firing, Over };
    Phase phase = Phase::Voting;
    Alert alert;
    std::vector<Vote> votes;  // oldest first
    bool unsaved = false;
  };
  struct VoteCounts {
    std::uint32_t fire = 1;
    std::uint32_t of = 1;
    std::uint32_t clear = 1;
  };
  using BySegment = std::map<std::string, Entry, std::less<>>;

  void hear(const WindowVerdict& verdict, const WindowRule& rule, Instant now);
  Entry* find_or_add(const WindowVerdict& verdict, const WindowRule& rule, bool may_begin);
  [[nodiscard]] Alert new_alert(const WindowVerdict& verdict, const WindowRule& rule) const;
  static bool revise(Entry& entry, const Vote& vote);
  void count(Entry& entry, const WindowVerdict& verdict, const WindowRule& rule, const Vote& vote);
  void take_evidence(Alert& alert, const WindowVerdict& verdict, const WindowRule& rule) const;
  void end(Entry& entry, Instant at, const std::string& why);
  void change(Entry& entry);
  void end_silent_segments();
  void end_rules_that_are_gone();
  void forget_old_ones();
  void let_go(const Alert& alert);
  void settle_changes();
  [[nodiscard]] VoteCounts votes_of(const WindowRule& rule) const;
  void add_samples(Alert& alert, const RuleInfo& rule) const;
  [[nodiscard]] static std::string text_of_entry(const std::string& key, const Entry& entry);
  static std::optional<std::pair<std::string, Entry>> read_entry(const std::string& text);

  AlertBookOptions options_;
  std::unique_ptr<AlertStore> store_;
  Tell tell_;
  std::shared_ptr<const Plan> plan_;
  std::map<std::string, BySegment, std::less<>> entries_;  // by rule, by segment
  std::size_t size_ = 0;
  std::vector<Alert> changed_;                    // since the last time that they were told
  bool turned_ = false;                           // one of them began or ended
  std::set<std::string> gone_;                    // fingerprints that are not yet out of the store
  std::vector<std::deque<std::string>> samples_;  // by index of Plan::rules
  Instant newest_ = Instant::min();               // end of a window of now
  std::uint64_t left_out_ = 0;
  std::uint64_t left_out_told_ = 0;
};

}  // namespace weir
