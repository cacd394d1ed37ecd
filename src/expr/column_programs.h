// SPDX-License-Identifier: Apache-2.0
// The loops over columns, by their shape.
#pragma once

#include <memory>

#include "expr/program.h"

namespace weir {

/// field op literal; the literal is not null.
[[nodiscard]] std::unique_ptr<const Program> make_literal_program(Op op, const Node& field, const Value& literal);
/// field op field
[[nodiscard]] std::unique_ptr<const Program> make_field_program(Op op, const Node& left, const Node& right);
/// field in [literals]
[[nodiscard]] std::unique_ptr<const Program> make_membership_program(const Node& field, const Value& list);
/// field.startsWith("…"), .endsWith, .contains, .matches; null for other functions.
[[nodiscard]] std::unique_ptr<const Program> make_text_program(const Node& call);

}  // namespace weir
