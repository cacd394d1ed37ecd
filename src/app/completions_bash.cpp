// SPDX-License-Identifier: Apache-2.0
// bash: one function and one case for each command. Files are left to readline (`-o default`), which knows quotes and ~.
#include "app/completion_values.h"
#include "app/completions.h"

namespace weir {
namespace {

// Readline takes words apart at = and :, weir does not. So the line is read again, and because only what stands after an
// = is replaced on the line, words after an = are offered without what is before it.
constexpr std::string_view kHead = R"sh(# bash completion for weir; in ~/.bashrc:  source <(weir completion bash)

_weir_offer() {  # words that may stand here, with blanks between them
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_weir_files() {
  compopt -o default 2> /dev/null
}

_weir_kinds() {  # json=FILE
  if [[ $cur == *=* ]]; then
    _weir_files
  else
    compopt -o nospace 2> /dev/null
    _weir_offer "$1"
  fi
}

_weir_rules() {  # the ids of the rules of the file $1
  local id
  while IFS= read -r id; do
    [[ $id == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$id")")
  done < <(weir explain --ids "$1" 2> /dev/null)
}

_weir() {
  local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} cur flag= flags valued i
  local -a words operands=()
  read -a words <<< "$line"  # without -r: a backslash keeps a blank
  [[ $line == *[[:blank:]] ]] && words+=('')
  cur=${words[${#words[@]} - 1]}
  COMPREPLY=()
  compopt +o default 2> /dev/null
)sh";

constexpr std::string_view kFlagsRead = R"sh(
  for ((i = 2; i < ${#words[@]} - 1; i++)); do
    if [[ -n $flag ]]; then
      flag=
    elif [[ ${words[i]} == -- ]]; then
      operands+=("${words[@]:i + 1:${#words[@]} - i - 2}")
      flags=
      break
    elif [[ $valued == *" ${words[i]} "* ]]; then
      flag=${words[i]}
    elif [[ ${words[i]} != -?* ]]; then
      operands+=("${words[i]}")
    fi
  done
  if [[ -z $flag && -n $flags && $cur == --*=* ]]; then
    flag=${cur%%=*}
    cur=${cur#*=}
  fi
)sh";

/// "--rules" and, when it has one, "-r".
std::vector<std::string> names_of(const Flag& flag) {
  std::vector<std::string> names = {"--" + std::string(flag.name)};
  if (flag.letter != 0) names.push_back(std::string("-") + flag.letter);
  return names;
}

std::string action_of(const Flag& flag) {
  switch (completed_of(flag)) {
    case Completed::Nothing: return ":";
    case Completed::Files: return "_weir_files";
    case Completed::Words: return "_weir_offer '" + joined_words(words_of(flag)) + "'";
    case Completed::KindThenFile: return "_weir_kinds '" + joined_words(words_of(flag), "=") + "'";
  }
  return ":";
}

std::string operand_action(const Command& command) {
  switch (completed_of(command)) {
    case Completed::Nothing: return ":";
    case Completed::Words:
      return "if ((${#operands[@]})); then " + std::string(command.operands_max > 1 ? "_weir_files" : ":") +
             "; else _weir_offer '" + joined_words({command.words.begin(), command.words.end()}) + "'; fi";
    default: break;
  }
  if (takes_rule_id(command))
    return "if ((${#operands[@]})); then _weir_rules \"${operands[0]}\"; else _weir_files; fi";
  return "_weir_files";
}

/// The flags of each command, and which of them take a value.
std::string flags_case() {
  std::string text = "  case ${words[1]} in\n";
  for (const Command& command : commands()) {
    std::string flags;
    std::string valued = " ";
    for (const Flag* flag : offered_flags(command)) {
      for (const std::string& name : names_of(*flag)) {
        flags += (flags.empty() ? "" : " ") + name;
        if (flag->kind != FlagKind::Switch) valued += name + " ";
      }
    }
    text += "    " + std::string(command.name) + ")\n      flags='" + flags + "'\n      valued='" + valued + "' ;;\n";
  }
  return text + "    *) return ;;\n  esac\n";
}

/// What stands behind a flag, or as an operand.
std::string values_case() {
  std::string text = "  case ${words[1]}$flag in\n";
  for (const Command& command : commands()) {
    for (const Flag* flag : offered_flags(command)) {
      if (flag->kind == FlagKind::Switch) continue;
      std::string pattern;
      for (const std::string& name : names_of(*flag))
        pattern += (pattern.empty() ? "" : " | ") + std::string(command.name) + name;
      text += "    " + pattern + ") " + action_of(*flag) + " ;;\n";
    }
  }
  text += "    *-*) ;;\n    *)\n      [[ $cur == -* && -n $flags ]] && { _weir_offer \"$flags\"; return; }\n";
  text += "      case ${words[1]} in\n";
  for (const Command& command : commands())
    text += "        " + std::string(command.name) + ") " + operand_action(command) + " ;;\n";
  return text + "      esac ;;\n  esac\n";
}

}  // namespace

std::string bash_completions() {
  std::string names;
  for (const Command& command : commands()) names += std::string(command.name) + " ";
  std::string text(kHead);
  text += "  local commands='" + names + "'\n";
  text += "  if ((${#words[@]} < 3)); then\n    _weir_offer \"$commands help --help --version\"\n    return\n  fi\n";
  text += "  if [[ ${words[1]} == help ]]; then\n    _weir_offer \"$commands\"\n    return\n  fi\n";
  return text + flags_case() + std::string(kFlagsRead) + values_case() + "}\n\ncomplete -o default -F _weir weir\n";
}

}  // namespace weir
