// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "rules/findings.h"
#include "rules/load.h"
#include "rules/rule_set.h"

namespace weir {

/// The schema in a file that `source` names; null where it names none, and where it cannot be read, which is told. The file's
/// ending tells the language, or else the format of the records does. Whether the schema can be used is found when the
/// first record is read with it.
std::shared_ptr<const SchemaText> read_schema(const NamedFile& file, Format format, const LoadOptions& options,
                                              Findings& findings);

}  // namespace weir
