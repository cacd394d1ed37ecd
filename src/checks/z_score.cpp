// SPDX-License-Identifier: Apache-2.0
// max_z_score: a number is not too many standard deviations from a mean. Both are written, or known from a reference: the one
// check whose bounds somebody measured. In doubles: they rest on a sample, and the last digit of a bound means nothing.
#include <array>
#include <cmath>
#include <cstdio>

#include "base/decimal.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

std::string shown(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", number);
  return text;
}

double as_double(Kind kind, const Cell& cell) {
  constexpr std::array<double, 19> kTens = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                            1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
  if (kind == Kind::Integer) return static_cast<double>(cell.number);
  if (kind == Kind::Decimal) return static_cast<double>(cell.number) / kTens[cell.scale];
  return number_of(kind, cell).to_double();
}

class ZScoreCheck final : public Check {
 public:
  ZScoreCheck(double most, double mean, double sd) : most_(most), mean_(mean), sd_(sd), reach_(most * sd) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const Cell* const cells = subject.column().cells.data();
    // NaN is at no distance, so it holds for none.
    mark_failing(evaluated, failing, [=, this](std::size_t i) {
      return !is_number(kinds[i]) || !(std::abs(as_double(kinds[i], cells[i]) - mean_) <= reach_);
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (!is_number(column.kinds[element])) return wrong_type(subject, element, "a number");
    const double number = as_double(column.kinds[element], column.cells[element]);
    const std::string name = "max_z_score";
    if (std::isnan(number)) return reason(subject, element, name, quoted(subject, element) + " is not a number");
    const std::string allowed = ", at most " + shown(most_) + " allowed";
    if (is_redacted(subject) || !std::isfinite(number))
      return reason(subject, element, name, quoted(subject, element) + " is too far from the mean" + allowed);
    return reason(subject, element, name,
                  quoted(subject, element) + " lies " + shown(std::abs(number - mean_) / sd_) +
                      " standard deviations from the mean " + shown(mean_) + allowed);
  }

  std::string expected() const override {
    return "at most " + shown(most_) + " standard deviations (" + shown(sd_) + ") from the mean (" + shown(mean_) + ")";
  }

 private:
  double most_;
  double mean_;
  double sd_;
  double reach_;
};

std::optional<double> number_in(const Params& params, std::string_view name) {
  const Scalar* const literal = params.get<Scalar>(name);
  if (literal == nullptr) return std::nullopt;
  const std::optional<Decimal> number = Decimal::parse(literal->text);
  if (!number || !number->is_finite()) return std::nullopt;
  const double value = number->to_double();
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

Result<std::unique_ptr<const Check>> make(const Params& params) {
  for (const std::string_view name : {"mean", "sd"}) {
    if (params.find(name) == nullptr)
      return params.error("max", "`max_z_score` takes both of `mean` and `sd`, or none of them",
                          "without them they are those of the reference of a drift rule on the same field");
  }
  const std::optional<double> most = number_in(params, "max");
  const std::optional<double> mean = number_in(params, "mean");
  const std::optional<double> sd = number_in(params, "sd");
  if (!most || *most <= 0) return params.error("max", "`max_z_score` needs a number above 0");
  if (!mean) return params.error("mean", "`mean` needs a finite number");
  if (!sd || *sd <= 0)
    return params.error("sd", "`sd` needs a number above 0", "a field that never varies is bounded by `min` and `max`");
  if (!std::isfinite(*most * *sd)) return params.error("max", "`max_z_score` reaches beyond every number");
  return std::unique_ptr<const Check>(new ZScoreCheck(*most, *mean, *sd));
}

constexpr ParamSpec kParams[] = {
    {.name = "max", .type = ParamType::Number, .summary = "The most standard deviations, above 0.", .required = true},
    {.name = "mean", .type = ParamType::Number, .summary = "The mean, in place of that of the reference."},
    {.name = "sd", .type = ParamType::Number, .summary = "The standard deviation, in place of that of the reference."}};
constexpr std::string_view kSynonyms[] = {"z_score", "max_standard_deviations"};

}  // namespace

const CheckSpec kMaxZScoreCheck{
    .name = "max_z_score",
    .summary = "The number is not too many standard deviations from the mean of the reference.",
    .domain = Domain::Number,
    .of_reference = true,
    .params = kParams,
    .synonyms = kSynonyms,
    .make = make};

}  // namespace weir
