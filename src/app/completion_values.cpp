// SPDX-License-Identifier: Apache-2.0
// The table tells by the name of an argument what it is: everything called FILE is one.
#include "app/completion_values.h"

#include "report/report.h"

namespace weir {

Completed completed_of(const Flag& flag) {
  if (flag.kind == FlagKind::Choice) return Completed::Words;
  if (flag.kind != FlagKind::Text) return Completed::Nothing;
  if (flag.argument == "KIND=FILE") return Completed::KindThenFile;
  const bool is_file = flag.argument.find("FILE") != std::string_view::npos;
  return is_file || flag.argument.find("DIR") != std::string_view::npos ? Completed::Files : Completed::Nothing;
}

Completed completed_of(const Command& command) {
  if (!command.words.empty()) return Completed::Words;
  // A GLOB is one over names of series, which no shell knows.
  const bool no_file = command.operands.empty() || command.operands.find("GLOB") != std::string_view::npos;
  return no_file ? Completed::Nothing : Completed::Files;
}

bool takes_rule_id(const Command& command) {
  return command.operands.find("RULE-ID") != std::string_view::npos;
}

std::vector<std::string_view> words_of(const Flag& flag) {
  if (flag.kind == FlagKind::Choice) return {flag.choices.begin(), flag.choices.end()};
  if (completed_of(flag) != Completed::KindThenFile) return {};
  if (!flag.choices.empty()) return {flag.choices.begin(), flag.choices.end()};
  return report_format_names();
}

std::vector<const Flag*> offered_flags(const Command& command) {
  std::vector<const Flag*> offered;
  for (const std::span<const Flag> flags : {command.flags, flags_of_all()}) {
    for (const Flag& flag : flags) {
      if (!flag.hidden) offered.push_back(&flag);
    }
  }
  return offered;
}

std::string joined_words(const std::vector<std::string_view>& words, std::string_view after) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : " ") + std::string(word) + std::string(after);
  return text;
}

}  // namespace weir
