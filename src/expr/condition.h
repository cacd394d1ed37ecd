// SPDX-License-Identifier: Apache-2.0
// A compiled window condition. What the measures came to takes the place of their calls, and the tree is evaluated as it
// is for a record: no data is null, so that `&&` and `||` still decide where they can.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "expr/ast.h"
#include "expr/evaluate.h"
#include "expr/value.h"
#include "expr/window_calls.h"
#include "weir/measure.h"

namespace weir {

/// A call as a condition remembers it.
struct KnownCall {
  std::string written;
  StaticType type = StaticType::Any;
  bool is_set = false;     // a list without order
  bool is_direct = false;  // stands in the condition itself and not only within another measure
  bool is_shown = true;    // a fingerprint means nothing to a person
};

class ExpressionCondition final : public Condition {
 public:
  ExpressionCondition(Expression expression, const WindowCalls& calls);
  [[nodiscard]] Judgement judge(std::span<const Measured> values) const override;
  [[nodiscard]] std::string expected() const override { return expected_; }

 private:
  friend class ConditionJudge;
  Expression expression_;
  std::vector<KnownCall> calls_;
  std::string expected_;
};

/// What a measure came to, as the language computes with it. Texts lie in `measured`, lists in `scratch`.
[[nodiscard]] Value value_of_measure(const Measured& measured, const KnownCall& call, Scratch& scratch);
/// The other way: a computed value for a report.
[[nodiscard]] Measured measured_of_value(const Value& value);
/// The value at a point of a sketch's interval, of the kind that `measured` is.
[[nodiscard]] Value value_at(double point, const Measured& measured);

}  // namespace weir
