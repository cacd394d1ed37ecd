// SPDX-License-Identifier: Apache-2.0
// The manual page weir(1) in roff, made from the table of commands.
#pragma once

#include <string>
#include <string_view>

namespace weir {

[[nodiscard]] std::string man_page(std::string_view version);

}  // namespace weir
