// SPDX-License-Identifier: Apache-2.0
// any_of, all_of: of several fields of a record, at least one or every one has a value.
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

class PresenceOfFields final : public Check {
 public:
  PresenceOfFields(bool all, std::vector<std::string> fields) : all_(all), fields_(std::move(fields)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    mark_failing(evaluated, failing, [&, this](std::size_t row) {
      for (std::size_t c = 0; c < subject.columns.size(); ++c) {
        if (is_missing(subject.column(c).kinds[row]) == all_) return all_;
      }
      return !all_;
    });
  }

  Reason explain(const Subject& subject, std::size_t row) const override {
    if (!all_) return {.code = "any_of", .message = "none of " + first_few(fields_) + " has a value", .value = ""};
    std::vector<std::string> missing;
    for (std::size_t c = 0; c < subject.columns.size(); ++c) {
      const Kind kind = subject.column(c).kinds[row];
      if (is_missing(kind)) missing.push_back(fields_[c] + " is " + std::string(kind_in_words(kind)));
    }
    return {.code = "all_of", .message = first_few(missing), .value = ""};
  }

  std::string expected() const override {
    return (all_ ? "a value in each of " : "a value in one of ") + first_few(fields_);
  }

 private:
  bool all_;
  std::vector<std::string> fields_;
};

Result<std::unique_ptr<const Check>> make(const Params& params, bool all) {
  const std::string name = all ? "`all_of`" : "`any_of`";
  if (params.fields.empty()) return params.error("fields", name + " has an empty list");
  for (const std::string& field : params.fields) {
    if (field.find("[]") != std::string::npos)
      return params.error("fields", name + " takes fields of the record, without `[]`");
  }
  return std::unique_ptr<const Check>(new PresenceOfFields(all, params.fields));
}

constexpr ParamSpec kAnyParams[] = {{.name = "fields",
                                     .type = ParamType::Fields,
                                     .summary = "The fields, of which one needs a value.",
                                     .required = true}};
constexpr ParamSpec kAllParams[] = {
    {.name = "fields", .type = ParamType::Fields, .summary = "The fields that all need a value.", .required = true}};
constexpr std::string_view kColumns[] = {"fields"};
constexpr std::string_view kAnySynonyms[] = {"at_least_one", "areAnyComplete", "anyOf", "one_of_fields", "coalesce"};
constexpr std::string_view kAllSynonyms[] = {"areComplete", "rows_complete", "allOf",
                                             "expect_multicolumn_values_to_be_complete"};

}  // namespace

const CheckSpec kAnyOfCheck{.name = "any_of",
                            .summary = "At least one of several fields has a value.",
                            .on_field = false,
                            .on_record = true,
                            .sees_nulls = true,
                            .params = kAnyParams,
                            .column_params = kColumns,
                            .synonyms = kAnySynonyms,
                            .make = [](const Params& params) { return make(params, false); }};
const CheckSpec kAllOfCheck{.name = "all_of",
                            .summary = "Every one of several fields has a value.",
                            .on_field = false,
                            .on_record = true,
                            .sees_nulls = true,
                            .params = kAllParams,
                            .column_params = kColumns,
                            .synonyms = kAllSynonyms,
                            .make = [](const Params& params) { return make(params, true); }};

}  // namespace weir
