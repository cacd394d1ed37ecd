// SPDX-License-Identifier: Apache-2.0
// In place of the other parquet_*.cpp where Apache Arrow's C++ library is missing.
#include "files/byte_input.h"
#include "files/parquet_source.h"

namespace weir {

std::string parquet_library() {
  return {};
}

Result<std::unique_ptr<FileSource>> open_parquet(const std::string& path, const FileOptions& /*options*/) {
  return Error{.message = "cannot read " + input_name(path) + ": this weir was built without Parquet",
               .help = "it takes Apache Arrow's C++ library when it is built: see docs/parquet.md"};
}

}  // namespace weir
