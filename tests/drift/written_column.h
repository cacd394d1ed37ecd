// SPDX-License-Identifier: Apache-2.0
// Profiles of values as a person writes them in JSON.
#pragma once

#include <charconv>
#include <deque>
#include <numeric>
#include <string>
#include <vector>

#include "drift/profile.h"
#include "summary/field_summary.h"

namespace weir::testing {

/// A column that owns its texts: `5`, `1.50`, `1e3`, `NaN`, `"text"`, `true`, `null`, and nothing for an absent field.
class WrittenValues {
 public:
  WrittenValues() = default;
  explicit WrittenValues(const std::vector<std::string>& written) {
    for (const std::string& value : written) add(value);
  }
  void add(const std::string& written) {
    Cell cell;
    Kind kind = Kind::Number;
    if (written.empty()) {
      kind = Kind::Absent;
    } else if (written == "null") {
      kind = Kind::Null;
    } else if (written == "true" || written == "false") {
      kind = Kind::Boolean;
      cell.number = written == "true" ? 1 : 0;
    } else if (written.front() == '"') {
      kind = Kind::Text;
    }
    texts_.push_back(kind == Kind::Text ? written.substr(1, written.size() - 2) : written);
    cell.data = texts_.back().data();
    cell.size = static_cast<std::uint32_t>(texts_.back().size());
    column_.kinds.push_back(kind);
    column_.cells.push_back(cell);
    elements_.push_back(static_cast<std::uint32_t>(elements_.size()));
  }
  [[nodiscard]] const Column& column() const noexcept { return column_; }
  [[nodiscard]] std::span<const std::uint32_t> all() const noexcept { return elements_; }

 private:
  std::deque<std::string> texts_;  // which keeps its texts in their place, also when it is moved
  Column column_;
  std::vector<std::uint32_t> elements_;
};

inline std::string written(double value) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

inline WrittenValues numbers_column(const std::vector<double>& values) {
  WrittenValues column;
  for (const double value : values) column.add(written(value));
  return column;
}

inline Profile profile_of_values(const WrittenValues& values, const SummarySpec& spec) {
  FieldSummary summary(spec);
  summary.add(values.column(), values.all());
  return profile_of(summary);
}

}  // namespace weir::testing
