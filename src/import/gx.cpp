// SPDX-License-Identifier: Apache-2.0
// Suites of Great Expectations: {"expectations": [{"expectation_type": …, "kwargs": {…}}]} of 0.x, `type` for
// `expectation_type` of 1.x, a bare list of expectations, and the configurations within a validation result.
#include <array>

#include "import/expectation.h"
#include "import/import.h"
#include "import/words.h"

namespace weir {
namespace {

/// ExpectColumnValuesToNotBeNull, as Python's classes and some YAML files write it, in the words of the JSON files.
std::string snake(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty() && out.back() != '_') out += '_';
    out += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

/// meta.notes: a text, a list of texts, or {"content": …}.
std::string notes_of(const SuiteNode& expectation) {
  const SuiteNode& described = expectation["description"];
  if (described.is_text() && !described.text.empty()) return described.text;
  for (const SuiteNode* notes : {&expectation["notes"], &expectation["meta"]["notes"]}) {
    const SuiteNode& content = notes->is_map() ? (*notes)["content"] : *notes;
    std::string text;
    for (const std::string& part : content.texts()) text += (text.empty() ? "" : " ") + part;
    if (!text.empty()) return text;
  }
  return "";
}

std::string severity_of(const SuiteNode& expectation) {
  const std::string written = lower(expectation["severity"].text_or(expectation["meta"]["severity"].text_or()));
  return written == "warning" || written == "info" || written == "warn" ? "warn" : "";
}

void read_expectation(Draft& draft, const SuiteNode& written, const SuiteNode& parameters) {
  const SuiteNode& node = written.has("expectation_config") ? written["expectation_config"] : written;
  const SuiteNode& type = node.has("type") ? node["type"] : node["expectation_type"];
  const std::string name = snake(type.text_or());
  const SuiteNode& arguments = node["kwargs"];
  if (!node.is_map() || name.empty()) {
    draft.begin("(an expectation)", written);
    return draft.leave_out("it has no `type` and no `expectation_type`");
  }
  Expectation expectation{.draft = draft, .name = name, .arguments = arguments, .parameters = &parameters};
  const SuiteNode& column = expectation.argument("column");
  draft.begin(name, node, column.text_or().empty() ? "" : Expectation::path(column));
  if (!arguments.is_map() && !arguments.is_null()) return draft.leave_out("`kwargs` is no map");
  if (name.starts_with("expect_column_") && !name.starts_with("expect_column_pair_") && !column.is_text() &&
      !column.is_number())
    return draft.leave_out("it names no column");
  expectation.severity = severity_of(node);
  expectation.description = one_line(notes_of(node), 300);
  translate_expectation(expectation);
}

}  // namespace

Result<std::vector<Draft>> read_great_expectations(const SuiteNode& root, const std::string& name) {
  const SuiteNode* list = root.is_list() ? &root : &root["expectations"];
  if (list->is_null() && root["results"].is_list()) list = &root["results"];
  const SourceSpan where{.line = std::max(root.line, 1), .column = std::max(root.column, 1)};
  if (list->is_null() && (root.has("validations") || root.has("validation_definitions") || root.has("action_list"))) {
    return Error{.message = "this is a checkpoint: it names suites and holds no expectations; import the suites",
                 .where = where};
  }
  if (!list->is_list()) return Error{.message = "there is no list `expectations`", .where = where};
  Draft draft;
  draft.name = root["name"].text_or(root["expectation_suite_name"].text_or(name));
  const SuiteNode& parameters = root.has("suite_parameters") ? root["suite_parameters"] : root["evaluation_parameters"];
  draft.description = notes_of(root);
  for (const SuiteNode& expectation : list->items) read_expectation(draft, expectation, parameters);
  return std::vector<Draft>{std::move(draft)};
}

}  // namespace weir
