// SPDX-License-Identifier: Apache-2.0
// The report for programs. Names and order are a contract: docs/reports.md.
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "report/report.h"
#include "report/windows.h"
#include "report/words.h"

namespace weir {

namespace {

void write_envelopes(JsonWriter& json, const EnvelopeCounts& counts) {
  json.key("envelopes").begin_object();
  json.field("none", counts.in(Wrapping::None));
  json.field("debezium", counts.in(Wrapping::Debezium));
  json.field("cloudevents", counts.in(Wrapping::CloudEvents));
  json.field("connect", counts.in(Wrapping::Connect));
  json.field("removals", counts.removals);
  json.field("snapshots", counts.snapshots);
  json.field("notices", counts.notices);
  json.end_object();
}

void write_inputs(JsonWriter& json, const Report& report) {
  json.key("inputs").begin_array();
  for (const InputReport& input : report.inputs) {
    json.begin_object();
    json.field("path", input.path);
    json.field("records", input.records);
    json.field("bytes", input.bytes);
    json.field("undecodable", input.undecodable);
    if (!input.stream.empty()) json.field("stream", input.stream);
    if (input.envelopes.any() || input.envelopes.notices > 0) write_envelopes(json, input.envelopes);
    if (!input.error.empty()) json.field("error", input.error);
    json.end_object();
  }
  json.end_array();
}

void write_where(JsonWriter& json, const SourceSpan& where) {
  json.key("where");
  if (where.line == 0) {  // a built-in rule stands in no file
    json.null();
    return;
  }
  json.begin_object();
  json.field("file", where.file).field("line", where.line).field("column", where.column);
  json.end_object();
}

void write_sample(JsonWriter& json, const Report& report, const Sample& sample) {
  json.begin_object();
  if (report.inputs.size() > 1 && sample.input < report.inputs.size()) {
    json.field("input", report.inputs[sample.input].path);
  }
  json.field("line", sample.line);
  json.field("offset", sample.offset);
  json.field("value", sample.value);
  json.field("reason", sample.reason);
  json.end_object();
}

void write_windows(JsonWriter& json, std::string_view key, const std::vector<WindowVerdict>& verdicts) {
  json.key(key).begin_array();
  for (const WindowVerdict& verdict : verdicts) write_window(json, verdict);
  json.end_array();
}

/// Only a rule that judged the input as one whole has one value to show.
void write_observed(JsonWriter& json, const RuleReport& rule) {
  const WindowVerdict* const only = rule.windows && rule.windows->only ? &*rule.windows->only : nullptr;
  json.key("observed");
  only == nullptr ? static_cast<void>(json.null()) : write_measured(json, only->observed);
}

void write_rule(JsonWriter& json, const Report& report, const RuleReport& rule) {
  json.begin_object();
  json.field("id", rule.info.id);
  json.field("kind", word_of(rule.info.kind));
  json.key("field");
  rule.info.field.empty() ? json.null() : json.value(rule.info.field);
  json.field("severity", word_of(rule.info.severity));
  json.field("outcome", word_of(rule.outcome));
  json.field("evaluated", rule.counts.evaluated);
  json.field("failed", rule.counts.failed);
  json.field("skipped", rule.counts.skipped);
  write_observed(json, rule);
  json.field("expected", rule.info.expected);
  json.key("window").null();
  json.key("segment").null();
  write_where(json, rule.info.where);
  if (!rule.error.empty()) json.field("error", rule.error);
  if (rule.windows) {
    if (rule.windows->only && !rule.windows->only->cause.empty()) json.field("cause", rule.windows->only->cause);
    if (rule.windows->inconclusive > 0) json.field("inconclusive", rule.windows->inconclusive);
    write_windows(json, "samples", rule.windows->samples);
    if (rule.windows->judged) write_windows(json, "windows", *rule.windows->judged);
  } else {
    json.key("samples").begin_array();
    for (const Sample& sample : rule.samples) write_sample(json, report, sample);
    json.end_array();
  }
  json.end_object();
}

void write_counts(JsonWriter& json, const RuleTotals& counts) {
  json.key("counts").begin_object();
  json.field("error", counts.error);
  json.field("warn", counts.warn);
  json.field("pass", counts.pass);
  json.field("no_data", counts.no_data);
  json.field("inconclusive", counts.inconclusive);
  json.field("not_evaluated", counts.not_evaluated);
  json.end_object();
}

}  // namespace

std::string write_json(const Report& report, const WriteOptions&) {
  JsonWriter json(true);
  json.begin_object();
  json.field("weir", report.version);
  json.field("verdict", word_of(report.verdict));
  json.field("exit", report.exit_code);
  write_inputs(json, report);
  json.key("rules").begin_array();
  for (const RuleReport& rule : report.rules) write_rule(json, report, rule);
  json.end_array();
  write_counts(json, report.counts);
  json.field("quarantined", report.quarantined);
  json.field("seconds", report.seconds);
  const std::vector<std::string> notices = notices_of(report);
  if (!notices.empty()) {
    json.key("notes").begin_array();
    for (const std::string& notice : notices) json.value(notice);
    json.end_array();
  }
  json.end_object();
  return json.take() + "\n";
}

}  // namespace weir
