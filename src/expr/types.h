// SPDX-License-Identifier: Apache-2.0
// The walk that gives every node its type: typing.cpp for what records and windows share, window_typing.cpp for measures,
// baselines and rates.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "expr/ast.h"

namespace weir {

[[nodiscard]] constexpr bool is_open(StaticType type) {
  return type == StaticType::Any || type == StaticType::Null;
}
[[nodiscard]] StaticType declared_type(FieldType type);
/// A measure that gives a list: texts and numbers.
[[nodiscard]] bool is_list_measure(const Node& node);
/// The list is a set: `values`, also of another input, and what a macro makes of it.
[[nodiscard]] bool is_set(const Node& node);

class Types {
 public:
  Types(Expression& expression, bool windows) : expression_(expression), windows_(windows) {}

  std::optional<Fault> run() {
    visit(expression_.root);
    return fault_;
  }

 private:
  void fail(const Node& node, std::string_view code, std::string message, std::string label = "",
            std::string help = "");
  [[nodiscard]] std::string written(const Node& node) const;
  [[nodiscard]] static std::string name_of(const Node& node);
  void visit(Node& node);
  StaticType type_of(Node& node);
  void want_boolean(const Node& node);
  StaticType selected(const Node& node);
  StaticType indexed(const Node& node);
  StaticType op_list(const Node& node);
  StaticType called(Node& node);
  StaticType negated(const Node& node);
  StaticType calculated(Node& node);
  StaticType refuse(const Node& node);
  StaticType half_known(const Node& node, const Node& known);
  void literal_to_time(Node& literal, const Node& other);
  void compared(Node& node);
  static bool has_order(StaticType type);
  [[nodiscard]] std::string describe(const Node& node) const;
  [[nodiscard]] std::string hint(const Node& left, const Node& right) const;
  void contained(Node& node);
  StaticType chosen(const Node& node);

  // ---- windows
  StaticType measured(const Node& node);
  bool baseline(const Node& node);
  void past_of(const Node& measure, const Node& at);
  void lists(Node& node);
  void list_item(const Node& item);
  void rates(const Node& left, const Node& right);

  Expression& expression_;
  bool windows_;
  std::optional<Fault> fault_;
};

}  // namespace weir
