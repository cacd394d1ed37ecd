// SPDX-License-Identifier: Apache-2.0
// The parser of command lines: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-abc`, `--`, and operands anywhere.
#include "app/arguments.h"

#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "base/text.h"

namespace weir {
namespace {

// Of a repeated flag in the environment: WEIR_REPORT='json=a.json;md=b.md'. A comma is too common in values.
constexpr char kSeparator = ';';
constexpr std::uint64_t kCountMax = 1'000'000'000;

std::string see_help(const Command& command) {
  return "see: weir " + std::string(command.name) + " --help";
}

Error usage_error(const Command& command, std::string message) {
  return Error{.message = std::move(message), .help = see_help(command)};
}

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

bool knows(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "did you mean `--format`?", "in weir this is `--report`", "it is a flag of `weir test`", or nothing.
std::string suggest_flag(const Command& command, std::string_view written) {
  std::vector<std::string_view> names;
  for (const std::span<const Flag> flags : {command.flags, flags_of_all()}) {
    for (const Flag& flag : flags) {
      if (knows(flag.synonyms, written)) return "in weir this is `--" + std::string(flag.name) + "`";
      if (!flag.hidden) names.push_back(flag.name);
    }
  }
  if (const std::string_view name = nearest(written, names); !name.empty())
    return "did you mean `--" + std::string(name) + "`?";
  for (const Command& other : commands()) {
    if (find_flag(other, written) != nullptr) return "it is a flag of `weir " + std::string(other.name) + "`";
  }
  return "";
}

/// What is wrong with a value, or nothing.
std::string fault_of(const Flag& flag, const std::string& value) {
  if (flag.kind == FlagKind::Count) {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = fault == std::errc() && end == value.data() + value.size() && number >= 1 && number <= kCountMax;
    return whole ? "" : "wants a whole number from 1, not " + in_quotes(value);
  }
  if (flag.kind == FlagKind::Choice && !knows(flag.choices, value)) {
    std::string fault = "has no " + in_quotes(value) + ": it is one of " + joined(flag.choices);
    const std::string_view meant = nearest(value, flag.choices);
    return meant.empty() ? fault : fault + "; did you mean `" + std::string(meant) + "`?";
  }
  if (flag.kind == FlagKind::Text && value.empty())
    return "wants a " + std::string(flag.argument) + ", not an empty text";
  return "";
}

bool looks_like_flag(const std::string& word) {
  return word.size() > 1 && word.front() == '-';
}

}  // namespace

Result<Arguments> Arguments::parse(const Command& command, const std::vector<std::string>& words,
                                   const Environment& environment) {
  Arguments arguments(command);
  bool flags_over = false;
  for (std::size_t next = 0; next < words.size();) {
    const std::string& word = words[next++];
    if (flags_over || !looks_like_flag(word)) {
      arguments.operands_.push_back(word);
    } else if (word == "--") {
      flags_over = true;
    } else {
      const Status taken =
          word.starts_with("--") ? arguments.take_flag(word, words, next) : arguments.take_letters(word, words, next);
      if (!taken) return taken.error();
    }
  }
  if (const Status taken = arguments.take_environment(environment); !taken) return taken.error();
  if (const Status counted = arguments.count_operands(); !counted) return counted.error();
  return arguments;
}

Status Arguments::take_flag(const std::string& word, const std::vector<std::string>& words, std::size_t& next) {
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(2, equals == std::string::npos ? std::string::npos : equals - 2);
  const Flag* flag = find_flag(*command_, name);
  if (flag == nullptr) {
    std::string message = "unknown flag " + in_quotes("--" + name);
    if (const std::string hint = suggest_flag(*command_, name); !hint.empty()) message += ": " + hint;
    return usage_error(*command_, std::move(message));
  }
  const std::string written_as = "`--" + name + "`";
  if (equals != std::string::npos) {
    if (flag->kind == FlagKind::Switch) return usage_error(*command_, written_as + " takes no value");
    return give(*flag, word.substr(equals + 1), written_as);
  }
  if (flag->kind == FlagKind::Switch) return give(*flag, "1", written_as);
  if (next == words.size() || (looks_like_flag(words[next]) && words[next].starts_with("--"))) {
    return usage_error(*command_, written_as + " wants a " + std::string(flag->argument));
  }
  return give(*flag, words[next++], written_as);
}

Status Arguments::take_letters(const std::string& word, const std::vector<std::string>& words, std::size_t& next) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    const Flag* flag = find_flag(*command_, word[i]);
    const std::string written_as = "`-" + word.substr(i, 1) + "`";
    if (flag == nullptr) {
      std::string message =
          "unknown flag " + in_quotes(word.size() == 2 ? word : word + "` (`-" + word.substr(i, 1) + "`)");
      if (const std::string hint = suggest_flag(*command_, std::string_view(word).substr(1)); !hint.empty())
        message += ": " + hint;
      return usage_error(*command_, std::move(message));
    }
    if (flag->kind == FlagKind::Switch) {
      if (const Status given = give(*flag, "1", written_as); !given) return given;
      continue;
    }
    if (i + 1 < word.size()) return give(*flag, word.substr(i + 1), written_as);
    if (next == words.size()) return usage_error(*command_, written_as + " wants a " + std::string(flag->argument));
    return give(*flag, words[next++], written_as);
  }
  return Done{};
}

Status Arguments::give(const Flag& flag, std::string value, const std::string& written_as) {
  if (const std::string fault = fault_of(flag, value); !fault.empty())
    return usage_error(*command_, written_as + " " + fault);
  std::vector<std::string>& values = values_[std::string(flag.name)];
  // The last one winning in silence would let a gate judge by other rules than its author reads.
  if (!values.empty() && !flag.repeats && flag.kind != FlagKind::Switch && values.front() != value) {
    return usage_error(*command_,
                       written_as + " is given twice: " + in_quotes(values.front()) + " and " + in_quotes(value));
  }
  values.push_back(std::move(value));
  return Done{};
}

Status Arguments::take_environment(const Environment& environment) {
  for (const std::span<const Flag> flags : {command_->flags, flags_of_all()}) {
    for (const Flag& flag : flags) {
      if (on(flag.name) || flag.name == "help") continue;
      const std::string name = environment_name(flag);
      const std::optional<std::string> value = environment(name);
      if (!value || value->empty()) continue;
      const std::string written_as = "the environment variable `" + name + "`";
      if (flag.kind == FlagKind::Switch) {
        if (*value == "0" || *value == "false" || *value == "no") continue;
        if (*value != "1" && *value != "true" && *value != "yes") {
          return usage_error(*command_, written_as + " is a switch: 1 or 0, not " + in_quotes(*value));
        }
      }
      for (std::size_t begin = 0; begin <= value->size();) {
        const std::size_t end = flag.repeats ? value->find(kSeparator, begin) : std::string::npos;
        const std::string part = value->substr(begin, end == std::string::npos ? end : end - begin);
        if (const Status given = give(flag, part, written_as); !given) return given;
        from_environment_.emplace(flag.name);
        if (end == std::string::npos) break;
        begin = end + 1;
      }
    }
  }
  return Done{};
}

Status Arguments::count_operands() const {
  if (operands_.size() < command_->operands_min) {
    return usage_error(*command_,
                       "`weir " + std::string(command_->name) + "` wants " + std::string(command_->operands));
  }
  if (operands_.size() > command_->operands_max) {
    const std::string& first = operands_[command_->operands_max];
    return usage_error(*command_, "`weir " + std::string(command_->name) + "` does not take " + in_quotes(first));
  }
  if (!command_->words.empty() && !operands_.empty() && !knows(command_->words, operands_[0])) {
    return usage_error(*command_, "`weir " + std::string(command_->name) + "` has no " + in_quotes(operands_[0]) +
                                      ": it is one of " + joined(command_->words));
  }
  return Done{};
}

const std::vector<std::string>& Arguments::values(std::string_view flag) const {
  static const std::vector<std::string> kNone;
  WEIR_ASSERT(find_flag(*command_, flag) != nullptr, "a command asks for a flag that its table does not have");
  const auto found = values_.find(flag);
  return found == values_.end() ? kNone : found->second;
}

std::optional<std::string> Arguments::text(std::string_view flag) const {
  const std::vector<std::string>& given = values(flag);
  return given.empty() ? std::nullopt : std::optional(given.front());
}

std::string Arguments::text(std::string_view flag, std::string_view otherwise) const {
  return text(flag).value_or(std::string(otherwise));
}

std::uint64_t Arguments::count(std::string_view flag, std::uint64_t otherwise) const {
  std::uint64_t number = otherwise;
  if (const auto given = text(flag)) std::from_chars(given->data(), given->data() + given->size(), number);
  return number;
}

std::string in_quotes(std::string_view text) {
  return "`" + shorten(text, 60) + "`";
}

std::string suggest_command(std::string_view written) {
  std::vector<std::string_view> names = {"help"};
  for (const Command& command : commands()) {
    if (knows(command.synonyms, written)) return "in weir this is `" + std::string(command.name) + "`";
    names.push_back(command.name);
  }
  const std::string_view meant = nearest(written, names);
  return meant.empty() ? "" : "did you mean `" + std::string(meant) + "`?";
}

}  // namespace weir
