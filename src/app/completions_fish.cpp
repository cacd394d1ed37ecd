// SPDX-License-Identifier: Apache-2.0
// fish: one `complete` for each command and flag, with its summary.
#include "app/completion_values.h"
#include "app/completions.h"

namespace weir {
namespace {

constexpr std::string_view kHead =
    R"sh(# fish completion for weir:  weir completion fish > ~/.config/fish/completions/weir.fish

function __weir_in  # whether the command of the line is $argv[1]
    set -l words (commandline -opc)
    test (count $words) -ge 2; and contains -- $words[2] $argv
end

function __weir_operands  # how many operands the line has, at most; values of flags count too
    set -l words (commandline -opc)
    count (string match -v -- '-*' $words[3..-1])
end

function __weir_rules  # the ids of the rules of the file that is the first operand
    set -l words (commandline -opc)
    weir explain --ids (string match -v -- '-*' $words[3..-1])[1] 2> /dev/null
end

complete -c weir -f
complete -c weir -n __fish_use_subcommand -s V -l version -d 'print the version'
complete -c weir -n __fish_use_subcommand -s h -l help -d 'the commands'
)sh";

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string flag_line(const Command& command, const Flag& flag) {
  std::string line = "complete -c weir -n '__weir_in " + std::string(command.name) + "' -l " + std::string(flag.name);
  if (flag.letter != 0) line += std::string(" -s ") + flag.letter;
  if (flag.kind != FlagKind::Switch) {
    switch (completed_of(flag)) {
      case Completed::Nothing: line += " -x"; break;
      case Completed::Files: line += " -r -F"; break;
      case Completed::Words: line += " -x -a '" + joined_words(words_of(flag)) + "'"; break;
      case Completed::KindThenFile: line += " -r -F -a '" + joined_words(words_of(flag), "=") + "'"; break;
    }
  }
  return line + " -d " + quoted(flag.summary) + "\n";
}

std::string operand_lines(const Command& command) {
  const std::string in = "complete -c weir -n '__weir_in " + std::string(command.name);
  switch (completed_of(command)) {
    case Completed::Nothing: return "";
    case Completed::Words:
      return in + "; and test (__weir_operands) -eq 0' -a '" +
             joined_words({command.words.begin(), command.words.end()}) + "'\n" +
             (command.operands_max > 1 ? in + "; and test (__weir_operands) -gt 0' -F\n" : "");
    default: break;
  }
  if (!takes_rule_id(command)) return in + "' -F\n";
  return in + "; and test (__weir_operands) -eq 0' -F\n" + in +
         "; and test (__weir_operands) -eq 1' -a '(__weir_rules)' -d rule\n";
}

}  // namespace

std::string fish_completions() {
  std::string text(kHead);
  for (const Command& command : commands())
    text += "complete -c weir -n __fish_use_subcommand -a " + std::string(command.name) + " -d " +
            quoted(command.summary) + "\n";
  text += "complete -c weir -n __fish_use_subcommand -a help -d 'say more about a command'\n";
  std::string names;
  for (const Command& command : commands()) names += (names.empty() ? "" : " ") + std::string(command.name);
  text += "complete -c weir -n '__weir_in help' -a '" + names + "'\n";
  for (const Command& command : commands()) {
    text += "\n" + operand_lines(command);
    for (const Flag* flag : offered_flags(command)) text += flag_line(command, *flag);
  }
  return text;
}

}  // namespace weir
