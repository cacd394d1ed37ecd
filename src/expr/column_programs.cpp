// SPDX-License-Identifier: Apache-2.0
// Which loop fits a node, and the small ones: presence, a boolean field, two fields.
#include "expr/column_programs.h"

#include <cstring>

#include "base/timestamp.h"
#include "expr/rows.h"

namespace weir {

namespace {

// x == null, x != null, has(x): never unknown.
class PresenceProgram final : public Program {
 public:
  PresenceProgram(const Node& field, Kind first, bool wanted) : field_(field), first_(first), wanted_(wanted) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Kind* const kinds = subject.column(field_.slot).kinds.data();
    const Kind first = first_;
    const bool wanted = wanted_;
    ask_rows(open, out, [=](std::size_t row) { return yes_if((kinds[row] >= first) == wanted); });
  }

 private:
  const Node& field_;
  Kind first_;  // the first kind that counts as there
  bool wanted_;
};

// A field that is a condition by itself.
class FlagProgram final : public Program {
 public:
  explicit FlagProgram(const Node& field) : field_(field) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& column = subject.column(field_.slot);
    ask_rows(open, out, [&](std::size_t row) {
      const Kind kind = column.kinds[row];
      if (kind == Kind::Boolean) return yes_if(column.cells[row].number != 0);
      return std::uint32_t{is_missing(kind) ? kUnknown : kFault};
    });
  }

 private:
  const Node& field_;
};

bool holds(Op op, bool less, bool equal) {
  switch (op) {
    case Op::Equal: return equal;
    case Op::NotEqual: return !equal;
    case Op::Less: return less;
    case Op::LessEqual: return less || equal;
    case Op::Greater: return !less && !equal;
    default: return !less;
  }
}

class FieldsProgram final : public Program {
 public:
  FieldsProgram(Op op, const Node& left, const Node& right) : op_(op), left_(left), right_(right) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& left = subject.column(left_.slot);
    const Column& right = subject.column(right_.slot);
    const bool plain = is_plain(left_.declared) && is_plain(right_.declared);
    const bool instants = left_.declared == FieldType::Timestamp && right_.declared == FieldType::Timestamp;
    Scratch scratch;
    ask_rows(open, out, [&, this](std::size_t row) {
      const Kind a = left.kinds[row];
      const Kind b = right.kinds[row];
      const Cell& x = left.cells[row];
      const Cell& y = right.cells[row];
      // A field that is not what it should be says so only when the other one is known.
      if (is_missing(a) || is_missing(b)) return std::uint32_t{kUnknown};
      if (plain && a == b) {
        if (a == Kind::Integer || (a == Kind::Decimal && x.scale == y.scale))
          return yes_if(holds(op_, x.number < y.number, x.number == y.number));
        if (a == Kind::Text) {
          const int order = x.text().compare(y.text());
          return yes_if(holds(op_, order < 0, order == 0));
        }
      }
      if (plain && is_short_number(a) && is_short_number(b))
        return answer_of(compare_values(op_, exact(a, x), exact(b, y)));
      if (instants && a == Kind::Text && b == Kind::Text) {
        const std::optional<Instant> from = parse_timestamp(x.text());
        const std::optional<Instant> to = parse_timestamp(y.text());
        if (from && to) return yes_if(holds(op_, *from < *to, *from == *to));
      }
      scratch.clear();
      const Value first = value_of_field(left_.declared, a, x, scratch);
      const Value second = value_of_field(right_.declared, b, y, scratch);
      if (first.is_error() || second.is_error()) return std::uint32_t{kFault};
      return answer_of(compare_values(op_, first, second));
    });
  }

  [[nodiscard]] int cost() const override { return 20; }

 private:
  static bool is_short_number(Kind kind) { return kind == Kind::Integer || kind == Kind::Decimal; }
  static Value exact(Kind kind, const Cell& cell) {
    return kind == Kind::Integer ? Value::of(cell.number) : Value::decimal(cell.number, cell.scale);
  }
  static bool is_plain(FieldType declared) { return declared != FieldType::Timestamp && declared != FieldType::Date; }

  Op op_;
  const Node& left_;
  const Node& right_;
};

Op mirrored(Op op) {
  switch (op) {
    case Op::Less: return Op::Greater;
    case Op::LessEqual: return Op::GreaterEqual;
    case Op::Greater: return Op::Less;
    case Op::GreaterEqual: return Op::LessEqual;
    default: return op;
  }
}

std::unique_ptr<const Program> make_comparison(const Node& node) {
  const Node& left = node.children[0];
  const Node& right = node.children[1];
  if (left.op == Op::Literal && right.op == Op::Field) {
    if (left.literal.is_null()) return std::make_unique<PresenceProgram>(right, Kind::Boolean, node.op == Op::NotEqual);
    return make_literal_program(mirrored(node.op), right, left.literal);
  }
  if (left.op != Op::Field) return nullptr;
  if (right.op == Op::Field) return make_field_program(node.op, left, right);
  if (right.op != Op::Literal) return nullptr;
  if (right.literal.is_null()) return std::make_unique<PresenceProgram>(left, Kind::Boolean, node.op == Op::NotEqual);
  return make_literal_program(node.op, left, right.literal);
}

}  // namespace

std::unique_ptr<const Program> make_field_program(Op op, const Node& left, const Node& right) {
  return std::make_unique<FieldsProgram>(op, left, right);
}

std::unique_ptr<const Program> make_column_program(const Node& node) {
  if (node.op >= Op::Equal && node.op <= Op::GreaterEqual) return make_comparison(node);
  if (node.op == Op::Field && node.type != StaticType::Timestamp) return std::make_unique<FlagProgram>(node);
  if (node.op == Op::Has && node.children[0].op == Op::Field)
    return std::make_unique<PresenceProgram>(node.children[0], Kind::Null, true);
  if (node.op == Op::In && node.children[0].op == Op::Field && node.children[1].op == Op::Literal) {
    return make_membership_program(node.children[0], node.children[1].literal);
  }
  return node.op == Op::Call ? make_text_program(node) : nullptr;
}

}  // namespace weir
