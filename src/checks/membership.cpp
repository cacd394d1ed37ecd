// SPDX-License-Identifier: Apache-2.0
// in, not_in, exists_in: the value is one of a list, or none of it.
#include "checks/literals.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

class MembershipCheck final : public Check {
 public:
  MembershipCheck(std::string_view name, bool inside, Literals literals)
      : name_(name), inside_(inside), literals_(std::move(literals)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const Cell* const cells = subject.column().cells.data();
    const bool inside = inside_;
    if (text_literals_ && repeats_places(subject.column())) {
      KnownTexts known;
      mark_failing(evaluated, failing, [=, this, &known](std::size_t i) {
        if (kinds[i] != Kind::Text)
          return !literals_.has_kind(kinds[i]) || literals_.contains(kinds[i], cells[i]) != inside;
        return known.ask(cells[i].text(), [this](std::string_view text) { return literals_.contains_text(text); }) !=
               inside;
      });
      return;
    }
    mark_failing(evaluated, failing, [=, this](std::size_t i) {
      if (kinds[i] == Kind::Text && text_literals_) [[likely]]
        return literals_.contains_text(cells[i].text()) != inside;
      if (kinds[i] == Kind::Integer && number_literals_) return literals_.contains_integer(cells[i].number) != inside;
      return !literals_.has_kind(kinds[i]) || literals_.contains(kinds[i], cells[i]) != inside;
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    if (!literals_.has_kind(subject.column().kinds[element]))
      return wrong_type(subject, element, literals_.kinds_in_words());
    std::string message = quoted(subject, element);
    const std::string count = std::to_string(literals_.size());
    if (!inside_)
      return reason(
          subject, element, name_,
          message + (literals_.size() == 1 ? " is not allowed" : " is one of the " + count + " forbidden values"));
    message += literals_.size() == 1 ? " is not the one allowed value" : " is not in the " + count + " allowed values";
    return reason(subject, element, name_, std::move(message));
  }

  std::string expected() const override { return (inside_ ? "one of " : "none of ") + first_few(literals_.shown()); }

 private:
  std::string_view name_;
  bool inside_;
  Literals literals_;
  bool text_literals_ = literals_.has_kind(Kind::Text);
  bool number_literals_ = literals_.has_kind(Kind::Integer);
};

Result<std::unique_ptr<const Check>> make(const Params& params, std::string_view name, bool inside) {
  const std::vector<Scalar>& written = *params.get<std::vector<Scalar>>("value");
  if (written.empty()) {
    return params.error("value", "`" + std::string(name) + "` has an empty list",
                        inside ? "nothing could ever pass" : "the rule would never fail");
  }
  Result<Literals> literals = Literals::make(written, params.field_type);
  if (!literals) return literals.error();
  return std::unique_ptr<const Check>(new MembershipCheck(name, inside, std::move(*literals)));
}

constexpr ParamSpec kInParams[] = {{.name = "value",
                                    .type = ParamType::Scalars,
                                    .summary = "The values: a list, a named set `$set`, or `{file, column}`.",
                                    .required = true}};
constexpr std::string_view kInSynonyms[] = {"enum",
                                            "isin",
                                            "is_in",
                                            "one_of",
                                            "allowed_values",
                                            "accepted_values",
                                            "valid_values",
                                            "valid values",
                                            "values_in_set",
                                            "const",
                                            "equal_to",
                                            "expect_column_values_to_be_in_set",
                                            "expect_column_distinct_values_to_be_in_set",
                                            "col_vals_in_set",
                                            "isContainedIn"};
constexpr std::string_view kNotInSynonyms[] = {"notin",
                                               "is_not_in",
                                               "none_of",
                                               "forbidden_values",
                                               "invalid_values",
                                               "invalid values",
                                               "not_accepted_values",
                                               "not_equal_to",
                                               "expect_column_values_to_not_be_in_set",
                                               "col_vals_not_in_set"};
constexpr std::string_view kExistsInSynonyms[] = {"relationships",         "foreign_key", "references",
                                                  "referential_integrity", "reference",   "lookup"};

}  // namespace

const CheckSpec kInCheck{.name = "in",
                         .summary = "The value is one of a list.",
                         .params = kInParams,
                         .synonyms = kInSynonyms,
                         .make = [](const Params& params) { return make(params, "in", true); }};
const CheckSpec kNotInCheck{.name = "not_in",
                            .summary = "The value is none of a list.",
                            .params = kInParams,
                            .synonyms = kNotInSynonyms,
                            .make = [](const Params& params) { return make(params, "not_in", false); }};
const CheckSpec kExistsInCheck{.name = "exists_in",
                               .summary = "The value exists in a reference: a named set or a column of a file.",
                               .params = kInParams,
                               .synonyms = kExistsInSynonyms,
                               .make = [](const Params& params) { return make(params, "exists_in", true); }};

}  // namespace weir
