// SPDX-License-Identifier: Apache-2.0
// weir quarantine on files: what is listed, shown and counted, and what is said of files that hold something else.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "app/command_line.h"
#include "base/json_value.h"
#include "base/text.h"

namespace weir {
namespace {

using Catch::Matchers::ContainsSubstring;
using testing::Ran;
using testing::run;

class Quarantine {
 public:
  Quarantine() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-quarantine-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    path = name + "/q.ndjson";
  }
  ~Quarantine() { std::filesystem::remove_all(folder_); }
  Quarantine(const Quarantine&) = delete;
  Quarantine& operator=(const Quarantine&) = delete;

  Quarantine& add(const std::string& line) {
    std::ofstream(path, std::ios::app) << line << "\n";
    return *this;
  }
  Quarantine& record(int offset, const std::string& rule = "amount.max", const std::string& value = "9",
                     const std::string& at = "2026-01-02T03:00:00Z") {
    const std::string number = std::to_string(offset);
    return add(R"({"v":1,"id":"orders-0-)" + number + R"(","topic":"orders","partition":0,"offset":)" + number +
               R"(,"timestamp_type":"NoTimestampType","pipeline":"shop","ruleset":"ab","instance":"i","at":")" + at +
               R"(","stage":"record","violations":[{"rule":")" + rule +
               R"(","severity":"error","code":"max","path":"amount","value":")" + value +
               R"(","message":"too much"}],"replay_count":0,"record_key":null,"record_headers":[],"record":{"n":)" +
               number + "}}");
  }
  Quarantine& mark(int offset) {
    return add(
        R"({"v":1,"id":"orders-0-)" + std::to_string(offset) +
        R"(","stage":"replayed","at":"2026-01-03T00:00:00Z","into":"orders","record_key":"x","record_headers":[],"record":null})");
  }
  Ran weir(std::vector<std::string> words) const {
    words.insert(words.begin(), "quarantine");
    words.push_back(path);
    return run(words);
  }
  std::string path;

 private:
  std::string folder_;
};

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("The newest records are listed last, within the width of the terminal, and nothing in them moves it") {
  Quarantine quarantine;
  for (int i = 0; i < 30; ++i) {
    quarantine.record(i, "amount.max", "\\u001b]0;x\\u0007\\u001b[2J\\u202e" + std::string(200, 'v'),
                      "2026-01-02T03:00:" + std::to_string(59 - i) + "Z");
  }
  const Ran ran = quarantine.weir({"ls"});
  CHECK(ran.exit == 0);
  CHECK(ran.out.find('\x1b') == std::string::npos);
  CHECK(ran.out.find("\u202e") == std::string::npos);
  std::istringstream table(ran.out.substr(0, ran.out.find("\n\n")));
  std::vector<std::string> rows;
  for (std::string row; std::getline(table, row);) {
    CHECK(display_width(row) <= 80);
    rows.push_back(row);
  }
  REQUIRE(rows.size() == 21);
  CHECK_THAT(rows[20], ContainsSubstring("orders-0-0"));
  CHECK_THAT(rows[1], ContainsSubstring("orders-0-19"));
  CHECK_THAT(ran.out, ContainsSubstring("the newest 20 of 30 records, none sent back"));
  CHECK_THAT(ran.out, ContainsSubstring("weir quarantine show " + quarantine.path + " --id orders-0-0\n"));
  CHECK(lines(quarantine.weir({"ls", "--last", "3", "--json"}).out) == 3);
}

TEST_CASE("Filters take what is meant, and nothing is an answer") {
  Quarantine quarantine;
  quarantine.record(1).record(2, "currency.in").record(3, "currency.in", "9", "2026-01-05T00:00:00Z");
  CHECK(lines(quarantine.weir({"ls", "--json", "--rule", "currency.*"}).out) == 2);
  CHECK(lines(quarantine.weir({"ls", "--json", "--from", "2026-01-04T00:00:00Z"}).out) == 1);
  CHECK(lines(quarantine.weir({"ls", "--json", "--to", "2026-01-04T00:00:00Z"}).out) == 2);
  const Ran none = quarantine.weir({"ls", "--stage", "late"});
  CHECK(none.exit == 0);
  CHECK_THAT(none.out, ContainsSubstring("none of the 3 records"));
  CHECK(quarantine.weir({"ls", "--stage", "recrod"}).exit == 2);
  CHECK(quarantine.weir({"ls", "--from", "yesterday"}).exit == 2);
  CHECK(quarantine.weir({"show", "--id", "orders-0-9"}).exit == 2);
  CHECK(quarantine.weir({"ls", "--every", "1h"}).exit == 2);
}

TEST_CASE("One record is shown whole, with what became of it") {
  Quarantine quarantine;
  quarantine.record(1).record(2).mark(1);
  const Ran ran = quarantine.weir({"show", "--id", "orders-0-1"});
  CHECK(ran.exit == 0);
  for (const char* words : {"orders, partition 0, offset 1", "put aside   2026-01-02T03:00:00Z",
                            "sent back   2026-01-03T00:00:00Z into orders", "amount.max, max at amount", "too much",
                            "key         null", "7 bytes of JSON", "      \"n\": 1"}) {
    CHECK_THAT(ran.out, ContainsSubstring(words));
  }
  Quarantine odd;
  odd.add(
      R"({"v":1,"id":"orders-0-5","stage":"record","value":"withheld","violations":[],"record_headers":[],"record":null})");
  CHECK_THAT(odd.weir({"show"}).out,
             ContainsSubstring("weir explain orders/0/5 --rules RULES.yml --brokers HOST:PORT"));
  CHECK_THAT(odd.weir({"show"}).out, ContainsSubstring("__weir.at"));
  Quarantine binary;
  binary.add(R"({"v":1,"id":"o-0-5","stage":"decode","violations":[],"record_headers":[],"base64":"AAAAAAdhYmM="})");
  const Ran dump = binary.weir({"show"});
  CHECK_THAT(dump.out, ContainsSubstring("names the schema id 7"));
  CHECK_THAT(dump.out, ContainsSubstring("0000  00 00 00 00 07 61 62 63"));
}

TEST_CASE("Rules are counted with what was sent back, ids that lie there twice once") {
  Quarantine quarantine;
  quarantine.record(1)
      .record(2, "currency.in", "9", "2026-01-02T05:30:00Z")
      .record(1)
      .record(3)
      .mark(3)
      .mark(3)
      .mark(77);
  const Ran ran = quarantine.weir({"stats"});
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, ContainsSubstring("3 records, 1 of them sent back; 1 lies there twice and counts once"));
  CHECK_THAT(ran.out, ContainsSubstring("amount.max         2  66.7%     1"));
  const Result<JsonValue> json = parse_json(quarantine.weir({"stats", "--json"}).out);
  REQUIRE(json.ok());
  CHECK(json->find("records")->text == "3");
  CHECK(json->find("sent_back")->text == "1");
  CHECK(json->find("twice")->text == "1");
  CHECK(json->find("rules")->items.at(0).find("rule")->text == "amount.max");
  CHECK(json->find("rules")->items.at(0).find("records")->text == "2");
  const Ran hourly = quarantine.weir({"stats", "--every", "1h"});
  CHECK_THAT(hourly.out, ContainsSubstring("03:00"));
  CHECK_THAT(hourly.out, ContainsSubstring("04:00"));
  CHECK(quarantine.weir({"stats", "--every", "1s"}).exit == 2);
  CHECK(quarantine.weir({"stats", "--every", "often"}).exit == 2);
}

TEST_CASE("Lines are written as they lie there, once each, and count the same again") {
  Quarantine quarantine;
  quarantine.record(1).record(2).record(1).mark(2);
  Quarantine copy;
  { std::ofstream(copy.path) << quarantine.weir({"ls", "--json"}).out; }
  const std::string first = quarantine.weir({"stats"}).out;
  const std::string second = copy.weir({"stats"}).out;
  CHECK_THAT(second, ContainsSubstring("2 records, 1 of them sent back"));
  CHECK(first.substr(first.find("\n\n")) == second.substr(second.find("\n\n")));
}

TEST_CASE("What is no quarantine, a newer one or an empty one is said") {
  Quarantine other;
  other.add(R"({"amount":9})").add("text");
  CHECK(other.weir({"ls"}).exit == 3);
  CHECK_THAT(other.weir({"stats"}).err, ContainsSubstring("these are no quarantined records"));
  Quarantine newer;
  newer.record(1).add(R"({"v":2,"id":"x"})").add("{}");
  const Ran ran = newer.weir({"ls"});
  CHECK(ran.exit == 3);
  CHECK_THAT(ran.out, ContainsSubstring("1 was written by a newer weir (form 2); this one reads up to 1"));
  CHECK_THAT(ran.out, ContainsSubstring("q.ndjson line 3"));
  CHECK(ran.last_line() == "weir: ERROR exit=3 (2 of 3 could not be read)");
  Quarantine empty;
  std::ofstream(empty.path).close();
  CHECK(empty.weir({"ls"}).exit == 0);
  CHECK_THAT(empty.weir({"stats"}).out, ContainsSubstring("nothing was put aside"));
  CHECK(run(std::vector<std::string>{"quarantine", "ls"}).exit == 2);
  CHECK(run(std::vector<std::string>{"quarantine", "ls", "/does/not/exist"}).exit == 3);
}

TEST_CASE("A record with violations and headers without end is shown in so many lines, the rest is counted") {
  Quarantine quarantine;
  std::string violations;
  std::string headers;
  for (int i = 0; i < 5'000; ++i) {
    violations += std::string(i == 0 ? "" : ",") + R"({"rule":"r","severity":"error","code":"max"})";
    headers += std::string(i == 0 ? "" : ",") + R"({"name":"h","value":"x"})";
  }
  quarantine.add(
      R"({"v":1,"id":"orders-0-1","topic":"orders","partition":0,"offset":1,"stage":"record","violations":[)" +
      violations + R"(],"record_headers":[)" + headers + R"(],"record":{}})");
  const Ran ran = quarantine.weir({"show"});
  CHECK(lines(ran.out) < 300);
  CHECK_THAT(ran.out, ContainsSubstring("and 4,900 more (--json gives all of them)"));
}

TEST_CASE("The name of a file colours no terminal") {
  const Ran ran = run({"quarantine", "ls", "/tmp/\x1b[31mnone"});
  CHECK(ran.exit == 2);
  CHECK(ran.err.find('\x1b') == std::string::npos);
}

}  // namespace weir
