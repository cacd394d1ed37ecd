// SPDX-License-Identifier: Apache-2.0
#include "sinks/snapshot_watch.h"

#include <algorithm>
#include <utility>

namespace weir {

void SnapshotWatch::seen(std::span<const PartitionStatus> partitions, Instant now) {
  std::map<Partition, Place> places;
  for (const PartitionStatus& one : partitions) {
    const auto before = places_.find(one.partition);
    Place place = before == places_.end() || before->second.snapshot_at != one.snapshot_at
                      ? Place{.snapshot_at = one.snapshot_at, .saved_to = one.next_offset, .unsaved_since = {}}
                      : before->second;
    if (!place.unsaved_since && one.next_offset != place.saved_to) place.unsaved_since = now;
    places.insert_or_assign(one.partition, place);
  }
  places_ = std::move(places);
}

std::optional<Instant> SnapshotWatch::unsaved_since() const {
  std::optional<Instant> oldest;
  for (const auto& [partition, place] : places_) {
    if (place.unsaved_since) oldest = oldest ? std::min(*oldest, *place.unsaved_since) : *place.unsaved_since;
  }
  return oldest;
}

}  // namespace weir
