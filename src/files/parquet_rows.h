// SPDX-License-Identifier: Apache-2.0
// A stretch of rows of a Parquet file as Arrow read them, on its way into batches.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "files/parquet_fields.h"
#include "weir/messages.h"

namespace arrow {
class RecordBatch;
}

namespace weir {

/// Rows [first, …) of `records`, which may be null where no column is read.
[[nodiscard]] std::shared_ptr<ColumnRows> make_parquet_rows(std::shared_ptr<arrow::RecordBatch> records,
                                                            std::int64_t first,
                                                            std::shared_ptr<const std::vector<ParquetField>> fields);

}  // namespace weir
