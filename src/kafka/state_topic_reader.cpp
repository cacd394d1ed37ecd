// SPDX-License-Identifier: Apache-2.0
#include "kafka/state_topic_reader.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "kafka/partition_list.h"

namespace weir {

using kafka::error_of;
using kafka::milliseconds;
using kafka::Owned;

namespace {

constexpr int kPatience = 100;  // milliseconds for one poll

struct DestroyMessage {
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};

std::string_view bytes(const void* data, std::size_t size) {
  return {static_cast<const char*>(data), size};
}

/// What no waiting helps against.
bool is_final(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
         code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION ||
         code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
}

}  // namespace

Result<std::unique_ptr<KafkaStateReader>> KafkaStateReader::make(const KafkaSettings& settings, std::string topic,
                                                                 Duration answer) {
  std::unique_ptr<KafkaStateReader> reader(new KafkaStateReader(std::move(topic), answer));
  KafkaSettings alone = settings;
  alone.group.clear();
  alone.instance.clear();
  // The end is said by an answer without records, which a broker keeps back for half a second unless told otherwise.
  Result<std::unique_ptr<kafka::Client>> client =
      kafka::Client::make(alone, kafka::Role::Consumer, *reader, {{"fetch.wait.max.ms", "10"}});
  if (!client) return client.error();
  reader->client_ = std::move(*client);
  rd_kafka_poll_set_consumer(reader->client_->get());
  return reader;
}

std::string KafkaStateReader::about(std::string_view what, std::int32_t partition) const {
  return std::string(what) + " " + kafka::name_of({.topic = topic_, .number = partition});
}

Result<std::int32_t> KafkaStateReader::partitions() {
  const Owned<rd_kafka_topic_t> topic(rd_kafka_topic_new(client_->get(), topic_.c_str(), nullptr));
  const std::string what = "cannot look at `" + topic_ + "`";
  if (topic == nullptr) return error_of(what, rd_kafka_last_error());
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t code = rd_kafka_metadata(client_->get(), 0, topic.get(), &raw, milliseconds(answer_));
  const Owned<const rd_kafka_metadata_t> metadata(raw);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(what, code, client_->troubles().last_reason());
  if (metadata->topic_cnt != 1) return Error{.message = what + ": the brokers say nothing of it"};
  if (metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(what, metadata->topics[0].err);
  return metadata->topics[0].partition_cnt;
}

Status KafkaStateReader::begin(std::int32_t partition, std::int64_t from) {
  const kafka::PartitionList list = kafka::list_of(Partition{.topic = topic_, .number = partition}, from);
  const rd_kafka_resp_err_t code = rd_kafka_assign(client_->get(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(about("cannot read", partition), code);
  return Done{};
}

/// For an offset that the partition does not have: it was deleted from the front, or is another topic of that name.
Result<std::int64_t> KafkaStateReader::first_there(std::int32_t partition, std::int64_t from) {
  std::int64_t first = 0;
  std::int64_t end = 0;
  const rd_kafka_resp_err_t code =
      rd_kafka_query_watermark_offsets(client_->get(), topic_.c_str(), partition, &first, &end, milliseconds(answer_));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(about("cannot ask for the bounds of", partition), code);
  if (from < first) return first;
  return Error{.message = about("cannot go on reading", partition) + ": offset " + std::to_string(from) +
                          " is not there any more; was the topic made anew?"};
}

Result<std::int64_t> KafkaStateReader::read(std::int32_t partition, std::int64_t from,
                                            const std::function<void(const Record&)>& take) {
  using Clock = std::chrono::steady_clock;
  struct StopReading {
    rd_kafka_t* client;
    ~StopReading() { rd_kafka_assign(client, nullptr); }
  };
  if (const Status begun = begin(partition, std::max<std::int64_t>(from, 0)); !begun) return begun.error();
  const StopReading stop{client_->get()};
  std::int64_t next = from;
  bool moved = false;
  for (Clock::time_point until = Clock::now() + answer_; Clock::now() < until;) {
    const std::unique_ptr<rd_kafka_message_t, DestroyMessage> message(
        rd_kafka_consumer_poll(client_->get(), kPatience));
    // What another read left behind is none of this one's.
    if (message == nullptr || (message->rkt != nullptr && message->partition != partition)) continue;
    switch (message->err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR: {
        const bool tombstone = message->payload == nullptr;
        take({.offset = message->offset,
              .key = bytes(message->key, message->key_len),
              .value = tombstone ? std::nullopt : std::optional(bytes(message->payload, message->len))});
        next = message->offset + 1;
        until = Clock::now() + answer_;
        break;
      }
      case RD_KAFKA_RESP_ERR__PARTITION_EOF: return std::max(next, message->offset);
      case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: {
        const Result<std::int64_t> first = first_there(partition, next);
        if (!first) return first.error();
        if (std::exchange(moved, true)) return error_of(about("cannot read", partition), message->err);
        if (const Status begun = begin(partition, *first); !begun) return begun.error();
        break;
      }
      default:
        if (is_final(message->err) || client_->fatal_trouble())
          return error_of(about("cannot read", partition), message->err);
    }
  }
  return error_of(about("cannot read", partition), RD_KAFKA_RESP_ERR__TIMED_OUT, client_->troubles().last_reason());
}

}  // namespace weir
