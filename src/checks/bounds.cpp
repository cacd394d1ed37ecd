// SPDX-License-Identifier: Apache-2.0
// min, max, above, below: numbers and times against one bound.
//
// Numbers are compared exactly. A cell of scale s holds a 64-bit n that means n x 10^-s; for each of the 19 scales the
// bound is turned once into the range of n that holds, so that the loop does two integer comparisons and no arithmetic.
#include <array>
#include <limits>

#include "base/decimal.h"
#include "base/instant.h"
#include "base/timestamp.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

enum class Side : std::uint8_t { Min, Max, Above, Below };

constexpr std::string_view name_of(Side side) {
  constexpr std::string_view names[] = {"min", "max", "above", "below"};
  return names[static_cast<std::size_t>(side)];
}

std::string expected_of(Side side, const std::string& bound) {
  constexpr std::string_view signs[] = {">= ", "<= ", "> ", "< "};
  return std::string(signs[static_cast<std::size_t>(side)]) + bound;
}

std::string_view fault_of(Side side) {
  constexpr std::string_view faults[] = {" is below ", " is above ", " is not above ", " is not below "};
  return faults[static_cast<std::size_t>(side)];
}

template <class Value>
bool holds(Side side, const Value& value, const Value& bound) {
  switch (side) {
    case Side::Min: return value >= bound;
    case Side::Max: return value <= bound;
    case Side::Above: return value > bound;
    case Side::Below: return value < bound;
  }
  return false;
}

// The 64-bit numbers that hold at one scale; none when lowest > highest.
struct Range {
  std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  std::int64_t highest = std::numeric_limits<std::int64_t>::max();
};

Range range_at(Side side, const Decimal& bound, std::uint32_t scale) {
  Range range;
  const bool from_below = side == Side::Min || side == Side::Above;
  // The number nearest to the bound on the side that may hold; when it does not, its neighbour is the first that does.
  const std::int64_t nearest = from_below ? bound.ceiling_at(scale) : bound.floor_at(scale);
  const bool nearest_holds = holds(side, Decimal(nearest, scale), bound);
  if (from_below) {
    if (!nearest_holds && nearest == range.highest) return {range.highest, range.lowest};
    range.lowest = nearest_holds ? nearest : nearest + 1;
  } else {
    if (!nearest_holds && nearest == range.lowest) return {range.highest, range.lowest};
    range.highest = nearest_holds ? nearest : nearest - 1;
  }
  return range;
}

class NumberBound final : public Check {
 public:
  NumberBound(Side side, Decimal bound, std::string written)
      : side_(side), bound_(std::move(bound)), written_(std::move(written)) {
    for (std::uint32_t scale = 0; scale < ranges_.size(); ++scale) ranges_[scale] = range_at(side, bound_, scale);
  }

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const Cell* const cells = subject.column().cells.data();
    const Range* const ranges = ranges_.data();
    mark_failing(evaluated, failing, [=, this](std::size_t i) {
      const Cell& cell = cells[i];
      if (kinds[i] != Kind::Integer && kinds[i] != Kind::Decimal) [[unlikely]]
        return fails_slowly(kinds[i], cell);
      const Range& range = ranges[kinds[i] == Kind::Integer ? 0 : cell.scale];
      return cell.number < range.lowest || cell.number > range.highest;
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Kind kind = subject.column().kinds[element];
    if (!is_number(kind)) return wrong_type(subject, element, "a number");
    std::string message = quoted(subject, element);
    if (kind == Kind::Number && number_of(kind, subject.column().cells[element]).is_nan())
      return reason(subject, element, name_of(side_), message + " is not a number");
    message += fault_of(side_);
    return reason(subject, element, name_of(side_), message + written_);
  }

  std::string expected() const override { return expected_of(side_, written_); }

 private:
  bool fails_slowly(Kind kind, const Cell& cell) const {
    return kind != Kind::Number || !holds(side_, number_of(kind, cell), bound_);
  }

  Side side_;
  std::array<Range, 19> ranges_;
  Decimal bound_;
  std::string written_;
};

class TimeBound final : public Check {
 public:
  TimeBound(Side side, Instant bound, std::string written) : side_(side), bound_(bound), written_(std::move(written)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const Cell* const cells = subject.column().cells.data();
    mark_failing(evaluated, failing, [=, this](std::size_t i) {
      const std::optional<Instant> instant = instant_of(kinds[i], cells[i]);
      return !instant || !holds(side_, *instant, bound_);
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (!instant_of(column.kinds[element], column.cells[element])) {
      if (column.kinds[element] != Kind::Text) return wrong_type(subject, element, "a timestamp");
      return reason(subject, element, "type", quoted(subject, element) + " is no timestamp");
    }
    constexpr std::string_view faults[] = {" is before ", " is after ", " is not after ", " is not before "};
    std::string message = quoted(subject, element);
    message += faults[static_cast<std::size_t>(side_)];
    return reason(subject, element, name_of(side_), message + written_);
  }

  std::string expected() const override { return expected_of(side_, written_); }

 private:
  Side side_;
  Instant bound_;
  std::string written_;
};

Result<std::unique_ptr<const Check>> make(const Params& params, Side side) {
  const Scalar& literal = *params.get<Scalar>("value");
  const std::string name(name_of(side));
  const bool time_field = params.field_type == FieldType::Timestamp || params.field_type == FieldType::Date;
  if (time_field || params.field_type == FieldType::Any) {
    if (const std::optional<Instant> instant = instant_of_text(literal.text)) {
      return std::unique_ptr<const Check>(new TimeBound(side, *instant, literal.text));
    }
  }
  if (time_field) {
    return params.error("value", "`" + literal.text + "` is no timestamp",
                        "`" + name + "` of a timestamp or a date takes 2026-01-31 or 2026-01-31T12:00:00Z");
  }
  std::optional<Decimal> number = Decimal::parse(literal.text);
  if (!number) {
    const bool too_long = Decimal::read(literal.text).has_value();
    if (too_long)
      return params.error("value", "the number has more than " + std::to_string(Decimal::kMaxDigits) + " digits");
    return params.error("value", "`" + literal.text + "` is no number",
                        "`" + name + "` takes a number, or a time such as 2026-01-31T12:00:00Z");
  }
  if (!number->is_finite()) return params.error("value", "`" + name + "` needs a finite number");
  return std::unique_ptr<const Check>(new NumberBound(side, std::move(*number), literal.text));
}

constexpr ParamSpec kParams[] = {{.name = "value",
                                  .type = ParamType::Scalar,
                                  .summary = "The bound: a number, exact to the last digit, or a time.",
                                  .required = true}};
constexpr std::string_view kMinSynonyms[] = {"minimum",
                                             "min_value",
                                             "valid_min",
                                             "greater_than_or_equal_to",
                                             "ge",
                                             "gte",
                                             "at_least",
                                             "col_vals_ge",
                                             "is_positive",
                                             "in_range",
                                             "between",
                                             "expect_column_values_to_be_between",
                                             "isNonNegative",
                                             "range",
                                             "accepted_range",
                                             "isGreaterThanOrEqualTo"};
constexpr std::string_view kMaxSynonyms[] = {"maximum", "max_value", "valid_max",   "less_than_or_equal_to", "le",
                                             "lte",     "at_most",   "col_vals_le", "isLessThanOrEqualTo"};
constexpr std::string_view kAboveSynonyms[] = {
    "exclusiveMinimum", "exclusive_minimum", "min_exclusive", "greater_than", "gt",
    "col_vals_gt",      "isPositive",        "isGreaterThan"};
constexpr std::string_view kBelowSynonyms[] = {
    "exclusiveMaximum", "exclusive_maximum", "max_exclusive", "less_than", "lt", "col_vals_lt", "isLessThan"};

}  // namespace

const CheckSpec kMinCheck{.name = "min",
                          .summary = "The number or time is at least this.",
                          .domain = Domain::Number,
                          .params = kParams,
                          .synonyms = kMinSynonyms,
                          .make = [](const Params& params) { return make(params, Side::Min); }};
const CheckSpec kMaxCheck{.name = "max",
                          .summary = "The number or time is at most this.",
                          .domain = Domain::Number,
                          .params = kParams,
                          .synonyms = kMaxSynonyms,
                          .make = [](const Params& params) { return make(params, Side::Max); }};
const CheckSpec kAboveCheck{.name = "above",
                            .summary = "The number or time is greater than this, and not equal to it.",
                            .domain = Domain::Number,
                            .params = kParams,
                            .synonyms = kAboveSynonyms,
                            .make = [](const Params& params) { return make(params, Side::Above); }};
const CheckSpec kBelowCheck{.name = "below",
                            .summary = "The number or time is less than this, and not equal to it.",
                            .domain = Domain::Number,
                            .params = kParams,
                            .synonyms = kBelowSynonyms,
                            .make = [](const Params& params) { return make(params, Side::Below); }};

}  // namespace weir
