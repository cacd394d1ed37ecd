// SPDX-License-Identifier: Apache-2.0
// How a value is shown to a person: the only way by which data leaves a check.
#include "base/text.h"
#include "weir/check.h"

namespace weir {

namespace {

constexpr std::size_t kShownBytes = 64;

}  // namespace

std::string written_text(Kind kind, const Cell& cell) {
  if (cell.data != nullptr || (kind != Kind::Integer && kind != Kind::Decimal)) return std::string(cell.text());
  std::string digits = std::to_string(cell.number);
  if (kind == Kind::Integer || cell.scale == 0) return digits;
  const std::size_t sign = cell.number < 0 ? 1 : 0;
  const std::size_t least = sign + cell.scale + 1;
  if (digits.size() < least) digits.insert(sign, least - digits.size(), '0');
  digits.insert(digits.size() - cell.scale, 1, '.');
  return digits;
}

std::string show(const Subject& subject, std::size_t element, std::size_t column) {
  const Column& values = subject.column(column);
  const Kind kind = values.kinds[element];
  if (kind == Kind::Absent) return "absent";
  if (kind == Kind::Null) return "null";
  if (subject.fields[subject.columns[column]].redacted) return "***";
  return shorten(written_text(kind, values.cells[element]), kShownBytes);
}

}  // namespace weir
