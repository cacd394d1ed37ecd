// SPDX-License-Identifier: Apache-2.0
// The functions of the language: one table that typing, evaluation, the reference and "did you mean" read.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "expr/ast.h"

namespace weir {

/// A set of StaticTypes.
using TypeSet = std::uint32_t;
constexpr TypeSet set_of(StaticType type) {
  return TypeSet{1} << static_cast<unsigned>(type);
}
template <class... Types>
constexpr TypeSet set_of(StaticType first, Types... rest) {
  return set_of(first) | set_of(rest...);
}
inline constexpr TypeSet kAnything = ~TypeSet{0};

struct FunctionSpec {
  std::string_view name;
  std::string_view signature;  // "text.startsWith(text)", for messages
  bool method = false;         // x.name(…)
  bool global = false;         // name(x, …)
  std::uint8_t least = 1;      // arguments, the receiver among them
  std::uint8_t most = 1;
  std::array<TypeSet, 4> accepts{};  // argument by argument; the last one stands for all further ones
  StaticType result = StaticType::Any;
  bool of_pairs = false;   // looks at every pair of elements of its two lists
  bool sees_null = false;  // called with nulls too; the others give null for a null
  /// Arguments are of accepted types and, as a rule, not null. Gives a value or an Error.
  Value (*run)(std::span<const Value> arguments, Scratch& scratch) = nullptr;
};

[[nodiscard]] std::span<const FunctionSpec> text_functions();
[[nodiscard]] std::span<const FunctionSpec> number_functions();
[[nodiscard]] std::span<const FunctionSpec> time_functions();
[[nodiscard]] std::span<const FunctionSpec> conversion_functions();

/// The function of that name that can be written that way, or null.
[[nodiscard]] const FunctionSpec* find_function(std::string_view name, bool method);
/// Every name, for suggestions.
[[nodiscard]] std::vector<std::string_view> function_names();

/// Whether a value may be the argument `at` of the function.
[[nodiscard]] bool accepts(const FunctionSpec& function, std::size_t at, StaticType type);
[[nodiscard]] StaticType static_type(ValueType type);

}  // namespace weir
