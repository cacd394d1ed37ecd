// SPDX-License-Identifier: Apache-2.0
// Who has to be told what, and when: the newest state of every alert against what each receiver was told last.
//
// Nothing is queued but the difference of the two. So a receiver that was away is told what is true when it is back, the
// work that waits is bounded by the number of alerts, and an alert that came and went meanwhile is told once, as one that is
// over. Changes of one stream within `group_wait` are one notification. What fires on is told again after `repeat_every`; to
// a receiver that forgets what is not repeated, every minute.
//
// A receiver that is away is tried after 1, 2, 4 and 8 seconds, then once a minute; no sooner than it asked for. One that
// refuses is told again after a change, or after an hour. Each receiver waits for itself alone.
//
// It reads no clock and no file, and starts no thread: `now` is an argument and never runs backwards.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/alert.h"
#include "alerts/alert_store.h"
#include "alerts/receiver.h"
#include "weir/alert_settings.h"

namespace weir {

struct DeliveryTarget {
  std::string name = {};
  AlertChoice choice = {};
  Duration group_wait = std::chrono::seconds(5);
  Duration repeat_every = std::chrono::hours(4);  // zero: never
  bool forgets = false;                           // Receiver::wants_repeats()
  std::size_t samples = 0;
};

struct DeliveryOptions {
  std::string pipeline = {};
  std::string instance = {};
  std::string page = {};
  std::vector<MaintenanceWindow> maintenance = {};
  std::uint64_t seed = 0;         // of the jitter
  std::size_t most = 20'000;      // alerts that are known, and an eighth of them until somebody looks
  std::size_t keep_over = 1'000;  // of a stream, alerts that are over: more than its AlertBook keeps
};

/// How it goes with a receiver.
struct ReceiverFacts {
  std::string name;
  std::uint64_t sent = 0;  // notifications
  std::uint64_t away = 0;  // failures, by reason
  std::uint64_t refused = 0;
  std::size_t waiting = 0;  // alerts that it is to be told of
  bool up = true;           // it answered when it was asked last
  std::string last_failure;
  std::optional<Instant> next_try;  // where it is away
};

class AlertDelivery {
 public:
  AlertDelivery(DeliveryOptions options, std::vector<DeliveryTarget> targets);

  // ---- what was told before a restart
  void restore(const std::vector<AlertStore::Entry>& entries);
  /// All that is remembered was heard: who was told of an alert that nobody knows any more is told that it is over.
  void begin(Instant now);
  /// What is to be written since the last time.
  [[nodiscard]] std::vector<AlertStore::Entry> take_unsaved();
  [[nodiscard]] bool has_unsaved() const { return !unsaved_.empty(); }

  // ---- what is true
  struct Heard {
    bool began = false;
    bool ended = false;
    bool silenced = false;
    bool is_news = false;  // somebody may have to be told
  };
  Heard hear(const Alert& alert, Instant now);
  /// So many more alerts of the stream could not begin, because there are too many.
  void leave_out(const std::string& stream, std::uint64_t count) { left_out_[stream] += count; }
  /// The stream is judged by another instance: nothing of it is ours to tell.
  void hand_over(std::string_view stream);

  // ---- what is told; for each target one notification is under way at a time
  /// `at_once`: without waiting for more that could be told together with it.
  [[nodiscard]] std::optional<Notification> next(std::size_t target, Instant now, bool at_once = false);
  void settle(std::size_t target, const Told& told, Instant now);
  /// When next() may have something, if nothing is heard until then.
  [[nodiscard]] Instant wake_at(std::size_t target, Instant now) const;
  /// When it may be told of what is heard now.
  [[nodiscard]] Instant soonest(std::size_t target, Instant now) const;

  // ---- for metrics and pages
  [[nodiscard]] std::vector<ReceiverFacts> receivers(Instant now) const;
  struct StreamFacts {
    std::size_t errors = 0;  // that fire
    std::size_t warnings = 0;
    std::size_t silenced = 0;    // of both
    std::uint64_t left_out = 0;  // times that a rule was broken for which there was no room
  };
  [[nodiscard]] std::map<std::string, StreamFacts> streams(Instant now) const;
  /// The newest state of everything, as /api/v1/alerts has it.
  [[nodiscard]] std::string json(Instant now) const;

 private:
  struct Known {
    Alert alert;
    std::uint64_t version = 0;  // of what is worth telling; evidence that changes is not
    Instant changed_at{};
    bool restored = false;  // from before the start
  };
  /// What a receiver was told of an alert last.
  struct Mark {
    Alert::State state = Alert::State::Firing;
    Instant starts_at{};
    std::string severity = {};
    Instant told_at{};  // Instant{}: not at all, it came and went in maintenance
  };
  struct Refusal {
    std::uint64_t version = 0;
    Instant until{};
  };
  struct UnderWay {
    std::string fingerprint;
    std::uint64_t version = 0;
    Alert alert;
  };
  struct Target {
    DeliveryTarget settings;
    std::map<std::string, Mark, std::less<>> marks;        // by fingerprint
    std::map<std::string, Refusal, std::less<>> refusals;  // by fingerprint
    std::optional<Instant> known_since;
    std::vector<UnderWay> under_way;
    unsigned failures = 0;  // in a row
    Instant retry_at = Instant::min();
    ReceiverFacts facts;
  };
  /// What is to be told of one stream.
  struct Group {
    Instant due = Instant::max();
    std::vector<const Known*> alerts;
  };

  [[nodiscard]] const MaintenanceWindow* maintenance(const Alert& alert, Instant now) const;
  [[nodiscard]] static const Mark* mark_of(const Target& target, const std::string& fingerprint);
  template <typename Visit>
  void each(const Target& target, Visit visit) const;
  [[nodiscard]] bool owes(const Target& target, const Known& known, const Mark* mark, Instant now) const;
  [[nodiscard]] static bool is_refused(const Target& target, const Known& known, Instant now);
  [[nodiscard]] std::optional<Instant> repeats_at(const Target& target, const Known& known, const Mark* mark,
                                                  Instant now) const;
  [[nodiscard]] std::map<std::string_view, Group> owed(const Target& target, Instant now) const;
  [[nodiscard]] std::map<std::string_view, Group> reminders(const Target& target, Instant now) const;
  [[nodiscard]] Notification take(Target& target, const Group& group, bool reminder) const;
  [[nodiscard]] bool is_owed_by_any(const Known& known, Instant now) const;
  [[nodiscard]] static std::string name_of(const Target& target, std::string_view fingerprint);
  void save_mark(const Target& target, const Alert& alert, const Mark& mark);
  void hush(const Alert& alert);
  void forget(const std::string& fingerprint);
  void trim(Instant now);
  [[nodiscard]] Duration backoff(const Target& target);
  double draw();

  DeliveryOptions options_;
  std::vector<Target> targets_;
  std::map<std::string, Known, std::less<>> known_;        // by fingerprint
  std::map<std::string, Alert, std::less<>> told_before_;  // by fingerprint, until begin()
  std::map<std::string, std::uint64_t> left_out_;          // by stream
  bool begun_ = false;
  std::size_t untrimmed_ = 0;                   // alerts that came or ended since trim()
  std::map<std::string, std::string> unsaved_;  // by name
  std::uint64_t state_of_draw_;
};

}  // namespace weir
