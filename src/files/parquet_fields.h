// SPDX-License-Identifier: Apache-2.0
// What the rows of one Parquet file have: the fields of its schema, and those that the directories above it name
// (`dt=2026-01-01/country=DE/part-0.parquet`).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/plan.h"

namespace parquet {
class SchemaDescriptor;
}

namespace weir {

/// A value that stands in the name of a directory; nothing: `__HIVE_DEFAULT_PARTITION__`, which is null.
struct PartitionValue {
  std::string name;
  std::optional<std::string> text;
};

/// Of the directories of `path`, from the top; `%2F` and the like are taken back.
[[nodiscard]] std::vector<PartitionValue> partitions_of(std::string_view path);

/// A field of every row. Partitions stand behind the fields of the file, or in the place of one with the same name.
struct ParquetField {
  std::string name;
  int column = -1;  // of the record batches that are read; -1: not read, or a partition
  std::optional<PartitionValue> partition = {};
};

/// Which columns of a file to read, and what its rows then have.
struct ParquetSelection {
  std::vector<int> leaves;  // columns of the file, ascending
  std::vector<ParquetField> fields;
};

/// Null for `plan`: everything.
[[nodiscard]] ParquetSelection select_columns(const parquet::SchemaDescriptor& schema, std::string_view path,
                                              const Plan* plan);

}  // namespace weir
