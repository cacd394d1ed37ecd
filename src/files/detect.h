// SPDX-License-Identifier: Apache-2.0
// What an input is: by the ending of its name, then by its first bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/plan.h"
#include "weir/result.h"

namespace weir {

/// As many first bytes are looked at; whole lines within them decide between `json` and `json-stream`.
inline constexpr std::size_t kDetectBytes = 64 * 1024;

/// The name of an encoding other than UTF-8 that a byte order mark announces, or empty.
[[nodiscard]] std::string_view foreign_encoding(std::string_view head) noexcept;
/// Bytes of a UTF-8 byte order mark at the beginning.
[[nodiscard]] std::size_t byte_order_mark(std::string_view head) noexcept;

/// The format of an input whose beginning (decompressed, without byte order mark) is `head`.
Result<Format> detect_format(const std::string& path, std::string_view head);

/// What the ending of a name says; Auto where it says nothing, or leaves it to the content.
[[nodiscard]] Format format_of_ending(std::string_view path);
/// How a file is opened: as somebody `said`, else as its name says where the rules are about records of another kind (those of a
/// topic, say), else as the rules say. Auto leaves it to the content.
[[nodiscard]] Format format_to_open(std::string_view path, std::optional<Format> said, Format of_rules);
/// Whether the name ends like that of a data file, compressed or not.
[[nodiscard]] bool has_known_ending(std::string_view path);

}  // namespace weir
