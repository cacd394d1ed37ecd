// SPDX-License-Identifier: Apache-2.0
#include "app/backtest_comparison.h"
#include "base/json_writer.h"
#include "batch/verdict_json.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kWindowsShown = 5;

void write_side(JsonWriter& json, std::string_view name, const RuleReport* rule) {
  json.key(name);
  if (rule == nullptr) {
    json.null();
    return;
  }
  json.begin_object();
  json.field("outcome", word_of(rule->outcome));
  json.field("evaluated", rule->counts.evaluated);
  json.field("failed", rule->counts.failed);
  json.end_object();
}

void write_more(JsonWriter& json, std::string_view name, const CaughtMore& more, const BacktestFrame& frame) {
  json.key(name).begin_object();
  json.field("records", more.records);
  if (!more.whole) json.field("at_least", true);
  if (more.any) {
    json.key("sample").begin_object();
    json.field("place", frame.place_of(more.first));
    if (!more.words.message.empty()) {
      json.field("value", more.words.value);
      json.field("reason", more.words.message);
    }
    json.end_object();
  }
  json.end_object();
}

void write_windows(JsonWriter& json, std::string_view name, const std::vector<const WindowVerdict*>& windows) {
  json.key(name).begin_object();
  json.field("windows", static_cast<std::uint64_t>(windows.size()));
  json.key("first").begin_array();
  for (std::size_t i = 0; i < windows.size() && i < kWindowsShown; ++i) write_window(json, *windows[i]);
  json.end_array();
  json.end_object();
}

void write_rule(JsonWriter& json, const RuleBacktest& rule, const BacktestFrame& frame) {
  const RuleReport& either = rule.after != nullptr ? *rule.after : *rule.before;
  json.begin_object();
  json.field("id", rule.id);
  json.field("kind", word_of(either.info.kind));
  json.field("change", word_of(rule.change));
  write_side(json, "rules", rule.after);
  write_side(json, "against", rule.before);
  if (either.windows) {
    write_windows(json, "only_rules", rule.windows);
    write_windows(json, "only_against", rule.windows_gone);
  } else {
    write_more(json, "only_rules", rule.caught, frame);
    write_more(json, "only_against", rule.missed, frame);
  }
  json.end_object();
}

}  // namespace

std::string write_backtest_json(const BacktestSide& after, const BacktestSide* before,
                                const BacktestComparison* comparison, const BacktestFrame& frame) {
  JsonWriter json(true);
  json.begin_object();
  json.field("weir", after.report.version);
  json.field("rules_file", after.rules);
  json.field("ruleset", after.plan->ruleset);
  if (before != nullptr) json.field("against_file", before->rules).field("against_ruleset", before->plan->ruleset);
  json.key("inputs").begin_array();
  for (const std::string& part : frame.parts) json.value(part);
  json.end_array();
  if (frame.from) json.field("from", *frame.from);
  if (frame.to) json.field("to", *frame.to);
  json.field("records", records_of(after.report));
  json.field("verdict", word_of(after.report.verdict));
  json.field("exit_code", after.report.exit_code);
  if (comparison != nullptr) json.field("same", comparison->is_same());
  json.key("quarantined").begin_object();
  json.field("rules", after.report.quarantined);
  if (before != nullptr) json.field("against", before->report.quarantined);
  if (comparison != nullptr) {
    write_more(json, "only_rules", comparison->put_aside, frame);
    write_more(json, "only_against", comparison->let_through, frame);
  }
  json.end_object();
  json.key("details").begin_array();
  if (comparison != nullptr) {
    for (const RuleBacktest& rule : comparison->rules) write_rule(json, rule, frame);
  } else {
    for (const RuleReport& rule : after.report.rules) {
      json.begin_object();
      json.field("id", rule.info.id);
      json.field("kind", word_of(rule.info.kind));
      write_side(json, "rules", &rule);
      json.end_object();
    }
  }
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace weir
