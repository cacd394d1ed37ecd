// SPDX-License-Identifier: Apache-2.0
// zsh: a line of _arguments for each flag, with its summary. Works sourced, and as a file `_weir` in $fpath.
#include "app/completion_values.h"
#include "app/completions.h"

namespace weir {
namespace {

constexpr std::string_view kHead = R"sh(#compdef weir
# zsh completion for weir; in ~/.zshrc, after compinit:  source <(weir completion zsh)

_weir_kinds() {  # json=FILE
  if compset -P '*='; then
    _files
  else
    compadd -S= -q -- "$@"
  fi
}

_weir_rules() {  # the ids of the rules of the file that is the first operand
  local -a ids=("${(@f)$(weir explain --ids ${(Q)line[1]} 2> /dev/null)}")
  compadd -- ${ids:#}
}

)sh";

/// In single quotes inside a spec of _arguments or _describe, where : [ ] have a meaning.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string action_of(const Flag& flag) {
  switch (completed_of(flag)) {
    case Completed::Nothing: return " ";  // a message and nothing to offer
    case Completed::Files: return "_files";
    case Completed::Words: return "(" + joined_words(words_of(flag)) + ")";
    case Completed::KindThenFile: return "_weir_kinds " + joined_words(words_of(flag));
  }
  return "";
}

std::string flag_spec(const Flag& flag) {
  const bool valued = flag.kind != FlagKind::Switch;
  const std::string name = "--" + std::string(flag.name);
  const std::string letter = flag.letter == 0 ? "" : std::string("-") + flag.letter;
  std::string spec = flag.repeats ? "'*'" : letter.empty() ? "" : "'(" + letter + " " + name + ")'";
  spec += letter.empty() ? name + (valued ? "=" : "")
                         : "{" + letter + (valued ? "+" : "") + "," + name + (valued ? "=" : "") + "}";
  spec += "'[" + escaped(flag.summary) + "]";
  if (valued) spec += ":" + escaped(flag.argument) + ":" + action_of(flag);
  return spec + "'";
}

std::string operand_specs(const Command& command) {
  switch (completed_of(command)) {
    case Completed::Nothing: return "";
    case Completed::Words:
      return " \\\n        '1:" + escaped(command.operands) + ":(" +
             joined_words({command.words.begin(), command.words.end()}) + ")'" +
             (command.operands_max > 1 ? " '*:FILE:_files'" : "");
    default: break;
  }
  if (takes_rule_id(command)) return " \\\n        '1:RULES:_files' '2:RULE-ID:_weir_rules'";
  return " \\\n        '*:" + escaped(command.operands) + ":_files'";
}

}  // namespace

std::string zsh_completions() {
  std::string text(kHead);
  text += "_weir() {\n  local curcontext=$curcontext state line\n  typeset -A opt_args\n  local -a commands=(\n";
  for (const Command& command : commands())
    text += "    '" + std::string(command.name) + ":" + escaped(command.summary) + "'\n";
  text +=
      "    'help:say more about a command'\n  )\n"
      "  _arguments -C '(- *)'{-h,--help}'[the commands]' '(- *)'{-V,--version}'[the version]' \\\n"
      "    '1:command:->command' '*::argument:->argument' && return\n"
      "  case $state in\n    command) _describe -t commands command commands ;;\n    argument)\n"
      "      curcontext=${curcontext%:*:*}:weir-$words[1]:\n      case $words[1] in\n";
  for (const Command& command : commands()) {
    text += "      " + std::string(command.name) + ") _arguments -s -S";
    for (const Flag* flag : offered_flags(command)) text += " \\\n        " + flag_spec(*flag);
    text += operand_specs(command) + " ;;\n";
  }
  return text +
         "      help) _describe -t commands command commands ;;\n      esac ;;\n  esac\n}\n\n"
         "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n  _weir \"$@\"\nelse\n  compdef _weir weir\nfi\n";
}

}  // namespace weir
