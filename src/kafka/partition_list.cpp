// SPDX-License-Identifier: Apache-2.0
#include "kafka/partition_list.h"

#include <cstring>
#include <string>

namespace weir::kafka {

namespace {

PartitionList empty_list(std::size_t size) {
  return PartitionList(rd_kafka_topic_partition_list_new(static_cast<int>(size)));
}

std::span<const rd_kafka_topic_partition_t> elements(const rd_kafka_topic_partition_list_t& list) {
  return {list.elems, static_cast<std::size_t>(list.cnt)};
}

}  // namespace

PartitionList list_of(std::span<const Partition> partitions) {
  PartitionList list = empty_list(partitions.size());
  for (const Partition& partition : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number);
  }
  return list;
}

PartitionList list_of(const Partition& partition, std::int64_t offset) {
  PartitionList list = empty_list(1);
  rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number)->offset = offset;
  return list;
}

PartitionList list_of(std::span<const Position> positions) {
  PartitionList list = empty_list(positions.size());
  for (const Position& position : positions) {
    if (!position.offset) continue;
    rd_kafka_topic_partition_t* const element =
        rd_kafka_topic_partition_list_add(list.get(), position.partition.topic.c_str(), position.partition.number);
    element->offset = *position.offset;
    if (position.metadata.empty()) continue;
    element->metadata = rd_kafka_mem_malloc(nullptr, position.metadata.size());  // the list frees it
    element->metadata_size = position.metadata.size();
    std::memcpy(element->metadata, position.metadata.data(), position.metadata.size());
  }
  return list;
}

std::vector<Partition> partitions_of(const rd_kafka_topic_partition_list_t& list) {
  std::vector<Partition> out;
  out.reserve(static_cast<std::size_t>(list.cnt));
  for (const rd_kafka_topic_partition_t& element : elements(list)) {
    out.push_back({.topic = element.topic, .number = element.partition});
  }
  return out;
}

std::vector<Position> positions_of(const rd_kafka_topic_partition_list_t& list) {
  std::vector<Position> out;
  out.reserve(static_cast<std::size_t>(list.cnt));
  for (const rd_kafka_topic_partition_t& element : elements(list)) {
    Position position{.partition = {.topic = element.topic, .number = element.partition}, .offset = {}, .metadata = {}};
    if (element.offset >= 0) position.offset = element.offset;
    if (element.metadata_size > 0) {
      position.metadata.assign(static_cast<const char*>(element.metadata), element.metadata_size);
    }
    out.push_back(std::move(position));
  }
  return out;
}

std::string name_of(const Partition& partition) {
  return partition.topic + " [" + std::to_string(partition.number) + "]";
}

}  // namespace weir::kafka
