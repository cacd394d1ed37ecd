// SPDX-License-Identifier: Apache-2.0
#include "sinks/quality_score.h"

#include <map>
#include <utility>

namespace weir {

void QualityScore::rules(const std::vector<std::string>& ids) {
  std::map<std::string, Rule> before;
  for (Rule& rule : rules_) {
    std::string id = rule.id;
    before.insert_or_assign(std::move(id), std::move(rule));
  }
  rules_.clear();
  for (const std::string& id : ids) {
    const auto found = before.find(id);
    rules_.push_back(found == before.end() ? Rule{.id = id, .slots = {}} : found->second);
  }
}

void QualityScore::add(std::size_t rule, std::uint64_t judged, std::uint64_t failed, Instant now) {
  if (rule >= rules_.size() || judged == 0) return;
  const std::int64_t number = now.time_since_epoch() / kSlot;
  Slot& slot = rules_[rule].slots[static_cast<std::size_t>(number) % kSlots];
  if (slot.number != number) slot = {.number = number, .judged = 0, .failed = 0};
  slot.judged += judged;
  slot.failed += failed;
}

std::optional<double> QualityScore::of(Instant now, std::span<const double> window_shares) const {
  const std::int64_t newest = now.time_since_epoch() / kSlot;
  const std::int64_t oldest = newest - static_cast<std::int64_t>(kSlots) + 1;
  double sum = 0;
  std::size_t count = 0;
  for (const Rule& rule : rules_) {
    std::uint64_t judged = 0;
    std::uint64_t failed = 0;
    for (const Slot& slot : rule.slots) {
      if (slot.number < oldest || slot.number > newest) continue;
      judged += slot.judged;
      failed += slot.failed;
    }
    if (judged == 0) continue;
    sum += 1 - static_cast<double>(failed) / static_cast<double>(judged);
    ++count;
  }
  for (const double share : window_shares) {
    sum += share;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

}  // namespace weir
