// SPDX-License-Identifier: Apache-2.0
#include "files/parquet_statistics.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/array/util.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <parquet/exception.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace weir {

namespace {

constexpr std::int32_t kMostDigits = 38;  // of Decimal128
constexpr std::array<std::string_view, 4> kOfNulls = {"null_count", "null_rate", "absent_rate", "missing_rate"};

enum class Need : std::uint8_t { Nothing, Nulls, Extremes, Values };

class Needs {
 public:
  explicit Needs(const Plan& plan) : needs_(plan.fields.size(), Need::Nothing) {
    for (const RecordRule& rule : plan.rules) {
      read(rule.columns);
      read(rule.when_columns);
    }
    for (const WindowRule& rule : plan.window_rules) {
      read(rule.when_columns);
      add(rule, rule.must);
      add(rule, rule.should);
    }
    for (const DriftRule& rule : plan.drift_rules) read(rule.columns);
  }

  [[nodiscard]] Need of(std::int32_t column) const {
    return column < 0 ? Need::Values : needs_[static_cast<std::size_t>(column)];
  }

 private:
  void raise(std::uint32_t column, Need need) { needs_[column] = std::max(needs_[column], need); }
  void read(const std::vector<std::uint32_t>& columns) {
    for (const std::uint32_t column : columns) raise(column, Need::Values);
  }
  void add(const WindowRule& rule, const WindowCondition& condition) {
    for (const MeasureCall& call : condition.calls) {
      const bool every_row = rule.when == nullptr && call.stream.empty() && call.predicate == nullptr;
      const std::string_view name = call.spec->name;
      Need need = Need::Values;
      if (every_row && std::find(kOfNulls.begin(), kOfNulls.end(), name) != kOfNulls.end()) {
        need = Need::Nulls;
      } else if (every_row && (name == "min" || name == "max") && call.declared == std::vector{FieldType::Any}) {
        need = Need::Extremes;
      }
      for (const std::uint32_t column : call.columns) raise(column, need);
    }
  }

  std::vector<Need> needs_;
};

bool needs_rows_as_they_are(const Plan& plan) {
  const bool halts = std::any_of(plan.rules.begin(), plan.rules.end(),
                                 [](const RecordRule& rule) { return rule.info.on_fail == OnFail::Halt; });
  const bool parts = std::any_of(plan.windows.begin(), plan.windows.end(), [](const WindowBlock& block) {
    return block.kind != WindowKind::Whole || block.accepted_only || !block.segment.empty();
  });
  const bool records = plan.fields.root().column != FieldTable::kNone;
  return halts || parts || records || plan.note_fields || plan.time.column != EventTime::kNone;
}

bool is_decimal(const parquet::ColumnDescriptor& column) {
  return column.logical_type() && column.logical_type()->is_decimal();
}

/// What the smallest and the largest of a column are to rules: null where it is no integer or decimal.
std::shared_ptr<arrow::DataType> number_type(const parquet::ColumnDescriptor& column) {
  const parquet::Type::type physical = column.physical_type();
  const bool whole = physical == parquet::Type::INT32 || physical == parquet::Type::INT64;
  if (is_decimal(column)) {
    const auto& decimal = static_cast<const parquet::DecimalLogicalType&>(*column.logical_type());
    if (decimal.precision() > kMostDigits || (!whole && physical != parquet::Type::FIXED_LEN_BYTE_ARRAY))
      return nullptr;
    return arrow::decimal128(decimal.precision(), decimal.scale());
  }
  if (!whole) return nullptr;
  const auto& logical = column.logical_type();
  if (logical == nullptr || logical->is_none()) return arrow::int64();
  if (!logical->is_int() || !static_cast<const parquet::IntLogicalType&>(*logical).is_signed()) return nullptr;
  return arrow::int64();
}

std::shared_ptr<arrow::Scalar> number(const std::shared_ptr<arrow::DataType>& type, std::int64_t value) {
  if (type->id() == arrow::Type::INT64) return std::make_shared<arrow::Int64Scalar>(value);
  return std::make_shared<arrow::Decimal128Scalar>(arrow::Decimal128(value), type);
}

std::shared_ptr<arrow::Scalar> number(const std::shared_ptr<arrow::DataType>& type, const parquet::FLBA& bytes,
                                      int length) {
  const arrow::Result<arrow::Decimal128> value = arrow::Decimal128::FromBigEndian(bytes.ptr, length);
  return value.ok() ? std::make_shared<arrow::Decimal128Scalar>(*value, type) : nullptr;
}

bool in_order(const arrow::Scalar& smallest, const arrow::Scalar& largest) {
  if (smallest.type->id() == arrow::Type::INT64)
    return static_cast<const arrow::Int64Scalar&>(smallest).value <=
           static_cast<const arrow::Int64Scalar&>(largest).value;
  return static_cast<const arrow::Decimal128Scalar&>(smallest).value <=
         static_cast<const arrow::Decimal128Scalar&>(largest).value;
}

/// Whether the smallest and the largest are known; `values` is how many there are.
bool take_extremes(const parquet::ColumnDescriptor& column, const parquet::Statistics& statistics, std::int64_t values,
                   CountedValues& into) {
  if (!statistics.HasMinMax() || !statistics.is_min_value_exact().value_or(true) ||
      !statistics.is_max_value_exact().value_or(true))
    return false;
  const std::shared_ptr<arrow::DataType> type = number_type(column);
  switch (column.physical_type()) {
    case parquet::Type::INT32: {
      const auto& typed = static_cast<const parquet::Int32Statistics&>(statistics);
      into.smallest = number(type, typed.min());
      into.largest = number(type, typed.max());
      break;
    }
    case parquet::Type::INT64: {
      const auto& typed = static_cast<const parquet::Int64Statistics&>(statistics);
      into.smallest = number(type, typed.min());
      into.largest = number(type, typed.max());
      break;
    }
    default: {
      const auto& typed = static_cast<const parquet::FLBAStatistics&>(statistics);
      into.smallest = number(type, typed.min(), column.type_length());
      into.largest = number(type, typed.max(), column.type_length());
      break;
    }
  }
  if (into.smallest == nullptr || into.largest == nullptr || !in_order(*into.smallest, *into.largest)) return false;
  return values > 1 || into.smallest->Equals(*into.largest);
}

std::optional<CountedValues> values_of(const parquet::RowGroupMetaData& group, const parquet::ColumnDescriptor& column,
                                       const CountedColumn& wanted) {
  CountedValues found{.column = wanted, .nulls = 0, .smallest = nullptr, .largest = nullptr};
  const auto chunk = group.ColumnChunk(wanted.leaf);
  if (chunk->num_values() != group.num_rows() || !chunk->is_stats_set()) return std::nullopt;
  const std::shared_ptr<parquet::Statistics> statistics = chunk->statistics();
  if (statistics == nullptr) return std::nullopt;
  if (column.max_definition_level() > 0) {
    if (!statistics->HasNullCount()) return std::nullopt;
    found.nulls = statistics->null_count();
  }
  const std::int64_t values = group.num_rows() - found.nulls;
  if (found.nulls < 0 || values < 0) return std::nullopt;
  if (wanted.extremes && values > 0) {
    if (!take_extremes(column, *statistics, values, found)) return std::nullopt;
  } else {
    // What stands for values of which only the number counts.
    found.smallest = found.largest = std::make_shared<arrow::Int64Scalar>(0);
  }
  return found;
}

}  // namespace

std::vector<CountedColumn> counted_columns(const parquet::SchemaDescriptor& file, const ParquetSelection& selection,
                                           const Plan& plan) {
  if (needs_rows_as_they_are(plan)) return {};
  const Needs needs(plan);
  std::vector<CountedColumn> counted;
  for (const int leaf : selection.leaves) {
    const parquet::ColumnDescriptor& column = *file.Column(leaf);
    const bool text = column.physical_type() == parquet::Type::BYTE_ARRAY && !is_decimal(column);
    if (text) return {};
    const parquet::schema::Node& root = *file.GetColumnRoot(leaf);
    if (!root.is_primitive() || root.is_repeated()) continue;
    const auto named = [&](const ParquetField& field) { return field.name == root.name(); };
    if (std::count_if(selection.fields.begin(), selection.fields.end(), named) != 1) continue;
    const auto field = std::find_if(selection.fields.begin(), selection.fields.end(), named);
    for (const std::int32_t child : plan.fields.root().children) {
      const FieldTable::Node& node = plan.fields.node(child);
      if (node.name != field->name || !node.children.empty() || node.every != FieldTable::kNone) continue;
      const Need need = needs.of(node.column);
      const bool extremes = need == Need::Extremes && number_type(column) != nullptr;
      if (need == Need::Nulls || extremes)
        counted.push_back({.leaf = leaf, .column = field->column, .extremes = extremes});
    }
  }
  return counted;
}

std::vector<CountedValues> counted_values(const parquet::FileMetaData& file, int group,
                                          const std::vector<CountedColumn>& columns) {
  std::vector<CountedValues> found;
  const auto head = file.RowGroup(group);
  for (const CountedColumn& column : columns) {
    try {
      std::optional<CountedValues> values = values_of(*head, *file.schema()->Column(column.leaf), column);
      if (values) found.push_back(std::move(*values));
    } catch (const parquet::ParquetException&) {
      continue;  // what cannot be read of statistics, such as a value that is too short, is not there
    }
  }
  return found;
}

std::shared_ptr<arrow::Array> stand_in(const CountedValues& values, std::int64_t first, std::int64_t rows) {
  const std::int64_t nulls = std::clamp<std::int64_t>(values.nulls - first, 0, rows);
  const std::int64_t smallest = values.nulls >= first && values.nulls < first + rows ? 1 : 0;
  const arrow::Result<std::shared_ptr<arrow::Array>> none = arrow::MakeArrayOfNull(values.smallest->type, nulls);
  const arrow::Result<std::shared_ptr<arrow::Array>> one = arrow::MakeArrayFromScalar(*values.smallest, smallest);
  const arrow::Result<std::shared_ptr<arrow::Array>> rest =
      arrow::MakeArrayFromScalar(*values.largest, rows - nulls - smallest);
  if (!none.ok() || !one.ok() || !rest.ok()) return nullptr;
  return arrow::Concatenate({*none, *one, *rest}).ValueOr(nullptr);
}

}  // namespace weir
