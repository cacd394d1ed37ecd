// SPDX-License-Identifier: Apache-2.0
// Records that were put aside, read back from what somebody else wrote: whole, cut, newer, or none at all.
#include "quarantine/quarantined.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "quarantine/json_parts.h"

namespace weir {

namespace {

using Form = QuarantinedRecord::Form;
using Texts = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// A message of a quarantine topic, owned.
struct Aside {
  std::string value = R"({"amount":9})";
  std::optional<std::string> key = "k1";
  Texts headers = {
      {"trace", "t-1"},
      {"none", std::nullopt},
      {"__weir.v", "1"},
      {"__weir.id", "my-orders-3-17"},
      {"__weir.topic", "my-orders"},
      {"__weir.partition", "3"},
      {"__weir.offset", "17"},
      {"__weir.timestamp", "1767319200007"},
      {"__weir.timestamp_type", "CreateTime"},
      {"__weir.pipeline", "shop"},
      {"__weir.ruleset", "ab12"},
      {"__weir.instance", "i-1"},
      {"__weir.at", "2026-01-02T03:00:00Z"},
      {"__weir.stage", "record"},
      {"__weir.violations", R"([{"rule":"amount.max","severity":"error","code":"max","path":"amount","value":"9",)"
                            R"("message":"9 is above 8"},{"truncated":true,"more":4}])"},
      {"__weir.replay_count", "2"}};
  bool tombstone = false;

  Aside& set(const std::string& name, std::optional<std::string> content) {
    for (auto& header : headers) {
      if (header.first != name) continue;
      header.second = std::move(content);
      return *this;
    }
    headers.emplace_back(name, std::move(content));
    return *this;
  }
  Aside& without(const std::string& name) {
    std::erase_if(headers, [&name](const auto& header) { return header.first == name; });
    return *this;
  }
  [[nodiscard]] Result<QuarantinedRecord> read() const {
    Envelope envelope;
    envelope.topic = "my-orders.quarantine";
    envelope.partition = 1;
    envelope.timestamp = Instant(std::chrono::sys_days(std::chrono::January / 5 / 2026));
    envelope.timestamp_type = TimestampType::Create;
    envelope.tombstone = tombstone;
    envelope.has_key = key.has_value();
    if (key) envelope.key = *key;
    for (const auto& [name, content] : headers) {
      envelope.headers.emplace_back(name, content ? std::string_view(*content) : std::string_view());
    }
    return read_quarantined({.bytes = value, .offset = 99}, envelope);
  }
};

QuarantinedRecord whole(const Result<QuarantinedRecord>& read) {
  INFO((read ? "" : read.error().message));
  REQUIRE(read.ok());
  return *read;
}

constexpr std::string_view kRunLine =
    R"({"v":1,"id":"orders-3-17","topic":"orders","partition":3,"offset":17,"timestamp":1767319200007,)"
    R"("timestamp_type":"CreateTime","pipeline":"shop","ruleset":"ab12","instance":"i-1","at":"2026-01-02T03:00:00Z",)"
    R"("stage":"record","violations":[{"rule":"amount.max","severity":"error","code":"max","path":"amount","value":"9",)"
    R"("message":"9 is above 8"}],"replay_count":0,"record_key":"k1",)"
    R"("record_headers":[{"name":"trace","value":"t-1"},{"name":"n","value":null},{"name":"b","value_base64":"/w=="}],)"
    R"("record":{"amount":  9.50, "text":"a \"}] b"}})";

}  // namespace

TEST_CASE("Every fact of a quarantine message is read back") {
  const QuarantinedRecord record = whole(Aside().read());
  CHECK(record.id == "my-orders-3-17");
  CHECK(record.origin == Partition{.topic = "my-orders", .number = 3});
  CHECK(record.offset == 17);
  REQUIRE(record.timestamp.has_value());
  CHECK(record.timestamp->time_since_epoch() == std::chrono::milliseconds(1767319200007));
  CHECK(record.timestamp_type == TimestampType::Create);
  CHECK(record.pipeline == "shop");
  CHECK(record.instance == "i-1");
  CHECK(record.ruleset == "ab12");
  CHECK(record.at == Instant(std::chrono::sys_days(std::chrono::January / 2 / 2026) + std::chrono::hours(3)));
  CHECK(record.stage == "record");
  REQUIRE(record.violations.size() == 1);
  CHECK(record.violations[0].rule == "amount.max");
  CHECK(record.violations[0].severity == "error");
  CHECK(record.violations[0].code == "max");
  CHECK(record.violations[0].path == "amount");
  CHECK(record.violations[0].value == "9");
  CHECK(record.violations[0].message == "9 is above 8");
  CHECK(record.more_violations == 4);
  CHECK(record.replay_count == 2);
  CHECK(record.key == "k1");
  CHECK(record.value == R"({"amount":9})");
  CHECK(record.headers == Texts{{"trace", "t-1"}, {"none", std::nullopt}});
  CHECK(record.value_form == Form::Original);
  CHECK(record.missing.empty());
  CHECK(record.lies_in == Partition{.topic = "my-orders.quarantine", .number = 1});
  CHECK(record.lies_at == 99);
}

TEST_CASE("A record that nobody put aside is told from one that lost some of its headers") {
  Aside plain;
  plain.headers = {{"trace", "t"}, {"__weir.tags", "[\"a\"]"}, {"__weir.replay_count", "1"}};
  REQUIRE_FALSE(plain.read());
  CHECK(plain.read().error().code == "not_quarantined");

  const QuarantinedRecord cut = whole(Aside().without("__weir.v").without("__weir.id").without("__weir.at").read());
  CHECK(cut.missing == std::vector<std::string>{"__weir.v", "__weir.id", "__weir.at"});
  CHECK(cut.id == "my-orders-3-17");  // it follows from the others
  CHECK(cut.at == Instant(std::chrono::sys_days(std::chrono::January / 5 / 2026)));

  const QuarantinedRecord placed = whole(Aside().without("__weir.topic").without("__weir.offset").read());
  CHECK(placed.missing == std::vector<std::string>{"__weir.topic", "__weir.offset"});
  CHECK(placed.origin == Partition{.topic = "my-orders", .number = 3});
  CHECK(placed.offset == 17);
}

TEST_CASE("A form that a newer weir wrote is refused in words") {
  const Result<QuarantinedRecord> read = Aside().set("__weir.v", "2").read();
  REQUIRE_FALSE(read);
  CHECK(read.error().code == "newer");
  CHECK(read.error().message == "written by a newer weir (form 2); this one reads up to 1");
  const Result<QuarantinedRecord> line = read_quarantined_line(R"({"v":7,"something":"else"})");
  REQUIRE_FALSE(line);
  CHECK(line.error().code == "newer");
}

TEST_CASE("What cannot be read is named, and the rest is taken") {
  const QuarantinedRecord record = whole(Aside()
                                             .set("__weir.partition", "three")
                                             .set("__weir.replay_count", "99999999999999999999")
                                             .set("__weir.at", "yesterday")
                                             .set("__weir.timestamp", std::nullopt)
                                             .set("__weir.v", "one")
                                             .read());
  CHECK(record.missing == std::vector<std::string>{"__weir.v", "__weir.partition", "__weir.at", "__weir.replay_count",
                                                   "__weir.timestamp"});
  CHECK(record.violations.size() == 1);

  // A proxy cut the header within its second violation.
  const QuarantinedRecord cut = whole(
      Aside()
          .set("__weir.violations", R"([{"rule":"a.max","severity":"warn","message":"m, \"}] n"},{"rule":"b.max","sev)")
          .read());
  REQUIRE(cut.violations.size() == 1);
  CHECK(cut.violations[0].message == "m, \"}] n");
  CHECK(cut.missing == std::vector<std::string>{"__weir.violations"});
}

TEST_CASE("What stands in place of the value or the key is said") {
  CHECK(whole(Aside().set("__weir.value", "redacted").read()).value_form == Form::Redacted);
  const QuarantinedRecord withheld =
      whole(Aside().set("__weir.value", "withheld").set("__weir.key", "withheld").read());
  CHECK(withheld.value_form == Form::Withheld);
  CHECK(withheld.key_form == Form::Withheld);
  CHECK_FALSE(withheld.value.has_value());
  CHECK_FALSE(withheld.key.has_value());
  Aside stub;
  stub.tombstone = true;
  CHECK(whole(stub.set("__weir.stub", "too_large").read()).value_form == Form::Stub);
  CHECK(whole(stub.read()).key == "k1");
  Aside null;
  null.tombstone = true;
  null.key.reset();
  CHECK(whole(null.read()).value_form == Form::Original);
  CHECK_FALSE(whole(null.read()).value.has_value());
  CHECK_FALSE(whole(null.read()).key.has_value());
}

TEST_CASE("A mark says which record was sent back, when and where to") {
  Aside mark;
  mark.tombstone = true;
  mark.key = "my-orders-3-17";
  mark.headers = {{"__weir.v", "1"},
                  {"__weir.id", "my-orders-3-17"},
                  {"__weir.stage", "replayed"},
                  {"__weir.at", "2026-01-03T00:00:00Z"},
                  {"__weir.into", "my-orders"}};
  const QuarantinedRecord record = whole(mark.read());
  CHECK(record.stage == "replayed");
  CHECK(record.id == "my-orders-3-17");
  CHECK(record.into == "my-orders");
  CHECK(record.at.has_value());
  CHECK(record.missing.empty());
  CHECK(whole(mark.without("__weir.into").read()).missing == std::vector<std::string>{"__weir.into"});
}

TEST_CASE("What weir adds for other tools is no header of the record, what it brought along is") {
  const auto connect = [](Aside& aside, const std::string& class_name) {
    for (const char* name : {"topic", "partition", "offset", "connector.name", "task.id", "stage"})
      aside.headers.emplace_back("__connect.errors." + std::string(name), "x");
    aside.headers.emplace_back("__connect.errors.class.name", class_name);
    aside.headers.emplace_back("__connect.errors.exception.class.name", class_name);
    aside.headers.emplace_back("__connect.errors.exception.message", "m");
  };
  Aside ours;
  connect(ours, "weir");
  for (const char* name : {"name", "mode", "subject", "topic", "exception"})
    ours.headers.emplace_back("__rule." + std::string(name), "x");
  CHECK(whole(ours.read()).headers.size() == 2);
  Aside brought;
  brought.headers.clear();
  connect(brought, "weir");  // before our own headers: it came with the record
  const Texts rest = Aside().headers;
  brought.headers.insert(brought.headers.end(), rest.begin(), rest.end());
  CHECK(whole(brought.read()).headers.size() == 11);
}

TEST_CASE("Every fact of a line of weir run is read back, the record byte for byte") {
  const QuarantinedRecord record = whole(read_quarantined_line(kRunLine));
  CHECK(record.id == "orders-3-17");
  CHECK(record.origin == Partition{.topic = "orders", .number = 3});
  CHECK(record.offset == 17);
  CHECK(record.value == R"({"amount":  9.50, "text":"a \"}] b"})");
  CHECK(record.key == "k1");
  CHECK(record.headers == Texts{{"trace", "t-1"}, {"n", std::nullopt}, {"b", "\xFF"}});
  CHECK(record.violations.size() == 1);
  CHECK(record.at.has_value());
  CHECK(record.missing.empty());

  std::string bytes(kRunLine);
  bytes.replace(bytes.find(R"("record":{)"), std::string::npos, R"("base64":"/w=="})");
  CHECK(whole(read_quarantined_line(bytes)).value == "\xFF");

  const std::string cut(kRunLine.substr(0, kRunLine.size() - 20));
  const QuarantinedRecord torn = whole(read_quarantined_line(cut));
  CHECK(torn.violations.size() == 1);
  CHECK(torn.missing == std::vector<std::string>{"the end of the line", "record"});
}

TEST_CASE("A line of weir check says where in its file the record was") {
  const auto line = [](const std::string& rest, const std::string& input = "orders.ndjson") {
    return whole(read_quarantined_line(R"({"line":17,"offset":4210,"input":")" + input +
                                       R"(","stage":"record","violations":[{"rule":"amount.max","message":"m"}],)" +
                                       rest + "}"));
  };
  const QuarantinedRecord record = line(R"("record":{"amount":100001})");
  CHECK(record.id == "orders.ndjson:17");
  CHECK(record.file == "orders.ndjson");
  CHECK(record.line == 17);
  CHECK(record.offset == 4210);
  CHECK(record.origin.topic.empty());
  CHECK(record.value == R"({"amount":100001})");
  CHECK(record.value_form == Form::Original);
  CHECK(record.violations.at(0).rule == "amount.max");
  CHECK(record.missing.empty());
  CHECK(line(R"("record":{"a":"1"})", "orders.csv.gz").value_form == Form::Rendered);
  CHECK(line(R"("record":{"a":"1"},"value":"redacted")").value_form == Form::Redacted);
  CHECK(line(R"("record":{"a":"1"},"record_base64":"/w==")", "orders.avro").value == "\xFF");
  CHECK(line(R"("record":{"a":"1"},"record_base64":"/w==")", "orders.avro").value_form == Form::Original);
  CHECK(line(R"("redacted":true)").value_form == Form::Withheld);
  CHECK(line(R"("bytes":"{torn","truncated":true)").missing == std::vector<std::string>{"the end of the record"});
}

TEST_CASE("A line that is something else is no quarantined record") {
  for (const char* line : {"", "   ", "null", "[1,2]", "{}", R"({"amount":9})", R"({"stage":"x","violations":[]})",
                           R"({"line":3,"input":"a"})", "{\"v\":", "\x1b]0;x\x07"}) {
    INFO(line);
    const Result<QuarantinedRecord> read = read_quarantined_line(line);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "not_quarantined");
  }
}

TEST_CASE("Bytes changed at random are read or refused, never worse") {
  std::mt19937 random(20260102);
  const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const auto mutate = [&](std::string text) {
    for (std::size_t i = below(6) + 1; i > 0 && !text.empty(); --i) {
      switch (below(4)) {
        case 0: text[below(text.size())] = static_cast<char>(below(256)); break;
        case 1: text.resize(below(text.size())); break;
        case 2: text.insert(below(text.size()), 1, "\"{}[]:,\\0"[below(9)]); break;
        case 3: text.erase(below(text.size()), below(20)); break;
      }
    }
    return text;
  };
  std::size_t read = 0;
  for (int round = 0; round < 4000; ++round) {
    read += read_quarantined_line(mutate(std::string(kRunLine))).ok() ? 1 : 0;
    Aside aside;
    auto& header = aside.headers[below(aside.headers.size())];
    if (header.second) header.second = mutate(*header.second);
    if (below(4) == 0) aside.headers.erase(aside.headers.begin() + static_cast<std::ptrdiff_t>(below(10)));
    const Result<QuarantinedRecord> message = aside.read();
    read += message.ok() ? 1 : 0;
    CHECK((message.ok() || message.error().code == "newer"));
  }
  CHECK(read > 4000);
}

TEST_CASE("Deep nesting and endless texts are passed over in one go") {
  const std::string deep = R"({"v":1,"stage":"record","record":)" + std::string(1'000'000, '[') + "}";
  CHECK(whole(read_quarantined_line(deep)).missing.size() > 2);
  const std::string open = R"({"v":1,"stage":"record","id":")" + std::string(1'000'000, '\\');
  CHECK(whole(read_quarantined_line(open)).missing.size() > 2);
}

TEST_CASE("A filter takes by rule, id, stage and time") {
  const QuarantinedRecord record = whole(Aside().read());
  const Instant at = *record.at;
  CHECK(QuarantineFilter{}.takes(record));
  CHECK(QuarantineFilter{.rules = {"other", "amount.*"}}.takes(record));
  CHECK_FALSE(QuarantineFilter{.rules = {"amount"}}.takes(record));
  CHECK(QuarantineFilter{.ids = {"my-orders-3-17"}}.takes(record));
  CHECK_FALSE(QuarantineFilter{.ids = {"my-orders-3-1"}}.takes(record));
  CHECK(QuarantineFilter{.stages = {"late", "record"}}.takes(record));
  CHECK_FALSE(QuarantineFilter{.stages = {"late"}}.takes(record));
  CHECK(QuarantineFilter{.from = at}.takes(record));
  CHECK_FALSE(QuarantineFilter{.to = at}.takes(record));
  CHECK_FALSE(QuarantineFilter{.from = at + Duration(1)}.takes(record));
  QuarantinedRecord timeless = record;
  timeless.at.reset();
  CHECK_FALSE(QuarantineFilter{.to = at}.takes(timeless));
  CHECK(QuarantineFilter{}.takes(timeless));
}

TEST_CASE("The parts of a JSON text are its own bytes") {
  JsonParts parts(R"( { "a" : [1, {"b":"]}"}] ,"c\n":"x\"y", "d":1.50e3 } )", '{');
  CHECK(parts.next()->value == R"([1, {"b":"]}"}])");
  CHECK(parts.next()->name == R"(c\n)");
  CHECK(parts.next()->value == "1.50e3");
  CHECK_FALSE(parts.next().has_value());
  CHECK(parts.is_whole());
  JsonParts empty("[]", '[');
  CHECK_FALSE(empty.next().has_value());
  CHECK(empty.is_whole());
  JsonParts behind("{} x", '{');
  CHECK_FALSE(behind.next().has_value());
  CHECK_FALSE(behind.is_whole());
}

TEST_CASE("A fact that is said a thousand times is named once where it is missing") {
  std::string line = R"({"v":1,"id":"orders-3-17","stage":"record")";
  for (int i = 0; i < 1'000; ++i) line += R"(,"headers":"redacted")";
  const Result<QuarantinedRecord> read = read_quarantined_line(line + R"(,"record":{}})");
  REQUIRE(read.ok());
  CHECK(std::count(read->missing.begin(), read->missing.end(), "headers as they were") == 1);
}

}  // namespace weir
