// SPDX-License-Identifier: Apache-2.0
// The last word about a draft is weir's own: its loader reads what was written, and a rule that it refuses is left out with
// its reason. So an imported file passes `weir lint` whatever the suite held.
#pragma once

#include "import/write.h"
#include "weir/result.h"

namespace weir {

/// Leaves out what the loader refuses and gives the text of the rule file. The error: a file that cannot be one however many
/// rules are left out (more than 1 MiB).
Result<std::string> settle(Draft& draft, const SuiteOrigin& origin);

}  // namespace weir
