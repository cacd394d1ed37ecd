// SPDX-License-Identifier: Apache-2.0
// The table, the decision and the words of `weir doctor`, from findings that are given.
#include "app/doctor_findings.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/doctor_probes.h"
#include "app/doctor_records.h"
#include "app/doctor_topics.h"
#include "base/text.h"
#include "command_line.h"
#include "files/folder_look.h"

namespace weir {
namespace {

using testing::Ran;
using testing::run;

const DoctorFindings kFindings = {
    {.subject = "broker", .message = "a:1 answers, after 3 ms"},
    {.subject = "broker",
     .verdict = DoctorVerdict::Warn,
     .message = "b:1: nothing listens there (connection refused)",
     .remedy = "is the broker up?"},
    {.subject = "topic",
     .verdict = DoctorVerdict::Bad,
     .message =
         "orders.quarantine (quarantine) is not there, and this goes on for longer than a line of a terminal has",
     .remedy = "`weir topics --create` makes it"},
    {.subject = "group", .verdict = DoctorVerdict::Skipped, .message = "not looked at: no broker"},
};

TEST_CASE("the table names a subject once, wraps within its width, and has the remedy under what is wrong") {
  CHECK(doctor_table(kFindings, 60, false) ==
        "broker  ok    a:1 answers, after 3 ms\n"
        "        warn  b:1: nothing listens there (connection\n"
        "              refused)\n"
        "              -> is the broker up?\n"
        "topic   bad   orders.quarantine (quarantine) is not there,\n"
        "              and this goes on for longer than a line of a\n"
        "              terminal has\n"
        "              -> `weir topics --create` makes it\n"
        "group   -     not looked at: no broker\n");
  std::istringstream lines(doctor_table(kFindings, 80, false));
  for (std::string line; std::getline(lines, line);) CHECK(display_width(line) <= 80);
}

TEST_CASE("colour is about the verdict alone, and hostile text is shown and not obeyed") {
  const DoctorFindings findings = {
      {.subject = "web", .verdict = DoctorVerdict::Bad, .message = "says \033[2J and \nmore", .remedy = "\033]0;x"}};
  const std::string plain = doctor_table(findings, 80, false);
  CHECK(plain.find('\033') == std::string::npos);
  CHECK(plain.find("\\u001b[2J") != std::string::npos);
  const std::string colored = doctor_table(findings, 80, true);
  CHECK(colored.find("\033[31mbad   \033[0m") != std::string::npos);
}

TEST_CASE("one thing that is bad is exit 1; warnings and what was not looked at are not") {
  CHECK(doctor_decision(kFindings) ==
        std::pair<int, std::string>(1, "weir: FAIL exit=1 (1 bad, 1 warning, 1 not looked at, of 4)\n"));
  CHECK(doctor_decision({kFindings[0], kFindings[1]}) ==
        std::pair<int, std::string>(0, "weir: PASS exit=0 (nothing bad, 1 warning, of 2)\n"));
}

TEST_CASE("what a Kafka client says is taken apart into what is wrong and what to do") {
  const auto [what, remedy] = words_of_trouble(
      "the broker does not accept who weir says it is: sasl://b:1: invalid credentials (after 312ms in state AUTH_REQ, "
      "2 "
      "identical error(s) suppressed); check `sasl.username`");
  CHECK(what == "the broker does not accept who weir says it is: sasl://b:1: invalid credentials");
  CHECK(remedy == "check `sasl.username`");
  CHECK(words_of_trouble("a broker went away: refused (after 0ms in state CONNECT); weir connects again") ==
        std::pair<std::string, std::string>("a broker went away: refused", ""));
  CHECK(words_of_trouble("plain") == std::pair<std::string, std::string>("plain", ""));
}

PartitionFacts at(std::int32_t number, std::int64_t first, std::int64_t end, std::optional<std::int64_t> committed) {
  return {.partition = {.topic = "orders", .number = number}, .first = first, .end = end, .committed = committed};
}

TEST_CASE("lag adds up; records that were deleted unread are bad, and such as soon will be are a warning") {
  TopicFacts topic;
  topic.name = "orders";
  topic.retention_ms = 86'400'000;
  const std::vector<PartitionFacts> fine = {at(0, 0, 100, 90), at(1, 5, 50, 50)};
  CHECK(lag_finding("g", topic, fine, {}, "the first record").message == "orders: 10 records unread");
  const std::vector<PartitionFacts> none = {at(0, 0, 100, std::nullopt)};
  CHECK(lag_finding("g", topic, none, {}, "the first record").message ==
        "orders: g has no position yet; it begins with the first record");
  const std::vector<PartitionFacts> lost = {at(0, 40, 100, 10)};
  const DoctorFinding bad = lag_finding("g", topic, lost, {}, "");
  CHECK(bad.verdict == DoctorVerdict::Bad);
  CHECK(bad.message.starts_with("orders: 30 records were deleted before they were judged, and 60 "));
  const std::vector<Position> recent = {{.partition = {.topic = "orders", .number = 0}, .offset = 80, .metadata = {}}};
  const std::vector<PartitionFacts> old = {at(0, 0, 100, 20)};
  const DoctorFinding soon = lag_finding("g", topic, old, recent, "");
  CHECK(soon.verdict == DoctorVerdict::Warn);
  CHECK(soon.message == "orders: 80 records unread, some for more than half of the 1d that they are kept");
  const std::vector<PartitionFacts> young = {at(0, 0, 100, 85)};
  CHECK(lag_finding("g", topic, young, recent, "").verdict == DoctorVerdict::Ok);
}

TEST_CASE("newest records that cannot be decoded, or that all break one rule, are told") {
  CHECK(records_finding("s", SampledRecords{}).message == "s: no records yet");
  CHECK(records_finding("s", SampledRecords{.cut_short = true}).verdict == DoctorVerdict::Warn);
  const DoctorFinding none = records_finding("s", SampledRecords{.records = 30, .undecodable = 30});
  CHECK(none.verdict == DoctorVerdict::Bad);
  CHECK(none.message == "s: of the newest 30 records none can be decoded");
  const DoctorFinding some = records_finding("s", SampledRecords{.records = 30, .undecodable = 2});
  CHECK(some.verdict == DoctorVerdict::Warn);
  CHECK(some.message == "s: of the newest 30 records 2 cannot be decoded");
  CHECK(records_finding("s", SampledRecords{.records = 30, .worst_rule = "a.max", .worst = 15}).verdict ==
        DoctorVerdict::Warn);
  CHECK(records_finding("s", SampledRecords{.records = 30, .worst_rule = "a.max", .worst = 14}).message ==
        "s: of the newest 30 records 14 break a.max");
  CHECK(records_finding("s", SampledRecords{.records = 30}).message ==
        "s: of the newest 30 records none breaks a rule");
  CHECK(records_finding("s", Error{.message = "why; do that"}).remedy == "do that");
}

TEST_CASE("a folder is looked at without being made, and a file is no folder") {
  std::string name = (std::filesystem::temp_directory_path() / "weir-doctor-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  const FolderLook missing = look_at_folder(name + "/state");
  CHECK(!missing.exists);
  CHECK(missing.why_not_writable.empty());
  CHECK(missing.bytes_free.has_value());
  CHECK(!std::filesystem::exists(name + "/state"));
  CHECK(look_at_folder(name + "/a/b").why_not_writable == "`" + name + "/a` is not there either");
  std::ofstream(name + "/file") << "x";
  CHECK(look_at_folder(name + "/file").why_not_writable == "`" + name + "/file` is no folder");
  std::ofstream(name + "/state.db") << "this is no database, whatever its name says, and that for a while";
  CHECK(look_at_state(name).unreadable.has_value());
  std::filesystem::remove_all(name);
}

TEST_CASE("a configuration that is wrong is exit 2, and nothing else is looked at") {
  const Ran ran = run({"doctor", "--brokers", "127.0.0.1:1", "--topic", "orders"});
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(ran.last_line() ==
        "weir: ERROR exit=2 (1 error in the configuration or the rules, nothing else was looked at)");
}

TEST_CASE("where no broker listens, what needs one is not looked at, and says so") {
  std::string name = (std::filesystem::temp_directory_path() / "weir-doctor-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  std::ofstream(name + "/orders.yml") << "weir: 1\nfields:\n  id: {required: true}\n";
  const Ran ran = run({"doctor", "--brokers", "127.0.0.1:1", "--topic", "orders", "--rules", name + "/orders.yml",
                       "--state", name + "/state", "--web.listen", "off"});
  INFO(ran.out);
  CHECK(ran.exit == 1);
  CHECK(ran.out.find("broker         bad   127.0.0.1:1: nothing listens there (connection refused)\n") !=
        std::string::npos);
  CHECK(ran.out.find("topic          -     not looked at: no broker\n") != std::string::npos);
  CHECK(ran.out.find("state          ok ") != std::string::npos);
  CHECK(!std::filesystem::exists(name + "/state"));
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace weir
