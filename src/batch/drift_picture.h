// SPDX-License-Identifier: Apache-2.0
// Both distributions of a drift verdict over each other, as SVG for a page: the reference as an area, the current one as a
// line, so that it is read without colours, in the dark and in print. Cells stand side by side at equal widths.
#pragma once

#include <string>
#include <string_view>

#include "weir/drift.h"

namespace weir {

/// One `<svg>` element, about 1 to 3 KB, with its content said in words for those who do not see it; empty for no picture.
/// `about` names the field.
[[nodiscard]] std::string draw_drift(const DriftPicture& picture, std::string_view about);

}  // namespace weir
