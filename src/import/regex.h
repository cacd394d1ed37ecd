// SPDX-License-Identifier: Apache-2.0
// Regular expressions of Python and ECMAScript in the syntax of RE2.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// Spellings that differ are changed: `\Z`, `\u00e9`, `[\w-.]`, `[^]`. What RE2 does not have (look-around, references back)
/// stays, and the loader refuses it with its name.
[[nodiscard]] std::string regex_for_re2(std::string_view pattern);

}  // namespace weir
