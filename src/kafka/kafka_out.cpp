// SPDX-License-Identifier: Apache-2.0
#include "kafka/kafka_out.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

#ifdef __clang__
// librdkafka's own way to hand over arguments of a known type.
#pragma clang diagnostic ignored "-Wgnu-statement-expression"
#endif

namespace weir {

using kafka::Client;
using kafka::Owned;
using kafka::Role;

namespace {

/// A token travels as librdkafka's opaque pointer.
void* pointer_of(std::uint64_t token) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(token));
}

std::uint64_t token_of(const void* pointer) {
  return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

Owned<rd_kafka_headers_t> headers_of(const OutRecord& record) {
  if (record.headers.empty()) return nullptr;
  Owned<rd_kafka_headers_t> headers(rd_kafka_headers_new(record.headers.size()));
  for (const auto& [name, value] : record.headers) {
    rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  return headers;
}

/// Where a text begins: an empty one is not a null.
const char* begin_of(const std::optional<std::string_view>& text) {
  if (!text) return nullptr;
  return text->data() == nullptr ? "" : text->data();
}

std::size_t size_of(const std::optional<std::string_view>& text) {
  return text ? text->size() : 0;
}

}  // namespace

Result<std::unique_ptr<KafkaOut>> KafkaOut::make(const KafkaSettings& settings, Role role, const KafkaLog* log,
                                                 OutOptions options) {
  std::vector<std::pair<std::string, std::string>> more;
  constexpr std::size_t kLeast = 1000;  // librdkafka's
  if (options.max_record_bytes > 0) {
    const std::string limit = std::to_string(std::max(options.max_record_bytes, kLeast));
    for (const char* const name : {"message.max.bytes", "batch.size"}) {
      if (std::ranges::find(settings.properties, name, &KafkaSettings::Property::name) == settings.properties.end()) {
        more.emplace_back(name, limit);
      }
    }
  }
  std::unique_ptr<KafkaOut> out(new KafkaOut(log));
  Result<std::unique_ptr<Client>> client = Client::make(settings, role, *out, more);
  if (!client) return client.error();
  out->client_ = std::move(*client);
  return out;
}

Result<std::unique_ptr<KafkaOut>> KafkaOut::make(const KafkaSettings& settings, OutOptions options) {
  return make(settings, Role::Producer, nullptr, options);
}

KafkaOut::~KafkaOut() {
  topics_.clear();
}

rd_kafka_topic_t* KafkaOut::topic_of(std::string_view name) {
  const auto found = topics_.find(name);
  if (found != topics_.end()) return found->second.get();
  std::string text(name);
  Owned<rd_kafka_topic_t> topic(rd_kafka_topic_new(handle(), text.c_str(), nullptr));
  if (topic == nullptr) return nullptr;
  return topics_.emplace(std::move(text), std::move(topic)).first->second.get();
}

RecordOut::Taken KafkaOut::write(const OutRecord& record, std::uint64_t token) {
  rd_kafka_topic_t* const topic = topic_of(record.topic);
  if (topic == nullptr) {
    fail(token, record, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION);
    return Taken::Yes;
  }
  const std::int64_t timestamp =
      std::chrono::floor<std::chrono::milliseconds>(record.timestamp).time_since_epoch().count();
  Owned<rd_kafka_headers_t> headers = headers_of(record);
  // librdkafka does not write through the pointers that it takes without const.
  void* const value = const_cast<char*>(begin_of(record.value));
  const void* const key = begin_of(record.key);
  const rd_kafka_resp_err_t code =
      headers == nullptr
          ? rd_kafka_producev(handle(), RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(record.partition),
                              RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(value, size_of(record.value)),
                              RD_KAFKA_V_KEY(key, size_of(record.key)), RD_KAFKA_V_TIMESTAMP(timestamp),
                              RD_KAFKA_V_OPAQUE(pointer_of(token)), RD_KAFKA_V_END)
          : rd_kafka_producev(handle(), RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(record.partition),
                              RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(value, size_of(record.value)),
                              RD_KAFKA_V_KEY(key, size_of(record.key)), RD_KAFKA_V_TIMESTAMP(timestamp),
                              RD_KAFKA_V_OPAQUE(pointer_of(token)), RD_KAFKA_V_HEADERS(headers.get()), RD_KAFKA_V_END);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    (void)headers.release();  // the message's now
    return Taken::Yes;
  }
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return Taken::Full;
  if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) return Taken::TooLarge;
  fail(token, record, code);
  return Taken::Yes;
}

/// After a fatal error every record fails, and only that error says why.
Trouble KafkaOut::why(rd_kafka_resp_err_t code, std::string_view topic) const {
  const std::optional<Trouble> fatal = client_->fatal_trouble();
  if (fatal) return *fatal;
  return kafka::trouble_of(code, "`" + shorten(topic, 80) + "`: " + rd_kafka_err2str(code));
}

/// It was not taken, and trying again would not help: that is told like any other record that cannot be written.
void KafkaOut::fail(std::uint64_t token, const OutRecord& record, rd_kafka_resp_err_t code) {
  settled_.push_back({.token = token, .ok = false, .too_large = false, .trouble = why(code, record.topic)});
}

void KafkaOut::delivered(const rd_kafka_message_t& message) {
  Delivered done{.token = token_of(message._private), .ok = true, .too_large = false, .trouble = {}};
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    client_->troubles().connected();
  } else {
    done.ok = false;
    done.too_large = message.err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    done.trouble = why(message.err, rd_kafka_topic_name(message.rkt));
  }
  settled_.push_back(std::move(done));
}

void KafkaOut::poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) {
  rd_kafka_poll(handle(), 0);
  delivered.clear();
  std::swap(delivered, settled_);
  client_->troubles().take(troubles);
}

bool KafkaOut::flush(Duration wait) {
  return rd_kafka_flush(handle(), kafka::milliseconds(wait)) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace weir
