// SPDX-License-Identifier: Apache-2.0
// A log that lives in memory and a registry that takes its time, for tests of the gate between them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/chance.h"
#include "weir/ports.h"
#include "weir/schemas.h"

namespace weir::testing {

struct StoredRecord {
  std::int64_t offset = 0;
  std::string value;
  std::optional<std::string> key;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// A record in front of which stands the id of its schema.
inline std::string framed(std::uint32_t id, std::string_view body) {
  return std::string(1, '\0') + schema_key(id) + std::string(body);
}

/// Hands records out as a topic does: at random sizes, to whoever has the partition, each from its position on. It holds
/// whoever reads to the rules: nothing of it is read beyond the next poll, and a seek may fail.
class MemoryLog final : public RecordLog {
 public:
  struct Reading {
    std::int64_t next = 0;
    bool paused = false;
    bool told_end = false;
    std::uint64_t polls_without = 0;  // until something comes again
  };

  explicit MemoryLog(std::uint64_t seed) : chance(seed) {}

  Status start(Listener& listener) override {
    listener_ = &listener;
    return Done{};
  }
  void give(const std::vector<Partition>& some) {
    for (const Partition& one : some) reading[one] = {};
    const std::vector<std::int64_t> offsets = listener_->assigned(some);
    for (std::size_t i = 0; i < some.size(); ++i) reading[some[i]].next = offsets[i];
  }
  void take(const std::vector<Partition>& some, bool lost) {
    listener_->revoked(some, lost);
    for (const Partition& one : some) reading.erase(one);
  }

  void poll(Duration wait, std::size_t most, Events& out) override {
    waited = wait;
    out = {};
    held_.clear();
    if (!to_take.empty()) take(std::exchange(to_take, {}), chance.one_in(3));
    if (!to_give.empty()) give(std::exchange(to_give, {}));
    std::vector<Partition> order;
    for (const auto& [partition, unused] : reading) order.push_back(partition);
    chance.shuffle(order);
    for (const Partition& partition : order) fetch(partition, most, out);
  }

  [[nodiscard]] Envelope envelope_of(const Fetched& fetched, std::size_t item) override {
    return fetched.messages.envelopes.at(item);
  }
  void pause(const Partition& partition) override {
    if (const auto at = reading.find(partition); at != reading.end()) at->second.paused = true;
  }
  void resume(const Partition& partition) override {
    if (const auto at = reading.find(partition); at != reading.end()) {
      at->second.paused = false;
      at->second.polls_without = resume_takes;
    }
  }
  Status seek(const Partition& partition, std::int64_t offset) override {
    if (chance.one_in(seek_fails)) return Error{.message = "seek: not now"};
    const auto at = reading.find(partition);
    if (at == reading.end()) return Error{.message = "seek: the partition is not ours"};
    at->second.next = offset;
    at->second.told_end = false;
    return Done{};
  }
  Result<Bounds> bounds(const Partition& partition) override { return Bounds{.first = 0, .end = end_of(partition)}; }
  Result<std::int64_t> offset_at(const Partition& partition, Instant) override { return end_of(partition); }
  Result<std::vector<Position>> committed(std::span<const Partition>) override { return std::vector<Position>(); }
  [[nodiscard]] std::vector<Partition> known_partitions() override {
    std::vector<Partition> out;
    for (const auto& [partition, unused] : records) out.push_back(partition);
    return out;
  }
  [[nodiscard]] std::optional<std::int64_t> known_end(const Partition& partition) override { return end_of(partition); }
  Status commit(std::span<const Position>) override { return Done{}; }
  void close() override {
    std::vector<Partition> all;
    for (const auto& [partition, unused] : reading) all.push_back(partition);
    if (!all.empty()) take(all, false);
  }

  [[nodiscard]] std::int64_t end_of(const Partition& partition) const {
    const std::vector<StoredRecord>& all = records.at(partition);
    return all.empty() ? 0 : all.back().offset + 1;
  }

  sim::Chance chance;
  std::map<Partition, std::vector<StoredRecord>> records;
  std::map<Partition, Reading> reading;
  std::vector<Partition> to_take;  // at the next poll
  std::vector<Partition> to_give;
  std::uint64_t seek_fails = 0;       // one in so many
  std::uint64_t ignores_a_pause = 0;  // one in so many
  std::uint64_t resume_takes = 0;     // polls: a broker is asked for records again only then
  std::size_t most_at_once = 1'000;   // of one partition
  Duration waited{};                  // of the last poll

 private:
  void fetch(const Partition& partition, std::size_t most, Events& out) {
    Reading& at = reading.at(partition);
    if (at.paused && !chance.one_in(ignores_a_pause)) return;
    if (at.polls_without > 0) {
      --at.polls_without;
      return;
    }
    const std::vector<StoredRecord>& all = records.at(partition);
    Fetched fetched{.partition = partition, .messages = {}, .next_offset = at.next};
    const std::size_t wanted = std::min<std::size_t>(most, 1 + chance.below(most_at_once));
    // One stretch of memory, of exactly its size and gone with the next poll: what is read beyond or later is seen.
    std::string bytes;
    std::vector<const StoredRecord*> found;
    for (const StoredRecord& one : all) {
      if (one.offset < at.next || found.size() == wanted) continue;
      found.push_back(&one);
      bytes += one.value + '\n';
    }
    const std::size_t size = bytes.size();
    bytes.append(Messages::kPadding, '\0');
    held_.push_back(std::make_unique<std::string>(std::move(bytes)));
    std::string_view rest = *held_.back();
    fetched.messages.block = fetched.messages.stretch = rest.substr(0, size);
    for (const StoredRecord* one : found) {
      fetched.messages.items.push_back(
          {.bytes = rest.substr(0, one->value.size()), .offset = static_cast<std::uint64_t>(one->offset)});
      rest.remove_prefix(one->value.size() + 1);
      Envelope envelope;
      envelope.topic = partition.topic;
      envelope.partition = partition.number;
      envelope.has_key = one->key.has_value();
      if (one->key) envelope.key = *one->key;
      for (const auto& [name, value] : one->headers) envelope.headers.emplace_back(name, value);
      fetched.messages.envelopes.push_back(std::move(envelope));
      fetched.next_offset = at.next = one->offset + 1;
    }
    const bool news = !found.empty();
    if (news) out.fetched.push_back(std::move(fetched));
    if (at.next >= end_of(partition) && !std::exchange(at.told_end, true)) out.ended.push_back(partition);
  }

  Listener* listener_ = nullptr;
  std::vector<std::unique_ptr<std::string>> held_;
};

}  // namespace weir::testing
