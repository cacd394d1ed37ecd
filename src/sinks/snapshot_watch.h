// SPDX-License-Identifier: Apache-2.0
// Since when records have been judged that no snapshot holds: what would be judged again after a crash. A partition
// without new records needs no new snapshot, so the time of its last one says nothing; only records judged since count.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "weir/ports.h"

namespace weir {

class SnapshotWatch {
 public:
  /// What the partitions say now. As exact as they are asked often: records between two calls count from the later one.
  void seen(std::span<const PartitionStatus> partitions, Instant now);
  /// Of all partitions; nothing where every judged record is in a snapshot.
  [[nodiscard]] std::optional<Instant> unsaved_since() const;

 private:
  struct Place {
    Instant snapshot_at{};
    std::int64_t saved_to = 0;  // judged up to here when that snapshot was first seen
    std::optional<Instant> unsaved_since;
  };

  std::map<Partition, Place> places_;  // the assigned partitions
};

}  // namespace weir
