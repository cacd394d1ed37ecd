// SPDX-License-Identifier: Apache-2.0
// Remembers the first signal.
#include "app/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace weir {
namespace {

volatile std::sig_atomic_t remembered = 0;
int nothing = -1;   // /dev/null, opened while that is allowed

constexpr int kSignals[] = {SIGINT, SIGTERM};

/// A run that waits for a pipe finds its end at once. dup2 is one of the few calls that a signal handler may make.
void remember(int number) {
  remembered = number;
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  remembered = 0;
  nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  struct sigaction action {};
  action.sa_handler = remember;
  // Without SA_RESTART, so that a read that waits for a pipe ends; SA_RESETHAND lets a second signal do what it always does.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int number : kSignals) sigaction(number, &action, nullptr);
}

InterruptGuard::~InterruptGuard() {
  for (const int number : kSignals) std::signal(number, SIG_DFL);
  if (nothing >= 0) close(nothing);
  nothing = -1;
}

int InterruptGuard::signal() noexcept { return remembered; }

}  // namespace weir
