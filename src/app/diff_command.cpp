// SPDX-License-Identifier: Apache-2.0
// weir diff: what changed in meaning between two rule files, for a terminal or as a table for a pull request.
#include <algorithm>

#include "app/plan_diff.h"
#include "app/rule_file.h"
#include "base/escape.h"
#include "rules/compile.h"

namespace weir {
namespace {

std::string arrow(const RuleChange& change, std::string_view sign) {
  if (change.before.empty()) return change.after;
  if (change.after.empty()) return change.before;
  return change.before + " " + std::string(sign) + " " + change.after;
}

std::string as_text(const std::vector<RuleChange>& changes, bool color) {
  std::size_t width = 0;
  for (const RuleChange& change : changes) width = std::max(width, change.id.size());
  std::string text;
  for (const RuleChange& change : changes) {
    const bool stricter = change.kind == ChangeKind::Added || change.kind == ChangeKind::Tighter;
    const bool milder = change.kind == ChangeKind::Removed || change.kind == ChangeKind::Looser;
    std::string word(word_of(change.kind));
    word.resize(8, ' ');
    if (color && stricter) word = "\033[32m" + word + "\033[0m";
    if (color && milder) word = "\033[31m" + word + "\033[0m";
    text += word + " " + change.id + std::string(width - change.id.size(), ' ') + "  " + arrow(change, "->") + "\n";
  }
  return text;
}

std::string cell(const std::string& text) {
  return text.empty() ? "" : markdown_code(text);
}

std::string as_markdown(const std::vector<RuleChange>& changes) {
  std::string text = "| change | rule | before | after |\n|---|---|---|---|\n";
  for (const RuleChange& change : changes) {
    text += "| " + std::string(word_of(change.kind)) + " | " + markdown_code(change.id) + " | " + cell(change.before) +
            " | " + cell(change.after) + " |\n";
  }
  return text;
}

PlanMeaning meaning_of(const Loaded& loaded) {
  PlanMeaning meaning{.plan = *loaded.plan, .written = loaded.written};
  for (std::size_t i = 0; i < loaded.plan->rules.size(); ++i) {
    meaning.meanings.push_back(weir::meaning_of(*loaded.plan, loaded.plan->rules[i], loaded.written[i]));
  }
  meaning.conditions = loaded.conditions;
  for (std::size_t i = 0; i < loaded.plan->window_rules.size(); ++i) {
    meaning.window_meanings.push_back(
        weir::meaning_of(*loaded.plan, loaded.plan->window_rules[i], loaded.conditions[i]));
  }
  return meaning;
}

/// Rules that no version judges yet are compared by their text.
void compare_later(const std::vector<LaterRule>& before, const std::vector<LaterRule>& after,
                   std::vector<RuleChange>& changes) {
  const auto find = [](const std::vector<LaterRule>& rules, const std::string& id) {
    return std::find_if(rules.begin(), rules.end(), [&](const LaterRule& rule) { return rule.id == id; });
  };
  for (const LaterRule& rule : after) {
    const auto old = find(before, rule.id);
    if (old == before.end()) {
      changes.push_back({.kind = ChangeKind::Added, .id = rule.id, .before = "", .after = rule.text});
    } else if (old->text != rule.text) {
      changes.push_back({.kind = ChangeKind::Changed, .id = rule.id, .before = old->text, .after = rule.text});
    }
  }
  for (const LaterRule& rule : before) {
    if (find(after, rule.id) == after.end()) {
      changes.push_back({.kind = ChangeKind::Removed, .id = rule.id, .before = rule.text, .after = ""});
    }
  }
}

}  // namespace

int run_diff(const Arguments& arguments, Surroundings& surroundings) {
  const Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  const std::string& old_path = arguments.operands()[0];
  const std::string& new_path = arguments.operands()[1];
  const Loaded before = load_rules(old_path, *options);
  const Loaded after = load_rules(new_path, *options);
  std::size_t errors = 0;
  for (const Loaded* loaded : {&before, &after}) {
    if (loaded->plan) continue;
    show_diagnostics(arguments, surroundings, *loaded);
    errors += count_diagnostics(*loaded).errors;
  }
  if (errors > 0) return refuse_rules(surroundings, errors);

  std::vector<RuleChange> changes = compare_plans(meaning_of(before), meaning_of(after));
  compare_later(before.later, after.later, changes);
  if (changes.empty()) {
    print(surroundings.out, "no difference in meaning: " + counted(written_rules(*after.plan), "rule") + "\n");
    return ExitCode::kHolds;
  }
  print(surroundings.out,
        arguments.on("markdown") ? as_markdown(changes) : as_text(changes, color_of_out(arguments, surroundings)));
  return arguments.on("exit-code") ? ExitCode::kFailed : ExitCode::kHolds;
}

}  // namespace weir
