// SPDX-License-Identifier: Apache-2.0
// The reference pages of the checks are tests: every case on them runs through the rule loader and the engine, and what
// is said about parameters is what the specs say.
//
// After a change of a spec, WEIR_UPDATE_PAGES=1 build/dev/tests/test_docs writes the generated tables anew.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "docs/page.h"
#include "rules/load.h"
#include "weir/engine.h"

namespace weir::docs {
namespace {

constexpr const char* kNow = "2026-01-01T00:00:00Z";

// Files that the rules of a page may name.
Result<std::string> read_file(const std::string& path, const std::string& rules) {
  if (path == "rules.yml") return "weir: 1\n" + rules;
  if (path == "skus.txt" || path == "./skus.txt") return std::string("A-1\nA-2\n");
  if (path == "skus.csv" || path == "./skus.csv") return std::string("sku,name\nA-1,lamp\nA-2,chair\n");
  if (path.ends_with("order.schema.json")) return std::string(R"({"type": "object", "required": ["id"]})");
  if (path.ends_with("address.schema.json")) return std::string(R"({"type": "object"})");
  return Error{.message = "no such file: " + path};
}

Loaded load(const std::string& rules) {
  LoadOptions options;
  options.read_file = [&rules](const std::string& path) { return read_file(path, rules); };
  options.read_references = false;
  return load_rules("rules.yml", options);
}

std::string diagnostics_of(const Loaded& loaded) {
  std::string out;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    if (diagnostic.level == DiagnosticLevel::Error) out += diagnostic.error.message + "\n";
  }
  return out;
}

// What one record came to for the check that a page is about.
struct Judgement {
  std::uint64_t evaluated = 0;
  std::uint64_t failed = 0;
  std::vector<std::string> others;    // rules of other checks that failed
  std::vector<std::string> messages;  // of this check
};

Judgement judge(Engine& engine, const Plan& plan, std::string_view check, const std::string& record, Instant now) {
  const std::string padded = record + std::string(Messages::kPadding, ' ');
  Messages messages;
  messages.items.push_back(
      {.bytes = std::string_view(padded).substr(0, record.size()), .line = 1, .offset = 0, .whole = true});
  const Outcome outcome = engine.step(messages, now);
  Judgement judgement;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (plan.rules[i].info.check == check) {
      judgement.evaluated += outcome.rules[i].evaluated;
      judgement.failed += outcome.rules[i].failed;
    } else if (outcome.rules[i].failed > 0) {
      judgement.others.push_back(plan.rules[i].info.id);
    }
  }
  for (const FailingRecord& failing : outcome.failing) {
    for (const Violation& violation : failing.violations) {
      if (plan.rules[violation.rule].info.check == check) judgement.messages.push_back(violation.message);
    }
  }
  return judgement;
}

void run_case(const Case& one, Engine& engine, const Plan& plan, std::string_view check, Instant now) {
  INFO("line " << one.line << ": " << one.verb << " " << one.subject);
  const Judgement judgement = judge(engine, plan, check, one.subject, now);
  CHECK(judgement.others == std::vector<std::string>());
  if (one.verb == "fail") {
    CHECK(judgement.failed > 0);
    if (!one.message.empty()) CHECK(judgement.messages == std::vector<std::string>{one.message});
  } else {
    CHECK(judgement.messages == std::vector<std::string>());
    CHECK((judgement.evaluated > 0) == (one.verb == "pass"));
  }
}

void run_error(const Case& one) {
  INFO("line " << one.line << ": error " << one.subject);
  const Loaded loaded = load(one.subject + "\n");
  CHECK(loaded.plan == nullptr);
  CHECK(diagnostics_of(loaded) == one.message + "\n");
}

void run_block(const Block& block, std::string_view check) {
  INFO("rules at line " << block.line << ":\n" << block.rules);
  const Loaded loaded = load(block.rules);
  REQUIRE(diagnostics_of(loaded) == "");
  REQUIRE(loaded.plan != nullptr);
  Engine engine(loaded.plan, {.samples_per_rule = 0, .failing_records = true, .input = 0, .format = Format::Json});
  Instant now = *parse_timestamp(kNow);
  for (const Case& one : block.cases) {
    if (one.verb == "now") {
      REQUIRE(parse_timestamp(one.subject).has_value());
      now = *parse_timestamp(one.subject);
    } else if (one.verb == "error") {
      run_error(one);
    } else {
      run_case(one, engine, *loaded.plan, check, now);
    }
  }
}

std::string_view type_in_words(ParamType type) {
  switch (type) {
    case ParamType::Boolean: return "true or false";
    case ParamType::Count: return "whole number";
    case ParamType::Number: return "number";
    case ParamType::Text: return "text";
    case ParamType::Choice: return "one of those listed";
    case ParamType::Scalar: return "value";
    case ParamType::Scalars: return "list of values";
    case ParamType::Texts: return "text, or list of texts";
    case ParamType::Duration: return "duration";
    case ParamType::Field: return "field";
    case ParamType::Fields: return "list of fields";
    case ParamType::Files: return "file, or list of files";
    case ParamType::Json: return "any value";
  }
  return "";
}

std::string list_of(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "`" : ", `") + std::string(name) + "`";
  return out;
}

std::string place_of(const CheckSpec& spec) {
  if (spec.on_field && spec.on_record) return "`fields`, `records`";
  return spec.on_field ? "`fields`" : "`records`";
}

std::string parameters_of(const CheckSpec& spec) {
  std::string out = "| parameter | takes | meaning |\n|---|---|---|\n";
  for (const ParamSpec& param : spec.params) {
    out += "| `" + std::string(param.name) + "`" + (param.required ? " (required)" : "") + " | " +
           std::string(type_in_words(param.type)) + " | " + std::string(param.summary);
    if (!param.choices.empty()) out += " One of " + list_of(param.choices) + ".";
    out += " |\n";
  }
  out += "\nStands under " + place_of(spec) + ".";
  if (!spec.params.empty() && spec.on_field) {
    out += " `" + std::string(spec.name) + ": X` is short for `" + std::string(spec.name) + ": {" +
           std::string(spec.params.front().name) + ": X}`.";
  }
  out += "\n";
  if (!spec.synonyms.empty()) out += "Elsewhere known as " + list_of(spec.synonyms) + ".\n";
  return out;
}

std::string table_of_checks() {
  std::string out = "| check | what has to hold | under |\n|---|---|---|\n";
  for (const CheckSpec* spec : check_specs()) {
    out += "| [" + std::string(spec->name) + "](" + std::string(spec->name) + ".md) | " + std::string(spec->summary) +
           " | " + place_of(*spec) + " |\n";
  }
  return out;
}

// Checks that no value of their parameters can upset beyond its type.
bool has_faults_of_its_own(const CheckSpec& spec) {
  return spec.params.size() != 1 || spec.params.front().type != ParamType::Boolean;
}

TEST_CASE("every check has a page, and every case on it holds") {
  for (const CheckSpec* spec : check_specs()) {
    DYNAMIC_SECTION(spec->name) {
      const Page page = read_page("checks/" + std::string(spec->name) + ".md");
      REQUIRE(page.text.starts_with("# `" + std::string(spec->name) + "`\n"));
      CHECK(page.faults == std::vector<std::string>());
      std::set<std::string> verbs;
      for (const Block& block : page.blocks) {
        for (const Case& one : block.cases) verbs.insert(one.verb);
      }
      for (const std::string& verb : verbs)
        CHECK(std::set<std::string>{"pass", "fail", "skip", "error", "now"}.contains(verb));
      CHECK(verbs.contains("pass"));
      CHECK(verbs.contains("fail"));
      CHECK((verbs.contains("error") || !has_faults_of_its_own(*spec)));
      for (const Block& block : page.blocks) run_block(block, spec->name);
    }
  }
}

TEST_CASE("every page of a check says what its spec says") {
  for (const CheckSpec* spec : check_specs()) {
    DYNAMIC_SECTION(spec->name) {
      const Page page = read_page("checks/" + std::string(spec->name) + ".md");
      const std::string expected = parameters_of(*spec);
      update_page(page, "parameters", expected);
      CHECK(page.text.find(spec->summary) != std::string::npos);
      CHECK(generated_part(page.text, "parameters") == expected);
    }
  }
}

TEST_CASE("every page of a check is about a check, and the list names all") {
  std::set<std::string> names;
  for (const CheckSpec* spec : check_specs()) names.insert(std::string(spec->name) + ".md");
  for (const auto& entry : std::filesystem::directory_iterator(std::string(WEIR_SOURCE_DIR) + "/docs/checks")) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK((name == "README.md" || names.contains(name)));
  }
  const Page list = read_page("checks/README.md");
  update_page(list, "checks", table_of_checks());
  CHECK(generated_part(list.text, "checks") == table_of_checks());
}

}  // namespace
}  // namespace weir::docs
