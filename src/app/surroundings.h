// SPDX-License-Identifier: Apache-2.0
// What a command knows of the process around it: two streams, the environment, the clock. Handed in and not reached for, so
// that tests run whole command lines in their own process and read exactly what a user would see.
#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "weir/time.h"

namespace weir {

struct Surroundings {
  std::FILE* out = nullptr;  // what was asked for
  std::FILE* err = nullptr;  // everything else
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::function<Instant()> wall_clock;  // what time it is: the default of --now
  std::function<double()> stopwatch;    // seconds since some moment, never going back
};

/// The process itself: standard streams, getenv, the system's clocks.
[[nodiscard]] Surroundings process_surroundings();

enum class ColorChoice : unsigned char { Auto, Always, Never };

/// Whether a stream gets ANSI colours: --color first, then NO_COLOR, CLICOLOR_FORCE, and TERM=dumb, then whether it is a terminal.
[[nodiscard]] bool use_color(const Surroundings& surroundings, ColorChoice choice, bool is_terminal);

void print(std::FILE* stream, std::string_view text);

}  // namespace weir
