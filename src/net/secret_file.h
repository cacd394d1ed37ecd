// SPDX-License-Identifier: Apache-2.0
// A password or a token in a file of its own, read again for each call: one that is renewed is used from then on.
#pragma once

#include <string>

#include "weir/result.h"

namespace weir {

/// The first line of a file, without white space behind it.
[[nodiscard]] Result<std::string> read_secret(const std::string& path);
/// The same of what may be given in one of two ways: the file where there is one, else the text itself.
[[nodiscard]] Result<std::string> secret_of(const std::string& path, const std::string& text);

}  // namespace weir
