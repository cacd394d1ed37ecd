// SPDX-License-Identifier: Apache-2.0
// What a drift test is given: both sides, put into the same cells once for all tests of the field.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drift/profile.h"
#include "weir/drift.h"

namespace weir {

/// Counts of both sides over the same cells, and what the cells are.
struct SharedCells {
  std::vector<std::uint64_t> reference;
  std::vector<std::uint64_t> current;
  std::vector<std::string> labels;  // of categories; empty for numbers
  std::vector<std::uint64_t> hashes;
  double reference_error = 0;  // of a cumulative share, where they come from a sketch
  double current_error = 0;
  bool operator==(const SharedCells&) const = default;
};

struct DriftInput {
  const Profile& reference;
  const Profile& current;
  double design_effect = 1;
  double level = 0.05;       // of a single test
  double tolerance = 0;      // of the test that is asked
  std::uint64_t least = 30;  // values on each side, below which a test says TooFew
  /// Numbers: all cells of the edges that both sides are counted on. Null when both sides are raw.
  const SharedCells* cells = nullptr;
  const std::vector<double>* edges = nullptr;
  /// Categories on the union of both sides: missing, NaN and infinities as cells of their own; the new ones kept.
  const SharedCells* categories = nullptr;
  // Tests of several fields.
  const JointProfile* joint_reference = nullptr;
  const JointProfile* joint_current = nullptr;
};

}  // namespace weir
