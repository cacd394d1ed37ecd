// SPDX-License-Identifier: Apache-2.0
// Parquet files as a source: row group after row group, only the columns that are wanted, in blocks of some thousand rows. Read
// by Apache Arrow's C++ library, where weir was built with it.
#pragma once

#include <memory>
#include <string>

#include "files/source.h"
#include "weir/result.h"

namespace weir {

/// What every Parquet file begins and ends with.
inline constexpr std::string_view kParquetMagic = "PAR1";

/// "Arrow 26.0.1", or empty where weir was built without.
[[nodiscard]] std::string parquet_library();
/// `path` is a file that can be read in any order: no pipe.
[[nodiscard]] Result<std::unique_ptr<FileSource>> open_parquet(const std::string& path, const FileOptions& options);

}  // namespace weir
