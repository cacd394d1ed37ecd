// SPDX-License-Identifier: Apache-2.0
// Runs over parts, merged, say what one run over everything says; the rules come along with all that they were made of.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/summary_file.h"
#include "base/json_value.h"

namespace weir {
namespace {

using testing::Ran;
using testing::run;
namespace fs = std::filesystem;

/// A folder to work in, gone at the end.
class Workplace {
 public:
  Workplace() : before_(fs::current_path()) {
    std::string name = (fs::temp_directory_path() / "weir-merge-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    fs::current_path(folder_);
  }
  ~Workplace() {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  static void write(const std::string& name, const std::string& text) { std::ofstream(name, std::ios::binary) << text; }

 private:
  fs::path before_;
  fs::path folder_;
};

const char* const kRules = R"(weir: 1
source: {time: at}
sets: {countries: {file: countries.csv, column: code}}
fields:
  country: {in: $countries}
  amount: {max: $most}
windows:
  - every: 10m
    segment: [country]
    rules:
      - must: row_count >= 12
        should: row_count >= 15
      - must: mean(amount) <= 55
      - must: distinct(amount) >= 10
      - must: max(amount) - min(amount) < $env:SPREAD
  - rules:
      - must: row_count == 600
      - must: quantile(amount, 0.5) < 50
      - must: fail_rate("amount.max") <= 1%
      - must: sum(amount) == other("payments", sum(amount))
)";

/// Whole amounts, so that sums are exact in any order.
std::vector<std::string> records(unsigned seed) {
  std::mt19937 random(seed);
  const auto draw = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
  const char* const countries[] = {"DE", "FR", "IT", "XX"};
  std::vector<std::string> lines;
  for (int i = 0; i < 600; ++i) {
    char line[128];
    const unsigned second = draw(7200);
    const char* const country = countries[draw(4)];
    std::snprintf(line, sizeof line, "{\"at\":\"2025-12-31T%02u:%02u:%02uZ\",\"country\":\"%s\",\"amount\":%u}\n",
                  second / 3600, second / 60 % 60, second % 60, country, draw(100));
    lines.emplace_back(line);
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

std::vector<std::string> check_of(const std::string& input, std::vector<std::string> more) {
  std::vector<std::string> args = {"check", input, "--rules", "rules.yml", "--var", "most=98", "--quiet"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

/// Rules of a JSON report without what names lines and inputs of records.
std::string rules_of(const std::string& report) {
  const Result<JsonValue> parsed = parse_json(report);
  REQUIRE(parsed.ok());
  std::ostringstream text;
  for (const JsonValue& rule : parsed->find("rules")->items) {
    text << rule.find("id")->text;
    for (const char* key : {"outcome", "evaluated", "failed", "skipped", "observed", "expected"}) {
      text << " " << rule.find(key)->text;
    }
    if (rule.find("kind")->text == "window") {
      for (const JsonValue& sample : rule.find("windows")->items) {
        text << "\n  " << sample.find("observed")->text << " " << sample.find("outcome")->text;
        if (const JsonValue* span = sample.find("window")->find("start")) text << " " << span->text;
        if (const JsonValue* country = sample.find("segment")->find("country")) text << " " << country->text;
      }
    }
    text << "\n";
  }
  return text.str();
}

TEST_CASE("parts cut at random and merged in any order come to the verdicts of one run") {
  const testing::Variables variables = {{"SPREAD", "98"}};
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const Workplace workplace;
    const std::vector<std::string> lines = records(seed);
    Workplace::write("rules.yml", kRules);
    Workplace::write("countries.csv", "code\nDE\nFR\nIT\n");
    Workplace::write("all.ndjson", joined(lines));
    Workplace::write("none.ndjson", "");
    Workplace::write("payments.ndjson", joined(lines));
    const Ran whole =
        run(check_of("all.ndjson", {"--windows", "all", "--report", "json=-", "--other", "payments=payments.ndjson"}),
            variables);
    INFO(whole.err);
    REQUIRE(whole.exit == 1);

    std::mt19937 random(seed);
    std::vector<std::vector<std::string>> parts(1 + random() % 5);
    for (const std::string& line : lines) parts[random() % parts.size()].push_back(line);
    std::vector<std::string> merge = {"merge", "--windows", "all", "--report", "json=-", "--quiet"};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string name = "part-" + std::to_string(i);
      Workplace::write(name + ".ndjson", joined(parts[i]));
      // The other stream is read by one of the tasks.
      const std::string payments = i == 0 ? "payments=payments.ndjson" : "payments=none.ndjson";
      const Ran part = run(check_of(name + ".ndjson", {"--summary-out", name + ".weir", "--fail-on", "never",
                                                       "--allow-empty", "--other", payments}),
                           variables);
      INFO(part.err);
      REQUIRE(part.exit == 0);
      merge.insert(merge.end() - static_cast<std::ptrdiff_t>(random() % 2), name + ".weir");
    }
    std::rotate(merge.begin() + 6, merge.begin() + 6 + static_cast<std::ptrdiff_t>(random() % parts.size()),
                merge.end());
    // The rules, their set, the variable and the environment are gone: the summaries carry them.
    fs::remove("rules.yml");
    fs::remove("countries.csv");
    const Ran merged = run(merge);
    INFO(merged.err);
    CHECK(merged.exit == 1);
    CHECK(rules_of(merged.out) == rules_of(whole.out));
  }
}

TEST_CASE("a merged report names every input of the merged runs, and each sample's own") {
  const Workplace workplace;
  Workplace::write("rules.yml", "weir: 1\nfields: {v: {max: $most}}\nwindows: [{rules: [{must: row_count == 4}]}]\n");
  for (const char* name : {"a", "b", "c", "d"}) {
    Workplace::write(std::string(name) + ".ndjson", "{\"v\":" + std::to_string(100 + name[0]) + "}\n");
  }
  REQUIRE(run({"check", "a.ndjson", "b.ndjson", "--rules", "rules.yml", "--var", "most=98", "--fail-on", "never",
               "--summary-out", "1.weir"})
              .exit == 0);
  REQUIRE(run({"check", "c.ndjson", "d.ndjson", "--rules", "rules.yml", "--var", "most=98", "--fail-on", "never",
               "--summary-out", "2.weir"})
              .exit == 0);
  REQUIRE(run({"merge", "2.weir", "--summary-out", "3.weir", "--fail-on", "never"}).exit == 0);
  const Ran merged = run({"merge", "1.weir", "3.weir", "--report", "json=-", "--fail-on", "never"});
  const Result<JsonValue> report = parse_json(merged.out);
  REQUIRE(report.ok());
  CHECK(report->find("inputs")->items.size() == 4);
  for (const JsonValue& rule : report->find("rules")->items) {
    if (rule.find("id")->text != "v.max") continue;
    REQUIRE(rule.find("samples")->items.size() == 4);
    CHECK(rule.find("samples")->items[0].find("input")->text == "a.ndjson");
    CHECK(rule.find("samples")->items[3].find("input")->text == "d.ndjson");
    CHECK(rule.find("samples")->items[3].find("value")->text == "200");
  }
}

TEST_CASE("what was selected and redacted in the runs stays so in the merge") {
  const Workplace workplace;
  Workplace::write("rules.yml", "weir: 1\nfields: {v: {max: 98, min: 0}, w: {max: 1}}\n");
  Workplace::write("a.ndjson", "{\"v\":4711,\"w\":4711}\n");
  REQUIRE(run({"check", "a.ndjson", "--rules", "rules.yml", "--fail-on", "never", "--summary-out", "1.weir", "--select",
               "id:*.max", "--redact", "v", "--redact", "w"})
              .exit == 0);
  std::ifstream file("1.weir", std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  CHECK(bytes.str().find("4711") == std::string::npos);
  const Ran merged = run({"merge", "1.weir", "--report", "json=-", "--quiet"});
  CHECK(merged.exit == 1);
  CHECK(merged.out.find("\"id\": \"v.max\"") != std::string::npos);
  CHECK(merged.out.find("\"id\": \"v.min\"") == std::string::npos);
  CHECK(merged.out.find("4711") == std::string::npos);
}

TEST_CASE("no summary is left behind by a run that could not read all of its input") {
  const Workplace workplace;
  Workplace::write("rules.yml", "weir: 1\nfields: {v: {max: 98}}\n");
  Workplace::write("a.ndjson", "{\"v\":1}\n");
  const Ran ran = run({"check", "a.ndjson", "missing.ndjson", "--rules", "rules.yml", "--summary-out", "1.weir"});
  CHECK(ran.exit == 3);
  CHECK(ran.err.find("no summary was written, as not every record was judged") != std::string::npos);
  CHECK_FALSE(fs::exists("1.weir"));
}

TEST_CASE("a summary that is damaged within is told by its name, before anything is judged") {
  const Workplace workplace;
  Workplace::write("rules.yml", "weir: 1\nfields: {v: {max: 98}}\nwindows: [{rules: [{must: row_count == 4}]}]\n");
  Workplace::write("a.ndjson", "{\"v\":1}\n");
  REQUIRE(run({"check", "a.ndjson", "--rules", "rules.yml", "--summary-out", "1.weir", "--fail-on", "never"}).exit ==
          0);
  RunSummary summary = *load_summary("1.weir");
  summary.windows.resize(summary.windows.size() / 2);
  Workplace::write("1.weir", write_summary(summary));
  const Ran ran = run({"merge", "1.weir"});
  CHECK(ran.exit == 3);
  CHECK(ran.err.find("weir: `1.weir`: the summaries are damaged or cut short") != std::string::npos);
  CHECK(ran.out.empty());
}

}  // namespace
}  // namespace weir
