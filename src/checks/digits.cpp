// SPDX-License-Identifier: Apache-2.0
// finite, multiple_of, precision, scale: what the digits of a number look like. All exact; a double appears nowhere.
#include <array>
#include <limits>
#include <numeric>

#include "base/decimal.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

constexpr std::size_t kScales = 19;  // of a Decimal cell: 0 to 18

// Marks by fails(kind, cell), which sees numbers only; every other kind fails.
template <class Fails>
void mark_numbers(const Subject& subject, const Mask& evaluated, Mask& failing, Fails fails) {
  const Kind* const kinds = subject.column().kinds.data();
  const Cell* const cells = subject.column().cells.data();
  mark_failing(evaluated, failing,
               [=, &fails](std::size_t i) { return !is_number(kinds[i]) || fails(kinds[i], cells[i]); });
}

class FiniteCheck final : public Check {
 public:
  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    mark_numbers(subject, evaluated, failing, [](Kind kind, const Cell& cell) {
      return kind == Kind::Number && !number_of(kind, cell).is_finite();
    });
  }
  Reason explain(const Subject& subject, std::size_t element) const override {
    if (!is_number(subject.column().kinds[element])) return wrong_type(subject, element, "a number");
    return reason(subject, element, "finite", quoted(subject, element) + " is not finite");
  }
  std::string expected() const override { return "finite"; }
};

// n x 10^-s is a multiple of S x 10^-t when S divides n x 10^(t-s). What of S is left after the tens have taken their
// share divides n or not: one 64-bit divisor for each scale.
class MultipleOfCheck final : public Check {
 public:
  MultipleOfCheck(Decimal step, std::string written) : step_(std::move(step)), written_(std::move(written)) {
    for (std::uint32_t scale = 0; scale < kScales; ++scale) divisors_[scale] = divisor_at(scale);
  }

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    mark_numbers(subject, evaluated, failing, [this](Kind kind, const Cell& cell) {
      const std::int64_t divisor = kind == Kind::Number ? 0 : divisors_[kind == Kind::Integer ? 0 : cell.scale];
      return divisor == 0 ? !number_of(kind, cell).is_multiple_of(step_) : cell.number % divisor != 0;
    });
  }
  Reason explain(const Subject& subject, std::size_t element) const override {
    if (!is_number(subject.column().kinds[element])) return wrong_type(subject, element, "a number");
    return reason(subject, element, "multiple_of", quoted(subject, element) + " is no multiple of " + written_);
  }
  std::string expected() const override { return "multiple of " + written_; }

 private:
  // 0 where 64 bits are not enough.
  std::int64_t divisor_at(std::uint32_t scale) const {
    const std::uint64_t own_scale = step_.scale();
    if (own_scale <= scale) {
      const std::int64_t divisor = step_.ceiling_at(scale);
      return Decimal(divisor, scale) == step_ ? divisor : 0;
    }
    if (own_scale >= kScales) return 0;
    const auto at = static_cast<std::uint32_t>(own_scale);
    std::int64_t divisor = step_.ceiling_at(at);
    if (!(Decimal(divisor, at) == step_)) return 0;
    for (std::uint32_t s = scale; s < at; ++s) {
      // One more ten: it takes a 2 and a 5, where there are any.
      divisor /= std::gcd(divisor, std::int64_t{10});
    }
    return divisor;
  }

  Decimal step_;
  std::string written_;
  std::array<std::int64_t, kScales> divisors_{};
};

// precision and scale: at most so many digits.
class DigitsCheck final : public Check {
 public:
  DigitsCheck(bool after_point, std::uint64_t most) : after_point_(after_point), most_(most) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    mark_numbers(subject, evaluated, failing, [this](Kind kind, const Cell& cell) {
      if (after_point_ && (kind == Kind::Integer || (kind == Kind::Decimal && cell.scale <= most_))) return false;
      const Decimal number = number_of(kind, cell);
      return !number.is_finite() || digits_of(number) > most_;
    });
  }
  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (!is_number(column.kinds[element])) return wrong_type(subject, element, "a number");
    const std::string name = after_point_ ? "scale" : "precision";
    const Decimal number = number_of(column.kinds[element], column.cells[element]);
    if (!number.is_finite()) return reason(subject, element, name, quoted(subject, element) + " has no digits");
    const std::string limit = std::to_string(most_) + (after_point_ ? " after the point allowed" : " allowed");
    if (is_redacted(subject)) return reason(subject, element, name, "too many digits, at most " + limit);
    return reason(subject, element, name,
                  quoted(subject, element) + " has " + std::to_string(digits_of(number)) + " digits" +
                      (after_point_ ? " after the point" : "") + ", at most " + std::to_string(most_) + " allowed");
  }
  std::string expected() const override {
    return "at most " + std::to_string(most_) + (after_point_ ? " digits after the point" : " digits");
  }

 private:
  std::uint64_t digits_of(const Decimal& number) const { return after_point_ ? number.scale() : number.precision(); }

  bool after_point_;
  std::uint64_t most_;
};

Result<std::unique_ptr<const Check>> make_finite(const Params& params) {
  if (!params.flag("value", true)) return std::unique_ptr<const Check>();
  return std::unique_ptr<const Check>(new FiniteCheck);
}

Result<std::unique_ptr<const Check>> make_multiple_of(const Params& params) {
  const Scalar& literal = *params.get<Scalar>("value");
  std::optional<Decimal> step = Decimal::parse(literal.text);
  if (!step || !step->is_finite()) return params.error("value", "`" + literal.text + "` is no number");
  if (step->is_zero() || step->is_negative()) return params.error("value", "`multiple_of` needs a number above 0");
  return std::unique_ptr<const Check>(new MultipleOfCheck(std::move(*step), literal.text));
}

template <bool kAfterPoint>
Result<std::unique_ptr<const Check>> make_digits(const Params& params) {
  const std::int64_t most = *params.get<std::int64_t>("value");
  if (!kAfterPoint && most == 0) return params.error("value", "`precision` is at least 1: every number has a digit");
  return std::unique_ptr<const Check>(new DigitsCheck(kAfterPoint, static_cast<std::uint64_t>(most)));
}

constexpr ParamSpec kFiniteParams[] = {
    {.name = "value", .type = ParamType::Boolean, .summary = "`false` switches the rule off.", .required = true}};
constexpr ParamSpec kMultipleOfParams[] = {
    {.name = "value", .type = ParamType::Number, .summary = "The step: a number above 0, exact.", .required = true}};
constexpr ParamSpec kPrecisionParams[] = {{.name = "value",
                                           .type = ParamType::Count,
                                           .summary = "The most digits in all, before and after the point.",
                                           .required = true}};
constexpr ParamSpec kScaleParams[] = {
    {.name = "value", .type = ParamType::Count, .summary = "The most digits after the point.", .required = true}};
constexpr std::string_view kFiniteSynonyms[] = {"allow_nan", "allow_inf", "allow_inf_nan", "not_nan", "is_finite"};
constexpr std::string_view kMultipleOfSynonyms[] = {"multipleOf", "divisible_by", "resolution", "step",
                                                    "expect_column_values_to_be_divisible_by"};
constexpr std::string_view kPrecisionSynonyms[] = {"max_digits", "numeric_precision", "total_digits"};
constexpr std::string_view kScaleSynonyms[] = {"decimal_places", "numeric_scale", "max_decimals", "max_scale"};

}  // namespace

const CheckSpec kFiniteCheck{.name = "finite",
                             .summary = "The number is neither NaN nor an infinity.",
                             .domain = Domain::Number,
                             .params = kFiniteParams,
                             .synonyms = kFiniteSynonyms,
                             .make = make_finite};
const CheckSpec kMultipleOfCheck{.name = "multiple_of",
                                 .summary = "The number is a whole multiple of this.",
                                 .domain = Domain::Number,
                                 .params = kMultipleOfParams,
                                 .synonyms = kMultipleOfSynonyms,
                                 .make = make_multiple_of};
const CheckSpec kPrecisionCheck{.name = "precision",
                                .summary = "The number has at most so many digits.",
                                .domain = Domain::Number,
                                .params = kPrecisionParams,
                                .synonyms = kPrecisionSynonyms,
                                .make = make_digits<false>};
const CheckSpec kScaleCheck{.name = "scale",
                            .summary = "The number has at most so many digits after the point.",
                            .domain = Domain::Number,
                            .params = kScaleParams,
                            .synonyms = kScaleSynonyms,
                            .make = make_digits<true>};

}  // namespace weir
