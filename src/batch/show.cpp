// SPDX-License-Identifier: Apache-2.0
// How a value is shown to a person: the only way by which data leaves a check.
#include "base/text.h"
#include "weir/check.h"

namespace weir {

namespace {

constexpr std::size_t kShownBytes = 64;

}  // namespace

std::string show(const Subject& subject, std::size_t element, std::size_t column) {
  const Column& values = subject.column(column);
  const Kind kind = values.kinds[element];
  if (kind == Kind::Absent) return "absent";
  if (kind == Kind::Null) return "null";
  if (subject.fields[subject.columns[column]].redacted) return "***";
  return shorten(values.cells[element].text(), kShownBytes);
}

}  // namespace weir
