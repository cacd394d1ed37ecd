// SPDX-License-Identifier: Apache-2.0
// The reference pages of the measures are tests: every case on them is decoded, summarised, measured and judged, and what is
// said about a call is what its spec says.
//
// After a change of a spec, WEIR_UPDATE_PAGES=1 build/dev/tests/test_docs writes the generated tables anew.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "base/timestamp.h"
#include "docs/page.h"
#include "docs/window_case.h"
#include "measures/registry.h"
#include "rules/load.h"

namespace weir::docs {
namespace {

std::string_view result_in_words(MeasureResult result) {
  switch (result) {
    case MeasureResult::Number: return "a number";
    case MeasureResult::Count: return "a whole number";
    case MeasureResult::Rate: return "a rate: compare it with a percentage";
    case MeasureResult::Duration: return "a duration";
    case MeasureResult::Values: return "a list of values";
    case MeasureResult::Any: return "a number, a time or a text, as the field has them";
  }
  return "";
}

std::string_view source_in_words(MeasureSource source) {
  switch (source) {
    case MeasureSource::Rows: return "the records of the window";
    case MeasureSource::Field: return "the values of a field";
    case MeasureSource::TwoFields: return "the values of two fields, each for itself";
    case MeasureSource::Joint: return "two fields of the same records";
    case MeasureSource::Rule: return "a rule over single records";
    case MeasureSource::Condition: return "an expression over single records";
    case MeasureSource::Schema: return "the fields of the records";
    case MeasureSource::Measure: return "another measure";
    case MeasureSource::Score: return "the other rules";
    case MeasureSource::Drift: return "a field and its reference";
  }
  return "";
}

std::string call_of(const MeasureSpec& spec) {
  return "`" + std::string(spec.name) + (spec.signature.empty() ? "" : "(" + std::string(spec.signature) + ")") + "`";
}

std::string table_of(const MeasureSpec& spec) {
  return "| call | gives | looks at |\n|---|---|---|\n| " + call_of(spec) + " | " +
         std::string(result_in_words(spec.result)) + " | " + std::string(source_in_words(spec.source)) + " |\n";
}

std::string table_of_measures() {
  std::string out = "| measure | what it tells | call |\n|---|---|---|\n";
  for (const MeasureSpec& spec : measure_specs()) {
    out += "| [" + std::string(spec.name) + "](" + std::string(spec.name) + ".md) | " + std::string(spec.summary) +
           " | " + call_of(spec) + " |\n";
  }
  return out;
}

/// The elements of a JSON array, as they are written.
std::vector<std::string> elements_of(const std::string& array) {
  std::vector<std::string> out;
  std::string element;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const char c = array[i];
    if (c == '\\') {
      element += c;
      element += array[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    const bool opens = !quoted && (c == '[' || c == '{');
    const bool closes = !quoted && (c == ']' || c == '}');
    if (closes) --depth;
    const bool between = (!quoted && depth == 1 && c == ',') || (closes && depth == 0);
    if (between) {
      if (element.find_first_not_of(' ') != std::string::npos) out.push_back(element);
      element.clear();
    } else if (depth > 0) {
      element += c;
    }
    if (opens) ++depth;
  }
  return out;
}

std::vector<double> numbers_of(const std::string& text) {
  std::istringstream words(text);
  std::vector<double> out;
  for (double number = 0; words >> number;) out.push_back(number);
  return out;
}

std::string_view verdict_in_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass: return "pass";
    case Verdict::Fail: return "fail";
    case Verdict::NoData: return "no_data";
    case Verdict::Inconclusive: return "inconclusive";
    case Verdict::Error: return "error";
    case Verdict::Warn: return "warn";
  }
  return "";
}

void run_verdict(const Case& one, const WindowRuleOfPage& rule, WindowCase& window) {
  REQUIRE(parse_json(one.subject).ok());
  window.records = elements_of(one.subject);
  const Result<Judgement> found = judge(rule, window);
  if (!found) FAIL(found.error().message);
  CHECK(std::string(verdict_in_words(found->verdict)) == one.verb);
  const auto told = [](const Measured& observed, bool is_rate, const std::string& cause) {
    return observed.is_value() ? show(observed, is_rate) : cause;
  };
  CHECK(told(found->observed, found->observed_is_rate, found->cause) == one.message);

  // A window that no record is in is judged only between others.
  if (window.records.empty() || !window.season.empty()) return;
  const Result<WindowVerdict> judged = judge_by_engine(rule, window);
  if (!judged) FAIL("by the engine: " + judged.error().message);
  CHECK(std::string(verdict_in_words(judged->verdict)) == one.verb);
  CHECK(told(judged->observed, judged->observed_is_rate, judged->cause) == one.message);
}

void run_error(const Case& one) {
  const Result<WindowRuleOfPage> rule = read_window_rule(one.subject + "\n");
  REQUIRE(rule.ok());
  WindowCase window;
  window.end += std::chrono::minutes(1);
  const Result<WindowVerdict> found = judge_by_engine(*rule, window);
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().message == one.message);
}

void set_window(const std::string& subject, WindowCase& window) {
  const std::size_t blank = subject.find(' ');
  REQUIRE(blank != std::string::npos);
  const std::optional<Instant> start = parse_timestamp(subject.substr(0, blank));
  const std::optional<Duration> length = parse_duration(subject.substr(blank + 1));
  REQUIRE((start && length));
  window.start = *start;
  window.end = *start + *length;
}

void run_block(const Block& block) {
  INFO("rules at line " << block.line << ":\n" << block.rules);
  LoadOptions options;
  options.read_file = [&block](const std::string&) -> Result<std::string> { return "weir: 1\n" + block.rules; };
  options.read_references = false;
  const Loaded loaded = load_rules("rules.yml", options);
  std::string faults;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    if (diagnostic.level == DiagnosticLevel::Error) faults += diagnostic.error.message + "\n";
  }
  REQUIRE(faults == "");
  const Result<WindowRuleOfPage> rule = read_window_rule(block.rules);
  if (block.cases.empty()) return;
  REQUIRE(rule.ok());
  WindowCase window;
  set_window("2026-01-01T12:00:00Z 1m", window);
  for (const Case& one : block.cases) {
    INFO("line " << one.line << ": " << one.verb << " " << one.subject);
    if (one.verb == "window") {
      set_window(one.subject, window);
    } else if (one.verb == "past") {
      window.past = numbers_of(one.subject);
    } else if (one.verb == "season") {
      window.season = numbers_of(one.subject);
    } else if (one.verb == "elsewhere") {
      window.elsewhere = elements_of(one.subject);
    } else if (one.verb == "error") {
      run_error(one);
    } else {
      run_verdict(one, *rule, window);
    }
  }
}

TEST_CASE("every measure has a page, and every case on it holds") {
  for (const MeasureSpec& spec : measure_specs()) {
    DYNAMIC_SECTION(spec.name) {
      const Page page = read_page("measures/" + std::string(spec.name) + ".md");
      REQUIRE(page.text.starts_with("# `" + std::string(spec.name) + "`\n"));
      CHECK(page.faults == std::vector<std::string>());
      std::set<std::string> verbs;
      for (const Block& block : page.blocks) {
        for (const Case& one : block.cases) verbs.insert(one.verb);
      }
      for (const std::string& verb : verbs) {
        CHECK(std::set<std::string>{"pass", "fail", "no_data", "inconclusive", "error", "window", "past", "season",
                                    "elsewhere"}
                  .contains(verb));
      }
      if (spec.compute != nullptr) {
        CHECK(verbs.contains("pass"));
        CHECK(verbs.contains("fail"));
      } else {
        CHECK(page.text.find("](../drift/" + std::string(spec.name) + ".md)") != std::string::npos);
      }
      for (const Block& block : page.blocks) run_block(block);
    }
  }
}

TEST_CASE("every page of a measure says what its spec says") {
  for (const MeasureSpec& spec : measure_specs()) {
    DYNAMIC_SECTION(spec.name) {
      const Page page = read_page("measures/" + std::string(spec.name) + ".md");
      update_page(page, "call", table_of(spec));
      CHECK(page.text.find(spec.summary) != std::string::npos);
      CHECK(generated_part(page.text, "call") == table_of(spec));
    }
  }
}

TEST_CASE("every page of a measure is about a measure, and the list names all") {
  std::set<std::string> names;
  for (const MeasureSpec& spec : measure_specs()) names.insert(std::string(spec.name) + ".md");
  for (const auto& entry : std::filesystem::directory_iterator(std::string(WEIR_SOURCE_DIR) + "/docs/measures")) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK((name == "README.md" || names.contains(name)));
  }
  const Page list = read_page("measures/README.md");
  update_page(list, "measures", table_of_measures());
  CHECK(generated_part(list.text, "measures") == table_of_measures());
}

}  // namespace
}  // namespace weir::docs
