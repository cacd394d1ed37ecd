// SPDX-License-Identifier: Apache-2.0
// Which key is asked for next, and when. Reads no clock: `now` is an argument, counted from any moment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "registry/schema_source.h"
#include "weir/time.h"

namespace weir {

/// How long to wait after the n-th failure in a row: kFirst doubling up to kMost, of which between half and all is taken,
/// so that many instances do not come back in the same moment.
class Backoff {
 public:
  static constexpr Duration kFirst = std::chrono::milliseconds(100);
  static constexpr Duration kMost = std::chrono::seconds(30);

  explicit Backoff(std::uint64_t seed) : random_(seed) {}
  [[nodiscard]] Duration after_failure();
  void succeeded() { failures_ = 0; }

 private:
  std::mt19937_64 random_;
  int failures_ = 0;
};

class FetchQueue {
 public:
  static constexpr std::size_t kMost = 10'000;
  // An answer that is none of a registry is asked for so often before it is taken for what there is.
  static constexpr int kMostGarbled = 3;
  // A registry may say when to come back, but not next week.
  static constexpr Duration kMostWait = std::chrono::minutes(5);

  FetchQueue(Duration refused_for, std::uint64_t seed) : refused_for_(refused_for), backoff_(seed) {}

  /// Adds the key unless it waits already or was refused lately. False: there are too many.
  bool want(std::string_view key, Duration now);
  /// The key to ask for; nothing: none, or not before wait().
  [[nodiscard]] std::optional<std::string> next(Duration now) const;
  /// How long until next() has something; nothing: until somebody wants something.
  [[nodiscard]] std::optional<Duration> wait(Duration now) const;
  /// The answer to the key of next(). Away goes to the end of the queue, so that one key that the registry always fails at
  /// holds up no other; it becomes Refused after kMostGarbled garbled answers about one key.
  void settle(const std::string& key, SchemaReply& reply, Duration now);

  [[nodiscard]] std::size_t waiting() const { return wanted_.size(); }
  [[nodiscard]] std::optional<Duration> away_since() const { return away_since_; }
  [[nodiscard]] const std::string& trouble() const { return trouble_; }  // empty: it answers
  /// Whether the trouble is one that somebody has to mend.
  [[nodiscard]] bool is_standing() const { return standing_; }

 private:
  struct Wanted {
    std::string key;
    int garbled = 0;
  };

  Duration refused_for_;
  Backoff backoff_;
  std::deque<Wanted> wanted_;  // in the order in which they came
  std::set<std::string, std::less<>> keys_;
  std::map<std::string, Duration, std::less<>> refused_;  // when; bounded as the book is
  std::optional<Duration> away_since_;
  std::string trouble_;
  bool standing_ = false;
  Duration not_before_{};
};

}  // namespace weir
