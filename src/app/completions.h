// SPDX-License-Identifier: Apache-2.0
// Scripts with which shells complete weir's command line, made from the table of commands: a new flag is completed without
// a line here. The scripts are static; only the ids of rules are asked of weir itself, when somebody wants one.
#pragma once

#include <string>

namespace weir {

[[nodiscard]] std::string bash_completions();
[[nodiscard]] std::string zsh_completions();
[[nodiscard]] std::string fish_completions();

}  // namespace weir
