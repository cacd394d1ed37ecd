// SPDX-License-Identifier: Apache-2.0
#include "kafka/on_broker.h"

#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <stdexcept>

namespace weir::testing {

namespace {

using Clock = std::chrono::steady_clock;

int descriptor(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) throw std::runtime_error("run by tests/kafka/client_test.py only");
  return std::atoi(text);
}

}  // namespace

std::string python(const std::string& expression) {
  static const int out = descriptor("WEIR_TEST_ASK");
  static const int in = descriptor("WEIR_TEST_ANSWER");
  const std::string line = expression + "\n";
  if (::write(out, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    throw std::runtime_error("nobody asks");
  std::string answer;
  char c = 0;
  while (::read(in, &c, 1) == 1 && c != '\n') answer += c;
  if (answer.starts_with("!")) throw std::runtime_error(expression + ": " + answer);
  return answer;
}

std::string python_text(const std::string& expression) {
  const std::string repr = python(expression);
  return repr.size() < 2 ? repr : repr.substr(1, repr.size() - 2);
}

std::string fresh(std::string_view name) {
  static std::atomic<int> count{0};
  return std::string(name) + "." + std::to_string(::getpid()) + "." + std::to_string(++count);
}

std::string topic(std::string_view name, int partitions, const std::string& config) {
  std::string out = fresh(name);
  python("kafka.create_topic('" + out + "', " + std::to_string(partitions) + ", " + config + ")");
  return out;
}

void produce(const std::string& topic, int count, int from, int partition) {
  python("kafka.produce('" + topic + "', [(" + std::to_string(partition) + ", None, b'%d' % i) for i in range(" +
         std::to_string(from) + ", " + std::to_string(from + count) + ")])");
}

KafkaSettings settings(const std::string& group, const std::string& instance) {
  KafkaSettings out{.brokers = python_text("kafka.bootstrap"), .group = group, .instance = instance, .properties = {}};
  // Quick to come back after a fault, so that a test need not wait.
  out.properties.push_back({.name = "reconnect.backoff.max.ms", .value = "300"});
  out.properties.push_back({.name = "socket.timeout.ms", .value = "3000"});
  return out;
}

Reader::Reader(const KafkaSettings& settings, LogOptions options) {
  Result<std::unique_ptr<KafkaLog>> log = KafkaLog::make(settings, std::move(options));
  REQUIRE(log.ok());
  log_ = std::move(*log);
}

Reader::~Reader() {
  log_->close();
}

std::vector<std::int64_t> Reader::assigned(std::span<const Partition> partitions) {
  ++assignments;
  std::vector<std::int64_t> out;
  for (const Partition& partition : partitions) {
    CHECK_FALSE(positions.contains(partition));
    out.push_back(begin(partition));
    positions[partition] = out.back();
  }
  return out;
}

void Reader::revoked(std::span<const Partition> partitions, bool lost) {
  ++revocations;
  losses += lost ? 1 : 0;
  on_revoked(partitions, lost);
  for (const Partition& partition : partitions) CHECK(positions.erase(partition) == 1);
}

void Reader::check_block(const Fetched& fetched) const {
  const Messages& messages = fetched.messages;
  REQUIRE(messages.envelopes.size() == messages.items.size());
  if (messages.items.empty()) return;
  const char* at = messages.block.data();
  const char* const end = at + messages.block.size();
  for (const Message& message : messages.items) {
    REQUIRE(message.bytes.data() == at);
    at += message.bytes.size();
    REQUIRE(at < end);
    REQUIRE(*at++ == '\n');
  }
  REQUIRE(at == end);
  for (std::size_t i = 0; i < Messages::kPadding; ++i) REQUIRE(end[i] == '\0');
}

void Reader::turn(Duration wait, std::size_t most) {
  log_->poll(wait, most, events);
  std::size_t records = 0;
  for (const Fetched& fetched : events.fetched) {
    check_block(fetched);
    REQUIRE(positions.contains(fetched.partition));
    std::int64_t& position = positions[fetched.partition];
    for (std::size_t i = 0; i < fetched.messages.items.size(); ++i) {
      const Message& message = fetched.messages.items[i];
      const Envelope envelope = log_->envelope_of(fetched, i);
      const std::optional<std::string_view> value = log_->value_of(fetched, i);
      const Envelope& given = fetched.messages.envelopes[i];
      REQUIRE(static_cast<std::int64_t>(message.offset) >= position);
      REQUIRE(given.topic == fetched.partition.topic);
      REQUIRE(given.has_key == envelope.has_key);
      REQUIRE(given.key == envelope.key);
      REQUIRE(given.tombstone == !value.has_value());
      REQUIRE(message.whole == (message.bytes.size() == value.value_or("").size()));
      Got one{.partition = envelope.partition,
              .offset = static_cast<std::int64_t>(message.offset),
              .key = {},
              .value = {},
              .headers = {},
              .timestamp =
                  std::chrono::duration_cast<std::chrono::milliseconds>(envelope.timestamp.time_since_epoch()).count(),
              .whole = message.whole};
      if (envelope.has_key) one.key = envelope.key;
      if (value) one.value = message.bytes;
      for (const auto& [name, text] : envelope.headers) {
        one.headers.emplace_back(name, text.data() == nullptr ? std::nullopt : std::optional<std::string>(text));
      }
      got.push_back(std::move(one));
      position = static_cast<std::int64_t>(message.offset) + 1;
      ++records;
    }
    REQUIRE(fetched.next_offset >= position);
    position = fetched.next_offset;
  }
  REQUIRE(records <= most);
  for (const Partition& partition : events.ended) ++ended[partition];
  out_of_range.insert(out_of_range.end(), events.out_of_range.begin(), events.out_of_range.end());
  troubles.insert(troubles.end(), events.troubles.begin(), events.troubles.end());
}

bool Reader::until(const std::function<bool()>& done, int seconds) {
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  while (!done()) {
    if (Clock::now() > end) {
      for (const Trouble& trouble : troubles) UNSCOPED_INFO(trouble.event << ": " << trouble.message);
      return false;
    }
    turn();
  }
  return true;
}

bool Reader::has_trouble(std::string_view event) const {
  return !trouble(event).empty();
}

std::string Reader::trouble(std::string_view event) const {
  for (const Trouble& trouble : troubles) {
    if (trouble.event == event) return trouble.message;
  }
  return "";
}

std::vector<std::string> Reader::values(std::int32_t partition) const {
  std::vector<std::string> out;
  for (const Got& one : got) {
    if (one.partition == partition) out.push_back(one.value.value_or("(null)"));
  }
  return out;
}

std::vector<Delivered> settle(KafkaOut& out, std::size_t count, int seconds) {
  std::vector<Delivered> all;
  std::vector<Delivered> some;
  std::vector<Trouble> troubles;
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  while (all.size() < count && Clock::now() < end) {
    out.flush(std::chrono::milliseconds(50));
    out.poll(some, troubles);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace weir::testing
