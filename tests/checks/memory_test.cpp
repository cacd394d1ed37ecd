// SPDX-License-Identifier: Apache-2.0
// What ordered checks remember, as bytes and back: nothing is judged differently after it, and no bytes do harm.
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "checks/registry.h"
#include "summary/codec.h"
#include "testing/checks_judge.h"
#include "weir/shared_bound.h"

namespace weir::testing {
namespace {

struct Case {
  std::string name;
  const CheckSpec& spec;
  Written written;
  std::size_t columns = 1;
};

std::vector<Case> cases() {
  return {
      {"unique", kUniqueCheck, Written().flag("value").fields({"f"})},
      {"unique, few keys", kUniqueCheck, Written().count("max_keys", 7).fields({"f"})},
      {"unique, one key", kUniqueCheck, Written().count("max_keys", 1).fields({"f"})},
      {"unique within", kUniqueCheck, Written().duration("within", "20m").fields({"f"})},
      {"unique within, few keys", kUniqueCheck, Written().duration("within", "20m").count("max_keys", 7).fields({"f"})},
      {"unique of two", kUniqueCheck, Written().scalars("fields", {"f", "k"}).count("max_keys", 30).fields({"f", "k"}),
       2},
      {"increasing", kIncreasingCheck, Written().flag("value").fields({"f"})},
      {"decreasing by key", kDecreasingCheck,
       Written().scalar("by", "k").flag("strict").count("max_keys", 3).fields({"f", "k"}), 2},
      {"sequence by key", kSequenceCheck, Written().scalar("by", "k").scalar("step", "0.5").fields({"f", "k"}), 2},
  };
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  std::string value() {
    switch (below(12)) {
      case 0: return "null";
      case 1: return "absent";
      case 2: return "true";
      case 3: return "\"" + std::string(below(40), 'x') + std::to_string(below(5)) + "\"";
      case 4: return "\"2026-01-0" + std::to_string(1 + below(9)) + "T00:00:00Z\"";
      case 5: return std::to_string(below(10)) + "." + std::to_string(below(10)) + "5";
      case 6: return below(2) == 0 ? "9223372036854775807" : "-9223372036854775808";
      case 7: return "[1,2]";
      default: return std::to_string(below(20));
    }
  }

  TableOfValues table(std::size_t columns) {
    const std::size_t rows = 1 + below(20);
    TableOfValues table;
    for (std::size_t c = 0; c < columns; ++c) {
      std::vector<std::string> values;
      for (std::size_t i = 0; i < rows; ++i) values.push_back(c == 0 ? value() : std::to_string(below(6)));
      table.column(c == 0 ? "f" : "k", values);
    }
    std::vector<std::string> now;
    for (std::size_t i = 0; i < rows; ++i) {
      minutes_ += below(8);
      const std::uint64_t back = std::min<std::uint64_t>(minutes_, below(10) == 0 ? below(40) : 0);
      now.push_back(format_timestamp(Instant(std::chrono::minutes(29'000'000 + minutes_ - back))));
    }
    return std::move(table.now(now));
  }

 private:
  std::mt19937_64 random_;
  std::uint64_t minutes_ = 0;
};

TEST_CASE("a memory that was written and read judges on as if nothing had been") {
  for (const Case& one : cases()) {
    INFO(one.name);
    const auto check = make(one.spec, one.written);
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      INFO("seed " << seed);
      Draw draw(seed);
      const auto memory = check->remember();
      auto other = check->remember();
      for (int batch = 0; batch < 20; ++batch) {
        if (draw.below(3) == 0) {
          const std::string written = other->write();
          other = check->remember();
          REQUIRE(other->read(written));
          REQUIRE(other->write() == written);
          REQUIRE(other->bytes() <= check->memory_bound());
        }
        const TableOfValues table = draw.table(one.columns);
        const std::string found = verdicts(one.spec, *check, table, memory.get());
        REQUIRE(verdicts(one.spec, *check, table, other.get()) == found);
        for (std::size_t i = 0; i < found.size(); ++i) {
          if (found[i] != 'F') continue;
          REQUIRE(check->explain(table.subject(other.get()), i).message ==
                  check->explain(table.subject(memory.get()), i).message);
        }
        REQUIRE(other->forgotten() == memory->forgotten());
        REQUIRE(other->write() == memory->write());
      }
    }
  }
}

TEST_CASE("a memory that remembers nothing is written and read as well") {
  for (const Case& one : cases()) {
    INFO(one.name);
    const auto check = make(one.spec, one.written);
    const auto memory = check->remember();
    CHECK(memory->write().size() < 8);
    CHECK(memory->read(memory->write()));
    CHECK_FALSE(memory->read(""));
  }
}

TEST_CASE("bytes that were cut or changed are refused, or judge like any others") {
  for (const Case& one : cases()) {
    INFO(one.name);
    const auto check = make(one.spec, one.written);
    Draw draw(11);
    const auto memory = check->remember();
    for (int batch = 0; batch < 4; ++batch) (void)verdicts(one.spec, *check, draw.table(one.columns), memory.get());
    const std::string written = memory->write();

    for (std::size_t size = 0; size < written.size(); ++size) {
      REQUIRE_FALSE(memory->read(std::string_view(written).substr(0, size)));
    }
    REQUIRE_FALSE(memory->read(written + '\0'));
    REQUIRE(memory->write() == written);
    int refused = 0;
    for (int i = 0; i < 1000; ++i) {
      std::string changed = written;
      for (std::uint64_t n = 1 + draw.below(3); n > 0; --n) {
        changed[draw.below(changed.size())] = static_cast<char>(draw.below(256));
      }
      const auto other = check->remember();
      if (!other->read(changed)) {
        ++refused;
        REQUIRE(other->write() == check->remember()->write());
        continue;
      }
      const TableOfValues table = draw.table(one.columns);
      const std::string found = verdicts(one.spec, *check, table, other.get());
      for (std::size_t e = 0; e < found.size(); ++e) {
        if (found[e] == 'F') (void)check->explain(table.subject(other.get()), e);
      }
    }
    CHECK(refused > 0);
  }
}

TEST_CASE("a memory refuses another version, another kind and more keys than it may have") {
  const auto plain = make(kUniqueCheck, Written().flag("value").fields({"f"}));
  const auto timed = make(kUniqueCheck, Written().duration("within", "1h").fields({"f"}));
  const auto small = make(kUniqueCheck, Written().count("max_keys", 2).fields({"f"}));
  const auto memory = plain->remember();
  CHECK(verdicts(kUniqueCheck, *plain, TableOfValues().column("f", {"1", "2", "3"}), memory.get()) == "...");
  std::string written = memory->write();
  CHECK_FALSE(timed->remember()->read(written));
  CHECK_FALSE(small->remember()->read(written));
  CHECK(plain->remember()->read(written));
  ++written[0];
  CHECK_FALSE(plain->remember()->read(written));
}

void share(Memory& memory, std::uint64_t among) {
  auto* const bound = dynamic_cast<SharedBound*>(&memory);
  REQUIRE(bound != nullptr);
  bound->share(among);
}

TEST_CASE(
    "memories that share a bound keep their part of it, the newest keys, whatever was written under another part") {
  const Written rules[] = {Written().count("max_keys", 8).fields({"f"}),
                           Written().duration("within", "100h").count("max_keys", 8).fields({"f"})};
  for (const Written& written : rules) {
    const auto check = make(kUniqueCheck, written);
    const auto judge = [&](Memory& memory, const std::vector<std::string>& values) {
      return verdicts(kUniqueCheck, *check, TableOfValues().column("f", values), &memory);
    };
    const auto memory = check->remember();
    CHECK(judge(*memory, {"1", "2", "3", "4", "5", "6", "7", "8"}) == "........");
    const std::string whole = memory->write();
    share(*memory, 4);
    CHECK(memory->forgotten() == 6);
    CHECK(memory->bytes() <= check->memory_bound());
    CHECK(judge(*memory, {"7", "8"}) == "FF");
    CHECK(judge(*memory, {"9", "1"}) == "..");
    CHECK(judge(*memory, {"1"}) == "F");

    const auto other = check->remember();
    share(*other, 4);
    REQUIRE(other->read(whole));
    CHECK(judge(*other, {"8", "7"}) == "FF");
    CHECK(judge(*other, {"1"}) == ".");
    share(*other, 1);
    CHECK(judge(*other, {"11", "12", "13", "14", "15", "1"}) == ".....F");
  }
}

// The bytes of a `unique` without `within`.
std::string keys_written(std::uint64_t count, const std::vector<std::pair<std::uint64_t, std::uint64_t>>& keys) {
  SummaryWriter out;
  out.u8(1);
  out.u8(0);
  out.varint(0);
  out.varint(count);
  for (const auto& [high, low] : keys) {
    out.u64(high);
    out.u64(low);
  }
  return std::move(out).bytes();
}

TEST_CASE("promised keys, doubled keys and keys that crowd cost nobody anything") {
  const auto check = make(kUniqueCheck, Written().count("max_keys", 1'000'000'000).fields({"f"}));
  CHECK(check->remember()->read(keys_written(2, {{1, 1}, {2, 2}})));
  CHECK_FALSE(check->remember()->read(keys_written(1'000'000'000, {{1, 1}, {2, 2}})));
  CHECK_FALSE(check->remember()->read(keys_written(~std::uint64_t{0}, {{1, 1}})));
  CHECK_FALSE(check->remember()->read(keys_written(2, {{1, 1}, {1, 1}})));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> crowd;
  for (std::uint64_t i = 0; i < 100'000; ++i) crowd.emplace_back(i, 0);
  CHECK_FALSE(check->remember()->read(keys_written(crowd.size(), crowd)));
}

TEST_CASE("a key takes sixteen bytes, and its time few more") {
  for (const bool timed : {false, true}) {
    Written written = Written().fields({"f"});
    if (timed) written.duration("within", "1h");
    const auto check = make(kUniqueCheck, written);
    const auto memory = check->remember();
    std::vector<std::string> values;
    std::vector<std::string> now;
    for (int i = 0; i < 5000; ++i) {
      values.push_back(std::to_string(i));
      now.push_back(format_timestamp(Instant(std::chrono::milliseconds(1'700'000'000'000 + i * 20))));
    }
    (void)verdicts(kUniqueCheck, *check, std::move(TableOfValues().column("f", values).now(now)), memory.get());
    CHECK(memory->write().size() <= 5000U * (timed ? 20 : 16) + 20);
    CHECK(memory->write().size() <= memory->bytes());
  }
}

}  // namespace
}  // namespace weir::testing
