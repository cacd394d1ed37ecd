// SPDX-License-Identifier: Apache-2.0
// Remembers the first signal.
#include "app/interrupt.h"

#include <csignal>

namespace weir {
namespace {

volatile std::sig_atomic_t remembered = 0;

constexpr int kSignals[] = {SIGINT, SIGTERM};

void remember(int number) { remembered = number; }

}  // namespace

InterruptGuard::InterruptGuard() {
  remembered = 0;
  struct sigaction action {};
  action.sa_handler = remember;
  // Without SA_RESTART, so that a read that waits for a pipe ends; SA_RESETHAND lets a second signal do what it always does.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int number : kSignals) sigaction(number, &action, nullptr);
}

InterruptGuard::~InterruptGuard() {
  for (const int number : kSignals) std::signal(number, SIG_DFL);
}

int InterruptGuard::signal() noexcept { return remembered; }

}  // namespace weir
