// SPDX-License-Identifier: Apache-2.0
#include "kafka/kafka_log.h"

#include <algorithm>
#include <utility>

#include "kafka/partition_list.h"

namespace weir {

using kafka::Client;
using kafka::error_of;
using kafka::list_of;
using kafka::PartitionList;
using kafka::Role;
using kafka::Subscription;

Result<std::unique_ptr<KafkaLog>> KafkaLog::make(const KafkaSettings& settings, LogOptions options) {
  const std::vector<Error> errors = check_settings(settings);
  if (!errors.empty()) return errors.front();
  Result<Subscription> subscription = Subscription::make(options.topics, options.never);
  if (!subscription) return subscription.error();
  return std::unique_ptr<KafkaLog>(new KafkaLog(settings, std::move(options), std::move(*subscription)));
}

KafkaLog::KafkaLog(const KafkaSettings& settings, LogOptions options, Subscription subscription)
    : settings_(settings),
      options_(std::move(options)),
      subscription_(std::move(subscription)),
      blocks_({.record_max_bytes = options_.record_max_bytes, .headers = options_.headers}) {}

KafkaLog::~KafkaLog() {
  blocks_.release();  // librdkafka waits for its messages
}

Status KafkaLog::start(Listener& listener) {
  std::vector<std::pair<std::string, std::string>> more;
  const bool sized = std::ranges::any_of(settings_.properties, [](const KafkaSettings::Property& property) {
    return property.name == "queued.max.messages.kbytes";
  });
  if (!sized) {
    more.emplace_back("queued.max.messages.kbytes",
                      std::to_string(std::max<std::size_t>(options_.queue_bytes >> 10, 1)));
  }
  if (!subscription_.excluded().empty()) more.emplace_back("topic.blacklist", subscription_.excluded());
  Result<std::unique_ptr<Client>> client = Client::make(settings_, Role::Consumer, *this, more);
  if (!client) return client.error();
  client_ = std::move(*client);
  listener_ = &listener;

  const Result<bool> reached = client_->reach_brokers(options_.reach);
  if (!reached) return reached.error();
  rd_kafka_poll_set_consumer(handle());
  if (*reached) subscription_.refresh(handle(), kafka::milliseconds(options_.answer));
  if (has_group()) return subscribe();

  if (!*reached) {
    const std::string& reason = client_->troubles().last_reason();
    return Error{.message = "no broker answers at " + settings_.brokers + (reason.empty() ? "" : ": " + reason)};
  }
  for (const auto& [topic, code] : subscription_.missing()) return error_of("cannot read `" + topic + "`", code);
  if (subscription_.partitions().empty()) return Error{.message = "no topic matches " + subscription_.topics().front()};
  to_assign_ = true;
  return Done{};
}

Status KafkaLog::subscribe() {
  const PartitionList topics(rd_kafka_topic_partition_list_new(static_cast<int>(subscription_.topics().size())));
  for (const std::string& topic : subscription_.topics()) {
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  if (const rd_kafka_resp_err_t code = rd_kafka_subscribe(handle(), topics.get())) {
    return error_of("cannot subscribe", code);
  }
  return Done{};
}

void KafkaLog::poll(Duration wait, std::size_t most, Events& out) {
  blocks_.begin(out.fetched);
  out.ended.clear();
  out.out_of_range.clear();
  out.troubles.clear();
  if (client_ == nullptr) {
    out.troubles = std::exchange(last_words_, {});
    return;
  }
  if (std::exchange(to_assign_, false)) assign_all();
  look_at_topics();
  int patience = kafka::milliseconds(wait);
  while (blocks_.records() < most && blocks_.bytes() < options_.poll_max_bytes) {
    rd_kafka_message_t* const message = rd_kafka_consumer_poll(handle(), patience);
    if (message == nullptr) break;
    patience = 0;
    take(message, out);
  }
  hand_out(out);
  client_->troubles().take(out.troubles);
}

void KafkaLog::take(rd_kafka_message_t* message, Events& out) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) [[likely]] {
    blocks_.add(message);
    return;
  }
  if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET && message->rkt != nullptr) {
    out.out_of_range.push_back({.topic = rd_kafka_topic_name(message->rkt), .number = message->partition});
  } else if (!has_group() && message->err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) {
    // librdkafka looks for the group that assign() wants; nobody joins it, and records come without it.
  } else if (std::optional<Trouble> fatal = client_->fatal_trouble()) {
    client_->troubles().add(std::move(*fatal));
  } else {
    client_->troubles().add(message->err, rd_kafka_message_errstr(message));
  }
  rd_kafka_message_destroy(message);
}

void KafkaLog::hand_out(Events& out) {
  blocks_.lay_out(out.fetched);
  if (out.fetched.empty()) return;
  client_->troubles().connected();
  std::size_t part = 0;
  std::erase_if(out.fetched, [&](const Fetched& fetched) {
    while (blocks_.parts()[part].dropped) ++part;
    if (blocks_.parts()[part++].end >= 0) out.ended.push_back(fetched.partition);
    const auto position = owned_.find(fetched.partition);
    if (position == owned_.end()) return fetched.messages.items.empty();
    // An end that says nothing new: the position was there before.
    const bool news = !fetched.messages.items.empty() || fetched.next_offset > position->second;
    position->second = std::max(position->second, fetched.next_offset);
    return !news;
  });
}

void KafkaLog::look_at_topics() {
  if (!has_group() || !subscription_.is_due()) return;
  // While no broker is there, asking would take its time at every turn.
  if (!client_->troubles().ever_connected()) return;
  if (subscription_.refresh(handle(), 1000) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  for (const auto& [topic, code] : subscription_.missing()) {
    if (told_missing_.insert(topic).second) client_->troubles().add(code, "`" + topic + "`");
  }
  std::erase_if(told_missing_, [&](const std::string& topic) { return !subscription_.missing().contains(topic); });
}

Envelope KafkaLog::envelope_of(const Fetched& fetched, std::size_t item) {
  const rd_kafka_message_t& message = blocks_.message_of(fetched, item);
  Envelope envelope;
  kafka::read_envelope(message, envelope);
  kafka::read_headers(message, envelope);
  return envelope;
}

std::optional<std::string_view> KafkaLog::value_of(const Fetched& fetched, std::size_t item) {
  const rd_kafka_message_t& message = blocks_.message_of(fetched, item);
  if (message.payload == nullptr) return std::nullopt;
  return std::string_view(static_cast<const char*>(message.payload), message.len);
}

void KafkaLog::close() {
  if (client_ == nullptr) return;
  blocks_.release();
  if (listener_ != nullptr && has_group() && !client_->fatal_trouble()) {
    const kafka::Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle()));
    const kafka::Owned<rd_kafka_error_t> refused(rd_kafka_consumer_close_queue(handle(), queue.get()));
    const auto until = std::chrono::steady_clock::now() + options_.leave;
    while (refused == nullptr && rd_kafka_consumer_closed(handle()) == 0) {
      if (std::chrono::steady_clock::now() >= until) {
        client_->troubles().add({.weight = Trouble::Weight::Passing,
                                 .event = "close_hangs",
                                 .message = "the Kafka client did not leave the group in time and was left alone; the "
                                            "group notices after `session.timeout.ms`"});
        break;
      }
      // Records that were fetched ahead come here too; nobody wants them any more.
      if (rd_kafka_message_t* const message = rd_kafka_consume_queue(queue.get(), 100))
        rd_kafka_message_destroy(message);
    }
  }
  if (!owned_.empty()) give_up(has_group());
  client_->troubles().take(last_words_);
  if (!client_->shut()) {
    last_words_.push_back({.weight = Trouble::Weight::Passing,
                           .event = "close_hangs",
                           .message = "the Kafka client did not end in time and was left alone"});
  }
  client_.reset();
}

}  // namespace weir
