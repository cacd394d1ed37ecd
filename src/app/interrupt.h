// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM as a question that a loop asks: the run stops between two blocks, its unfinished outputs go, and the
// exit code says so. A second signal ends the process at once.
#pragma once

namespace weir {

/// While one lives, the first SIGINT or SIGTERM is remembered instead of ending the process.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// The number of the signal that came, or 0.
  [[nodiscard]] static int signal() noexcept;
};

}  // namespace weir
