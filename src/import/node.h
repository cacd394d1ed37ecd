// SPDX-License-Identifier: Apache-2.0
// A suite of another tool as a tree, whether it came as JSON or as YAML. Every value knows its line and column, so that what
// cannot be carried over can be pointed at. Getters never fail: a suite may hold anything anywhere, and what is not there or
// is of another kind reads as nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/result.h"

namespace weir {

struct SuiteMember;

struct SuiteNode {
  enum class Kind : std::uint8_t { Null, Boolean, Number, Text, List, Map };

  Kind kind = Kind::Null;
  bool boolean = false;
  std::string text;  // a text, or a number's digits as JSON writes them
  int line = 0;
  int column = 0;
  std::vector<SuiteNode> items;
  std::vector<SuiteMember> members;  // in order; of equal keys in JSON the last one counts

  [[nodiscard]] bool is_null() const { return kind == Kind::Null; }
  [[nodiscard]] bool is_boolean() const { return kind == Kind::Boolean; }
  [[nodiscard]] bool is_number() const { return kind == Kind::Number; }
  [[nodiscard]] bool is_text() const { return kind == Kind::Text; }
  [[nodiscard]] bool is_list() const { return kind == Kind::List; }
  [[nodiscard]] bool is_map() const { return kind == Kind::Map; }
  [[nodiscard]] bool is_scalar() const { return !is_list() && !is_map(); }

  /// The member of that name; a null node without a place when there is none.
  [[nodiscard]] const SuiteNode& operator[](std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  /// A text or the digits of a number; otherwise `otherwise`.
  [[nodiscard]] std::string text_or(std::string_view otherwise = "") const;
  /// Whether it is `true`; also the text "true", as templates write it.
  [[nodiscard]] bool is_true() const;
  [[nodiscard]] bool is_false() const;
  /// The texts of a list, or of one text alone; what is no text or number is passed over.
  [[nodiscard]] std::vector<std::string> texts() const;
  /// A whole number from 0 on.
  [[nodiscard]] std::optional<std::uint64_t> count() const;
};

struct SuiteMember {
  std::string key;
  int line = 0;
  int column = 0;
  SuiteNode value;
};

/// The scalar as people write it: `abc`, `5`, `true`, `null`; `a list`, `a map` for what is none.
[[nodiscard]] std::string show(const SuiteNode& node);

/// A suite's file as a tree, with the faults that left a tree to read: a key that stands twice, a tag.
struct SuiteText {
  SuiteNode root;
  std::vector<Error> warnings;
};

/// Reads JSON (a text whose first character is `{` or `[`, when that is JSON) or YAML. The error has its place.
Result<SuiteText> parse_suite(const std::string& file, std::string_view text);

/// What a suite may cost.
inline constexpr std::size_t kMaxSuiteBytes = std::size_t{16} << 20;

}  // namespace weir
