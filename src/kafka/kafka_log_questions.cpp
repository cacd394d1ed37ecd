// SPDX-License-Identifier: Apache-2.0
// What a log asks the broker, and what it tells it: positions, bounds, pauses. A question has a time limit.
#include <algorithm>
#include <utility>

#include "kafka/kafka_log.h"
#include "kafka/partition_list.h"

namespace weir {

using kafka::error_of;
using kafka::list_of;
using kafka::milliseconds;
using kafka::name_of;
using kafka::Owned;
using kafka::PartitionList;

namespace {

Error closed() {
  return {.message = "the log is closed"};
}

}  // namespace

void KafkaLog::pause(const Partition& partition) {
  if (client_ == nullptr || !owned_.contains(partition) || !paused_.insert(partition).second) return;
  rd_kafka_pause_partitions(handle(), list_of(partition, RD_KAFKA_OFFSET_INVALID).get());
}

void KafkaLog::resume(const Partition& partition) {
  // A partition that was not paused must not be resumed: before 2.4.0 it began again at an old position.
  if (client_ == nullptr || paused_.erase(partition) == 0) return;
  rd_kafka_resume_partitions(handle(), list_of(partition, RD_KAFKA_OFFSET_INVALID).get());
}

Status KafkaLog::seek(const Partition& partition, std::int64_t offset) {
  if (client_ == nullptr) return closed();
  const std::string what = "cannot go to offset " + std::to_string(offset) + " of " + name_of(partition);
  const auto position = owned_.find(partition);
  if (position == owned_.end()) return Error{.message = what + ": the partition is not ours"};
  const PartitionList list = list_of(partition, offset);
  const Owned<rd_kafka_error_t> error(rd_kafka_seek_partitions(handle(), list.get(), milliseconds(options_.answer)));
  if (error != nullptr) return error_of(what, rd_kafka_error_code(error.get()), rd_kafka_error_string(error.get()));
  rd_kafka_resp_err_t code = list->elems[0].err;
  // A partition whose position was out of range is not read any more, and cannot be moved.
  if (code == RD_KAFKA_RESP_ERR__STATE) code = take_up_again(partition, offset);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(what, code);
  position->second = offset;
  return Done{};
}

Result<Bounds> KafkaLog::bounds(const Partition& partition) {
  if (client_ == nullptr) return closed();
  Bounds bounds;
  const rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
      handle(), partition.topic.c_str(), partition.number, &bounds.first, &bounds.end, milliseconds(options_.answer));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot ask for the bounds of " + name_of(partition), code);
  return bounds;
}

Result<std::int64_t> KafkaLog::offset_at(const Partition& partition, Instant time) {
  if (client_ == nullptr) return closed();
  // Kafka counts milliseconds: the first that is not before `time`.
  const std::int64_t at = std::chrono::ceil<std::chrono::milliseconds>(time).time_since_epoch().count();
  const auto ask = [&]() -> Result<std::int64_t> {
    const PartitionList list = list_of(partition, std::max<std::int64_t>(at, 0));
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(handle(), list.get(), milliseconds(options_.answer));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = list->elems[0].err;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot find a time in " + name_of(partition), code);
    return list->elems[0].offset;
  };
  const Result<std::int64_t> found = ask();
  if (!found || *found >= 0) return found;
  // None of what was there is that late. The first one that is may come before the end is known, so the end comes first.
  const Result<Bounds> known = bounds(partition);
  if (!known) return known.error();
  const Result<std::int64_t> since = ask();
  if (!since || *since >= 0) return since;
  return known->end;
}

Result<std::vector<Position>> KafkaLog::committed(std::span<const Partition> partitions) {
  if (client_ == nullptr) return closed();
  const PartitionList list = list_of(partitions);
  if (has_group() && !partitions.empty()) {
    const rd_kafka_resp_err_t code = rd_kafka_committed(handle(), list.get(), milliseconds(options_.answer));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot ask for the positions of the group", code);
    for (int i = 0; i < list->cnt; ++i) {
      if (list->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      return error_of("cannot ask for the position of " + name_of(partitions[static_cast<std::size_t>(i)]),
                      list->elems[i].err);
    }
  }
  return kafka::positions_of(*list);
}

std::optional<std::int64_t> KafkaLog::known_end(const Partition& partition) {
  if (client_ == nullptr) return std::nullopt;
  std::int64_t first = RD_KAFKA_OFFSET_INVALID;
  std::int64_t end = RD_KAFKA_OFFSET_INVALID;
  const rd_kafka_resp_err_t code =
      rd_kafka_get_watermark_offsets(handle(), partition.topic.c_str(), partition.number, &first, &end);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR || end < 0) return std::nullopt;
  return end;
}

Status KafkaLog::commit(std::span<const Position> positions) {
  if (client_ == nullptr) return closed();
  if (!has_group()) return Error{.message = "without a group there is no position to commit"};
  const PartitionList list = list_of(positions);
  if (list->cnt == 0) return Done{};
  // rd_kafka_commit() would wait for as long as it takes.
  struct Reply {
    bool here = false;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string which;
  } reply;
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle()));
  const auto hear = [](rd_kafka_t* /*handle*/, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* done,
                       void* opaque) {
    Reply& into = *static_cast<Reply*>(opaque);
    into.here = true;
    into.code = code;
    for (int i = 0; done != nullptr && i < done->cnt; ++i) {
      if (done->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      into.code = done->elems[i].err;
      into.which = " of " + name_of({.topic = done->elems[i].topic, .number = done->elems[i].partition});
    }
  };
  const rd_kafka_resp_err_t asked = rd_kafka_commit_queue(handle(), list.get(), queue.get(), hear, &reply);
  if (asked != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot commit", asked);
  const auto until = std::chrono::steady_clock::now() + options_.answer;
  while (!reply.here && std::chrono::steady_clock::now() < until) rd_kafka_queue_poll_callback(queue.get(), 100);
  if (!reply.here) return error_of("cannot commit", RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (reply.code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot commit the position" + reply.which, reply.code);
  return Done{};
}

kafka::Owned<rd_kafka_consumer_group_metadata_t> KafkaLog::group_metadata() const {
  if (client_ == nullptr || !has_group()) return nullptr;
  return Owned<rd_kafka_consumer_group_metadata_t>(rd_kafka_consumer_group_metadata(handle()));
}

}  // namespace weir
