// SPDX-License-Identifier: Apache-2.0
// The process around a command, and what its streams can show.
#include "app/surroundings.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>

namespace weir {
namespace {

bool is_set(const Surroundings& surroundings, const std::string& name) {
  const std::optional<std::string> value = surroundings.environment(name);
  return value && !value->empty();
}

}  // namespace

Surroundings process_surroundings() {
  Surroundings process;
  process.out = stdout;
  process.err = stderr;
  process.in_is_terminal = isatty(STDIN_FILENO) == 1;
  process.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  process.err_is_terminal = isatty(STDERR_FILENO) == 1;
  process.environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  process.wall_clock = [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); };
  process.stopwatch = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  return process;
}

bool use_color(const Surroundings& surroundings, ColorChoice choice, bool is_terminal) {
  if (choice != ColorChoice::Auto) return choice == ColorChoice::Always;
  if (is_set(surroundings, "NO_COLOR")) return false;
  if (const auto force = surroundings.environment("CLICOLOR_FORCE"); force && !force->empty() && *force != "0")
    return true;
  return is_terminal && surroundings.environment("TERM") != "dumb";
}

void print(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace weir
