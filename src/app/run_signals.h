// SPDX-License-Identifier: Apache-2.0
// SIGTERM, SIGINT and SIGHUP as something to read, for a process of many threads: blocked in every one of them and taken by
// the one that waits for events. To be made before the first thread.
#pragma once

#include <csignal>

namespace weir {

class RunSignals {
 public:
  RunSignals();
  ~RunSignals();
  RunSignals(const RunSignals&) = delete;
  RunSignals& operator=(const RunSignals&) = delete;

  /// Readable when a signal came; -1 where the system has none to give.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// The number of the next signal that came, or 0.
  int take();
  /// From now on SIGTERM and SIGINT do what they always do: a second one ends the process at once.
  void let_through();

 private:
  int descriptor_ = -1;
  sigset_t before_{};
};

}  // namespace weir
