// SPDX-License-Identifier: Apache-2.0
// librdkafka's errors -> what a person is told, with the remedy, and not more often than a person can read.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/ports.h"

namespace weir::kafka {

/// One error in words. `reason`: librdkafka's own, as it names the broker or the topic.
[[nodiscard]] Trouble trouble_of(rd_kafka_resp_err_t code, std::string_view reason);

/// For calls that answer with a Status: "cannot commit: Broker: Unknown member".
[[nodiscard]] Error error_of(std::string_view what, rd_kafka_resp_err_t code, std::string_view reason = {});

/// What was said since it was last asked. The same kind of trouble passes once in 30 seconds; the next of its kind tells
/// how many were kept back.
class Troubles {
 public:
  void add(Trouble trouble) { add(std::move(trouble), {}); }
  void add(rd_kafka_resp_err_t code, std::string_view reason) { add(trouble_of(code, reason)); }
  /// A line of librdkafka's log, all under one event. Only warnings and errors are kept: none that add() hears of in another
  /// way, and none of what is put right before anybody could look.
  void add_log(int level, std::string_view kind, std::string_view line);
  void take(std::vector<Trouble>& out);
  /// The first one that waits and ends it all, if there is one.
  [[nodiscard]] const Trouble* fatal() const noexcept;
  /// The connection works: what happened before it did has lost its weight.
  void connected() noexcept { connected_ = true; }
  [[nodiscard]] bool ever_connected() const noexcept { return connected_; }
  /// Why the last broker was not reached: the text behind "all brokers are away".
  [[nodiscard]] const std::string& last_reason() const noexcept { return last_reason_; }

 private:
  /// `kind`: what is kept apart within one event.
  void add(Trouble trouble, std::string_view kind);

  using Clock = std::chrono::steady_clock;
  struct Said {
    Clock::time_point at;
    std::uint64_t kept_back = 0;
  };
  static constexpr auto kEvery = std::chrono::seconds(30);
  static constexpr std::size_t kMost = 100;

  std::vector<Trouble> waiting_;
  std::map<std::string, Said, std::less<>> said_;
  std::string last_reason_;
  bool connected_ = false;
};

}  // namespace weir::kafka
