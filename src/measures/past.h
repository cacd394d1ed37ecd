// SPDX-License-Identifier: Apache-2.0
// Values of earlier windows are kept as plain numbers; seconds, where the measure is a time.
#pragma once

#include "weir/measured.h"

namespace weir {

/// `value` as the kind of value that `inner` is: a duration, a time or a number.
[[nodiscard]] Measured in_the_kind_of(const Measured* inner, double value);

}  // namespace weir
