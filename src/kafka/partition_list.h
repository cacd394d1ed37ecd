// SPDX-License-Identifier: Apache-2.0
// weir's partitions and positions <-> librdkafka's lists.
#pragma once

#include <span>
#include <vector>

#include "kafka/handles.h"
#include "weir/ports.h"

namespace weir::kafka {

using PartitionList = Owned<rd_kafka_topic_partition_list_t>;

[[nodiscard]] PartitionList list_of(std::span<const Partition> partitions);
[[nodiscard]] PartitionList list_of(const Partition& partition, std::int64_t offset);
/// Positions without an offset are left out.
[[nodiscard]] PartitionList list_of(std::span<const Position> positions);

[[nodiscard]] std::vector<Partition> partitions_of(const rd_kafka_topic_partition_list_t& list);
[[nodiscard]] std::vector<Position> positions_of(const rd_kafka_topic_partition_list_t& list);

/// `orders [3]`
[[nodiscard]] std::string name_of(const Partition& partition);

}  // namespace weir::kafka
