// SPDX-License-Identifier: Apache-2.0
// A pattern as a deterministic automaton over bytes.
//
// Thompson's construction gives an automaton with choices, the subset construction takes the choices out. The search for a match
// anywhere is built in (every byte may begin one), and a match once found stays found.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/pattern_syntax.h"

namespace weir {

struct PatternAutomaton {
  static constexpr std::uint16_t kDead = 0;     // no text that follows can match
  static constexpr std::uint16_t kMatched = 1;  // every text that follows matches
  static constexpr std::size_t kMaxStates = 1024;

  std::array<std::uint8_t, 256> classes{};  // bytes that no state tells apart have one class
  std::size_t class_count = 1;
  std::vector<std::uint16_t> next;  // [state * class_count + class]
  std::vector<bool> accepts;        // by state: whether a text may end here
  std::uint16_t start = kDead;

  [[nodiscard]] std::size_t size() const noexcept { return accepts.size(); }
  [[nodiscard]] std::uint16_t after(std::size_t state, std::size_t byte_class) const {
    return next[state * class_count + byte_class];
  }
};

/// Nothing when the automaton would have too many states, or too much work to build.
[[nodiscard]] std::optional<PatternAutomaton> build_automaton(const SyntaxNode& pattern);

/// Merges states that no text tells apart.
void minimize(PatternAutomaton& automaton);

}  // namespace weir
