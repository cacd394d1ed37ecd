// SPDX-License-Identifier: Apache-2.0
// Everything here is read off the plan that runs, so that the explanation cannot differ from what is judged.
#include "rules/explain.h"

#include <algorithm>

#include "base/text.h"
#include "rules/explain_drift.h"
#include "rules/explain_memory.h"
#include "rules/explain_windows.h"

namespace weir {
namespace {

// Longer ids do not widen the column of all others.
constexpr std::size_t kWidestId = 32;

std::string_view severity_in_words(Severity severity) {
  return severity == Severity::Error ? "error" : "warn";
}

std::string_view action_in_words(OnFail action) {
  switch (action) {
    case OnFail::Count: return "the record passes on and is counted";
    case OnFail::Tag: return "the record passes on with a header that names the rule";
    case OnFail::Drop: return "the record is dropped and counted";
    case OnFail::Quarantine: return "the record goes to the quarantine";
    case OnFail::Halt: return "the record goes to the quarantine and the run stops";
  }
  return "";
}

std::string class_of(const RecordRule& rule) {
  if (rule.check == nullptr && rule.info.where.line == 0) return "record, built in";
  return rule.ordered ? "ordered: remembers earlier records" : "record: looks at one record at a time";
}

std::string nulls_in_words(const RecordRule& rule) {
  if (rule.check == nullptr || rule.sees_nulls) return "";
  return rule.nulls_fail ? "a null fails" : "a null is skipped";
}

void add_line(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out +=
      "  " + std::string(name) + std::string(name.size() < 10 ? 10 - name.size() : 1, ' ') + std::string(text) + "\n";
}

std::string place_of(const SourceSpan& where) {
  return where.line == 0 ? "" : where.file + ":" + std::to_string(where.line);
}

std::string memory_in_words(const RecordRule& rule) {
  if (!rule.ordered) return "";
  const std::string error = rule.check->memory_error();
  return "remembers at most " + human_bytes(rule.check->memory_bound()) + (error.empty() ? "" : "; " + error);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string holds_in_words(const RecordRule& rule) {
  const RuleInfo& info = rule.info;
  return info.field.empty() ? info.expected : info.field + ": " + info.expected;
}

/// One rule in full.
std::string explain_one(const Plan& plan, const RecordRule& rule) {
  const RuleInfo& info = rule.info;
  std::string out = info.id + "\n";
  add_line(out, "holds", holds_in_words(rule));
  if (info.field.empty()) {
    std::vector<std::string> names;
    for (const std::uint32_t column : rule.columns) names.push_back(plan.fields[column].path.text());
    add_line(out, "reads", joined(names));
  }
  add_line(out, "when", info.when);
  add_line(out, "class", class_of(rule));
  add_line(out, "nulls", nulls_in_words(rule));
  add_line(out, "severity", severity_in_words(info.severity));
  add_line(out, "on fail", action_in_words(info.on_fail));
  add_line(out, "memory", rule.ordered ? memory_in_words(rule) : "none");
  add_line(out, "why", info.description);
  add_line(out, "runbook", info.runbook);
  add_line(out, "tags", joined(info.tags));
  add_line(out, "written", place_of(info.where));
  return out;
}

/// One rule in a list of many: what holds, and in a second line what the rule is and does.
std::string explain_short(const RecordRule& rule, std::size_t width) {
  const RuleInfo& info = rule.info;
  std::string out = "  " + info.id + std::string(width - info.id.size() + 2, ' ') + info.expected;
  if (!info.when.empty()) out += "   when " + info.when;
  std::vector<std::string> parts = {rule.ordered ? "ordered" : "record", std::string(severity_in_words(info.severity)),
                                    std::string(action_in_words(info.on_fail))};
  for (const std::string& part : {nulls_in_words(rule), memory_in_words(rule)}) {
    if (!part.empty()) parts.push_back(part);
  }
  return out + "\n      " + joined(parts) + "\n";
}

std::string drift_class(const DriftRule& rule) {
  return rule.reference.kind == DriftReference::Kind::File ? "drift" : "drift; needs history: " + rule.reference.text;
}

std::string window_class(const WindowRule& rule) {
  const std::string history = history_in_words(rule);
  return "window" + (history.empty() ? "" : "; " + history);
}

/// One drift rule in full.
std::string explain_drift(const Loaded& loaded, std::uint32_t index) {
  const Plan& plan = *loaded.plan;
  const WindowRule& rule = plan.window_rules[index];
  const DriftRule& drift = plan.drift_rules[static_cast<std::size_t>(rule.drift)];
  const RuleInfo& info = rule.info;
  std::string out = info.id + "\n";
  add_line(out, "compares", joined(drift.paths));
  add_line(out, "with", reference_in_words(drift));
  add_line(out, "window", window_in_words(plan.windows[rule.block]));
  add_line(out, "when", info.when);
  add_line(out, "tests", tests_in_words(drift));
  add_line(out, "tolerance", tolerances_in_words(drift));
  add_line(out, "drifts", "where " + drifts_in_words(drift));
  add_line(out, "alarm", alarm_in_words(plan, drift));
  add_line(out, "class", drift_class(drift));
  add_line(out, "keeps", drift_kept_in_words(plan, drift));
  add_line(out, "memory", panes_in_words(plan, lay_out(plan), rule.block));
  add_line(out, "reference", reference_memory_in_words(plan, drift));
  add_line(out, "on_empty", empty_in_words(rule));
  add_line(out, "severity", severity_in_words(info.severity));
  add_line(out, "on fail", "no record is held back");
  add_line(out, "why", info.description);
  add_line(out, "runbook", info.runbook);
  add_line(out, "tags", joined(info.tags));
  add_line(out, "written", place_of(info.where));
  return out;
}

/// One window rule in full.
std::string explain_window(const Loaded& loaded, std::uint32_t index) {
  const WindowRule& rule = loaded.plan->window_rules[index];
  const RuleInfo& info = rule.info;
  std::string out = info.id + "\n";
  add_line(out, "holds", condition_in_words(loaded, index));
  add_line(out, "window", window_in_words(loaded.plan->windows[rule.block]));
  add_line(out, "when", info.when);
  add_line(out, "class", window_class(rule));
  add_line(out, "keeps", kept_for(*loaded.plan, rule));
  add_line(out, "memory", panes_in_words(*loaded.plan, lay_out(*loaded.plan), rule.block));
  add_line(out, "on_empty", empty_in_words(rule));
  add_line(out, "severity", severity_in_words(info.severity));
  add_line(out, "on fail", "no record is held back");
  add_line(out, "why", info.description);
  add_line(out, "runbook", info.runbook);
  add_line(out, "tags", joined(info.tags));
  add_line(out, "written", place_of(info.where));
  return out;
}

/// The window rules, block by block.
std::string explain_windows(const Loaded& loaded) {
  const Plan& plan = *loaded.plan;
  std::string out;
  for (std::uint32_t i = 0; i < plan.window_rules.size(); ++i) {
    const WindowRule& rule = plan.window_rules[i];
    if (i == 0 || plan.window_rules[i - 1].block != rule.block)
      out += "\nin windows: " + window_in_words(plan.windows[rule.block]) + "\n\n";
    const DriftRule* const drift = rule.drift < 0 ? nullptr : &plan.drift_rules[static_cast<std::size_t>(rule.drift)];
    out +=
        "  " + rule.info.id + "   " + (drift == nullptr ? condition_in_words(loaded, i) : drift_in_words(plan, rule));
    if (!rule.info.when.empty()) out += "   when " + rule.info.when;
    std::vector<std::string> parts = {drift == nullptr ? window_class(rule) : drift_class(*drift)};
    if (drift != nullptr) parts.push_back("alarm " + alarm_in_words(plan, *drift));
    parts.emplace_back(severity_in_words(rule.info.severity));
    out += "\n      " + joined(parts) + "\n";
  }
  return out;
}

std::string explain_later(const LaterRule& rule) {
  const std::string_view kind = rule.kind == RuleKind::Window  ? "window"
                                : rule.kind == RuleKind::Drift ? "drift"
                                                               : "record";
  std::string out = rule.id + "\n";
  add_line(out, "holds", rule.text);
  add_line(out, "class", std::string(kind) + ": read and checked, judged by a later version");
  add_line(out, "written", place_of(rule.where));
  return out;
}

std::string explain_fields(const Plan& plan) {
  std::string out;
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const Field& field = plan.fields[i];
    std::string line = "  " + field.path.text();
    line += field.cell_type == CellType::Number    ? "  CSV cells are numbers"
            : field.cell_type == CellType::Boolean ? "  CSV cells are booleans"
                                                   : "";
    if (!field.missing_values.empty()) line += "  null when " + joined(field.missing_values);
    if (field.redacted) line += "  redacted";
    out += line + "\n";
  }
  return out;
}

std::string counted(std::size_t n, std::string_view noun) {
  return with_commas(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

}  // namespace

std::string explain_rules(const Loaded& loaded) {
  if (loaded.plan == nullptr) return "";
  const Plan& plan = *loaded.plan;
  std::size_t width = 0;
  for (const RecordRule& rule : plan.rules) width = std::max(width, std::min(rule.info.id.size(), kWidestId));
  std::uint64_t memory = 0;
  std::string rules;
  for (const RecordRule& rule : plan.rules) {
    rules += explain_short(rule, std::max(width, rule.info.id.size()));
    if (rule.ordered) memory += rule.check->memory_bound();
  }
  const auto built_in =
      static_cast<std::size_t>(std::count_if(plan.rules.begin(), plan.rules.end(), [](const RecordRule& rule) {
        return rule.check == nullptr && rule.info.where.line == 0;
      }));
  std::string out = counted(plan.rules.size() - built_in, "rule") + " and the built-in `decode`" +
                    (built_in > 1 ? " and `time`" : "") + " judge each record";
  if (!plan.window_rules.empty())
    out += "; " + counted(plan.window_rules.size(), "rule") + (plan.window_rules.size() == 1 ? " judges" : " judge") +
           " windows of them";
  if (!loaded.later.empty())
    out += "; " + std::to_string(loaded.later.size()) + " more are read and not judged yet by this version";
  out += "\n\n" + rules + explain_windows(loaded);
  if (!loaded.later.empty()) out += "\nnot judged yet\n\n";
  for (const LaterRule& rule : loaded.later) out += "  " + rule.id + "   " + rule.text + "\n";
  if (plan.fields.size() > 0) out += "\nfields that are read\n\n" + explain_fields(plan);
  const Layout layout = lay_out(plan);
  const std::string panes = explain_panes(plan, layout);
  if (!panes.empty()) out += "\nwhat windows remember\n\n" + panes;
  out += "\nmemory of all rules together: " + memory_of_all(plan, layout, memory) + "\n";
  out += "ruleset: " + plan.ruleset + "\n";
  return out;
}

std::string explain_rule(const Loaded& loaded, std::string_view id) {
  if (loaded.plan == nullptr) return "";
  const auto& rules = loaded.plan->rules;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const RecordRule& r) { return r.info.id == id; });
  if (rule != rules.end()) return explain_one(*loaded.plan, *rule);
  const std::vector<WindowRule>& windows = loaded.plan->window_rules;
  for (std::uint32_t i = 0; i < windows.size(); ++i) {
    if (windows[i].info.id == id) return windows[i].drift < 0 ? explain_window(loaded, i) : explain_drift(loaded, i);
  }
  const auto later =
      std::find_if(loaded.later.begin(), loaded.later.end(), [&](const LaterRule& r) { return r.id == id; });
  return later == loaded.later.end() ? "" : explain_later(*later);
}

}  // namespace weir
