// SPDX-License-Identifier: Apache-2.0
// What writing and reading a baseline agree on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_value.h"

namespace weir::baseline_form {

inline constexpr std::string_view kFormat = "weir-baseline";
inline constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // of a file
inline constexpr std::size_t kMostValues = 4'000'000;             // of JSON in it
inline constexpr std::size_t kMostDepth = 8;
inline constexpr std::size_t kMostFields = 100'000;
inline constexpr std::size_t kMostJoints = 1'000;
inline constexpr std::size_t kMostText = 4096;
inline constexpr std::uint64_t kMostCount = std::uint64_t{1} << 53;

/// Of the content as JSON without any white space: who only lays it out otherwise changes nothing.
[[nodiscard]] std::string checksum_of(std::string_view compact_content);
[[nodiscard]] std::string compact_json(const JsonValue& value);

/// The first 64 bits of SHA-256 over secret, salt and what is hashed, each with its length before it.
[[nodiscard]] std::uint64_t keyed_hash(std::string_view salt, std::string_view secret, std::string_view bytes);
[[nodiscard]] std::uint64_t category_hash(std::string_view salt, std::string_view secret, std::uint64_t hash);
/// Tells whether a secret is the right one.
[[nodiscard]] std::uint64_t secret_check(std::string_view salt, std::string_view secret);
[[nodiscard]] std::string hex_of(std::uint64_t hash);

}  // namespace weir::baseline_form
