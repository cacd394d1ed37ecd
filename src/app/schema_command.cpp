// SPDX-License-Identifier: Apache-2.0
// weir schema: the JSON Schema of rule files, made from the registry that parses them.
#include "app/rule_file.h"
#include "app/telling.h"
#include "rules/schema.h"

namespace weir {

int run_schema(const Arguments& arguments, Surroundings& surroundings) {
  const Status written = write_output(surroundings, arguments.text("output", "-"), rule_file_schema());
  if (written) return ExitCode::kHolds;
  return refuse(surroundings, written.error(), ExitCode::kNotWritten, "schema not written");
}

}  // namespace weir
