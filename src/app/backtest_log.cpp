// SPDX-License-Identifier: Apache-2.0
#include "app/backtest_log.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

// Windows that may miss records before the stretch are told by the first batch of each partition: a small one tells best.
constexpr std::size_t kAtFirst = 500;

}  // namespace

Status StretchLog::start(RecordLog::Listener& listener) {
  listener_ = &listener;
  return log_->start(*this);
}

std::vector<std::int64_t> StretchLog::assigned(std::span<const Partition> partitions) {
  std::vector<Partition> wanted;
  for (const Partition& partition : partitions) {
    if (stretch_.contains(partition)) wanted.push_back(partition);
  }
  const std::vector<std::int64_t> begin = listener_->assigned(wanted);
  std::vector<std::int64_t> offsets;
  std::size_t next = 0;
  for (const Partition& partition : partitions) {
    const auto at = stretch_.find(partition);
    offsets.push_back(at == stretch_.end() ? 0 : begin[next++]);
    const bool empty = at == stretch_.end() || at->second.first >= at->second.end;
    if (!empty) open_.insert(partition);
    if (!empty) unread_.insert(partition);
    if (empty) to_pause_.push_back(partition);
    if (empty && at != stretch_.end()) just_ended_.push_back(partition);
  }
  return offsets;
}

void StretchLog::revoked(std::span<const Partition> partitions, bool lost) {
  std::vector<Partition> wanted;
  for (const Partition& partition : partitions) {
    if (stretch_.contains(partition)) wanted.push_back(partition);
  }
  listener_->revoked(wanted, lost);
}

void StretchLog::end(const Partition& partition) {
  if (open_.erase(partition) == 0) return;
  log_->pause(partition);
  just_ended_.push_back(partition);
}

void StretchLog::poll(Duration wait, std::size_t most, Events& out) {
  for (const Partition& partition : std::exchange(to_pause_, {})) log_->pause(partition);
  log_->poll(wait, unread_.empty() ? most : std::min(most, kAtFirst), out);
  for (const Fetched& fetched : out.fetched) unread_.erase(fetched.partition);
  std::erase_if(out.fetched, [this](const Fetched& fetched) { return has_ended(fetched.partition); });
  for (Fetched& fetched : out.fetched) {
    const std::int64_t behind = stretch_.at(fetched.partition).end;
    cut_at(fetched.messages, behind);
    fetched.next_offset = std::min(fetched.next_offset, behind);
    if (fetched.next_offset == behind) end(fetched.partition);
  }
  for (const Partition& partition : out.ended) {
    if (has_ended(partition)) continue;
    // What is missing up to the end are marks of transactions, which nobody sees.
    const std::int64_t behind = stretch_.at(partition).end;
    const auto of_it = std::find_if(out.fetched.begin(), out.fetched.end(),
                                    [&](const Fetched& fetched) { return fetched.partition == partition; });
    if (of_it == out.fetched.end()) {
      out.fetched.push_back({.partition = partition, .messages = {}, .next_offset = behind});
    } else {
      of_it->next_offset = behind;
    }
    end(partition);
  }
  out.ended.clear();
  if (!open_.empty()) out.ended = std::exchange(just_ended_, {});
  std::erase_if(out.out_of_range, [this](const Partition& partition) { return has_ended(partition); });
  if (!out.out_of_range.empty() && !fault_)
    fault_ =
        Error{.message = "records of " + out.out_of_range.front().topic + "/" +
                         std::to_string(out.out_of_range.front().number) + " were deleted while they were to be read",
              .help = "begin later: --from"};
  out.out_of_range.clear();
}

void StretchLog::resume(const Partition& partition) {
  if (!has_ended(partition)) log_->resume(partition);
}

Result<Bounds> StretchLog::bounds(const Partition& partition) {
  const auto at = stretch_.find(partition);
  return at == stretch_.end() ? Bounds{} : at->second;
}

Result<std::vector<Position>> StretchLog::committed(std::span<const Partition> partitions) {
  std::vector<Position> positions;
  for (const Partition& partition : partitions)
    positions.push_back({.partition = partition, .offset = std::nullopt, .metadata = {}});
  return positions;
}

std::vector<Partition> StretchLog::known_partitions() {
  std::vector<Partition> partitions;
  for (const auto& [partition, bounds] : stretch_) partitions.push_back(partition);
  return partitions;
}

std::optional<std::int64_t> StretchLog::known_end(const Partition& partition) {
  const auto at = stretch_.find(partition);
  return at == stretch_.end() ? std::nullopt : std::optional(at->second.end);
}

}  // namespace weir
