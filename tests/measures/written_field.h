// SPDX-License-Identifier: Apache-2.0
// A field of many records, written as JSON: as the slow measures see it, and as summaries do.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "summary/field_summary.h"
#include "summary/joint.h"
#include "testing/slow_measures.h"
#include "weir/measure.h"

namespace weir::testing {

class WrittenField {
 public:
  /// `5`, `1.50`, `1e3`, `"text"`, `true`, `null`, `[1]`, `{}`, and nothing for an absent field.
  explicit WrittenField(const std::vector<std::string>& written);
  WrittenField(const WrittenField&) = delete;
  WrittenField& operator=(const WrittenField&) = delete;

  [[nodiscard]] std::vector<const SlowJson*> slow() const;
  [[nodiscard]] const Column& column() const { return column_; }
  [[nodiscard]] std::span<const std::uint32_t> rows() const { return rows_; }
  /// Of all records at once, or of so many pieces merged.
  [[nodiscard]] FieldSummary summary(const SummarySpec& spec, std::span<const Instant> arrival = {},
                                     std::size_t pieces = 1) const;

 private:
  std::deque<std::optional<SlowJson>> values_;
  Column column_;
  std::vector<std::uint32_t> rows_;
};

[[nodiscard]] JointSummary joint_summary(const WrittenField& a, const WrittenField& b, std::size_t pieces = 1);

/// The spec of that name; a test that asks for none of the table is wrong.
[[nodiscard]] const MeasureSpec& measure_named(std::string_view name);

/// What both came to, in words: "" when they agree. Numbers to `relative`, and to as much of `scale` where they are near zero.
[[nodiscard]] std::string difference(const SlowMeasured& slow, const Measured& found, double relative, double scale);

/// A double so that it is read back as itself.
[[nodiscard]] std::string written(double value);

}  // namespace weir::testing
