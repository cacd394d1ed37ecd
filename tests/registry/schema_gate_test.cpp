// SPDX-License-Identifier: Apache-2.0
#include "registry/schema_gate.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>
#include <vector>

#include "registry/gate_world.h"

using namespace weir;
using weir::testing::framed;
using weir::testing::MemoryLog;
using weir::testing::StoredRecord;

namespace {

const Partition kOrders{.topic = "orders", .number = 0};
const Partition kMore{.topic = "orders", .number = 1};

KnownSchema known(std::string text = R"("string")") {
  auto schema = std::make_shared<SchemaText>();
  schema->language = SchemaLanguage::Json;
  schema->text = std::move(text);
  return {.text = std::move(schema), .refusal = ""};
}

/// Begins every partition at 0 and remembers what it was told.
struct Reader final : RecordLog::Listener {
  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override {
    return std::vector<std::int64_t>(partitions.size(), 0);
  }
  void revoked(std::span<const Partition> partitions, bool) override {
    gone.insert(gone.end(), partitions.begin(), partitions.end());
  }
  std::vector<Partition> gone;
};

struct World {
  explicit World(SchemaGate::Options options = {}, std::vector<StoredRecord> records = {}) {
    auto made = std::make_unique<MemoryLog>(1);
    log = made.get();
    log->records[kOrders] = std::move(records);
    options.steady = [this] { return now; };
    options.seen = [this](const SchemaChange& change) {
      ++seen;
      if (change.from != nullptr) changes.push_back(change);
    };
    gate = std::make_unique<SchemaGate>(
        std::move(made), book,
        SchemaGate::Source{.want = [this](std::string_view key) { wanted.insert(std::string(key)); },
                           .fault = [this] { return fault; }},
        std::move(options));
    REQUIRE(gate->start(reader));
  }
  /// What comes of one partition, one poll after the other, until nothing comes any more.
  std::vector<std::string> read(const Partition& partition = kOrders) {
    std::vector<std::string> out;
    ended = false;
    for (int turn = 0; turn < 5; ++turn) {
      gate->poll(std::chrono::milliseconds(100), 1'000, events);
      for (const Fetched& fetched : events.fetched) {
        if (fetched.partition != partition) continue;
        for (const Message& message : fetched.messages.items) out.emplace_back(message.bytes);
        next = fetched.next_offset;
      }
      for (const Partition& one : events.ended) ended = ended || one == partition;
    }
    return out;
  }

  MemoryLog* log = nullptr;
  std::shared_ptr<SchemaBook> book = std::make_shared<SchemaBook>();
  std::set<std::string> wanted;
  std::string fault;
  Duration now{};
  std::size_t seen = 0;  // schemas
  std::vector<SchemaChange> changes;
  Reader reader;
  std::unique_ptr<SchemaGate> gate;
  RecordLog::Events events;
  std::int64_t next = 0;
  bool ended = false;
};

const std::vector<StoredRecord> kThree = {{.offset = 3, .value = framed(1, "a"), .key = {}, .headers = {}},
                                          {.offset = 4, .value = framed(2, "b"), .key = {}, .headers = {}},
                                          {.offset = 9, .value = framed(1, "c"), .key = {}, .headers = {}}};

}  // namespace

TEST_CASE("records wait at the gate for their schema, and come once it is there, in order") {
  World world({}, kThree);
  world.book->put(schema_key(1), known());
  world.log->give({kOrders});

  CHECK(world.read() == std::vector<std::string>{framed(1, "a")});
  CHECK(world.next == 4);
  CHECK_FALSE(world.ended);
  CHECK(world.gate->is_held(kOrders));
  CHECK(world.wanted == std::set<std::string>{schema_key(2)});

  world.book->put(schema_key(2), known());
  CHECK(world.read() == std::vector<std::string>{framed(2, "b"), framed(1, "c")});
  CHECK(world.next == 10);
  CHECK(world.ended);
  CHECK_FALSE(world.gate->is_held(kOrders));
}

TEST_CASE("what is cut off at the gate leaves no block that holds more than the records") {
  World world({}, kThree);
  world.book->put(schema_key(1), known());
  world.log->give({kOrders});
  world.gate->poll(Duration{}, 1'000, world.events);
  REQUIRE(world.events.fetched.size() == 1);
  const Messages& messages = world.events.fetched[0].messages;
  REQUIRE(messages.items.size() == 1);
  CHECK(messages.envelopes.size() == 1);
  CHECK(messages.block.empty());
  CHECK(messages.block.data() == messages.items[0].bytes.data());  // by which the log knows its records
  CHECK(messages.stretch.empty());
}

TEST_CASE("a schema that is refused opens the gate as well") {
  World world({}, kThree);
  world.log->give({kOrders});
  CHECK(world.read().empty());
  CHECK(world.wanted == std::set<std::string>{schema_key(1), schema_key(2)});
  world.book->put(schema_key(1), {.text = nullptr, .refusal = "the registry knows no schema with the id 1"});
  world.book->put(schema_key(2), {.text = nullptr, .refusal = "the registry knows no schema with the id 2"});
  CHECK(world.read().size() == 3);
}

TEST_CASE("a partition that waits holds up no other one") {
  World world({}, kThree);
  world.log->records[kMore] = {{.offset = 0, .value = R"({"a":1})", .key = {}, .headers = {}},
                               {.offset = 1, .value = R"({"a":2})", .key = {}, .headers = {}}};
  world.log->give({kOrders, kMore});
  CHECK(world.read(kMore).size() == 2);
  CHECK(world.ended);
  CHECK(world.gate->is_held(kOrders));
  CHECK_FALSE(world.gate->is_held(kMore));
  // The book is looked into soon, whatever the caller would wait.
  world.gate->poll(std::chrono::hours(1), 10, world.events);
  CHECK(world.log->waited <= std::chrono::milliseconds(50));
}

TEST_CASE("readiness says who waits for what and why, but not at once") {
  World world({}, kThree);
  world.log->give({kOrders});
  CHECK(world.read().empty());
  REQUIRE(world.gate->readiness().size() == 1);
  CHECK(world.gate->readiness()[0].ok);
  world.now += std::chrono::seconds(5);
  world.fault = "no registry answers at http://127.0.0.1:8081";
  const Readiness said = world.gate->readiness()[0];
  CHECK(said.name == "registry");
  CHECK_FALSE(said.ok);
  CHECK(said.reason == "orders[0] waits for the schema id 1: no registry answers at http://127.0.0.1:8081");
}

TEST_CASE("a pause of the reader outlives the wait for a schema") {
  World world({}, kThree);
  world.log->give({kOrders});
  CHECK(world.read().empty());
  world.gate->pause(kOrders);
  world.book->put(schema_key(1), known());
  world.book->put(schema_key(2), known());
  CHECK(world.read().empty());
  CHECK_FALSE(world.gate->is_held(kOrders));
  world.gate->resume(kOrders);
  CHECK(world.read().size() == 3);

  SECTION("and a resume of the reader does not open the gate") {
    World other({}, kThree);
    other.log->give({kOrders});
    CHECK(other.read().empty());
    other.gate->pause(kOrders);
    other.gate->resume(kOrders);
    CHECK(other.read().empty());
    CHECK(other.log->reading.at(kOrders).paused);
  }
}

TEST_CASE("a reader that moves elsewhere does not wait for what it left behind") {
  World world({}, kThree);
  world.book->put(schema_key(1), known());
  world.log->give({kOrders});
  CHECK(world.read().size() == 1);
  REQUIRE(world.gate->seek(kOrders, 9));
  CHECK_FALSE(world.gate->is_held(kOrders));
  CHECK(world.read() == std::vector<std::string>{framed(1, "c")});
}

TEST_CASE("a partition that is taken away while it waits begins anew when it comes back") {
  World world({}, kThree);
  world.log->give({kOrders});
  CHECK(world.read().empty());
  world.log->to_take = {kOrders};
  CHECK(world.read().empty());
  CHECK(world.reader.gone == std::vector<Partition>{kOrders});
  CHECK_FALSE(world.gate->is_held(kOrders));
  world.book->put(schema_key(1), known());
  world.book->put(schema_key(2), known());
  world.log->to_give = {kOrders};
  CHECK(world.read().size() == 3);
}

TEST_CASE("closing while a partition waits gives it up as it stands") {
  World world({}, kThree);
  world.book->put(schema_key(1), known());
  world.log->give({kOrders});
  CHECK(world.read().size() == 1);
  world.gate->close();
  CHECK(world.reader.gone == std::vector<Partition>{kOrders});
  CHECK(world.next == 4);
  CHECK(world.gate->held() == 0);
}

TEST_CASE("with a patience, records pass without their schema when it is over, and only then") {
  World world({.form = {.give_up = true}, .steady = {}}, kThree);
  world.log->give({kOrders});
  CHECK(world.read().empty());
  world.now += std::chrono::seconds(29);
  CHECK(world.read().empty());
  world.now += std::chrono::seconds(1);
  // The patience is spent for both schemas: the second one is not waited for again.
  CHECK(world.read().size() == 3);

  SECTION("an answer brings the patience back") {
    world.book->put(schema_key(1), known());
    world.book->put(schema_key(2), known());
    world.read();
    world.log->records[kOrders].push_back({.offset = 10, .value = framed(3, "d"), .key = {}, .headers = {}});
    world.now += std::chrono::seconds(1);
    CHECK(world.read().empty());
    CHECK(world.gate->is_held(kOrders));
  }
  SECTION("what comes during the same outage passes at once, and is asked for") {
    world.log->records[kOrders].push_back({.offset = 10, .value = framed(3, "d"), .key = {}, .headers = {}});
    CHECK(world.read().size() == 1);
    CHECK(world.wanted.contains(schema_key(3)));
  }
}

TEST_CASE("a patience that is over is over for records that come some polls later, as those of a broker do") {
  World world({.form = {.give_up = true}, .steady = {}}, kThree);
  world.log->resume_takes = 3;
  world.log->give({kOrders});
  CHECK(world.read().empty());
  world.now += std::chrono::seconds(30);
  CHECK(world.read().size() == 3);
  CHECK_FALSE(world.gate->is_held(kOrders));
}

TEST_CASE("without a patience a registry that is away is waited for as long as it takes") {
  World world({}, kThree);
  world.log->give({kOrders});
  for (int hour = 0; hour < 48; ++hour) {
    world.now += std::chrono::hours(1);
    CHECK(world.read().empty());
  }
}

TEST_CASE("schemas of keys are waited for where a rule reads keys") {
  const std::vector<StoredRecord> records = {
      {.offset = 0, .value = "{}", .key = framed(5, "k"), .headers = {}},
      {.offset = 1, .value = "{}", .key = "k", .headers = {{"__key_schema_id", framed(6, "")}}}};
  World blind({}, records);
  blind.log->give({kOrders});
  CHECK(blind.read().size() == 2);
  CHECK(blind.wanted.empty());

  World world({.form = {.keys = true}, .steady = {}}, records);
  world.log->give({kOrders});
  CHECK(world.read().empty());
  world.book->put(schema_key(5), known());
  CHECK(world.read().size() == 1);
  CHECK(world.wanted.contains(schema_key(6)));
}

TEST_CASE("ids in headers are found, and text and tombstones name none") {
  World world({}, {{.offset = 0, .value = "", .key = {}, .headers = {}},
                   {.offset = 1, .value = R"({"a":1})", .key = {}, .headers = {}},
                   {.offset = 2, .value = std::string("\0\0", 2), .key = {}, .headers = {}},
                   {.offset = 3, .value = "x", .key = {}, .headers = {{"__value_schema_id", framed(7, "")}}}});
  world.log->give({kOrders});
  CHECK(world.read().size() == 3);
  CHECK(world.wanted == std::set<std::string>{schema_key(7)});
}

TEST_CASE("a topic that goes from one schema to another is told once, and going back and forth is not") {
  World world({}, {{.offset = 0, .value = framed(1, "a"), .key = {}, .headers = {}},
                   {.offset = 1, .value = framed(2, "b"), .key = {}, .headers = {}},
                   {.offset = 2, .value = framed(1, "a"), .key = {}, .headers = {}},
                   {.offset = 3, .value = framed(2, "b"), .key = {}, .headers = {}}});
  world.book->put(schema_key(1), known(R"({"title": "Order", "properties": {"id": {"type": "integer"}}})"));
  world.book->put(schema_key(2), known(R"({"title": "Order", "properties": {"id": {"type": "string"}}})"));
  world.log->give({kOrders});
  CHECK(world.read().size() == 4);
  CHECK(world.seen == 2);
  REQUIRE(world.changes.size() == 1);
  const SchemaChange& change = world.changes[0];
  CHECK(change.from_key == schema_key(1));
  CHECK(change.to_key == schema_key(2));
  CHECK(change.offset == 1);
  CHECK(change.difference.differences == std::vector<std::string>{"`id`: integer -> string"});
  CHECK(change.difference.compatibility == Compatibility::None);
}
