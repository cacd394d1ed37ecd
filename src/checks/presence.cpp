// SPDX-License-Identifier: Apache-2.0
// required and null: whether there is a value at all. Both see the nulls that other checks skip, and look at kinds
// only.
#include <algorithm>
#include <cstring>

#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

// Which kinds hold, as one comparison: kinds are ordered Absent, Null, values.
class RequiredCheck final : public Check {
 public:
  explicit RequiredCheck(bool null_will_do) : lowest_(null_will_do ? Kind::Null : Kind::Boolean) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const std::size_t size = subject.column().size();
    // Eight kinds at a time: the top bit of a byte is left set where the kind is below the lowest one.
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kGather = 0x0102040810204080;
    const std::uint64_t carry = kOnes * (0x80U - static_cast<unsigned>(lowest_));
    for (std::size_t w = 0; w < failing.words().size(); ++w) {
      std::uint64_t low = 0;
      for (std::size_t i = w * 64; i < std::min(size, w * 64 + 64); i += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, kinds + i, std::min<std::size_t>(8, size - i));
        low |= ((~((eight + carry) >> 7) & kOnes) * kGather >> 56) << (i % 64);
      }
      failing.words()[w] |= low & evaluated.words()[w];
    }
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const bool absent = subject.column().kinds[element] == Kind::Absent;
    return reason(subject, element, "required", absent ? "the field is absent" : "the field is null");
  }

  std::string expected() const override { return lowest_ == Kind::Null ? "present" : "not null"; }

 private:
  Kind lowest_;
};

class NullCheck final : public Check {
 public:
  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    mark_failing(evaluated, failing, [=](std::size_t i) { return !is_missing(kinds[i]); });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    return reason(subject, element, "null", quoted(subject, element) + " is not null");
  }

  std::string expected() const override { return "null"; }
};

Result<std::unique_ptr<const Check>> make_required(const Params& params) {
  const Scalar* choice = params.get<Scalar>("value");
  if (choice != nullptr && choice->text == "false") return std::unique_ptr<const Check>();
  return std::unique_ptr<const Check>(new RequiredCheck(choice != nullptr && choice->text == "present"));
}

Result<std::unique_ptr<const Check>> make_null(const Params& params) {
  if (!params.flag("value", true)) return std::unique_ptr<const Check>();
  return std::unique_ptr<const Check>(new NullCheck);
}

constexpr std::string_view kRequiredChoices[] = {"true", "false", "present"};
constexpr ParamSpec kRequiredParams[] = {
    {.name = "value",
     .type = ParamType::Choice,
     .summary = "`true` rejects absent and null, `present` only absent; `false` switches the rule off.",
     .required = true,
     .choices = kRequiredChoices}};
constexpr std::string_view kRequiredSynonyms[] = {"not_null",
                                                  "notNull",
                                                  "notnull",
                                                  "nonnull",
                                                  "nullable",
                                                  "mandatory",
                                                  "is_not_null",
                                                  "missing",
                                                  "missing_count",
                                                  "missing_percent",
                                                  "expect_column_values_to_not_be_null",
                                                  "col_vals_not_null",
                                                  "isComplete",
                                                  "is_complete",
                                                  "hasCompleteness",
                                                  "not_empty",
                                                  "field_required"};

constexpr ParamSpec kNullParams[] = {
    {.name = "value", .type = ParamType::Boolean, .summary = "`false` switches the rule off.", .required = true}};
constexpr std::string_view kNullSynonyms[] = {"is_null", "must_be_null", "expect_column_values_to_be_null",
                                              "col_vals_null", "always_null"};

}  // namespace

const CheckSpec kRequiredCheck{.name = "required",
                               .summary = "The field is there and is not null.",
                               .sees_nulls = true,
                               .params = kRequiredParams,
                               .synonyms = kRequiredSynonyms,
                               .make = make_required};

const CheckSpec kNullCheck{.name = "null",
                           .summary = "The field is null or absent.",
                           .sees_nulls = true,
                           .params = kNullParams,
                           .synonyms = kNullSynonyms,
                           .make = make_null};

}  // namespace weir
