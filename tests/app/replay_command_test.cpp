// SPDX-License-Identifier: Apache-2.0
// weir replay on files, as far as it goes without a broker: what would be sent, what is judged again, what is refused.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "app/command.h"
#include "app/replay_ledger.h"
#include "base/json_value.h"
#include "command_line.h"

namespace weir {
namespace {

using testing::Ran;
using testing::run;

/// A folder with a quarantine and rules, gone afterwards.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("weir-replay-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
    write("rules.yml",
          "weir: 1\nfields:\n  amount: {max: 100}\n  note: {max_length: 3, on_fail: tag}\n  seen: {max_age: 1h}\n");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(at(name)) << text;
    return at(name);
  }

 private:
  std::filesystem::path path_;
};

std::string line(int offset, const std::string& record, const std::string& more = "") {
  const std::string number = std::to_string(offset);
  return R"({"v":1,"id":"orders-0-)" + number + R"(","topic":"orders","partition":0,"offset":)" + number +
         R"(,"timestamp":1767225600000,"timestamp_type":"CreateTime","pipeline":"p","ruleset":"r","instance":"i",)" +
         R"("at":"2026-01-01T10:00:00Z","stage":"record","violations":[],"replay_count":0)" + more +
         R"(,"record_key":"k","record_headers":[],"record":)" + record + "}\n";
}

JsonValue json_of(const Ran& ran) {
  Result<JsonValue> json = parse_json(ran.out);
  REQUIRE(json);
  return *json;
}

TEST_CASE("a dry run over a file says what today's rules let pass, and writes nothing") {
  const Folder folder;
  const std::string quarantine = folder.write(
      "q.ndjson", line(1, R"({"amount":5})") + line(2, R"({"amount":500})") +
                      line(3, R"({"amount":6,"note":"longer than three"})") +
                      line(4, R"({"amount":7,"seen":"2025-12-31T23:30:00Z"})") +
                      line(5, R"({"amount":7,"seen":"2025-12-31T20:30:00Z"})") + line(1, R"({"amount":5})") +
                      line(6, R"({"amount":5})", R"(,"value":"redacted")") + "{\"no\":\"record\"}\n");
  const Ran ran = run({"replay", quarantine, "--recheck", "--rules", folder.at("rules.yml"), "--dry-run", "--json"});
  INFO(ran.err);
  const JsonValue json = json_of(ran);
  // 1 passes; 3 breaks what only tags; 4 was half an hour old when it was written.
  CHECK(json.find("sent")->text == "3");
  CHECK(json.find("left")->find("still_failing")->text == "2");
  CHECK(json.find("left")->find("copies")->text == "1");
  CHECK(json.find("left")->find("original_gone")->text == "1");
  CHECK(json.find("left")->find("unreadable")->text == "1");
  CHECK(json.find("still_failing")->find("amount.max")->text == "1");
  CHECK(ran.exit == ExitCode::kUnjudged);
  CHECK(ran.err.find("500") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(ReplayLedger::path_of(quarantine)));
}

TEST_CASE("what the ledger beside a file names is not sent again, also after the file was rotated") {
  const Folder folder;
  const std::string lines = line(1, "{}") + line(2, "{}");
  const std::string quarantine = folder.write("q.ndjson", lines);
  const std::string rotated = folder.write("q.ndjson.1", lines);
  CHECK(ReplayLedger::path_of(rotated) == ReplayLedger::path_of(quarantine));
  folder.write("q.ndjson.replayed", "orders-0-1\norders-0-");  // the second was being written when it was killed
  for (const std::string& file : {quarantine, rotated}) {
    const JsonValue json = json_of(run({"replay", file, "--dry-run", "--json"}));
    CHECK(json.find("sent")->text == "1");
    CHECK(json.find("left")->find("sent_before")->text == "1");
  }
}

TEST_CASE("a ledger keeps ids of any kind, and one process writes it") {
  const Folder folder;
  const std::string path = folder.at("l.replayed");
  {
    Result<std::unique_ptr<ReplayLedger>> ledger = ReplayLedger::open(path);
    REQUIRE(ledger);
    for (const char* const id : {"orders-0-1", "a\nb", "\"quoted\""}) CHECK((*ledger)->add(id));
    CHECK((*ledger)->sync());
    CHECK_FALSE(ReplayLedger::open(path));
  }
  ReplayChoice choice({});
  REQUIRE(ReplayLedger::read(path, choice));
  CHECK(choice.marks() == 3);
  QuarantinedRecord record;
  record.origin.topic = "orders";
  for (const char* const id : {"orders-0-1", "a\nb", "\"quoted\""}) {
    record.id = id;
    CHECK(choice.look(record) == ReplayLeft::SentBefore);
  }
}

TEST_CASE("a command line that cannot be meant is refused in words") {
  const Folder folder;
  const std::string file = folder.write("q.ndjson", line(1, "{}"));
  const std::string rules = folder.at("rules.yml");
  CHECK(run({"replay"}).err.find("no quarantine was named") != std::string::npos);
  CHECK(run({"replay", file}).err.find("--brokers") != std::string::npos);
  CHECK(run({"replay", file, "--dry-run", "--recheck"}).err.find("--rules FILE") != std::string::npos);
  CHECK(run({"replay", file, "--dry-run", "--rules", rules}).err.find("goes with --recheck") != std::string::npos);
  CHECK(run({"replay", "-", "--dry-run"}).err.find("standard input") != std::string::npos);
  CHECK(run({"replay", file, "--topic", "q", "--dry-run"}).err.find("exclude each other") != std::string::npos);
  CHECK(run({"replay", "--brokers", "localhost:1", "--topic", "^q"}).err.find("no pattern") != std::string::npos);
  CHECK(run({"replay", "--brokers", "localhost:1", "--topic", "q", "--into", "q"}).err.find("for ever") !=
        std::string::npos);
  CHECK(run({"replay", file, "--dry-run", "--stage", "recrod"}).exit == ExitCode::kUsage);
  CHECK(run({"replay", file, "--dry-run", "--from", "yesterday"}).exit == ExitCode::kUsage);
  CHECK(run({"replay", file}).exit == ExitCode::kUsage);
  CHECK(run({"replay", folder.at("none.ndjson"), "--dry-run"}).exit == ExitCode::kUnjudged);
}

TEST_CASE("after a dry run stands the command that does it") {
  const Folder folder;
  const std::string file = folder.write("q.ndjson", line(1, "{}"));
  const Ran ran = run({"replay", file, "--into", "orders again", "--dry-run"});
  CHECK(ran.err.find("nowhere to go") != std::string::npos);  // a topic has no such name
  const Ran good = run({"replay", file, "--into", "orders.again", "--dry-run"});
  CHECK(good.err.find("next: weir replay " + file + " --into orders.again\n") != std::string::npos);
  CHECK(good.exit == ExitCode::kHolds);
  CHECK(good.last_line() == "weir: PASS exit=0 (1 record would be sent back)");
}

}  // namespace
}  // namespace weir
