// SPDX-License-Identifier: Apache-2.0
// What holds for a format whatever the report: limits of size and number, nothing that a value could smuggle in, and the
// same bytes for the same report.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "base/text.h"
#include "report/report.h"
#include "report/reports.h"

namespace weir::testing {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

const JsonValue& at(const JsonValue& object, std::string_view key) {
  const JsonValue* found = object.find(key);
  REQUIRE(found != nullptr);
  return *found;
}

std::vector<Report> all_reports() {
  return {orders_report(),       calm_report(),    broken_report(), hostile_report(),
          wide_report(3, 3, 30), windows_report(), Report{}};
}

TEST_CASE("every format writes the same bytes for the same report") {
  for (const Report& report : all_reports()) {
    for (const std::string_view name : report_format_names()) {
      const ReportFormat* format = find_report_format(name);
      CHECK(format->write(report, {}) == format->write(report, {}));
    }
  }
}

TEST_CASE("no format lets a control character or a broken text through") {
  WriteOptions options;
  options.all_rules = true;
  for (const std::string_view name : report_format_names()) {
    const std::string text = find_report_format(name)->write(hostile_report(), options);
    INFO("format " << name);
    CHECK(is_valid_utf8(text));
    CHECK(std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\n') || c == 0x7F; }));
    const bool for_machines = name == "json" || name == "sarif";  // there a value stays what it is
    const std::string read_by_people = for_machines ? "" : text.substr(0, text.find("<script type"));
    CHECK(read_by_people.find("\xe2\x80\xae") == std::string::npos);
  }
}

TEST_CASE("JSON has the fields of the contract in their order") {
  const Result<JsonValue> parsed = parse_json(write_json(orders_report(), {}));
  REQUIRE(parsed.ok());
  const auto keys = [](const JsonValue& object) {
    std::string names;
    for (const auto& [key, value] : object.members) names += (names.empty() ? "" : " ") + key;
    return names;
  };
  CHECK(keys(*parsed) == "weir verdict exit inputs rules counts quarantined seconds");
  CHECK(keys(at(*parsed, "inputs").items.at(0)) == "path records bytes undecodable");
  CHECK(keys(at(*parsed, "counts")) == "error warn pass no_data inconclusive not_evaluated");
  const JsonValue& rule = at(*parsed, "rules").items.at(3);
  CHECK(keys(rule) ==
        "id kind field severity outcome evaluated failed skipped observed expected window segment where samples");
  CHECK(keys(at(rule, "where")) == "file line column");
  CHECK(keys(at(rule, "samples").items.at(0)) == "line offset value reason");
  CHECK(at(rule, "observed").type == JsonValue::Type::Null);
  CHECK(at(rule, "window").type == JsonValue::Type::Null);
  CHECK(at(rule, "segment").type == JsonValue::Type::Null);
  CHECK(at(*parsed, "seconds").text == "0.061");
}

TEST_CASE("JSON names the input of a sample when there are several") {
  const Result<JsonValue> parsed = parse_json(write_json(broken_report(), {}));
  REQUIRE(parsed.ok());
  const JsonValue& sample = at(at(*parsed, "rules").items.at(0), "samples").items.at(0);
  CHECK(at(sample, "input").text == "data/tuesday.ndjson.gz");
  CHECK(at(at(*parsed, "inputs").items.at(1), "error").text == "the compressed data is cut short");
}

TEST_CASE("JSON keeps every sample that the run kept") {
  const Result<JsonValue> parsed = parse_json(write_json(wide_report(1, 500, 0), {}));
  REQUIRE(parsed.ok());
  CHECK(at(at(*parsed, "rules").items.at(0), "samples").items.size() == 500);
}

TEST_CASE("the page stays under 300 KB for 50 rules whatever the data") {
  CHECK(write_html(wide_report(50, 1'000, 0), {}).size() < 300'000);
  CHECK(write_html(wide_report(25, 20, 25), {}).size() < 300'000);
  Report verbose = wide_report(50, 20, 0);
  for (RuleReport& rule : verbose.rules) {
    for (std::string* text :
         {&rule.info.id, &rule.info.field, &rule.info.expected, &rule.info.description, &rule.info.runbook}) {
      for (int i = 0; i < 100; ++i) *text += hostile_text();
    }
  }
  CHECK(write_html(verbose, {}).size() < 300'000);
}

TEST_CASE("a page that was shortened still says how many records fail") {
  const std::string page = write_html(wide_report(50, 1'000, 0), {});
  CHECK(count_of(page, "<b>1,000</b> of 1,000,000 records") == 50);
  CHECK((page.find("more</p>") != std::string::npos || page.find("are in the JSON report") != std::string::npos));
}

TEST_CASE("the page loads nothing and runs nothing") {
  const std::regex reference(R"re((?:src|href|action|url)\s*[=(]\s*["']?([^"'\s)>]*))re", std::regex::icase);
  for (const Report& report : all_reports()) {
    const std::string page = write_html(report, {});
    const std::string shown = page.substr(0, page.find("<script"));  // what follows is JSON
    for (auto found = std::sregex_iterator(shown.begin(), shown.end(), reference); found != std::sregex_iterator();
         ++found) {
      CHECK((*found)[1].str().starts_with("#"));
    }
    CHECK(count_of(page, "<script") == 1);
    CHECK(count_of(page, "</script") == 1);
    CHECK(page.find("<script type=\"application/json\" id=\"weir-report\">") != std::string::npos);
    CHECK(page.find("<link") == std::string::npos);
    CHECK(page.find("@import") == std::string::npos);
    CHECK(page.find("default-src 'none'") != std::string::npos);
  }
}

TEST_CASE("the page carries the report for machines") {
  for (const Report& report : all_reports()) {
    const std::string page = write_html(report, {});
    const std::string open = "id=\"weir-report\">";
    const std::size_t start = page.find(open) + open.size();
    const Result<JsonValue> parsed = parse_json(page.substr(start, page.find("</script>") - start));
    REQUIRE(parsed.ok());
    CHECK(at(*parsed, "rules").items.size() == report.rules.size());
  }
}

TEST_CASE("the page tells states by words, and links its index to its cards") {
  const std::string page = write_html(wide_report(6, 1, 2), {});
  CHECK(count_of(page, ">Fail</span>") == 7);  // the page's own, and one a card
  CHECK(count_of(page, ">Pass</span>") == 2);
  for (int i = 1; i <= 6; ++i) {
    CHECK(count_of(page, "href=\"#rule-" + std::to_string(i) + "\"") == 1);
    CHECK(count_of(page, "id=\"rule-" + std::to_string(i) + "\"") == 1);
  }
}

TEST_CASE("Markdown stays under 64 KB and says what it left out") {
  const std::string many = write_markdown(wide_report(3'000, 2, 0), {});
  CHECK(many.size() < 64 * 1024);
  CHECK(many.find("more rules are left out here") != std::string::npos);
  const std::string long_ones = write_markdown(wide_report(100, 3, 0), {});
  CHECK(long_ones.size() < 64 * 1024);
  CHECK(long_ones.find("More failing records are left out") != std::string::npos);
  CHECK(count_of(long_ones, "<details>") == 1);
  CHECK(count_of(long_ones, "</details>") == 1);
}

TEST_CASE("a table in Markdown has the same number of cells in each row, whatever a value holds") {
  for (const std::string& line : lines_of(write_markdown(hostile_report(), {}))) {
    if (!line.starts_with("|")) continue;
    CHECK(count_of(line, "|") == 7);
  }
}

TEST_CASE("annotations are at most ten of a kind, errors first, and the last one counts the rest") {
  Report report = wide_report(30, 1, 0);
  for (std::size_t i = 0; i < 15; ++i) {
    report.rules[i].info.severity = Severity::Warn;
    report.rules[i].outcome = Verdict::Warn;
  }
  conclude(report, {});
  const std::vector<std::string> lines = lines_of(write_annotations(report, {}));
  REQUIRE(lines.size() == 20);
  for (std::size_t i = 0; i < 10; ++i) CHECK(lines[i].starts_with("::error "));
  for (std::size_t i = 10; i < 20; ++i) CHECK(lines[i].starts_with("::warning "));
  CHECK(lines[9] == "::error title=weir::and 6 more: see the report of weir");
}

TEST_CASE("an annotation is one line, and no value can begin another or add a property") {
  const std::regex command(R"(::(error|warning) (file=[^:,\n]*,line=\d+,col=\d+,)?title=[^:,\n]*::[^\n]*)");
  for (const std::string& line : lines_of(write_annotations(hostile_report(), {}))) {
    CHECK(std::regex_match(line, command));
    CHECK(line.find("%0A::error::x") == std::string::npos);  // the value's own %0A is escaped
  }
}

TEST_CASE("JUnit counts what it holds") {
  const std::string passed = write_junit(orders_report(), {});
  CHECK(count_of(passed, "<testcase ") == 8);
  CHECK(count_of(passed, "<failure ") == 3);
  CHECK(count_of(passed, "<skipped ") == 1);
  CHECK(passed.find("<testsuite name=\"rules/orders.yml\" tests=\"8\" failures=\"3\" errors=\"0\"") !=
        std::string::npos);
  const std::string broken = write_junit(broken_report(), {});
  CHECK(count_of(broken, "<error ") == 2);  // the rule, and the input that was cut short
  CHECK(broken.find("errors=\"2\"") != std::string::npos);
}

TEST_CASE("a run without records is an error in JUnit and an annotation, never all green") {
  Report report = calm_report();
  report.inputs[0].records = 0;
  report.rules[0].counts = {};
  report.rules[0].outcome = Verdict::NoData;
  conclude(report, {});
  CHECK(write_junit(report, {}).find("<error message=\"there were no records to judge\"") != std::string::npos);
  CHECK(write_annotations(report, {}) == "::error title=weir::there were no records to judge\n");
  conclude(report, {.allow_empty = true});
  CHECK(write_junit(report, {}).find("<error") == std::string::npos);
}

TEST_CASE("a finding keeps its fingerprint when lines move and numbers change") {
  Report report = orders_report();
  const std::regex fingerprint("\"weirRule/v1\": \"[0-9a-f]{16}\"");
  const auto prints = [&](const Report& of) {
    const std::string text = write_sarif(of, {});
    std::vector<std::string> found;
    for (auto it = std::sregex_iterator(text.begin(), text.end(), fingerprint); it != std::sregex_iterator(); ++it)
      found.push_back(it->str());
    return found;
  };
  const std::vector<std::string> before = prints(report);
  REQUIRE(before.size() == 4);
  for (RuleReport& rule : report.rules) {
    rule.info.where.line += 10;
    rule.counts.failed *= 2;
    for (Sample& sample : rule.samples) sample.line += 5;
  }
  CHECK(prints(report) == before);
}

TEST_CASE("the table keeps to the width of the terminal") {
  for (const int width : {60, 80, 100, 120}) {
    WriteOptions options;
    options.width = width;
    for (const Report& report :
         {orders_report(), broken_report(), calm_report(), wide_report(5, 5, 40), windows_report()}) {
      for (const std::string& line : lines_of(write_text(report, options))) {
        if (line.starts_with("next:")) continue;  // a command is copied whole
        INFO(line);
        CHECK(display_width(line) <= static_cast<std::size_t>(width));
      }
    }
  }
}

TEST_CASE("colour is asked for, never guessed") {
  CHECK(write_text(orders_report(), {}).find('\x1b') == std::string::npos);
  CHECK(write_text(orders_report(), {.color = true}).find("\x1b[1;31mFAIL\x1b[0m") != std::string::npos);
}

TEST_CASE("many passing rules are told by name, or line by line when asked") {
  const Report report = wide_report(1, 1, 60);
  const std::string brief = write_text(report, {});
  CHECK(count_of(brief, "PASS") == 1);
  CHECK(brief.find("60 rules: calm_0.required") != std::string::npos);
  CHECK(count_of(write_text(report, {.all_rules = true}), "PASS") == 60);
}

TEST_CASE("a runbook that all broken rules share is told once, others at their rules") {
  Report report = wide_report(3, 1, 0);
  for (RuleReport& rule : report.rules) rule.info.runbook = "https://example.com/a";
  CHECK(count_of(write_text(report, {}), "https://example.com/a") == 1);
  report.rules[1].info.runbook = "https://example.com/b";
  CHECK(count_of(write_text(report, {}), "https://example.com/a") == 2);
  CHECK(count_of(write_text(report, {}), "https://example.com/b") == 1);
}

TEST_CASE("a page folds away all but the first records of a rule, and loses none") {
  const std::string page = write_html(wide_report(1, 20, 0), {});
  CHECK(page.find("<summary>15 further records</summary>") != std::string::npos);
  for (int line = 1; line <= 20; ++line) CHECK(count_of(page, ">line " + std::to_string(line) + "<") == 1);
}

TEST_CASE("a small share is never shown as nothing, nor a large one as everything") {
  const std::string text = write_text(orders_report(), {});
  CHECK(text.find("7 of 119,990  <0.01%") != std::string::npos);
  Report nearly = calm_report();
  nearly.rules[0].counts = {.evaluated = 1'000'000, .failed = 999'999, .skipped = 0};
  nearly.rules[0].outcome = Verdict::Fail;
  CHECK(write_text(nearly, {}).find(">99.9%") != std::string::npos);
}

}  // namespace
}  // namespace weir::testing
