// SPDX-License-Identifier: Apache-2.0
// The command line as a function, so that tests run it without starting a process.
#pragma once

#include <string>
#include <vector>

#include "app/surroundings.h"

namespace weir {

/// Runs `weir ARGS...` and returns its exit code. `args` come without the program's name.
int run_cli(const std::vector<std::string>& args, Surroundings& surroundings);

}  // namespace weir
