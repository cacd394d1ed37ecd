// SPDX-License-Identifier: Apache-2.0
// What a quarantine comes to: counts against slow ones, steps of time, bounds of memory.
#include "quarantine/tally.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <set>

namespace weir {

namespace {

const Instant kFirst = Instant(std::chrono::sys_days(std::chrono::January / 2 / 2026));

QuarantinedRecord record_of(int number, const std::string& rule, Duration after) {
  QuarantinedRecord record;
  record.id = "orders-0-" + std::to_string(number);
  record.stage = "record";
  record.at = kFirst + after;
  record.violations.push_back(
      {.rule = rule, .severity = "error", .code = "max", .path = "a", .value = "", .message = ""});
  return record;
}

double sum(const std::vector<double>& counts) {
  double all = 0;
  for (const double count : counts) all += count;
  return all;
}

}  // namespace

TEST_CASE("Records, marks and copies in any order come to the same counts") {
  std::mt19937 random(3);
  QuarantineTally tally;
  std::set<int> seen;
  std::set<int> marked;
  std::map<std::string, std::uint64_t> rules;
  std::uint64_t twice = 0;
  for (int i = 0; i < 5'000; ++i) {
    const int number = static_cast<int>(random() % 2'000);
    const std::string rule = "r" + std::to_string(number % 7);
    if (random() % 3 == 0) {
      marked.insert(number);
      tally.mark(record_of(number, "", {}));
      continue;
    }
    tally.add(record_of(number, rule, std::chrono::seconds(number * 60)));
    seen.insert(number).second ? ++rules[rule] : ++twice;
  }
  tally.finish();
  std::uint64_t sent = 0;
  for (const int number : seen) sent += marked.contains(number) ? 1 : 0;
  CHECK(tally.all().records == seen.size());
  CHECK(tally.all().sent == sent);
  CHECK(tally.twice() == twice);
  std::uint64_t sent_of_rules = 0;
  for (const auto& [name, group] : tally.rules()) {
    CHECK(group.records == rules[name]);
    CHECK(sum(tally.over_time(group)) == static_cast<double>(group.records));
    sent_of_rules += group.sent;
  }
  CHECK(sent_of_rules == sent);
  CHECK(tally.over_time(tally.all()).size() <= QuarantineTally::kSteps);
  CHECK(sum(tally.over_time(tally.all())) == static_cast<double>(seen.size()));
}

TEST_CASE("Steps are as wide as the span needs, or as they were asked for") {
  QuarantineTally narrow;
  for (int i = 0; i < 30; ++i) narrow.add(record_of(i, "a", std::chrono::seconds(i)));
  narrow.finish();
  CHECK(narrow.step() == std::chrono::seconds(1));
  QuarantineTally wide;
  for (int i = 0; i < 1'000; ++i) wide.add(record_of(i, "a", std::chrono::hours(i)));
  wide.finish();
  CHECK(wide.step() == std::chrono::hours(7 * 24));
  QuarantineTally endless;
  endless.add(record_of(1, "a", std::chrono::days(-700'000)));
  endless.add(record_of(2, "a", std::chrono::days(2'900'000)));
  endless.finish();
  CHECK(endless.over_time(endless.all()).size() <= QuarantineTally::kSteps);
  QuarantineTally asked(std::chrono::minutes(20));
  for (int i = 0; i < 6; ++i) asked.add(record_of(i, "a", std::chrono::minutes(i * 10)));
  asked.finish();
  CHECK(asked.over_time(asked.all()) == std::vector<double>{2, 2, 2});
  QuarantineTally too_fine(std::chrono::seconds(1));
  too_fine.add(record_of(1, "a", {}));
  too_fine.add(record_of(2, "a", std::chrono::hours(24)));
  too_fine.finish();
  CHECK(too_fine.has_too_many_steps());
}

TEST_CASE("Names without end are counted as one beyond the bound") {
  QuarantineTally tally;
  for (int i = 0; i < 3'000; ++i) tally.add(record_of(i, "rule" + std::to_string(i), {}));
  tally.finish();
  CHECK(tally.rules().size() == QuarantineTally::kNames + 1);
  CHECK(tally.rules().at(QuarantineTally::kOthers).records == 2'000);
  CHECK(tally.all().records == 3'000);
}

TEST_CASE("Ids are remembered up to a bound, and what is beyond is counted") {
  SeenIds ids(5'000);
  for (int i = 0; i < 5'000; ++i) {
    SeenIds::Entry* const entry = ids.find_or_add("id-" + std::to_string(i));
    REQUIRE(entry != nullptr);
    CHECK(entry->record == 0);
    entry->record = static_cast<std::uint32_t>(i + 1);
  }
  CHECK(ids.find_or_add("one more") == nullptr);
  CHECK(ids.forgotten() == 1);
  for (int i = 0; i < 5'000; ++i) {
    const SeenIds::Entry* const entry = ids.find("id-" + std::to_string(i));
    REQUIRE(entry != nullptr);
    CHECK(entry->record == static_cast<std::uint32_t>(i + 1));
  }
  CHECK(ids.find("one more") == nullptr);
}

TEST_CASE("Mixtures of rules are remembered within a bound, and every record still counts") {
  QuarantineTally tally;
  constexpr int kRecords = 300;
  for (int i = 0; i < kRecords; ++i) {
    QuarantinedRecord record = record_of(i, "rule0", {});
    for (int rule = 1; rule < 900; ++rule) {
      if (rule != i + 1) record.violations.emplace_back().rule = "rule" + std::to_string(rule);
    }
    tally.add(record);
  }
  for (int i = 0; i < kRecords; ++i) {
    QuarantinedRecord mark;
    mark.id = "orders-0-" + std::to_string(i);
    tally.mark(mark);
  }
  tally.finish();
  CHECK(tally.all().sent == kRecords);
  CHECK(tally.rules().at("rule0").records == kRecords);
  CHECK(tally.rules().at("rule0").sent < kRecords);  // of those beyond the bound nobody knows any more
}

}  // namespace weir
