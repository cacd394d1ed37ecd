// SPDX-License-Identifier: Apache-2.0
// Judging a window. Beside the answer: what was observed, and why there is none.
#include "expr/condition.h"

#include <algorithm>

#include "base/assert.h"
#include "expr/intervals.h"
#include "expr/types.h"

namespace weir {

namespace {

bool is_comparison(Op op) {
  return op >= Op::Equal && op <= Op::In;
}
bool is_macro(Op op) {
  return op >= Op::All && op <= Op::Transform;
}
bool is_plain(const Value& value) {
  return !value.is_null() && !value.is_error();
}

const Node* first_measure(const Node& node) {
  if (node.op == Op::Measure) return &node;
  for (const Node& child : node.children) {
    if (const Node* found = first_measure(child)) return found;
  }
  return nullptr;
}

// Nothing is measured here: constants, and baselines that stand for a bound.
bool is_bound(const Node& node) {
  if (node.op == Op::Measure) return node.lowered && node.measure->name == "past";
  return std::all_of(node.children.begin(), node.children.end(), is_bound);
}

// The side of a comparison that is judged: the left one, unless only the right one is measured.
std::size_t judged_side(const Node& comparison) {
  return is_bound(comparison.children[0]) && !is_bound(comparison.children[1]) ? 1 : 0;
}

void mark_direct(const Node& node, std::vector<KnownCall>& calls) {
  if (node.op == Op::Measure) {
    calls[node.slot].is_direct = true;
    calls[node.slot].is_set = is_set(node);
    return;
  }
  for (const Node& child : node.children) mark_direct(child, calls);
}

std::string expected_of(const Expression& expression) {
  const Node& root = expression.root;
  const auto text = [&expression](const Node& node) {
    return normalised(std::string_view(expression.text).substr(node.begin, node.end - node.begin));
  };
  const std::size_t judged = is_comparison(root.op) ? judged_side(root) : 0;
  if (!is_comparison(root.op) || (root.op == Op::In && judged == 1)) return text(root);
  constexpr std::string_view kAsWritten[] = {"==", "!=", "<", "<=", ">", ">=", "in"};
  constexpr std::string_view kTurned[] = {"==", "!=", ">", ">=", "<", "<="};
  const auto at = static_cast<std::size_t>(root.op) - static_cast<std::size_t>(Op::Equal);
  return std::string(judged == 0 ? kAsWritten[at] : kTurned[at]) + " " + text(root.children[1 - judged]);
}

}  // namespace

/// One judgement: the values, the memory of its evaluations, and the questions asked of the tree.
class ConditionJudge {
 public:
  ConditionJudge(const ExpressionCondition& condition, std::span<const Measured> measured)
      : condition_(condition), calls_(condition.calls_), measured_(measured) {
    for (std::size_t i = 0; i < calls_.size(); ++i)
      values_.push_back(value_of_measure(measured_[i], calls_[i], lists_));
    given_ = values_;
  }

  Judgement run() {
    const Node& root = condition_.expression_.root;
    Judgement out;
    const Value answer = result(root);
    if (answer.is_null()) {
      Why why = why_unknown(root);
      out.verdict = why.verdict;
      out.cause = std::move(why.text);
    } else if (answer.type != ValueType::Boolean) {
      out.verdict = Verdict::Error;
      out.cause = why_error(root);
    } else {
      out.verdict = answer.is_true() ? Verdict::Pass : Verdict::Fail;
      if (may_differ(answer)) {
        out.verdict = Verdict::Inconclusive;
        out.cause = inexact_measures();
      } else {
        out.cause = several_measures();
      }
    }
    if (const Node* node = judged(root)) {
      out.observed = observed(*node);
      // A share that was computed (count(x > 5) / row_count <= 5%) is shown as what it is compared with.
      const bool as_rate = beside_ != nullptr && beside_->type == StaticType::Rate && is_numeric(node->type);
      out.observed_is_rate = node->type == StaticType::Rate || as_rate;
    }
    return out;
  }

 private:
  struct Why {
    Verdict verdict = Verdict::NoData;
    std::string text;
  };

  // Valid until the next one. All evaluations of a judgement share a bound: beyond it nothing has an answer.
  Value result(const Node& node) {
    constexpr std::uint64_t kMostWork = 4 * Frame::kMaxWork;
    if (work_ > kMostWork) return Value::error("the condition needs too much work");
    scratch_.clear();
    const NoFields none;
    Frame frame{.fields = none, .scratch = scratch_, .measures = &given_};
    const Value value = evaluate(node, frame);
    work_ += std::min(frame.work, Frame::kMaxWork) + 1;
    return value;
  }

  // ---- causes

  [[nodiscard]] std::string text_of(const Node& node) const {
    return normalised(std::string_view(condition_.expression_.text).substr(node.begin, node.end - node.begin));
  }
  [[nodiscard]] std::string named(const Node& measure, const std::string& why) const {
    const std::string& name = calls_[measure.slot].written;
    if (why.empty()) return name + " has no value";
    return calls_.size() == 1 ? why : name + ": " + why;
  }
  // Parts that have a value of their own: the body of a macro has none outside of it.
  static std::size_t parts_of(const Node& node) { return is_macro(node.op) ? 1 : node.children.size(); }

  Why why_unknown(const Node& node) {
    if (node.op == Op::Measure) {
      const Measured& measured = measured_[node.slot];
      if (measured.is_value()) return {Verdict::Inconclusive, interval_of(node.slot)};
      return {Verdict::NoData, named(node, measured.text)};
    }
    if (node.op == Op::Conditional) {
      const Value condition = result(node.children[0]);
      return why_unknown(node.children[!is_plain(condition) ? 0 : condition.is_true() ? 1 : 2]);
    }
    for (std::size_t i = 0; i < parts_of(node); ++i) {
      const Node& child = node.children[i];
      if (child.op != Op::Literal && result(child).is_null()) return why_unknown(child);
    }
    if (const Node* part = find(node, [this](const Node& measure) { return is_incomplete(measure.slot); }))
      return {Verdict::Inconclusive, interval_of(part->slot)};
    if (const Node* missing = find(
            node, [this](const Node& measure) { return measured_[measure.slot].kind == Measured::Kind::NoData; })) {
      return {Verdict::NoData, named(*missing, measured_[missing->slot].text)};
    }
    const bool share = node.op == Op::Divide || node.op == Op::Remainder;
    return {Verdict::NoData, "`" + text_of(node) + "` is " + (share ? "0 / 0" : "not known")};
  }

  std::string why_error(const Node& node) {
    if (node.op == Op::Measure) {
      const Value& value = values_[node.slot];
      return named(node, value.is_error() ? std::string(value.text()) : "it is " + std::string(plain_name(value.type)));
    }
    for (std::size_t i = 0; i < parts_of(node); ++i) {
      const Node& child = node.children[i];
      if (child.op != Op::Literal && result(child).is_error()) return why_error(child);
    }
    const Value value = result(node);
    if (value.is_error()) return "`" + text_of(node) + "`: " + std::string(value.text());
    return "`" + text_of(node) + "` is " + std::string(plain_name(value.type)) + ", not true or false";
  }

  template <class Wanted>
  static const Node* find(const Node& node, Wanted wanted) {
    if (node.op == Op::Measure) return wanted(node) ? &node : nullptr;
    for (const Node& child : node.children) {
      if (const Node* found = find(child, wanted)) return found;
    }
    return nullptr;
  }

  // "row_count = 3, null_rate(email) = 4%"
  [[nodiscard]] std::string several_measures() const {
    constexpr std::size_t kMostShown = 12;
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (calls_[i].is_shown) parts.push_back(calls_[i].written + " = " + shown(i));
    }
    if (parts.size() < 2) return "";
    std::string out;
    for (std::size_t i = 0; i < parts.size() && i < kMostShown; ++i) out += (i == 0 ? "" : ", ") + parts[i];
    return parts.size() <= kMostShown ? out : out + ", …";
  }

  [[nodiscard]] std::string shown(std::size_t call) const {
    const Measured& value = measured_[call];
    const bool compared = value.kind == Measured::Kind::Number && !value.text.empty();
    return show(value, calls_[call].type == StaticType::Rate) + (compared ? " (" + value.text + ")" : "");
  }

  // ---- what a sketch leaves open

  [[nodiscard]] bool is_incomplete(std::size_t call) const {
    return measured_[call].kind == Measured::Kind::Values && !measured_[call].exact;
  }
  [[nodiscard]] bool is_interval(std::size_t call) const {
    const Measured::Kind kind = measured_[call].kind;
    const bool number = kind == Measured::Kind::Integer || kind == Measured::Kind::Number ||
                        kind == Measured::Kind::Duration || kind == Measured::Kind::Time;
    return calls_[call].is_direct && number && !measured_[call].exact && measured_[call].low < measured_[call].high;
  }

  // "median(x) = 4990, between 4900 and 5080 (KLL, k = 200: rank within 1.7 %)"
  [[nodiscard]] std::string interval_of(std::size_t call) const {
    const Measured& measured = measured_[call];
    std::string out = calls_[call].written + " = " + shown(call);
    if (measured.kind == Measured::Kind::Values) {
      out += ", not all values could be kept";
    } else {
      const bool rate = calls_[call].type == StaticType::Rate;
      const auto end = [&measured, rate](double point) {
        return show(measured_of_value(value_at(point, measured)), rate);
      };
      out += ", between " + end(measured.low) + " and " + end(measured.high);
    }
    return measured.error.empty() ? out : out + " (" + measured.error + ")";
  }
  [[nodiscard]] std::string inexact_measures() const {
    std::string out;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (is_interval(i)) out += (out.empty() ? "" : "; ") + interval_of(i);
    }
    return out;
  }

  // Bounds that the call is compared with.
  void collect_bounds(const Node& node, std::size_t call, std::vector<double>& into) {
    if (node.op == Op::Measure) return;
    for (const Node& child : node.children) collect_bounds(child, call, into);
    if (node.op < Op::Equal || node.op > Op::GreaterEqual) return;
    for (std::size_t i = 0; i < 2; ++i) {
      if (node.children[i].op != Op::Measure || node.children[i].slot != call) continue;
      const std::optional<double> bound = measured_of_value(result(node.children[1 - i])).as_number();
      if (bound) into.push_back(*bound);
    }
  }

  bool may_differ(const Value& answer) {
    const bool holds = answer.is_true();
    std::vector<IntervalPoints> intervals;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (!is_interval(i)) continue;
      std::vector<double> bounds;
      collect_bounds(condition_.expression_.root, i, bounds);
      intervals.push_back({.call = i, .points = points_within(measured_[i], std::move(bounds))});
    }
    const bool differs = any_combination(values_, std::move(intervals), [this, holds](std::span<const Value> values) {
      given_ = values;
      const Value other = result(condition_.expression_.root);
      return other.type != ValueType::Boolean || other.is_true() != holds;
    });
    given_ = values_;
    return differs;
  }

  // ---- what was observed

  // The part that decided: of an && the first that is false, of an || the first that is true; else what left it open.
  const Node* judged(const Node& node) {
    if (node.op == Op::And || node.op == Op::Or) {
      const bool decisive = node.op == Op::Or;
      for (const Node& child : node.children) {
        const Value value = result(child);
        if (value.type == ValueType::Boolean && value.is_true() == decisive) return judged(child);
      }
      for (const Node& child : node.children) {
        if (!is_plain(result(child))) return judged(child);
      }
      return judged(node.children[0]);
    }
    if (node.op == Op::Not) return judged(node.children[0]);
    if (is_comparison(node.op)) {
      beside_ = &node.children[1 - judged_side(node)];
      return &node.children[judged_side(node)];
    }
    if (node.op == Op::Conditional) {
      const Value condition = result(node.children[0]);
      const Node* chosen = judged(node.children[!is_plain(condition) ? 0 : condition.is_true() ? 1 : 2]);
      if (chosen != nullptr) return chosen;
    }
    return first_measure(node);
  }

  Measured observed(const Node& node) {
    if (node.op == Op::Measure) {
      const bool fingerprint = node.lowered && node.measure->name == "fingerprint";
      return measured_[fingerprint ? node.children[0].slot : node.slot];
    }
    const Value value = result(node);
    if (value.is_null()) return Measured::no_data(why_unknown(node).text);
    if (value.is_error()) return Measured::fault(why_error(node));
    return measured_of_value(value);
  }

  const ExpressionCondition& condition_;
  const std::vector<KnownCall>& calls_;
  std::span<const Measured> measured_;
  Scratch lists_;
  Scratch scratch_;
  std::uint64_t work_ = 0;
  const Node* beside_ = nullptr;  // what the judged side is compared with
  std::vector<Value> values_;
  std::span<const Value> given_;
};

ExpressionCondition::ExpressionCondition(Expression expression, const WindowCalls& calls)
    : expression_(std::move(expression)) {
  for (std::size_t i = 0; i < calls.calls.size(); ++i) {
    const MeasureCall& call = calls.calls[i];
    const bool of_fingerprint = call.written.find("fingerprint(") != std::string::npos;
    calls_.push_back({.written = call.written,
                      .type = calls.types[i],
                      .is_set = false,
                      .is_direct = false,
                      .is_shown = call.stream.empty() && !of_fingerprint});
  }
  mark_direct(expression_.root, calls_);
  expected_ = expected_of(expression_);
}

Judgement ExpressionCondition::judge(std::span<const Measured> values) const {
  WEIR_ASSERT(values.size() == calls_.size(), "a condition is judged by one value for each of its calls");
  return ConditionJudge(*this, values).run();
}

}  // namespace weir
