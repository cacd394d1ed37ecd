// SPDX-License-Identifier: Apache-2.0
// weir man: the manual page.
#include "app/command.h"
#include "app/man_page.h"
#include "app/surroundings.h"

namespace weir {

int run_man(const Arguments& /*arguments*/, Surroundings& surroundings) {
  print(surroundings.out, man_page(WEIR_VERSION));
  return ExitCode::kHolds;
}

}  // namespace weir
