// SPDX-License-Identifier: Apache-2.0
// The shape that all texts of a field have in common, as a regular expression: `O-00000017`, `O-00000018` … are
// `^O-\d{8}$`.
//
// A text is a row of runs: digits, upper-case letters, lower-case letters, and every other character by itself. Texts of one
// shape have the same row; what differs is how long the runs are, and a run that never differs stands for itself. Where the
// rows differ, letters and digits are taken as one kind of run (`3f9a-b01c`), and where they differ still there is no shape.
// It costs one walk over each text and keeps one row, whatever the number of texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class TextPattern {
 public:
  void add(std::string_view text);
  /// The expression that matches every text added, anchored; empty when there is none that says anything: no common shape, or
  /// one that any word has.
  [[nodiscard]] std::string expression() const;

 private:
  enum class Class : std::uint8_t { Digits, Upper, Lower, Alphanumeric, Other };
  struct Run {
    Class kind = Class::Other;
    std::string text;  // of the first text; empty once another differed
    bool fixed = true;
    std::size_t shortest = 0;
    std::size_t longest = 0;
  };
  using Runs = std::vector<Run>;

  static Runs runs_of(std::string_view text, bool coarse);
  static bool merge(Runs& into, const Runs& other);
  static bool says_something(const Runs& runs);
  static std::string written(const Runs& runs);

  static constexpr std::size_t kMaxRuns = 24;  // texts of more are prose
  std::uint64_t texts_ = 0;
  Runs fine_;
  Runs coarse_;
  bool fine_holds_ = true;
  bool coarse_holds_ = true;
};

}  // namespace weir
