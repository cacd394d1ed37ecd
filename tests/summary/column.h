// SPDX-License-Identifier: Apache-2.0
// Columns made of values as a person writes them in JSON.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "weir/batch.h"

namespace weir::testing {

/// A column that owns the texts of its cells: `5`, `1.50`, `1e3`, `NaN`, `"text"`, `true`, `null`, `[1]`, `{}`, and
/// nothing for an absent field.
class WrittenColumn {
 public:
  WrittenColumn() = default;
  explicit WrittenColumn(const std::vector<std::string>& written);
  WrittenColumn(const WrittenColumn&) = delete;
  WrittenColumn& operator=(const WrittenColumn&) = delete;

  void add(const std::string& written);
  [[nodiscard]] const Column& column() const noexcept { return column_; }
  [[nodiscard]] std::span<const std::uint32_t> all() const noexcept { return elements_; }
  [[nodiscard]] std::span<const std::uint32_t> part(std::size_t from, std::size_t to) const noexcept {
    return all().subspan(from, to - from);
  }

 private:
  std::deque<std::string> texts_;
  Column column_;
  std::vector<std::uint32_t> elements_;
};

/// A double so that it is read back as itself.
std::string written(double value);

}  // namespace weir::testing
