// SPDX-License-Identifier: Apache-2.0
#include "import/settle.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "rules/load.h"
#include "rules/yaml.h"

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

using Refusals = std::map<std::size_t, std::string>;  // by source: what the loader says

/// The sources whose rules stand on lines with an error; nothing when an error stands elsewhere.
std::optional<Refusals> refused(const Draft& draft, const WrittenDraft& written, const Loaded& loaded) {
  Refusals sources;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    if (diagnostic.level != DiagnosticLevel::Error) continue;
    const auto line = static_cast<std::size_t>(std::max(diagnostic.error.where.line, 1)) - 1;
    if (line >= written.rules.size() || written.rules[line].empty()) return std::nullopt;
    for (const std::size_t rule : written.rules[line])
      sources.emplace(draft.rules[rule].source, diagnostic.error.message);
  }
  return sources;
}

/// The sources that are refused even when they are alone: for an error that does not say which rule it lies in.
Refusals refused_alone(const Draft& draft, const SuiteOrigin& origin) {
  Refusals sources;
  Draft alone;
  alone.sources.resize(draft.sources.size());
  for (std::size_t begin = 0; begin < draft.rules.size();) {
    const std::size_t source = draft.rules[begin].source;
    alone.rules.clear();
    for (; begin < draft.rules.size() && draft.rules[begin].source == source; ++begin)
      alone.rules.push_back(draft.rules[begin]);
    const Loaded loaded = load_text(write_draft(alone, origin, false).text);
    for (const Diagnostic& diagnostic : loaded.diagnostics) {
      if (diagnostic.level == DiagnosticLevel::Error) sources.emplace(source, diagnostic.error.message);
    }
  }
  return sources;
}

/// More than a rule file may hold, or more than is worth trying one by one.
bool is_too_large(const Draft& draft, const WrittenDraft& written) {
  constexpr std::size_t kMostRules = 2'000;
  return written.text.size() > kMaxYamlBytes || draft.rules.size() > kMostRules;
}

void leave_out(Draft& draft, const Refusals& refusals) {
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
    std::optional<Refusals> refusals = refused(draft, written, loaded);
    if (refusals && refusals->empty()) break;
    if (!refusals) refusals = is_too_large(draft, written) ? Refusals() : refused_alone(draft, origin);
    if (refusals->empty()) {
      return Error{.message = "the rules do not fit into a rule file: " + loaded.diagnostics.front().error.message,
                   .where = {.file = origin.file}};
    }
    leave_out(draft, *refusals);
  }
  drop_repetitions(draft);
  std::string text = write_draft(draft, origin, true).text;
  if (load_text(text).plan != nullptr) return text;
  return write_draft(draft, origin, false).text;
}

}  // namespace weir
