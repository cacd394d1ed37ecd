// SPDX-License-Identifier: Apache-2.0
#include "base/pattern_automaton.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/pattern_nfa.h"

namespace weir {

namespace {

using StateId = PatternNfa::StateId;
using Kind = PatternNfa::State::Kind;
using Places = std::vector<StateId>;  // ascending: the places of the pattern where the search may stand

constexpr std::size_t kMaxWork = 150'000;  // places looked at: a few milliseconds
constexpr std::size_t kMaxMinimized = 64;  // states; merging pays where it makes room for a faster engine

/// Which bytes the pattern tells apart, as ascending ranges.
void find_classes(const PatternNfa& nfa, PatternAutomaton& out) {
  std::array<bool, 257> begins{};
  for (std::size_t id = 0; id < nfa.size(); ++id) {
    for (const PatternNfa::Edge& edge : nfa[static_cast<StateId>(id)].edges) {
      begins[edge.first] = true;
      begins[edge.last + std::size_t{1}] = true;
    }
  }
  std::uint8_t current = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (byte > 0 && begins[byte]) ++current;
    out.classes[byte] = current;
  }
  out.class_count = current + std::size_t{1};
}

/// The subset construction: a state of the result is the set of places where the search may stand.
class Subsets {
 public:
  explicit Subsets(const PatternNfa& nfa) : nfa_(nfa), seen_(nfa.size(), 0) { find_classes(nfa, out_); }

  std::optional<PatternAutomaton> build() {
    const Places dead;
    ids_.emplace(std::pair(dead, false), PatternAutomaton::kDead);
    out_.accepts = {false, true};
    places_ = {{}, {}};
    restart_ = reach({nfa_.start()}, false, false).places;
    const Reached first = reach({nfa_.start()}, true, false);
    out_.start = first.matched ? PatternAutomaton::kMatched : id_of(first.places, true);
    out_.next.assign(out_.class_count, PatternAutomaton::kDead);
    out_.next.resize(out_.class_count * 2, PatternAutomaton::kMatched);
    for (std::size_t state = 2; state < places_.size(); ++state) {
      if (!follow(state)) return std::nullopt;
    }
    return std::move(out_);
  }

 private:
  struct Reached {
    Places places;
    bool matched = false;
  };

  /// Everything that can be reached from `from` without reading a byte.
  Reached reach(const Places& from, bool text_begin, bool text_end) {
    ++visit_;
    Reached out;
    std::vector<StateId> open = from;
    while (!open.empty()) {
      const StateId id = open.back();
      open.pop_back();
      if (std::exchange(seen_[id], visit_) == visit_) continue;
      ++work_;
      const PatternNfa::State& state = nfa_[id];
      if (state.kind == Kind::Match) out.matched = true;
      if (state.kind == Kind::Bytes || state.kind == Kind::TextEnd) out.places.push_back(id);
      const bool passes = state.kind == Kind::Branch || (state.kind == Kind::TextBegin && text_begin) ||
                          (state.kind == Kind::TextEnd && text_end);
      if (passes) open.insert(open.end(), state.targets.begin(), state.targets.end());
    }
    std::sort(out.places.begin(), out.places.end());
    return out;
  }

  std::uint16_t id_of(const Places& places, bool text_begin) {
    const auto [at, is_new] = ids_.try_emplace({places, text_begin}, static_cast<std::uint16_t>(places_.size()));
    if (is_new) {
      places_.push_back(places);
      out_.accepts.push_back(reach(places, text_begin, true).matched);
    }
    return at->second;
  }

  /// Fills the row of one state; false when the limits are passed.
  bool follow(std::size_t state) {
    std::vector<Places> targets(out_.class_count, restart_);
    const Places from = places_[state];
    for (const StateId id : from) {
      for (const PatternNfa::Edge& edge : nfa_[id].edges) {
        for (std::size_t c = out_.classes[edge.first]; c <= out_.classes[edge.last]; ++c)
          targets[c].push_back(edge.target);
      }
    }
    for (const Places& target : targets) {
      const Reached reached = reach(target, false, false);
      out_.next.push_back(reached.matched ? PatternAutomaton::kMatched : id_of(reached.places, false));
      if (work_ > kMaxWork || places_.size() > PatternAutomaton::kMaxStates) return false;
    }
    return true;
  }

  const PatternNfa& nfa_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t visit_ = 0;
  std::size_t work_ = 0;
  std::map<std::pair<Places, bool>, std::uint16_t> ids_;
  std::vector<Places> places_;
  Places restart_;  // where a match may begin at any byte
  PatternAutomaton out_;
};

/// Puts state `s` into group `group[s]`; groups keep the order in which they come, and 0 and 1 stay dead and matched.
void regroup(PatternAutomaton& automaton, const std::vector<std::uint16_t>& group, std::size_t groups) {
  PatternAutomaton out = automaton;
  out.accepts.assign(groups, false);
  out.next.assign(groups * automaton.class_count, 0);
  for (std::size_t state = 0; state < automaton.size(); ++state) {
    out.accepts[group[state]] = automaton.accepts[state];
    for (std::size_t c = 0; c < automaton.class_count; ++c)
      out.next[group[state] * automaton.class_count + c] = group[automaton.after(state, c)];
  }
  out.start = group[automaton.start];
  automaton = std::move(out);
}

/// Gives one class to bytes that lead to the same place from every state.
void merge_classes(PatternAutomaton& automaton) {
  std::map<std::vector<std::uint16_t>, std::uint8_t> known;
  std::vector<std::uint8_t> merged(automaton.class_count);
  for (std::size_t c = 0; c < automaton.class_count; ++c) {
    std::vector<std::uint16_t> column;
    for (std::size_t state = 0; state < automaton.size(); ++state) column.push_back(automaton.after(state, c));
    merged[c] = known.try_emplace(std::move(column), static_cast<std::uint8_t>(known.size())).first->second;
  }
  std::vector<std::uint16_t> next(automaton.size() * known.size());
  for (std::size_t state = 0; state < automaton.size(); ++state) {
    for (std::size_t c = 0; c < automaton.class_count; ++c)
      next[state * known.size() + merged[c]] = automaton.after(state, c);
  }
  automaton.next = std::move(next);
  automaton.class_count = known.size();
  for (std::uint8_t& byte_class : automaton.classes) byte_class = merged[byte_class];
}

}  // namespace

std::optional<PatternAutomaton> build_automaton(const SyntaxNode& pattern) {
  const std::optional<PatternNfa> nfa = PatternNfa::make(pattern);
  if (!nfa) return std::nullopt;
  std::optional<PatternAutomaton> automaton = Subsets(*nfa).build();
  if (automaton && automaton->size() <= kMaxMinimized) minimize(*automaton);
  if (automaton) merge_classes(*automaton);
  return automaton;
}

/// Moore's algorithm: begin with "may end here" and "may not", and part states as long as a byte takes them to different groups.
void minimize(PatternAutomaton& automaton) {
  std::vector<std::uint16_t> group(automaton.size());
  for (std::size_t state = 0; state < automaton.size(); ++state) group[state] = automaton.accepts[state] ? 1 : 0;
  for (std::size_t groups = 2;;) {
    // A state is told by its group and the groups that it leads to. Dead and matched come first and so keep 0 and 1.
    std::map<std::vector<std::uint16_t>, std::uint16_t> known;
    std::vector<std::uint16_t> finer(automaton.size());
    for (std::size_t state = 0; state < automaton.size(); ++state) {
      std::vector<std::uint16_t> sign = {group[state]};
      for (std::size_t c = 0; c < automaton.class_count; ++c) sign.push_back(group[automaton.after(state, c)]);
      finer[state] = known.try_emplace(std::move(sign), static_cast<std::uint16_t>(known.size())).first->second;
    }
    group = std::move(finer);
    if (known.size() == groups) break;
    groups = known.size();
  }
  regroup(automaton, group, static_cast<std::size_t>(*std::max_element(group.begin(), group.end())) + 1);
}

}  // namespace weir
