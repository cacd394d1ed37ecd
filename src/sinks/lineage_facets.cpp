// SPDX-License-Identifier: Apache-2.0
#include "sinks/lineage_facets.h"

#include <cmath>
#include <map>
#include <optional>

#include "base/escape.h"
#include "weir/measured.h"

namespace weir {
namespace {

constexpr std::size_t kMostWords = 300;

/// What the facets know of a rule that judged a window, under the names that both of them have.
void write_result(JsonWriter& json, const WindowVerdict& verdict, const WindowRule& rule) {
  const RuleInfo& info = rule.info;
  // A rule of both kinds that only broke its `should` is a warning and no more.
  const bool warns = info.severity == Severity::Warn || verdict.verdict == Verdict::Warn;
  json.field("severity", warns ? "warn" : "error");
  if (!info.description.empty()) json.field("description", visible(info.description, kMostWords));
  if (!verdict.expected.empty()) json.field("expected", visible(verdict.expected, kMostWords));
  json.field("actual", visible(show(verdict.observed, verdict.observed_is_rate), kMostWords));
  if (!info.check.empty() && !info.expected.empty()) {
    const std::string content = info.check + (info.field.empty() ? "" : "(" + info.field + ")") + " " + info.expected;
    json.field("content", visible(content, kMostWords)).field("contentType", "expression");
  }
  if (info.when.empty() && verdict.segment == nullptr) return;
  json.key("params").begin_object();
  if (!info.when.empty()) json.field("when", visible(info.when, kMostWords));
  if (verdict.segment != nullptr) {
    json.key("segment").begin_object();
    for (const auto& [field, value] : verdict.segment->values) {
      json.key(field);
      value ? json.value(visible(*value, kMostWords)) : json.null();
    }
    if (verdict.segment->other) json.field("__other__", true);
    json.end_object();
  }
  json.end_object();
}

std::string_view kind_of(const WindowRule& rule) {
  return rule.info.check.empty() ? std::string_view(rule.drift >= 0 ? "drift" : "window") : rule.info.check;
}

// ---- metrics of columns: what rules measured

/// The call whose value a rule shows, where it shows a measure and no more than that. Conditions do not say what they are made
/// of, so this one is tried: with a measure alone on its left side it shows whatever the measure came to.
const MeasureCall* shown_by(const WindowCondition& said) {
  if (said.condition == nullptr || said.calls.size() != 1) return nullptr;
  for (const double probe : {1234.5625, 98765.03125}) {
    const Measured value = Measured::of(probe);
    const Measured shown = said.condition->judge({&value, 1}).observed;
    if (shown.kind != Measured::Kind::Number || shown.number != probe) return nullptr;
  }
  return said.calls.data();
}

const MeasureCall* shown_by(const WindowRule& rule) {
  if (rule.drift >= 0 || rule.when != nullptr) return nullptr;
  const MeasureCall* const must = shown_by(rule.must);
  const MeasureCall* const should = shown_by(rule.should);
  if (rule.must.condition == nullptr) return should;
  if (rule.should.condition == nullptr) return must;
  // Either may have decided.
  return must != nullptr && should != nullptr && must->written == should->written ? must : nullptr;
}

std::optional<double> number_of(const Measured& value) {
  if (value.kind != Measured::Kind::Integer && value.kind != Measured::Kind::Number &&
      value.kind != Measured::Kind::Exact)
    return std::nullopt;
  const std::optional<double> number =
      value.kind == Measured::Kind::Exact ? std::optional(std::strtod(value.text.c_str(), nullptr)) : value.as_number();
  return number && std::isfinite(*number) ? number : std::nullopt;
}

struct ColumnMetrics {
  std::map<std::string_view, double> numbers;
  std::map<std::string, double> quantiles;
};

struct DatasetMetrics {
  std::optional<double> rows;
  std::map<std::string, ColumnMetrics> columns;
};

bool is_count(std::string_view metric) {
  return metric == "nullCount" || metric == "distinctCount";
}

/// Measures that the facet has a word for.
std::string_view metric_of(std::string_view measure) {
  if (measure == "null_count") return "nullCount";
  if (measure == "distinct") return "distinctCount";
  if (measure == "sum" || measure == "min" || measure == "max") return measure;
  return "";
}

std::string quantile_key(double rank) {
  JsonWriter key;
  key.value(rank);
  return key.take();
}

void take(const MeasureCall& call, double number, const Plan& plan, DatasetMetrics& metrics) {
  const std::string_view measure = call.spec->name;
  if (measure == "row_count") metrics.rows = number;
  if (call.columns.size() != 1 || !call.stream.empty()) return;
  const Field& field = plan.fields[call.columns.front()];
  if (field.redacted || field.path.from_envelope()) return;
  const std::string name = field.path.text();
  if (const std::string_view metric = metric_of(measure); !metric.empty()) {
    metrics.columns[name].numbers[metric] = number;
  } else if (measure == "median") {
    metrics.columns[name].quantiles["0.5"] = number;
  } else if (measure == "quantile" && call.numbers.size() == 1) {
    metrics.columns[name].quantiles[quantile_key(call.numbers.front())] = number;
  }
}

DatasetMetrics metrics_of(const LineageWindow& window) {
  DatasetMetrics metrics;
  for (const WindowVerdict* const verdict : window.verdicts) {
    if (verdict->segment != nullptr) continue;  // about some of the rows
    const MeasureCall* const call = shown_by(window.plan.window_rules[verdict->rule]);
    if (call == nullptr || window.plan.windows[window.plan.window_rules[verdict->rule].block].accepted_only) continue;
    if (const std::optional<double> number = number_of(verdict->observed)) take(*call, *number, window.plan, metrics);
  }
  return metrics;
}

void write_count(JsonWriter& json, std::string_view key, double number) {
  json.field(key, static_cast<std::int64_t>(std::llround(number)));
}

}  // namespace

bool is_lineage_answer(Verdict verdict) {
  return verdict == Verdict::Pass || verdict == Verdict::Warn || verdict == Verdict::Fail;
}

void begin_lineage_facet(JsonWriter& json, std::string_view key, std::string_view facet, std::string_view producer) {
  const std::size_t blank = facet.find(' ');
  const std::string name(facet.substr(0, blank));
  const std::string version(facet.substr(blank + 1));
  json.key(key).begin_object().field("_producer", producer);
  json.field("_schemaURL", "https://openlineage.io/spec/facets/" + version + "/" + name + ".json#/$defs/" + name);
}

void write_lineage_assertions(JsonWriter& json, const LineageWindow& window, std::string_view producer) {
  begin_lineage_facet(json, "dataQualityAssertions", "DataQualityAssertionsDatasetFacet 1-1-0", producer);
  json.key("assertions").begin_array();
  for (const WindowVerdict* const verdict : window.verdicts) {
    if (!is_lineage_answer(verdict->verdict)) continue;
    const WindowRule& rule = window.plan.window_rules[verdict->rule];
    json.begin_object().field("assertion", kind_of(rule)).field("success", verdict->verdict == Verdict::Pass);
    if (!rule.info.field.empty()) json.field("column", rule.info.field);
    json.field("name", rule.info.id);
    write_result(json, *verdict, rule);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_lineage_tests(JsonWriter& json, const LineageWindow& window, bool all, std::string_view producer) {
  bool begun = false;
  for (const WindowVerdict* const verdict : window.verdicts) {
    const bool answer = is_lineage_answer(verdict->verdict);
    if (answer && !all) continue;
    if (!begun) {
      begin_lineage_facet(json, "test", "TestRunFacet 1-0-1", producer);
      json.key("tests").begin_array();
      begun = true;
    }
    const WindowRule& rule = window.plan.window_rules[verdict->rule];
    json.begin_object().field("name", rule.info.id);
    json.field("status", !answer ? "skip" : verdict->verdict == Verdict::Pass ? "pass" : "fail");
    json.field("type", kind_of(rule));
    write_result(json, *verdict, rule);
    json.end_object();
  }
  if (begun) json.end_array().end_object();
}

void write_lineage_metrics(JsonWriter& json, const LineageWindow& window, std::string_view producer) {
  const DatasetMetrics metrics = metrics_of(window);
  if (!metrics.rows && metrics.columns.empty()) return;
  begin_lineage_facet(json, "dataQualityMetrics", "DataQualityMetricsInputDatasetFacet 1-0-3", producer);
  if (metrics.rows) write_count(json, "rowCount", *metrics.rows);
  json.key("columnMetrics").begin_object();
  for (const auto& [name, column] : metrics.columns) {
    json.key(name).begin_object();
    for (const auto& [metric, number] : column.numbers) {
      if (is_count(metric)) {
        write_count(json, metric, number);
      } else {
        json.field(metric, number);
      }
    }
    if (!column.quantiles.empty()) {
      json.key("quantiles").begin_object();
      for (const auto& [rank, number] : column.quantiles) json.field(rank, number);
      json.end_object();
    }
    json.end_object();
  }
  json.end_object().end_object();
}

void write_lineage_schema(JsonWriter& json, std::span<const LineageField> fields, std::string_view producer) {
  if (fields.empty()) return;
  begin_lineage_facet(json, "schema", "SchemaDatasetFacet 1-2-0", producer);
  json.key("fields").begin_array();
  for (const LineageField& field : fields) {
    json.begin_object().field("name", visible(field.name, kMostWords));
    if (!field.type.empty()) json.field("type", visible(field.type, kMostWords));
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace weir
