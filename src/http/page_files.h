// SPDX-License-Identifier: Apache-2.0
// What the status page loads beside itself: the files of src/http/web, put into the program when it is built.
#pragma once

#include <span>
#include <string_view>

namespace weir {

struct PageFile {
  std::string_view name;  // "main.js"
  std::string_view content_type;
  std::string_view text;
};

[[nodiscard]] std::span<const PageFile> page_files() noexcept;
/// Of all files together: they are under /web/<version>/, where they never change.
[[nodiscard]] std::string_view page_files_version() noexcept;

}  // namespace weir
