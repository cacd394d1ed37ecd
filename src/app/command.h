// SPDX-License-Identifier: Apache-2.0
// The table of commands and their flags. Everything about the command line is made from it: parsing, --help, "did you
// mean", the environment variables, docs/cli.md. A flag or a command that is not here does not exist.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace weir {

class Arguments;
struct Surroundings;

enum class FlagKind : unsigned char {
  Switch,  // there or not
  Text,    // takes a value
  Count,   // takes a whole number from 1 to 1 000 000 000
  Choice,  // takes one of `choices`
};

struct Flag {
  std::string_view name;  // without the dashes
  char letter = 0;        // -r, or 0
  FlagKind kind = FlagKind::Switch;
  std::string_view argument = {};                   // what the help calls the value: "FILE"
  std::string_view summary = {};                    // one line of the help
  std::span<const std::string_view> choices = {};   // of KIND=FILE: the kinds, where they are not those of a report
  bool repeats = false;                             // may be given several times
  bool hidden = false;                              // for tests: not in the help
  bool in_notes = false;                            // has no line of its own in the help: the notes speak of it
  bool required = false;                            // told by the usage line
  std::span<const std::string_view> synonyms = {};  // what other tools call it
};

struct Command {
  std::string_view name;
  std::string_view operands;  // "FILE...", as the help shows it
  std::size_t operands_min = 0;
  std::size_t operands_max = 0;
  std::string_view summary;  // one line, in the list of commands
  std::string_view notes;    // a paragraph or two for --help, already broken into lines
  std::string_view example;  // a command that a test runs
  std::span<const Flag> flags;
  int (*run)(const Arguments&, Surroundings&) = nullptr;
  std::span<const std::string_view> synonyms = {};
  std::string_view also = {};                    // a second name that is taken without a word
  std::span<const std::string_view> words = {};  // what the first operand may be, when it is one of a few words
};

[[nodiscard]] std::span<const Command> commands();
[[nodiscard]] const Command* find_command(std::string_view name);

/// Flags of every command: --color, --help.
[[nodiscard]] std::span<const Flag> flags_of_all();
[[nodiscard]] const Flag* find_flag(const Command& command, std::string_view name);
[[nodiscard]] const Flag* find_flag(const Command& command, char letter);

/// `WEIR_FAIL_ON` for --fail-on.
[[nodiscard]] std::string environment_name(const Flag& flag);

/// Exit codes of every command. When several apply: 2, then 3, then 4, then 1.
struct ExitCode {
  static constexpr int kHolds = 0;          // everything that must hold held
  static constexpr int kFailed = 1;         // a rule, or a test, failed
  static constexpr int kUsage = 2;          // the command line or the rule file is wrong
  static constexpr int kUnjudged = 3;       // data unreadable, a rule without an answer, no records
  static constexpr int kNotWritten = 4;     // a report or an output could not be written
  static constexpr int kInterrupted = 130;  // Ctrl-C
};

struct ExitMeaning {
  int code = 0;
  std::string_view meaning;  // for the reference page and the manual page; `in back-ticks` what one types
};
[[nodiscard]] std::span<const ExitMeaning> exit_meanings();

// One file a command.
int run_check(const Arguments& arguments, Surroundings& surroundings);
int run_run(const Arguments& arguments, Surroundings& surroundings);
int run_compare(const Arguments& arguments, Surroundings& surroundings);
int run_baseline(const Arguments& arguments, Surroundings& surroundings);
int run_calibrate(const Arguments& arguments, Surroundings& surroundings);
int run_lint(const Arguments& arguments, Surroundings& surroundings);
int run_explain(const Arguments& arguments, Surroundings& surroundings);
int run_test(const Arguments& arguments, Surroundings& surroundings);
int run_diff(const Arguments& arguments, Surroundings& surroundings);
int run_import(const Arguments& arguments, Surroundings& surroundings);
int run_suggest(const Arguments& arguments, Surroundings& surroundings);
int run_demo(const Arguments& arguments, Surroundings& surroundings);
int run_top(const Arguments& arguments, Surroundings& surroundings);
int run_quarantine(const Arguments& arguments, Surroundings& surroundings);
int run_replay(const Arguments& arguments, Surroundings& surroundings);
int run_backtest(const Arguments& arguments, Surroundings& surroundings);
int run_topics(const Arguments& arguments, Surroundings& surroundings);
int run_config(const Arguments& arguments, Surroundings& surroundings);
int run_doctor(const Arguments& arguments, Surroundings& surroundings);
int run_history(const Arguments& arguments, Surroundings& surroundings);
int run_merge(const Arguments& arguments, Surroundings& surroundings);
int run_schema(const Arguments& arguments, Surroundings& surroundings);
int run_completions(const Arguments& arguments, Surroundings& surroundings);
int run_man(const Arguments& arguments, Surroundings& surroundings);
int run_version(const Arguments& arguments, Surroundings& surroundings);

}  // namespace weir
