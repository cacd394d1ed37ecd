// SPDX-License-Identifier: Apache-2.0
// The walk that gives every name its meaning: names of a record in names.cpp, of a window in window_names.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/ast.h"
#include "expr/typing.h"

namespace weir {

[[nodiscard]] inline bool is_chain(const Node& node) {
  return node.op == Op::Select || node.op == Op::Every;
}

class Names {
 public:
  Names(Expression& expression, const TypingScope& surroundings)
      : expression_(expression), surroundings_(surroundings) {}

  std::optional<Fault> run();

 private:
  void fail(const Node& node, std::string_view code, std::string message, std::string label = "",
            std::string help = "");
  // At the name of a call and not at the whole of it.
  void fail_name(const Node& node, std::string_view code, std::string message, std::string label = "",
                 std::string help = "");

  // ---- one record
  void in_record(Node& node);
  void children(Node& node);
  void macro(Node& node);
  bool variable(Node& node) const;
  void path(Node& node);
  [[nodiscard]] bool is_variable(const std::string& name) const;
  static const Node* find_every(const Node& node);
  [[nodiscard]] std::string path_text(const Node& node) const;
  bool field(Node& node);
  bool type_name(Node& node) const;
  void type_name_beside(Node& node, const Node& other) const;
  void unknown(Node& node);
  void function(Node& node);
  static Node make_error(const Node& of);
  void no_such_function(const Node& node, const std::vector<std::string_view>& names);
  void compile_pattern(Node& node);

  // ---- windows
  void in_window(Node& node);
  void window_macro(Node& node);
  [[nodiscard]] const MeasureSpec* find_measure(std::string_view name) const;
  void window_name(Node& node);
  [[nodiscard]] std::string written(const Node& node) const;
  [[nodiscard]] std::vector<std::string_view> measure_names() const;
  void window_call(Node& node);
  void wrong_arguments(const Node& node);
  void measure_arguments(Node& node);
  void measure_argument(const Node& measure, Node& child, std::string_view wanted);
  void window_baseline(Node& node);

  Expression& expression_;
  const TypingScope& surroundings_;
  std::vector<std::string> variables_;
  std::vector<std::string> hidden_;  // variables around a measure, which its arguments cannot name
  std::optional<Fault> fault_;
};

}  // namespace weir
