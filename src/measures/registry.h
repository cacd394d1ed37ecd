// SPDX-License-Identifier: Apache-2.0
// Every window measure, in the order of the reference. Adding one: a source file, a line here and in registry.cpp, a page.
#pragma once

#include <span>

#include "weir/measure.h"

namespace weir {

std::span<const MeasureSpec> measure_specs();

}  // namespace weir
