// SPDX-License-Identifier: Apache-2.0
// One librdkafka client with its callbacks. Everything that librdkafka has to say arrives in the thread that polls; only
// a new token is fetched in a thread of librdkafka's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kafka/handles.h"
#include "kafka/settings.h"
#include "kafka/troubles.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir::kafka {

/// Who hears of rebalances and of delivered records.
class ClientEvents {
 public:
  virtual ~ClientEvents() = default;
  virtual void rebalance(rd_kafka_resp_err_t /*what*/, rd_kafka_topic_partition_list_t& /*partitions*/) {}
  virtual void delivered(const rd_kafka_message_t& /*message*/) {}
};

class Client {
 public:
  /// `events` outlives the client.
  static Result<std::unique_ptr<Client>> make(const KafkaSettings& settings, Role role, ClientEvents& events,
                                              const std::vector<std::pair<std::string, std::string>>& more = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  [[nodiscard]] rd_kafka_t* get() const noexcept { return handle_; }
  [[nodiscard]] Troubles& troubles() noexcept;
  /// What ended the client, once something did: it cannot be used any more.
  [[nodiscard]] std::optional<Trouble> fatal_trouble() const;
  /// Asks what the brokers are, until one answers (true) or the time is over. Done with false is no error: they may come
  /// later. An error is a refusal: a wrong password, no TLS.
  [[nodiscard]] Result<bool> reach_brokers(Duration wait);
  /// Gives the client back. librdkafka waits here for its own threads, which has been seen to take for ever: after
  /// 10 seconds it is left alone, with its memory. False: it was.
  bool shut();

 private:
  struct Inner;
  Client();
  rd_kafka_t* handle_ = nullptr;
  std::unique_ptr<Inner> inner_;
};

/// Milliseconds for librdkafka, rounded up.
[[nodiscard]] int milliseconds(Duration duration);

}  // namespace weir::kafka
