// SPDX-License-Identifier: Apache-2.0
// What instances answer, put together, sorted, filtered, and said in lines.
#include <catch2/catch_test_macros.hpp>

#include "app/command.h"
#include "app/command_line.h"
#include "app/top_looks.h"
#include "app/top_plain.h"
#include "base/text.h"

namespace weir {
namespace {

using testing::alert;
using testing::away;
using testing::look_of;
using testing::noon;
using testing::record_rule;
using testing::window_rule;
using testing::with_alerts;

std::vector<std::string> names_of(const TopTable& table, std::size_t column = 0) {
  std::vector<std::string> names;
  for (const TopRow& row : table.rows) names.push_back(row.cells[column].text);
  return names;
}

TEST_CASE("a stream of several instances is there once, and its counts are added") {
  const TopOverview both = put_together({look_of("a", record_rule("amount.max", "fail", 3), 1000, 58),
                                         look_of("b", record_rule("amount.max", "pass", 0), 500, 2)},
                                        noon(), nullptr);
  REQUIRE(both.streams.size() == 1);
  CHECK(both.streams[0].records == 1500);
  CHECK(both.streams[0].lag == 60);
  CHECK(both.streams[0].instances == std::vector<std::string>{"a", "b"});
  REQUIRE(both.rules.size() == 1);
  CHECK(both.rules[0].failed == 3);
  CHECK(both.rules[0].evaluated == 1996);
  CHECK(both.rules[0].state == TopState::Fail);
  CHECK(both.rules[0].failed_at == std::vector<std::pair<std::string, std::uint64_t>>{{"a", 3}});
}

TEST_CASE("a window rule stands as the instance says that judged last") {
  const std::string old_failure = window_rule("rows.1m", "fail", 50, 7);
  const std::string new_pass = window_rule("rows.1m", "pass", 59, 512);
  for (const bool swapped : {false, true}) {
    const TopOverview both =
        put_together({look_of("a", swapped ? new_pass : old_failure), look_of("b", swapped ? old_failure : new_pass)},
                     noon(), nullptr);
    CHECK(both.rules.at(0).state == TopState::Pass);
    CHECK(both.rules[0].newest->observed == "512");
  }
  // Of two that judged the same window the graver.
  const TopOverview same =
      put_together({look_of("a", new_pass), look_of("b", window_rule("rows.1m", "fail", 59, 7))}, noon(), nullptr);
  CHECK(same.rules.at(0).state == TopState::Fail);
  CHECK(why_of(same.rules[0], noon()) == "country=DE: got 7, expected >= 100 (by the clock)");
}

TEST_CASE("streams of several pipelines are told apart by its name") {
  TopLook other = look_of("b", "");
  other.pipeline = "clicks";
  const TopOverview both = put_together({look_of("a", ""), std::move(other)}, noon(), nullptr);
  REQUIRE(both.streams.size() == 2);
  CHECK(both.streams[0].name == "shop/orders");
  CHECK(both.streams[1].name == "clicks/orders");
}

TEST_CASE("a rate is what was added between two looks, and unknown after a restart") {
  const TopOverview first = put_together({look_of("a", "", 1000)}, noon(), nullptr);
  CHECK(!first.streams[0].records_rate);
  const TopOverview second = put_together({look_of("a", "", 1500)}, noon(2), &first);
  CHECK(second.streams[0].records_rate == 250.0);
  CHECK(!put_together({look_of("a", "", 10)}, noon(4), &second).streams[0].records_rate);
  CHECK(!put_together({look_of("a", "", 1500), look_of("b", "", 1)}, noon(4), &second).streams[0].records_rate);
}

TEST_CASE("a record rule that has not failed for five minutes is not red") {
  const TopOverview overview =
      put_together({look_of("a", record_rule("amount.max", "fail", 3, "2026-01-31T11:54:00Z"))}, noon(), nullptr);
  CHECK(overview.rules.at(0).state == TopState::Past);
  CHECK(exit_of(overview) == ExitCode::kHolds);
  CHECK(why_of(overview.rules[0], noon()) == "quiet now: 3 of 998 records fail (0.30%), the last 6m ago");
}

TEST_CASE("what is red comes first: who is away, what is not ready, what fails") {
  TopLook stuck = look_of("a", record_rule("id.required", "pass", 0) + "," + window_rule("rows.1m", "fail", 59, 7) +
                                   "," + record_rule("amount.max", "warn", 3));
  stuck.streams[0].not_ready = {"broker: kafka:9092 does not answer"};
  stuck.streams[0].state = TopState::Stuck;
  const TopOverview overview = put_together(
      {std::move(stuck), away("http://b:8947", "cannot connect to http://b:8947: refused")}, noon(), nullptr);
  TopTable table = table_of(overview, TopTab::Rules);
  sort_rows(table, 0, false);
  CHECK(names_of(table) ==
        std::vector<std::string>{"http://b:8947", "rows.1m", "stream orders", "amount.max", "id.required"});
  CHECK(table.rows[0].why == "cannot connect: refused");
  CHECK(table.rows[2].why == "broker: kafka:9092 does not answer");
  CHECK(words_of(sum_up(overview)) == "1 instance away, 1 stream not ready, 1 rule fails, 1 warning of 3 rules");
  CHECK(exit_of(overview) == ExitCode::kFailed);
  sort_rows(table, 0, true);
  CHECK(table.rows.back().state == TopState::Away);
}

TEST_CASE("numbers are sorted as numbers, the largest first, and nothing comes last either way") {
  TopTable table;
  table.columns = {{.title = "NAME"}, {.title = "LAG", .right = true}};
  for (const auto& [name, lag] : {std::pair("a", 9.0), std::pair("b", -1.0), std::pair("c", 10.0)}) {
    TopRow& row = table.rows.emplace_back();
    row.cells = {{.text = name}, {.text = lag < 0 ? "-" : "x"}};
    if (lag >= 0) row.cells[1].number = lag;
  }
  sort_rows(table, 2, false);
  CHECK(names_of(table) == std::vector<std::string>{"c", "a", "b"});
  sort_rows(table, 2, true);
  CHECK(names_of(table) == std::vector<std::string>{"a", "c", "b"});
  sort_rows(table, 1, false);
  CHECK(names_of(table) == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("a filter looks at every cell, the state and the reason, whatever the case") {
  const TopOverview overview =
      put_together({look_of("a", record_rule("amount.max", "fail", 3) + "," + window_rule("rows.1m", "pass", 59, 512))},
                   noon(), nullptr);
  const auto left = [&](std::string_view text) {
    TopTable table = table_of(overview, TopTab::Rules);
    filter_rows(table, text);
    return names_of(table);
  };
  CHECK(left("AMOUNT") == std::vector<std::string>{"amount.max"});
  CHECK(left("fail (") == std::vector<std::string>{"amount.max"});
  CHECK(left("country=de") == std::vector<std::string>{"rows.1m"});
  CHECK(left("nowhere").empty());
  CHECK(left("").size() == 2);
}

TEST_CASE("an answer of somebody else is a fault, and one that is half there is read as far as it goes") {
  TopLook look;
  CHECK_FALSE(read_streams(testing::json(R"({"status":"up"})"), look).ok());
  CHECK_FALSE(read_rules(testing::json(R"({"rules":{}})"), look).ok());
  REQUIRE(
      read_rules(testing::json(R"({"rules":[1,null,[],{"id":7,"evaluated":-1,"failed":"many","newest":3,"tags":{}}]})"),
                 look)
          .ok());
  REQUIRE(look.rules.size() == 1);
  CHECK(look.rules[0].id.empty());
  CHECK(look.rules[0].failed == 0);
  REQUIRE(read_windows(testing::json(R"({"windows":[{"rule":"r","observed":[1,{"a":2}],"window":null}]})"), look).ok());
  CHECK(look.windows.at(0).observed == "1, ");
}

TEST_CASE("values are shown safely in every table and line") {
  const std::string hostile = R"(x\u001b[2J\u0007\u202e)";
  TopLook look = look_of("a", record_rule(hostile, "fail", 3) + "," + record_rule("amount.max", "fail", 1));
  REQUIRE(read_quarantine(
              testing::json(R"({"quarantine":[{"stream":"orders","samples":[{"rule":"amount.max","topic":")" + hostile +
                            R"(","partition":0,"offset":1,"value":"v","reason":")" + hostile + R"("}]}]})"),
              look)
              .ok());
  TopOverview overview = put_together({std::move(look), away("http://b", "\x1b[31mno")}, noon(), nullptr);
  const std::string lines = plain_lines(overview, 0, "") + json_line(overview);
  CHECK(lines.find('\x1b') == std::string::npos);
  CHECK(lines.find('\a') == std::string::npos);
  CHECK(lines.find("x\\u001b[2J") != std::string::npos);
  for (const TopTab tab : {TopTab::Rules, TopTab::Streams, TopTab::Quarantine}) {
    for (const TopRow& row : table_of(overview, tab).rows) {
      CHECK(row.why.find('\x1b') == std::string::npos);
      for (const TopCell& cell : row.cells) CHECK(cell.text.find('\x1b') == std::string::npos);
    }
  }
}

TEST_CASE("lines stand under each other, and say who is away since when") {
  const TopOverview overview = put_together(
      {look_of("a", record_rule("amount.max", "fail", 3)), away("http://b:8947", "it answers 503")}, noon(), nullptr);
  CHECK(plain_lines(overview, 0, "") ==
        "2026-01-31T12:00:00Z  1 of 2 instances, records -, lag 58: 1 instance away, 1 rule fails of 1 rule\n"
        "AWAY    http://b:8947                 -                     -  2026-01-31T11:58:00Z  it answers 503\n"
        "FAIL    amount.max                    orders                3  2026-01-31T11:59:58Z  3 of 998 records fail "
        "(0.30%), expected <= 100000\n");
  const JsonValue json = testing::json(json_line(overview));
  CHECK(json.find("exit")->text == "1");
  CHECK(json.find("instances")->items.at(1).find("fault")->text == "it answers 503");
  CHECK(json.find("rules")->items.at(0).find("since")->text == "2026-01-31T11:59:58Z");
  CHECK(exit_of(put_together({away("http://b", "gone")}, noon(), nullptr)) == ExitCode::kUnjudged);
}

TEST_CASE("ages and counts are short") {
  CHECK(age_words(0) == "0s");
  CHECK(age_words(-5) == "0s");
  CHECK(age_words(59.9) == "59s");
  CHECK(age_words(3599) == "59m");
  CHECK(age_words(3660) == "1h01m");
  CHECK(age_words(3 * 86400.0) == "3d");
  CHECK(short_count(999'999) == "999,999");
  CHECK(short_count(1'234'567) == "1.23M");
  CHECK(short_count(999'600'000) == "1.00G");
  CHECK(short_count(~std::uint64_t{0}) == "18.4E");
  CHECK(short_rate(std::nullopt) == "-");
  CHECK(short_rate(0.04) == "<0.1/s");
  CHECK(short_rate(3.25) == "3.2/s");
}

TEST_CASE("a command line that makes no sense is told in words") {
  const auto refused = [](std::vector<std::string> args) {
    args.insert(args.begin(), "top");
    const testing::Ran ran = testing::run(args);
    CHECK(ran.exit == ExitCode::kUsage);
    return ran.err;
  };
  CHECK(refused({"--sort", "colour"}).find("one of state, rule, stream, failed, since, why") != std::string::npos);
  CHECK(refused({"--every", "1ms"}).find("200ms to 1h") != std::string::npos);
  CHECK(refused({"http://user:secret@host"}).find("secret") == std::string::npos);
  CHECK(refused({"ftp://host"}).find("http://") != std::string::npos);
  CHECK(refused({"--user", "ann"}).find("--password-file") != std::string::npos);
}

TEST_CASE("where nobody answers a look says so and ends with 3") {
  const testing::Ran ran = testing::run({"top", "--once", "127.0.0.1:1"});
  CHECK(ran.exit == ExitCode::kUnjudged);
  CHECK(ran.out.find("AWAY    http://127.0.0.1:1") != std::string::npos);
  CHECK(ran.out.find("0 of 1 instances") != std::string::npos);
}

TEST_CASE("a partition belongs to one stream, however many of the name an answer holds") {
  TopLook look = look_of("a", record_rule("amount.max", "pass", 0));
  look.streams.push_back(look.streams.front());
  REQUIRE(read_assignments(testing::json(R"({"assignments":[{"stream":"orders","topic":"orders","partition":1},
      {"stream":"another","topic":"orders","partition":2}]})"),
                           look)
              .ok());
  CHECK(look.streams[0].partitions.size() + look.streams[1].partitions.size() == 1);
}

TEST_CASE("a rule is found among thousands by its stream and its name") {
  TopLook look = look_of("a", record_rule("amount.max", "pass", 0));
  for (int i = 0; i < 5'000; ++i) {
    look.rules.push_back(look.rules.front());
    look.rules.back().id = "rule" + std::to_string(i);
    look.rules.back().failed = static_cast<std::uint64_t>(i);
  }
  const TopOverview before = put_together({look}, noon(), nullptr);
  for (TopRule& rule : look.rules) rule.failed += 10;
  const TopOverview now = put_together({look}, noon(2), &before);
  CHECK(now.rule_index().size() == 5'001);
  CHECK(now.rule_index().at({"orders", "rule4999"})->failing_rate == 5.0);
}

TEST_CASE(
    "alerts of several instances are one by their fingerprint, what is over is none, and maintenance is told apart") {
  const std::string silenced = R"({"fingerprint":"2","state":"firing","stream":"orders","rule":"late","segment":null,
      "severity":"warn","starts_at":"2026-01-31T11:50:00Z","silenced":true,"silenced_why":"the import","told":[]})";
  const std::string over = R"({"fingerprint":"3","state":"resolved","stream":"orders","rule":"rows.1m"})";
  const std::string rule = window_rule("rows.1m", "fail", 59, 7);
  TopOverview both = put_together({with_alerts(look_of("a", rule), alert("1", "rows.1m") + "," + over, 3),
                                   with_alerts(look_of("b", rule), alert("1", "rows.1m") + "," + silenced)},
                                  noon(), nullptr);
  REQUIRE(both.alerts.size() == 2);
  CHECK(both.alerts[0].rule == "late");
  CHECK(both.alerts[1].rule == "rows.1m");
  CHECK(both.alerts[1].segment == "country=DE");
  CHECK(both.alerts[1].heard == std::vector<std::string>{"hook"});
  CHECK(words_of_alerts(both) == "alerts: 2 firing (1 silenced), 3 left out");
  CHECK(plain_lines(both, 0, "").find("; alerts: 2 firing (1 silenced), 3 left out\n") != std::string::npos);
  const Result<JsonValue> line = parse_json(json_line(both));
  REQUIRE(line.ok());
  CHECK(line->find("alerts")->items.size() == 2);
  CHECK(line->find("alerts")->items[0].find("silenced")->boolean);
  CHECK(line->find("alerts_left_out")->text == "3");
  CHECK(words_of_alerts(put_together({look_of("a", rule)}, noon(), nullptr)).empty());
}

TEST_CASE("who tells nobody has no alerts, and who answers otherwise than weir is told so") {
  TopLook look = look_of("a", "");
  CHECK(read_alerts(testing::json("{}"), look).ok());
  CHECK(look.alerts.empty());
  CHECK_FALSE(read_alerts(testing::json(R"({"alarms":[]})"), look).ok());
}

}  // namespace
}  // namespace weir
