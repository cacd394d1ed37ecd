// SPDX-License-Identifier: Apache-2.0
// gzip and zstd, known by their first bytes and not by the name of the file.
#pragma once

#include <memory>
#include <string>

#include "files/byte_input.h"

namespace weir {

/// `input` itself, or what it decompresses to. Members (gzip) and frames (zstd) that follow each other are one stream.
/// `path` is for messages only.
Result<std::unique_ptr<ByteInput>> decompress(std::unique_ptr<PeekedInput> input, const std::string& path);

}  // namespace weir
