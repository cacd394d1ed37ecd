// SPDX-License-Identifier: Apache-2.0
// The bytes of a YAML file behind the events of its parser: yaml-cpp gives the beginning of a value and nothing else, so
// lengths, quotes, tags and where a text really begins are read from the source.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/yaml.h"

namespace weir {

class YamlSource {
 public:
  explicit YamlSource(std::string_view text);

  /// The offset behind anchors and tags that stand before the value at `offset`, and the offset of a tag, if there is one.
  struct Value {
    std::size_t begin = 0;
    std::optional<std::size_t> tag;
  };
  [[nodiscard]] Value value_at(std::size_t offset) const;

  /// Sets place, length and layout of a scalar whose value begins at `begin`. False when its quote is never closed.
  bool place_scalar(YamlNode& node, std::size_t begin) const;
  void place(YamlNode& node, std::size_t offset) const;
  /// A tab among the white space that begins the line.
  [[nodiscard]] bool tab_indents(int line) const;
  /// The word at `offset`, up to white space or a flow indicator.
  [[nodiscard]] std::string_view word_at(std::size_t offset) const;
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::string_view line(int number) const;

 private:
  [[nodiscard]] std::size_t end_of_line(std::size_t offset) const;
  void place_quoted(YamlNode& node, std::size_t begin, std::size_t end) const;
  void place_block(YamlNode& node, std::size_t begin) const;

  std::string_view text_;
  std::vector<std::size_t> lines_;  // offset of the first byte of each line
};

}  // namespace weir
