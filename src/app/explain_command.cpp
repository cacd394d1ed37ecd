// SPDX-License-Identifier: Apache-2.0
// weir explain: an error code, a rule file, or one of its rules, in words.
#include <algorithm>
#include <filesystem>

#include "app/rule_file.h"
#include "base/text.h"
#include "rules/explain.h"

namespace weir {
namespace {

/// "W104", in any case of letters; a file of that name wins.
bool is_code(const std::string& word) {
  const bool shape = word.size() == 4 && (word[0] == 'W' || word[0] == 'w') &&
                     std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
  std::error_code ignored;
  return shape && !std::filesystem::exists(word, ignored);
}

int explain_one_code(Surroundings& surroundings, std::string code) {
  code[0] = 'W';
  const std::string text = explain_code(code);
  if (text.empty())
    return refuse_usage(surroundings,
                        {.message = "there is no code " + in_quotes(code), .help = "docs/diagnostics.md has them all"});
  print(surroundings.out, text);
  return ExitCode::kHolds;
}

std::vector<std::string_view> ids_of(const Loaded& loaded) {
  std::vector<std::string_view> ids;
  for (const RecordRule& rule : loaded.plan->rules) ids.push_back(rule.info.id);
  for (const WindowRule& rule : loaded.plan->window_rules) ids.push_back(rule.info.id);
  for (const LaterRule& rule : loaded.later) ids.push_back(rule.id);
  return ids;
}

/// With the rule that was meant, when one is near.
Error no_such_rule(const Loaded& loaded, const std::string& path, const std::string& id) {
  const std::string_view meant = nearest(id, ids_of(loaded));
  Error error{.message = "there is no rule " + in_quotes(id) + " in " + in_quotes(path)};
  if (!meant.empty()) error.message += ": did you mean " + in_quotes(meant) + "?";
  error.help = "`weir explain " + path + "` lists the rules";
  return error;
}

}  // namespace

int run_explain(const Arguments& arguments, Surroundings& surroundings) {
  const std::vector<std::string>& operands = arguments.operands();
  if (operands.size() == 1 && is_code(operands[0])) return explain_one_code(surroundings, operands[0]);
  const Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  const Loaded loaded = load_rules(operands[0], *options);
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  if (arguments.on("ids")) {
    std::string lines;
    for (const std::string_view id : ids_of(loaded)) lines += std::string(id) + "\n";
    print(surroundings.out, lines);
    return ExitCode::kHolds;
  }
  const std::string text = operands.size() == 1 ? explain_rules(loaded) : explain_rule(loaded, operands[1]);
  if (text.empty()) return refuse_usage(surroundings, no_such_rule(loaded, operands[0], operands[1]));
  print(surroundings.out, text);
  return ExitCode::kHolds;
}

}  // namespace weir
