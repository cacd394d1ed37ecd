// SPDX-License-Identifier: Apache-2.0
// Every record check, in the order of the reference. Adding one: a source file, a line here and in registry.cpp, a page.
#pragma once

#include <span>

#include "weir/spec.h"

namespace weir {

std::span<const CheckSpec* const> record_checks();

}  // namespace weir
