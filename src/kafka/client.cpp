// SPDX-License-Identifier: Apache-2.0
#include "kafka/client.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

#include "kafka/token_file.h"

namespace weir::kafka {

namespace {

std::optional<Trouble> fatal_trouble_of(rd_kafka_t* handle) {
  std::array<char, 512> reason{};
  const rd_kafka_resp_err_t code = rd_kafka_fatal_error(handle, reason.data(), reason.size());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  Trouble trouble = trouble_of(code, reason.data());
  trouble.weight = Trouble::Weight::Fatal;
  return trouble;
}

}  // namespace

struct Client::Inner {
  ClientEvents& events;
  std::string token_file;
  Troubles troubles;

  static Inner& of(void* opaque) { return *static_cast<Inner*>(opaque); }

  static void on_error(rd_kafka_t* handle, int code, const char* reason, void* opaque) {
    Troubles& troubles = of(opaque).troubles;
    if (std::optional<Trouble> fatal = fatal_trouble_of(handle); fatal && code == RD_KAFKA_RESP_ERR__FATAL) {
      troubles.add(std::move(*fatal));
    } else {
      troubles.add(static_cast<rd_kafka_resp_err_t>(code), reason == nullptr ? "" : reason);
    }
  }

  static void on_log(const rd_kafka_t* handle, int level, const char* kind, const char* line) {
    of(rd_kafka_opaque(handle)).troubles.add_log(level, kind, line);
  }

  static void on_rebalance(rd_kafka_t* /*handle*/, rd_kafka_resp_err_t what,
                           rd_kafka_topic_partition_list_t* partitions, void* opaque) {
    of(opaque).events.rebalance(what, *partitions);
  }

  static void on_delivery(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message, void* opaque) {
    of(opaque).events.delivered(*message);
  }

  /// In a thread of librdkafka's: touches nothing that changes.
  static void on_token(rd_kafka_t* handle, const char* /*config*/, void* opaque) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const Result<BearerToken> token = read_token(of(opaque).token_file, now);
    if (!token) {
      rd_kafka_oauthbearer_set_token_failure(handle, token.error().message.c_str());
      return;
    }
    std::array<char, 512> reason{};
    const auto expires = std::chrono::duration_cast<std::chrono::milliseconds>(token->expires.time_since_epoch());
    if (rd_kafka_oauthbearer_set_token(handle, token->text.c_str(), expires.count(), token->principal.c_str(), nullptr,
                                       0, reason.data(), reason.size()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_oauthbearer_set_token_failure(handle, reason.data());
    }
  }
};

Client::Client() = default;

Client::~Client() {
  shut();
}

Result<std::unique_ptr<Client>> Client::make(const KafkaSettings& settings, Role role, ClientEvents& events,
                                             const std::vector<std::pair<std::string, std::string>>& more) {
  Result<ClientProperties> properties = client_properties(settings, role);
  if (!properties) return properties.error();
  for (const auto& pair : more) properties->values.push_back(pair);

  Owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  std::array<char, 512> reason{};
  for (const auto& [name, value] : properties->values) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size()) != RD_KAFKA_CONF_OK) {
      return Error{.message = "the Kafka client does not take `" + name + "`"};
    }
  }
  std::unique_ptr<Client> client(new Client);
  client->inner_ =
      std::unique_ptr<Inner>(new Inner{.events = events, .token_file = properties->token_file, .troubles = {}});
  rd_kafka_conf_set_opaque(conf.get(), client->inner_.get());
  rd_kafka_conf_set_error_cb(conf.get(), &Inner::on_error);
  rd_kafka_conf_set_log_cb(conf.get(), &Inner::on_log);
  if (role == Role::Consumer) rd_kafka_conf_set_rebalance_cb(conf.get(), &Inner::on_rebalance);
  if (role == Role::Producer || role == Role::Transactional) {
    rd_kafka_conf_set_dr_msg_cb(conf.get(), &Inner::on_delivery);
  }
  if (!properties->token_file.empty()) rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf.get(), &Inner::on_token);
  if (properties->oauth) rd_kafka_conf_enable_sasl_queue(conf.get(), 1);

  const rd_kafka_type_t type =
      role == Role::Producer || role == Role::Transactional ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  client->handle_ = rd_kafka_new(type, conf.get(), reason.data(), reason.size());
  if (client->handle_ == nullptr) return Error{.message = std::string("no Kafka client: ") + reason.data()};
  (void)conf.release();  // the client's now
  // A token is wanted before the first answer, while nobody polls yet.
  if (properties->oauth) Owned<rd_kafka_error_t>(rd_kafka_sasl_background_callbacks_enable(client->handle_));
  rd_kafka_set_log_queue(client->handle_, nullptr);
  return client;
}

Troubles& Client::troubles() noexcept {
  return inner_->troubles;
}

std::optional<Trouble> Client::fatal_trouble() const {
  return fatal_trouble_of(handle_);
}

Result<bool> Client::reach_brokers(Duration wait) {
  const auto until = std::chrono::steady_clock::now() + wait;
  do {
    const rd_kafka_metadata_t* metadata = nullptr;
    const rd_kafka_resp_err_t error = rd_kafka_metadata(handle_, 0, nullptr, &metadata, 500);
    const Owned<const rd_kafka_metadata_t> owned(metadata);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      troubles().connected();
      return true;
    }
    rd_kafka_poll(handle_, 0);
    if (const Trouble* const refusal = troubles().fatal()) {
      return Error{.message = refusal->message, .code = refusal->event};
    }
  } while (std::chrono::steady_clock::now() < until);
  return false;
}

bool Client::shut() {
  if (handle_ == nullptr) return true;
  struct Ending {
    std::mutex mutex;
    std::condition_variable over;
    bool done = false;
  };
  const auto ending = std::make_shared<Ending>();
  std::thread([ending, handle = handle_] {
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    const std::lock_guard lock(ending->mutex);
    ending->done = true;
    ending->over.notify_one();
  }).detach();
  handle_ = nullptr;
  std::unique_lock lock(ending->mutex);
  if (ending->over.wait_for(lock, std::chrono::seconds(10), [&] { return ending->done; })) return true;
  (void)inner_.release();  // its threads may still call it
  return false;
}

int milliseconds(Duration duration) {
  const std::int64_t up = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
  return static_cast<int>(std::clamp<std::int64_t>(up, 0, std::numeric_limits<int>::max()));
}

}  // namespace weir::kafka
