// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "rules/findings.h"
#include "rules/load.h"
#include "rules/rule_set.h"

namespace weir {

/// The schema in a file that `source` names; null where it names none, and where it cannot be read, which is told. The file's
/// ending tells the language, or else the format of the records does.
std::shared_ptr<const SchemaText> read_schema(const NamedFile& file, Format format, const LoadOptions& options,
                                              Findings& findings);

/// Tells schemas of a plan that cannot be used and a message that is not in them, before there is a record.
void check_schemas(const Plan& plan, const RuleSet& rules, Findings& findings);

}  // namespace weir
