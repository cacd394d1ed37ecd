// SPDX-License-Identifier: Apache-2.0
// Columns whose pages need not be read: rules ask of them nothing but how many values are null and which are the smallest and
// the largest, over the whole input, and each row group says so in the head of the file.
//
// In the place of such a column stand values with the same answers: as many nulls, the smallest, and the largest as often as
// there are rows left. Nothing behind the source has to know. That is sound only where nobody looks at a single row of it and
// no row can be lost, so:
//   - no record rule, condition, segment, time, drift rule or other measure names it, and no rule the whole record; all
//     windows are of the whole input, and no rule halts;
//   - no text is read, as a row whose text is not UTF-8 is lost;
//   - it is a column of integers or decimals where the smallest and the largest are asked for. A column of floats may hold
//     NaN, of which its statistics say nothing; times are compared as the texts that they are shown as.
// Where a row group has no statistics, or some that cannot be right, its pages are read.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "files/parquet_fields.h"
#include "weir/plan.h"

namespace arrow {
class Array;
class DataType;
class Scalar;
}  // namespace arrow

namespace parquet {
class FileMetaData;
class SchemaDescriptor;
}  // namespace parquet

namespace weir {

struct CountedColumn {
  int leaf = 0;           // column of the file
  int column = 0;         // of the record batches
  bool extremes = false;  // the smallest and the largest are asked for
};

/// Of the selected columns those that statistics may answer for, in ascending order.
[[nodiscard]] std::vector<CountedColumn> counted_columns(const parquet::SchemaDescriptor& file,
                                                         const ParquetSelection& selection, const Plan& plan);

/// What a row group says of one column.
struct CountedValues {
  CountedColumn column;
  std::int64_t nulls = 0;
  std::shared_ptr<arrow::Scalar> smallest;
  std::shared_ptr<arrow::Scalar> largest;
};

/// Of `columns` those that the row group says enough of.
[[nodiscard]] std::vector<CountedValues> counted_values(const parquet::FileMetaData& file, int group,
                                                        const std::vector<CountedColumn>& columns);

/// The rows [first, first + rows) of a row group. Null when there is no memory.
[[nodiscard]] std::shared_ptr<arrow::Array> stand_in(const CountedValues& values, std::int64_t first,
                                                     std::int64_t rows);

}  // namespace weir
