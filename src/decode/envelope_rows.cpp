// SPDX-License-Identifier: Apache-2.0
#include "decode/envelope_rows.h"

#include <algorithm>
#include <utility>

#include "batch/row_fields.h"

namespace weir {

namespace {

constexpr std::string_view kUnavailable = "__debezium_unavailable_value";
constexpr std::string_view kUnavailableBase64 = "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==";

void append(Column& column, std::uint32_t row, Kind kind, const Cell& cell) {
  const std::size_t element = column.kinds.size();
  if (element == column.cells.size()) {
    column.cells.push_back(cell);
  } else {
    column.cells[element] = cell;
  }
  column.kinds.push_back(kind);
  column.rows.push_back(row);
}

/// The first element of the row, which is the last one that was read.
std::size_t first_of(const Column& column, std::uint32_t row) {
  std::size_t first = column.rows.size();
  while (first > 0 && column.rows[first - 1] == row) --first;
  return first;
}

void copy(std::uint32_t row, const Column& from, Column& to) {
  if (!from.repeated()) {
    to.kinds[row] = from.kinds[row];
    to.cells[row] = from.cells[row];
    return;
  }
  const std::size_t end = from.kinds.size();
  for (std::size_t i = first_of(from, row); i < end; ++i) append(to, row, from.kinds[i], from.cells[i]);
}

bool is_unavailable(Kind kind, const Cell& cell) {
  return kind == Kind::Text && (cell.text() == kUnavailable || cell.text() == kUnavailableBase64);
}

}  // namespace

void copy_places(const Places& places, std::uint32_t row, Batch& batch) {
  for (const Places::Copy& one : places.copies) copy(row, batch.columns[one.from], batch.columns[one.to]);
  for (const std::uint32_t column : places.outside) append(batch.columns[column], row, Kind::Absent, Cell{});
}

void undo_row(const FieldTable& fields, std::uint32_t row, Batch& batch) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Column& column = batch.columns[i];
    if (!column.repeated()) {
      if (row < column.kinds.size()) column.kinds[row] = Kind::Absent;
      continue;
    }
    const auto [first, last] = std::equal_range(column.rows.begin(), column.rows.end(), row);
    const auto from = first - column.rows.begin();
    const auto to = last - column.rows.begin();
    column.kinds.erase(column.kinds.begin() + from, column.kinds.begin() + to);
    column.cells.erase(column.cells.begin() + from, column.cells.begin() + to);
    column.rows.erase(first, last);
  }
  forget_notes(row, batch);
  batch.duplicate_keys.clear(row);
}

void forget_notes(std::uint32_t row, Batch& batch) {
  const auto forget = [row](auto& notes) {
    if (notes.empty() || notes.back().row < row) return;
    std::erase_if(notes, [row](const auto& note) { return note.row == row; });
  };
  forget(batch.extra_fields);
  forget(batch.seen_fields);
}

void refuse_row(const FieldTable& fields, DecodeFailure failure, Batch& batch) {
  const std::uint32_t row = failure.row;
  undo_row(fields, row, batch);
  batch.decoded.clear(row);
  for (Mask* const mask : {&batch.removals, &batch.notices, &batch.snapshots}) {
    if (mask->size() > 0) mask->clear(row);
  }
  const auto place = std::lower_bound(batch.failures.begin(), batch.failures.end(), row,
                                      [](const DecodeFailure& one, std::uint32_t wanted) { return one.row < wanted; });
  if (place != batch.failures.end() && place->row == row) {
    *place = std::move(failure);
  } else {
    batch.failures.insert(place, std::move(failure));
  }
}

void blank_row(const FieldTable& fields, std::uint32_t row, Batch& batch) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!lies_in_row(fields[i].path)) continue;
    Column& column = batch.columns[i];
    if (!column.repeated()) {
      column.kinds[row] = Kind::Absent;
      continue;
    }
    const std::size_t first = first_of(column, row);
    if (first == column.kinds.size()) continue;
    column.kinds.resize(first + 1);
    column.rows.resize(first + 1);
    column.kinds[first] = Kind::Absent;
  }
}

void drop_unavailable(const FieldTable& fields, std::uint32_t row, Batch& batch) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].path.from_envelope()) continue;
    Column& column = batch.columns[i];
    const std::size_t first = column.repeated() ? first_of(column, row) : row;
    const std::size_t end = column.repeated() ? column.kinds.size() : row + 1;
    for (std::size_t element = first; element < end; ++element) {
      if (is_unavailable(column.kinds[element], column.cells[element])) column.kinds[element] = Kind::Absent;
    }
  }
}

void mark(Mask& mask, std::size_t rows, std::uint32_t row) {
  if (mask.size() == 0) mask.assign(rows, false);
  mask.set(row);
}

}  // namespace weir
