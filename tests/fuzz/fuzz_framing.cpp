// SPDX-License-Identifier: Apache-2.0
// Lines, JSON arrays and JSON streams: whatever the bytes, blocks of any size give the same records.
#include <cstddef>
#include <cstdint>
#include <string>

#include "read_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  for (const weir::Format format :
       {weir::Format::Auto, weir::Format::Json, weir::Format::JsonStream, weir::Format::JsonArray}) {
    weir::fuzz::check_block_sizes(input, format);
  }
  return 0;
}
