// SPDX-License-Identifier: Apache-2.0
// The type that Arrow gave is walked beside the schema of the file; where both come to an enum, bytes become text. An array is
// then looked at as one of the other type, which has the same layout.
#include "files/parquet_enums.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/status.h>
#include <arrow/type.h>
#include <parquet/arrow/schema.h>
#include <parquet/schema.h>

#include <algorithm>

namespace weir {

namespace {

using parquet::arrow::SchemaField;

bool is_enum(const parquet::ColumnDescriptor& column) {
  return column.physical_type() == parquet::Type::BYTE_ARRAY &&
         ((column.logical_type() && column.logical_type()->is_enum()) ||
          column.converted_type() == parquet::ConvertedType::ENUM);
}

/// Where the fields of a type stand in the schema: the members of a struct by their names, as some may not have been read.
const SchemaField* below(const SchemaField& field, const arrow::DataType& type, int index) {
  if (type.id() != arrow::Type::STRUCT)
    return static_cast<std::size_t>(index) < field.children.size() ? &field.children[static_cast<std::size_t>(index)]
                                                                   : nullptr;
  const auto found = std::find_if(field.children.begin(), field.children.end(), [&](const SchemaField& child) {
    return child.field->name() == type.field(index)->name();
  });
  return found == field.children.end() ? nullptr : &*found;
}

std::shared_ptr<arrow::DataType> with_texts(const std::shared_ptr<arrow::DataType>& type, const SchemaField& field,
                                            const parquet::SchemaDescriptor& file) {
  if (field.is_leaf()) {
    if (!is_enum(*file.Column(field.column_index))) return type;
    if (type->id() == arrow::Type::BINARY) return arrow::utf8();
    if (type->id() != arrow::Type::DICTIONARY) return type;
    const auto& words = static_cast<const arrow::DictionaryType&>(*type);
    return words.value_type()->id() == arrow::Type::BINARY ? arrow::dictionary(words.index_type(), arrow::utf8())
                                                           : type;
  }
  arrow::FieldVector fields = type->fields();
  bool same = true;
  for (int i = 0; i < type->num_fields(); ++i) {
    const SchemaField* const child = below(field, *type, i);
    if (child == nullptr) continue;
    auto& mine = fields[static_cast<std::size_t>(i)];
    std::shared_ptr<arrow::DataType> changed = with_texts(mine->type(), *child, file);
    if (changed == mine->type()) continue;
    mine = mine->WithType(std::move(changed));
    same = false;
  }
  if (same) return type;
  switch (type->id()) {
    case arrow::Type::STRUCT: return arrow::struct_(std::move(fields));
    case arrow::Type::LIST: return arrow::list(fields[0]);
    case arrow::Type::MAP: return std::make_shared<arrow::MapType>(fields[0]);
    default: return type;
  }
}

}  // namespace

bool has_enums(const parquet::SchemaDescriptor& file, const std::vector<int>& leaves) {
  return std::any_of(leaves.begin(), leaves.end(), [&](int leaf) { return is_enum(*file.Column(leaf)); });
}

arrow::Status make_texts_of_enums(const parquet::arrow::SchemaManifest& manifest, const std::vector<int>& leaves,
                                  std::shared_ptr<arrow::RecordBatch>& records) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<int> fields, manifest.GetFieldIndices(leaves));
  for (int i = 0; i < records->num_columns() && static_cast<std::size_t>(i) < fields.size(); ++i) {
    const auto& field = manifest.schema_fields[static_cast<std::size_t>(fields[static_cast<std::size_t>(i)])];
    const std::shared_ptr<arrow::DataType>& type = records->column(i)->type();
    const std::shared_ptr<arrow::DataType> wanted = with_texts(type, field, *manifest.descr);
    if (wanted == type) continue;
    ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> texts, records->column(i)->View(wanted));
    ARROW_ASSIGN_OR_RAISE(records, records->SetColumn(i, records->schema()->field(i)->WithType(wanted), texts));
  }
  return arrow::Status::OK();
}

}  // namespace weir
