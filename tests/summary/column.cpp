// SPDX-License-Identifier: Apache-2.0
#include "summary/column.h"

#include <charconv>
#include <cstdlib>

namespace weir::testing {

namespace {

// The kinds of the decoders, read with the tools of the standard library.
Kind number_kind(const std::string& text, Cell& cell) {
  constexpr std::size_t kSafeDigits = 18;
  const std::size_t point = text.find('.');
  std::string digits = text;
  if (point != std::string::npos) digits.erase(point, 1);
  const std::size_t sign = digits[0] == '-' ? 1 : 0;
  const bool plain = digits.find_first_not_of("0123456789", sign) == std::string::npos;
  if (!plain || (point != std::string::npos && digits.size() - sign > kSafeDigits)) return Kind::Number;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), cell.number);
  if (fault != std::errc()) return Kind::Number;
  cell.scale = point == std::string::npos ? 0 : static_cast<std::uint32_t>(text.size() - point - 1);
  return cell.scale == 0 ? Kind::Integer : Kind::Decimal;
}

}  // namespace

WrittenColumn::WrittenColumn(const std::vector<std::string>& written) {
  for (const std::string& value : written) add(value);
}

void WrittenColumn::add(const std::string& written) {
  const std::string& text =
      texts_.emplace_back(written.starts_with('"') ? written.substr(1, written.size() - 2) : written);
  Cell cell;
  cell.data = text.data();
  cell.size = static_cast<std::uint32_t>(text.size());
  Kind kind = Kind::Absent;
  if (written.starts_with('"')) {
    kind = Kind::Text;
  } else if (written == "true" || written == "false") {
    kind = Kind::Boolean;
    cell.number = written == "true" ? 1 : 0;
  } else if (written == "null") {
    kind = Kind::Null;
  } else if (written.starts_with('[') || written.starts_with('{')) {
    kind = written.starts_with('[') ? Kind::Array : Kind::Object;
  } else if (!written.empty()) {
    kind = number_kind(text, cell);
  }
  elements_.push_back(static_cast<std::uint32_t>(column_.kinds.size()));
  column_.kinds.push_back(kind);
  column_.cells.push_back(cell);
}

std::string written(double value) {
  char text[32];
  const auto [end, fault] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

}  // namespace weir::testing
