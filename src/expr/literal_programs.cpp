// SPDX-License-Identifier: Apache-2.0
// Loops for a field against a constant: `status == "shipped"`, `amount <= 0.1`, `created_at >= 2026-01-01`. Each answers the
// common kinds itself and hands every other one to compare_values(), so that both always say the same.
//
// A number is compared without being converted: for each scale from 0 to 18 the constant becomes a range of unscaled
// 64-bit integers once, and a cell is inside or not.
#include <array>
#include <cstring>
#include <limits>

#include "base/decimal.h"
#include "base/timestamp.h"
#include "expr/column_programs.h"
#include "expr/rows.h"

namespace weir {

namespace {

// What compare_values says; for the kinds that a loop does not know.
std::uint32_t compare_slowly(Op op, const Node& field, Kind kind, const Cell& cell, const Value& literal,
                             Scratch& scratch) {
  if (is_missing(kind)) return kUnknown;
  scratch.clear();
  const Value value = value_of_field(field.declared, kind, cell, scratch);
  return value.is_error() ? kFault : answer_of(compare_values(op, value, literal));
}

// ---- texts

// A text that is compared for equality by at most two overlapping words, whatever its length.
class FixedText {
 public:
  explicit FixedText(std::string_view text) : text_(text), key_(read(text.data())) {}

  /// No branch: a text of another length is compared with the constant itself and then ruled out.
  [[nodiscard]] bool equals(const Cell& cell) const {
    const bool same_size = cell.size == text_.size();
    const char* const data = same_size ? cell.data : text_.data();
    if (text_.size() > 16) return same_size && std::memcmp(data, text_.data(), text_.size()) == 0;
    const Key key = read(data);
    return (key.head == key_.head) & (key.tail == key_.tail) & same_size;
  }

 private:
  struct Key {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
  };

  template <class Word>
  static std::uint64_t load(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }

  [[nodiscard]] Key read(const char* data) const {
    const std::size_t size = text_.size();
    if (size > 16) return {};
    if (size >= 8) return {load<std::uint64_t>(data), load<std::uint64_t>(data + size - 8)};
    if (size >= 4) return {load<std::uint32_t>(data), load<std::uint32_t>(data + size - 4)};
    if (size >= 2) return {load<std::uint16_t>(data), load<std::uint16_t>(data + size - 2)};
    return {size == 1 ? load<unsigned char>(data) : 0, 0};
  }

  std::string_view text_;
  Key key_;
};

class TextEqualProgram final : public Program {
 public:
  TextEqualProgram(const Node& field, std::string_view text, bool wanted)
      : field_(field), text_(text), wanted_(wanted) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& column = subject.column(field_.slot);
    const Kind* const kinds = column.kinds.data();
    const Cell* const cells = column.cells.data();
    const FixedText text = text_;
    const bool wanted = wanted_;
    ask_rows(open, out, [=](std::size_t row) {
      const Kind kind = kinds[row];
      if (kind == Kind::Text) [[likely]]
        return yes_if(text.equals(cells[row]) == wanted);
      return is_missing(kind) ? std::uint32_t{kUnknown} : yes_if(!wanted);
    });
  }

 private:
  const Node& field_;
  FixedText text_;
  bool wanted_;
};

// ---- numbers

// All unscaled numbers from `low` to `high`; empty when low > high.
struct Range {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

// The numbers n with n x 10^-scale <= bound (or < bound); `low` and `high` are clamped to 64 bits, so what lies beyond the
// edge is asked again exactly.
std::optional<std::int64_t> largest_below(const Decimal& bound, std::uint32_t scale, bool or_equal) {
  const std::int64_t n = bound.floor_at(scale);
  const Decimal exact(n, scale);
  if (exact < bound || (or_equal && exact == bound)) return n;
  return n == std::numeric_limits<std::int64_t>::min() ? std::nullopt : std::optional(n - 1);
}
std::optional<std::int64_t> smallest_above(const Decimal& bound, std::uint32_t scale, bool or_equal) {
  const std::int64_t n = bound.ceiling_at(scale);
  const Decimal exact(n, scale);
  if (exact > bound || (or_equal && exact == bound)) return n;
  return n == std::numeric_limits<std::int64_t>::max() ? std::nullopt : std::optional(n + 1);
}

Range range_of(Op op, const Decimal& bound, std::uint32_t scale) {
  constexpr Range kEmpty{.low = 1, .high = 0};
  Range range;
  if (op != Op::Greater && op != Op::GreaterEqual) {
    const auto high = largest_below(bound, scale, op != Op::Less);
    if (!high) return kEmpty;
    range.high = *high;
  }
  if (op != Op::Less && op != Op::LessEqual) {
    const auto low = smallest_above(bound, scale, op != Op::Greater);
    if (!low) return kEmpty;
    range.low = *low;
  }
  return range;
}

class NumberProgram final : public Program {
 public:
  NumberProgram(Op op, const Node& field, const Value& literal, const Decimal& bound)
      : op_(op), field_(field), literal_(literal) {
    for (std::uint32_t scale = 0; scale < ranges_.size(); ++scale) ranges_[scale] = range_of(op, bound, scale);
  }

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& column = subject.column(field_.slot);
    const Kind* const kinds = column.kinds.data();
    const Cell* const cells = column.cells.data();
    const Range* const ranges = ranges_.data();
    const bool inside = op_ != Op::NotEqual;
    Scratch scratch;
    ask_rows(open, out, [=, this, &scratch](std::size_t row) {
      const Kind kind = kinds[row];
      const Cell& cell = cells[row];
      if (kind == Kind::Integer || kind == Kind::Decimal) [[likely]] {
        const Range& range = ranges[kind == Kind::Integer ? 0 : cell.scale];
        return yes_if(((cell.number >= range.low) & (cell.number <= range.high)) == inside);
      }
      return compare_slowly(op_, field_, kind, cell, literal_, scratch);
    });
  }

 private:
  static constexpr std::size_t kScales = 19;
  Op op_;
  const Node& field_;
  Value literal_;
  std::array<Range, kScales> ranges_;
};

// ---- timestamps, and whatever else

// Ordered texts, booleans, timestamps: fast where a text is read as a timestamp, compare_values otherwise.
class LiteralProgram final : public Program {
 public:
  LiteralProgram(Op op, const Node& field, const Value& literal) : op_(op), field_(field), literal_(literal) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& column = subject.column(field_.slot);
    const bool instants = literal_.type == ValueType::Timestamp && field_.declared != FieldType::Date;
    Scratch scratch;
    ask_rows(open, out, [&, this](std::size_t row) {
      const Kind kind = column.kinds[row];
      const Cell& cell = column.cells[row];
      if (instants && kind == Kind::Text) {
        const std::optional<Instant> instant = parse_timestamp(cell.text());
        if (instant) return answer_of(compare_values(op_, Value::timestamp(*instant), literal_));
      }
      return compare_slowly(op_, field_, kind, cell, literal_, scratch);
    });
  }

  [[nodiscard]] int cost() const override { return 20; }

 private:
  Op op_;
  const Node& field_;
  Value literal_;
};

std::optional<Decimal> exact_bound(const Value& literal) {
  switch (literal.type) {
    case ValueType::Integer: return Decimal(literal.integer, 0);
    case ValueType::Decimal: return Decimal(literal.integer, literal.extra);
    case ValueType::Number: return Decimal::read(literal.text());
    default: return std::nullopt;
  }
}

bool is_time(FieldType declared) {
  return declared == FieldType::Timestamp || declared == FieldType::Date;
}

}  // namespace

std::unique_ptr<const Program> make_literal_program(Op op, const Node& field, const Value& literal) {
  const bool equality = op == Op::Equal || op == Op::NotEqual;
  const bool plain_field = !is_time(field.declared);
  if (literal.type == ValueType::Text && equality && plain_field) {
    return std::make_unique<TextEqualProgram>(field, literal.text(), op == Op::Equal);
  }
  const std::optional<Decimal> bound = exact_bound(literal);
  if (bound && bound->is_finite() && plain_field) return std::make_unique<NumberProgram>(op, field, literal, *bound);
  return std::make_unique<LiteralProgram>(op, field, literal);
}

}  // namespace weir
