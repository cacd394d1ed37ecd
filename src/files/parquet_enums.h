// SPDX-License-Identifier: Apache-2.0
// ENUM of Parquet, as Java's writers of Avro and Protobuf write it, is text; Arrow takes it for bytes.
#pragma once

#include <memory>
#include <vector>

namespace arrow {
class RecordBatch;
class Status;
}  // namespace arrow

namespace parquet {
class SchemaDescriptor;
namespace arrow {
struct SchemaManifest;
}
}  // namespace parquet

namespace weir {

[[nodiscard]] bool has_enums(const parquet::SchemaDescriptor& file, const std::vector<int>& leaves);

/// Makes texts of the enums of `records`, which were read from `leaves`. Nothing is copied.
[[nodiscard]] arrow::Status make_texts_of_enums(const parquet::arrow::SchemaManifest& manifest,
                                                const std::vector<int>& leaves,
                                                std::shared_ptr<arrow::RecordBatch>& records);

}  // namespace weir
