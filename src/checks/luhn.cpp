// SPDX-License-Identifier: Apache-2.0
// luhn: the last digit is the check digit of Luhn's formula, as on cards and many customer numbers.
#include "checks/formats.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

bool has_digits(Kind kind) {
  return kind == Kind::Text || kind == Kind::Integer;
}

bool passes(Kind kind, const Cell& cell) {
  return cell.data == nullptr ? passes_luhn(written_text(kind, cell)) : passes_luhn(cell.text());
}

class LuhnCheck final : public Check {
 public:
  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const Cell* const cells = subject.column().cells.data();
    mark_failing(evaluated, failing,
                 [=](std::size_t i) { return !has_digits(kinds[i]) || !passes(kinds[i], cells[i]); });
  }
  Reason explain(const Subject& subject, std::size_t element) const override {
    if (!has_digits(subject.column().kinds[element])) return wrong_type(subject, element, "a text of digits");
    return reason(subject, element, "luhn", quoted(subject, element) + " has a wrong check digit");
  }
  std::string expected() const override { return "Luhn check digit"; }
};

Result<std::unique_ptr<const Check>> make_luhn(const Params& params) {
  if (!params.flag("value", true)) return std::unique_ptr<const Check>();
  return std::unique_ptr<const Check>(new LuhnCheck);
}

constexpr ParamSpec kLuhnParams[] = {
    {.name = "value", .type = ParamType::Boolean, .summary = "`false` switches the rule off.", .required = true}};
constexpr std::string_view kLuhnSynonyms[] = {"check_digit", "mod10", "expect_column_values_to_be_valid_luhn",
                                              "credit_card"};

}  // namespace

const CheckSpec kLuhnCheck{.name = "luhn",
                           .summary = "The digits end in the right check digit of Luhn's formula.",
                           .params = kLuhnParams,
                           .synonyms = kLuhnSynonyms,
                           .make = make_luhn};

}  // namespace weir
