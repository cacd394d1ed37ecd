// SPDX-License-Identifier: Apache-2.0
// From words to a command: finds it, parses its arguments, runs it, and answers for what cannot be understood.
#include "app/cli.h"

#include "app/arguments.h"
#include "app/command.h"
#include "app/help.h"
#include "app/rule_file.h"
#include "app/telling.h"

namespace weir {
namespace {

bool asks_for_help(const std::string& word) {
  return word == "--help" || word == "-h";
}

int unknown_command(Surroundings& surroundings, const std::string& name) {
  std::string message = "unknown command `" + name + "`";
  if (const std::string hint = suggest_command(name); !hint.empty()) message += ": " + hint;
  return refuse_usage(surroundings, {.message = std::move(message), .help = "`weir --help` lists the commands"});
}

/// Text that did not reach standard output was not delivered: a full disk behind `>`.
int delivered(Surroundings& surroundings, int exit) {
  const bool arrived = std::fflush(surroundings.out) == 0 && std::ferror(surroundings.out) == 0;
  std::fflush(surroundings.err);
  if (arrived || reader_left(surroundings.out) || exit == ExitCode::kUsage || exit == ExitCode::kUnjudged ||
      exit == ExitCode::kNotWritten)
    return exit;
  print(surroundings.err, "weir: standard output could not be written\nweir: ERROR exit=4 (output not written)\n");
  std::fflush(surroundings.err);
  return ExitCode::kNotWritten;
}

int show_help(Surroundings& surroundings, const std::vector<std::string>& words) {
  if (words.empty()) {
    print(surroundings.out, short_help());
    return ExitCode::kHolds;
  }
  const Command* command = find_command(words.front());
  if (command == nullptr) return unknown_command(surroundings, words.front());
  print(surroundings.out, help_of(*command));
  return ExitCode::kHolds;
}

int run_command(const Command& command, const std::vector<std::string>& words, Surroundings& surroundings) {
  for (const std::string& word : words) {
    if (word == "--") break;
    if (asks_for_help(word)) return show_help(surroundings, {std::string(command.name)});
  }
  const Result<Arguments> arguments = Arguments::parse(command, words, surroundings.environment);
  if (!arguments) return refuse_usage(surroundings, arguments.error());
  return command.run(*arguments, surroundings);
}

int dispatch(const std::vector<std::string>& args, Surroundings& surroundings) {
  if (args.empty() || asks_for_help(args.front())) return show_help(surroundings, {});
  const std::vector<std::string> rest(args.begin() + 1, args.end());
  if (args.front() == "help") return show_help(surroundings, rest);
  if (args.front() == "--version" || args.front() == "-V")
    return run_command(*find_command("version"), rest, surroundings);
  const Command* command = find_command(args.front());
  if (command == nullptr) return unknown_command(surroundings, args.front());
  return run_command(*command, rest, surroundings);
}

}  // namespace

int run_cli(const std::vector<std::string>& args, Surroundings& surroundings) {
  return delivered(surroundings, dispatch(args, surroundings));
}

}  // namespace weir
