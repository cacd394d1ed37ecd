// SPDX-License-Identifier: Apache-2.0
// Owners that take partitions over from one another, die, and go on when they should not: whoever claimed last restores
// what the owner before it saved last, whole, and nothing that a zombie wrote afterwards. The invariants are those of
// tests/spin/claims.pml and topic_transactions.pml.
#include "kafka/state_topic.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "kafka/compacted_topic.h"

namespace weir::testing {
namespace {

struct Crash {};

const std::vector<Partition> kPartitions = {
    {.topic = "orders", .number = 0}, {.topic = "orders", .number = 1}, {.topic = "payments", .number = 2}};

struct Process {
  int number = 0;
  bool busy = false;
  bool dead = false;
  std::unique_ptr<TopicReader> reader;
  std::unique_ptr<TopicWriter> claims;
  std::unique_ptr<TopicWriter> saves;
  std::unique_ptr<StateTopic> store;
  std::set<Partition> owned;
  std::string uuid;  // of the newest claim
};

/// What is right, as nobody but an onlooker knows it.
struct Truth {
  std::uint64_t highest = 0;
  std::string champion;  // the uuid of the highest claim
  int champion_process = -1;
  std::uint64_t last = 0;  // the epoch of the newest head of a champion
  std::set<std::uint64_t> legitimate;
  std::map<std::string, std::uint64_t> last_at_claim;  // by uuid
  int generation = -1;                                 // exactly once: to whom the group gave it
  std::uint64_t committed = 0;                         // exactly once: the epoch that the group's metadata names
};

class World {
 public:
  World(std::uint64_t seed, bool transactions) : transactions_(transactions), topic_(2, seed) {
    topic_.on_append = [this](const CompactedTopic::Record& record, int writer) { look_at(record, writer); };
    for (int i = 0; i < 3; ++i) begin_process();
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
    finish();
  }
  int restored = 0;  // with something to compare
  int saved = 0;
  int fenced = 0;
  int crashed = 0;
  int committed = 0;

 private:
  void begin_process() {
    auto process = std::make_shared<Process>();
    process->number = next_process_++;
    const auto meanwhile = [this, raw = process.get()] { go_on(*raw); };
    process->reader = std::make_unique<TopicReader>(topic_, meanwhile);
    process->claims = std::make_unique<TopicWriter>(topic_, process->number, meanwhile);
    process->saves = std::make_unique<TopicWriter>(topic_, process->number, meanwhile);
    StateTopicOptions options{.topic = "state", .stream = "s", .in_transaction = transactions_, .chunk_bytes = 40};
    options.draw_uuid = [this, raw = process.get()] {
      // At times two draw their claims at the same moment, and see the same log.
      return raw->uuid = "u" + std::to_string(next_uuid_++);
    };
    options.wait = [this, raw = process.get()](Duration) { go_on(*raw); };
    options.patience = std::chrono::milliseconds(1'000);
    RecordOut& saves = transactions_ ? *process->saves : *process->claims;
    process->store = std::make_unique<StateTopic>(options, *process->claims, saves, *process->reader);
    processes_.push_back(process);
  }

  /// An owner waits: the others go on, the topic is compacted, or this was its end.
  void go_on(Process& waiting) {
    if (quiet_) return;
    if (topic_.chance(0.2)) topic_.compact();
    deliver_left_behind();
    if (topic_.chance(0.01)) throw Crash{};
    if (depth_ < 3 && topic_.chance(0.05)) {
      ++depth_;
      step();
      --depth_;
    }
    waiting.claims->failing = waiting.saves->failing = topic_.chance(0.05) ? 0.3 : 0;
  }

  void step() {
    std::vector<std::shared_ptr<Process>> free;
    for (const auto& process : processes_) {
      if (!process->busy) free.push_back(process);
    }
    if (free.size() < 2) begin_process();
    if (free.empty()) return;
    const std::shared_ptr<Process> process = free[topic_.below(free.size())];
    process->busy = true;
    try {
      if (topic_.chance(0.02)) throw Crash{};
      if (process->owned.empty() || topic_.chance(0.2)) {
        restore(*process, kPartitions[topic_.below(kPartitions.size())]);
      } else if (transactions_) {
        commit(*process);
      } else {
        (void)save(*process);
      }
    } catch (const Crash&) {
      process->dead = true;
      ++crashed;
    }
    process->busy = false;
    if (process->dead) bury(process);
  }

  /// What it had on the way may still arrive; its open transaction is ended by the brokers, at some time.
  void bury(const std::shared_ptr<Process>& process) {
    for (const auto& writer : {process->claims.get(), process->saves.get()}) {
      while (!writer->flying.empty()) {
        left_behind_.emplace_back(writer->flying.front(), process->number);
        writer->flying.pop_front();
      }
    }
    if (process->saves->transaction) left_open_.push_back(*process->saves->transaction);
    std::erase(processes_, process);
  }

  void deliver_left_behind() {
    while (!left_behind_.empty() && topic_.chance(0.3)) {
      const auto [flying, writer] = left_behind_.front();
      left_behind_.pop_front();
      const bool ended = flying.record.transaction && !topic_.is_open(*flying.record.transaction);
      if (!ended && topic_.chance(0.7)) topic_.append(flying.partition, flying.record, writer);
    }
    while (!left_open_.empty() && topic_.chance(0.3)) {
      topic_.end_transaction(left_open_.back(), false);
      left_open_.pop_back();
    }
  }

  void restore(Process& process, const Partition& partition) {
    Truth& truth = truths_[partition];
    truth.generation = process.number;
    std::vector<Trouble> troubles;
    ++topic_.restoring;
    const struct Leave {
      int& restoring;
      ~Leave() { --restoring; }
    } leave{topic_.restoring};
    const Result<std::vector<Snapshot>> found = process.store->restore(partition, troubles);
    if (!found) {
      process.owned.erase(partition);
      CHECK(process.store->incarnation(partition) == 0);
      return;
    }
    process.owned.insert(partition);
    CHECK(process.store->incarnation(partition) > 0);
    for (const Snapshot& snapshot : *found) {
      const Snapshot& saved = contents_.at(snapshot.epoch);
      CHECK(snapshot.partition == partition);
      CHECK(saved.partition == partition);
      CHECK(snapshot.next_offset == saved.next_offset);
      CHECK(snapshot.state == saved.state);
    }
    const std::uint64_t newest = found->empty() ? 0 : found->front().epoch;
    if (transactions_) {
      if (truth.generation != process.number) return;
      CHECK(newest == truth.committed);
    } else {
      if (truth.champion != process.uuid) return;
      CHECK(newest == truth.last_at_claim.at(process.uuid));
      for (const Snapshot& snapshot : *found) CHECK(truth.legitimate.contains(snapshot.epoch));
      CHECK(found->size() == std::min<std::size_t>(2, before_[process.uuid]));
      CHECK(troubles.empty());
    }
    restored += newest != 0 ? 1 : 0;
  }

  std::vector<Snapshot> draw(const Process& process) {
    std::vector<Snapshot> out;
    for (const Partition& partition : process.owned) {
      if (!out.empty() && topic_.chance(0.4)) continue;
      Snapshot snapshot{.partition = partition,
                        .epoch = ++epoch_,
                        .next_offset = static_cast<std::int64_t>(epoch_ * 10),
                        .state = ""};
      const std::size_t size = topic_.below(200);
      while (snapshot.state.size() < size) snapshot.state.push_back(static_cast<char>(topic_.random()));
      contents_[snapshot.epoch] = snapshot;
      drawn_by_[snapshot.epoch] = process.number;
      out.push_back(snapshot);
    }
    return out;
  }

  bool save(Process& process) {
    const std::vector<Snapshot> snapshots = draw(process);
    const Status done = process.store->save(snapshots);
    if (!done) {
      if (done.error().code != "fenced") return false;
      CHECK(done.error().message.find("another instance has claimed") != std::string::npos);
      ++fenced;
      process.dead = true;
      return false;
    }
    if (transactions_) return true;
    for (const Snapshot& snapshot : snapshots) {
      CHECK(truths_[snapshot.partition].legitimate.contains(snapshot.epoch));
      ++saved;
    }
    return true;
  }

  /// A transaction: the group takes the offsets only from whom it has given the partitions to.
  void commit(Process& process) {
    process.saves->transaction = topic_.begin_transaction();
    const std::size_t transaction = *process.saves->transaction;
    const std::uint64_t first = epoch_;
    bool commits = save(process);
    std::vector<std::uint64_t> epochs;
    for (const Partition& partition : process.owned) {
      for (std::uint64_t epoch = first + 1; epoch <= epoch_; ++epoch) {
        if (contents_.contains(epoch) && contents_.at(epoch).partition == partition && mine(process, epoch)) {
          epochs.push_back(epoch);
          commits = commits && truths_[partition].generation == process.number;
        }
      }
    }
    if (commits) go_on(process);  // between the offsets and the end of the transaction
    topic_.end_transaction(transaction, commits);
    process.saves->transaction.reset();
    process.saves->flying.clear();
    if (!commits) {
      process.owned.clear();  // every partition is begun anew
      return;
    }
    for (const std::uint64_t epoch : epochs) truths_[contents_.at(epoch).partition].committed = epoch;
    ++committed;
  }

  bool mine(const Process& process, std::uint64_t epoch) const {
    const auto found = drawn_by_.find(epoch);
    return found != drawn_by_.end() && found->second == process.number;
  }

  void look_at(const CompactedTopic::Record& record, int writer) {
    if (!record.value) return;
    for (const Partition& partition : kPartitions) {
      const auto key = kafka::read_key(kafka::prefix_of("s", partition), record.key);
      if (!key) continue;
      Truth& truth = truths_[partition];
      if (key->kind == kafka::StateKey::Kind::Claim) {
        truth.last_at_claim[key->uuid] = truth.last;
        before_[key->uuid] = truth.legitimate.size();
        if (key->incarnation <= truth.highest) continue;
        truth.highest = key->incarnation;
        truth.champion = key->uuid;
        truth.champion_process = writer;
      } else if (key->kind == kafka::StateKey::Kind::Head) {
        const std::uint64_t epoch = kafka::read_head(*record.value)->epoch;
        if (key->incarnation != truth.highest || writer != truth.champion_process) continue;
        truth.last = epoch;
        truth.legitimate.insert(epoch);
      }
    }
  }

  /// In the end all is quiet: one owner has everything, and after two saves nothing else is left in the topic.
  void finish() {
    while (!left_behind_.empty() || !left_open_.empty()) deliver_left_behind();
    for (const auto& process : processes_) {
      if (process->saves->transaction) topic_.end_transaction(*process->saves->transaction, false);
    }
    quiet_ = true;
    processes_.clear();
    begin_process();
    Process& process = *processes_.front();
    for (const Partition& partition : kPartitions) {
      restore(process, partition);
      REQUIRE(process.owned.contains(partition));
    }
    for (int i = 0; i < 2; ++i) {
      std::vector<Snapshot> all;
      for (const Partition& partition : kPartitions) {
        all.push_back({.partition = partition, .epoch = ++epoch_, .next_offset = 1, .state = "end"});
      }
      if (transactions_) process.saves->transaction = topic_.begin_transaction();
      REQUIRE(process.store->save(all).ok());
      if (transactions_) topic_.end_transaction(*process.saves->transaction, true);
    }
    std::map<std::string, int> left;
    for (const auto& [key, value] : topic_.live()) {
      for (const char* kind : {"claim", "head", "chunk"}) {
        if (key.find("/" + std::string(kind) + "/") != std::string::npos) ++left[kind];
      }
    }
    CHECK(left["claim"] == 3);
    CHECK(left["head"] == 6);
    CHECK(left["chunk"] == 6);
  }

  bool transactions_;
  bool quiet_ = false;
  CompactedTopic topic_;
  std::vector<std::shared_ptr<Process>> processes_;
  std::map<Partition, Truth> truths_;
  std::map<std::uint64_t, Snapshot> contents_;  // by epoch, which no two saves share here
  std::map<std::uint64_t, int> drawn_by_;
  std::map<std::string, std::size_t> before_;  // legitimate heads before a claim
  std::deque<std::pair<TopicWriter::Flying, int>> left_behind_;
  std::vector<std::size_t> left_open_;
  std::uint64_t epoch_ = 0;
  int next_process_ = 0;
  int next_uuid_ = 0;
  int depth_ = 0;
};

void run_worlds(std::uint64_t seeds, int steps, bool transactions) {
  int restored = 0;
  int done = 0;
  int fenced = 0;
  int crashed = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    World world(seed, transactions);
    world.run(steps);
    restored += world.restored;
    done += transactions ? world.committed : world.saved;
    fenced += world.fenced;
    crashed += world.crashed;
  }
  CAPTURE(restored, done, fenced, crashed);
  const auto least = static_cast<int>(seeds);
  CHECK(restored > least);
  CHECK(done > least);
  CHECK(crashed > least / 2);
  if (!transactions) CHECK(fenced > least / 2);
}

TEST_CASE("whoever claims last restores what was saved last, whatever zombies, crashes and compaction do") {
  run_worlds(1'000, 30, false);
}

TEST_CASE("in transactions the snapshot that is restored is the one that the committed offsets belong to") {
  run_worlds(1'000, 30, true);
}

TEST_CASE("the same with many more owners", "[long]") {
  run_worlds(5'000, 100, false);
  run_worlds(5'000, 100, true);
}

TEST_CASE("a key is read only as it is written") {
  using kafka::StateKey;
  const std::string prefix = kafka::prefix_of("s", {.topic = "orders", .number = 3});
  CHECK(prefix == "s/orders/3/");
  const StateKey head{.kind = StateKey::Kind::Head, .incarnation = 7, .save = 9};
  const StateKey chunk{.kind = StateKey::Kind::Chunk, .incarnation = 7, .save = 9, .chunk = 11};
  const StateKey claim{.kind = StateKey::Kind::Claim, .incarnation = ~std::uint64_t{0}, .uuid = "a-b"};
  CHECK(kafka::write_key(prefix, chunk) == "s/orders/3/chunk/7/9/11");
  for (const StateKey& key : {head, chunk, claim}) CHECK(kafka::read_key(prefix, kafka::write_key(prefix, key)) == key);
  for (const char* key :
       {"s/orders/3/head/7/09", "s/orders/3/head/7/9/", "s/orders/3/head/7", "s/orders/3/head/-7/9",
        "s/orders/3/chunk/7/9", "s/orders/3/claim/7/", "s/orders/3/claim/7", "s/orders/3/", "s/orders/33/head/7/9",
        "s/orders/3/tail/7/9", "s/orders/3/head/99999999999999999999/1", ""}) {
    INFO(key);
    CHECK_FALSE(kafka::read_key(prefix, key).has_value());
  }
}

TEST_CASE(
    "a state that was compressed comes back, and one that was not is refused before anything is allocated for it") {
  std::string state(3 << 20, 'x');
  for (std::size_t i = 0; i < state.size(); i += 7) state[i] = static_cast<char>(i * 31);
  const std::string compressed = *kafka::compress_state(state);
  CHECK(*kafka::decompress_state(compressed, state.size()) == state);
  CHECK(kafka::decompress_state(*kafka::compress_state(""), 0)->empty());
  CHECK_FALSE(kafka::decompress_state(compressed, state.size() - 1).ok());
  CHECK_FALSE(kafka::decompress_state(compressed.substr(0, compressed.size() - 1), state.size()).ok());
  CHECK_FALSE(kafka::decompress_state("", 0).ok());
  CHECK_FALSE(kafka::decompress_state("", kafka::kLargestState).ok());
  for (std::size_t at = 8; at < compressed.size(); at += compressed.size() / 40) {
    std::string damaged = compressed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    CHECK_FALSE(kafka::decompress_state(damaged, state.size()).ok());
  }
  const kafka::StateHead head{.epoch = 5, .next_offset = -1, .chunks = 3, .bytes = 99};
  CHECK(*kafka::read_head(kafka::write_head(head)) == head);
  CHECK(kafka::read_head("\x02").error().message.find("another version") != std::string::npos);
  CHECK_FALSE(kafka::read_head(kafka::write_head(head) + "x").ok());
  CHECK_FALSE(kafka::read_head("").ok());
}

}  // namespace
}  // namespace weir::testing
