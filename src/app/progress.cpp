// SPDX-License-Identifier: Apache-2.0
// Draws the progress line.
#include "app/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/text.h"

namespace weir {
namespace {

constexpr double kBetween = 0.1;      // seconds: ten times a second
constexpr double kBeforeFirst = 0.5;  // seconds: short runs show nothing
constexpr int kWidthWithoutTerminal = 100;

std::string duration_words(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 60) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

}  // namespace

ProgressLine::ProgressLine(Surroundings& surroundings, bool wanted)
    : surroundings_(surroundings),
      wanted_(wanted && surroundings.err_is_terminal && surroundings.environment("TERM") != "dumb"),
      started_(surroundings.stopwatch()),
      input_started_(started_),
      last_(started_ + kBeforeFirst - kBetween) {}

void ProgressLine::show(const Position& position) {
  if (!wanted_) return;
  const double now = surroundings_.stopwatch();
  if (input_ != position.input) {
    input_ = position.input;
    input_started_ = now;
  }
  if (now - last_ < kBetween) return;
  draw(text(position, now - started_, now - input_started_, width()), now);
}

void ProgressLine::say(const std::string& line) {
  if (!wanted_) return;
  const double now = surroundings_.stopwatch();
  if (now - last_ >= kBetween) draw(fit(line, width()), now);
}

std::size_t ProgressLine::width() const {
  return static_cast<std::size_t>(terminal_width(surroundings_)) - 1;
}

void ProgressLine::draw(const std::string& line, double now) {
  last_ = now;
  print(surroundings_.err, "\r\033[K" + line);
  std::fflush(surroundings_.err);
  shown_ = true;
}

void ProgressLine::clear() {
  if (!shown_) return;
  print(surroundings_.err, "\r\033[K");
  std::fflush(surroundings_.err);
  shown_ = false;
}

std::string ProgressLine::text(const Position& position, double seconds, double seconds_of_input, std::size_t width) {
  std::string line = shorten(position.input, 40) + "  " + with_commas(position.records) + " records";
  if (seconds > 0)
    line += "  " + with_commas(static_cast<std::uint64_t>(static_cast<double>(position.records) / seconds)) + "/s";
  line += "  " + with_commas(position.failures) + " failures";
  if (position.bytes_total > position.bytes && position.bytes > 0) {
    const double left = static_cast<double>(position.bytes_total - position.bytes);
    line += "  " + duration_words(seconds_of_input * left / static_cast<double>(position.bytes)) + " left";
  }
  if (line.size() > width) line.resize(width);
  return line;
}

int terminal_width(const Surroundings& surroundings) {
  winsize size{};
  if (!surroundings.err_is_terminal || ioctl(fileno(surroundings.err), TIOCGWINSZ, &size) != 0 || size.ws_col < 20) {
    return kWidthWithoutTerminal;
  }
  return size.ws_col;
}

std::size_t width_of_out(const Surroundings& surroundings) {
  constexpr std::size_t kWithoutTerminal = 80;
  winsize size{};
  if (!surroundings.out_is_terminal || ioctl(fileno(surroundings.out), TIOCGWINSZ, &size) != 0 || size.ws_col < 20) {
    return kWithoutTerminal;
  }
  return size.ws_col;
}

}  // namespace weir
