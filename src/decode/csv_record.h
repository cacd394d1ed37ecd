// SPDX-License-Identifier: Apache-2.0
// One CSV or TSV record and its cells (RFC 4180): a cell may stand in quotes, a quote within quotes is written twice, and a quote
// anywhere else is a fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.h"
#include "weir/fields.h"
#include "weir/result.h"

namespace weir {

struct CsvCell {
  const char* data = nullptr;  // between the quotes when there are any
  std::uint32_t size = 0;
  bool quoted = false;
  bool doubled = false;  // holds quotes written twice

  [[nodiscard]] std::string_view raw() const noexcept { return {data, size}; }
  /// An empty cell without quotes; `""` is an empty text.
  [[nodiscard]] bool is_null() const noexcept { return size == 0 && !quoted; }
};

/// Splits records, keeping its memory between them.
class CsvSplitter {
 public:
  explicit CsvSplitter(char separator) : separator_(separator) {}

  /// False: a quote stands in the wrong place; fault_at() and fault() say where and why.
  bool split(std::string_view record);
  [[nodiscard]] const std::vector<CsvCell>& cells() const noexcept { return cells_; }
  [[nodiscard]] std::size_t fault_at() const noexcept { return fault_at_; }
  [[nodiscard]] std::string_view fault() const noexcept { return fault_; }

 private:
  void split_plain(std::string_view record);
  bool split_quoted(std::string_view record);
  bool fail(std::size_t at, std::string_view reason);

  char separator_;
  std::vector<CsvCell> cells_;
  std::size_t fault_at_ = 0;
  std::string_view fault_;
};

/// The text of a cell; one that holds doubled quotes is written to the arena.
[[nodiscard]] std::string_view csv_text(const CsvCell& cell, Arena& arena);

/// The name that a header has to hold for this field, or nothing when no cell can be one (`items[].qty`, `kafka.key`). A flat
/// format cannot tell the path user.city from the quoted path "user.city": both are read from the column `user.city`.
[[nodiscard]] std::string csv_header_name(const FieldPath& path);

/// Whether a header names its columns: readable, UTF-8, no name twice, and not all of them in one cell because `;` or the like
/// separates them. Columns without a name are let be.
[[nodiscard]] Status check_csv_header(std::string_view header, char separator);

}  // namespace weir
