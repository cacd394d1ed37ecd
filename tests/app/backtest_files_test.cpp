// SPDX-License-Identifier: Apache-2.0
// `weir backtest` over files: the verdicts of a stream, and what differs between two sets of rules.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>

#include "base/json_value.h"
#include "command_line.h"
#include "testing/input_files.h"

namespace weir {
namespace {

using Catch::Matchers::ContainsSubstring;
using testing::Ran;
using testing::run;

class Orders : public testing::Folder {
 public:
  Orders() {
    write("old.yml", rules("1000", "DE, FR", "2"));
    write("new.yml", rules("500", "DE, FR, IT", "4"));
    write("orders.ndjson", orders());
  }
  [[nodiscard]] std::string read(const std::string& name) const { return testing::read_file(path(name)); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path("")), {}));
  }

  static std::string rules(const std::string& most, const std::string& countries, const std::string& least) {
    return "weir: 1\nsource: {time: at, out_of_order: 1s}\nfields:\n  id: {unique: true}\n  amount: {max: " + most +
           "}\n  country: {in: [" + countries +
           "]}\nwindows:\n  - every: 1m\n    lateness: 0s\n    rules:\n      - {id: rate, must: row_count >= " + least +
           "}\n";
  }

 private:
  /// A record every 20 seconds, one of them late, one said twice.
  static std::string orders() {
    std::string text;
    for (int i = 0; i < 60; ++i) {
      const int second = (i == 40 ? 5 : i) * 20;
      char line[160];
      std::snprintf(line, sizeof line,
                    R"({"id":%d,"amount":%d,"country":"%s","at":"2026-01-01T10:%02d:%02dZ"})"
                    "\n",
                    i == 30 ? 29 : i, i % 10 == 0 ? 700 + i * 10 : 10, i % 7 == 0 ? "IT" : "DE", second / 60,
                    second % 60);
      text += line;
    }
    return text;
  }
};

/// Without what is different each time.
std::string verdicts_of(const std::string& report) {
  std::string kept;
  for (std::size_t begin = 0; begin < report.size();) {
    const std::size_t end = std::min(report.find('\n', begin), report.size());
    const std::string line = report.substr(begin, end - begin);
    if (line.find("seconds") == std::string::npos && line.find("elapsed") == std::string::npos) kept += line + "\n";
    begin = end + 1;
  }
  return kept;
}

TEST_CASE("a backtest of files reports what check --as-stream reports") {
  const Orders folder;
  const Ran tested = run({"backtest", folder.path("orders.ndjson"), "--rules", folder.path("new.yml"), "--report",
                          "json=" + folder.path("backtest.json")});
  const Ran checked = run({"check", folder.path("orders.ndjson"), "--rules", folder.path("new.yml"), "--as-stream",
                           "--report", "json=" + folder.path("check.json")});
  CHECK(tested.exit == 1);
  CHECK(tested.last_line() == checked.last_line());
  CHECK(verdicts_of(folder.read("backtest.json")) == verdicts_of(folder.read("check.json")));
}

TEST_CASE("comparing changes nothing about the report") {
  const Orders folder;
  for (const std::string windows : {"failing", "all"}) {
    (void)run({"backtest", folder.path("orders.ndjson"), "--rules", folder.path("new.yml"), "--windows", windows,
               "--report", "json=" + folder.path("alone.json")});
    (void)run({"backtest", folder.path("orders.ndjson"), "--rules", folder.path("new.yml"), "--against",
               folder.path("old.yml"), "--windows", windows, "--report", "json=" + folder.path("both.json")});
    CHECK(verdicts_of(folder.read("both.json")) == verdicts_of(folder.read("alone.json")));
  }
}

TEST_CASE("what two sets of rules find is compared rule by rule, with a record of each difference") {
  const Orders folder;
  const Ran ran = run({"backtest", folder.path("orders.ndjson"), "--rules", folder.path("new.yml"), "--against",
                       folder.path("old.yml"), "--json"});
  CHECK(ran.exit == 1);
  CHECK_THAT(ran.err, ContainsSubstring("gone") && ContainsSubstring("country.in") && ContainsSubstring("no longer"));
  CHECK_THAT(ran.err, ContainsSubstring("newly caught") && ContainsSubstring("orders.ndjson:1  700 is above 500"));
  CHECK_THAT(ran.err, ContainsSubstring("newly failing") && ContainsSubstring("expected >= 4"));
  CHECK_THAT(ran.err, ContainsSubstring("next: weir explain"));
  CHECK_THAT(ran.out, ContainsSubstring(R"("id": "amount.max")"));
  CHECK_THAT(ran.out, ContainsSubstring(R"("change": "more")") && ContainsSubstring(R"("change": "gone")"));
}

TEST_CASE("the same rules twice make no difference") {
  const Orders folder;
  folder.write("copy.yml", folder.read("new.yml"));
  const Ran twice = run({"backtest", folder.path("orders.ndjson"), "--rules", folder.path("new.yml"), "--against",
                         folder.path("copy.yml"), "--json"});
  CHECK_THAT(twice.err, ContainsSubstring("no difference: both files say the same"));
  CHECK_THAT(twice.out, ContainsSubstring(R"("same": true)"));
  folder.write("copy.yml", "# said otherwise\n" + folder.read("new.yml"));
  const Ran otherwise = run({"backtest", folder.path("orders.ndjson"), "--rules", folder.path("new.yml"), "--against",
                             folder.path("copy.yml")});
  CHECK_THAT(otherwise.err, ContainsSubstring("no difference in what fails"));
}

TEST_CASE("a rule that one side lacks is said to be missing there") {
  const Orders folder;
  folder.write("less.yml", "weir: 1\nsource: {time: at}\nfields:\n  id: {unique: true}\n");
  const Ran ran = run({"backtest", folder.path("orders.ndjson"), "--rules", folder.path("less.yml"), "--against",
                       folder.path("old.yml")});
  CHECK_THAT(ran.err, ContainsSubstring("removed") && ContainsSubstring("no such rule"));
}

TEST_CASE("nothing is written") {
  const Orders folder;
  const std::size_t before = folder.files();
  (void)run({"backtest", folder.path("orders.ndjson"), "--rules", folder.path("new.yml"), "--against",
             folder.path("old.yml")});
  CHECK(folder.files() == before);
}

TEST_CASE("what cannot be asked is refused in words") {
  const Orders folder;
  const std::string rules = folder.path("new.yml");
  const std::string data = folder.path("orders.ndjson");
  CHECK_THAT(run({"backtest", data}).err, ContainsSubstring("wants --rules FILE"));
  CHECK_THAT(run({"backtest", "--rules", rules}).err, ContainsSubstring("wants FILE..., or --brokers and --topic"));
  CHECK_THAT(run({"backtest", "-", "--rules", rules, "--against", rules}).err,
             ContainsSubstring("standard input can be read once"));
  CHECK_THAT(run({"backtest", data, "--rules", rules, "--json", "--report", "json=-"}).err,
             ContainsSubstring("both want standard output"));
  CHECK_THAT(run({"backtest", data, "--rules", rules, "--against", folder.path("old.yml"), "--report",
                  "json=" + folder.path("old.yml")})
                 .err,
             ContainsSubstring("would overwrite"));
  const Ran missing = run({"backtest", folder.path("none.ndjson"), "--rules", rules});
  CHECK(missing.exit == 3);
  CHECK(run({"backtest", data, "--rules", rules, "--from", "-2h"}).exit == 2);
}

}  // namespace
}  // namespace weir
