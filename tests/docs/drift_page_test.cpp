// SPDX-License-Identifier: Apache-2.0
// The reference pages of the drift tests are tests: the sides of every case are summarised as a pane does it, compared and
// judged, and what is said about a test is what its spec says.
//
// After a change of a spec, WEIR_UPDATE_PAGES=1 build/dev/tests/test_docs writes the generated tables anew.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "docs/page.h"
#include "drift/compare.h"
#include "drift/registry.h"
#include "rules/load.h"
#include "testing/written_elements.h"

namespace weir::docs {
namespace {

std::string_view scope_in_words(DriftScope scope) {
  switch (scope) {
    case DriftScope::Numbers: return "numbers";
    case DriftScope::Categories: return "categories, and numbers in groups";
    case DriftScope::Any: return "any field";
    case DriftScope::SeveralFields: return "several number fields together";
  }
  return "";
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string table_of(const DriftSpec& spec) {
  return "| compares | effect | tolerance |\n|---|---|---|\n| " + std::string(scope_in_words(spec.scope)) + " | " +
         std::string(spec.effect) + " | " + number(spec.tolerance) + " |\n";
}

std::string table_of_tests() {
  std::string out = "| test | what it asks | compares | tolerance |\n|---|---|---|---|\n";
  for (const DriftSpec* spec : drift_tests()) {
    out += "| [" + std::string(spec->name) + "](" + std::string(spec->name) + ".md) | " + std::string(spec->summary) +
           " | " + std::string(scope_in_words(spec->scope)) + " | " + number(spec->tolerance) + " |\n";
  }
  return out;
}

Profile side(const std::string& notation) {
  return profile_of(testing::summary_of_elements(testing::written_elements(notation), testing::drift_spec()));
}

/// `1..100; 100..1`: the columns of several fields.
JointProfile joint_side(const std::string& notation) {
  std::vector<std::vector<double>> columns;
  std::istringstream parts(notation);
  for (std::string part; std::getline(parts, part, ';');) {
    columns.emplace_back();
    for (const std::string& text : testing::written_elements(part)) columns.back().push_back(std::atof(text.c_str()));
  }
  JointProfile out;
  out.rows = columns.at(0).size();
  const auto n = static_cast<double>(out.rows);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    REQUIRE(columns[i].size() == out.rows);
    out.paths.push_back(std::string(1, static_cast<char>('a' + i)));
    double mean = 0;
    for (const double value : columns[i]) mean += value / n;
    out.means.push_back(mean);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < out.rows; ++k) sum += (columns[i][k] - out.means[i]) * (columns[j][k] - out.means[j]);
      out.comoments.push_back(sum);
    }
  }
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

struct Sides {
  const DriftSpec* spec = nullptr;
  std::string reference;
  double design_effect = 1;
};

void run_case(const Sides& sides, const Case& one) {
  FieldPair pair;
  pair.path = "x";
  pair.tests = {sides.spec};
  pair.design_effect = sides.design_effect;
  Profile profiles[2];
  JointProfile joints[2];
  if (sides.spec->scope == DriftScope::SeveralFields) {
    joints[0] = joint_side(sides.reference);
    joints[1] = joint_side(one.subject);
    pair.joint_reference = &joints[0];
    pair.joint_current = &joints[1];
  } else {
    profiles[0] = side(sides.reference);
    profiles[1] = side(one.subject);
    pair.reference = &profiles[0];
    pair.current = &profiles[1];
  }
  const FieldResult found = compare_fields(std::vector{pair}, {}).front();
  CHECK(std::string(verdict_in_words(found.verdict)) == one.verb);
  std::string told = found.cause;
  if (found.verdict == Verdict::Pass || found.verdict == Verdict::Fail) {
    told = number(found.tests.at(0).measured.effect);
    if (!found.findings.empty()) told += ", " + found.findings[0].text;
  }
  CHECK(told == one.message);
}

void run_block(const DriftSpec& spec, const Block& block) {
  INFO("rules at line " << block.line << ":\n" << block.rules);
  LoadOptions options;
  options.read_file = [&block](const std::string&) -> Result<std::string> { return "weir: 1\n" + block.rules; };
  const Loaded loaded = load_rules("rules.yml", options);
  std::string faults;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    if (diagnostic.level == DiagnosticLevel::Error) faults += diagnostic.error.message + "\n";
  }
  REQUIRE(faults == "");
  Sides sides{.spec = &spec, .reference = {}, .design_effect = 1};
  for (const Case& one : block.cases) {
    INFO("line " << one.line << ": " << one.verb << " " << one.subject);
    if (one.verb == "reference") {
      sides.reference = one.subject;
    } else if (one.verb == "dependence") {
      sides.design_effect = std::atof(one.subject.c_str());
    } else {
      run_case(sides, one);
    }
  }
}

TEST_CASE("every drift test has a page, and every case on it holds") {
  for (const DriftSpec* spec : drift_tests()) {
    DYNAMIC_SECTION(spec->name) {
      const Page page = read_page("drift/" + std::string(spec->name) + ".md");
      REQUIRE(page.text.starts_with("# `" + std::string(spec->name) + "`\n"));
      CHECK(page.faults == std::vector<std::string>());
      std::set<std::string> verbs;
      for (const Block& block : page.blocks) {
        for (const Case& one : block.cases) verbs.insert(one.verb);
      }
      for (const std::string& verb : verbs) {
        CHECK(
            std::set<std::string>{"reference", "dependence", "pass", "fail", "no_data", "inconclusive"}.contains(verb));
      }
      for (const char* verb : {"pass", "fail", "inconclusive"}) CHECK(verbs.contains(verb));
      for (const Block& block : page.blocks) run_block(*spec, block);
    }
  }
}

TEST_CASE("every page of a drift test says what its spec says") {
  for (const DriftSpec* spec : drift_tests()) {
    DYNAMIC_SECTION(spec->name) {
      const Page page = read_page("drift/" + std::string(spec->name) + ".md");
      update_page(page, "test", table_of(*spec));
      CHECK(page.text.find(spec->summary) != std::string::npos);
      CHECK(generated_part(page.text, "test") == table_of(*spec));
    }
  }
}

TEST_CASE("every page about drift is about a test, and the list names all") {
  std::set<std::string> names;
  for (const DriftSpec* spec : drift_tests()) names.insert(std::string(spec->name) + ".md");
  for (const auto& entry : std::filesystem::directory_iterator(std::string(WEIR_SOURCE_DIR) + "/docs/drift")) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    const bool about_a_test = read_page("drift/" + name).text.starts_with("# `");
    CHECK(about_a_test == names.contains(name));
  }
  const Page list = read_page("drift/README.md");
  update_page(list, "tests", table_of_tests());
  CHECK(generated_part(list.text, "tests") == table_of_tests());
}

}  // namespace
}  // namespace weir::docs
