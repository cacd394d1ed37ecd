// SPDX-License-Identifier: Apache-2.0
#include "measures/written_field.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/assert.h"
#include "measures/registry.h"

namespace weir::testing {

namespace {

// The kinds that decoders give, found with the tools of the standard library.
Kind number_kind(const std::string& text, Cell& cell) {
  constexpr std::size_t kSafeDigits = 18;
  const std::size_t point = text.find('.');
  std::string digits = text;
  if (point != std::string::npos) digits.erase(point, 1);
  const std::size_t sign = digits[0] == '-' ? 1 : 0;
  if (digits.find_first_not_of("0123456789", sign) != std::string::npos) return Kind::Number;
  if (digits.size() - sign > kSafeDigits) return Kind::Number;
  cell.number = std::strtoll(digits.c_str(), nullptr, 10);
  cell.scale = point == std::string::npos ? 0 : static_cast<std::uint32_t>(text.size() - point - 1);
  return cell.scale == 0 ? Kind::Integer : Kind::Decimal;
}

Kind kind_of(const SlowJson& value, Cell& cell) {
  switch (value.type) {
    case SlowJson::Type::Null: return Kind::Null;
    case SlowJson::Type::Boolean: cell.number = value.text == "true" ? 1 : 0; return Kind::Boolean;
    case SlowJson::Type::Number: return number_kind(value.text, cell);
    case SlowJson::Type::Text: return Kind::Text;
    case SlowJson::Type::Array: return Kind::Array;
    case SlowJson::Type::Object: return Kind::Object;
  }
  return Kind::Absent;
}

/// `pieces` stretches of nearly the same length.
std::vector<std::span<const std::uint32_t>> cut(std::span<const std::uint32_t> rows, std::size_t pieces) {
  std::vector<std::span<const std::uint32_t>> out;
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::size_t from = rows.size() * i / pieces;
    out.push_back(rows.subspan(from, rows.size() * (i + 1) / pieces - from));
  }
  return out;
}

}  // namespace

WrittenField::WrittenField(const std::vector<std::string>& written) {
  for (const std::string& text : written) {
    // CSV has numbers that JSON has not.
    const bool special = text == "NaN" || text.ends_with("Infinity");
    values_.push_back(special        ? SlowJson{.type = SlowJson::Type::Number, .text = text, .items = {}, .keys = {}}
                      : text.empty() ? std::nullopt
                                     : slow_parse(text));
    const std::optional<SlowJson>& value = values_.back();
    WEIR_ASSERT(value.has_value() || text.empty(), "a test wrote a value that is no JSON");
    Cell cell;
    if (value) {
      cell.data = value->text.data();
      cell.size = static_cast<std::uint32_t>(value->text.size());
    }
    rows_.push_back(static_cast<std::uint32_t>(rows_.size()));
    column_.kinds.push_back(value ? kind_of(*value, cell) : Kind::Absent);
    column_.cells.push_back(cell);
  }
}

std::vector<const SlowJson*> WrittenField::slow() const {
  std::vector<const SlowJson*> out;
  for (const std::optional<SlowJson>& value : values_) out.push_back(value ? &*value : nullptr);
  return out;
}

FieldSummary WrittenField::summary(const SummarySpec& spec, std::span<const Instant> arrival,
                                   std::size_t pieces) const {
  FieldSummary out(spec);
  for (const std::span<const std::uint32_t> piece : cut(rows_, pieces)) {
    FieldSummary part(spec);
    part.add(column_, piece, arrival);
    out.merge(part);
  }
  return out;
}

JointSummary joint_summary(const WrittenField& a, const WrittenField& b, std::size_t pieces) {
  const JointSpec spec{.column_a = 0, .column_b = 1, .pairs = true};
  JointSummary out(spec);
  for (const std::span<const std::uint32_t> piece : cut(a.rows(), pieces)) {
    JointSummary part(spec);
    part.add(a.column(), b.column(), piece);
    out.merge(part);
  }
  return out;
}

const MeasureSpec& measure_named(std::string_view name) {
  for (const MeasureSpec& spec : measure_specs()) {
    if (spec.name == name) return spec;
  }
  std::abort();
}

std::string difference(const SlowMeasured& slow, const Measured& found, double relative, double scale) {
  const bool nothing = !slow.number && !slow.text && !slow.values;
  if (nothing) return found.kind == Measured::Kind::NoData ? "" : "nothing expected, got " + show(found);
  if (found.kind == Measured::Kind::NoData) return "got no data: " + found.text;
  if (found.kind == Measured::Kind::Error) return "got an error: " + found.text;
  if (slow.text) {
    return found.kind == Measured::Kind::Text && found.text == *slow.text ? "" : *slow.text + " is not " + show(found);
  }
  if (slow.values) {
    std::vector<std::string> values;
    for (const Measured::Item& item : found.values) values.push_back(item.text);
    return found.kind == Measured::Kind::Values && values == *slow.values ? "" : "other values: " + show(found);
  }
  const std::optional<double> number = found.as_number();
  if (!number) return "got no number: " + show(found);
  const long double off = std::abs(static_cast<long double>(*number) - *slow.number);
  if (off <= relative * std::max<long double>(std::abs(*slow.number), scale)) return "";
  return written(static_cast<double>(*slow.number)) + " is not " + written(*number);
}

std::string written(double value) {
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

}  // namespace weir::testing
