// SPDX-License-Identifier: Apache-2.0
// A pattern as an automaton with choices over bytes (Thompson, "Regular expression search algorithm", 1968).
//
// Code points become their UTF-8 bytes here. As in RE2 the set of all code points beyond ASCII also takes a few byte sequences
// that are no UTF-8, so that weir's tables and RE2 agree on every text and not only on valid ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "base/pattern_syntax.h"

namespace weir {

class PatternNfa {
 public:
  using StateId = std::uint16_t;
  static constexpr std::size_t kMaxStates = 4096;
  static constexpr StateId kMatch = 0;

  struct Edge {
    std::uint8_t first = 0;
    std::uint8_t last = 0;
    StateId target = kMatch;
  };
  struct State {
    enum class Kind : std::uint8_t { Match, Bytes, Branch, TextBegin, TextEnd };
    Kind kind = Kind::Match;
    std::vector<Edge> edges = {};       // Bytes
    std::vector<StateId> targets = {};  // Branch, TextBegin, TextEnd: reached without a byte
  };

  /// Nothing when it would have more than kMaxStates.
  static std::optional<PatternNfa> make(const SyntaxNode& pattern);

  [[nodiscard]] StateId start() const noexcept { return start_; }
  [[nodiscard]] std::size_t size() const noexcept { return states_.size(); }
  [[nodiscard]] const State& operator[](StateId id) const { return states_[id]; }

 private:
  /// Byte ranges of one set that lead to the same place are one state.
  using Tails = std::map<std::tuple<std::uint8_t, std::uint8_t, StateId>, StateId>;

  PatternNfa() { states_.emplace_back(); }
  StateId add(State state);
  StateId compile(const SyntaxNode& node, StateId next);
  StateId compile_set(const CodePointSet& set, StateId next);
  StateId compile_repeat(const SyntaxNode& node, StateId next);
  void add_range(CodePointRange range, StateId next, std::vector<Edge>& heads, Tails& tails);
  StateId tail(std::uint8_t first, std::uint8_t last, StateId next, Tails& tails);

  std::vector<State> states_;
  StateId start_ = kMatch;
  std::size_t work_ = 0;
};

}  // namespace weir
