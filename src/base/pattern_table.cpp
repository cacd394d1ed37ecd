// SPDX-License-Identifier: Apache-2.0
#include "base/pattern_table.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::uint16_t kDead = PatternAutomaton::kDead;
constexpr std::uint16_t kMatched = PatternAutomaton::kMatched;

constexpr std::size_t kMaxPlaces = 64;    // bits of a word
constexpr std::uint64_t kStateBits = 6;   // enough to shift a word by
constexpr std::size_t kWholeSlots = 10;   // of six bits in a word; four bits are left for one state more
constexpr std::size_t kSmallTargets = 3;  // states whose number of bits (0, 6, 12) fits those four

unsigned char byte_of(char c) {
  return static_cast<unsigned char>(c);
}

/// The states behind `state`, each once.
std::vector<std::uint16_t> targets_of(const PatternAutomaton& automaton, std::size_t state) {
  std::vector<std::uint16_t> out;
  for (std::size_t c = 0; c < automaton.class_count; ++c) out.push_back(automaton.after(state, c));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// The states that can be reached, in no special order. Minimizing leaves dead and matched in also when nothing leads there.
std::vector<std::uint16_t> reachable(const PatternAutomaton& automaton) {
  std::vector<std::uint16_t> out = {automaton.start};
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const std::uint16_t target : targets_of(automaton, out[i])) {
      if (std::find(out.begin(), out.end(), target) == out.end()) out.push_back(target);
    }
  }
  return out;
}

/// Which state has which slot of a word: dead and matched first, then the targets of the state that gets the short slot, if
/// there has to be one. Empty when the states do not fit.
std::vector<std::uint16_t> place_states(const PatternAutomaton& automaton) {
  const std::vector<std::uint16_t> states = reachable(automaton);
  if (states.size() > kWholeSlots + 1) return {};
  std::vector<std::uint16_t> ends;
  for (const std::uint16_t state : {kDead, kMatched}) {
    if (std::find(states.begin(), states.end(), state) != states.end()) ends.push_back(state);
  }
  const auto add_missing = [](std::vector<std::uint16_t>& out, const std::vector<std::uint16_t>& more) {
    for (const std::uint16_t state : more) {
      if (std::find(out.begin(), out.end(), state) == out.end()) out.push_back(state);
    }
  };
  if (states.size() <= kWholeSlots) {
    add_missing(ends, states);
    return ends;
  }
  for (const std::uint16_t last : states) {
    std::vector<std::uint16_t> slots = ends;
    const std::vector<std::uint16_t> targets = targets_of(automaton, last);
    add_missing(slots, targets);
    const bool fits = slots.size() <= kSmallTargets && std::find(slots.begin(), slots.end(), last) == slots.end();
    if (!fits) continue;
    slots.push_back(last);
    add_missing(slots, states);
    std::erase(slots, last);
    slots.push_back(last);
    return slots;
  }
  return {};
}

}  // namespace

std::optional<PatternTable> PatternTable::make(const PatternAutomaton& automaton) {
  if (std::optional<PatternTable> table = make_places(automaton)) return table;
  if (std::optional<PatternTable> table = make_shifts(automaton)) return table;
  if (automaton.next.size() > kMaxSteps) return std::nullopt;
  return make_steps(automaton);
}

/// From the start there must be one way only, and it must end in a state that nothing or anything may follow.
std::optional<PatternTable> PatternTable::make_places(const PatternAutomaton& automaton) {
  PatternTable table;
  table.form_ = Form::Places;
  table.words_ = std::make_unique<Words>();
  table.words_->fill(~std::uint64_t{0});
  std::uint16_t state = automaton.start;
  for (;;) {
    std::vector<std::uint16_t> targets = targets_of(automaton, state);
    if (state == kMatched) {
      table.open_end_ = true;
      return table;
    }
    std::erase(targets, kDead);
    if (automaton.accepts[state] && targets.empty()) return table;
    if (automaton.accepts[state] || targets.size() != 1 || table.places_ == kMaxPlaces) return std::nullopt;
    for (std::size_t byte = 0; byte < 256; ++byte) {
      if (automaton.after(state, automaton.classes[byte]) == kDead) continue;
      (*table.words_)[byte] &= ~(std::uint64_t{1} << table.places_);
    }
    ++table.places_;
    state = targets[0];
  }
}

bool PatternTable::match_places(std::string_view text) const noexcept {
  if (open_end_ ? text.size() < places_ : text.size() != places_) return false;
  std::uint64_t place = 1;
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < places_; ++i) {
    wrong |= (*words_)[byte_of(text[i])] & place;
    place <<= 1;
  }
  return wrong == 0;
}

std::optional<PatternTable> PatternTable::make_shifts(const PatternAutomaton& automaton) {
  const std::vector<std::uint16_t> slots = place_states(automaton);
  if (slots.empty()) return std::nullopt;
  std::vector<std::uint64_t> bits_of(automaton.size(), 0);
  for (std::size_t i = 0; i < slots.size(); ++i) bits_of[slots[i]] = i * kStateBits;
  PatternTable table;
  table.form_ = Form::Shifts;
  table.words_ = std::make_unique<Words>();
  table.words_->fill(0);
  for (const std::uint16_t state : slots) {
    const std::uint64_t bits = bits_of[state];
    if (automaton.accepts[state]) table.accepts_ |= std::uint64_t{1} << bits;
    if (state == kDead || state == kMatched) table.stop_ += kStateBits;
    for (std::size_t byte = 0; byte < 256; ++byte)
      (*table.words_)[byte] |= bits_of[automaton.after(state, automaton.classes[byte])] << bits;
  }
  table.start_ = bits_of[automaton.start];
  return table;
}

bool PatternTable::match_shifts(std::string_view text) const noexcept {
  constexpr std::uint64_t kLow = 63;  // what lies above the six bits of a state belongs to other states
  const Words& words = *words_;
  const char* at = text.data();
  const char* const end = at + text.size();
  std::uint64_t state = start_;
  while (end - at >= 8) {
    for (int i = 0; i < 8; ++i) state = words[byte_of(at[i])] >> (state & kLow);
    if ((state & kLow) < stop_) return ((accepts_ >> (state & kLow)) & 1) != 0;
    at += 8;
  }
  for (; at != end; ++at) state = words[byte_of(*at)] >> (state & kLow);
  return ((accepts_ >> (state & kLow)) & 1) != 0;
}

PatternTable PatternTable::make_steps(const PatternAutomaton& automaton) {
  PatternTable table;
  table.form_ = Form::Steps;
  table.classes_ = automaton.classes;
  const auto row = [&automaton](std::size_t state) {
    return static_cast<std::uint16_t>(state * automaton.class_count);
  };
  for (const std::uint16_t target : automaton.next) table.next_.push_back(row(target));
  table.row_accepts_.assign(automaton.next.size(), 0);
  for (std::size_t state = 0; state < automaton.size(); ++state)
    table.row_accepts_[row(state)] = automaton.accepts[state];
  table.start_ = row(automaton.start);
  table.stop_ = row(kMatched + std::size_t{1});
  return table;
}

bool PatternTable::match_steps(std::string_view text) const noexcept {
  std::size_t state = start_;
  for (const char c : text) {
    state = next_[state + classes_[byte_of(c)]];
    if (state < stop_) break;
  }
  return row_accepts_[state] != 0;
}

}  // namespace weir
