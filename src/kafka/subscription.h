// SPDX-License-Identifier: Apache-2.0
// Which topics a log reads, and what is known of them: names and patterns -> topics -> partitions.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kafka/handles.h"
#include "weir/ports.h"
#include "weir/result.h"

namespace weir::kafka {

/// A POSIX extended expression, as librdkafka reads a subscribed name that begins with ^.
class TopicPattern {
 public:
  static Result<TopicPattern> compile(const std::string& text);
  [[nodiscard]] bool matches(const std::string& topic) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

class Subscription {
 public:
  /// `topics`: names, and patterns that begin with ^. A pattern does not match a topic of `never`.
  static Result<Subscription> make(std::vector<std::string> topics, const std::vector<std::string>& never);

  [[nodiscard]] const std::vector<std::string>& topics() const noexcept { return topics_; }
  /// The topics that no pattern may match, as librdkafka's `topic.blacklist`; empty: none.
  [[nodiscard]] const std::string& excluded() const noexcept { return excluded_; }
  /// Asks the brokers; what was known stays when they do not answer.
  rd_kafka_resp_err_t refresh(rd_kafka_t* client, int timeout_ms);
  [[nodiscard]] bool is_due() const;
  [[nodiscard]] std::vector<Partition> partitions() const;
  /// Names that are subscribed to and do not exist, as of the last refresh, with the reason.
  [[nodiscard]] const std::map<std::string, rd_kafka_resp_err_t, std::less<>>& missing() const noexcept {
    return missing_;
  }

 private:
  using Clock = std::chrono::steady_clock;
  rd_kafka_resp_err_t ask(rd_kafka_t* client, const std::string* name, Clock::time_point until);
  [[nodiscard]] bool wants(const std::string& topic) const;

  std::vector<std::string> topics_;
  std::vector<std::string> never_;
  std::vector<TopicPattern> patterns_;
  std::string excluded_;
  std::map<std::string, std::int32_t, std::less<>> known_;  // topic -> partitions
  std::map<std::string, rd_kafka_resp_err_t, std::less<>> missing_;
  Clock::time_point refreshed_{};
};

}  // namespace weir::kafka
