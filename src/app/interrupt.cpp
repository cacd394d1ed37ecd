// SPDX-License-Identifier: Apache-2.0
// Remembers the first signal, and wakes whoever waits for standard input. The signal reaches any one thread, while another
// may sit in read(): so standard input becomes /dev/null, and every thread is poked, which ends the calls that wait and
// lets them be made again. The handler makes system calls only, as a handler has to.
#include "app/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "app/interruptible_wait.h"

namespace weir {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM};
constexpr int kPoke = SIGURG;  // what is ignored where nobody asks for it

std::atomic<int> remembered = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a handler may write it");
int nothing = -1;  // /dev/null, opened while that is allowed
int came = -1;     // readable once a signal came: one between a look and a wait is missed by neither

void do_nothing(int /*number*/) {}

/// What the kernel writes for an entry of a folder.
struct Entry {
  std::uint64_t inode;
  std::int64_t next;
  std::uint16_t size;
  unsigned char type;
  char name[1];
};

long number_of(const char* digits) {
  long number = 0;
  for (; *digits >= '0' && *digits <= '9'; ++digits) number = number * 10 + (*digits - '0');
  return number;
}

void poke_every_thread() {
  const int tasks = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (tasks < 0) return;
  alignas(Entry) char buffer[4096];
  long size = 0;
  while ((size = syscall(SYS_getdents64, tasks, buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < size;) {
      std::uint16_t entry_size = 0;
      std::memcpy(&entry_size, buffer + at + offsetof(Entry, size), sizeof entry_size);
      if (const long thread = number_of(buffer + at + offsetof(Entry, name)); thread > 0) {
        syscall(SYS_tgkill, getpid(), thread, kPoke);
      }
      at += entry_size;
    }
  }
  close(tasks);
}

void remember(int number) {
  const int kept = errno;
  remembered = number;
  const std::uint64_t one = 1;
  if (came >= 0) static_cast<void>(!write(came, &one, sizeof one));
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  poke_every_thread();
  errno = kept;
}

void handle(int number, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(number, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  remembered = 0;
  nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  came = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  handle(kPoke, do_nothing, 0);
  // SA_RESETHAND: the second signal does what it always does.
  for (const int number : kSignals) handle(number, remember, static_cast<int>(SA_RESETHAND));
}

InterruptGuard::~InterruptGuard() {
  for (const int number : kSignals) handle(number, SIG_DFL, 0);
  handle(kPoke, SIG_DFL, 0);
  if (nothing >= 0) close(nothing);
  if (came >= 0) close(came);
  nothing = came = -1;
}

int InterruptGuard::signal() noexcept {
  return remembered;
}

void interruptible_wait(Duration time) noexcept {
  constexpr Duration kLongest = std::chrono::hours(1);
  pollfd waits{.fd = came, .events = POLLIN, .revents = 0};  // below zero: nobody listens, and the time goes by
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(std::clamp(time, Duration::zero(), kLongest));
  (void)poll(&waits, 1, static_cast<int>(milliseconds.count()));
}

}  // namespace weir
