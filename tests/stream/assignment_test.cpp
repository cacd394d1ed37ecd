// SPDX-License-Identifier: Apache-2.0
// Where a partition begins while others write to it: between two questions to the broker records come.
#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "rules/load.h"
#include "stream/beginning.h"
#include "stream/stream.h"

namespace weir {
namespace {

const Partition kOrders{.topic = "orders", .number = 0};

/// A log whose partition is given with the first poll; each question has the answers that a test lays down, the last of them for good.
class AnsweringLog final : public RecordLog {
 public:
  std::deque<Bounds> holds = {{.first = 0, .end = 10}};
  std::int64_t at_time = 0;
  std::optional<std::int64_t> position;
  std::int64_t begins_at = -1;
  int asked_for_bounds = 0;

  Status start(Listener& listener) override {
    listener_ = &listener;
    return Done{};
  }
  void poll(Duration, std::size_t, Events& out) override {
    out = {};
    if (begins_at >= 0) return;
    begins_at = listener_->assigned(std::span(&kOrders, 1)).at(0);
  }
  Envelope envelope_of(const Fetched&, std::size_t) override { return {}; }
  void pause(const Partition&) override {}
  void resume(const Partition&) override {}
  Status seek(const Partition&, std::int64_t) override { return Done{}; }
  Result<Bounds> bounds(const Partition&) override {
    ++asked_for_bounds;
    const Bounds now = holds.front();
    if (holds.size() > 1) holds.pop_front();
    return now;
  }
  Result<std::int64_t> offset_at(const Partition&, Instant) override { return at_time; }
  Result<std::vector<Position>> committed(std::span<const Partition>) override {
    return std::vector<Position>{{.partition = kOrders, .offset = position, .metadata = {}}};
  }
  std::vector<Partition> known_partitions() override { return {kOrders}; }
  std::optional<std::int64_t> known_end(const Partition&) override { return std::nullopt; }
  Status commit(std::span<const Position>) override { return Done{}; }
  void close() override {}

 private:
  Listener* listener_ = nullptr;
};

class NoOut final : public RecordOut {
 public:
  Taken write(const OutRecord&, std::uint64_t) override { return Taken::Yes; }
  void poll(std::vector<Delivered>&, std::vector<Trouble>&) override {}
  bool flush(Duration) override { return true; }
};

class OneSnapshot final : public SnapshotStore {
 public:
  std::vector<Snapshot> kept;
  Result<std::vector<Snapshot>> restore(const Partition&, std::vector<Trouble>&) override { return kept; }
  Status save(std::span<const Snapshot>) override { return Done{}; }
  void release(const Partition&) override {}
  std::string id() const override { return "a store"; }
};

class NoOutlet final : public Outlet {
 public:
  void route(const Fetched&, const Outcome&, RecordLog&, Instant, std::vector<OwnRecord>&) override {}
  std::optional<OwnRecord> stub_of(const OwnRecord&) override { return std::nullopt; }
  void use(std::shared_ptr<const Plan>) override {}
};

class Events final : public StreamObserver {
 public:
  std::vector<std::string> events;
  void trouble(const Trouble& trouble, Instant) override { events.push_back(trouble.event); }
};

struct Beginner {
  AnsweringLog log;
  OneSnapshot store;
  Events told;

  std::shared_ptr<const Plan> plan() {
    LoadOptions options;
    options.read_file = [](const std::string&) -> Result<std::string> {
      return std::string("weir: 1\nfields: {id: {required: true}}\n");
    };
    const Loaded loaded = load_rules("rules.yml", options);
    REQUIRE(loaded.plan);
    return loaded.plan;
  }
  /// The offset that the partition begins with.
  std::int64_t begin(StartAt from) {
    NoOut out;
    NoOutlet outlet;
    StreamOptions options;
    options.from = from;
    Stream stream(plan(), options,
                  {.log = log, .quarantine = out, .clean = out, .store = store, .outlet = outlet, .observer = told});
    REQUIRE(stream.start({}));
    CHECK(stream.turn({}, {}) == Stream::End::Running);
    return log.begins_at;
  }
  void remember(std::int64_t next_offset) {
    Engine engine(plan(), {.as_stream = true, .partition = true});
    store.kept = {{.partition = kOrders,
                   .epoch = 1,
                   .next_offset = next_offset,
                   .state = close_state(std::nullopt, engine.write_state())}};
  }
};

const StartAt kFromTime{.kind = StartAt::Kind::Time, .time = Instant(std::chrono::hours(1))};

TEST_CASE("a time that records came to reach, since the bounds were asked for, does not begin at the oldest record") {
  Beginner beginner;
  beginner.log.holds = {{.first = 0, .end = 10}, {.first = 0, .end = 14}};
  beginner.log.at_time = 12;
  CHECK(beginner.begin(kFromTime) == 12);
  CHECK(beginner.told.events.empty());
}

TEST_CASE("a snapshot that its owner saved after the bounds were asked for still counts") {
  Beginner beginner;
  beginner.log.holds = {{.first = 0, .end = 10}, {.first = 0, .end = 14}};
  beginner.remember(13);
  CHECK(beginner.begin({}) == 13);
  CHECK(beginner.told.events.empty());
}

TEST_CASE("a time within the bounds asks for them once") {
  Beginner beginner;
  beginner.log.at_time = 7;
  CHECK(beginner.begin(kFromTime) == 7);
  CHECK(beginner.log.asked_for_bounds == 1);
}

TEST_CASE(
    "a position that the topic does not hold, however often it is asked, begins at the oldest record and says so") {
  Beginner beginner;
  beginner.log.holds = {{.first = 4, .end = 10}};
  SECTION("beyond its end: it is another topic of the same name") {
    beginner.log.position = 11;
  }
  SECTION("before its beginning: retention was faster") {
    beginner.log.position = 3;
  }
  CHECK(beginner.begin({}) == 4);
  CHECK(beginner.told.events == std::vector<std::string>{"offset_out_of_range"});
}

}  // namespace
}  // namespace weir
