// SPDX-License-Identifier: Apache-2.0
// From the tree of a window condition to the measures that somebody has to compute for it. Equal calls are one call, so
// that `x > 5 && x < 9` measures x once; of another stream the same text is another call.
#include "expr/window_calls.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "expr/functions.h"

namespace weir {

namespace {

bool is_comparison(Op op) {
  return op >= Op::Equal && op <= Op::GreaterEqual;
}

// ---- baselines

Node make_call(const MeasureSpec& spec, std::vector<Node> children, const Node& place, StaticType type) {
  Node node;
  node.op = Op::Measure;
  node.measure = &spec;
  node.name = std::string(spec.name);
  node.type = type;
  node.begin = place.begin;
  node.end = place.end;
  node.children = std::move(children);
  return node;
}

class Lowering {
 public:
  explicit Lowering(std::span<const MeasureSpec> measures) : measures_(measures) {}

  bool run(Node& node) {
    if (is_comparison(node.op) && node.children[1].op == Op::Baseline) return lower(node.children[0], node.children[1]);
    if (is_comparison(node.op) && node.children[0].op == Op::Baseline) return lower(node.children[1], node.children[0]);
    if (node.op == Op::Measure) return true;
    return std::all_of(node.children.begin(), node.children.end(), [this](Node& child) { return run(child); });
  }

 private:
  [[nodiscard]] const MeasureSpec* find(std::string_view name) const {
    for (const MeasureSpec& measure : measures_) {
      if (measure.name == name) return &measure;
    }
    return nullptr;
  }

  // The baseline keeps its place in the text.
  bool lower(Node& measure, Node& baseline) {
    const MeasureSpec* past = find("past");
    const MeasureSpec* fingerprint = find("fingerprint");
    if (past == nullptr || fingerprint == nullptr) return false;
    if (measure.type == StaticType::List || measure.type == StaticType::Text) {
      const Node place = measure;
      std::vector<Node> inner;
      inner.push_back(std::move(measure));
      measure = make_call(*fingerprint, std::move(inner), place, StaticType::Number);
      measure.lowered = true;
    }
    const Node place = baseline;
    std::vector<Node> arguments;
    arguments.push_back(measure);
    arguments.push_back(std::move(baseline));
    baseline = make_call(*past, std::move(arguments), place, measure.type);
    baseline.lowered = true;
    return true;
  }

  std::span<const MeasureSpec> measures_;
};

const Node* stray_baseline(const Node& node) {
  if (node.op == Op::Baseline) return &node;
  if (node.op == Op::Measure) return nullptr;
  for (const Node& child : node.children) {
    if (const Node* found = stray_baseline(child)) return found;
  }
  return nullptr;
}

// ---- calls

Lookback baseline_of(const Node& node) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  using Kind = Lookback::Kind;
  if (node.name == "last") return {.kind = Kind::Last};
  if (node.name == "avg") {
    const std::int64_t windows = node.children[0].children[0].literal.integer;
    return {.kind = Kind::Average, .windows = static_cast<std::uint32_t>(std::min(windows, kMost))};
  }
  const std::string_view period = node.children[0].literal.text();
  return {.kind = period == "hour" ? Kind::SameHour : period == "day" ? Kind::SameDay : Kind::SameWeek};
}

class Calls {
 public:
  Calls(const Expression& expression, const ExpressionContext& context) : expression_(expression), context_(context) {}

  // False: error() says why.
  bool visit(Node& node) {
    if (node.op == Op::Measure) return add(node, "") >= 0;
    return std::all_of(node.children.begin(), node.children.end(), [this](Node& child) { return visit(child); });
  }

  [[nodiscard]] const Error& error() const { return error_; }
  WindowCalls take() { return std::move(out_); }

 private:
  // The index of the call, or -1.
  std::int32_t add(Node& node, const std::string& stream) {
    MeasureCall call;
    call.spec = node.measure;
    call.written = written_call(node, expression_.text);
    call.stream = stream;
    std::vector<CellType> cell_types;
    for (Node& child : node.children) {
      if (!argument(node, child, call, cell_types)) return -1;
    }
    const auto [known, added] =
        known_.try_emplace({stream, call.written}, static_cast<std::int32_t>(out_.calls.size()));
    node.slot = static_cast<std::uint32_t>(known->second);
    if (added) {
      out_.calls.push_back(std::move(call));
      out_.cell_types.push_back(std::move(cell_types));
      out_.types.push_back(node.type);
    }
    return known->second;
  }

  bool argument(const Node& node, Node& child, MeasureCall& call, std::vector<CellType>& cell_types) {
    if (node.measure->signature == "expression") return predicate(child, call, cell_types);
    if (child.op == Op::Field) {
      call.columns.push_back(expression_.fields[child.slot].column);
      call.declared.push_back(child.declared);
      cell_types.push_back(node.measure->of_numbers ? CellType::Number : CellType::Text);
    } else if (child.op == Op::Literal && child.literal.type == ValueType::Text) {
      call.text = std::string(child.literal.text());
    } else if (child.op == Op::Literal) {
      call.numbers.push_back(to_double(child.literal));
    } else if (child.op == Op::Baseline) {
      call.baseline = baseline_of(child);
    } else {
      const bool elsewhere = node.measure->name == "other";
      if (elsewhere && !call.stream.empty()) return fail(node, "one topic is compared with one other", "");
      call.inner = add(child, elsewhere ? call.text : call.stream);
      return call.inner >= 0;
    }
    return true;
  }

  // Compiled by itself, as a record's expression is.
  bool predicate(const Node& child, MeasureCall& call, std::vector<CellType>& cell_types) {
    const std::string_view text = std::string_view(expression_.text).substr(child.begin, child.end - child.begin);
    ExpressionContext context = context_;
    context.where =
        located(Fault{.begin = child.begin, .end = child.end, .code = {}, .message = {}, .label = {}, .help = {}},
                expression_.text, context_.where)
            .where;
    Result<CompiledPredicate> compiled = compile_predicate(text, context);
    if (!compiled) {
      error_ = compiled.error();
      return false;
    }
    call.columns = std::move(compiled->columns);
    call.predicate = std::move(compiled->predicate);
    cell_types = std::move(compiled->cell_types);
    return true;
  }

  bool fail(const Node& node, std::string message, std::string help) {
    error_ = located(Fault{.begin = node.begin,
                           .end = node.end,
                           .code = kTypeCode,
                           .message = std::move(message),
                           .label = {},
                           .help = std::move(help)},
                     expression_.text, context_.where);
    return false;
  }

  const Expression& expression_;
  const ExpressionContext& context_;
  WindowCalls out_;
  std::map<std::pair<std::string, std::string>, std::int32_t> known_;
  Error error_;
};

// ---- cells

// min(amount) < 5: then the cells of a CSV file are numbers. A value is followed from the comparison back to its measure,
// through positions, macros and the functions that give what they are given.
class CellTypes {
 public:
  explicit CellTypes(WindowCalls& calls) : calls_(calls) {}

  void visit(const Node& node) {
    if (node.op == Op::Measure && node.measure->signature == "expression") return;  // its own compilation sees to it
    const bool two_sided = node.children.size() == 2 && node.op >= Op::Add && node.op <= Op::In;
    const bool call = node.op == Op::Call && node.children.size() > 1;
    if (two_sided || call) {
      for (const Node& side : node.children) {
        const bool beside_number = std::any_of(node.children.begin(), node.children.end(), [&side](const Node& other) {
          return &other != &side && is_of_numbers(other);
        });
        if (beside_number) take_as_number(side);
      }
    }
    const bool macro = node.op >= Op::All && node.op <= Op::Transform;
    if (macro) ranges_[node.slot] = &node.children[0];
    if (node.op == Op::Measure && node.measure->source == MeasureSource::Measure && node.measure->name != "other" &&
        node.measure->name != "fingerprint") {
      take_as_number(node.children[0]);  // only numbers are remembered
    }
    for (const Node& child : node.children) visit(child);
  }

 private:
  static bool is_of_numbers(const Node& node) {
    if (node.op != Op::List) return is_numeric(node.type);
    return !node.children.empty() && std::all_of(node.children.begin(), node.children.end(),
                                                 [](const Node& item) { return is_numeric(item.type); });
  }

  void take_as_number(const Node& node) {
    switch (node.op) {
      case Op::Measure: return take_measure(node);
      case Op::Local:
        if (ranges_[node.slot] != nullptr) take_as_number(*ranges_[node.slot]);
        return;
      case Op::Index:
      case Op::Filter: return take_as_number(node.children[0]);
      case Op::Call:
        if (node.function->result != StaticType::Any || node.function->sees_null) return;  // not abs, min or max
        [[fallthrough]];
      case Op::Conditional:
        for (const Node& child : node.children) take_as_number(child);
        return;
      default: return;
    }
  }

  void take_measure(const Node& node) {
    const MeasureResult result = node.measure->result;
    if (node.measure->source == MeasureSource::Measure) {
      for (const Node& child : node.children) take_as_number(child);
    } else if (result == MeasureResult::Any || (result == MeasureResult::Values && !node.children.empty())) {
      for (CellType& type : calls_.cell_types[node.slot]) type = CellType::Number;
    }
  }

  WindowCalls& calls_;
  std::array<const Node*, kMaxDepth> ranges_{};
};

}  // namespace

std::optional<Fault> lower_baselines(Expression& expression, std::span<const MeasureSpec> measures) {
  if (!Lowering(measures).run(expression.root)) {
    return Fault{.begin = expression.root.begin,
                 .end = expression.root.end,
                 .code = kTypeCode,
                 .message = "there is no measure `past` to compare with",
                 .label = {},
                 .help = {}};
  }
  if (const Node* stray = stray_baseline(expression.root)) {
    return Fault{.begin = stray->begin,
                 .end = stray->end,
                 .code = kTypeCode,
                 .message = "a baseline is compared with a measure",
                 .label = {},
                 .help = "for example row_count >= last; to compute with it write past(row_count, last)"};
  }
  return std::nullopt;
}

Result<WindowCalls> collect_calls(Expression& expression, const ExpressionContext& context) {
  Calls calls(expression, context);
  if (!calls.visit(expression.root)) return calls.error();
  WindowCalls out = calls.take();
  CellTypes(out).visit(expression.root);
  return out;
}

}  // namespace weir
