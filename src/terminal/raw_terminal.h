// SPDX-License-Identifier: Apache-2.0
// The terminal while a program has all of it: keys come at once and unechoed, on a screen of its own. However the program
// ends (a signal, an exception, a crash), the terminal is as it was; Ctrl-Z gives it back for as long as the process stands.
//
// Signals are read as events, so one of these is made before the first other thread. There is one at a time.
#pragma once

#include <termios.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class RawTerminal {
 public:
  struct Size {
    std::size_t columns = 80;
    std::size_t rows = 24;
  };
  struct Event {
    std::string bytes;     // keys
    bool repaint = false;  // another size, or the screen was somebody else's
    bool woken = false;    // the descriptor that was waited for too is readable
    int signal = 0;        // that asks for the end; SIGHUP also where the terminal is gone
  };

  static Result<std::unique_ptr<RawTerminal>> open(int in, int out);
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  void write(std::string_view bytes);
  [[nodiscard]] Size size() const;
  /// Until something happens or the time is over.
  [[nodiscard]] Event wait(std::chrono::milliseconds most, int also);
  /// Gives the terminal back and stops the process, as Ctrl-Z does; returns when it is brought back.
  void suspend();

 private:
  RawTerminal(int in, int out) : in_(in), out_(out) {}
  void enter();
  void leave();
  void take_signals(Event& event);

  int in_;
  int out_;
  int signals_ = -1;
  bool gone_ = false;
  termios before_{};
  sigset_t mask_before_{};
};

}  // namespace weir
