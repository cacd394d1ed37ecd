// SPDX-License-Identifier: Apache-2.0
// Parameters of a check that nobody writes, because a reference knows them.
#pragma once

#include <string>

#include "drift/baseline.h"
#include "rules/rule_set.h"
#include "weir/result.h"

namespace weir {

struct MeanAndSd {
  double mean = 0;
  double sd = 1;
};

/// Whether the rule leaves its parameters to a reference.
[[nodiscard]] bool takes_reference(const WrittenRule& rule);
/// Of the finite numbers of the field. `name` is that of the file. An error without a message: it was told elsewhere.
[[nodiscard]] Result<MeanAndSd> mean_and_sd(const Baseline& baseline, const std::string& path, const std::string& name);
void add_reference(Params& params, const MeanAndSd& known);

}  // namespace weir
