// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace weir::testing {

/// What would break out of HTML, Markdown, XML, a terminal, a log or a shell, and bytes that are no UTF-8.
const std::string& hostile_text();

}  // namespace weir::testing
