// SPDX-License-Identifier: Apache-2.0
// Judging what is no container: types, constants, numbers and texts.
#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "checks/json_schema_judge.h"

namespace weir {

namespace {

constexpr std::size_t kShown = 64;

constexpr std::array<std::int64_t, 19> kTens = [] {
  std::array<std::int64_t, 19> out{};
  std::int64_t power = 1;
  for (std::size_t i = 0; i < out.size(); ++i, power *= i < out.size() ? 10 : 1) out[i] = power;
  return out;
}();

std::uint8_t type_bits(const JsonNode& value) {
  switch (value.type) {
    case JsonNode::Type::Null: return schema_type::kNull;
    case JsonNode::Type::Boolean: return schema_type::kBoolean;
    case JsonNode::Type::Text: return schema_type::kText;
    case JsonNode::Type::Array: return schema_type::kArray;
    case JsonNode::Type::Object: return schema_type::kObject;
    case JsonNode::Type::Number: break;
  }
  return schema_type::kNumber;
}

bool is_whole(const JsonNode& number) {
  if (number.small) return number.scale == 0 || number.number % kTens[number.scale] == 0;
  return decimal_of(number).is_whole();
}

bool is_multiple(const JsonNode& number, const NumberRules& rules) {
  if (!number.small || rules.small_step == 0) return decimal_of(number).is_multiple_of(*rules.step);
  // Both with the digits of the finer one behind the point.
  hashing::SignedWide value = number.number;
  hashing::SignedWide step = rules.small_step;
  if (number.scale < rules.step_scale) value *= kTens[rules.step_scale - number.scale];
  if (number.scale > rules.step_scale) step *= kTens[number.scale - rules.step_scale];
  return value % step == 0;
}

}  // namespace

std::string shown(const JsonNode& value) {
  switch (value.type) {
    case JsonNode::Type::Null: return "null";
    case JsonNode::Type::Boolean: return value.number != 0 ? "true" : "false";
    case JsonNode::Type::Number: return shorten(value.text, kShown);
    case JsonNode::Type::Text: return "`" + shorten(value.text, kShown) + "`";
    case JsonNode::Type::Array: return "an array";
    case JsonNode::Type::Object: break;
  }
  return "an object";
}

bool SchemaJudge::type_holds(const SchemaNode& schema, const JsonNode& value) const {
  const std::uint8_t bits = type_bits(value);
  if ((schema.types & bits) != 0) return true;
  return bits == schema_type::kNumber && (schema.types & schema_type::kInteger) != 0 && is_whole(value);
}

bool SchemaJudge::is_constant(const SchemaNode& schema, std::uint32_t node) const {
  const JsonNode& value = (*tape_)[node];
  if (value.type == JsonNode::Type::Text) return schema.constant_texts.contains(value.text);
  return schema.other_constants &&
         std::any_of(schema.constants.begin(), schema.constants.end(),
                     [&](const auto& constant) { return equal(*tape_, node, constant->tape, 0); });
}

bool SchemaJudge::numbers_hold(const NumberRules& rules, std::uint32_t node) {
  const JsonNode& value = (*tape_)[node];
  // Without `small` the bounds are compared as decimals; NaN, which no JSON holds and other formats do, is within none.
  const Decimal exact = value.small ? Decimal() : decimal_of(value);
  const auto told = [&](std::string_view keyword, std::string_view words, const NumberBound& bound) {
    return fail(keyword, node, [&] { return shown(value) + std::string(words) + bound.value.text(); });
  };
  if (const auto& bound = rules.minimum;
      bound && !(value.small ? value.number >= bound->ceiling[value.scale] : exact >= bound->value))
    return told("minimum", " is below the minimum ", *bound);
  if (const auto& bound = rules.maximum;
      bound && !(value.small ? value.number <= bound->floor[value.scale] : exact <= bound->value))
    return told("maximum", " is above the maximum ", *bound);
  if (const auto& bound = rules.above;
      bound && !(value.small ? value.number > bound->floor[value.scale] : exact > bound->value))
    return told("exclusiveMinimum", " is not above ", *bound);
  if (const auto& bound = rules.below;
      bound && !(value.small ? value.number < bound->ceiling[value.scale] : exact < bound->value))
    return told("exclusiveMaximum", " is not below ", *bound);
  if (rules.step && !is_multiple(value, rules)) {
    return fail("multipleOf", node, [&] { return shown(value) + " is no multiple of " + rules.step->text(); });
  }
  return true;
}

bool SchemaJudge::texts_hold(const TextRules& rules, std::uint32_t node) {
  const JsonNode& value = (*tape_)[node];
  // A text has at least a quarter as many code points as bytes, and at most as many: mostly nothing is counted.
  const std::size_t bytes = value.text.size();
  if (bytes < rules.min_length || (bytes / 4 < rules.min_length && code_points(value.text) < rules.min_length)) {
    return fail("minLength", node, [&] {
      return shown(value) + " has " + std::to_string(code_points(value.text)) + " characters, at least " +
             std::to_string(rules.min_length) + " are needed";
    });
  }
  if (bytes > rules.max_length && code_points(value.text) > rules.max_length) {
    return fail("maxLength", node, [&] {
      return shown(value) + " has " + std::to_string(code_points(value.text)) + " characters, at most " +
             std::to_string(rules.max_length) + " are allowed";
    });
  }
  if (rules.pattern != nullptr && !rules.pattern->matches(value.text)) {
    return fail("pattern", node,
                [&] { return shown(value) + " does not match `" + shorten(rules.pattern_text, kShown) + "`"; });
  }
  if (rules.format != nullptr && !rules.format->holds(value.text)) {
    return fail("format", node, [&] { return shown(value) + " is not " + std::string(rules.format->in_words); });
  }
  return true;
}

}  // namespace weir
