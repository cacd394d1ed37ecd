// SPDX-License-Identifier: Apache-2.0
// Drift rules share what they need with each other where it is the same, and never with measures.
#include "windows/layout_drift.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir {

namespace {

bool same_edges(const SummarySpec& a, const SummarySpec& b) {
  if (a.edges == b.edges) return true;
  return a.edges != nullptr && b.edges != nullptr && *a.edges == *b.edges;
}

}  // namespace

SummarySpec drift_summary(const Plan& plan, const DriftRule& rule) {
  constexpr std::uint32_t kFine = 1'024;
  SummarySpec out;
  out.column = rule.columns[0];
  out.declared = rule.declared.empty() ? FieldType::Any : rule.declared[0];
  out.redacted = plan.fields[out.column].redacted;
  out.quantile_k = kFine;
  bool numbers = true;
  bool texts = true;
  switch (out.declared) {
    case FieldType::Integer:
    case FieldType::Number:
    case FieldType::Decimal: texts = false; break;
    case FieldType::String:
    case FieldType::Boolean:
    case FieldType::Date:
    case FieldType::Uuid:
    case FieldType::Object:
    case FieldType::Array: numbers = false; break;
    case FieldType::Timestamp:
    case FieldType::Any: break;
  }
  out.parts = Part::Values | Part::Distinct;
  if (texts) out.parts |= Part::Shape;
  if (!numbers) return out;
  out.parts |= Part::Moments | Part::Raw;
  const bool of_mean = std::any_of(rule.tests.begin(), rule.tests.end(),
                                   [](const DriftSpec* test) { return test->name == "mean_shift"; });
  if (of_mean) out.parts |= Part::HighMoments;
  const bool has_edges = rule.edges != nullptr && !rule.edges->empty();
  if (has_edges) out.edges = rule.edges;
  out.parts |= has_edges ? Part::Histogram : Part::Quantiles;
  return out;
}

std::int32_t drift_field_of(PaneSpec& spec, std::uint32_t lens, SummarySpec wanted) {
  auto need = std::find_if(spec.fields.begin(), spec.fields.end(), [&](const FieldNeed& other) {
    return other.drift && other.lens == lens && other.spec.column == wanted.column &&
           other.spec.declared == wanted.declared && same_edges(other.spec, wanted);
  });
  if (need == spec.fields.end()) {
    spec.fields.push_back({.lens = lens, .spec = std::move(wanted), .drift = true});
    need = std::prev(spec.fields.end());
  } else {
    need->spec.parts |= wanted.parts;  // the third moment, where one of them asks for it
  }
  return static_cast<std::int32_t>(need - spec.fields.begin());
}

std::int32_t scatter_of(PaneSpec& spec, std::uint32_t lens, const std::vector<std::uint32_t>& columns) {
  auto need = std::find_if(spec.scatters.begin(), spec.scatters.end(), [&](const ScatterNeed& other) {
    return other.lens == lens && other.spec.columns == columns;
  });
  if (need == spec.scatters.end()) {
    spec.scatters.push_back({.lens = lens, .spec = {.columns = columns}});
    need = std::prev(spec.scatters.end());
  }
  return static_cast<std::int32_t>(need - spec.scatters.begin());
}

}  // namespace weir
