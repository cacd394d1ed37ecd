// SPDX-License-Identifier: Apache-2.0
// min_items, max_items, unique_items: about the elements of an array, which a cell holds as its JSON text.
//
// Counting needs no parser: the decoder has found the text to be valid JSON, so commas outside of quotes and brackets
// are all there is to see. Uniqueness compares by value, so each element is written in one canonical way, and those are
// sorted.
#include <algorithm>

#include "base/decimal.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

std::size_t count_items(std::string_view array) {
  std::size_t depth = 0;
  std::size_t commas = 0;
  bool anything = false;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const char c = array[i];
    if (c == '"') {
      for (++i; i < array.size() && array[i] != '"'; ++i) i += array[i] == '\\' ? 1U : 0U;
      anything = true;
    } else if (c == '[' || c == '{') {
      anything |= depth > 0;
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',') {
      commas += depth == 1 ? 1U : 0U;
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      anything = true;
    }
  }
  return anything ? commas + 1 : 0;
}

class CountCheck final : public Check {
 public:
  CountCheck(bool most, std::size_t size) : most_(most), size_(size) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const Cell* const cells = subject.column().cells.data();
    mark_failing(evaluated, failing,
                 [=, this](std::size_t i) { return kinds[i] != Kind::Array || !holds(count_items(cells[i].text())); });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (column.kinds[element] != Kind::Array) return wrong_type(subject, element, "an array");
    const std::string_view name = most_ ? "max_items" : "min_items";
    if (is_redacted(subject)) return reason(subject, element, name, limit() + " items allowed");
    const std::size_t count = count_items(column.cells[element].text());
    return reason(subject, element, name,
                  std::to_string(count) + (count == 1 ? " item, " : " items, ") + limit() + " allowed");
  }

  std::string expected() const override { return limit() + (size_ == 1 ? " item" : " items"); }

 private:
  bool holds(std::size_t count) const { return most_ ? count <= size_ : count >= size_; }
  std::string limit() const { return (most_ ? "at most " : "at least ") + std::to_string(size_); }

  bool most_;
  std::size_t size_;
};

// Equal values give equal texts: numbers by value, members of objects by name.
std::string canonical(const JsonValue& value) {
  switch (value.type) {
    case JsonValue::Type::Null: return "null";
    case JsonValue::Type::Boolean: return value.boolean ? "true" : "false";
    case JsonValue::Type::Number: {
      const auto number = Decimal::read(value.text);
      return number ? number->text() : value.text;
    }
    case JsonValue::Type::Text: return json_quote(value.text);
    case JsonValue::Type::Array: {
      std::string out = "[";
      for (const JsonValue& item : value.items) out += canonical(item) + ",";
      return out + "]";
    }
    case JsonValue::Type::Object: {
      // By name; of members with one name the last, as everywhere.
      std::vector<std::pair<std::string_view, const JsonValue*>> members;
      for (const auto& [name, member] : value.members) members.emplace_back(name, &member);
      std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      std::string out = "{";
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (i + 1 < members.size() && members[i + 1].first == members[i].first) continue;
        out += json_quote(members[i].first) + ":" + canonical(*members[i].second) + ",";
      }
      return out + "}";
    }
  }
  return {};
}

class UniqueItemsCheck final : public Check {
 public:
  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const Cell* const cells = subject.column().cells.data();
    mark_failing(evaluated, failing,
                 [=](std::size_t i) { return kinds[i] != Kind::Array || has_repeated_item(cells[i].text()); });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    if (subject.column().kinds[element] != Kind::Array) return wrong_type(subject, element, "an array");
    return reason(subject, element, "unique_items", "an item of " + quoted(subject, element) + " is there twice");
  }

  std::string expected() const override { return "no item twice"; }

 private:
  static bool has_repeated_item(std::string_view array) {
    const Result<JsonValue> parsed = parse_json(array);
    if (!parsed) return true;
    std::vector<std::string> items;
    for (const JsonValue& item : parsed->items) items.push_back(canonical(item));
    std::sort(items.begin(), items.end());
    return std::adjacent_find(items.begin(), items.end()) != items.end();
  }
};

template <bool kMost>
Result<std::unique_ptr<const Check>> make_count(const Params& params) {
  return std::unique_ptr<const Check>(
      new CountCheck(kMost, static_cast<std::size_t>(*params.get<std::int64_t>("value"))));
}

Result<std::unique_ptr<const Check>> make_unique_items(const Params& params) {
  if (!params.flag("value", true)) return std::unique_ptr<const Check>();
  return std::unique_ptr<const Check>(new UniqueItemsCheck);
}

constexpr ParamSpec kMinParams[] = {
    {.name = "value", .type = ParamType::Count, .summary = "The fewest items.", .required = true}};
constexpr ParamSpec kMaxParams[] = {
    {.name = "value", .type = ParamType::Count, .summary = "The most items.", .required = true}};
constexpr ParamSpec kUniqueParams[] = {
    {.name = "value", .type = ParamType::Boolean, .summary = "`false` switches the rule off.", .required = true}};
constexpr std::string_view kMinSynonyms[] = {"minItems", "min_size"};
constexpr std::string_view kMaxSynonyms[] = {"maxItems", "max_size"};
constexpr std::string_view kUniqueSynonyms[] = {"uniqueItems", "distinct_items"};

}  // namespace

const CheckSpec kMinItemsCheck{.name = "min_items",
                               .summary = "The array has at least so many items.",
                               .domain = Domain::Array,
                               .params = kMinParams,
                               .synonyms = kMinSynonyms,
                               .make = make_count<false>};
const CheckSpec kMaxItemsCheck{.name = "max_items",
                               .summary = "The array has at most so many items.",
                               .domain = Domain::Array,
                               .params = kMaxParams,
                               .synonyms = kMaxSynonyms,
                               .make = make_count<true>};
const CheckSpec kUniqueItemsCheck{.name = "unique_items",
                                  .summary = "No two items of the array are equal.",
                                  .domain = Domain::Array,
                                  .params = kUniqueParams,
                                  .synonyms = kUniqueSynonyms,
                                  .make = make_unique_items};

}  // namespace weir
