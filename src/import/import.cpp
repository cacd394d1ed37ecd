// SPDX-License-Identifier: Apache-2.0
#include "import/import.h"

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "base/text.h"
#include "import/words.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"gx", "soda", "dbt", "odcs", "jsonschema"};

/// "orders" for "suites/orders.yml".
std::string stem_of(const std::string& file) {
  std::string name = file.substr(file.find_last_of('/') + 1);
  for (const std::string_view ending : {".json", ".yaml", ".yml", ".odcs", ".schema"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) name.resize(name.size() - ending.size());
  }
  return name == "-" ? "" : name;
}

/// Faults that left a tree: what a key that stands twice, or a tag, has hidden is listed like a rule that is left out.
void list_warnings(std::vector<Draft>& drafts, const std::vector<Error>& warnings) {
  if (drafts.empty()) return;
  for (const Error& warning : warnings) {
    drafts.front().begin("(the file)", warning.where.line, warning.where.column);
    drafts.front().leave_out(warning.message);
  }
}

}  // namespace

std::optional<SuiteKind> suite_kind(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<SuiteKind>(found - kNames.begin());
}

std::string_view name_of(SuiteKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

Result<std::vector<Draft>> read_drafts(SuiteKind kind, const std::string& file, std::string_view text) {
  const Result<SuiteText> suite = parse_suite(file, text);
  if (!suite) return suite.error();
  const std::string name = stem_of(file);
  Result<std::vector<Draft>> drafts = [&] {
    switch (kind) {
      case SuiteKind::GreatExpectations: return read_great_expectations(suite->root, name);
      case SuiteKind::Soda: return read_soda(suite->root, name);
      case SuiteKind::Dbt: return read_dbt(suite->root, name);
      case SuiteKind::OpenDataContract: return read_data_contract(suite->root, name);
      case SuiteKind::JsonSchema: break;
    }
    return read_json_schema(suite->root, name);
  }();
  if (!drafts) {
    Error error = drafts.error();
    error.where.file = file;
    return error;
  }
  list_warnings(*drafts, suite->warnings);
  return drafts;
}

std::string left_out_table(const Draft& draft, const std::string& file) {
  constexpr std::size_t kRuleWidth = 56;
  constexpr std::size_t kReasonWidth = 400;
  struct Row {
    std::string place;
    std::string rule;
    std::string reason;
  };
  std::vector<Row> rows;
  std::size_t place_width = 0;
  std::size_t rule_width = 0;
  for (const SourceRule& source : draft.sources) {
    if (source.left_out.empty()) continue;
    const std::string about = source.subject.empty() ? "" : " of " + source.subject;
    rows.push_back({visible(file) + ":" + std::to_string(source.line), one_line(source.name + about, kRuleWidth),
                    one_line(source.left_out, kReasonWidth)});
    place_width = std::max(place_width, display_width(rows.back().place));
    rule_width = std::max(rule_width, display_width(rows.back().rule));
  }
  const auto padded = [](const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, display_width(text)), ' ');
  };
  std::string out;
  for (const Row& row : rows)
    out += padded(row.place, place_width) + "  " + padded(row.rule, rule_width) + "  " + row.reason + "\n";
  return out;
}

}  // namespace weir
