// SPDX-License-Identifier: Apache-2.0
#include "batch/drift_json.h"

#include "base/timestamp.h"
#include "batch/verdict_json.h"

namespace weir {

namespace {

void write_optional(JsonWriter& json, std::string_view name, const std::optional<double>& number) {
  json.key(name);
  number ? json.value(*number) : json.null();
}

void write_test(JsonWriter& json, const DriftTestResult& result) {
  const DriftMeasured& measured = result.measured;
  // Of too few values a figure is shown, and decides nothing.
  const bool known = measured.kind == DriftMeasured::Kind::Value || measured.computed;
  const auto only_known = [&](double number) { return known ? std::optional(number) : std::nullopt; };
  json.begin_object();
  json.field("test", result.test).field("outcome", word_of(result.outcome));
  write_optional(json, "statistic", only_known(measured.statistic));
  write_optional(json, "p_value", known ? measured.p_value : std::nullopt);
  write_optional(json, "effect", only_known(measured.effect));
  json.field("tolerance", result.tolerance);
  write_optional(json, "p_adjusted", result.p_adjusted);
  if (known && measured.effect_low < measured.effect_high) {
    json.field("effect_low", measured.effect_low).field("effect_high", measured.effect_high);
  }
  if (!measured.resolution.empty()) json.field("resolution", measured.resolution);
  if (measured.at) json.field("at", *measured.at);
  const std::string& cause = result.cause.empty() ? measured.cause : result.cause;
  if (!cause.empty()) json.field("cause", cause);
  json.end_object();
}

void write_numbers(JsonWriter& json, std::string_view name, const std::vector<double>& numbers) {
  json.key(name).begin_array();
  for (const double number : numbers) json.value(number);
  json.end_array();
}

}  // namespace

std::string_view word_of(DriftFindingKind kind) {
  switch (kind) {
    case DriftFindingKind::NewValue: return "new_value";
    case DriftFindingKind::VanishedValue: return "vanished_value";
    case DriftFindingKind::Scaled: return "scaled";
    case DriftFindingKind::Shifted: return "shifted";
    case DriftFindingKind::TypeShare: return "type_share";
    case DriftFindingKind::NullShare: return "null_share";
    case DriftFindingKind::Location: return "location";
    case DriftFindingKind::Spread: return "spread";
    case DriftFindingKind::Share: return "share";
    case DriftFindingKind::Cardinality: return "cardinality";
    case DriftFindingKind::Lengths: return "lengths";
    case DriftFindingKind::Together: return "together";
  }
  return "location";
}

void write_drift_tests(JsonWriter& json, std::span<const DriftTestResult> tests) {
  json.key("tests").begin_array();
  for (const DriftTestResult& test : tests) write_test(json, test);
  json.end_array();
}

void write_drift_findings(JsonWriter& json, std::span<const DriftFinding> findings) {
  json.key("findings").begin_array();
  for (const DriftFinding& finding : findings) {
    json.begin_object();
    json.field("kind", word_of(finding.kind)).field("text", finding.text).field("effect", finding.effect);
    if (!finding.example.empty()) json.field("example", finding.example);
    if (finding.count > 0) json.field("count", finding.count);
    json.end_object();
  }
  json.end_array();
}

void write_drift_picture(JsonWriter& json, const DriftPicture& picture) {
  if (picture.reference.empty()) return;
  json.key("picture").begin_object();
  if (picture.numbers) write_numbers(json, "starts", picture.starts);
  json.key("labels").begin_array();
  for (const std::string& label : picture.labels) json.value(label);
  json.end_array();
  write_numbers(json, "reference", picture.reference);
  write_numbers(json, "current", picture.current);
  json.end_object();
}

void write_drift(JsonWriter& json, const DriftVerdict& verdict) {
  json.begin_object();
  json.field("drifted", verdict.drifted).field("firing", verdict.firing);
  json.field("drifted_of_last", static_cast<std::uint64_t>(verdict.drifted_of_last));
  if (verdict.since) json.field("since", format_timestamp(*verdict.since));
  if (!verdict.summary.empty()) json.field("summary", verdict.summary);
  if (!verdict.picked.empty()) json.field("picked", verdict.picked);
  json.field("severity", verdict.severity);
  json.field("reference_values", verdict.reference_values).field("current_values", verdict.current_values);
  json.field("reference_windows", verdict.reference_windows);
  write_optional(json, "design_effect", verdict.design_effect);
  write_drift_tests(json, verdict.tests);
  write_drift_findings(json, verdict.findings);
  write_drift_picture(json, verdict.picture);
  json.end_object();
}

}  // namespace weir
