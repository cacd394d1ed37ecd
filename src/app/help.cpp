// SPDX-License-Identifier: Apache-2.0
// Help screens of at most 80 columns and 40 lines, and the reference page, all from the same table.
#include "app/help.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::string_view kExitCodes =
    "Exit: 0 holds, 1 a rule failed, 2 command line or rule file wrong, 3 data not\n"
    "      readable or not judged or no records, 4 a report could not be written.\n";

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string flag_with_argument(const Flag& flag) {
  std::string text = "--" + std::string(flag.name);
  if (!flag.argument.empty()) text += " " + std::string(flag.argument);
  return text;
}

std::string flag_lines(const Command& command) {
  constexpr std::size_t kSummaryColumn = 28;
  std::string text;
  for (const Flag& flag : command.flags) {
    if (flag.hidden || flag.in_notes) continue;
    const std::string letter = flag.letter == 0 ? "    " : std::string("-") + flag.letter + ", ";
    text += padded("  " + letter + flag_with_argument(flag) + " ", kSummaryColumn) + std::string(flag.summary) + "\n";
  }
  return text;
}

/// The flags of every command on one line, since every screen has them: "--color WHEN (auto, always, never), --help".
std::string flags_of_every_command() {
  std::string text;
  for (const Flag& flag : flags_of_all()) {
    text += (text.empty() ? "" : "; ") + flag_with_argument(flag);
    if (flag.kind == FlagKind::Choice) text += " (" + std::string(flag.summary) + ")";
  }
  return text;
}

/// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}

std::string reference_flags(const Command& command) {
  std::string text = "| flag | environment | |\n|---|---|---|\n";
  for (const Flag& flag : command.flags) {
    if (flag.hidden) continue;
    const std::string letter = flag.letter == 0 ? "" : std::string("`-") + flag.letter + "`, ";
    text += "| " + letter + "`" + cell(flag_with_argument(flag)) + "` | `" + environment_name(flag) + "` | " +
            cell(flag.summary);
    text += flag.repeats ? "; may be repeated |\n" : " |\n";
  }
  return text;
}

}  // namespace

std::string usage_of(const Command& command) {
  std::string text = "weir " + std::string(command.name);
  if (!command.operands.empty()) text += " " + std::string(command.operands);
  for (const Flag& flag : command.flags) {
    if (flag.required) text += " --" + std::string(flag.name) + " " + std::string(flag.argument);
  }
  return text;
}

std::string sentence(std::string_view fragment) {
  std::string text(fragment);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

std::string short_help() {
  std::string text =
      "weir judges records by rules: one YAML file, on files, in CI, beside Kafka.\n\n"
      "  weir check orders.ndjson --rules orders.yml   judge a file\n"
      "  weir lint orders.yml                          find mistakes in the rules\n\n"
      "Commands:\n";
  for (const Command& command : commands())
    text += "  " + padded(std::string(command.name), 13) + std::string(command.summary) + "\n";
  return text + "`weir COMMAND --help` says more about each.\n";
}

std::string help_of(const Command& command) {
  std::string text = "Usage: " + usage_of(command) + " [flags]\n\n" + sentence(command.summary) + "\n";
  if (!command.notes.empty()) text += std::string(command.notes);
  if (!command.flags.empty()) text += "\nFlags:\n" + flag_lines(command);
  text +=
      (command.flags.empty() ? "\nFlags of every command: " : "Of every command: ") + flags_of_every_command() + ".\n";
  if (!command.flags.empty()) {
    const Flag& first = command.flags.front();
    text += "Each has an environment variable: --" + std::string(first.name) + " is " + environment_name(first) + ".\n";
  }
  text += "\n" + std::string(kExitCodes) + "\nExample:\n  " + std::string(command.example) + "\n";
  return text;
}

std::string command_reference() {
  std::string text =
      "# The command line\n\n"
      "This page is made from the same table as `--help`; a test says when it is stale.\n\n"
      "A flag on the command line wins over its environment variable, which wins over the default. A variable of a "
      "flag\n"
      "that may be repeated holds several values with `;` between them; that of a switch is `1` or `0`. `--flag value` "
      "and\n"
      "`--flag=value` are the same, `--` ends the flags, `-` is standard input or output.\n\n"
      "Every command also takes `--color auto|always|never` (`WEIR_COLOR`; `NO_COLOR`, `CLICOLOR_FORCE` and "
      "`TERM=dumb` count\n"
      "when it is `auto`) and `--help`.\n\n"
      "| exit | meaning |\n|---|---|\n";
  for (const ExitMeaning& exit : exit_meanings())
    text += "| " + std::to_string(exit.code) + " | " + std::string(exit.meaning) + " |\n";
  text += "\nWhen several apply: 2, then 3, then 4, then 1. The last line on stderr always says which and why.\n";
  for (const Command& command : commands()) {
    text += "\n## weir " + std::string(command.name) + "\n\n`" + usage_of(command) + "`\n\n" +
            sentence(command.summary) + "\n";
    if (!command.notes.empty()) text += std::string(command.notes);
    if (!command.flags.empty()) text += "\n" + reference_flags(command);
    text += "\n```\n" + std::string(command.example) + "\n```\n";
  }
  return text;
}

}  // namespace weir
