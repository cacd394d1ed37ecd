// SPDX-License-Identifier: Apache-2.0
// The gate under schedules drawn from a seed: schemas that come late or are refused, polls of any size, seeks that fail, a
// log that does not keep to a pause, partitions that go and come back, a reader that pauses and goes back. Whatever
// happens, a reader sees each record of a partition exactly once, in order, and never before its schema is known.
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "registry/gate_world.h"
#include "registry/schema_gate.h"

using namespace weir;
using weir::testing::framed;
using weir::testing::MemoryLog;
using weir::testing::StoredRecord;

namespace {

constexpr std::uint32_t kSchemas = 12;

class Schedule final : public RecordLog::Listener {
 public:
  explicit Schedule(std::uint64_t seed) : chance_(seed) {
    auto made = std::make_unique<MemoryLog>(seed * 31 + 7);
    log_ = made.get();
    log_->seek_fails = chance_.one_in(2) ? 0 : 2 + chance_.below(6);
    log_->ignores_a_pause = chance_.one_in(2) ? 0 : 3 + chance_.below(10);
    log_->resume_takes = chance_.one_in(2) ? 0 : 1 + chance_.below(3);
    log_->most_at_once = 1 + chance_.below(40);
    const std::uint64_t partitions = 1 + chance_.below(4);
    for (std::uint64_t number = 0; number < partitions; ++number)
      fill({.topic = "orders", .number = static_cast<std::int32_t>(number)});
    gate_ = std::make_unique<SchemaGate>(
        std::move(made), book_, SchemaGate::Source{.want = [this](std::string_view key) { want(key); }, .fault = {}},
        SchemaGate::Options{.form = {.keys = chance_.one_in(2)}, .steady = [this] { return now_; }, .seen = {}});
    keys_ = chance_.one_in(2);
    gate_->use({.values = true, .keys = keys_});
  }

  void run() {
    REQUIRE(gate_->start(*this));
    log_->to_give = log_->known_partitions();
    for (int turn = 0; turn < 20'000 && !is_done(); ++turn) {
      // Towards the end nothing gets in the way any more.
      const bool calm = turn > 600;
      if (calm) log_->seek_fails = 0;
      now_ += std::chrono::milliseconds(10);
      answer();
      if (!calm) disturb();
      gate_->poll(std::chrono::milliseconds(10), 1 + chance_.below(50), events_);
      for (const Fetched& fetched : events_.fetched) take(fetched);
      for (const Partition& partition : events_.ended) {
        INFO("told to be at its end: " << partition.number << " at " << next_[partition]);
        CHECK_FALSE(gate_->is_held(partition));
        CHECK(next_[partition] == log_->end_of(partition));
      }
      if (calm) release();
    }
    REQUIRE(is_done());
  }

 private:
  void fill(const Partition& partition) {
    std::vector<StoredRecord>& records = log_->records[partition];
    std::int64_t offset = chance_.between(0, 5);
    std::uint32_t schema = 1;
    const std::uint64_t count = 1 + chance_.below(150);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (chance_.one_in(6)) schema = 1 + static_cast<std::uint32_t>(chance_.below(kSchemas));
      StoredRecord record{.offset = offset, .value = framed(schema, std::to_string(offset)), .key = {}, .headers = {}};
      if (chance_.one_in(5)) record.value = R"({"n":)" + std::to_string(offset) + "}";
      if (chance_.one_in(7)) record.key = framed(1 + static_cast<std::uint32_t>(chance_.below(kSchemas)), "k");
      records.push_back(std::move(record));
      offset += chance_.one_in(5) ? chance_.between(1, 4) : 1;
    }
    next_[partition] = 0;
  }

  void want(std::string_view key) {
    if (book_->find(key) != nullptr || due_.contains(std::string(key))) return;
    due_[std::string(key)] = now_ + chance_.between(Duration{}, std::chrono::milliseconds(400));
  }

  void answer() {
    for (auto at = due_.begin(); at != due_.end();) {
      if (at->second > now_) {
        ++at;
        continue;
      }
      KnownSchema schema{.text = nullptr, .refusal = "unknown"};
      if (!chance_.one_in(4)) schema.text = std::make_shared<SchemaText>();
      book_->put(at->first, schema);
      at = due_.erase(at);
    }
  }

  void disturb() {
    const std::vector<Partition> all = log_->known_partitions();
    const Partition& one = chance_.of(all);
    if (chance_.one_in(20)) {
      if (log_->reading.contains(one)) {
        log_->to_take = {one};
      } else {
        log_->to_give = {one};
      }
    } else if (chance_.one_in(15)) {
      gate_->pause(one);
      paused_.insert(one);
    } else if (chance_.one_in(10)) {
      gate_->resume(one);
      paused_.erase(one);
    } else if (chance_.one_in(25) && log_->reading.contains(one)) {
      const std::int64_t back = chance_.between(0, next_[one]);
      if (gate_->seek(one, back)) next_[one] = back;
    }
  }

  void release() {
    std::vector<Partition> missing;
    for (const Partition& one : log_->known_partitions()) {
      if (!log_->reading.contains(one)) missing.push_back(one);
      if (paused_.erase(one) > 0) gate_->resume(one);
    }
    log_->to_give = missing;
  }

  void take(const Fetched& fetched) {
    const Partition& partition = fetched.partition;
    std::int64_t& next = next_.at(partition);
    REQUIRE(fetched.messages.items.size() == fetched.messages.envelopes.size());
    if (!fetched.messages.block.empty()) {
      REQUIRE(fetched.messages.block.data() == fetched.messages.items.front().bytes.data());
      const std::string_view last = fetched.messages.items.back().bytes;
      REQUIRE(fetched.messages.block.data() + fetched.messages.block.size() == last.data() + last.size() + 1);
    }
    std::size_t item = 0;
    for (const StoredRecord& record : log_->records.at(partition)) {
      if (record.offset < next || record.offset >= fetched.next_offset) continue;
      INFO("partition " << partition.number << ", offset " << record.offset);
      REQUIRE(item < fetched.messages.items.size());
      const Message& message = fetched.messages.items[item++];
      REQUIRE(message.offset == static_cast<std::uint64_t>(record.offset));
      REQUIRE(message.bytes == record.value);
      if (record.value[0] == '\0') REQUIRE(book_->find(record.value.substr(1, 4)) != nullptr);
      if (keys_ && record.key) REQUIRE(book_->find(record.key->substr(1, 4)) != nullptr);
    }
    REQUIRE(item == fetched.messages.items.size());
    REQUIRE(fetched.next_offset >= next);
    next = fetched.next_offset;
  }

  [[nodiscard]] bool is_done() const {
    for (const auto& [partition, next] : next_) {
      if (next < log_->end_of(partition)) return false;
    }
    return true;
  }

  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override {
    std::vector<std::int64_t> out;
    for (const Partition& one : partitions) {
      paused_.erase(one);
      out.push_back(next_.at(one));
    }
    return out;
  }
  void revoked(std::span<const Partition>, bool) override {}

  sim::Chance chance_;
  MemoryLog* log_ = nullptr;
  std::shared_ptr<SchemaBook> book_ = std::make_shared<SchemaBook>();
  std::unique_ptr<SchemaGate> gate_;
  bool keys_ = false;
  Duration now_{};
  std::map<std::string, Duration> due_;
  std::map<Partition, std::int64_t> next_;
  std::set<Partition> paused_;
  RecordLog::Events events_;
};

}  // namespace

TEST_CASE("every record passes the gate exactly once and in order, whatever comes between") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    INFO("seed " << seed);
    Schedule schedule(seed);
    schedule.run();
  }
}
