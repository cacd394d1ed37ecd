// SPDX-License-Identifier: Apache-2.0
// A command line after parsing: which command, its operands, and its flags from the line or else from the environment.
// What is wrong with it is found here and told with a suggestion, so that a command sees only values of the right shape.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"
#include "weir/result.h"

namespace weir {

class Arguments {
 public:
  using Environment = std::function<std::optional<std::string>(const std::string&)>;

  /// Parses what follows the command's name. The error's message is one line, its help another.
  static Result<Arguments> parse(const Command& command, const std::vector<std::string>& words,
                                 const Environment& environment);

  [[nodiscard]] const Command& command() const noexcept { return *command_; }
  [[nodiscard]] const std::vector<std::string>& operands() const noexcept { return operands_; }
  [[nodiscard]] bool on(std::string_view flag) const { return !values(flag).empty(); }
  [[nodiscard]] std::optional<std::string> text(std::string_view flag) const;
  [[nodiscard]] std::string text(std::string_view flag, std::string_view otherwise) const;
  [[nodiscard]] std::uint64_t count(std::string_view flag, std::uint64_t otherwise) const;
  [[nodiscard]] const std::vector<std::string>& values(std::string_view flag) const;
  /// Whether the flag's value is that of its environment variable.
  [[nodiscard]] bool from_environment(std::string_view flag) const { return from_environment_.contains(flag); }

 private:
  explicit Arguments(const Command& command) : command_(&command) {}
  Status take_flag(const std::string& word, const std::vector<std::string>& words, std::size_t& next);
  Status take_letters(const std::string& word, const std::vector<std::string>& words, std::size_t& next);
  Status take_environment(const Environment& environment);
  Status give(const Flag& flag, std::string value, const std::string& written_as);
  Status count_operands() const;

  const Command* command_;
  std::vector<std::string> operands_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::set<std::string, std::less<>> from_environment_;  // names of flags
};

/// What a person wrote, shortened and harmless, as messages show it: `value`.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// "did you mean `check`?", or what weir calls something that other tools name `written`, or nothing.
[[nodiscard]] std::string suggest_command(std::string_view written);

}  // namespace weir
