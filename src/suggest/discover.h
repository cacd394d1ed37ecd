// SPDX-License-Identifier: Apache-2.0
// Which fields records have: every path to a value, through objects and arrays, in the order in which records show them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json_value.h"
#include "weir/fields.h"

namespace weir {

class FieldDiscovery {
 public:
  // Beyond these a document is a map with data for keys (`{"user-17": …}`), and rules for its keys would be noise.
  static constexpr std::size_t kMaxFields = 500;
  static constexpr std::size_t kMaxDepth = 6;
  static constexpr std::size_t kMaxMembers = 200;  // of one nested object

  /// One record; what is no object shows no field.
  void add(const JsonValue& record);
  /// The columns of a CSV file.
  void add_names(const std::vector<std::string>& names);

  /// Paths to leaves: a field that holds objects is named by what lies in them, `tags[]` and `items[].qty` by their elements.
  [[nodiscard]] std::vector<FieldPath> paths() const;
  /// Fields left out because of the bounds.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

 private:
  struct Place {
    std::string path;
    bool leaf = false;       // a value that is no object stood here, or an empty one
    bool container = false;  // an object or array with something in it stood here
  };

  void visit(const JsonValue& value, const std::string& path, std::size_t depth);
  Place* place(const std::string& path);

  std::vector<Place> places_;
  std::unordered_map<std::string, std::size_t> known_;
  std::uint64_t left_out_ = 0;
};

/// The path as an expression writes it: names with other signs in back-ticks. Empty where a name has one of its own.
[[nodiscard]] std::string in_expression(const FieldPath& path);

/// A name as a step of a path: in quotes where it holds anything but letters, digits and `_`.
[[nodiscard]] std::string path_step(std::string_view name);

}  // namespace weir
