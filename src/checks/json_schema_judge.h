// SPDX-License-Identifier: Apache-2.0
// Judges values by a compiled schema. One judge is used by one thread for many values.
//
// Without a fault to fill it stops at the first keyword that does not hold and makes no text; with one it stops there too and
// says what it was. What it may cost is bounded: steps by the size of the value (a schema of nested `anyOf` over a recursion is
// exponential otherwise), frames by a depth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/json_schema.h"
#include "checks/json_tape.h"

namespace weir {

/// The first keyword that does not hold.
struct SchemaFault {
  std::string keyword;     // "required"
  std::uint32_t node = 0;  // of the tape: what it does not hold for
  std::string message;     // "0 is below the minimum 1"
  bool found = false;
};

class SchemaJudge {
 public:
  enum class Answer : std::uint8_t { Valid, Invalid, TooMuchWork };
  static constexpr std::uint64_t kLeastSteps = 100'000;
  static constexpr std::uint64_t kStepsPerNode = 200;
  static constexpr std::uint32_t kMaxDepth = 1'000;

  explicit SchemaJudge(const JsonSchema& schema) : schema_(schema) {}

  /// Judges the value that the tape holds.
  Answer judge(const JsonTape& tape, SchemaFault* fault = nullptr);

 private:
  /// Which parts of a value were looked at by some schema: what `unevaluated…` asks for.
  struct Marks {
    std::vector<bool> parts;  // by position
    bool all = false;
    void add(const Marks& other);
    void mark(std::uint32_t part, std::uint32_t count);
  };
  class Quiet;

  bool holds(std::uint32_t schema, std::uint32_t node, Marks* marks);
  bool holds_within(const SchemaNode& schema, std::uint32_t node, Marks* marks);
  bool type_holds(const SchemaNode& schema, const JsonNode& value) const;
  bool is_constant(const SchemaNode& schema, std::uint32_t node) const;
  bool numbers_hold(const NumberRules& rules, std::uint32_t node);
  bool texts_hold(const TextRules& rules, std::uint32_t node);
  bool array_holds(const ArrayRules& rules, std::uint32_t node, Marks* marks);
  bool contains_holds(const ArrayRules& rules, std::uint32_t node, Marks* marks);
  bool is_unique(std::uint32_t node);
  bool object_holds(const ObjectRules& rules, std::uint32_t node, Marks* marks);
  bool member_holds(const ObjectRules& rules, const ObjectRules::Name* name, std::uint32_t key, bool& looked_at);
  bool dependents_hold(const ObjectRules& rules, std::uint32_t node, Marks* marks);
  bool combined_hold(const SchemaNode& schema, std::uint32_t node, Marks* marks);
  bool any_of_holds(const SchemaNode& schema, std::uint32_t node, Marks* marks);
  bool one_of_holds(const SchemaNode& schema, std::uint32_t node, Marks* marks);
  bool condition_holds(const SchemaNode& schema, std::uint32_t node, Marks* marks);
  bool unevaluated_hold(const SchemaNode& schema, std::uint32_t node, Marks& marks);
  bool holds_aside(std::uint32_t schema, std::uint32_t node, Marks* marks);
  [[nodiscard]] std::uint32_t dynamic_target(const SchemaNode& schema) const;
  bool has_member(std::uint32_t node, std::string_view name);
  bool spend(std::uint64_t steps);
  [[nodiscard]] std::string nearest(const std::vector<std::uint32_t>& schemas, std::uint32_t node);

  /// Notes the fault where one is wanted; `message` makes the text only then. Always false.
  template <class Message>
  bool fail(std::string_view keyword, std::uint32_t node, Message message) {
    if (fault_ == nullptr || fault_->found || exhausted_) return false;
    fault_->found = true;
    fault_->keyword = keyword;
    fault_->node = node;
    fault_->message = message();
    return false;
  }

  const JsonSchema& schema_;
  const JsonTape* tape_ = nullptr;
  SchemaFault* fault_ = nullptr;
  std::vector<std::uint32_t> scope_;  // resources entered, the outermost first
  std::uint64_t steps_left_ = 0;
  std::uint32_t depth_ = 0;
  bool exhausted_ = false;
};

/// The value within a sentence: `text`, 5, "an array".
[[nodiscard]] std::string shown(const JsonNode& value);

}  // namespace weir
