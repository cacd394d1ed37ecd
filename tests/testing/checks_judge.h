// SPDX-License-Identifier: Apache-2.0
// Runs one check over a column written as JSON values, without a decoder, a rule file or an engine.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "weir/spec.h"

namespace weir::testing {

/// A batch whose columns are written as JSON: `1`, `1.50`, `1e3`, `"text"` (no escapes), `true`, `null`, `[…]`, `{…}`,
/// or `absent`.
class TableOfValues {
 public:
  TableOfValues& column(const std::string& path, const std::vector<std::string>& values);
  /// A repeated column: the elements with the row of each.
  TableOfValues& repeated(const std::string& path, const std::vector<std::pair<std::uint32_t, std::string>>& values);
  TableOfValues& redact();
  TableOfValues& now(std::vector<std::string> instants);

  [[nodiscard]] Subject subject(Memory* memory = nullptr) const;
  [[nodiscard]] std::size_t elements() const { return batch_.columns.front().size(); }

 private:
  void add_cell(Column& column, const std::string& value);

  Batch batch_;
  FieldTable fields_;
  std::vector<std::uint32_t> columns_;
  std::vector<Instant> now_ = {Instant()};
};

/// The parameters of a rule as rules/ would hand them over.
class Written {
 public:
  Written& scalar(std::string_view name, const std::string& text, bool plain = true);
  Written& scalars(std::string_view name, const std::vector<std::string>& texts, bool plain = true);
  Written& count(std::string_view name, std::int64_t value);
  Written& flag(std::string_view name, bool value = true);
  Written& duration(std::string_view name, const std::string& text);
  Written& type(FieldType type);
  Written& fields(std::vector<std::string> fields);
  [[nodiscard]] const Params& params() const { return params_; }

 private:
  Params params_;
};

/// The check, or a test failure when make() refuses.
[[nodiscard]] std::unique_ptr<const Check> make(const CheckSpec& spec, const Written& written);
/// What make() has against it, or "".
[[nodiscard]] std::string refusal(const CheckSpec& spec, const Written& written);

/// One letter an element: `.` passed, `F` failed, `-` skipped. Null and absent elements are skipped as the engine does
/// it unless the spec sees them.
[[nodiscard]] std::string verdicts(const CheckSpec& spec, const Check& check, const TableOfValues& table,
                                   Memory* memory = nullptr);
[[nodiscard]] std::string verdicts(const CheckSpec& spec, const Written& written,
                                   const std::vector<std::string>& values);
/// "code: message" for the element.
[[nodiscard]] std::string reason(const CheckSpec& spec, const Written& written, const std::string& value);

}  // namespace weir::testing
