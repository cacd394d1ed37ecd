// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/keys.h"

namespace weir {

/// The keys of `source`: where records come from, what they are written in, and when they happened.
extern const Keys kSourceKeys;

}  // namespace weir
