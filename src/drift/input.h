// SPDX-License-Identifier: Apache-2.0
// What a drift test is given: both sides of a field, put into the same cells once for all of its tests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "drift/profile.h"
#include "weir/drift.h"

namespace weir {

/// The finite numbers of both sides as counts between the same edges.
struct NumberCells {
  Profile::Edges edges;
  std::vector<std::uint64_t> reference;
  std::vector<std::uint64_t> current;
  std::unique_ptr<bool[]> atom_flags;  // by cell; std::vector<bool> is no span
  double error = 0;  // how far the difference of two cumulative shares may be off, where a side comes from a sketch

  [[nodiscard]] std::span<const bool> atoms() const noexcept { return {atom_flags.get(), reference.size()}; }
};

/// What a group of values is.
enum class GroupKind : std::uint8_t {
  Value,      // one value of a category, a stretch of numbers, or texts of some length
  Rest,       // values that were not counted one by one
  OtherType,  // of numbers: what is no number
  Missing,
  Nan,
  PositiveInfinity,
  NegativeInfinity,
};

struct Group {
  GroupKind kind = GroupKind::Value;
  std::uint64_t hash = 0;
  std::string_view label = {};  // of a category, where it may be shown; belongs to the profile
  std::size_t cell = 0;         // of lengths: which
};

/// Every element of both sides as counts of the same groups: what tests of categories compare.
struct Groups {
  enum class Of : std::uint8_t { Values, Numbers, Lengths };
  Of of = Of::Values;
  std::vector<Group> what;
  std::vector<std::uint64_t> reference;
  std::vector<std::uint64_t> current;
  double error = 0;  // of numbers that come from a sketch: of the difference of two shares
};

/// The groups put together until the chi-square law holds for them.
struct LargeGroups {
  std::vector<std::size_t> group_of;  // by group
  std::vector<std::uint64_t> reference;
  std::vector<std::uint64_t> current;
};

/// Both sides, and what tests share of them: made when the first one asks.
class Sides {
 public:
  Sides(const Profile& reference, const Profile& current, Groups::Of groups)
      : reference_(&reference), current_(&current), of_(groups) {}

  [[nodiscard]] const Profile& reference() const noexcept { return *reference_; }
  [[nodiscard]] const Profile& current() const noexcept { return *current_; }
  [[nodiscard]] bool both_raw() const noexcept { return reference_->has_raw() && current_->has_raw(); }
  [[nodiscard]] Groups::Of of() const noexcept { return of_; }
  /// On the edges of the reference, or on those of the other side, or on edges that are learned now.
  [[nodiscard]] const NumberCells& cells() const;
  [[nodiscard]] const Groups& groups() const;
  /// All tests of a field have the same design effect.
  [[nodiscard]] const LargeGroups& large_groups(double design_effect) const;

 private:
  const Profile* reference_;
  const Profile* current_;
  Groups::Of of_;
  mutable std::optional<NumberCells> cells_;
  mutable std::optional<Groups> groups_;
  mutable std::optional<LargeGroups> large_;
};

struct DriftInput {
  const Sides* sides = nullptr;                   // of tests of one field
  const JointProfile* joint_reference = nullptr;  // of tests of several
  const JointProfile* joint_current = nullptr;
  double design_effect = 1;
  double level = 0.05;       // of a single test
  double tolerance = 0;      // of the test that is asked
  std::uint64_t least = 30;  // values on each side, below which a test says TooFew

  [[nodiscard]] const Profile& reference() const noexcept { return sides->reference(); }
  [[nodiscard]] const Profile& current() const noexcept { return sides->current(); }
};

/// Almost every value is another one: their shares say nothing.
[[nodiscard]] bool is_id_like(const Profile& profile) noexcept;
/// Most values are of those that occur a few times only, ids among them: there is little that shares could say.
[[nodiscard]] bool is_long_tailed(const Profile& profile) noexcept;

}  // namespace weir
