// SPDX-License-Identifier: Apache-2.0
// A comparison for programs. The names of its fields are a contract (docs/compare.md).
#include "base/json_writer.h"
#include "base/timestamp.h"
#include "batch/drift_json.h"
#include "batch/verdict_json.h"
#include "report/comparison.h"

namespace weir {
namespace {

void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.value(text);
}

void write_side(JsonWriter& json, std::string_view name, const ComparedSide& side) {
  json.key(name).begin_object();
  json.field("path", side.path);
  json.field("baseline", side.baseline);
  json.field("records", side.records);
  json.field("undecodable", side.undecodable);
  write_text_or_null(json, "from", side.from ? format_timestamp(*side.from) : "");
  write_text_or_null(json, "to", side.to ? format_timestamp(*side.to) : "");
  json.end_object();
}

void write_field(JsonWriter& json, const ComparedField& field) {
  const FieldResult& result = field.result;
  json.begin_object();
  json.field("field", field.path);
  write_text_or_null(json, "rule", field.rule);
  json.field("outcome", word_of(result.verdict));
  json.field("severity", field.severity == Severity::Error ? "error" : "warn");
  json.field("change", result.severity);
  write_text_or_null(json, "picked", result.picked);
  write_text_or_null(json, "cause", result.cause);
  json.field("reference_values", field.reference_values);
  json.field("current_values", field.current_values);
  write_drift_tests(json, result.tests);
  write_drift_findings(json, result.findings);
  write_drift_picture(json, result.picture);
  json.end_object();
}

}  // namespace

std::string write_json(const ComparisonReport& comparison) {
  JsonWriter json(true);
  json.begin_object();
  json.field("weir", comparison.version);
  json.field("verdict", word_of(comparison.verdict));
  json.field("exit", comparison.exit_code);
  write_side(json, "reference", comparison.reference);
  write_side(json, "current", comparison.current);
  json.key("fields").begin_array();
  for (const ComparedField& field : comparison.fields) write_field(json, field);
  json.end_array();
  json.key("counts").begin_object();
  json.field("error", comparison.counts.error);
  json.field("warn", comparison.counts.warn);
  json.field("pass", comparison.counts.pass);
  json.field("no_data", comparison.counts.no_data);
  json.field("inconclusive", comparison.counts.inconclusive);
  json.field("not_evaluated", comparison.counts.not_evaluated);
  json.end_object();
  json.key("notes").begin_array();
  for (const std::string& note : comparison.notes) json.value(note);
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace weir
