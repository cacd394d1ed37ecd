// SPDX-License-Identifier: Apache-2.0
// What a cluster says of itself, of its groups and of how far they are: asked, never changed.
//
// librdkafka 2.8 frees a question to a coordinator twice when it can send none (the broker does not know the request), and
// when it finds the coordinator only after the time for the question is over; the process ends with an assertion. So one
// broker is asked by its number first, which is answered or refused in the ordinary way, whether it knows the request; and
// questions to coordinators get more time than anybody waits for them. What is still open when the client ends is ended
// with it.
#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <thread>
#include <utility>

#include "kafka/partition_list.h"
#include "kafka/topics.h"
#include "kafka/troubles.h"

namespace weir {

using kafka::error_of;
using kafka::Owned;

Result<std::int32_t> KafkaTopics::somebody() {
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t code = rd_kafka_metadata(client_->get(), 0, nullptr, &raw, kafka::milliseconds(answer_));
  const Owned<const rd_kafka_metadata_t> metadata(raw);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot ask which brokers there are", code);
  if (metadata->orig_broker_id >= 0) return metadata->orig_broker_id;
  if (metadata->broker_cnt == 0) return error_of("cannot ask which brokers there are", RD_KAFKA_RESP_ERR__TRANSPORT);
  return metadata->brokers[0].id;
}

Owned<rd_kafka_AdminOptions_t> KafkaTopics::options_for_any(rd_kafka_admin_op_t what) {
  Owned<rd_kafka_AdminOptions_t> options = options_for(what);
  const rd_kafka_metadata_t* raw = nullptr;
  rd_kafka_metadata(client_->get(), 0, nullptr, &raw, kafka::milliseconds(answer_));
  const Owned<const rd_kafka_metadata_t> metadata(raw);
  if (metadata == nullptr || metadata->broker_cnt == 0) return options;
  const std::span brokers(metadata->brokers, static_cast<std::size_t>(metadata->broker_cnt));
  const std::int32_t controller = rd_kafka_controllerid(client_->get(), 0);
  if (std::ranges::find(brokers, controller, &rd_kafka_metadata_broker_t::id) != brokers.end()) return options;
  std::array<char, 200> reason{};
  rd_kafka_AdminOptions_set_broker(options.get(), brokers[0].id, reason.data(), reason.size());
  return options;
}

Result<std::vector<std::string>> KafkaTopics::names() {
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t code = rd_kafka_metadata(client_->get(), 1, nullptr, &raw, kafka::milliseconds(answer_));
  const Owned<const rd_kafka_metadata_t> metadata(raw);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot ask which topics there are", code);
  std::vector<std::string> names;
  for (int i = 0; i < metadata->topic_cnt; ++i) names.emplace_back(metadata->topics[i].topic);
  std::sort(names.begin(), names.end());
  return names;
}

#if RD_KAFKA_VERSION >= 0x020300ff

namespace {

struct GiveBackOffsets {
  void operator()(rd_kafka_ListConsumerGroupOffsets_t* asked) const {
    rd_kafka_ListConsumerGroupOffsets_destroy(asked);
  }
};

/// The broker that was asked is not the group's coordinator, or not yet.
bool is_elsewhere(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NOT_COORDINATOR || code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
}

std::optional<bool> may_read(const rd_kafka_ConsumerGroupDescription_t& group) {
  std::size_t count = 0;
  const rd_kafka_AclOperation_t* const allowed =
      rd_kafka_ConsumerGroupDescription_authorized_operations(&group, &count);
  if (allowed == nullptr || count == 0) return std::nullopt;
  return std::find(allowed, allowed + count, RD_KAFKA_ACL_OPERATION_READ) != allowed + count;
}

}  // namespace

Result<ClusterFacts> KafkaTopics::cluster() {
  const Owned<rd_kafka_AdminOptions_t> options = options_for_any(RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER);
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_->get()));
  rd_kafka_DescribeCluster(client_->get(), options.get(), queue.get());
  const Result<Owned<rd_kafka_event_t>> event = answer(*queue, "cannot ask about the cluster");
  if (!event) return event.error();
  const rd_kafka_DescribeCluster_result_t* const result = rd_kafka_event_DescribeCluster_result(event->get());
  ClusterFacts facts;
  if (const char* const id = rd_kafka_DescribeCluster_result_cluster_id(result)) facts.id = id;
  std::size_t count = 0;
  const rd_kafka_Node_t** const nodes = rd_kafka_DescribeCluster_result_nodes(result, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string host = rd_kafka_Node_host(nodes[i]);
    facts.brokers.push_back((host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
                            std::to_string(rd_kafka_Node_port(nodes[i])));
  }
  std::sort(facts.brokers.begin(), facts.brokers.end());
  return facts;
}

Owned<rd_kafka_AdminOptions_t> KafkaTopics::options_for_coordinator(rd_kafka_admin_op_t what) {
  constexpr int kLongest = 3'600'000;
  Owned<rd_kafka_AdminOptions_t> options = options_for(what);
  std::array<char, 200> reason{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), kLongest, reason.data(), reason.size());
  return options;
}

/// The first time that anybody asks for a group, its coordinator is still being found.
Result<GroupFacts> KafkaTopics::group(const std::string& name) {
  constexpr int kTries = 6;
  constexpr auto kPause = std::chrono::milliseconds(300);
  const Result<std::int32_t> broker = somebody();
  if (!broker) return broker.error();
  GroupFacts facts{.name = name};
  Result<rd_kafka_resp_err_t> said = ask_about(facts, *broker);
  if (said && *said == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE) return GroupFacts{.name = name, .untold = true};
  for (int i = 0; i < kTries && said && is_elsewhere(*said); ++i) {
    if (i > 0) std::this_thread::sleep_for(kPause);
    facts = GroupFacts{.name = name};
    said = ask_about(facts, std::nullopt);
  }
  if (!said) return said.error();
  return facts;
}

Result<rd_kafka_resp_err_t> KafkaTopics::ask_about(GroupFacts& facts, std::optional<std::int32_t> broker) {
  const std::string& name = facts.name;
  constexpr auto kWhat = RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS;
  const Owned<rd_kafka_AdminOptions_t> options = broker ? options_for(kWhat) : options_for_coordinator(kWhat);
  std::array<char, 200> reason{};
  if (broker) rd_kafka_AdminOptions_set_broker(options.get(), *broker, reason.data(), reason.size());
  const Owned<rd_kafka_error_t> unable(rd_kafka_AdminOptions_set_include_authorized_operations(options.get(), 1));
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_->get()));
  const char* asked = name.c_str();
  rd_kafka_DescribeConsumerGroups(client_->get(), &asked, 1, options.get(), queue.get());
  const Result<Owned<rd_kafka_event_t>> event = answer(*queue, "cannot ask about the group `" + name + "`");
  if (!event) return event.error();
  std::size_t count = 0;
  const rd_kafka_ConsumerGroupDescription_t** const groups =
      rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(event->get()), &count);
  if (count == 0) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const rd_kafka_error_t* const error = rd_kafka_ConsumerGroupDescription_error(groups[0]);
  const rd_kafka_resp_err_t code = error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
  if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) {
    facts.readable = false;
    return code;
  }
  facts.readable = may_read(*groups[0]);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) {
    facts.why_not = kafka::trouble_of(code, rd_kafka_error_string(error)).message;
    return code;
  }
  facts.state = code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND
                    ? "Dead"
                    : rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(groups[0]));
  facts.members = rd_kafka_ConsumerGroupDescription_member_count(groups[0]);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

Status KafkaTopics::list_offsets(
    std::span<const Partition> partitions, std::int64_t place,
    const std::function<void(const Partition&, std::int64_t offset, std::int64_t time)>& take) {
  if (partitions.empty()) return Done{};
  const kafka::PartitionList list = kafka::list_of(partitions);
  for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = place;
  const Owned<rd_kafka_AdminOptions_t> options = options_for(RD_KAFKA_ADMIN_OP_LISTOFFSETS);
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_->get()));
  rd_kafka_ListOffsets(client_->get(), list.get(), options.get(), queue.get());
  const Result<Owned<rd_kafka_event_t>> event = answer(*queue, "cannot ask for the bounds of partitions");
  if (!event) return event.error();
  std::size_t count = 0;
  const rd_kafka_ListOffsetsResultInfo_t** const infos =
      rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_topic_partition_t* const found = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
    if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    take(Partition{.topic = found->topic, .number = found->partition}, found->offset,
         rd_kafka_ListOffsetsResultInfo_timestamp(infos[i]));
  }
  return Done{};
}

Status KafkaTopics::add_committed(std::map<Partition, PartitionFacts>& facts, const std::string& group) {
  const std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t, GiveBackOffsets> asked(
      rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr));
  const Owned<rd_kafka_AdminOptions_t> options = options_for_coordinator(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_->get()));
  rd_kafka_ListConsumerGroupOffsets_t* one = asked.get();
  rd_kafka_ListConsumerGroupOffsets(client_->get(), &one, 1, options.get(), queue.get());
  const std::string what = "cannot ask for the positions of the group `" + group + "`";
  const Result<Owned<rd_kafka_event_t>> event = answer(*queue, what);
  if (!event) return event.error();
  std::size_t count = 0;
  const rd_kafka_group_result_t** const groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
      rd_kafka_event_ListConsumerGroupOffsets_result(event->get()), &count);
  if (count == 0) return Done{};
  const rd_kafka_error_t* const error = rd_kafka_group_result_error(groups[0]);
  const rd_kafka_resp_err_t code = error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
  if (code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) return Done{};
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(what, code, rd_kafka_error_string(error));
  const rd_kafka_topic_partition_list_t* const list = rd_kafka_group_result_partitions(groups[0]);
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& found = list->elems[i];
    const auto known = facts.find(Partition{.topic = found.topic, .number = found.partition});
    if (found.offset >= 0 && known != facts.end()) known->second.committed = found.offset;
  }
  return Done{};
}

#else

namespace {

Error too_old() {
  return {.message = "this librdkafka is too old to be asked (2.3 or later can)"};
}

}  // namespace

Result<ClusterFacts> KafkaTopics::cluster() {
  return too_old();
}
Result<GroupFacts> KafkaTopics::group(const std::string& /*name*/) {
  return too_old();
}
Status KafkaTopics::list_offsets(std::span<const Partition> /*partitions*/, std::int64_t /*place*/,
                                 const std::function<void(const Partition&, std::int64_t, std::int64_t)>& /*take*/) {
  return too_old();
}
Status KafkaTopics::add_committed(std::map<Partition, PartitionFacts>& /*facts*/, const std::string& /*group*/) {
  return too_old();
}

#endif

Result<std::vector<PartitionFacts>> KafkaTopics::partitions(std::span<const TopicFacts> topics,
                                                            const std::string& group) {
  constexpr std::int64_t kEnd = -1;
  constexpr std::int64_t kFirst = -2;
  constexpr std::int64_t kNewest = -3;
  std::vector<Partition> asked;
  for (const TopicFacts& topic : topics) {
    for (std::int32_t i = 0; topic.exists && i < topic.partitions; ++i) asked.push_back({topic.name, i});
  }
  std::map<Partition, PartitionFacts> facts;
  const Status ends = list_offsets(asked, kEnd, [&](const Partition& partition, std::int64_t offset, std::int64_t) {
    facts.insert_or_assign(partition, PartitionFacts{.partition = partition, .end = offset});
  });
  if (!ends) return ends.error();
  const Status firsts = list_offsets(asked, kFirst, [&](const Partition& partition, std::int64_t offset, std::int64_t) {
    if (const auto known = facts.find(partition); known != facts.end()) known->second.first = offset;
  });
  if (!firsts) return firsts.error();
  // Brokers before 3.0 do not know it.
  (void)list_offsets(asked, kNewest, [&](const Partition& partition, std::int64_t, std::int64_t time) {
    const auto known = facts.find(partition);
    if (time >= 0 && known != facts.end()) known->second.newest = Instant(std::chrono::milliseconds(time));
  });
  if (const Status committed = group.empty() ? Status(Done{}) : add_committed(facts, group); !committed)
    return committed.error();
  std::vector<PartitionFacts> out;
  for (auto& [partition, known] : facts) out.push_back(std::move(known));
  return out;
}

Result<std::vector<Position>> KafkaTopics::positions_at(std::span<const Partition> partitions, Instant time) {
  const std::int64_t at = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  std::vector<Position> found;
  const Status listed = list_offsets(partitions, std::max<std::int64_t>(at, 0),
                                     [&](const Partition& partition, std::int64_t offset, std::int64_t) {
                                       if (offset >= 0)
                                         found.push_back({.partition = partition, .offset = offset, .metadata = {}});
                                     });
  if (!listed) return listed.error();
  return found;
}

}  // namespace weir
