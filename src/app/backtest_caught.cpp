// SPDX-License-Identifier: Apache-2.0
#include "app/backtest_caught.h"

#include <algorithm>
#include <limits>

namespace weir {

bool CaughtList::is_whole() const {
  return std::all_of(parts.begin(), parts.end(), [](const auto& part) { return part.second.whole; });
}

CaughtRecords::CaughtRecords(const Plan& plan) : CaughtRecords(plan, Bound{}) {}

CaughtRecords::CaughtRecords(const Plan& plan, const Bound& bound) : bound_(bound), rules_(plan.rules.size()) {}

bool CaughtRecords::keep(CaughtList& list, CaughtPlace place) {
  CaughtList::Part& part = list.parts[place.part];
  part.whole = part.whole && kept_ < bound_.places && part.at.size() < bound_.of_part;
  if (!part.whole) return false;
  ++kept_;
  part.at.push_back(place.at);
  return true;
}

void CaughtRecords::add(std::uint32_t part, bool by_line, const Outcome& outcome) {
  for (const FailingRecord& record : outcome.failing) {
    const CaughtPlace place{.part = part, .at = by_line ? record.line : record.offset};
    for (const Violation& violation : record.violations) {
      CaughtList& list = rules_[violation.rule];
      if (keep(list, place) && list.words.size() < bound_.words)
        list.words.emplace(place, CaughtWords{.value = violation.value, .message = violation.message});
    }
    if (record.action < OnFail::Quarantine || !keep(put_aside_, place)) continue;
    if (put_aside_.words.size() < bound_.words && !record.violations.empty())
      put_aside_.words.emplace(
          place, CaughtWords{.value = record.violations[0].value, .message = record.violations[0].message});
  }
}

CaughtMore caught_only_by(const CaughtList& one, const CaughtList& other) {
  CaughtMore more;
  bool with_words = false;
  for (const auto& [number, part] : one.parts) {
    const auto at = other.parts.find(number);
    static const CaughtList::Part kNone;
    const CaughtList::Part& known = at == other.parts.end() ? kNone : at->second;
    more.whole = more.whole && part.whole && known.whole;
    // Behind the last that the other list knows it may hold any.
    const std::uint64_t until = known.whole        ? std::numeric_limits<std::uint64_t>::max()
                                : known.at.empty() ? 0
                                                   : known.at.back();
    std::size_t next = 0;
    for (const std::uint64_t place : part.at) {
      if (place > until) break;
      while (next < known.at.size() && known.at[next] < place) ++next;
      if (next < known.at.size() && known.at[next] == place) continue;
      ++more.records;
      if (with_words) continue;
      const CaughtPlace here{.part = number, .at = place};
      const auto words = one.words.find(here);
      if (more.any && words == one.words.end()) continue;
      more.any = true;
      more.first = here;
      if (words == one.words.end()) continue;
      with_words = true;
      more.words = words->second;
    }
  }
  return more;
}

}  // namespace weir
