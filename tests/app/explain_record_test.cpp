// SPDX-License-Identifier: Apache-2.0
// `weir explain` of a record: every rule's arithmetic, the windows that it lies in, and what becomes of it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <map>

#include "app/record_explanation_input.h"
#include "command_line.h"
#include "testing/input_files.h"

namespace weir {
namespace {

using Catch::Matchers::ContainsSubstring;
using testing::Ran;
using testing::run;

const std::string kRules = R"(weir: 1
source: {time: at}
redact: {paths: [email]}
fields:
  id: {required: true, unique: true}
  amount: {min: 0, max: 1000}
  email: {format: email}
  items[].qty: {min: 1}
records:
  - {id: sum, expr: 'amount * qty <= 5000 && qty > 3'}
  - {id: web, expr: 'amount > 5', when: 'channel == "web"'}
windows:
  - every: 1m
    segment: [country]
    rules:
      - {id: rate, must: row_count >= 8}
      - {id: cheap, must: mean(amount) < 100, when: 'amount < 50'}
)";

class Orders : public testing::Folder {
 public:
  Orders() {
    write("orders.yml", kRules);
    write(
        "orders.ndjson",
        R"({"id":7,"amount":1200,"qty":5,"country":"IT","email":"a@b.de","items":[{"qty":2},{"qty":0}],"at":"2026-01-01T10:00:30Z"})"
        "\n\n"
        R"({"id":8,"amount":20,"qty":4,"email":null,"channel":"web","at":"2026-01-01T10:01:00Z"})"
        "\n{\"\x1b[31mbroken\n");
  }
  [[nodiscard]] Ran explain(const std::string& place, std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"explain", path(place), "--rules", path("orders.yml")};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

TEST_CASE("a record is named by topic, partition and offset, by its id, or by file and line") {
  const auto slashes = parse_record_address("shop.orders-v2/3/17");
  REQUIRE(slashes);
  CHECK((slashes->topic == "shop.orders-v2" && slashes->partition == 3 && slashes->offset == 17));
  const auto id = parse_record_address("shop.orders-v2-3-17");
  REQUIRE(id);
  CHECK((id->topic == "shop.orders-v2" && id->partition == 3 && id->offset == 17));
  const auto file = parse_record_address("data/a-1-2.ndjson:17");
  REQUIRE(file);
  CHECK((file->topic.empty() && file->file == "data/a-1-2.ndjson" && file->line == 17));
  for (const char* const none : {"", "orders", "orders/3", "orders/3/x", "orders/-3/17", "/3/17", "orders.ndjson:0",
                                 "orders.ndjson:", "a b/3/17", "orders/3/99999999999999999999"})
    CHECK_FALSE(parse_record_address(none));
}

TEST_CASE("each rule says what it read, what it asked, and what came of it") {
  const Orders folder;
  const Ran ran = folder.explain("orders.ndjson:1");
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, ContainsSubstring("FAILS      amount.max  <= 1000") &&
                          ContainsSubstring("amount = 1200: 1200 is above 1000"));
  CHECK_THAT(ran.out, ContainsSubstring("holds      amount.min  >= 0"));
  CHECK_THAT(ran.out, ContainsSubstring("items[].qty = [2, 0]: 0 is below 1"));
  CHECK_THAT(ran.out, ContainsSubstring("amount (1200) * qty (5) <= 5000 is false: 6000 <= 5000") &&
                          ContainsSubstring("qty (5) > 3 is true"));
  CHECK_THAT(ran.out, ContainsSubstring("skipped    web") && ContainsSubstring("channel (absent) == \"web\""));
  CHECK_THAT(ran.out, ContainsSubstring("depends    id.unique"));
  CHECK_THAT(ran.out, ContainsSubstring("it goes to the quarantine"));
}

TEST_CASE("what is redacted is shown nowhere") {
  const Orders folder;
  for (const bool json : {false, true}) {
    const Ran ran =
        folder.explain("orders.ndjson:1", json ? std::vector<std::string>{"--json"} : std::vector<std::string>{});
    CHECK(ran.out.find("a@b.de") == std::string::npos);
    CHECK_THAT(ran.out, ContainsSubstring("***"));
  }
}

TEST_CASE("windows are named with what the record gives to them") {
  const Orders folder;
  const Ran ran = folder.explain("orders.ndjson:3");
  CHECK_THAT(ran.out, ContainsSubstring("window     rate  >= 8") && ContainsSubstring("10:01–10:02Z") &&
                          ContainsSubstring("country=absent") && ContainsSubstring("row_count: one record") &&
                          ContainsSubstring("mean(amount): amount = 20"));
  CHECK_THAT(ran.out, ContainsSubstring("it passes, if the rules hold that look at other records"));
  CHECK_THAT(folder.explain("orders.ndjson:1").out,
             ContainsSubstring("no window  cheap") && ContainsSubstring("amount (1200) < 50 is false"));
}

TEST_CASE("a record that cannot be read says why and where, and its bytes do nothing to the terminal") {
  const Orders folder;
  folder.write("orders.yml", "weir: 1\nfields:\n  id: {required: true}\n");
  const Ran ran = folder.explain("orders.ndjson:4");
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, ContainsSubstring("cannot be read: ") && ContainsSubstring("at byte"));
  CHECK_THAT(ran.out, ContainsSubstring("\\u001b"));
  CHECK(ran.out.find('\x1b') == std::string::npos);
}

TEST_CASE("a line without a record says where the nearest are") {
  const Orders folder;
  const Ran between = folder.explain("orders.ndjson:2");
  CHECK(between.exit == 3);
  CHECK_THAT(between.err, ContainsSubstring("the nearest lie on 1 and 3"));
  CHECK_THAT(folder.explain("orders.ndjson:99").err, ContainsSubstring("the last one lies on 4"));
  CHECK(folder.explain("none.ndjson:1").exit == 3);
  CHECK(run({"explain", folder.path("orders.ndjson") + ":1"}).exit == 2);
  CHECK_THAT(run({"explain", "orders/3/17", "--rules", folder.path("orders.yml")}).err, ContainsSubstring("--brokers"));
}

TEST_CASE("records of tables are found by their lines and shown by their fields") {
  const Orders folder;
  folder.write("orders.yml", "weir: 1\nfields:\n  amount: {max: 10}\n");
  folder.write("orders.csv", "id,amount\n1,5\n2,50\n");
  const Ran ran = folder.explain("orders.csv:3");
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, ContainsSubstring("2,50") && ContainsSubstring("50 is above 10"));
}

/// One partition with offsets 5, 6 and 9 (between them marks), ends at 11.
class SparseLog final : public RecordLog {
 public:
  Status start(Listener& listener) override {
    listener_ = &listener;
    return Done{};
  }
  void poll(Duration /*wait*/, std::size_t /*most*/, Events& out) override {
    out = {};
    if (position_ < 0) position_ = listener_->assigned(std::vector<Partition>{{.topic = "orders", .number = 0}})[0];
    Fetched fetched{.partition = {.topic = "orders", .number = 0}, .messages = {}, .next_offset = 11};
    for (const std::uint64_t offset : {5U, 6U, 9U}) {
      if (offset < static_cast<std::uint64_t>(position_)) continue;
      fetched.messages.items.push_back({.bytes = "{}", .line = 0, .offset = offset, .whole = true});
      fetched.messages.envelopes.push_back({.topic = "orders", .key = "short", .headers = {{"h", "v"}}});
    }
    if (fetched.messages.items.empty()) {
      out.ended.push_back(fetched.partition);
    } else {
      out.fetched.push_back(std::move(fetched));
    }
  }
  Envelope envelope_of(const Fetched& fetched, std::size_t item) override { return fetched.messages.envelopes[item]; }
  void pause(const Partition& /*partition*/) override {}
  void resume(const Partition& /*partition*/) override {}
  Status seek(const Partition& /*partition*/, std::int64_t /*offset*/) override { return Done{}; }
  Result<Bounds> bounds(const Partition& /*partition*/) override { return Bounds{.first = 5, .end = 11}; }
  Result<std::int64_t> offset_at(const Partition& /*partition*/, Instant /*time*/) override { return 5; }
  Result<std::vector<Position>> committed(std::span<const Partition> /*partitions*/) override {
    return std::vector<Position>();
  }
  std::vector<Partition> known_partitions() override { return {}; }
  std::optional<std::int64_t> known_end(const Partition& /*partition*/) override { return 11; }
  Status commit(std::span<const Position> /*positions*/) override { return Error{.message = "nothing is committed"}; }
  void close() override {}

 private:
  Listener* listener_ = nullptr;
  std::int64_t position_ = -1;
};

Result<FoundRecord> find(std::int64_t offset, std::int32_t partition = 0) {
  SparseLog log;
  return find_in_log(log, {.topic = "orders", .partition = partition, .offset = offset}, std::chrono::seconds(1));
}

TEST_CASE("a record of a topic is found where it lies, and what is there instead is said") {
  const Result<FoundRecord> found = find(6);
  REQUIRE(found);
  CHECK(found->place == "orders/0/6");
  CHECK(found->messages.items[0].bytes == "{}");
  CHECK(found->messages.envelopes[0].key == "short");
  CHECK(found->messages.envelopes[0].headers[0].second == "v");
  CHECK_THAT(find(7).error().message, ContainsSubstring("mark of a transaction"));
  CHECK_THAT(find(10).error().message, ContainsSubstring("mark of a transaction"));
  CHECK_THAT(find(2).error().message, ContainsSubstring("no longer holds offset 2: it holds 5 to 10"));
  CHECK_THAT(find(11).error().message, ContainsSubstring("has no offset 11: it holds 5 to 10"));
  CHECK_THAT(find(5, 3).error().message, ContainsSubstring("has no partition 3, it has 1"));
}

}  // namespace
}  // namespace weir
