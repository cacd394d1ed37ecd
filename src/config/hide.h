// SPDX-License-Identifier: Apache-2.0
// A configuration as carets may show it. A secret that stands in the file itself is a fault, and the line that shows the
// fault goes to logs.
#pragma once

#include <string>

namespace weir {

/// With `*` for each letter of a password in a URL, and of the values of keys that hold secrets; as long as before, so that
/// places stay.
[[nodiscard]] std::string hide_secrets(std::string text);

}  // namespace weir
