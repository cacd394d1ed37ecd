// SPDX-License-Identifier: Apache-2.0
// YAML as a tree in which everything knows its place. yaml.cpp is the only file that sees yaml-cpp: its own loader drops
// what follows a list, keeps the first of two equal keys, and walks alias bombs; here all of that is a located error.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/result.h"

namespace weir {

/// A value of a YAML document. Aliases share one node, `<<` is merged already.
struct YamlNode {
  enum class Kind : std::uint8_t { Null, Scalar, List, Map };
  /// Where the bytes of `text` stand in the source, so that an offset in the text can be pointed at.
  enum class Layout : std::uint8_t { Elsewhere, OneLine, Literal };
  struct Member {
    YamlNode* key = nullptr;
    YamlNode* value = nullptr;
  };

  Kind kind = Kind::Null;
  bool plain = true;         // not quoted and no block
  bool open = true;          // still being built
  bool substituted = false;  // its variables are replaced already
  bool spoiled = false;      // a fault in it was told: what follows from that is no news
  Layout layout = Layout::Elsewhere;
  int line = 0;
  int column = 0;
  int length = 1;     // bytes on the first line
  int text_line = 0;  // where the text begins, behind a quote or on the line below `|`
  int text_column = 0;
  std::uint32_t weight = 1;  // nodes in this subtree, aliases expanded
  const std::string* file = nullptr;
  std::string text;              // of scalars; `null` or `~` or nothing of a null
  std::vector<YamlNode*> items;  // of lists
  std::vector<Member> members;   // of maps, in order; merged ones last

  [[nodiscard]] bool is_map() const { return kind == Kind::Map; }
  [[nodiscard]] bool is_list() const { return kind == Kind::List; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::Scalar; }
  [[nodiscard]] bool is_null() const { return kind == Kind::Null; }
  [[nodiscard]] YamlNode* find(std::string_view key) const;
  [[nodiscard]] SourceSpan where() const { return {.file = *file, .line = line, .column = column, .length = length}; }
  /// The place of `size` bytes of the text from `offset` on; the whole node where the text is not written as it reads.
  [[nodiscard]] SourceSpan where(std::size_t offset, int size) const;
};

/// One parsed file. `root` is null when it is no YAML at all; `errors` may hold faults that leave a usable tree, too.
struct YamlDocument {
  std::string file;
  std::deque<YamlNode> nodes;
  YamlNode* root = nullptr;
  std::vector<Error> errors;
};

/// What a rule file may cost. Far above any file that people write.
inline constexpr std::size_t kMaxYamlBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxYamlEvents = 100'000;
inline constexpr std::size_t kMaxYamlDepth = 64;
inline constexpr std::size_t kMaxAliasNodes = 10'000;

/// Parses `text` (no byte order mark: see without_mark()). Never throws.
std::unique_ptr<YamlDocument> parse_yaml(std::string file, std::string_view text);

/// The text behind a UTF-8 byte order mark.
[[nodiscard]] std::string_view without_mark(std::string_view text);

}  // namespace weir
