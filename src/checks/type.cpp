// SPDX-License-Identifier: Apache-2.0
// type: what kind of value a field holds. Nine loops of one comparison each; only numbers with a point and texts with a
// meaning (timestamp, date, uuid) are looked into.
#include <array>

#include "base/decimal.h"
#include "base/timestamp.h"
#include "checks/formats.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

constexpr std::int64_t kPowersOfTen[] = {1,
                                         10,
                                         100,
                                         1'000,
                                         10'000,
                                         100'000,
                                         1'000'000,
                                         10'000'000,
                                         100'000'000,
                                         1'000'000'000,
                                         10'000'000'000,
                                         100'000'000'000,
                                         1'000'000'000'000,
                                         10'000'000'000'000,
                                         100'000'000'000'000,
                                         1'000'000'000'000'000,
                                         10'000'000'000'000'000,
                                         100'000'000'000'000'000,
                                         1'000'000'000'000'000'000};

// 5, 5.0 and 1e3, but not 5.5.
bool is_whole(Kind kind, const Cell& cell) {
  if (kind == Kind::Integer) return true;
  if (kind == Kind::Decimal) return cell.number % kPowersOfTen[cell.scale] == 0;
  return kind == Kind::Number && number_of(kind, cell).is_whole();
}

bool is_finite_number(Kind kind, const Cell& cell) {
  return is_number(kind) && (kind != Kind::Number || number_of(kind, cell).is_finite());
}

struct Type {
  FieldType type;
  std::string_view name;
  std::string_view in_words;
};
constexpr Type kTypes[] = {
    {FieldType::String, "string", "a text"},      {FieldType::Integer, "integer", "an integer"},
    {FieldType::Number, "number", "a number"},    {FieldType::Decimal, "decimal", "a finite number"},
    {FieldType::Boolean, "boolean", "a boolean"}, {FieldType::Timestamp, "timestamp", "an RFC 3339 timestamp"},
    {FieldType::Date, "date", "a date"},          {FieldType::Uuid, "uuid", "a UUID"},
    {FieldType::Object, "object", "an object"},   {FieldType::Array, "array", "an array"}};
constexpr std::string_view kChoices[] = {"string",    "integer", "number", "decimal", "boolean",
                                         "timestamp", "date",    "uuid",   "object",  "array"};

class TypeCheck final : public Check {
 public:
  explicit TypeCheck(const Type& type) : type_(type) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Column& column = subject.column();
    const Kind* const kinds = column.kinds.data();
    const Cell* const cells = column.cells.data();
    const auto kind_is = [&](Kind wanted) {
      mark_failing(evaluated, failing, [=](std::size_t i) { return kinds[i] != wanted; });
    };
    switch (type_.type) {
      case FieldType::Any: return;
      case FieldType::String: return kind_is(Kind::Text);
      case FieldType::Boolean: return kind_is(Kind::Boolean);
      case FieldType::Object: return kind_is(Kind::Object);
      case FieldType::Array: return kind_is(Kind::Array);
      case FieldType::Number:
        return mark_failing(evaluated, failing, [=](std::size_t i) { return !is_number(kinds[i]); });
      case FieldType::Integer:
        return mark_failing(evaluated, failing, [=](std::size_t i) { return !is_whole(kinds[i], cells[i]); });
      case FieldType::Decimal:
        return mark_failing(evaluated, failing, [=](std::size_t i) { return !is_finite_number(kinds[i], cells[i]); });
      case FieldType::Timestamp: return mark_texts(column, evaluated, failing, is_timestamp);
      case FieldType::Date: return mark_texts(column, evaluated, failing, is_date);
      case FieldType::Uuid: return mark_texts(column, evaluated, failing, is_uuid);
    }
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Kind kind = subject.column().kinds[element];
    const bool text_with_meaning =
        type_.type == FieldType::Timestamp || type_.type == FieldType::Date || type_.type == FieldType::Uuid;
    const bool same_kind = text_with_meaning ? kind == Kind::Text : is_number(kind);
    if (!same_kind || type_.type == FieldType::String || type_.type == FieldType::Boolean ||
        type_.type == FieldType::Object || type_.type == FieldType::Array) {
      return wrong_type(subject, element, type_.in_words);
    }
    return reason(subject, element, "type", quoted(subject, element) + " is not " + std::string(type_.in_words));
  }

  std::string expected() const override { return std::string(type_.in_words); }

 private:
  const Type& type_;
};

Result<std::unique_ptr<const Check>> make_type(const Params& params) {
  const Scalar& choice = *params.get<Scalar>("value");
  for (const Type& type : kTypes) {
    if (type.name == choice.text) return std::unique_ptr<const Check>(new TypeCheck(type));
  }
  return params.error("value", "unknown type `" + choice.text + "`");
}

constexpr ParamSpec kTypeParams[] = {{.name = "value",
                                      .type = ParamType::Choice,
                                      .summary = "The type of the field.",
                                      .required = true,
                                      .choices = kChoices}};
constexpr std::string_view kTypeSynonyms[] = {"dtype",
                                              "data_type",
                                              "dataType",
                                              "data type",
                                              "field_type",
                                              "column_type",
                                              "hasDataType",
                                              "expect_column_values_to_be_of_type",
                                              "expect_column_values_to_be_in_type_list",
                                              "expect_column_to_exist",
                                              "col_schema_match"};

}  // namespace

const CheckSpec kTypeCheck{.name = "type",
                           .summary = "The value is of this type.",
                           .params = kTypeParams,
                           .synonyms = kTypeSynonyms,
                           .make = make_type};

}  // namespace weir
