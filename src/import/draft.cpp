// SPDX-License-Identifier: Apache-2.0
#include "import/draft.h"

#include <algorithm>

namespace weir {

void Draft::begin(std::string rule, const SuiteNode& at, std::string subject) {
  begin(std::move(rule), at.line, at.column, std::move(subject));
}

void Draft::begin(std::string rule, int line, int column, std::string subject) {
  sources.push_back({.name = std::move(rule),
                     .subject = std::move(subject),
                     .line = line,
                     .column = column,
                     .left_out = {},
                     .notes = {}});
}

void Draft::add(DraftRule rule) {
  if (left_out()) return;
  if (rule.where == DraftRule::Where::Field && rule.field.empty()) return leave_out("it names no column");
  rule.source = sources.size() - 1;
  rules.push_back(std::move(rule));
}

void Draft::add_check(std::string field, std::string check, std::string value) {
  add({.field = std::move(field), .check = std::move(check), .value = std::move(value)});
}

void Draft::add_window(std::string must) {
  add({.where = DraftRule::Where::Window, .must = std::move(must)});
}

void Draft::note(std::string sentence) {
  std::vector<std::string>& notes = sources.back().notes;
  if (std::find(notes.begin(), notes.end(), sentence) == notes.end()) notes.push_back(std::move(sentence));
}

void Draft::leave_out(std::string reason) {
  const std::size_t current = sources.size() - 1;
  sources.back().left_out = std::move(reason);
  while (!rules.empty() && rules.back().source == current) rules.pop_back();
}

std::string Draft::free_id(const std::string& wanted) const {
  const auto taken = [&](const std::string& id) {
    return std::any_of(rules.begin(), rules.end(), [&](const DraftRule& rule) { return rule.id == id; });
  };
  std::string id = wanted;
  for (std::size_t n = 2; taken(id); ++n) id = wanted + "-" + std::to_string(n);
  return id;
}

std::size_t carried_over(const Draft& draft) {
  return static_cast<std::size_t>(std::count_if(draft.sources.begin(), draft.sources.end(),
                                                [](const SourceRule& source) { return source.left_out.empty(); }));
}

}  // namespace weir
