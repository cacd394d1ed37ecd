// SPDX-License-Identifier: Apache-2.0
#include "drift/measure.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "drift/baseline.h"
#include "drift/compare.h"
#include "drift/registry.h"
#include "drift/subject.h"

namespace weir {

Measured measure_distance(const DriftRule& rule, std::string_view test, const FieldSummary& field) {
  const Baseline* const baseline = rule.reference.baseline.get();
  const BaselineField* const known =
      baseline == nullptr || rule.paths.size() != 1 ? nullptr : baseline->find(rule.paths.front());
  const DriftSpec* const spec = find_drift_test(test);
  if (known == nullptr || spec == nullptr) return Measured::fault("the reference was not read");
  Profile current = profile_of(field);
  rename_categories(current, *baseline);
  FieldPair pair;
  pair.path = rule.paths.front();
  pair.reference = &known->profile;
  pair.current = &current;
  pair.tests = {spec};
  // Nothing is decided here, so nothing has to be found and drawn: no effect is beyond an infinite tolerance.
  pair.tolerance = {{spec, std::numeric_limits<double>::infinity()}};
  pair.design_effect = known->profile.design_effect.value_or(1);
  pair.redacted = current.redacted;
  CompareOptions options;
  options.picture = false;
  const std::vector<FieldResult> results = compare_fields({&pair, 1}, options);
  if (results[0].tests.empty()) return Measured::no_data(results[0].cause);
  const DriftMeasured& found = results[0].tests[0].measured;
  if (found.kind != DriftMeasured::Kind::Value) return Measured::no_data(found.cause);
  if (std::isnan(found.effect)) return Measured::no_data("the values have no such distance");
  if (found.resolution.empty()) return Measured::of(found.effect);
  return Measured::within(found.effect, found.effect_low, found.effect_high, found.resolution);
}

}  // namespace weir
