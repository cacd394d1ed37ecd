// SPDX-License-Identifier: Apache-2.0
// Values of a test as columns, and checks run over them the way the engine does.
#include "testing/checks_judge.h"

#include <catch2/catch_test_macros.hpp>
#include <charconv>

#include "base/timestamp.h"

namespace weir::testing {

namespace {

// The number as decoders make it: 64-bit digits with at most 18 places, else only its text.
Kind read_number(const std::string& text, Cell& cell) {
  if (text.find_first_of("eENI") != std::string::npos) return Kind::Number;
  std::string digits = text;
  const std::size_t point = digits.find('.');
  if (point != std::string::npos) digits.erase(point, 1);
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), cell.number);
  REQUIRE(end == digits.data() + digits.size());
  cell.scale = point == std::string::npos ? 0 : static_cast<std::uint32_t>(text.size() - point - 1);
  if (fault != std::errc() || cell.scale > 18) return Kind::Number;
  return cell.scale == 0 ? Kind::Integer : Kind::Decimal;
}

}  // namespace

void TableOfValues::add_cell(Column& column, const std::string& value) {
  Cell cell;
  std::string text = value;
  Kind kind = Kind::Absent;
  if (value == "absent") {
    text.clear();
  } else if (value == "null") {
    kind = Kind::Null;
  } else if (value == "true" || value == "false") {
    kind = Kind::Boolean;
    cell.number = value == "true" ? 1 : 0;
  } else if (value.front() == '"') {
    kind = Kind::Text;
    text = value.substr(1, value.size() - 2);
  } else if (value.front() == '[') {
    kind = Kind::Array;
  } else if (value.front() == '{') {
    kind = Kind::Object;
  } else {
    kind = read_number(value, cell);
  }
  const std::string_view kept = batch_.arena.keep(text);
  cell.data = kept.data();
  cell.size = static_cast<std::uint32_t>(kept.size());
  column.kinds.push_back(kind);
  column.cells.push_back(cell);
}

TableOfValues& TableOfValues::column(const std::string& path, const std::vector<std::string>& values) {
  columns_.push_back(fields_.add(FieldPath::parse(path).value()));
  Column& column = batch_.columns.emplace_back();
  for (const std::string& value : values) add_cell(column, value);
  return *this;
}

TableOfValues& TableOfValues::repeated(const std::string& path,
                                       const std::vector<std::pair<std::uint32_t, std::string>>& values) {
  columns_.push_back(fields_.add(FieldPath::parse(path).value()));
  Column& column = batch_.columns.emplace_back();
  column.set_repeated(true);
  for (const auto& [row, value] : values) {
    column.rows.push_back(row);
    add_cell(column, value);
  }
  return *this;
}

TableOfValues& TableOfValues::redact() {
  for (std::size_t i = 0; i < fields_.size(); ++i) fields_[i].redacted = true;
  return *this;
}

TableOfValues& TableOfValues::now(std::vector<std::string> instants) {
  now_.clear();
  for (const std::string& instant : instants) now_.push_back(parse_timestamp(instant).value());
  return *this;
}

Subject TableOfValues::subject(Memory* memory) const {
  return {.batch = batch_, .fields = fields_, .columns = columns_, .now = now_, .memory = memory};
}

Written& Written::scalar(std::string_view name, const std::string& text, bool plain) {
  params_.entries.push_back({name, Scalar{.text = text, .plain = plain}, {}});
  return *this;
}

Written& Written::scalars(std::string_view name, const std::vector<std::string>& texts, bool plain) {
  std::vector<Scalar> list;
  for (const std::string& text : texts) list.push_back({.text = text, .plain = plain});
  params_.entries.push_back({name, std::move(list), {}});
  return *this;
}

Written& Written::count(std::string_view name, std::int64_t value) {
  params_.entries.push_back({name, value, {}});
  return *this;
}

Written& Written::flag(std::string_view name, bool value) {
  params_.entries.push_back({name, value, {}});
  return *this;
}

Written& Written::duration(std::string_view name, const std::string& text) {
  params_.entries.push_back({name, parse_duration(text).value(), {}});
  return *this;
}

Written& Written::type(FieldType type) {
  params_.field_type = type;
  return *this;
}

Written& Written::fields(std::vector<std::string> fields) {
  params_.fields = std::move(fields);
  return *this;
}

std::unique_ptr<const Check> make(const CheckSpec& spec, const Written& written) {
  auto made = spec.make(written.params());
  INFO((made.ok() ? "" : made.error().message));
  REQUIRE(made.ok());
  return std::move(*made);
}

std::string refusal(const CheckSpec& spec, const Written& written) {
  const auto made = spec.make(written.params());
  return made.ok() ? "" : made.error().message;
}

std::string verdicts(const CheckSpec& spec, const Check& check, const TableOfValues& table, Memory* memory) {
  const Subject subject = table.subject(memory);
  const std::size_t size = table.elements();
  Mask evaluated(size, true);
  for (std::size_t i = 0; i < size; ++i) {
    if (!spec.sees_nulls && is_missing(subject.column().kinds[i])) evaluated.clear(i);
  }
  Mask failing(size);
  check.judge(subject, evaluated, failing);
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += failing[i] ? 'F' : evaluated[i] ? '.' : '-';
  return out;
}

std::string verdicts(const CheckSpec& spec, const Written& written, const std::vector<std::string>& values) {
  const auto check = make(spec, written);
  return verdicts(spec, *check, TableOfValues().column("f", values));
}

std::string reason(const CheckSpec& spec, const Written& written, const std::string& value) {
  const auto check = make(spec, written);
  const TableOfValues table = std::move(TableOfValues().column("f", {value}));
  REQUIRE(verdicts(spec, *check, table) == "F");
  const Reason reason = check->explain(table.subject(), 0);
  return reason.code + ": " + reason.message;
}

}  // namespace weir::testing
