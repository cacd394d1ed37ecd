// SPDX-License-Identifier: Apache-2.0
#include "terminal/raw_terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace weir {
namespace {

constexpr int kEvents[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
constexpr int kCrashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

// A screen of its own, no cursor, and no new line behind the last cell; and all of it back.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
constexpr std::string_view kLeave = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

// What a handler of a crash needs, which can be handed nothing.
int crash_out = -1;
termios crash_before{};
struct sigaction crash_actions[std::size(kCrashes)];

void restore_and_crash(int number) {
  (void)!::write(crash_out, kLeave.data(), kLeave.size());
  tcsetattr(crash_out, TCSANOW, &crash_before);
  for (std::size_t i = 0; i < std::size(kCrashes); ++i) {
    if (kCrashes[i] == number) sigaction(number, &crash_actions[i], nullptr);
  }
  raise(number);
}

/// What ends without any of our destructors: exit() in some library.
void restore_at_exit() {
  if (crash_out < 0) return;
  (void)!::write(crash_out, kLeave.data(), kLeave.size());
  tcsetattr(crash_out, TCSANOW, &crash_before);
}

void watch_crashes() {
  static const int registered = std::atexit(restore_at_exit);
  (void)registered;
  for (std::size_t i = 0; i < std::size(kCrashes); ++i) {
    struct sigaction action {};
    action.sa_handler = restore_and_crash;
    action.sa_flags = SA_NODEFER;
    sigaction(kCrashes[i], &action, &crash_actions[i]);
  }
}

void unwatch_crashes() {
  for (std::size_t i = 0; i < std::size(kCrashes); ++i) sigaction(kCrashes[i], &crash_actions[i], nullptr);
}

}  // namespace

Result<std::unique_ptr<RawTerminal>> RawTerminal::open(int in, int out) {
  std::unique_ptr<RawTerminal> terminal(new RawTerminal(in, out));
  if (tcgetattr(out, &terminal->before_) != 0 || isatty(in) != 1) {
    terminal->gone_ = true;
    return Error{.message = "this is no terminal"};
  }
  sigset_t events;
  sigemptyset(&events);
  for (const int number : kEvents) sigaddset(&events, number);
  pthread_sigmask(SIG_BLOCK, &events, &terminal->mask_before_);
  terminal->signals_ = signalfd(-1, &events, SFD_NONBLOCK | SFD_CLOEXEC);
  crash_before = terminal->before_;
  watch_crashes();
  terminal->enter();
  return terminal;
}

RawTerminal::~RawTerminal() {
  if (signals_ < 0) return;
  leave();
  unwatch_crashes();
  close(signals_);
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void RawTerminal::enter() {
  termios raw = before_;
  raw.c_iflag &= ~static_cast<tcflag_t>(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | IEXTEN | ISIG);
  raw.c_cflag |= CS8;
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  tcsetattr(out_, TCSADRAIN, &raw);
  crash_out = out_;
  write(kEnter);
}

void RawTerminal::leave() {
  write(kLeave);
  crash_out = -1;
  tcsetattr(out_, TCSADRAIN, &before_);
}

void RawTerminal::write(std::string_view bytes) {
  while (!bytes.empty() && !gone_) {
    const ssize_t written = ::write(out_, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd ready{.fd = out_, .events = POLLOUT, .revents = 0};
      poll(&ready, 1, 1000);
    } else if (errno != EINTR) {
      gone_ = true;
    }
  }
}

RawTerminal::Size RawTerminal::size() const {
  constexpr std::size_t kMost = 1000;
  winsize window{};
  if (ioctl(out_, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return {};
  return {std::min<std::size_t>(window.ws_col, kMost), std::min<std::size_t>(window.ws_row, kMost)};
}

void RawTerminal::take_signals(Event& event) {
  signalfd_siginfo info{};
  while (::read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    switch (static_cast<int>(info.ssi_signo)) {
      case SIGWINCH: event.repaint = true; break;
      case SIGTSTP:
        suspend();
        event.repaint = true;
        break;
      case SIGCONT:  // somebody else had stopped us, and the shell has used the terminal
        enter();
        event.repaint = true;
        break;
      default: event.signal = static_cast<int>(info.ssi_signo);
    }
  }
}

RawTerminal::Event RawTerminal::wait(std::chrono::milliseconds most, int also) {
  Event event;
  pollfd ready[] = {{.fd = in_, .events = POLLIN, .revents = 0},
                    {.fd = signals_, .events = POLLIN, .revents = 0},
                    {.fd = also, .events = POLLIN, .revents = 0}};
  poll(ready, std::size(ready), static_cast<int>(most.count()));
  if (ready[1].revents != 0) take_signals(event);
  event.woken = ready[2].revents != 0;
  if (ready[0].revents != 0 && event.signal == 0) {
    char buffer[1024];
    const ssize_t got = ::read(in_, buffer, sizeof buffer);
    if (got > 0) event.bytes.assign(buffer, static_cast<std::size_t>(got));
    const bool ended = (ready[0].revents & (POLLHUP | POLLERR)) != 0;
    if (got <= 0 && (ended || (got < 0 && errno != EINTR && errno != EAGAIN))) gone_ = true;
  }
  if (gone_ && event.signal == 0) event.signal = SIGHUP;
  return event;
}

void RawTerminal::suspend() {
  leave();
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);  // here the process stands
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  sigset_t brought_back;
  sigemptyset(&brought_back);
  sigaddset(&brought_back, SIGCONT);
  const timespec at_once{};
  while (sigtimedwait(&brought_back, nullptr, &at_once) > 0) continue;  // it is no news
  enter();
}

}  // namespace weir
