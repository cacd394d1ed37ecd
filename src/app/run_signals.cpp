// SPDX-License-Identifier: Apache-2.0
#include "app/run_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <initializer_list>

namespace weir {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : signals) sigaddset(&set, number);
  return set;
}

}  // namespace

RunSignals::RunSignals() {
  const sigset_t taken = set_of({SIGTERM, SIGINT, SIGHUP});
  pthread_sigmask(SIG_BLOCK, &taken, &before_);
  descriptor_ = signalfd(-1, &taken, SFD_NONBLOCK | SFD_CLOEXEC);
}

RunSignals::~RunSignals() {
  if (descriptor_ >= 0) close(descriptor_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int RunSignals::take() {
  signalfd_siginfo info{};
  if (descriptor_ < 0 || read(descriptor_, &info, sizeof info) != sizeof info) return 0;
  return static_cast<int>(info.ssi_signo);
}

void RunSignals::let_through() {
  const sigset_t stops = set_of({SIGTERM, SIGINT});
  pthread_sigmask(SIG_UNBLOCK, &stops, nullptr);
}

}  // namespace weir
