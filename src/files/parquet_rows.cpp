// SPDX-License-Identifier: Apache-2.0
// Scalars at the top of a record go into their column in one loop. What is nested is walked row by row, the tree of the plan's
// fields beside the tree of arrays.
#include "files/parquet_rows.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "decode/column_filler.h"
#include "decode/number.h"
#include "files/parquet_cells.h"
#include "files/parquet_nested.h"

namespace weir {

namespace {

/// Puts values into the columns of one batch.
class NestedFiller {
 public:
  NestedFiller(ColumnFiller& filler, Mask& broken) : filler_(filler), broken_(broken) {}

  void begin_row(std::uint32_t row) {
    row_ = row;
    filler_.begin_row(row);
  }

  void walk(std::int32_t node, const arrow::Array& wrapped, std::int64_t at) {
    const bool scalar = is_scalar(wrapped);
    const arrow::Array& values = scalar ? wrapped : storage_of(wrapped);
    if (scalar || values.IsNull(at)) {
      Cell cell;
      Kind kind = Kind::Null;
      if (values.IsNull(at)) {
        cell = {.number = 0, .data = "null", .size = 4, .scale = 0};
      } else {
        kind = read_cell(values, at, cell, filler_.arena());
      }
      if (kind == Kind::Absent) broken_.set(row_);
      filler_.put(node, kind, cell);
      return;
    }
    const FieldTable::Node& wanted = filler_.tree()[static_cast<std::size_t>(node)];
    if (is_list(values)) {
      for (const std::int32_t child : wanted.children) filler_.absent(child);
      if (wanted.every != FieldTable::kNone) {
        const Elements elements = elements_at(values, at);
        for (std::int64_t i = elements.begin; i < elements.end; ++i) walk(wanted.every, *elements.values, i);
      }
    } else {
      for (const std::int32_t child : wanted.children) walk_member(child, values, at);
      if (wanted.every != FieldTable::kNone) filler_.absent(wanted.every);
    }
    if (!filler_.wants_json(node)) return;
    JsonWriter json;
    write_json(json, values, at, filler_.arena());
    filler_.put_container(node, is_list(values) ? Kind::Array : Kind::Object, filler_.arena().keep(json.text()));
  }

 private:
  void walk_member(std::int32_t child, const arrow::Array& values, std::int64_t at) {
    const std::string& name = filler_.tree()[static_cast<std::size_t>(child)].name;
    if (values.type_id() == arrow::Type::STRUCT) {
      const auto& members = static_cast<const arrow::StructArray&>(values);
      const int index = members.struct_type()->GetFieldIndex(name);
      if (index >= 0) return walk(child, *members.field(index), at);
    } else {
      // The last one counts, as in JSON.
      const auto& map = static_cast<const arrow::MapArray&>(values);
      for (std::int64_t i = map.value_offset(at + 1); i-- > map.value_offset(at);) {
        if (key_text(*map.keys(), i, filler_.arena()) == name) return walk(child, *map.items(), i);
      }
    }
    filler_.absent(child);
  }

  ColumnFiller& filler_;
  Mask& broken_;
  std::uint32_t row_ = 0;
};

/// Rows of the batch that follow each other in the file as well.
struct Run {
  std::uint32_t row = 0;   // in the batch
  std::int64_t first = 0;  // in the record batch
  std::size_t count = 0;
};

std::vector<Run> runs_of(const Batch& batch, std::int64_t first) {
  std::vector<Run> runs;
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    const std::int64_t at = first + static_cast<std::int64_t>(batch.origins[row].line) - 1;
    if (runs.empty() || runs.back().first + static_cast<std::int64_t>(runs.back().count) != at)
      runs.push_back({.row = row, .first = at, .count = 0});
    ++runs.back().count;
  }
  return runs;
}

bool is_word(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (static_cast<unsigned char>(a) | 0x20U) == static_cast<unsigned char>(b);
  });
}

/// A value in the name of a directory has no type of its own: it is read as a cell of a CSV file is.
Kind partition_cell(const std::optional<std::string>& text, CellType type, Cell& cell) {
  const std::string_view shown = text ? std::string_view(*text) : "null";
  cell = {.number = 0, .data = shown.data(), .size = static_cast<std::uint32_t>(shown.size()), .scale = 0};
  if (!text) return Kind::Null;
  if (type == CellType::Number) {
    const Kind kind = classify_number(shown, cell);
    if (kind != Kind::Absent) return kind;
  } else if (type == CellType::Boolean && (is_word(shown, "true") || is_word(shown, "false"))) {
    cell.number = shown.size() == 4 ? 1 : 0;
    return Kind::Boolean;
  }
  return Kind::Text;
}

class ParquetRows final : public ColumnRows {
 public:
  ParquetRows(std::shared_ptr<arrow::RecordBatch> records, std::int64_t first,
              std::shared_ptr<const std::vector<ParquetField>> fields)
      : fields_(std::move(fields)), records_(std::move(records)), first_(first) {}

  void fill(const Plan& plan, Batch& batch) override;
  std::string json(std::uint64_t line) override { return row_json(line).first; }

 private:
  /// And whether all of its texts are UTF-8.
  [[nodiscard]] std::pair<std::string, bool> row_json(std::uint64_t line) const;
  [[nodiscard]] const arrow::Array& column(const ParquetField& field) const { return *records_->column(field.column); }
  void fill_field(const Plan& plan, std::int32_t node, const ParquetField& field, Batch& batch);
  static void fill_absent(const Plan& plan, std::int32_t node, Batch& batch);
  void fill_partition(const Plan& plan, std::int32_t node, const ParquetField& field, Batch& batch);
  void fill_whole(const Plan& plan, Batch& batch);
  void note_extra(const Plan& plan, Batch& batch) const;
  void note_seen(Batch& batch) const;
  void lose_broken(Batch& batch);

  std::shared_ptr<const std::vector<ParquetField>> fields_;  // first, as it keeps the memory of the records alive
  std::shared_ptr<arrow::RecordBatch> records_;
  std::int64_t first_;
  std::vector<Run> runs_;
  Mask broken_;
};

void ParquetRows::fill(const Plan& plan, Batch& batch) {
  runs_ = runs_of(batch, first_);
  broken_.assign(batch.size(), false);
  for (const std::int32_t child : plan.fields.root().children) {
    const std::string& name = plan.fields.node(child).name;
    const auto field =
        std::find_if(fields_->begin(), fields_->end(), [&](const ParquetField& one) { return one.name == name; });
    if (field != fields_->end() && field->partition) {
      fill_partition(plan, child, *field, batch);
    } else if (field != fields_->end() && field->column >= 0) {
      fill_field(plan, child, *field, batch);
    } else {
      fill_absent(plan, child, batch);
    }
  }
  if (plan.fields.root().column != FieldTable::kNone) fill_whole(plan, batch);
  if (plan.extra_fields_rule != Plan::kNoRule) note_extra(plan, batch);
  if (plan.note_fields) note_seen(batch);
  if (broken_.any()) lose_broken(batch);
}

void ParquetRows::fill_field(const Plan& plan, std::int32_t node, const ParquetField& field, Batch& batch) {
  const FieldTable::Node& wanted = plan.fields.node(node);
  const arrow::Array& values = column(field);
  if (wanted.children.empty() && wanted.every == FieldTable::kNone && is_scalar(values)) {
    Column& into = batch.columns[static_cast<std::size_t>(wanted.column)];
    for (const Run& run : runs_) {
      if (read_cells(values, run.first, run.count, into.kinds.data() + run.row, into.cells.data() + run.row,
                     batch.arena))
        continue;
      for (std::size_t row = run.row; row < run.row + run.count; ++row) {
        if (into.kinds[row] == Kind::Absent) broken_.set(row);
      }
    }
    return;
  }
  ColumnFiller filler(plan.fields, plan.fields.nodes());
  filler.begin(batch);
  NestedFiller nested(filler, broken_);
  for (const Run& run : runs_) {
    for (std::uint32_t i = 0; i < run.count; ++i) {
      nested.begin_row(run.row + i);
      nested.walk(node, values, run.first + i);
    }
  }
}

/// Columns that are not repeated are absent as they are.
void ParquetRows::fill_absent(const Plan& plan, std::int32_t node, Batch& batch) {
  const bool repeated =
      std::any_of(batch.columns.begin(), batch.columns.end(), [](const Column& column) { return column.repeated(); });
  if (!repeated) return;
  ColumnFiller filler(plan.fields, plan.fields.nodes());
  filler.begin(batch);
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    filler.begin_row(row);
    filler.absent(node);
  }
}

void ParquetRows::fill_partition(const Plan& plan, std::int32_t node, const ParquetField& field, Batch& batch) {
  const std::int32_t column = plan.fields.node(node).column;
  const CellType type =
      column == FieldTable::kNone ? CellType::Text : plan.fields[static_cast<std::size_t>(column)].cell_type;
  Cell cell;
  const Kind kind = partition_cell(field.partition->text, type, cell);
  ColumnFiller filler(plan.fields, plan.fields.nodes());
  filler.begin(batch);
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    filler.begin_row(row);
    filler.put(node, kind, cell);
  }
}

void ParquetRows::fill_whole(const Plan& plan, Batch& batch) {
  ColumnFiller filler(plan.fields, plan.fields.nodes());
  filler.begin(batch);
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    filler.begin_row(row);
    const auto [json, good] = row_json(batch.origins[row].line);
    if (!good) broken_.set(row);
    filler.put_container(0, Kind::Object, batch.arena.keep(json));
  }
}

void ParquetRows::note_extra(const Plan& plan, Batch& batch) const {
  std::vector<std::string_view> names;
  const std::vector<std::int32_t>& known = plan.fields.root().children;
  for (const ParquetField& field : *fields_) {
    const bool named = std::any_of(known.begin(), known.end(),
                                   [&](std::int32_t child) { return plan.fields.node(child).name == field.name; });
    if (!named && names.size() < Batch::kMaxExtraFields) names.push_back(batch.arena.keep(field.name));
  }
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    for (const std::string_view name : names) batch.extra_fields.push_back({.row = row, .name = name});
  }
}

void ParquetRows::note_seen(Batch& batch) const {
  std::vector<std::vector<Kind>> kinds(fields_->size());
  std::vector<std::string_view> names;
  std::vector<Cell> cells(batch.size());
  for (std::size_t i = 0; i < fields_->size(); ++i) {
    const ParquetField& field = (*fields_)[i];
    names.push_back(batch.arena.keep(field.name));
    kinds[i].assign(batch.size(), Kind::Null);
    if (field.partition) {
      if (field.partition->text) kinds[i].assign(batch.size(), Kind::Text);
      continue;
    }
    if (field.column < 0) continue;
    const arrow::Array& values = column(field);
    const arrow::Array& stored = storage_of(values);
    for (const Run& run : runs_) {
      if (is_scalar(values)) {
        read_cells(values, run.first, run.count, kinds[i].data() + run.row, cells.data() + run.row, batch.arena);
        std::replace(kinds[i].begin(), kinds[i].end(), Kind::Absent, Kind::Text);
        continue;
      }
      const Kind kind = is_list(stored) ? Kind::Array : Kind::Object;
      for (std::uint32_t j = 0; j < run.count; ++j) {
        if (!stored.IsNull(run.first + j)) kinds[i][run.row + j] = kind;
      }
    }
  }
  for (std::uint32_t row = 0; row < batch.size(); ++row) {
    for (std::uint32_t i = 0; i < names.size(); ++i)
      batch.seen_fields.push_back({.row = row, .position = i, .kind = kinds[i][row], .name = names[i]});
  }
}

/// Rows with a text that is not UTF-8 could not be read.
void ParquetRows::lose_broken(Batch& batch) {
  batch.decoded.subtract(broken_);
  for (Column& column : batch.columns) {
    if (!column.repeated()) {
      broken_.each([&](std::size_t row) { column.kinds[row] = Kind::Absent; });
      continue;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < column.kinds.size(); ++i) {
      if (broken_[column.rows[i]]) continue;
      column.kinds[kept] = column.kinds[i];
      column.cells[kept] = column.cells[i];
      column.rows[kept++] = column.rows[i];
    }
    column.kinds.resize(kept);
    column.rows.resize(kept);
  }
  std::erase_if(batch.extra_fields, [&](const ExtraField& extra) { return broken_[extra.row]; });
  std::erase_if(batch.seen_fields, [&](const SeenField& seen) { return broken_[seen.row]; });
  broken_.each([&](std::size_t row) {
    batch.failures.push_back(
        {.row = static_cast<std::uint32_t>(row), .at = 0, .code = "utf8", .reason = "a text of the row is not UTF-8"});
  });
}

std::pair<std::string, bool> ParquetRows::row_json(std::uint64_t line) const {
  Arena arena;
  JsonWriter json;
  bool good = true;
  json.begin_object();
  for (const ParquetField& field : *fields_) {
    if (field.partition) {
      json.key(field.name);
      field.partition->text ? json.value(*field.partition->text) : json.null();
    } else if (field.column >= 0) {
      json.key(field.name);
      good = write_json(json, column(field), first_ + static_cast<std::int64_t>(line) - 1, arena) && good;
    }
  }
  json.end_object();
  return {json.take(), good};
}

}  // namespace

std::shared_ptr<ColumnRows> make_parquet_rows(std::shared_ptr<arrow::RecordBatch> records, std::int64_t first,
                                              std::shared_ptr<const std::vector<ParquetField>> fields) {
  return std::make_shared<ParquetRows>(std::move(records), first, std::move(fields));
}

}  // namespace weir
