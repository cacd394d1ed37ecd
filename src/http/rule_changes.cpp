// SPDX-License-Identifier: Apache-2.0
#include "http/rule_changes.h"

#include <map>
#include <utility>

#include "base/timestamp.h"
#include "batch/verdict_json.h"

namespace weir {

namespace {

std::vector<const RuleInfo*> rules_of(const Plan& plan) {
  std::vector<const RuleInfo*> all;
  for (const RecordRule& rule : plan.rules) all.push_back(&rule.info);
  for (const WindowRule& rule : plan.window_rules) all.push_back(&rule.info);
  return all;
}

auto name_of(const RuleInfo& rule) {
  return std::pair<RuleKind, std::string_view>(rule.kind, rule.id);
}

std::vector<RuleChanges::Change> changes_of(const RuleInfo& before, const RuleInfo& now) {
  std::vector<RuleChanges::Change> changes;
  const auto compare = [&](std::string_view what, std::string_view from, std::string_view to) {
    if (from != to) changes.push_back({.what = what, .from = std::string(from), .to = std::string(to)});
  };
  compare("expected", before.expected, now.expected);
  compare("field", before.field, now.field);
  compare("check", before.check, now.check);
  compare("when", before.when, now.when);
  compare("severity", word_of(before.severity), word_of(now.severity));
  if (now.kind == RuleKind::Record) compare("on_fail", word_of(before.on_fail), word_of(now.on_fail));
  return changes;
}

void write_named(JsonWriter& json, std::string_view name, const std::vector<RuleChanges::Named>& rules) {
  json.key(name).begin_array();
  for (const RuleChanges::Named& one : rules) {
    json.begin_object().field("id", one.id).field("expected", one.expected).end_object();
  }
  json.end_array();
}

}  // namespace

RuleChanges compare_rules(const Plan& before, const Plan& now) {
  RuleChanges found;
  found.ruleset = now.ruleset;
  const auto add = [&found](auto& list, auto&& one) {
    if (list.size() == RuleChanges::kMost) {
      ++found.more;
    } else {
      list.push_back(std::forward<decltype(one)>(one));
    }
  };
  std::map<std::pair<RuleKind, std::string_view>, const RuleInfo*> old;
  for (const RuleInfo* const rule : rules_of(before)) old.emplace(name_of(*rule), rule);
  for (const RuleInfo* const rule : rules_of(now)) {
    const auto known = old.find(name_of(*rule));
    if (known == old.end()) {
      add(found.added, RuleChanges::Named{.id = rule->id, .expected = rule->expected});
      continue;
    }
    auto changes = changes_of(*known->second, *rule);
    if (!changes.empty()) add(found.changed, RuleChanges::Changed{.id = rule->id, .changes = std::move(changes)});
    old.erase(known);
  }
  for (const auto& [name, rule] : old) {
    add(found.removed, RuleChanges::Named{.id = rule->id, .expected = rule->expected});
  }
  return found;
}

void write_rule_changes(JsonWriter& json, std::string_view stream, const RuleChanges& changes, Instant at) {
  json.begin_object().field("stream", stream);
  json.field("at", format_timestamp(std::chrono::floor<std::chrono::seconds>(at))).field("ruleset", changes.ruleset);
  write_named(json, "added", changes.added);
  write_named(json, "removed", changes.removed);
  json.key("changed").begin_array();
  for (const RuleChanges::Changed& one : changes.changed) {
    json.begin_object().field("id", one.id).key("changes").begin_array();
    for (const auto& [what, from, to] : one.changes) {
      json.begin_object().field("what", what).field("from", from).field("to", to).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().field("more", std::uint64_t{changes.more}).end_object();
}

}  // namespace weir
