// SPDX-License-Identifier: Apache-2.0
// The progress line of a long run: one line on a terminal, ten times a second at most, gone when the run is over. Anywhere
// else, in CI above all, there is none.
#pragma once

#include <cstdint>
#include <string>

#include "app/surroundings.h"

namespace weir {

class ProgressLine {
 public:
  /// `wanted` is false for --no-progress and --quiet.
  ProgressLine(Surroundings& surroundings, bool wanted);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  struct Position {
    std::string_view input;         // the file that is read
    std::uint64_t records = 0;      // of all files so far
    std::uint64_t failures = 0;     // times that a rule failed on a record
    std::uint64_t bytes = 0;        // of this file
    std::uint64_t bytes_total = 0;  // of this file; 0 when unknown
  };
  void show(const Position& position);
  /// A line of another kind, as often.
  void say(const std::string& line);
  void clear();

  /// "orders.ndjson  1,200,000 records  183,000/s  12 failures  41 s left", at most `width` columns.
  [[nodiscard]] static std::string text(const Position& position, double seconds, double seconds_of_input,
                                        std::size_t width);

 private:
  [[nodiscard]] std::size_t width() const;
  void draw(const std::string& line, double now);

  Surroundings& surroundings_;
  bool wanted_;
  bool shown_ = false;
  double started_;
  double input_started_;
  double last_;
  std::string input_;
};

/// Columns of the terminal behind stderr, 100 where there is none.
[[nodiscard]] int terminal_width(const Surroundings& surroundings);
/// Columns of the terminal behind stdout, 80 where there is none.
[[nodiscard]] std::size_t width_of_out(const Surroundings& surroundings);

}  // namespace weir
