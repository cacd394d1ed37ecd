// SPDX-License-Identifier: Apache-2.0
// A small JSON document for the places that are not hot: expressions over nested values, suites to import, test records.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/result.h"

namespace weir {

struct JsonValue {
  enum class Type : unsigned char { Null, Boolean, Number, Text, Array, Object };

  Type type = Type::Null;
  bool boolean = false;
  std::string text;              // a text's content, a number's digits as written
  std::vector<JsonValue> items;  // elements
  std::vector<std::pair<std::string, JsonValue>>
      members;  // in order; a later duplicate key stays behind an earlier one

  [[nodiscard]] const JsonValue* find(std::string_view key) const;  // the last one of that name
  [[nodiscard]] bool operator==(const JsonValue&) const = default;
};

/// Strict RFC 8259, depth at most `max_depth`. The error's column is the byte offset.
[[nodiscard]] Result<JsonValue> parse_json(std::string_view text, std::size_t max_depth = 64);

}  // namespace weir
