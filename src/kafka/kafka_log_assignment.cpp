// SPDX-License-Identifier: Apache-2.0
// How partitions come and go. librdkafka calls from within its poll; what it handed out before, in the same poll, of a
// partition that goes now was not judged yet and is dropped.
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "kafka/kafka_log.h"
#include "kafka/partition_list.h"

namespace weir {

using kafka::list_of;
using kafka::Owned;
using kafka::partitions_of;

namespace {

bool is_cooperative(rd_kafka_t* handle) {
  const char* const protocol = rd_kafka_rebalance_protocol(handle);
  return protocol != nullptr && std::string_view(protocol) == "COOPERATIVE";
}

}  // namespace

void KafkaLog::rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& partitions) {
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    assign(partitions);
  } else if (what == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    revoke(partitions);
  } else {
    client_->troubles().add(what, "the group could not share out its partitions");
    give_up(true);
    rd_kafka_assign(handle(), nullptr);
  }
}

void KafkaLog::assign(rd_kafka_topic_partition_list_t& partitions) {
  client_->troubles().connected();
  subscription_.refresh(handle(), 1000);  // whose topics they are, and how many more there are
  const std::vector<Partition> ours = partitions_of(partitions);
  const std::vector<std::int64_t> offsets = listener_->assigned(ours);
  WEIR_ASSERT(offsets.size() == ours.size(), "an offset for each partition that is assigned");
  for (std::size_t i = 0; i < ours.size(); ++i) {
    WEIR_ASSERT(offsets[i] >= 0, "a partition begins at an offset");
    partitions.elems[i].offset = offsets[i];
    owned_[ours[i]] = offsets[i];
  }
  if (is_cooperative(handle())) {
    if (const Owned<rd_kafka_error_t> error(rd_kafka_incremental_assign(handle(), &partitions)); error != nullptr) {
      client_->troubles().add(rd_kafka_error_code(error.get()), rd_kafka_error_string(error.get()));
    }
  } else if (const rd_kafka_resp_err_t code = rd_kafka_assign(handle(), &partitions)) {
    client_->troubles().add(code, "");
  }
}

void KafkaLog::revoke(rd_kafka_topic_partition_list_t& partitions) {
  const bool lost = rd_kafka_assignment_lost(handle()) != 0;
  const std::vector<Partition> going = partitions_of(partitions);
  for (const Partition& partition : going) {
    blocks_.drop(partition);
    owned_.erase(partition);
  }
  listener_->revoked(going, lost);
  // librdkafka remembers a pause beyond the assignment: if the partition comes back, it would stay silent.
  for (const Partition& partition : going) resume(partition);
  if (is_cooperative(handle())) {
    if (const Owned<rd_kafka_error_t> error(rd_kafka_incremental_unassign(handle(), &partitions)); error != nullptr) {
      client_->troubles().add(rd_kafka_error_code(error.get()), rd_kafka_error_string(error.get()));
    }
  } else if (const rd_kafka_resp_err_t code = rd_kafka_assign(handle(), nullptr)) {
    client_->troubles().add(code, "");
  }
}

/// Everything goes and librdkafka does not say so itself.
void KafkaLog::give_up(bool lost) {
  std::vector<Partition> going;
  for (const auto& [partition, position] : owned_) {
    going.push_back(partition);
    blocks_.drop(partition);
  }
  owned_.clear();
  if (!going.empty()) listener_->revoked(going, lost);
  for (const Partition& partition : going) resume(partition);
  paused_.clear();
}

/// Without a group: every partition, until close().
void KafkaLog::assign_all() {
  const std::vector<Partition> all = subscription_.partitions();
  const kafka::PartitionList list = list_of(all);
  const std::vector<std::int64_t> offsets = listener_->assigned(all);
  WEIR_ASSERT(offsets.size() == all.size(), "an offset for each partition that is assigned");
  for (std::size_t i = 0; i < all.size(); ++i) {
    WEIR_ASSERT(offsets[i] >= 0, "a partition begins at an offset");
    list->elems[i].offset = offsets[i];
    owned_[all[i]] = offsets[i];
  }
  if (const rd_kafka_resp_err_t code = rd_kafka_assign(handle(), list.get())) client_->troubles().add(code, "");
}

/// Gives one partition back and takes it again, from another offset, without the group noticing.
rd_kafka_resp_err_t KafkaLog::take_up_again(const Partition& partition, std::int64_t offset) {
  const bool paused = paused_.contains(partition);
  const kafka::PartitionList one = list_of(partition, offset);
  if (is_cooperative(handle())) {
    if (const Owned<rd_kafka_error_t> error(rd_kafka_incremental_unassign(handle(), one.get())); error != nullptr) {
      return rd_kafka_error_code(error.get());
    }
    if (const Owned<rd_kafka_error_t> error(rd_kafka_incremental_assign(handle(), one.get())); error != nullptr) {
      return rd_kafka_error_code(error.get());
    }
    if (paused) rd_kafka_pause_partitions(handle(), one.get());
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  // All of them, then: the others go on behind what was handed out.
  const kafka::PartitionList all(rd_kafka_topic_partition_list_new(static_cast<int>(owned_.size())));
  for (const auto& [owned, position] : owned_) {
    rd_kafka_topic_partition_list_add(all.get(), owned.topic.c_str(), owned.number)->offset =
        owned == partition ? offset : position;
  }
  if (const rd_kafka_resp_err_t code = rd_kafka_assign(handle(), all.get())) return code;
  if (!paused_.empty()) {
    const std::vector<Partition> still(paused_.begin(), paused_.end());
    rd_kafka_pause_partitions(handle(), list_of(still).get());
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace weir
