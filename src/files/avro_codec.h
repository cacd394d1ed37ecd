// SPDX-License-Identifier: Apache-2.0
// How the blocks of Avro container files are packed: `avro.codec`.
//
// What a block unpacks to is bounded, so that a small file cannot ask for all memory there is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

enum class AvroCodec : std::uint8_t { Null, Deflate, Snappy, Zstandard };

/// A block, packed and unpacked.
inline constexpr std::size_t kAvroBlockMost = std::size_t{128} << 20;

/// By the name that the head of a file says; empty: null. An error names those that are read.
[[nodiscard]] Result<AvroCodec> avro_codec(std::string_view name);

/// Unpacks a block into `out`, at most `most` bytes. The error says what is wrong with it.
[[nodiscard]] Status unpack_avro(AvroCodec codec, std::string_view packed, std::size_t most, std::string& out);

}  // namespace weir
