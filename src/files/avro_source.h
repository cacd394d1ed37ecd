// SPDX-License-Identifier: Apache-2.0
// An Avro container file as a source: a record is a datum, found by skipping it with the schema in the file's head.
#pragma once

#include <memory>
#include <string>

#include "files/byte_input.h"
#include "files/source.h"

namespace weir {

/// `plain` is the lowest part of `input`, for progress; `input` stands at the first byte.
Result<std::unique_ptr<FileSource>> open_avro(const std::string& path, const FileOptions& options,
                                              const PlainInput* plain, std::unique_ptr<ByteInput> input);

}  // namespace weir
