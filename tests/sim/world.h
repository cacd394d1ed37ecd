// SPDX-License-Identifier: Apache-2.0
// A world for a stream: a broker, a group, some processes that run the stream, a producer, one clock, one seed.
//
// Processes take turns. Whatever a port does, it first asks the world (`at`), which may let the process crash there, or let
// it stand still while the others go on: that is how a process comes to act on what is no longer true.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/broker.h"
#include "sim/chance.h"
#include "sim/faults.h"
#include "sim/group.h"
#include "stream/stream.h"

namespace weir::sim {

inline constexpr const char* kTopic = "orders";
inline constexpr const char* kQuarantine = "orders.quarantine";
inline constexpr const char* kClean = "orders.clean";
inline constexpr const char* kState = "weir.state";
inline constexpr const char* kGroup = "weir";

/// What is drawn of a world before it begins.
struct Setting {
  std::uint64_t seed = 0;
  std::size_t processes = 1;
  std::size_t partitions = 2;
  bool exactly_once = false;
  bool shared_store = false;
  bool cooperative = false;
  bool fixed_members = true;  // group.instance.id
  bool input_transactions = false;
  Duration idle_after = std::chrono::seconds(60);
  Duration length = std::chrono::seconds(40);
  Faults faults;

  static Setting drawn(std::uint64_t seed);
  [[nodiscard]] std::string text() const;
};

/// A record of the input, and what is to become of it.
struct Made {
  enum class Fate : std::uint8_t { Clean, Tagged, Dropped, Quarantined };
  Partition partition;
  std::int64_t offset = 0;
  std::string key;
  std::string trace;  // a header
  std::optional<std::string> value;
  Fate fate = Fate::Clean;
  bool repeated = false;  // only the memory of `unique` knows that it fails
  bool aborted = false;   // nobody is to see it
  bool late = false;      // it is written some seconds after it happened
  Instant at{};           // when it happened
  std::string id() const {
    return partition.topic + "-" + std::to_string(partition.number) + "-" + std::to_string(offset);
  }
};

/// A verdict that somebody was told.
struct Told {
  std::string process;
  WindowVerdict verdict;
};

/// Where a process keeps what outlives it.
struct Disk {
  struct Kept {
    Snapshot snapshot;
    bool damaged = false;
  };
  std::string id;
  std::map<Partition, std::vector<Kept>> kept;  // newest first
};

/// What all processes share of the state when it is a topic: claims, and what was saved under them.
struct SharedState {
  struct Part {
    std::vector<std::int64_t> claims;  // offset of each, by incarnation
    std::vector<Disk::Kept> kept;      // newest first; of claims that count

    /// What was written under a claim counts up to the next one.
    [[nodiscard]] bool counts(std::size_t claim, std::int64_t offset) const {
      return claim + 1 == claims.size() || offset < claims.at(claim + 1);
    }
  };
  std::map<Partition, Part> parts;
};

class World;

/// What the ports of one process know of it.
struct Site {
  World& world;
  std::string name;
  bool dead = false;
  Duration away_until{};  // no broker until then
};

struct Process;

struct Instance {
  std::string name;
  Disk disk;
  std::unique_ptr<Process> process;
  Duration restart_at{};
  Duration wall_offset{};
  bool on_stack = false;
  bool frozen = false;
  bool replaced = false;  // by another of the same name: not started again
  int starts = 0;
};

class World {
 public:
  World(Setting setting, std::shared_ptr<const Plan> plan);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Lets everything happen, then lets it come to rest without faults.
  void run();
  /// The same log once more, for one process to which nothing happens.
  [[nodiscard]] std::vector<Told> told_without_faults() const;

  // ---- for the ports

  void at(Site& site, const char* what);
  [[nodiscard]] bool is_away(const Site& site) const { return steady < site.away_until; }
  /// Time goes by for a process that waits.
  void pass(Duration time);
  void log(std::string line);
  void broken(const std::string& what);
  [[nodiscard]] Instant wall() const { return kBegin + steady; }

  static constexpr Instant kBegin{std::chrono::microseconds(1'767'225'600'000'000)};  // 2026-01-01

  Setting setting;
  Faults faults;
  std::shared_ptr<const Plan> plan;
  Chance chance;
  Duration steady{std::chrono::seconds(100)};
  Broker broker;
  Group group;
  SharedState shared;
  std::vector<Made> made;
  std::vector<Told> told;
  std::set<Partition> state_lost;           // snapshots of it were wiped or damaged, or passed to a disk without them
  std::set<Partition> outclaimed;           // somebody saved under a claim that was over
  std::set<std::string> gone;               // ids of records that retention took before they were judged
  std::optional<Instant> grown;             // when the topic got more partitions
  std::vector<std::string> wrong;           // broken invariants
  std::map<Partition, std::int64_t> saved;  // the furthest snapshot that was saved
  std::vector<std::string> lines;

  /// By id: copies that count.
  std::map<std::string, int> quarantined;
  std::map<std::string, int> cleaned;
  [[nodiscard]] bool is_excused(const Made& one) const {
    return one.aborted || gone.contains(one.id()) || (one.repeated && state_lost.contains(one.partition));
  }

 private:
  void produce();
  void produce_one(const Partition& partition);
  void housekeeping();
  void misfortunes();
  void fall_silent();
  void expire_records();
  void step(Instance& instance);
  void step_some(const Instance* but);
  void start(Instance& instance);
  void end(Instance& instance, const std::string& why, Duration until_restart);
  void freeze(Site& site);
  void replace(Instance& instance);
  void see(const Partition& partition, const Stored& record);
  void hold_positions(const std::vector<Position>& positions);
  [[nodiscard]] bool is_at_rest() const;
  Instance& instance_of(const Site& site);

  struct Input {
    Duration due{};
    int number = 0;
    std::vector<std::string> ids;  // of records that count
    std::shared_ptr<Transaction> open;
    bool will_abort = false;
    std::vector<std::size_t> made;  // indices into `made`
    std::size_t held = 0;           // of those: checked when the position passed them
  };
  std::vector<std::unique_ptr<Instance>> instances_;
  std::map<Partition, Input> inputs_;
  std::map<std::string, std::size_t> made_by_id_;
  Duration produce_end_{};
  int depth_ = 0;
};

/// What is wrong with a world that came to rest; empty: nothing.
[[nodiscard]] std::vector<std::string> check(World& world);

/// The rules that every world lives by.
[[nodiscard]] std::shared_ptr<const Plan> plan_of_the_world();

}  // namespace weir::sim
