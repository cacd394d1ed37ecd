// SPDX-License-Identifier: Apache-2.0
// A wait that a signal ends, for the thread that lives with an InterruptGuard: Ctrl-C is obeyed at once, and not when the
// wait is over.
#pragma once

#include "weir/time.h"

namespace weir {

/// Waits so long, or until a signal comes, or not at all after one. It may end sooner: who waits for something looks again.
void interruptible_wait(Duration time) noexcept;

}  // namespace weir
