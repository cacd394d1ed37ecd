// SPDX-License-Identifier: Apache-2.0
// `$name` and `$env:NAME` in scalars. Replaced after parsing and within one scalar, so that a variable can never add a key,
// an entry or a rule.
#pragma once

#include "rules/bundle.h"
#include "rules/findings.h"
#include "rules/load.h"

namespace weir {

/// Replaces variables in every value of the bundle; the data of `tests` stays as it is. `$$` is a dollar; a dollar before
/// anything but a name is one too, so that `\d+$` is a regular expression. `$name` of a set is left for the check.
void substitute_variables(Bundle& bundle, const LoadOptions& options, Findings& findings);

}  // namespace weir
