// SPDX-License-Identifier: Apache-2.0
// Records as a log and an engine give them, for the tests of what becomes of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/messages.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/ports.h"

namespace weir::testing {

inline constexpr Instant kNow = Instant(std::chrono::sys_days(std::chrono::January / 2 / 2026)) + std::chrono::hours(3);

/// A plan with the rule `decode` (0) and one rule of each action behind it: 1 + OnFail.
inline std::shared_ptr<Plan> make_plan() {
  auto plan = std::make_shared<Plan>();
  for (const char* id : {"decode", "a.count", "a.tag", "a.drop", "a.max", "a.halt"}) {
    RecordRule rule;
    rule.info.id = id;
    plan->rules.push_back(std::move(rule));
  }
  plan->rules[1].info.severity = Severity::Warn;
  plan->ruleset = "abc123";
  return plan;
}

inline void redact(Plan& plan, std::string_view path, Redaction how) {
  plan.fields[plan.fields.add(*FieldPath::parse(path))].redacted = true;
  plan.redaction = how;
}

inline FailingRecord fails(std::uint32_t item, OnFail action) {
  FailingRecord record;
  record.item = item;
  record.action = action;
  record.violations.push_back(
      {.rule = 1 + static_cast<std::uint32_t>(action), .code = "max", .path = "a", .value = "9", .message = "9 > 8"});
  return record;
}

inline FailingRecord undecodable(std::uint32_t item) {
  FailingRecord record;
  record.item = item;
  record.action = OnFail::Quarantine;
  record.decoded = false;
  record.stage = Stage::Decode;
  record.violations.push_back({.rule = 0, .code = "syntax", .path = "", .value = "{", .message = "it ends too early"});
  return record;
}

/// The value of the last header of that name; nothing when there is none or it is null.
inline std::optional<std::string> header(const OwnRecord& record, std::string_view name) {
  std::optional<std::string> found;
  for (const auto& [key, value] : record.headers) {
    if (key == name) found = value;
  }
  return found;
}

inline std::size_t count_headers(const OwnRecord& record, std::string_view name) {
  std::size_t count = 0;
  for (const auto& [key, value] : record.headers) count += key == name ? 1 : 0;
  return count;
}

}  // namespace weir::testing
