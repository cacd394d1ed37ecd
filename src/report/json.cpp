// SPDX-License-Identifier: Apache-2.0
// The report for programs. Names and order are a contract: docs/reports.md.
#include "base/json_writer.h"
#include "report/report.h"

namespace weir {

namespace {

std::string_view word_of(RuleKind kind) {
  switch (kind) {
    case RuleKind::Record: return "record";
    case RuleKind::Window: return "window";
    case RuleKind::Drift: return "drift";
  }
  return "record";
}

void write_inputs(JsonWriter& json, const Report& report) {
  json.key("inputs").begin_array();
  for (const InputReport& input : report.inputs) {
    json.begin_object();
    json.field("path", input.path);
    json.field("records", input.records);
    json.field("bytes", input.bytes);
    json.field("undecodable", input.undecodable);
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

void write_rule(JsonWriter& json, const Report& report, const RuleReport& rule) {
  json.begin_object();
  json.field("id", rule.info.id);
  json.field("kind", word_of(rule.info.kind));
  json.key("field");
  rule.info.field.empty() ? json.null() : json.value(rule.info.field);
  json.field("severity", rule.info.severity == Severity::Error ? "error" : "warn");
  json.field("outcome", word_of(rule.outcome));
  json.field("evaluated", rule.counts.evaluated);
  json.field("failed", rule.counts.failed);
  json.field("skipped", rule.counts.skipped);
  json.key("observed");
  rule.observed.has_value() ? json.value(*rule.observed) : json.null();
  json.field("expected", rule.info.expected);
  json.key("window").null();
  json.key("segment").null();
  write_where(json, rule.info.where);
  if (!rule.error.empty()) json.field("error", rule.error);
  json.key("samples").begin_array();
  for (const Sample& sample : rule.samples) write_sample(json, report, sample);
  json.end_array();
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
  json.end_object();
  return json.take() + "\n";
}

}  // namespace weir
