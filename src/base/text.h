// SPDX-License-Identifier: Apache-2.0
// Small questions about text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Code points of valid UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view utf8) noexcept;
[[nodiscard]] bool is_valid_utf8(std::string_view bytes) noexcept;
/// The offset of the first byte that is not UTF-8, or npos.
[[nodiscard]] std::size_t first_invalid_utf8(std::string_view bytes) noexcept;
[[nodiscard]] bool is_ascii(std::string_view bytes) noexcept;

/// Cells that a terminal takes for a text without control characters: wide characters two, combining marks none.
[[nodiscard]] std::size_t display_width(std::string_view utf8) noexcept;

/// At most `limit` bytes, cut between code points, with `…` when something was cut; control characters become `\n`, `\t`,
/// `\u001b`, so that a hostile record cannot forge a line or colour a terminal. What is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t limit);

/// The candidate that a person most likely meant, or empty: Damerau-Levenshtein distance of at most a third of the length.
[[nodiscard]] std::string_view nearest(std::string_view written, std::span<const std::string_view> candidates);

/// "1,234,567" and "1.2 GB" for people.
[[nodiscard]] std::string with_commas(std::uint64_t n);
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);

}  // namespace weir
