// SPDX-License-Identifier: Apache-2.0
// JSON as a tree, read one character after another as RFC 8259 tells it. Slow, and meant to be obviously right: laws are held
// against it, so it shares nothing with the readers of the product.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::testing {

struct SlowJson {
  enum class Type { Null, Boolean, Number, Text, Array, Object };

  Type type = Type::Null;
  std::string text;               // unescaped for a text, as written for everything else
  std::vector<SlowJson> items;    // of an array, or the values of an object
  std::vector<std::string> keys;  // of an object, one for each item; a key that comes twice stands here twice

  /// The last value of that key, or null.
  [[nodiscard]] const SlowJson* find(std::string_view key) const;
  /// Whether an object at or below this place holds a key twice.
  [[nodiscard]] bool has_key_twice() const;
  /// JSON Schema's equality: 1 and 1.0 are equal, objects are equal in any order of their keys.
  [[nodiscard]] bool equals(const SlowJson& other) const;
};

/// Nothing when the bytes are not one document, or are nested deeper than 64.
[[nodiscard]] std::optional<SlowJson> slow_parse(std::string_view bytes);

/// The places that a field path names: `items[].qty` gives one for each element; null where nothing is there.
[[nodiscard]] std::vector<const SlowJson*> slow_find(const SlowJson& root, std::string_view path);

}  // namespace weir::testing
