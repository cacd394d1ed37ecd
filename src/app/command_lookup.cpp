// SPDX-License-Identifier: Apache-2.0
// Questions about the table of commands.
#include <array>

#include "app/command.h"

namespace weir {
namespace {

constexpr std::array<ExitMeaning, 6> kExitMeanings = {{
    {ExitCode::kHolds, "everything that must hold held; warnings included"},
    {ExitCode::kFailed,
     "a rule at or above `--fail-on` failed; a field drifted; a test case failed; `diff --exit-code` found a "
     "difference"},
    {ExitCode::kUsage, "the command line or the rule file is wrong: nothing was run"},
    {ExitCode::kUnjudged,
     "the data could not be read, a rule could not be evaluated, or there were no records (`--allow-empty`)"},
    {ExitCode::kNotWritten, "a report, the quarantine, the clean file, the state or the summary could not be written"},
    {ExitCode::kInterrupted, "ended by Ctrl-C: nothing was written"},
}};

const Flag* find_in(std::span<const Flag> flags, std::string_view name) {
  for (const Flag& flag : flags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

const Flag* find_in(std::span<const Flag> flags, char letter) {
  for (const Flag& flag : flags) {
    if (flag.letter == letter) return &flag;
  }
  return nullptr;
}

}  // namespace

const Command* find_command(std::string_view name) {
  for (const Command& command : commands()) {
    if (command.name == name || (!command.also.empty() && command.also == name)) return &command;
  }
  return nullptr;
}

const Flag* find_flag(const Command& command, std::string_view name) {
  const Flag* flag = find_in(command.flags, name);
  return flag != nullptr ? flag : find_in(flags_of_all(), name);
}

const Flag* find_flag(const Command& command, char letter) {
  const Flag* flag = find_in(command.flags, letter);
  return flag != nullptr ? flag : find_in(flags_of_all(), letter);
}

std::span<const ExitMeaning> exit_meanings() {
  return kExitMeanings;
}

std::string environment_name(const Flag& flag) {
  std::string name = "WEIR_";
  for (const char c : flag.name)
    name += c == '-' || c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

}  // namespace weir
