// SPDX-License-Identifier: Apache-2.0
// References between schemas: RFC 3986 as far as schemas use it, and JSON pointers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What `reference` means within `base`, dots in the path resolved.
[[nodiscard]] std::string resolve_uri(std::string_view base, std::string_view reference);

struct SplitUri {
  std::string document;  // in front of `#`
  std::string fragment;  // behind it, percent signs decoded
};
[[nodiscard]] SplitUri split_uri(std::string_view uri);

/// The steps of a JSON pointer, `~0` and `~1` decoded.
[[nodiscard]] std::vector<std::string> pointer_steps(std::string_view pointer);
/// One more step behind a pointer.
[[nodiscard]] std::string pointer_to(const std::string& pointer, std::string_view step);

}  // namespace weir
