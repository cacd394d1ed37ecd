// SPDX-License-Identifier: Apache-2.0
#include "sim/group.h"

#include <algorithm>

namespace weir::sim {

std::string Group::join(const std::string& instance, Duration now) {
  const std::string id = instance + "#" + std::to_string(++ids_);
  Member member;
  member.instance = instance;
  member.heard_at = now;
  const auto before = instance.empty() ? by_instance_.end() : by_instance_.find(instance);
  if (before != by_instance_.end() && members_.contains(before->second)) {
    const Member old = members_.at(before->second);
    members_.erase(before->second);
    member.target = old.target;
    if (preparing_) {
      member.rejoined = false;
    } else {
      member.generation = old.generation;
    }
    members_[id] = member;
    by_instance_[instance] = id;
    // What the one before was to give up nobody will give up now.
    if (cooperative_ && !preparing_ && !is_all_assigned()) rebalance();
    return id;
  }
  if (!instance.empty()) by_instance_[instance] = id;
  members_[id] = member;
  rebalance();
  members_[id].rejoined = true;
  return id;
}

void Group::leave(const std::string& id) {
  if (members_.erase(id) > 0) rebalance();
}

bool Group::is_fenced(const std::string& id) const {
  const std::string instance = id.substr(0, id.find('#'));
  const auto at = by_instance_.find(instance);
  return !members_.contains(id) && at != by_instance_.end() && at->second != id && members_.contains(at->second);
}

void Group::heartbeat(const std::string& id, Duration now) {
  const auto at = members_.find(id);
  if (at != members_.end()) at->second.heard_at = now;
}

void Group::rejoin(const std::string& id, std::vector<Partition> owned) {
  Member& member = members_.at(id);
  member.rejoined = true;
  member.owned = std::move(owned);
}

void Group::rebalance() {
  preparing_ = true;
  for (auto& [id, member] : members_) member.rejoined = false;
}

void Group::grow(std::vector<Partition> partitions) {
  partitions_ = std::move(partitions);
  rebalance();
}

void Group::turn(Duration now) {
  const std::size_t before = members_.size();
  std::erase_if(members_, [&](const auto& entry) { return now - entry.second.heard_at >= kSessionTimeout; });
  if (members_.size() != before) rebalance();
  if (!preparing_) return;
  if (std::all_of(members_.begin(), members_.end(), [](const auto& entry) { return entry.second.rejoined; })) assign();
}

bool Group::is_all_assigned() const {
  std::size_t assigned = 0;
  for (const auto& [id, member] : members_) assigned += member.target.size();
  return assigned == partitions_.size();
}

void Group::assign() {
  preparing_ = false;
  ++generation_;
  if (members_.empty()) return;
  std::vector<std::string> ids;
  for (auto& [id, member] : members_) {
    member.generation = generation_;
    member.target.clear();
    ids.push_back(id);
  }
  const std::size_t most = (partitions_.size() + ids.size() - 1) / ids.size();
  std::vector<Partition> free = partitions_;
  if (cooperative_) {
    for (const std::string& id : ids) {
      Member& member = members_[id];
      for (const Partition& one : member.owned) {
        // Now and then one goes to somebody else without need.
        if (member.target.size() >= most || chance_.one_in(12)) continue;
        if (std::erase(free, one) > 0) member.target.push_back(one);
      }
    }
  }
  chance_.shuffle(ids);
  for (const Partition& one : free) {
    const auto least = std::min_element(ids.begin(), ids.end(), [&](const std::string& a, const std::string& b) {
      return members_[a].target.size() < members_[b].target.size();
    });
    // What somebody still has is given to nobody else before they gave it up.
    const bool taken = cooperative_ && std::any_of(members_.begin(), members_.end(), [&](const auto& entry) {
                         const auto& owned = entry.second.owned;
                         return entry.first != *least && std::find(owned.begin(), owned.end(), one) != owned.end();
                       });
    if (!taken) members_[*least].target.push_back(one);
  }
}

bool Group::accepts(const std::string& id, int generation) const {
  const auto at = members_.find(id);
  return at != members_.end() && at->second.generation == generation;
}

}  // namespace weir::sim
