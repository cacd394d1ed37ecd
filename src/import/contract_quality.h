// SPDX-License-Identifier: Apache-2.0
// The quality rules of data contracts: a metric of the library with what it must be, SQL and words for people.
#pragma once

#include <string>

#include "import/draft.h"
#include "import/node.h"

namespace weir {

/// What `mustBe…` asks of a measure; empty when nothing is asked, or in a form that weir does not know. `percent`: the numbers
/// are percentages.
[[nodiscard]] std::string contract_threshold(const SuiteNode& rule, const std::string& measure, bool percent);

/// Carries over the list `quality` of a table or, when `path` is not empty, of a property.
void read_contract_quality(Draft& draft, const SuiteNode& list, const std::string& path);

}  // namespace weir
