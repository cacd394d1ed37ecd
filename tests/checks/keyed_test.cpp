// SPDX-License-Identifier: Apache-2.0
// Checks that remember: over batches, for a time, up to a bound, and never wrong about a duplicate.
#include <catch2/catch_test_macros.hpp>
#include <list>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "checks/keys.h"
#include "checks/registry.h"
#include "testing/checks_judge.h"

namespace weir::testing {
namespace {

TEST_CASE("a key is remembered from batch to batch") {
  const auto check = make(kUniqueCheck, Written().flag("value").fields({"f"}));
  const auto memory = check->remember();
  CHECK(verdicts(kUniqueCheck, *check, TableOfValues().column("f", {"\"a\"", "\"b\"", "\"a\""}), memory.get()) ==
        "..F");
  CHECK(verdicts(kUniqueCheck, *check, TableOfValues().column("f", {"\"b\"", "\"c\"", "null", "null"}), memory.get()) ==
        "F.--");
  CHECK(memory->forgotten() == 0);
}

TEST_CASE("keys are typed and compared by value") {
  const auto check = make(kUniqueCheck, Written().flag("value").fields({"f"}));
  const auto memory = check->remember();
  const std::vector<std::string> values = {"1",
                                           "\"1\"",
                                           "true",
                                           "\"true\"",
                                           "1.0",
                                           "1e0",
                                           "[1]",
                                           "\"[1]\"",
                                           "0.5",
                                           "5e-1",
                                           "1e400",
                                           "10e399",
                                           "123456789012345678901234567890",
                                           "123456789012345678901234567890.0"};
  CHECK(verdicts(kUniqueCheck, *check, TableOfValues().column("f", values), memory.get()) == "....FF...F.F.F");
}

TEST_CASE("a key of several fields is one key, in their order") {
  const auto check = make(kUniqueCheck, Written().scalars("fields", {"a", "b"}).fields({"a", "b"}));
  const auto memory = check->remember();
  const TableOfValues table = std::move(TableOfValues()
                                            .column("a", {"1", "2", "1", "1", "\"1,2\"", "1"})
                                            .column("b", {"2", "1", "1", "2", "3", "absent"}));
  CHECK(verdicts(kUniqueCheck, *check, table, memory.get()) == "...F.-");
  CHECK(check->explain(table.subject(memory.get()), 3).message == "1, 2 was seen before");
}

TEST_CASE("a time to remember is counted from the last sighting") {
  const auto check = make(kUniqueCheck, Written().duration("within", "1h").fields({"f"}));
  const auto memory = check->remember();
  const TableOfValues table =
      std::move(TableOfValues()
                    .column("f", {"7", "7", "8", "7", "7", "8"})
                    .now({"2026-01-01T00:00:00Z", "2026-01-01T00:59:59Z", "2026-01-01T01:00:00Z",
                          "2026-01-01T01:30:00Z", "2026-01-01T02:30:00Z", "2026-01-01T02:00:00Z"}));
  CHECK(verdicts(kUniqueCheck, *check, table, memory.get()) == ".F.F..");
}

TEST_CASE("records that come out of order find the keys that are near in time") {
  const auto check = make(kUniqueCheck, Written().duration("within", "1h").fields({"f"}));
  const auto memory = check->remember();
  const TableOfValues table =
      std::move(TableOfValues()
                    .column("f", {"7", "7", "7"})
                    .now({"2026-01-01T05:00:00Z", "2026-01-01T04:30:00Z", "2026-01-01T05:59:00Z"}));
  CHECK(verdicts(kUniqueCheck, *check, table, memory.get()) == ".FF");
}

TEST_CASE("when the memory is full the oldest key goes, and that is counted") {
  const auto check = make(kUniqueCheck, Written().count("max_keys", 3).fields({"f"}));
  const auto memory = check->remember();
  CHECK(verdicts(kUniqueCheck, *check, TableOfValues().column("f", {"1", "2", "3", "1", "4", "1", "3", "4"}),
                 memory.get()) == "...F..FF");
  CHECK(memory->forgotten() == 2);
}

TEST_CASE("keys whose time is over make room before others are forgotten") {
  const auto check = make(kUniqueCheck, Written().duration("within", "1h").count("max_keys", 2).fields({"f"}));
  const auto memory = check->remember();
  const TableOfValues table =
      std::move(TableOfValues()
                    .column("f", {"1", "2", "3", "4", "3"})
                    .now({"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z",
                          "2026-01-01T02:00:00Z", "2026-01-01T02:00:01Z"}));
  CHECK(verdicts(kUniqueCheck, *check, table, memory.get()) == "....F");
  CHECK(memory->forgotten() == 0);
}

TEST_CASE("memory stays below its bound, whatever comes") {
  for (const bool timed : {false, true}) {
    Written written = Written().count("max_keys", 1000).fields({"f"});
    if (timed) written.duration("within", "1h");
    const auto check = make(kUniqueCheck, written);
    const auto memory = check->remember();
    for (int batch = 0; batch < 50; ++batch) {
      std::vector<std::string> values;
      for (int i = 0; i < 200; ++i)
        values.push_back("\"" + std::string(100, 'x') + std::to_string(batch * 200 + i) + "\"");
      CHECK(verdicts(kUniqueCheck, *check, TableOfValues().column("f", values), memory.get()) == std::string(200, '.'));
      CHECK(memory->bytes() <= check->memory_bound());
    }
    CHECK(memory->forgotten() == 9000);
  }
}

// A table of keys that anybody can see to be right.
class PlainTable {
 public:
  PlainTable(std::size_t most, bool renews) : most_(most), renews_(renews) {}
  bool known(std::uint64_t key) {
    for (auto at = keys_.begin(); at != keys_.end(); ++at) {
      if (*at != key) continue;
      if (renews_) keys_.splice(keys_.end(), keys_, at);
      return true;
    }
    if (keys_.size() == most_) keys_.pop_front();
    keys_.push_back(key);
    return false;
  }

 private:
  std::size_t most_;
  bool renews_;
  std::list<std::uint64_t> keys_;
};

TEST_CASE("the table of keys agrees with a plain list, also where hashes crowd") {
  std::mt19937_64 random(7);
  for (const auto age : {KeyTable::Age::FirstSeen, KeyTable::Age::LastSeen}) {
    for (const std::size_t most : {1U, 2U, 31U, 32U, 33U, 100U}) {
      KeyTable table(most, age);
      PlainTable plain(most, age == KeyTable::Age::LastSeen);
      for (int i = 0; i < 20000; ++i) {
        const std::uint64_t key = random() % (most * 2 + 1);
        // Few homes: long runs, many moves on deletion.
        const KeyTable::Place place = table.place_of({key, key % 5 * 13});
        REQUIRE(place.known == plain.known(key));
        REQUIRE(table.size() <= most);
      }
    }
  }
}

TEST_CASE("an order goes on over batches, and an outlier is not what follows are held against") {
  const auto check = make(kIncreasingCheck, Written().flag("value").fields({"f"}));
  const auto memory = check->remember();
  CHECK(verdicts(kIncreasingCheck, *check, TableOfValues().column("f", {"1", "2", "999"}), memory.get()) == "...");
  const TableOfValues next = std::move(TableOfValues().column("f", {"3", "4", "\"x\"", "5", "4.5"}));
  CHECK(verdicts(kIncreasingCheck, *check, next, memory.get()) == "F.F.F");
  CHECK(check->explain(next.subject(memory.get()), 0).message == "3 follows 999");
  CHECK(check->explain(next.subject(memory.get()), 2).message == "`x` is no timestamp");
  CHECK(check->explain(next.subject(memory.get()), 4).message == "4.5 follows 5");
}

TEST_CASE("orders compare beyond what a double holds") {
  const auto check = make(kIncreasingCheck, Written().flag("strict").fields({"f"}));
  const auto memory = check->remember();
  const std::vector<std::string> values = {"9007199254740992",
                                           "9007199254740993",
                                           "9007199254740993.0",
                                           "9223372036854775807",
                                           "-9223372036854775808",
                                           "0.000000000000000001",
                                           "123456789012345678901234567890"};
  CHECK(verdicts(kIncreasingCheck, *check, TableOfValues().column("f", values), memory.get()) == "..F.F.F");
}

TEST_CASE("a sequence says what was expected, for each key") {
  const auto check = make(kSequenceCheck, Written().scalar("by", "k").fields({"f", "k"}));
  const auto memory = check->remember();
  const TableOfValues table = std::move(TableOfValues()
                                            .column("f", {"1", "10", "2", "12", "13", "9223372036854775807", "5"})
                                            .column("k", {"1", "2", "1", "2", "2", "1", "null"}));
  CHECK(verdicts(kSequenceCheck, *check, table, memory.get()) == "...F.F-");
  CHECK(check->explain(table.subject(memory.get()), 3).message == "12 follows 10, 11 was expected for k 2");
  CHECK(verdicts(kSequenceCheck, *check, TableOfValues().column("f", {"-9223372036854775808"}).column("k", {"1"}),
                 memory.get()) == "F");
}

TEST_CASE("values that came before are redacted like the value itself") {
  const auto check = make(kSequenceCheck, Written().flag("value").fields({"f"}));
  const auto memory = check->remember();
  const TableOfValues table = std::move(TableOfValues().column("f", {"4711", "4713"}).redact());
  CHECK(verdicts(kSequenceCheck, *check, table, memory.get()) == ".F");
  CHECK(check->explain(table.subject(memory.get()), 1).message == "*** does not follow ***");
}

}  // namespace
}  // namespace weir::testing
