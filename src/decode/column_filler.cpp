// SPDX-License-Identifier: Apache-2.0
#include "decode/column_filler.h"

namespace weir {

ColumnFiller::ColumnFiller(const FieldTable& fields, const FieldTree& tree)
    : tree_(tree), nodes_(tree.size()), slots_(tree.size()) {
  // Children have higher indices than their parents, so going backwards sees every child before its parent.
  for (std::size_t i = tree_.size(); i-- > 0;) {
    Node& node = nodes_[i];
    node.column = tree_[i].column;
    // Columns beyond the plan's are single ones of whoever reads.
    const auto column = static_cast<std::size_t>(node.column);
    node.repeated = node.column >= 0 && column < fields.size() && fields[column].path.repeated();
    const auto take = [&](std::int32_t child) {
      const Node& below = nodes_[static_cast<std::size_t>(child)];
      node.below.insert(node.below.end(), below.all.begin(), below.all.end());
    };
    for (const std::int32_t child : tree_[i].children) take(child);
    if (tree_[i].every >= 0) take(tree_[i].every);
    node.all = node.below;
    if (node.column < 0) continue;
    (node.repeated ? node.all : single_).push_back(node.column);
  }
}

void ColumnFiller::begin(Batch& batch) {
  batch_ = &batch;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    if (node.column < 0 || node.repeated) continue;
    Column& column = batch.columns[static_cast<std::size_t>(node.column)];
    node.kinds = column.kinds.data();
    node.cells = column.cells.data();
    if (node.below.empty()) slots_[i] = {.kinds = node.kinds, .cells = node.cells};
  }
}

void ColumnFiller::put_around(std::int32_t index, Kind kind, const Cell& cell) {
  const Node& node = nodes_[static_cast<std::size_t>(index)];
  if (node.kinds != nullptr) {
    node.kinds[row_] = kind;
    node.cells[row_] = cell;
  } else if (node.column >= 0) {
    append(node.column, kind, cell);
  }
  for (const std::int32_t column : node.below) append(column, Kind::Absent, Cell{});
}

void ColumnFiller::begin_row(std::uint32_t row) {
  row_ = row;
  before_.clear();
  for (const std::int32_t column : nodes_[0].all)
    before_.push_back(batch_->columns[static_cast<std::size_t>(column)].size());
}

void ColumnFiller::undo_row() {
  for (const std::int32_t column : single_)
    batch_->columns[static_cast<std::size_t>(column)].kinds[row_] = Kind::Absent;
  for (std::size_t i = 0; i < before_.size(); ++i) {
    Column& column = batch_->columns[static_cast<std::size_t>(nodes_[0].all[i])];
    column.kinds.resize(before_[i]);
    column.rows.resize(before_[i]);
  }
}

void ColumnFiller::put_container(std::int32_t index, Kind kind, std::string_view json) {
  const Node& node = nodes_[static_cast<std::size_t>(index)];
  if (node.column < 0) return;
  const Cell cell{.number = 0, .data = json.data(), .size = static_cast<std::uint32_t>(json.size()), .scale = 0};
  if (node.kinds != nullptr) {
    node.kinds[row_] = kind;
    node.cells[row_] = cell;
  } else {
    append(node.column, kind, cell);
  }
}

void ColumnFiller::append(std::int32_t index, Kind kind, const Cell& cell) {
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

void prepare_columns(const FieldTable& fields, const Messages& messages, Batch& batch) {
  const std::size_t rows = messages.items.size();
  batch.decoded.assign(rows, true);
  batch.duplicate_keys.assign(rows, false);
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    Column& column = batch.columns[i];
    column.set_repeated(fields[i].path.repeated());
    if (column.repeated()) continue;
    column.kinds.assign(rows, Kind::Absent);
    if (column.cells.size() < rows) column.cells.resize(rows);
  }
  for (const Message& message : messages.items)
    batch.origins.push_back({.bytes = message.bytes, .line = message.line, .offset = message.offset});
}

}  // namespace weir
