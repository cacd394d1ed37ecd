// SPDX-License-Identifier: Apache-2.0
// What `windows` and `source.time` become in a plan.
#include <catch2/catch_test_macros.hpp>

#include "base/zone.h"
#include "loading.h"

namespace weir {
namespace {

using testing::field_of;
using testing::load_text;
using testing::rule_of;

const std::string kHead = "weir: 1\nsource: {time: at}\n";

/// A file with one block that holds one rule.
Loaded load_block(const std::string& block, const std::string& must = "row_count >= 1") {
  return load_text(kHead + "windows:\n  - {" + block + (block.empty() ? "" : ", ") + "rules: [{must: '" + must +
                   "'}]}\n");
}

const WindowRule* window_rule(const Loaded& loaded, std::string_view id) {
  if (loaded.plan == nullptr) return nullptr;
  for (const WindowRule& rule : loaded.plan->window_rules) {
    if (rule.info.id == id) return &rule;
  }
  return nullptr;
}

TEST_CASE("a block becomes a window of the plan") {
  using std::chrono::hours;
  using std::chrono::minutes;
  const auto block = [](const std::string& text) {
    const Loaded loaded = load_block(text);
    REQUIRE(loaded.plan != nullptr);
    return loaded.plan->windows.at(0);
  };
  const WindowBlock tumbling = block("every: 60s, lateness: 5s, late: revise, over: accepted");
  CHECK(tumbling.kind == WindowKind::Time);
  CHECK(tumbling.every == minutes(1));
  CHECK(tumbling.size == minutes(1));
  CHECK(tumbling.extent == "1m");
  CHECK(tumbling.lateness == std::chrono::seconds(5));
  CHECK(tumbling.late == LatePolicy::Revise);
  CHECK(tumbling.accepted_only);
  CHECK(block("every: 1m, size: 10m").extent == "10m by 1m");
  CHECK(block("every: 1m, size: 10m").size == minutes(10));
  CHECK(block("every: 24h").extent == "1d");
  const WindowBlock session = block("session: 30m, max: 2h");
  CHECK(session.kind == WindowKind::Session);
  CHECK(session.gap == minutes(30));
  CHECK(session.longest == hours(2));
  CHECK(session.extent == "session 30m");
  CHECK(block("count: 1000").count == 1000);
  CHECK(block("count: 1000").extent == "count 1000");
  CHECK(block("").kind == WindowKind::Whole);
  CHECK(block("").extent == "all");
  const WindowBlock listed = block("segment: {country: [DE, FR], channel: [web]}, max_segments: 7");
  REQUIRE(listed.segment.size() == 2);
  CHECK(listed.segment[0].path == "country");
  CHECK(listed.segment[0].listed == std::vector<std::string>{"DE", "FR"});
  CHECK(listed.max_segments == 7);
  CHECK(block("segment: [country]").max_segments == 200);
}

TEST_CASE("a window rule knows who it is and what has to hold") {
  const Loaded loaded =
      load_text(kHead +
                "meta: {tags: [tier1], runbook: \"https://example.com\"}\nwindows:\n  - every: 1m\n    on_empty: "
                "warn\n    rules:\n"
                "      - {must: 'null_rate( email )   <= 5%', when: country == \"DE\", tags: [nulls]}\n"
                "      - {should: row_count >= 500, id: volume, on_empty: fail, runbook: none, description: enough}\n"
                "      - {must: 'correlation(a, b) > 0.5'}\n"
                "      - {must: 'correlation(a, b) > 0.5'}\n"
                "      - {must: row_count >= 1, enabled: false}\n");
  REQUIRE(loaded.plan != nullptr);
  REQUIRE(loaded.plan->window_rules.size() == 4);
  const WindowRule& nulls = loaded.plan->window_rules[0];
  CHECK(nulls.info.id == "windows.1m.null_rate( email ) <= 5%");
  CHECK(nulls.info.kind == RuleKind::Window);
  CHECK(nulls.info.field == "email");
  CHECK(nulls.info.check == "null_rate");
  CHECK(nulls.info.expected == "<= 5%");
  CHECK(nulls.info.when == "country == \"DE\"");
  CHECK(nulls.info.severity == Severity::Error);
  CHECK(nulls.info.tags == std::vector<std::string>{"tier1", "nulls"});
  CHECK(nulls.info.runbook == "https://example.com");
  CHECK(nulls.info.where.line == 8);
  CHECK(nulls.on_empty == OnEmpty::Warn);
  CHECK(nulls.when != nullptr);
  CHECK(nulls.must.condition != nullptr);
  CHECK(nulls.should.condition == nullptr);
  const WindowRule* const volume = window_rule(loaded, "volume");
  REQUIRE(volume != nullptr);
  CHECK(volume->info.severity == Severity::Warn);
  CHECK(volume->on_empty == OnEmpty::Fail);
  CHECK(volume->info.runbook == "none");
  CHECK(volume->info.description == "enough");
  const WindowRule* const second = window_rule(loaded, "windows.1m.correlation(a, b) > 0.5#2");
  REQUIRE(second != nullptr);
  CHECK(second->info.field.empty());
  REQUIRE(loaded.conditions.size() == 4);
  CHECK(loaded.conditions[0].must == "null_rate( email ) <= 5%");
  CHECK(loaded.conditions[1].should == "row_count >= 500");
}

TEST_CASE("what window rules read are columns of the plan, read as the measures take them") {
  const Loaded loaded = load_text(kHead +
                                  "fields: {code: {type: string}}\nwindows:\n  - segment: [country]\n    rules:\n"
                                  "      - {must: mean(amount) < 5, when: qty > 1}\n"
                                  "      - {must: rate(paid) > 5%}\n      - {must: distinct(code) > 3}\n");
  REQUIRE(loaded.plan != nullptr);
  for (const std::string_view path : {"at", "country", "amount", "qty", "paid", "code"}) {
    INFO(path);
    CHECK(field_of(loaded, path) != nullptr);
  }
  CHECK(field_of(loaded, "amount")->cell_type == CellType::Number);
  CHECK(field_of(loaded, "qty")->cell_type == CellType::Number);
  CHECK(field_of(loaded, "paid")->cell_type == CellType::Boolean);
  CHECK(field_of(loaded, "code")->cell_type == CellType::Text);
  CHECK(loaded.plan->fields[static_cast<std::size_t>(loaded.plan->time.column)].path.text() == "at");
  CHECK_FALSE(loaded.plan->note_fields);
}

TEST_CASE("rules with one `when` share its predicate") {
  const Loaded loaded = load_text(
      "weir: 1\nwindows:\n  - rules:\n      - {must: row_count > 1, when: a > 1}\n      - {must: row_count > 2, when: "
      "a > "
      "1}\n      - {must: row_count > 3, when: a > 2}\n");
  REQUIRE(loaded.plan != nullptr);
  CHECK(loaded.plan->window_rules[0].when == loaded.plan->window_rules[1].when);
  CHECK(loaded.plan->window_rules[0].when != loaded.plan->window_rules[2].when);
}

TEST_CASE("a zone is UTC, an offset, or one that the system knows") {
  const Loaded offset = load_block("every: 1d, zone: \"+02:00\"");
  REQUIRE(offset.plan != nullptr);
  REQUIRE(offset.plan->windows[0].zone_rules != nullptr);
  CHECK(offset.plan->windows[0].zone_rules->offset_at(Instant{}) == std::chrono::hours(2));
  CHECK(load_block("every: 1d, zone: UTC").plan->windows[0].zone_rules == nullptr);
  std::vector<std::string> asked;
  LoadOptions options =
      testing::options_for({{"rules.yml",
                             "weir: 1\nsource: {time: at, zone: Europe/Berlin}\nwindows:\n  - {every: 1d, zone: "
                             "Europe/Berlin, rules: [{must: "
                             "row_count > 1}]}\n  - {every: 1d, zone: ../x, rules: [{must: row_count > 1}]}\n"}});
  options.read_zone = [&](const std::string& name) -> Result<std::string> {
    asked.push_back(name);
    return Error{.message = "not here"};
  };
  const Loaded loaded = load_rules("rules.yml", options);
  CHECK(loaded.plan == nullptr);
  CHECK(asked == std::vector<std::string>{"Europe/Berlin"});
  CHECK(loaded.diagnostics.size() == 3);
}

TEST_CASE("a measure of the schema notes every field") {
  CHECK(load_block("", "column_count == 5").plan->note_fields);
}

TEST_CASE("the rule about unreadable times is there when windows need the time and it sends records away") {
  CHECK(rule_of(load_block("every: 1m"), "time") != nullptr);
  CHECK(rule_of(load_block("session: 1m, max: 1h"), "time") != nullptr);
  CHECK(rule_of(load_block(""), "time") == nullptr);
  CHECK(rule_of(load_block("count: 5"), "time") == nullptr);
  const Loaded dropped = load_text(
      "weir: 1\nsource: {time: at, time_error: drop, out_of_order: 3s, max_future: 1h, zone: UTC}\nwindows:\n  - "
      "{every: "
      "1m, rules: [{must: row_count > 1}]}\n");
  CHECK(rule_of(dropped, "time") == nullptr);
  CHECK(dropped.plan->time_rule == Plan::kNoRule);
  CHECK(dropped.plan->time.on_error == TimeError::Drop);
  CHECK(dropped.plan->time.out_of_order == std::chrono::seconds(3));
  CHECK(dropped.plan->time.max_future == std::chrono::hours(1));
  CHECK(dropped.plan->time.zone == "UTC");
  const Loaded loaded = load_text(kHead +
                                  "windows:\n  - {every: 1m, rules: [{must: row_count > 1}]}\n  - {rules: [{must: "
                                  "fail_rate(\"time\") < 1%}]}\ntests:\n  - {fail: "
                                  "time, record: {at: x}}\n");
  REQUIRE(loaded.plan != nullptr);
  const RecordRule& time = loaded.plan->rules.at(loaded.plan->time_rule);
  CHECK(time.check == nullptr);
  CHECK(time.info.expected == "a readable event time");
  CHECK(time.info.field == "at");
}

TEST_CASE("--select leaves out window rules and keeps the record rules that the others name") {
  testing::Files files = {
      {"rules.yml",
       "weir: 1\nfields: {a: {max: 5, min: 0}, b: {max: 5}}\nwindows:\n  - rules:\n      - {id: w, must: "
       "fail_rate(\"a.max\") < 1%}\n      - {id: v, must: fail_rate(\"b.max\") < 1%}\n"}};
  LoadOptions options = testing::options_for(files);
  options.keep = [](const RuleInfo& info) { return info.id == "w"; };
  const Loaded loaded = load_rules("rules.yml", options);
  REQUIRE(loaded.plan != nullptr);
  CHECK(testing::ids_of(loaded) == std::vector<std::string>{"a.max"});
  REQUIRE(loaded.plan->window_rules.size() == 1);
  CHECK(loaded.plan->window_rules[0].info.id == "w");
  CHECK(loaded.written.size() == loaded.plan->rules.size());
}

TEST_CASE("the fingerprint knows windows") {
  const auto ruleset = [](const std::string& block, const std::string& must = "row_count >= 1") {
    return load_block(block, must).plan->ruleset;
  };
  const std::string base = ruleset("every: 1m");
  CHECK(ruleset("every: 1m") == base);
  CHECK(ruleset("every: 2m") != base);
  CHECK(ruleset("every: 1m, lateness: 1m") != base);
  CHECK(ruleset("every: 1m, segment: [a]") != base);
  CHECK(ruleset("every: 1m, segment: {a: [x]}") != ruleset("every: 1m, segment: {a: [y]}"));
  CHECK(ruleset("every: 1m", "row_count >= 2") != base);
}

TEST_CASE("meta's tags and runbook reach the rules about whole records") {
  const Loaded loaded = load_text(
      "weir: 1\nmeta: {tags: [tier1], runbook: \"https://example.com\"}\nextra_fields: warn\nduplicate_keys: fail\n");
  for (const std::string_view id : {"extra_fields", "duplicate_keys"}) {
    const RecordRule* const rule = rule_of(loaded, id);
    REQUIRE(rule != nullptr);
    CHECK(rule->info.tags == std::vector<std::string>{"tier1"});
    CHECK(rule->info.runbook == "https://example.com");
  }
}

TEST_CASE("a test of windows knows its rules and where its records are") {
  const Loaded loaded = load_text(
      "weir: 1\nwindows:\n  - rules:\n      - {must: row_count >= 5, should: row_count >= 9}\n      - {id: nulls, "
      "must: "
      "null_rate(a) <= 5%}\ntests:\n  - {window: \"windows[0]\", records: [{a: 1}, '{'], expect: {row_count: fail, "
      "nulls: "
      "no_data}}\n  - {window: nulls, records: {file: t/x.ndjson}, expect: {\"null_rate(a)\": pass}}\n");
  REQUIRE(loaded.plan != nullptr);
  REQUIRE(loaded.tests.size() == 2);
  const RuleTest& first = loaded.tests[0];
  CHECK(first.expect == RuleTest::Expect::Window);
  CHECK(first.records == std::vector<std::string>{"{\"a\":1}", "{"});
  REQUIRE(first.wanted.size() == 2);
  CHECK(first.wanted[0].rule == "windows.all.row_count >= 5");
  CHECK(first.wanted[0].verdict == Verdict::Fail);
  CHECK(first.wanted[1].verdict == Verdict::NoData);
  CHECK(loaded.tests[1].file == "t/x.ndjson");
  CHECK(loaded.tests[1].wanted[0].rule == "nulls");
}

}  // namespace
}  // namespace weir
