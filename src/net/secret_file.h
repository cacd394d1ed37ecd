// SPDX-License-Identifier: Apache-2.0
// A password or a token in a file of its own.
#pragma once

#include <string>

#include "weir/result.h"

namespace weir {

/// The first line of a file, without white space behind it.
[[nodiscard]] Result<std::string> read_secret(const std::string& path);

}  // namespace weir
