// SPDX-License-Identifier: Apache-2.0
#include "sinks/lineage_queue.h"

#include <algorithm>
#include <utility>

namespace weir {

void LineageQueue::push(LineageEvent event) {
  bytes_ += event.body.size();
  waiting_.push_back({.number = next_number_++, .event = std::move(event)});
  // The newest stays, however large it is: it is bounded by itself.
  while (waiting_.size() > 1 && (waiting_.size() > limits_.events || bytes_ > limits_.bytes)) {
    bytes_ -= waiting_.front().event.body.size();
    waiting_.pop_front();
    ++counts_.dropped;
  }
}

void LineageQueue::restore(std::vector<Waiting> waiting) {
  for (Waiting& one : waiting) {
    next_number_ = std::max(next_number_, one.number);
    push(std::move(one.event));
  }
}

std::optional<LineageQueue::Waiting> LineageQueue::next(Duration now) const {
  if (waiting_.empty() || now < not_before_) return std::nullopt;
  return waiting_.front();
}

std::optional<Duration> LineageQueue::wake_at() const {
  if (waiting_.empty()) return std::nullopt;
  return not_before_;
}

/// False: it was dropped meanwhile.
bool LineageQueue::settle(std::uint64_t number) {
  wait_ = not_before_ = Duration{};
  if (waiting_.empty() || waiting_.front().number != number) return false;
  bytes_ -= waiting_.front().event.body.size();
  waiting_.pop_front();
  return true;
}

/// One that was dropped while it was sent has been counted, and is told all the same.
void LineageQueue::sent(std::uint64_t number) {
  if (!settle(number) && counts_.dropped > 0) --counts_.dropped;
  ++counts_.sent;
}

void LineageQueue::refused(std::uint64_t number) {
  if (settle(number)) ++counts_.refused;
}

void LineageQueue::failed(Duration now, Duration not_before) {
  ++counts_.failures;
  wait_ = wait_ == Duration{} ? limits_.first_wait : std::min(wait_ * 2, limits_.longest_wait);
  // Up to a quarter less, so that many that lost the same server do not come back at once.
  const Duration less(std::uniform_int_distribution<std::int64_t>(0, wait_.count() / 4)(random_));
  not_before_ = now + std::max(wait_ - less, not_before);
}

LineageCounts LineageQueue::counts() const {
  LineageCounts counts = counts_;
  counts.waiting = waiting_.size();
  return counts;
}

std::vector<LineageQueue::Waiting> LineageQueue::from(std::uint64_t number) const {
  const auto first = std::lower_bound(waiting_.begin(), waiting_.end(), number,
                                      [](const Waiting& one, std::uint64_t least) { return one.number < least; });
  return {first, waiting_.end()};
}

}  // namespace weir
