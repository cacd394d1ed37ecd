// SPDX-License-Identifier: Apache-2.0
// GitHub workflow commands: a line of standard output that marks the rule's line in a pull request. GitHub shows ten of a
// kind for each step, so the worst come first and the last one says how many are missing.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/escape.h"
#include "report/report.h"
#include "report/words.h"

namespace weir {

namespace {

constexpr std::size_t kMostOfAKind = 10;  // GitHub drops the rest without a word
constexpr std::size_t kLineMax = 300;     // code points of one reason

/// What a workflow command takes as data: one line, `%` escaped first.
std::string data(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      default: out += c;
    }
  }
  return out;
}

/// What it takes as the value of a property: no separators either.
std::string property(std::string_view text) {
  std::string out;
  for (const char c : data(text)) {
    switch (c) {
      case ':': out += "%3A"; break;
      case ',': out += "%2C"; break;
      default: out += c;
    }
  }
  return out;
}

std::string command(std::string_view kind, const SourceSpan& where, std::string_view title, std::string_view message) {
  std::string out = "::" + std::string(kind) + " ";
  if (where.line > 0) {
    out += "file=" + property(visible(where.file)) + ",line=" + std::to_string(where.line) + ",";
    if (where.column > 0) out += "col=" + std::to_string(where.column) + ",";
  }
  return out + "title=" + property(visible(title)) + "::" + data(message) + "\n";
}

std::string message_of(const Report& report, const RuleReport& rule, const WriteOptions& options) {
  std::string message = visible(headline_of(rule), kLineMax);
  if (!rule.info.description.empty()) message += "\n" + visible(rule.info.description, kLineMax);
  for (std::size_t i = 0; i < std::min(samples_of(rule), options.samples); ++i) {
    const auto& [place, reason] = evidence_of(report, rule, i);
    message += "\n" + visible(place) + ": " + visible(reason, kLineMax);
  }
  if (!rule.info.runbook.empty()) message += "\nrunbook: " + visible(rule.info.runbook, kLineMax);
  return message;
}

/// Joins at most kMostOfAKind commands; when there are more, the last place tells of them.
std::string limited(const std::vector<std::string>& commands, std::string_view kind) {
  const bool too_many = commands.size() > kMostOfAKind;
  const std::size_t shown = too_many ? kMostOfAKind - 1 : commands.size();
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) out += commands[i];
  if (too_many) {
    out +=
        command(kind, {}, "weir", "and " + std::to_string(commands.size() - shown) + " more: see the report of weir");
  }
  return out;
}

}  // namespace

std::string write_annotations(const Report& report, const WriteOptions& options) {
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
  for (const InputReport& input : report.inputs) {
    if (input.error.empty()) continue;
    errors.push_back(command("error", {}, name_of(input), visible(fault_of(input), kLineMax)));
  }
  for (const std::string& fault : report.faults)
    errors.push_back(command("error", {}, "weir", visible(fault, kLineMax)));
  if (report.verdict == Verdict::Error && records_of(report) == 0) {
    errors.push_back(command("error", {}, "weir", "there were no records to judge"));
  }
  for (const RuleReport* rule : by_gravity(report)) {
    const bool is_error = rule->outcome == Verdict::Fail || rule->outcome == Verdict::Error;
    if (!is_error && rule->outcome != Verdict::Warn) continue;
    const std::string_view kind = is_error ? "error" : "warning";
    (is_error ? errors : warnings)
        .push_back(command(kind, rule->info.where, rule->info.id, message_of(report, *rule, options)));
  }
  return limited(errors, "error") + limited(warnings, "warning");
}

}  // namespace weir
