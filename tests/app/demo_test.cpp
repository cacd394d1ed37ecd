// SPDX-License-Identifier: Apache-2.0
// What of weir demo can be seen without a Kafka: its orders, its rules, its words, its score.
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/demo_findings.h"
#include "app/demo_orders.h"
#include "app/demo_place.h"
#include "app/demo_rules.h"
#include "app/demo_story.h"
#include "base/json_value.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "rules/load.h"

using namespace weir;

namespace {

constexpr Instant kBegin = std::chrono::sys_days{std::chrono::January / 6 / 2026};

/// The orders of a stretch of the first round, as they are sent.
std::vector<std::string> orders(double from, double to, std::uint64_t seed = 1) {
  DemoOrders shop(seed);
  std::vector<std::string> out;
  for (std::uint64_t n = 0; static_cast<double>(n) < to * DemoOrders::kPerSecond; ++n) {
    const std::optional<DemoOrder> order = shop.at(n, kBegin + std::chrono::milliseconds(5 * n));
    if (order && static_cast<double>(n) >= from * DemoOrders::kPerSecond) out.push_back(order->value);
  }
  return out;
}

std::size_t holding(const std::vector<std::string>& orders, std::string_view text) {
  std::size_t count = 0;
  for (const std::string& order : orders) count += order.find(text) != std::string::npos ? 1 : 0;
  return count;
}

std::size_t broken(const std::vector<std::string>& orders) {
  std::size_t count = 0;
  for (const std::string& order : orders) count += order.ends_with("Z\"}") ? 0 : 1;
  return count;
}

std::size_t longest_line(const std::string& text) {
  std::size_t most = 0;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    most = std::max(most, display_width(std::string_view(text).substr(from, end - from)));
    from = end + 1;
  }
  return most;
}

Loaded load_demo_rules() {
  LoadOptions options;
  options.read_file = [](const std::string&) -> Result<std::string> { return std::string(demo_rules()); };
  return load_rules("rules.yml", options);
}

const DemoPlaces kPlaces{.brokers = "127.0.0.1:9092",
                         .topic = "weir.demo.orders",
                         .quarantine = "weir.demo.orders.quarantine",
                         .page = "http://127.0.0.1:8947",
                         .rules = "/tmp/weir-demo-abcdef/rules.yml",
                         .config = "/tmp/weir-demo-abcdef/weir.yml",
                         .log = "/tmp/weir-demo-abcdef/weir.log"};

}  // namespace

TEST_CASE("the same seed sends the same orders, another one others") {
  CHECK(orders(0, 60, 7) == orders(0, 60, 7));
  CHECK(orders(0, 1, 7) != orders(0, 1, 8));
}

TEST_CASE("orders are sound until the first act, and go wrong act by act") {
  const std::vector<std::string> sound = orders(0, 6);
  CHECK(sound.size() == 6 * DemoOrders::kPerSecond);
  CHECK(broken(sound) == 0);
  CHECK(holding(sound, "null") == 0);
  CHECK(holding(sound, "CHF") == 0);
  for (const DemoAct& act : demo_acts()) {
    const std::vector<std::string> wrong = orders(act.from, act.to);
    INFO(act.told);
    CHECK((broken(wrong) > 0) == (act.fault == DemoFault::Garbage));
    CHECK((holding(wrong, "\"email\":null") > 100) == (act.fault == DemoFault::NoEmail));
    CHECK((holding(wrong, "CHF") > 30) == (act.fault == DemoFault::NewCurrency));
    CHECK(wrong.empty() == (act.fault == DemoFault::Silence));
    std::size_t twice = 0;
    for (std::size_t i = 1; i < wrong.size(); ++i) twice += wrong[i] == wrong[i - 1] ? 1 : 0;
    CHECK((twice >= 50) == (act.fault == DemoFault::Twice));
  }
}

TEST_CASE("acts follow each other, begin where windows do, and the round ends well") {
  double before = 0;
  for (const DemoAct& act : demo_acts()) {
    CHECK(act.from > before);
    CHECK(act.to > act.from);
    CHECK(std::chrono::milliseconds(static_cast<int>(act.from * 1000)) % kDemoWindow == Duration{});
    CHECK(demo_fault_at(act.from) == act.fault);
    CHECK(demo_fault_at(act.to) != act.fault);
    before = act.to;
  }
  CHECK(before + 8 <= kDemoRound);
}

TEST_CASE("the rules of the demo hold no mistake and what sound orders say keeps them") {
  const Loaded loaded = load_demo_rules();
  CHECK(loaded.diagnostics.empty());
  REQUIRE(loaded.plan != nullptr);
  for (const WindowBlock& block : loaded.plan->windows) CHECK(block.every == kDemoWindow);
}

TEST_CASE("a line of the demo fits eighty columns, and shows what records hold without their control characters") {
  DemoFinding finding{.rule = "decode", .text = "a text \x1b[2J is " + std::string(30, 'x')};
  for (int i = 0; i < 20; ++i) finding.text += " and so on";
  const std::string line = demo_line(75, finding, kPlaces, {});
  CHECK(line.starts_with("01:15  FAIL  decode: a text \\u001b[2J is xxx"));
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(longest_line(line) <= 80);
  CHECK(demo_line(1, finding, kPlaces, {.color = true}).find("\x1b[1;31mFAIL") != std::string::npos);
}

TEST_CASE("what to type next fits eighty columns and names this demo") {
  const std::string text = demo_next_steps(kPlaces, {});
  CHECK(longest_line(text) <= 80);
  for (const std::string& part : {kPlaces.page, kPlaces.brokers, kPlaces.quarantine, kPlaces.rules})
    CHECK(text.find(part) != std::string::npos);
  CHECK(text.find("/1/690") == std::string::npos);
  DemoPlaces failed = kPlaces;
  failed.failing = "weir.demo.orders/1/690";
  CHECK(demo_next_steps(failed, {}).find("weir explain weir.demo.orders/1/690") != std::string::npos);
  CHECK(longest_line(demo_next_steps(failed, {})) <= 80);
  DemoPlaces without = kPlaces;
  without.page = "";
  CHECK(demo_next_steps(without, {}).find("weir top") == std::string::npos);
}

TEST_CASE("at its end the demo says what to type next, whether it was timed or not") {
  const std::string text = demo_last_steps(kPlaces, true, {});
  CHECK(longest_line(text) <= 80);
  CHECK(text.starts_with("next:  "));
  CHECK(text.find("weir demo\n") != std::string::npos);
  CHECK(text.find("weir suggest ") != std::string::npos);
  CHECK(demo_last_steps(kPlaces, false, {}).starts_with("next:  rules from records of your own\n"));
}

TEST_CASE("the score counts what was seen, what is missing and what had no time") {
  DemoScore score;
  CHECK(score.counts(5).to_come == 9);
  CHECK(score.counts(60).missing == 9);
  score.add({.kind = DemoFinding::Kind::Record, .rule = "email.required"}, 6.5);
  score.add({.kind = DemoFinding::Kind::Record, .rule = "email.required"}, 9);  // the first counts
  score.add({.kind = DemoFinding::Kind::SetAside}, 7);
  score.add({.kind = DemoFinding::Kind::Window, .rule = "orders-flow"}, 7);  // not an empty one
  const DemoScore::Counts counts = score.counts(20);
  CHECK(counts.seen == 2);
  CHECK(counts.missing == 1);
  CHECK(counts.to_come == 6);
  const std::string table = score.table(20, {});
  CHECK(table.find("after 6.5 s") != std::string::npos);
  CHECK(table.find("MISSING  too many of them in a window        emails-known") != std::string::npos);
  CHECK(table.find("begins at 00:36") != std::string::npos);
  CHECK(longest_line(table) <= 80);
}

TEST_CASE("findings are told once a round, and again in the next") {
  const Loaded loaded = load_demo_rules();
  REQUIRE(loaded.plan != nullptr);
  const std::shared_ptr<const Plan> plan = loaded.plan;
  DemoFindings findings;
  findings.rules(plan);
  CHECK(findings.take().empty());
  Outcome outcome;
  outcome.records = 3;
  Violation broken{.rule = plan->decode_rule, .code = "json", .path = "", .value = "<html>", .message = "no JSON"};
  outcome.failing.emplace_back().violations = {broken};
  outcome.failing.back().offset = 690;
  Fetched fetched;
  fetched.partition = {.topic = "orders", .number = 1};
  findings.judged(fetched, outcome, kBegin);
  findings.judged({}, outcome, kBegin);
  const std::vector<DemoFinding> told = findings.take();
  REQUIRE(told.size() == 1);
  CHECK(told[0].rule == "decode");
  CHECK(told[0].text == "no JSON (<html>)");
  CHECK(told[0].place == "orders/1/690");
  CHECK(findings.judged_records() == 6);
  findings.begin_round();
  findings.judged({}, outcome, kBegin);
  CHECK(findings.take().size() == 1);
  findings.quarantined(2, {});
  findings.begin_round();
  findings.quarantined(2, {});
  CHECK(findings.take().size() == 1);
  CHECK(findings.set_aside() == 4);
  findings.rules(plan);
  REQUIRE(findings.take().size() == 1);
}

TEST_CASE("a new folder goes with the demo, a named one stays with its rules") {
  std::string made;
  {
    const Result<std::unique_ptr<DemoPlace>> place = DemoPlace::make(std::nullopt, "/tmp", "a");
    REQUIRE(place);
    made = (*place)->dir();
    CHECK((*place)->write("rules.yml", "weir: 1\n"));
    CHECK((*place)->has("rules.yml"));
    std::fputs("it failed\n", (*place)->log());
    CHECK((*place)->end_of_log() == "it failed\n");
  }
  CHECK(access(made.c_str(), F_OK) != 0);
  std::string folder = "/tmp/weir-demo-test-XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  {
    const Result<std::unique_ptr<DemoPlace>> place = DemoPlace::make(folder, "/tmp", "a");
    REQUIRE(place);
    CHECK((*place)->write("rules.yml", "weir: 1\n"));
  }
  CHECK(access((folder + "/rules.yml").c_str(), F_OK) == 0);
  CHECK(access((folder + "/weir-a.log").c_str(), F_OK) == 0);
  std::remove((folder + "/rules.yml").c_str());
  std::remove((folder + "/weir-a.log").c_str());
  rmdir(folder.c_str());
  CHECK_FALSE(DemoPlace::make("/proc/weir-demo", "/tmp", "a"));
}

TEST_CASE("weir demo refuses an address that is none, and says where no folder can be made") {
  const testing::Ran wrong = testing::run({"demo", "--web.listen", "nowhere"});
  CHECK(wrong.exit == 2);
  const testing::Ran full = testing::run({"demo", "--seconds", "1", "--dir", "/proc/weir-demo"});
  CHECK(full.exit == 3);
  CHECK(full.err.find("cannot make the folder /proc/weir-demo") != std::string::npos);
  CHECK(full.last_line() == "weir: ERROR exit=3 (the demo did not start)");
}

TEST_CASE("a folder with somebody else's configuration is left as it is") {
  std::string folder = "/tmp/weir-demo-test-XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string config = folder + "/weir.yml";
  std::ofstream(config) << "brokers: kafka.example:9092\n";
  const testing::Ran ran = testing::run({"demo", "--seconds", "1", "--dir", folder});
  CHECK(ran.exit == 3);
  CHECK(ran.err.find("is not the demo's: it is left as it is") != std::string::npos);
  std::string kept;
  std::getline(std::ifstream(config), kept);
  CHECK(kept == "brokers: kafka.example:9092");
  std::filesystem::remove_all(folder);
}
