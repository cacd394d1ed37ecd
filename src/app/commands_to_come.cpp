// SPDX-License-Identifier: Apache-2.0
#include "app/command.h"

namespace weir {

int run_top(const Arguments&, Surroundings&) {
  return ExitCode::kUsage;
}

}  // namespace weir
