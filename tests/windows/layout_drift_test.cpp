// SPDX-License-Identifier: Apache-2.0
// What panes keep for drift rules, and no more than they ask for.
#include "windows/layout_drift.h"

#include <catch2/catch_test_macros.hpp>

#include "weir/drift.h"

namespace weir {
namespace {

TEST_CASE("panes keep third moments for a test of means alone, and rules of one field share what they keep") {
  Plan plan;
  plan.fields.add(*FieldPath::parse("amount"));
  const DriftSpec ks = {.name = "ks", .summary = {}, .effect = {}};
  const DriftSpec mean_shift = {.name = "mean_shift", .summary = {}, .effect = {}};
  DriftRule plain;
  plain.columns = {0};
  plain.tests = {&ks};
  DriftRule of_means = plain;
  of_means.tests = {&ks, &mean_shift};
  CHECK_FALSE(drift_summary(plan, plain).parts.has(Part::HighMoments));
  CHECK(drift_summary(plan, of_means).parts.has(Part::HighMoments));
  of_means.declared = {FieldType::String};
  CHECK_FALSE(drift_summary(plan, of_means).parts.has(Part::HighMoments));
  of_means.declared.clear();

  PaneSpec spec;
  const std::int32_t first = drift_field_of(spec, 0, drift_summary(plan, plain));
  CHECK(drift_field_of(spec, 0, drift_summary(plan, of_means)) == first);
  REQUIRE(spec.fields.size() == 1);
  CHECK(spec.fields[0].spec.parts == drift_summary(plan, of_means).parts);
}

}  // namespace
}  // namespace weir
