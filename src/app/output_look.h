// SPDX-License-Identifier: Apache-2.0
// Whether the topics that a stream writes to can be written to, asked of the broker. The client itself gives a topic that it
// does not find half a minute to appear before it says so; an answer takes milliseconds.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kafka/settings.h"
#include "weir/result.h"

namespace weir {

class KafkaTopics;

class OutputLook {
 public:
  OutputLook();
  ~OutputLook();
  OutputLook(const OutputLook&) = delete;
  OutputLook& operator=(const OutputLook&) = delete;

  /// What stands in the way of each topic. A broker that does not answer is none of it: it is waited for later.
  std::vector<Error> begin(const KafkaSettings& settings, std::vector<std::string> names);
  /// The least `max.message.bytes` of the topics, as begin() found it; 0: not known.
  [[nodiscard]] std::size_t max_record_bytes() const { return max_record_bytes_; }
  /// The first thing that stands in the way of records that wait; then it is looked again now and then. A topic that is not
  /// there is no hindrance before something waits for it: with the first record a broker may make it.
  std::optional<Error> fault(bool waits);

 private:
  using Clock = std::chrono::steady_clock;
  std::vector<Error> look();

  std::vector<std::string> names_;
  std::unique_ptr<KafkaTopics> topics_;  // as long as something stands in the way
  std::optional<Error> fault_;
  Clock::time_point again_at_{};
  std::size_t max_record_bytes_ = 0;
};

/// The message and, behind a colon, the remedy.
[[nodiscard]] std::string with_remedy(const Error& error);

}  // namespace weir
