// SPDX-License-Identifier: Apache-2.0
// A consumer group as its coordinator sees it: who is a member, which generation counts, who has which partition.
//
// A rebalance begins when a member comes, goes or falls silent, or when the topic grows; it ends when every member has
// rejoined, or was given up after the session timeout. Eager members give up everything before they rejoin; cooperative
// ones keep what they have and give up later what is to go to somebody else, which takes a second rebalance. A member
// with an instance name takes the place of the one that had the name before, without a rebalance when the group is
// stable, and fences it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/chance.h"
#include "weir/ports.h"

namespace weir::sim {

class Group {
 public:
  static constexpr Duration kSessionTimeout = std::chrono::seconds(10);

  Group(bool cooperative, std::vector<Partition> partitions, std::uint64_t seed)
      : cooperative_(cooperative), partitions_(std::move(partitions)), chance_(seed) {}

  struct Member {
    std::string instance;  // empty: dynamic
    int generation = 0;
    bool rejoined = true;
    Duration heard_at{};
    std::vector<Partition> owned;   // as it said when it rejoined, or was told since
    std::vector<Partition> target;  // of the generation
  };

  /// The id of the member.
  std::string join(const std::string& instance, Duration now);
  void leave(const std::string& id);
  /// Unknown: it was given up, or somebody else came under its name.
  [[nodiscard]] bool knows(const std::string& id) const { return members_.contains(id); }
  [[nodiscard]] bool is_fenced(const std::string& id) const;
  void heartbeat(const std::string& id, Duration now);
  /// It takes part in the rebalance that is under way.
  void rejoin(const std::string& id, std::vector<Partition> owned);
  void rebalance();
  void grow(std::vector<Partition> partitions);
  /// Gives up members that were silent for too long; ends a rebalance that can end.
  void turn(Duration now);

  [[nodiscard]] bool cooperative() const { return cooperative_; }
  [[nodiscard]] bool preparing() const { return preparing_; }
  [[nodiscard]] int generation() const { return generation_; }
  [[nodiscard]] Member& member(const std::string& id) { return members_.at(id); }
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  /// Whether positions of that generation count.
  [[nodiscard]] bool accepts(const std::string& id, int generation) const;

 private:
  void assign();
  [[nodiscard]] bool is_all_assigned() const;

  bool cooperative_;
  std::vector<Partition> partitions_;
  Chance chance_;
  std::map<std::string, Member> members_;
  std::map<std::string, std::string> by_instance_;  // instance -> id
  bool preparing_ = false;
  int generation_ = 0;
  int ids_ = 0;
};

}  // namespace weir::sim
