// SPDX-License-Identifier: Apache-2.0
// Runs an automaton over a text, in the fastest of three forms that it fits.
//
//   places   every matching text has the same length, and which byte may stand at a place does not depend on the others
//            (`^O-[0-9]{8}$`): one word a byte value says at which places it may stand. No step waits for the one before.
//   shifts   up to eleven states: one word a byte value holds the next state for each state, six bits each; the state is the
//            number of bits to shift by. A step waits one or two cycles for the one before.
//   steps    the usual table of next states, by state and class of byte. A step waits for one load, about five cycles.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/pattern_automaton.h"

namespace weir {

class PatternTable {
 public:
  /// Most entries of the steps form: what stays in the first cache beside the data.
  static constexpr std::size_t kMaxSteps = 8192;

  /// Nothing when the automaton is too large for every form.
  static std::optional<PatternTable> make(const PatternAutomaton& automaton);

  [[nodiscard]] bool matches(std::string_view text) const noexcept {
    switch (form_) {
      case Form::Places: return match_places(text);
      case Form::Shifts: return match_shifts(text);
      case Form::Steps: break;
    }
    return match_steps(text);
  }

 private:
  enum class Form : std::uint8_t { Places, Shifts, Steps };
  using Words = std::array<std::uint64_t, 256>;  // by byte

  PatternTable() = default;
  static std::optional<PatternTable> make_places(const PatternAutomaton& automaton);
  static std::optional<PatternTable> make_shifts(const PatternAutomaton& automaton);
  static PatternTable make_steps(const PatternAutomaton& automaton);
  [[nodiscard]] bool match_places(std::string_view text) const noexcept;
  [[nodiscard]] bool match_shifts(std::string_view text) const noexcept;
  [[nodiscard]] bool match_steps(std::string_view text) const noexcept;

  Form form_ = Form::Steps;
  std::unique_ptr<Words> words_;  // places: bit i is set where the byte may NOT stand at place i; shifts: next states
  std::uint64_t start_ = 0;       // shifts: the bits to shift by; steps: the row
  std::uint64_t stop_ = 0;        // states below it are final: dead or matched
  std::uint64_t accepts_ = 0;     // shifts: bit n is set when a text may end in the state of n bits
  std::size_t places_ = 0;
  bool open_end_ = false;  // places: anything may follow
  std::array<std::uint8_t, 256> classes_{};
  std::vector<std::uint16_t> next_;        // steps: rows of class_count entries, each the beginning of the next row
  std::vector<std::uint8_t> row_accepts_;  // steps: by the beginning of a row
};

}  // namespace weir
