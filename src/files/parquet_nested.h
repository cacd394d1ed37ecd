// SPDX-License-Identifier: Apache-2.0
// Structs, lists and maps of Arrow: what lies in them, and how they are written as JSON.
#pragma once

#include <cstdint>
#include <string>

#include "base/json_writer.h"
#include "weir/batch.h"

namespace arrow {
class Array;
}

namespace weir {

/// What lies beneath types that somebody wrapped around others.
[[nodiscard]] const arrow::Array& storage_of(const arrow::Array& values);
[[nodiscard]] bool is_list(const arrow::Array& values);

/// The elements [begin, end) of a list.
struct Elements {
  const arrow::Array* values = nullptr;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};
[[nodiscard]] Elements elements_at(const arrow::Array& list, std::int64_t at);

/// Looks once at everything that Arrow makes when it is first asked for: several threads may then read the array.
void make_all(const arrow::Array& values);

/// The key of a map as the name of a member.
[[nodiscard]] std::string key_text(const arrow::Array& keys, std::int64_t at, Arena& arena);

/// A value of any type as JSON. False when a text is not UTF-8, which then has U+FFFD in it.
bool write_json(JsonWriter& json, const arrow::Array& values, std::int64_t at, Arena& arena);

}  // namespace weir
