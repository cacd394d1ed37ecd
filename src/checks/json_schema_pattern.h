// SPDX-License-Identifier: Apache-2.0
// Regular expressions of JSON Schema, which are JavaScript's, as RE2 writes them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/pattern.h"
#include "weir/result.h"

namespace weir {

/// What RE2 writes differently, rewritten: \uXXXX, \cX, named groups, \s beyond ASCII, names of Unicode properties.
[[nodiscard]] std::string as_re2(std::string_view ecma);
/// An error for what RE2 has not: lookahead, lookbehind, back references.
[[nodiscard]] Result<std::shared_ptr<const Pattern>> compile_schema_pattern(std::string_view ecma);

}  // namespace weir
