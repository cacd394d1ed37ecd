// SPDX-License-Identifier: Apache-2.0
// The parts of a rule file in the order in which they need each other.
#include "rules/read_rules.h"

#include <algorithm>

#include "rules/codes.h"
#include "rules/keys.h"

namespace weir {
namespace {

/// Names that are defined in the file itself and never used: probably a typing error where they should be.
void warn_of_unused(RuleReading& reading) {
  const auto warn = [&](const Names& names, std::string_view kind) {
    for (const auto& [name, entry] : names) {
      if (entry.used || entry.document != 0) continue;
      reading.findings.warning(codes::kUnused, entry.key->where(),
                               "the " + std::string(kind) + " " + backquoted(name) + " is never used", {});
    }
  };
  warn(reading.bundle.vars, "variable");
  warn(reading.bundle.sets, "set");
  warn(reading.bundle.templates, "template");
}

void warn_of_partitions(RuleReading& reading) {
  if (!reading.out.on_topic) return;
  for (const WrittenRule& rule : reading.out.rules) {
    const bool by_key =
        reading.out.key && std::find(rule.columns.begin(), rule.columns.end(), *reading.out.key) != rule.columns.end();
    if (rule.spec->name != "unique" || by_key || !rule.options.enabled) continue;
    reading.findings.warning(
        codes::kPerPartition, rule.params.where, "on a topic `unique` sees one partition",
        {.label = "duplicates in two partitions are not found",
         .help = "say by which field the topic is partitioned, `source: {key: …}`, and make that one unique"});
  }
}

}  // namespace

RuleSet read_rule_set(Bundle& bundle, const LoadOptions& options, Findings& findings) {
  RuleReading reading{.bundle = bundle,
                      .findings = findings,
                      .sets = SetReader(bundle, options, findings),
                      .zones = ZoneReader(options, findings),
                      .ids = RuleIds(findings),
                      .defaults = {},
                      .out = {},
                      .drift_at_once = options.drift_at_once};
  const Section top(findings, *bundle.root(), top_keys());
  read_settings(reading, top);
  reading.sets.check_all();
  check_templates(reading);
  if (const YamlNode* fields = top.node("fields")) read_fields(reading, *fields);
  if (const YamlNode* records = top.node("records")) read_records(reading, *records);
  if (const YamlNode* windows = top.node("windows")) read_windows(reading, *windows);
  if (const YamlNode* drift = top.node("drift")) read_drift(reading, *drift);
  note_times(reading);
  if (const YamlNode* tests = top.node("tests")) read_tests(reading, *tests);
  if (!findings.any_errors()) {
    warn_of_unused(reading);
    warn_of_partitions(reading);
  }
  return std::move(reading.out);
}

}  // namespace weir
