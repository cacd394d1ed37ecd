// SPDX-License-Identifier: Apache-2.0
// Which cells are counted together.
//
// They are chosen by what both sides hold together, and by nothing else: given these sums, how a
// cell is dealt to the sides is pure chance. A pile of those cells that one side lacks would be chosen by its outcome, and
// with many rare values (names, paths) such a pile is different on the two sides without any drift.
#include <algorithm>
#include <array>
#include <cmath>

#include "stats/categories.h"

namespace weir {
namespace {

constexpr double kFewest = 1;   // expected in any group
constexpr double kEnough = 5;   // expected in all but
constexpr double kSlack = 0.2;  // of the groups (W. Cochran 1954)
constexpr std::size_t kMostParts = 20;
// A pile that is so unlikely without drift is not hidden in a common cell. The law of chi-square is too light for it, so that it is
// discovered for certain then: no more often than this.
constexpr double kClear = 1e-5;

// Group numbers in the order of the cells. Cells of one mark, 0 excepted, are one group.
std::vector<std::size_t> numbered(const std::vector<std::size_t>& marks, std::size_t most) {
  std::vector<std::size_t> names(most + 1, 0);
  std::vector<std::size_t> groups(marks.size(), 0);
  std::size_t next = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i] == 0) continue;  // empty: any group will do
    if (names[marks[i]] == 0) names[marks[i]] = ++next;
    groups[i] = names[marks[i]] - 1;
  }
  return groups;
}

}  // namespace

std::vector<std::size_t> regroup(Counts reference, Counts current, double design_effect) {
  const std::size_t cells = std::min(reference.size(), current.size());
  double n = 0;
  double m = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    n += static_cast<double>(reference[i]);
    m += static_cast<double>(current[i]);
  }
  std::vector<std::size_t> marks(cells, 0);
  if (n == 0 || m == 0) return marks;
  // What the smaller side is expected to hold of a cell.
  const double scale = std::min(n, m) / (n + m) / std::max(design_effect, 1.0);
  const auto both = [&](std::size_t i) { return static_cast<double>(reference[i]) + static_cast<double>(current[i]); };
  std::vector<std::size_t> rare;
  std::size_t common = 0;
  std::size_t rarest_common = cells;
  for (std::size_t i = 0; i < cells; ++i) {
    if (both(i) == 0) continue;
    marks[i] = i + 1;
    if (both(i) * scale < kEnough) {
      rare.push_back(i);
    } else {
      ++common;
      if (rarest_common == cells || both(i) < both(rarest_common)) rarest_common = i;
    }
  }
  if (rare.empty()) return numbered(marks, cells);
  std::sort(rare.begin(), rare.end(),
            [&](std::size_t i, std::size_t j) { return both(i) != both(j) ? both(i) < both(j) : i < j; });

  // The shortest pile of the rarest that lets the rest stand alone.
  const auto stands = [&](std::size_t piled, double pile) {
    const bool alone = piled >= rare.size() || both(rare[piled]) * scale >= kFewest;
    const std::size_t below = rare.size() - piled + (piled > 0 && pile * scale < kEnough ? 1 : 0);
    const std::size_t groups = common + rare.size() - piled + (piled > 0 ? 1 : 0);
    return alone && (piled == 0 || pile * scale >= kFewest) &&
           static_cast<double>(below) <= kSlack * static_cast<double>(groups);
  };
  double pile = 0;
  std::size_t piled = 0;
  while (piled < rare.size() && !stands(piled, pile)) pile += both(rare[piled++]);
  const std::size_t mark = cells + 1;
  for (std::size_t k = 0; k < piled; ++k) marks[rare[k]] = mark;
  if (piled == rare.size() && !stands(piled, pile) && common > 0) {
    std::uint64_t of_reference = 0;
    std::uint64_t of_current = 0;
    for (const std::size_t i : rare) {
      of_reference += reference[i];
      of_current += current[i];
    }
    const std::uint64_t sum = of_reference + of_current;
    const double chance =
        std::min(binomial_tail(of_current, sum, m / (n + m)), binomial_tail(of_reference, sum, n / (n + m)));
    if (design_effect > 1 || 2 * chance >= kClear) marks[rarest_common] = mark;
  }
  return numbered(marks, mark);
}

std::vector<std::uint64_t> grouped(Counts counts, std::span<const std::size_t> groups) {
  std::vector<std::uint64_t> sums;
  sums.reserve(32);
  for (std::size_t i = 0; i < std::min(counts.size(), groups.size()); ++i) {
    if (groups[i] >= sums.size()) sums.resize(groups[i] + 1, 0);
    sums[groups[i]] += counts[i];
  }
  return sums;
}

std::vector<std::size_t> psi_groups(Counts reference, Counts current, std::span<const bool> atom) {
  const std::size_t cells = reference.size();
  std::vector<double> both(cells);
  double n = 0;
  double m = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    const double of_reference = static_cast<double>(reference[i]);
    const double of_current = i < current.size() ? static_cast<double>(current[i]) : 0;
    n += of_reference;
    m += of_current;
    both[i] = of_reference + of_current;
  }
  std::vector<std::size_t> group_of(cells, 0);
  if (n == 0) return group_of;
  const double groups = std::clamp(std::floor(std::min(n, m) / 10), 5.0, 20.0);
  // An atom stands alone when it holds at least half of what a group does; lighter ones lie among their neighbours.
  const double least_alone = (n + m) / (2 * groups);
  const auto stands_alone = [&](std::size_t i) { return i < atom.size() && atom[i] && both[i] >= least_alone; };
  double joined = n + m;
  for (std::size_t i = 0; i < std::min(cells, atom.size()); ++i) joined -= stands_alone(i) ? both[i] : 0;
  const double parts = std::max(1.0, std::round(groups * joined / (n + m)));
  // A cell belongs to the part in which its middle lies. Parts and atoms get numbers in the order of their first cells.
  const double scale = joined > 0 ? parts / joined : 0;
  std::array<std::size_t, kMostParts> name_of{};  // of a part, and one more
  std::size_t next = 0;
  double before = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    if (stands_alone(i)) {
      group_of[i] = next++;
      continue;
    }
    const auto part = static_cast<std::size_t>(std::min((before + both[i] / 2) * scale, parts - 1));
    before += both[i];
    if (name_of[part] == 0) name_of[part] = ++next;
    group_of[i] = name_of[part] - 1;
  }
  return group_of;
}

}  // namespace weir
