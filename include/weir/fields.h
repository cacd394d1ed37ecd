// SPDX-License-Identifier: Apache-2.0
// Which fields a plan reads, and how a decoder is to find them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/result.h"

namespace weir {

/// A place in a record: `user.address.zip`, `items[].qty` (every element), `tags[]`, `"dotted.name".x` (quoted names).
/// `kafka.key`, `kafka.headers.NAME`, `kafka.timestamp`, `kafka.partition`, `kafka.size`, `kafka.tombstone` and
/// `kafka.topic` come from the envelope of a message; a payload's own field of that name is written `"kafka".x`.
class FieldPath {
 public:
  struct Step {
    std::string name;    // empty for `[]`
    bool every = false;  // `[]`: each element of an array
    bool self = false;   // the record itself, see whole(); a path of nothing else
    bool operator==(const Step&) const = default;
  };

  static Result<FieldPath> parse(std::string_view text);
  /// The record as one value: its JSON as it came, or as a decoder of another format writes it. `$` for people, and not
  /// written in rule files; a field of that name reads `"$"`.
  static FieldPath whole();

  [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }
  [[nodiscard]] bool repeated() const noexcept;
  [[nodiscard]] bool from_envelope() const noexcept { return from_envelope_; }
  [[nodiscard]] std::string text() const;
  bool operator==(const FieldPath&) const = default;

 private:
  std::vector<Step> steps_;
  bool from_envelope_ = false;
};

/// How a text that carries no types of its own (a CSV cell) is to be read for this field.
enum class CellType : std::uint8_t { Text, Number, Boolean };

struct Field {
  FieldPath path;
  CellType cell_type = CellType::Text;
  std::vector<std::string> missing_values;  // texts and numbers that stand for null
  bool redacted = false;                    // its values are shown nowhere
};

/// The fields of a plan; the position is the column index. Also the same fields as a tree, the way decoders walk.
class FieldTable {
 public:
  static constexpr std::int32_t kNone = -1;

  /// Node 0 is the record; its column, if any, is that of FieldPath::whole().
  struct Node {
    std::string name;
    std::int32_t column = kNone;         // the column that takes the value found here
    std::vector<std::int32_t> children;  // nodes for named members of an object here
    std::int32_t every = kNone;          // node for each element of an array here
    std::int32_t parent = kNone;
  };

  FieldTable() { nodes_.emplace_back(); }
  /// The column of `path`, added when new.
  std::uint32_t add(const FieldPath& path);
  [[nodiscard]] std::int32_t find(const FieldPath& path) const;
  [[nodiscard]] const Node& root() const { return nodes_.front(); }
  [[nodiscard]] const Node& node(std::int32_t index) const { return nodes_[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] const Field& operator[](std::size_t column) const { return fields_[column]; }
  Field& operator[](std::size_t column) { return fields_[column]; }

 private:
  std::vector<Field> fields_;
  std::vector<Node> nodes_;
};

}  // namespace weir
