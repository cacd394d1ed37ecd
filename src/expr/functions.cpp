// SPDX-License-Identifier: Apache-2.0
// Looking functions up, and those over numbers.
#include "expr/functions.h"

#include <algorithm>
#include <limits>

#include "expr/arithmetic.h"

namespace weir {

namespace {

constexpr TypeSet kNumeric = set_of(StaticType::Integer, StaticType::Unsigned, StaticType::Number, StaticType::Rate);
constexpr TypeSet kOrdered = kNumeric | set_of(StaticType::Text, StaticType::Timestamp, StaticType::Duration);

Value absolute(std::span<const Value> arguments, Scratch&) {
  const Value& value = arguments[0];
  const Value zero = value.type == ValueType::Duration ? Value::duration(Duration(0)) : Value::of(std::int64_t{0});
  return compare(value, zero) == Comparison::Less ? negate(value) : value;
}

Value extreme(std::span<const Value> arguments, Comparison wanted) {
  Value best = arguments[0];
  for (const Value& value : arguments.subspan(1)) {
    const Comparison comparison = compare(value, best);
    if (comparison == Comparison::Incomparable) return Value::type_error("values of different types have no order");
    if (comparison == wanted || comparison == Comparison::Unordered) best = value;
  }
  return best;
}

Value smallest(std::span<const Value> arguments, Scratch&) {
  return extreme(arguments, Comparison::Less);
}
Value largest(std::span<const Value> arguments, Scratch&) {
  return extreme(arguments, Comparison::Greater);
}

constexpr std::uint8_t kManyArguments = 8;
constexpr FunctionSpec kNumbers[] = {
    {.name = "abs",
     .signature = "abs(number)",
     .global = true,
     .least = 1,
     .most = 1,
     .accepts = {kNumeric | set_of(StaticType::Duration)},
     .result = StaticType::Any,
     .run = absolute},
    {.name = "min",
     .signature = "min(value, value, ...)",
     .global = true,
     .least = 2,
     .most = kManyArguments,
     .accepts = {kOrdered, kOrdered, kOrdered, kOrdered},
     .result = StaticType::Any,
     .run = smallest},
    {.name = "max",
     .signature = "max(value, value, ...)",
     .global = true,
     .least = 2,
     .most = kManyArguments,
     .accepts = {kOrdered, kOrdered, kOrdered, kOrdered},
     .result = StaticType::Any,
     .run = largest},
};

}  // namespace

std::span<const FunctionSpec> number_functions() {
  return kNumbers;
}

const FunctionSpec* find_function(std::string_view name, bool method) {
  for (const auto functions : {text_functions(), number_functions(), time_functions(), conversion_functions()}) {
    for (const FunctionSpec& function : functions) {
      if (function.name == name && (method ? function.method : function.global)) return &function;
    }
  }
  return nullptr;
}

std::vector<std::string_view> function_names() {
  std::vector<std::string_view> names = {"has", "all", "exists", "exists_one", "map", "filter"};
  for (const auto functions : {text_functions(), number_functions(), time_functions(), conversion_functions()}) {
    for (const FunctionSpec& function : functions) names.push_back(function.name);
  }
  return names;
}

bool accepts(const FunctionSpec& function, std::size_t at, StaticType type) {
  if (type == StaticType::Any || type == StaticType::Null) return true;
  return (function.accepts[std::min<std::size_t>(at, function.accepts.size() - 1)] & set_of(type)) != 0;
}

StaticType static_type(ValueType type) {
  switch (type) {
    case ValueType::Null: return StaticType::Null;
    case ValueType::Boolean: return StaticType::Boolean;
    case ValueType::Integer: return StaticType::Integer;
    case ValueType::Unsigned: return StaticType::Unsigned;
    case ValueType::Double:
    case ValueType::Decimal:
    case ValueType::Number: return StaticType::Number;
    case ValueType::Text: return StaticType::Text;
    case ValueType::Bytes: return StaticType::Bytes;
    case ValueType::List: return StaticType::List;
    case ValueType::Map: return StaticType::Map;
    case ValueType::Timestamp: return StaticType::Timestamp;
    case ValueType::Duration: return StaticType::Duration;
    case ValueType::Type: return StaticType::Type;
    case ValueType::Error: return StaticType::Any;
  }
  return StaticType::Any;
}

std::string_view plain_name(StaticType type) {
  switch (type) {
    case StaticType::Any: return "a value";
    case StaticType::Null: return "null";
    case StaticType::Boolean: return "a boolean";
    case StaticType::Integer:
    case StaticType::Unsigned: return "an integer";
    case StaticType::Number: return "a number";
    case StaticType::Text: return "a text";
    case StaticType::Bytes: return "bytes";
    case StaticType::List: return "a list";
    case StaticType::Map: return "an object";
    case StaticType::Timestamp: return "a timestamp";
    case StaticType::Duration: return "a duration";
    case StaticType::Type: return "a type";
    case StaticType::Rate: return "a rate";
    case StaticType::Baseline: return "a baseline";
  }
  return "";
}

}  // namespace weir
