// SPDX-License-Identifier: Apache-2.0
// weir version: one line, "weir 1.2.3".
#include "app/command.h"
#include "app/surroundings.h"

namespace weir {

int run_version(const Arguments& /*arguments*/, Surroundings& surroundings) {
  print(surroundings.out, "weir " WEIR_VERSION "\n");
  return ExitCode::kHolds;
}

}  // namespace weir
