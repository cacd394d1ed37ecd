// SPDX-License-Identifier: Apache-2.0
#include "app/interrupt.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "app/interruptible_wait.h"

namespace weir {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST_CASE("a wait ends with the signal, and after it none begins") {
  const int input = dup(STDIN_FILENO);  // which a signal puts away
  {
    const InterruptGuard guard;
    const auto start = Clock::now();
    interruptible_wait(1ms);
    CHECK(InterruptGuard::signal() == 0);
    std::thread sender([] {
      std::this_thread::sleep_for(50ms);
      (void)kill(getpid(), SIGTERM);
    });
    while (InterruptGuard::signal() == 0 && Clock::now() - start < 40s) interruptible_wait(40s);
    interruptible_wait(40s);
    sender.join();
    CHECK(InterruptGuard::signal() == SIGTERM);
    CHECK(Clock::now() - start < 30s);
  }
  const InterruptGuard next;  // knows nothing of it
  const auto start = Clock::now();
  interruptible_wait(30ms);
  CHECK(Clock::now() - start >= 30ms);
  CHECK(InterruptGuard::signal() == 0);
  (void)dup2(input, STDIN_FILENO);
  (void)close(input);
}

}  // namespace
}  // namespace weir
