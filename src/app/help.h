// SPDX-License-Identifier: Apache-2.0
// The help screens, made from the table of commands: one screen each.
#pragma once

#include <string>
#include <string_view>

#include "app/command.h"

namespace weir {

[[nodiscard]] std::string usage_of(const Command& command);     // weir check FILE... --rules FILE
[[nodiscard]] std::string sentence(std::string_view fragment);  // with a capital letter and a full stop

[[nodiscard]] std::string short_help();                     // no arguments
[[nodiscard]] std::string help_of(const Command& command);  // weir check --help
/// docs/cli.md as it has to be.
[[nodiscard]] std::string command_reference();

}  // namespace weir
