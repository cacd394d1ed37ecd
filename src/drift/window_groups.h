// SPDX-License-Identifier: Apache-2.0
// A field in at most 20 groups: coarse enough to remember many windows by, fine enough to see how windows differ.
//
// The design effect and the sequential test look at dozens of windows, and need of each only how its records fall into a few
// groups of about equal mass. WindowGroups are made once from a reference and frozen: the same record is in the same group in every
// window. Numbers: cells of the edges joined. Anything else: the most frequent categories, and the rest. Missing values, NaN
// and infinities are the last group.
#pragma once

#include <cstdint>
#include <vector>

#include "drift/profile.h"
#include "summary/codec.h"

namespace weir {

struct WindowGroups {
  static constexpr std::size_t kMost = 20;

  bool numbers = false;
  std::vector<double> bounds;         // of numbers: the edges at which a new group begins
  std::vector<std::uint64_t> hashes;  // of categories, ascending: a group each
  std::vector<double> shares;         // of the reference by group, half a record added to each
  std::uint64_t records = 0;          // from which the shares were learned

  [[nodiscard]] bool empty() const noexcept { return shares.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return shares.size(); }
  /// Names them: windows counted on other groups are not comparable.
  [[nodiscard]] std::uint64_t name() const noexcept;
  /// Empty where it cannot be told.
  [[nodiscard]] std::vector<std::uint64_t> count(const Profile& window) const;

  void write(SummaryWriter& out) const;
  static WindowGroups read(SummaryReader& in);
  bool operator==(const WindowGroups&) const = default;
};

/// Of a reference with cells; empty for one without records.
[[nodiscard]] WindowGroups make_groups(const Profile& reference);

}  // namespace weir
