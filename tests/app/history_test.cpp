// SPDX-License-Identifier: Apache-2.0
// weir history on files that are made here: the table fits, patterns pick, one series tells its values.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <sstream>
#include <string>

#include "app/command_line.h"
#include "base/json_value.h"
#include "base/text.h"
#include "files/state_file.h"

namespace weir {
namespace {

using testing::Ran;
using testing::run;

/// A history of three series over some days, gone at the end.
class History {
 public:
  History() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-history-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    path = name + "/orders.db";
    Result<std::unique_ptr<StateFile>> file = StateFile::open(path, {.stream = "orders.yml", .ruleset = "abc"});
    REQUIRE(file.ok());
    const Instant first = *parse_timestamp("2026-01-01T06:00:00Z");
    for (int day = 0; day < 40; ++day) {
      const Instant at = first + std::chrono::days(day);
      (*file)->add("row_count | all", {at, 1'000.0 + 10 * day});
      (*file)->add("null_rate(email) | all", {at, 0.25});
      (*file)->add("abs(change(quantile(amount, 0.99), avg(last(7)))) | 10m by 1m | country=\"DE\"", {at, day / 7.0});
    }
    REQUIRE((*file)->commit().ok());
  }
  ~History() { std::filesystem::remove_all(folder_); }
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  std::string path;

 private:
  std::string folder_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_CASE("the table of a history fits 80 columns, with signs where the terminal has no blocks") {
  const History history;
  for (const testing::Variables& variables : {testing::Variables{}, testing::Variables{{"LANG", "en_US.UTF-8"}}}) {
    const Ran ran = run({"history", "--state", history.path}, variables);
    CHECK(ran.exit == 0);
    CHECK(ran.err.empty());
    const std::vector<std::string> lines = lines_of(ran.out);
    REQUIRE(lines.size() == 5);  // the head, three series, and a line for the name that is too long
    for (const std::string& line : lines) CHECK(display_width(line) <= 80);
    CHECK((ran.out.find("█") != std::string::npos) == !variables.empty());
    CHECK(is_ascii(ran.out) == variables.empty());
    CHECK(ran.out.find("row_count | all") != std::string::npos);
  }
}

TEST_CASE("--color never keeps the sparkline to ASCII") {
  const History history;
  CHECK(is_ascii(run({"history", "--state", history.path, "--color", "never"}, {{"LC_ALL", "C.UTF-8"}}).out));
}

TEST_CASE("a series alone tells its newest values with their times") {
  const History history;
  const Ran ran = run({"history", "--state", history.path, "row_count*"});
  const std::vector<std::string> lines = lines_of(ran.out);
  INFO(ran.out);
  REQUIRE(lines.size() == 2 + 1 + 1 + 20);
  CHECK(lines[1].find("1390  1195  1000  1390  40") != std::string::npos);
  CHECK(lines.back().starts_with("2026-02-09T06:00:00Z   1390  ####"));
  CHECK(lines_of(run({"history", "--state", history.path, "row_count | all", "--last", "5"}).out).size() == 4 + 5);
}

TEST_CASE("--last looks at the newest values only") {
  const History history;
  const std::string out = run({"history", "--state", history.path, "row_count*", "--last", "3"}).out;
  CHECK(lines_of(out)[1].find("1390  1380  1370  1390  3") != std::string::npos);
}

TEST_CASE("a history as JSON") {
  const History history;
  const Ran ran = run({"history", "--state", history.path, "--json", "--last", "2", "row_count*"});
  const Result<JsonValue> parsed = parse_json(ran.out);
  REQUIRE(parsed.ok());
  const JsonValue& series = parsed->find("series")->items.at(0);
  CHECK(series.find("series")->text == "row_count | all");
  CHECK(series.find("stream")->text == "orders.yml");
  CHECK(series.find("n")->text == "2");
  CHECK(series.find("mean")->text == "1385");
  CHECK(series.find("values")->items.at(1).find("at")->text == "2026-02-09T06:00:00Z");
  CHECK(series.find("values")->items.at(1).find("value")->text == "1390");
}

TEST_CASE("what a history does not hold, and what is no history") {
  const History history;
  const Ran none = run({"history", "--state", history.path, "nothing*"});
  CHECK(none.exit == 2);
  CHECK(none.err.find("no series of") != std::string::npos);
  const Ran missing = run({"history", "--state", history.path + ".no"});
  CHECK(missing.exit == 3);
  CHECK(missing.err.find("No such file") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(history.path + ".no"));
  const Ran unasked = run({"history"});
  CHECK(unasked.exit == 2);
  CHECK(unasked.err.find("wants --state FILE") != std::string::npos);
}

TEST_CASE("a value that never changes is a line, and an infinite one is no fault") {
  const History history;
  const std::string flat = run({"history", "--state", history.path, "null_rate*"}).out;
  CHECK(lines_of(flat)[1].find("========") != std::string::npos);
  Result<std::unique_ptr<StateFile>> file = StateFile::open(history.path, {.stream = "orders.yml", .ruleset = "abc"});
  (*file)->add("row_count | all", {*parse_timestamp("2026-03-01T00:00:00Z"), std::numeric_limits<double>::infinity()});
  REQUIRE((*file)->commit().ok());
  CHECK(run({"history", "--state", history.path, "row_count*"}).exit == 0);
  CHECK(run({"history", "--state", history.path, "--json"}).exit == 0);
}

}  // namespace
}  // namespace weir
