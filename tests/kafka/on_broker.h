// SPDX-License-Identifier: Apache-2.0
// What tests against a real broker need. client_test.py starts the broker and runs those test cases; it also does for them,
// with a client that has nothing to do with weir, what they ask it for.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kafka/kafka_log.h"
#include "kafka/kafka_out.h"

namespace weir::testing {

/// The value of a Python expression in which `kafka` is the cluster, as repr() writes it.
std::string python(const std::string& expression);
/// The same for a text.
std::string python_text(const std::string& expression);

/// A name that no other test case has.
std::string fresh(std::string_view name);

/// A new topic with a name of its own; `config` is a Python dictionary.
std::string topic(std::string_view name, int partitions = 1, const std::string& config = "{}");
/// `count` records "<from>", "<from + 1>", ... into one partition.
void produce(const std::string& topic, int count, int from = 0, int partition = 0);

/// How the cluster is reached by a client in the clear.
KafkaSettings settings(const std::string& group = "", const std::string& instance = "");

struct Got {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  std::int64_t timestamp = 0;  // milliseconds
  bool whole = true;
  bool operator==(const Got&) const = default;
};

/// A reader that begins partitions where `begin` says and keeps what it sees.
class Reader final : public RecordLog::Listener {
 public:
  Reader(const KafkaSettings& settings, LogOptions options);
  ~Reader() override;

  KafkaLog& log() { return *log_; }
  /// Polls until `done`, at most so long; false: it was not.
  bool until(const std::function<bool()>& done, int seconds = 20);
  /// One turn, taken apart, with what every turn must hold checked.
  void turn(Duration wait = std::chrono::milliseconds(50), std::size_t most = 1000);
  [[nodiscard]] bool has_trouble(std::string_view event) const;
  [[nodiscard]] std::string trouble(std::string_view event) const;
  /// The payloads of a partition in the order in which they came.
  [[nodiscard]] std::vector<std::string> values(std::int32_t partition = 0) const;

  std::function<std::int64_t(const Partition&)> begin = [](const Partition&) { return 0; };
  std::function<void(std::span<const Partition>, bool)> on_revoked = [](std::span<const Partition>, bool) {};
  std::vector<Got> got;
  std::map<Partition, std::int64_t> positions;  // of what is owned: next_offset
  std::map<Partition, int> ended;
  std::vector<Partition> out_of_range;
  std::vector<Trouble> troubles;
  int assignments = 0;
  int revocations = 0;
  int losses = 0;
  RecordLog::Events events;

 private:
  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override;
  void revoked(std::span<const Partition> partitions, bool lost) override;
  void check_block(const Fetched& fetched) const;
  std::unique_ptr<KafkaLog> log_;
};

/// Polls the sink until nothing is in flight any more, and gives what was settled.
std::vector<Delivered> settle(KafkaOut& out, std::size_t count, int seconds = 20);

}  // namespace weir::testing
