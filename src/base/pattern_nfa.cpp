// SPDX-License-Identifier: Apache-2.0
#include "base/pattern_nfa.h"

#include <array>
#include <utility>

namespace weir {

namespace {

constexpr std::size_t kMaxWork = 100'000;  // nodes compiled: repeats of repeats of nothing make no states

struct Utf8 {
  std::array<std::uint8_t, 4> bytes{};
  std::size_t size = 0;
};

/// Any number up to 10FFFF, surrogates too: RE2 takes them in classes.
Utf8 encode(char32_t c) {
  const auto byte = [](char32_t value) { return static_cast<std::uint8_t>(value); };
  const auto tail = [&](int shift) { return byte(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) return {{byte(c)}, 1};
  if (c < 0x800) return {{byte(0xC0 | (c >> 6)), tail(0)}, 2};
  if (c < 0x10000) return {{byte(0xE0 | (c >> 12)), tail(6), tail(0)}, 3};
  return {{byte(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)}, 4};
}

}  // namespace

std::optional<PatternNfa> PatternNfa::make(const SyntaxNode& pattern) {
  PatternNfa nfa;
  nfa.start_ = nfa.compile(pattern, kMatch);
  if (nfa.states_.size() > kMaxStates || nfa.work_ > kMaxWork) return std::nullopt;
  return nfa;
}

PatternNfa::StateId PatternNfa::add(State state) {
  // Beyond the limit ids mean nothing; make() throws the whole away.
  if (states_.size() <= kMaxStates) states_.push_back(std::move(state));
  return static_cast<StateId>(states_.size() - 1);
}

/// The state from which `node` and then `next` are read. Built from the end, so that every target is there before it is named.
PatternNfa::StateId PatternNfa::compile(const SyntaxNode& node, StateId next) {
  if (++work_ > kMaxWork || states_.size() > kMaxStates) return next;
  switch (node.kind) {
    case SyntaxNode::Kind::Set: return compile_set(node.set, next);
    case SyntaxNode::Kind::Repeat: return compile_repeat(node, next);
    case SyntaxNode::Kind::TextBegin: return add({.kind = State::Kind::TextBegin, .targets = {next}});
    case SyntaxNode::Kind::TextEnd: return add({.kind = State::Kind::TextEnd, .targets = {next}});
    case SyntaxNode::Kind::Sequence:
      for (std::size_t i = node.parts.size(); i-- > 0;) next = compile(node.parts[i], next);
      return next;
    case SyntaxNode::Kind::Choice: break;
  }
  State branch{.kind = State::Kind::Branch};
  for (const SyntaxNode& part : node.parts) branch.targets.push_back(compile(part, next));
  return add(std::move(branch));
}

PatternNfa::StateId PatternNfa::compile_repeat(const SyntaxNode& node, StateId next) {
  const SyntaxNode& part = node.parts[0];
  StateId begin = next;
  int copies = node.least;
  if (node.most == SyntaxNode::kNoLimit) {
    const StateId loop = add({.kind = State::Kind::Branch});
    const StateId body = compile(part, loop);
    if (states_.size() <= kMaxStates) states_[loop].targets = {body, next};
    begin = copies > 0 ? body : loop;
    if (copies > 0) --copies;
  } else {
    for (int i = node.least; i < node.most; ++i)
      begin = add({.kind = State::Kind::Branch, .targets = {compile(part, begin), next}});
  }
  for (; copies > 0; --copies) begin = compile(part, begin);
  return begin;
}

PatternNfa::StateId PatternNfa::compile_set(const CodePointSet& set, StateId next) {
  State state{.kind = State::Kind::Bytes};
  Tails tails;
  for (const CodePointRange& range : set.ranges()) add_range(range, next, state.edges, tails);
  return add(std::move(state));
}

/// Cuts a range into pieces whose UTF-8 forms are a product of byte ranges: all of one length, and where two forms differ in
/// one byte, the bytes behind it take every value.
void PatternNfa::add_range(CodePointRange range, StateId next, std::vector<Edge>& heads, Tails& tails) {
  const char32_t first = range.first;
  const char32_t last = range.last;
  const auto cut_after = [&](char32_t end) {
    add_range({first, end}, next, heads, tails);
    add_range({end + 1, last}, next, heads, tails);
  };
  if (first == 0x80 && last == CodePointSet::kLast) {
    const StateId one_more = tail(0x80, 0xBF, next, tails);
    const StateId two_more = tail(0x80, 0xBF, one_more, tails);
    const StateId three_more = tail(0x80, 0xBF, two_more, tails);
    heads.insert(heads.end(), {Edge{0xC2, 0xDF, one_more}, Edge{0xE0, 0xEF, two_more}, Edge{0xF0, 0xF4, three_more}});
    return;
  }
  for (const char32_t longest : {char32_t{0x7F}, char32_t{0x7FF}, char32_t{0xFFFF}}) {
    if (first <= longest && longest < last) return cut_after(longest);
  }
  for (int bits = 6; last > 0x7F && bits <= 18; bits += 6) {
    const char32_t low = (char32_t{1} << bits) - 1;
    if ((first & ~low) == (last & ~low)) continue;
    if ((first & low) != 0) return cut_after(first | low);
    if ((last & low) != low) return cut_after((last & ~low) - 1);
  }
  const Utf8 from = encode(first);
  const Utf8 to = encode(last);
  StateId target = next;
  for (std::size_t i = from.size; i-- > 1;) target = tail(from.bytes[i], to.bytes[i], target, tails);
  heads.push_back({from.bytes[0], to.bytes[0], target});
}

PatternNfa::StateId PatternNfa::tail(std::uint8_t first, std::uint8_t last, StateId next, Tails& tails) {
  const auto [at, is_new] = tails.try_emplace({first, last, next}, kMatch);
  if (is_new) at->second = add({.kind = State::Kind::Bytes, .edges = {Edge{first, last, next}}});
  return at->second;
}

}  // namespace weir
