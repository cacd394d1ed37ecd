// SPDX-License-Identifier: Apache-2.0
// Every key of a rule file that is not the name of a check: one table that drives the parser, the JSON Schema, the
// reference and "did you mean". Checks bring their own keys (CheckSpec).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace weir {

struct Keys;

/// What may stand behind a key.
enum class Shape : std::uint8_t {
  Boolean,    // true or false
  Count,      // whole number >= 0
  Number,     // number
  Text,       // one scalar
  Texts,      // one scalar or a list of them
  Literals,   // a list of scalars, null among them
  Duration,   // 10m
  Time,       // 2026-01-01T00:00:00Z
  Choice,     // one of `choices`
  Choices,    // one of `choices` or a list of them
  Path,       // a field path
  Paths,      // a field path or a list of them
  Vote,       // `2 of 3`, or a count
  Section,    // a map with the keys of `table`
  Sections,   // a list of such maps
  Numbers,    // a map of numbers and percentages
  Segments,   // a list of field paths, or a map from paths to lists of values
  Anything,   // any data
  Vars,       // a map of scalars
  Sets,       // a map from names to lists or {file, column}
  Templates,  // a map from names to maps of checks and options
  Fields,     // a map from paths to maps of checks and options, or to lists of them
  Records,    // a list of maps with one check each
};

struct KeySpec {
  std::string_view name;
  Shape shape = Shape::Text;
  std::string_view summary;
  bool required = false;
  std::span<const std::string_view> choices = {};
  const Keys* table = nullptr;
  std::span<const std::string_view> synonyms = {};
};

struct Keys {
  std::string_view name;  // "`source`": as messages call the place
  std::span<const KeySpec> keys;
  bool open = false;  // further keys are the author's own

  [[nodiscard]] const KeySpec* find(std::string_view key) const;
  [[nodiscard]] std::vector<std::string_view> names() const;
};

/// The file itself.
const Keys& top_keys();
/// What every rule takes beside its check.
const Keys& option_keys();
/// What a map under `fields` and `templates` takes besides.
const Keys& field_keys();
/// `{file, column}` of a set.
const Keys& set_file_keys();
const Keys& window_keys();
const Keys& window_rule_keys();
const Keys& drift_keys();
const Keys& test_keys();

}  // namespace weir
