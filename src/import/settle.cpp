// SPDX-License-Identifier: Apache-2.0
#include "import/settle.h"

#include <algorithm>
#include <map>
#include <set>

#include "rules/load.h"

namespace weir {
namespace {

Loaded load_text(const std::string& text) {
  LoadOptions options;
  options.environment = [](const std::string&) { return std::optional<std::string>(); };
  options.read_file = [&text](const std::string& path) -> Result<std::string> {
    if (path.empty()) return text;
    return Error{.message = "the file is not there"};
  };
  return load_rules("", options);
}

/// The sources whose rules stand on lines with an error, with what is said there; an error without such a line ends it.
Result<std::map<std::size_t, std::string>> refused(const Draft& draft, const WrittenDraft& written,
                                                   const Loaded& loaded) {
  std::map<std::size_t, std::string> sources;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    if (diagnostic.level != DiagnosticLevel::Error) continue;
    const auto line = static_cast<std::size_t>(std::max(diagnostic.error.where.line, 1)) - 1;
    if (line >= written.rules.size() || written.rules[line].empty()) return diagnostic.error;
    for (const std::size_t rule : written.rules[line])
      sources.emplace(draft.rules[rule].source, diagnostic.error.message);
  }
  return sources;
}

void leave_out(Draft& draft, const std::map<std::size_t, std::string>& refusals) {
  for (const auto& [source, message] : refusals) draft.sources[source].left_out = "weir refuses it: " + message;
  draft.rules.erase(std::remove_if(draft.rules.begin(), draft.rules.end(),
                                   [&](const DraftRule& rule) { return refusals.count(rule.source) != 0; }),
                    draft.rules.end());
}

/// Two rules of the suite may say the same (`primaryKey` and `required`): one rule will do.
void drop_repetitions(Draft& draft) {
  std::set<std::vector<std::string>> seen;
  const auto is_repeated = [&seen](const DraftRule& rule) {
    std::vector<std::string> said = {std::to_string(static_cast<int>(rule.where)),
                                     rule.field,
                                     rule.check,
                                     rule.value,
                                     rule.must,
                                     rule.should,
                                     rule.id,
                                     rule.severity,
                                     rule.on_fail,
                                     rule.nulls,
                                     rule.when,
                                     rule.on_empty};
    return !seen.insert(std::move(said)).second;
  };
  draft.rules.erase(std::remove_if(draft.rules.begin(), draft.rules.end(), is_repeated), draft.rules.end());
}

}  // namespace

Result<std::string> settle(Draft& draft, const SuiteOrigin& origin) {
  // A rule that is left out may leave another one without the rule that it names, so this goes on until nothing is refused.
  for (;;) {
    const WrittenDraft written = write_draft(draft, origin, false);
    const Loaded loaded = load_text(written.text);
    Result<std::map<std::size_t, std::string>> refusals = refused(draft, written, loaded);
    if (!refusals) {
      return Error{.message = "the rules do not fit into a rule file: " + refusals.error().message,
                   .where = {.file = origin.file}};
    }
    if (refusals->empty()) break;
    leave_out(draft, *refusals);
  }
  drop_repetitions(draft);
  std::string text = write_draft(draft, origin, true).text;
  if (load_text(text).plan != nullptr) return text;
  return write_draft(draft, origin, false).text;
}

}  // namespace weir
