// SPDX-License-Identifier: Apache-2.0
// What JsonReader puts into the columns of repeated fields, and how it takes things back.
#include "decode/json_reader.h"

namespace weir {

void JsonReader::append(std::int32_t index, Kind kind, const Cell& cell) {
  Column& column = batch_->columns[static_cast<std::size_t>(index)];
  const std::size_t element = column.kinds.size();
  if (element == column.cells.size()) {
    column.cells.push_back(cell);
  } else {
    column.cells[element] = cell;
  }
  column.kinds.push_back(kind);
  column.rows.push_back(row_);
}

bool JsonReader::put_absent(const std::vector<std::int32_t>& columns) {
  for (const std::int32_t column : columns) append(column, Kind::Absent, Cell{});
  return true;
}

void JsonReader::forget(std::int32_t node) {
  for (const std::int32_t column : nodes_[static_cast<std::size_t>(node)].single) {
    batch_->columns[static_cast<std::size_t>(column)].kinds[row_] = Kind::Absent;
  }
}

std::vector<std::size_t> JsonReader::sizes(const std::vector<std::int32_t>& columns) const {
  std::vector<std::size_t> out;
  out.reserve(columns.size());
  for (const std::int32_t column : columns) out.push_back(batch_->columns[static_cast<std::size_t>(column)].size());
  return out;
}

void JsonReader::cut_back(const std::vector<std::int32_t>& columns, const std::vector<std::size_t>& before) {
  for (std::size_t i = 0; i < before.size(); ++i) {
    Column& column = batch_->columns[static_cast<std::size_t>(columns[i])];
    column.kinds.resize(before[i]);
    column.rows.resize(before[i]);
  }
}

/// Takes back what a document left in its row before its fault was found. Repeated columns have no element for such a row.
void JsonReader::clear_row(const std::vector<std::size_t>& before) {
  forget(0);
  cut_back(nodes_[0].below, before);
  forget_notes();
  batch_->duplicate_keys.clear(row_);
}

}  // namespace weir
