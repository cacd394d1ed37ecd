// SPDX-License-Identifier: Apache-2.0
// An expression with values for its names, evaluated once: the way in for conformance tests, fuzzing and documentation.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "expr/ast.h"
#include "expr/value.h"

namespace weir {

struct Binding {
  std::string name;  // may have dots: the longest name wins
  Value value;
};

/// A value and the memory it lies in.
struct Evaluated {
  Value value;
  Expression expression;
  std::unique_ptr<Scratch> scratch;
};

/// `checked` is how rules are loaded; without it unknown names and wrong types are errors of evaluation only.
std::variant<Evaluated, Fault> evaluate_text(std::string_view text, std::span<const Binding> bindings,
                                             bool checked = true);

}  // namespace weir
