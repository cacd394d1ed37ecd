// SPDX-License-Identifier: Apache-2.0
// weir completion: the script for one shell.
#include "app/arguments.h"
#include "app/completions.h"
#include "app/surroundings.h"

namespace weir {

int run_completions(const Arguments& arguments, Surroundings& surroundings) {
  const std::string& shell = arguments.operands().front();  // one of the words of the table
  print(surroundings.out, shell == "bash"  ? bash_completions()
                          : shell == "zsh" ? zsh_completions()
                                           : fish_completions());
  return ExitCode::kHolds;
}

}  // namespace weir
