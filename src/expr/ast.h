// SPDX-License-Identifier: Apache-2.0
// An expression as a tree: what the parser builds, typing completes, and evaluation walks. Every node knows which bytes
// of the text it came from, so that errors and explanations can point at them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern.h"
#include "expr/value.h"
#include "weir/result.h"
#include "weir/spec.h"

namespace weir {

struct FunctionSpec;
struct MeasureSpec;

/// What is known of a value before there is a record.
enum class StaticType : std::uint8_t {
  Any,  // a field that nobody declared, an element of a list
  Null,
  Boolean,
  Integer,
  Unsigned,
  Number,  // any number: with or without a fraction
  Text,
  Bytes,
  List,
  Map,
  Timestamp,
  Duration,
  Type,
  Rate,      // windows: a share of records; a percent literal
  Baseline,  // windows: `last`, `avg(last(7))`
};

/// "a text", "an integer"
[[nodiscard]] std::string_view plain_name(StaticType type);
[[nodiscard]] constexpr bool is_numeric(StaticType type) {
  return type == StaticType::Integer || type == StaticType::Unsigned || type == StaticType::Number ||
         type == StaticType::Rate;
}

enum class Op : std::uint8_t {
  Literal,  // literal
  Name,     // name, until typing makes it a Field, Local, Literal or Measure
  Field,    // slot: which of the expression's fields
  Local,    // slot: which variable of the macros around it
  Select,   // child 0 . name
  Index,    // child 0 [ child 1 ]
  Every,    // child 0 [] : only inside the field of a measure
  Has,      // has(child 0), a Field or a Select
  Call,     // function(children), the receiver first; name
  List,     // [children]
  Map,      // {children}: key, value, key, value…
  Not,
  Negate,
  Add,
  Subtract,
  Multiply,
  Divide,
  Remainder,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  And,
  Or,           // any number of children
  Conditional,  // child 0 ? child 1 : child 2
  All,
  Exists,
  ExistsOne,
  Filter,     // child 0 .all(name, child 1)
  Transform,  // child 0 .map(name, child 1) or .map(name, child 1 as filter, child 2)
  Measure,    // windows: measure(children)
  Baseline,   // windows: name(children)
};

struct Node {
  Op op = Op::Literal;
  StaticType type = StaticType::Any;
  bool method = false;                  // Call: written as receiver.name(…)
  bool percent = false;                 // Literal: written with `%`
  bool as_sets = false;                 // Equal, NotEqual of lists: order and repetition do not matter
  bool lowered = false;                 // Measure: made of a baseline, not written
  FieldType declared = FieldType::Any;  // Field
  std::uint32_t begin = 0;              // bytes [begin, end) of the text
  std::uint32_t end = 0;
  std::uint32_t name_at = 0;  // Call: where its name stands
  std::uint32_t slot = 0;     // also Measure: which of the condition's calls
  std::string name;
  Value literal;  // its text lies in Expression::constants
  const FunctionSpec* function = nullptr;
  const MeasureSpec* measure = nullptr;
  std::shared_ptr<const Pattern> pattern;  // matches() with its pattern compiled
  std::vector<Node> children;
};

/// A field that the expression reads.
struct FieldUse {
  std::string path;          // as FieldPath writes it
  std::uint32_t column = 0;  // of the plan, or of the bindings in a test
};

/// A whole expression. Movable: literals point into `constants`, which keeps its place.
struct Expression {
  std::string text;
  Node root;
  std::vector<FieldUse> fields;  // index = Node::slot of a Field
  std::unique_ptr<Scratch> constants = std::make_unique<Scratch>();
};

/// A fault in the text of an expression, in bytes from its beginning.
struct Fault {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string_view code;
  std::string message;
  std::string label;
  std::string help;
};

inline constexpr std::string_view kSyntaxCode = "W140";
inline constexpr std::string_view kUnknownNameCode = "W141";
inline constexpr std::string_view kTypeCode = "W142";
inline constexpr std::string_view kBareRateCode = "W143";
inline constexpr std::string_view kTooLargeCode = "W144";

inline constexpr std::size_t kMaxExpressionBytes = 4096;
inline constexpr std::size_t kMaxDepth = 64;

}  // namespace weir
