// SPDX-License-Identifier: Apache-2.0
#include "kafka/topics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "kafka/troubles.h"

namespace weir {

using kafka::error_of;
using kafka::Owned;

namespace {

#if RD_KAFKA_VERSION >= 0x020300ff

std::optional<bool> may(const rd_kafka_TopicDescription_t& topic, rd_kafka_AclOperation_t what) {
  std::size_t count = 0;
  const rd_kafka_AclOperation_t* const allowed = rd_kafka_TopicDescription_authorized_operations(&topic, &count);
  if (allowed == nullptr) return std::nullopt;
  return std::find(allowed, allowed + count, what) != allowed + count;
}

TopicFacts facts_of(const rd_kafka_TopicDescription_t& topic) {
  TopicFacts facts;
  facts.name = rd_kafka_TopicDescription_name(&topic);
  const rd_kafka_error_t* const error = rd_kafka_TopicDescription_error(&topic);
  if (error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    facts.why_not = kafka::trouble_of(rd_kafka_error_code(error), rd_kafka_error_string(error)).message;
    return facts;
  }
  facts.exists = true;
  std::size_t partitions = 0;
  const rd_kafka_TopicPartitionInfo_t** const infos = rd_kafka_TopicDescription_partitions(&topic, &partitions);
  facts.partitions = static_cast<std::int32_t>(partitions);
  if (partitions > 0) {
    std::size_t copies = 0;
    rd_kafka_TopicPartitionInfo_replicas(infos[0], &copies);
    facts.copies = static_cast<std::int32_t>(copies);
  }
  for (std::size_t i = 0; i < partitions; ++i) {
    if (rd_kafka_TopicPartitionInfo_leader(infos[i]) == nullptr) ++facts.leaderless;
  }
  facts.readable = may(topic, RD_KAFKA_ACL_OPERATION_READ);
  facts.writable = may(topic, RD_KAFKA_ACL_OPERATION_WRITE);
  return facts;
}

#endif

}  // namespace

Owned<rd_kafka_AdminOptions_t> KafkaTopics::options_for(rd_kafka_admin_op_t what) {
  Owned<rd_kafka_AdminOptions_t> options(rd_kafka_AdminOptions_new(client_->get(), what));
  std::array<char, 200> reason{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), kafka::milliseconds(answer_), reason.data(), reason.size());
  return options;
}

Result<std::unique_ptr<KafkaTopics>> KafkaTopics::connect(const KafkaSettings& settings, Duration wait,
                                                          Duration answer) {
  std::unique_ptr<KafkaTopics> topics(new KafkaTopics);
  topics->answer_ = answer;
  Result<std::unique_ptr<kafka::Client>> client = kafka::Client::make(settings, kafka::Role::Admin, *topics);
  if (!client) return client.error();
  topics->client_ = std::move(*client);
  const Result<bool> reached = topics->client_->reach_brokers(wait);
  if (!reached) return reached.error();
  if (*reached) return topics;
  const std::string& reason = topics->client_->troubles().last_reason();
  return Error{.message = "no broker answers at " + settings.brokers + (reason.empty() ? "" : ": " + reason)};
}

Result<Owned<rd_kafka_event_t>> KafkaTopics::answer(rd_kafka_queue_t& queue, std::string_view what) {
  Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(&queue, kafka::milliseconds(answer_) + 1000));
  rd_kafka_poll(client_->get(), 0);
  if (event == nullptr) return error_of(what, RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (const rd_kafka_resp_err_t code = rd_kafka_event_error(event.get())) {
    return error_of(what, code, rd_kafka_event_error_string(event.get()));
  }
  return event;
}

Result<std::vector<TopicFacts>> KafkaTopics::describe(std::span<const std::string> names) {
  std::vector<TopicFacts> out;
  if (names.empty()) return out;
  for (const std::string& name : names) {
    out.emplace_back();
    out.back().name = name;
    out.back().why_not = "the broker did not say";
  }
  if (const Status asked = look(out); !asked) return asked.error();
  add_config(out);
  return out;
}

#if RD_KAFKA_VERSION >= 0x020300ff

Status KafkaTopics::look(std::span<TopicFacts> facts) {
  std::vector<const char*> pointers;
  for (const TopicFacts& one : facts) pointers.push_back(one.name.c_str());
  const Owned<rd_kafka_TopicCollection_t> topics(
      rd_kafka_TopicCollection_of_topic_names(pointers.data(), pointers.size()));
  const Owned<rd_kafka_AdminOptions_t> options = options_for_any(RD_KAFKA_ADMIN_OP_DESCRIBETOPICS);
  const Owned<rd_kafka_error_t> unable(rd_kafka_AdminOptions_set_include_authorized_operations(options.get(), 1));
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_->get()));
  rd_kafka_DescribeTopics(client_->get(), topics.get(), options.get(), queue.get());
  Result<Owned<rd_kafka_event_t>> event = answer(*queue, "cannot ask about topics");
  if (!event) return event.error();
  const rd_kafka_DescribeTopics_result_t* const result = rd_kafka_event_DescribeTopics_result(event->get());
  std::size_t count = 0;
  const rd_kafka_TopicDescription_t** const found = rd_kafka_DescribeTopics_result_topics(result, &count);
  for (TopicFacts& one : facts) {
    for (std::size_t i = 0; i < count; ++i) {
      if (rd_kafka_TopicDescription_name(found[i]) == one.name) one = facts_of(*found[i]);
    }
  }
  return Done{};
}

#else

/// Before 2.3 a client learns what there is, and not what it may do with it.
Status KafkaTopics::look(std::span<TopicFacts> facts) {
  for (TopicFacts& one : facts) {
    const Owned<rd_kafka_topic_t> topic(rd_kafka_topic_new(client_->get(), one.name.c_str(), nullptr));
    const rd_kafka_metadata_t* raw = nullptr;
    const rd_kafka_resp_err_t code =
        rd_kafka_metadata(client_->get(), 0, topic.get(), &raw, kafka::milliseconds(answer_));
    const Owned<const rd_kafka_metadata_t> metadata(raw);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot ask about topics", code);
    for (int i = 0; i < metadata->topic_cnt; ++i) {
      const rd_kafka_metadata_topic_t& found = metadata->topics[i];
      if (one.name != found.topic) continue;
      one.exists = found.err == RD_KAFKA_RESP_ERR_NO_ERROR;
      if (!one.exists) one.why_not = kafka::trouble_of(found.err, "").message;
      one.partitions = found.partition_cnt;
      if (found.partition_cnt > 0) one.copies = found.partitions[0].replica_cnt;
    }
  }
  return Done{};
}

#endif

/// Not everybody may ask for a topic's configuration, and nothing depends on it.
void KafkaTopics::add_config(std::span<TopicFacts> facts) {
  std::vector<Owned<rd_kafka_ConfigResource_t>> owned;
  std::vector<rd_kafka_ConfigResource_t*> asked;
  for (const TopicFacts& one : facts) {
    if (!one.exists) continue;
    owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, one.name.c_str()));
    asked.push_back(owned.back().get());
  }
  if (asked.empty()) return;
  const Owned<rd_kafka_AdminOptions_t> options = options_for_any(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_->get()));
  rd_kafka_DescribeConfigs(client_->get(), asked.data(), asked.size(), options.get(), queue.get());
  const Result<Owned<rd_kafka_event_t>> event = answer(*queue, "cannot ask about the configuration of topics");
  if (!event) return;
  std::size_t count = 0;
  const rd_kafka_ConfigResource_t** const found =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = std::ranges::find(facts, rd_kafka_ConfigResource_name(found[i]), &TopicFacts::name);
    std::size_t entries = 0;
    const rd_kafka_ConfigEntry_t** const config = rd_kafka_ConfigResource_configs(found[i], &entries);
    for (std::size_t e = 0; one != facts.end() && e < entries; ++e) {
      const std::string_view name = rd_kafka_ConfigEntry_name(config[e]);
      const char* const raw = rd_kafka_ConfigEntry_value(config[e]);
      const std::string_view value = raw == nullptr ? "" : raw;
      if (name == "cleanup.policy") one->cleanup_policy = value;
      if (name == "message.timestamp.type") one->log_append_time = value == "LogAppendTime";
      std::int64_t kept = 0;
      if (name == "retention.ms" &&
          std::from_chars(value.data(), value.data() + value.size(), kept).ec == std::errc{}) {
        one->retention_ms = kept;
      }
      std::uint64_t bytes = 0;
      if (name == "max.message.bytes" &&
          std::from_chars(value.data(), value.data() + value.size(), bytes).ec == std::errc{}) {
        one->max_record_bytes = bytes;
      }
    }
  }
}

#if RD_KAFKA_VERSION >= 0x020300ff

Result<std::vector<std::int64_t>> KafkaTopics::ends(const std::string& topic, std::int32_t partitions, bool settled) {
  const std::string what = "cannot ask where `" + topic + "` ends";
  const Owned<rd_kafka_topic_partition_list_t> asked(rd_kafka_topic_partition_list_new(partitions));
  for (std::int32_t i = 0; i < partitions; ++i)
    rd_kafka_topic_partition_list_add(asked.get(), topic.c_str(), i)->offset = RD_KAFKA_OFFSET_SPEC_LATEST;
  const Owned<rd_kafka_AdminOptions_t> options = options_for(RD_KAFKA_ADMIN_OP_LISTOFFSETS);
  const Owned<rd_kafka_error_t> unable(rd_kafka_AdminOptions_set_isolation_level(
      options.get(), settled ? RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED : RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED));
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_->get()));
  rd_kafka_ListOffsets(client_->get(), asked.get(), options.get(), queue.get());
  const Result<Owned<rd_kafka_event_t>> event = answer(*queue, what);
  if (!event) return event.error();
  std::size_t count = 0;
  const rd_kafka_ListOffsetsResultInfo_t** const found =
      rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event->get()), &count);
  std::vector<std::int64_t> ends(static_cast<std::size_t>(partitions), 0);
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_topic_partition_t* const one = rd_kafka_ListOffsetsResultInfo_topic_partition(found[i]);
    if (one->err != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(what, one->err);
    if (one->partition >= 0 && one->partition < partitions)
      ends[static_cast<std::size_t>(one->partition)] = one->offset;
  }
  return ends;
}

#else

Result<std::vector<std::int64_t>> KafkaTopics::ends(const std::string& topic, std::int32_t partitions,
                                                    bool /*settled*/) {
  std::vector<std::int64_t> ends;
  for (std::int32_t i = 0; i < partitions; ++i) {
    std::int64_t first = 0;
    std::int64_t end = 0;
    const rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(client_->get(), topic.c_str(), i, &first, &end, kafka::milliseconds(answer_));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of("cannot ask where `" + topic + "` ends", code);
    ends.push_back(end);
  }
  return ends;
}

#endif

Status KafkaTopics::create(const TopicWish& wish) {
  const std::string what = "cannot make topic `" + wish.name + "`";
  std::array<char, 512> reason{};
  Owned<rd_kafka_NewTopic_t> topic(
      rd_kafka_NewTopic_new(wish.name.c_str(), wish.partitions, wish.copies, reason.data(), reason.size()));
  if (topic == nullptr) return Error{.message = what + ": " + reason.data()};
  for (const auto& [name, value] : wish.config) rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str());
  const Owned<rd_kafka_AdminOptions_t> options = options_for(RD_KAFKA_ADMIN_OP_CREATETOPICS);
  const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_->get()));
  rd_kafka_NewTopic_t* one = topic.get();
  rd_kafka_CreateTopics(client_->get(), &one, 1, options.get(), queue.get());
  const Result<Owned<rd_kafka_event_t>> event = answer(*queue, what);
  if (!event) return event.error();
  std::size_t count = 0;
  const rd_kafka_topic_result_t** const results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const char* const words = rd_kafka_topic_result_error_string(results[i]);
    if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
        code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED) {
      return Error{.message = what + ": no permission; allow weir's user Create on it, or make it with kafka-topics",
                   .code = "topic_forbidden"};
    }
    return error_of(what, code, words == nullptr ? "" : words);
  }
  return Done{};
}

std::optional<Error> why_not_writable(const TopicFacts& facts) {
  if (!facts.exists) {
    return Error{.message = "topic `" + facts.name + "` cannot be written to: " + facts.why_not,
                 .code = "topic_unknown",
                 .help = "kafka-topics --create --topic " + facts.name};
  }
  if (facts.writable == false) {
    return Error{.message = "topic `" + facts.name + "` cannot be written to: no permission",
                 .code = "topic_forbidden",
                 .help = "allow weir's user Write on it"};
  }
  return std::nullopt;
}

}  // namespace weir
