// SPDX-License-Identifier: Apache-2.0
// A contradiction is only told between checks of one map: entries of a list may have different `when`.
#include "rules/conflicts.h"

#include <array>
#include <compare>
#include <optional>

#include "base/decimal.h"
#include "base/timestamp.h"
#include "rules/codes.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 11> kTypeNames = {
    "any", "string", "integer", "number", "decimal", "boolean", "timestamp", "date", "uuid", "object", "array"};

std::string_view name_of(FieldType type) {
  return kTypeNames[static_cast<std::size_t>(type)];
}

bool fits(Domain domain, FieldType type) {
  switch (domain) {
    case Domain::Any: return true;
    case Domain::Text:
      return type == FieldType::String || type == FieldType::Uuid || type == FieldType::Date ||
             type == FieldType::Timestamp;
    // Bounds are for times, too.
    case Domain::Number:
      return type == FieldType::Integer || type == FieldType::Number || type == FieldType::Decimal ||
             type == FieldType::Timestamp || type == FieldType::Date;
    // A number can be a time since 1970.
    case Domain::Time:
      return type == FieldType::Timestamp || type == FieldType::Date || type == FieldType::String ||
             type == FieldType::Integer || type == FieldType::Number;
    case Domain::Array: return type == FieldType::Array;
  }
  return true;
}

std::string_view about(Domain domain) {
  switch (domain) {
    case Domain::Text: return "texts";
    case Domain::Number: return "numbers and times";
    case Domain::Time: return "times";
    case Domain::Array: return "arrays";
    case Domain::Any: break;
  }
  return "values";
}

/// What a rule says in one number: its value, however it was typed.
std::optional<std::string> bound_of(const WrittenRule& rule) {
  if (const Scalar* scalar = rule.params.get<Scalar>("value")) return scalar->text;
  if (const std::int64_t* count = rule.params.get<std::int64_t>("value")) return std::to_string(*count);
  if (const bool* flag = rule.params.get<bool>("value")) return *flag ? "true" : "false";
  return std::nullopt;
}

std::partial_ordering compare(const std::string& a, const std::string& b) {
  const std::optional<Decimal> left = Decimal::parse(a);
  const std::optional<Decimal> right = Decimal::parse(b);
  if (left && right) return *left <=> *right;
  const std::optional<Instant> from = parse_timestamp(a);
  const std::optional<Instant> to = parse_timestamp(b);
  if (from && to) return *from <=> *to;
  return std::partial_ordering::unordered;
}

/// `low` of a value has to lie below `high` of it, or may equal it.
struct Pair {
  std::string_view low;
  std::string_view high;
  bool may_equal;
};
constexpr std::array<Pair, 9> kPairs = {{{"min", "max", true},
                                         {"above", "below", false},
                                         {"min", "below", false},
                                         {"above", "max", false},
                                         {"min_length", "max_length", true},
                                         {"min_length", "length", true},
                                         {"length", "max_length", true},
                                         {"min_items", "max_items", true},
                                         {"scale", "precision", true}}};

const WrittenRule* find(std::span<const WrittenRule> rules, std::string_view check) {
  for (const WrittenRule& rule : rules) {
    if (rule.spec->name == check && rule.options.enabled) return &rule;
  }
  return nullptr;
}

}  // namespace

bool domain_fits(Findings& findings, const WrittenRule& rule, FieldType type, const YamlNode& key) {
  if (type == FieldType::Any || fits(rule.spec->domain, type)) return true;
  findings.error(
      codes::kTypeConflict, key.where(),
      "`" + std::string(rule.spec->name) + "` is about " + std::string(about(rule.spec->domain)),
      {.label = "but " + backquoted(rule.field->text()) + " is declared as `type: " + std::string(name_of(type)) + "`",
       .help = {}});
  return false;
}

void find_contradictions(Findings& findings, std::span<const WrittenRule> rules) {
  for (const Pair& pair : kPairs) {
    const WrittenRule* const low = find(rules, pair.low);
    const WrittenRule* const high = find(rules, pair.high);
    if (low == nullptr || high == nullptr) continue;
    const std::optional<std::string> from = bound_of(*low);
    const std::optional<std::string> to = bound_of(*high);
    if (!from || !to) continue;
    const std::partial_ordering order = compare(*from, *to);
    if (order == std::partial_ordering::less || order == std::partial_ordering::unordered) continue;
    if (order == std::partial_ordering::equivalent && pair.may_equal) continue;
    const std::string relation = order == std::partial_ordering::greater ? " is above `" : " leaves nothing below `";
    findings.error(
        codes::kContradiction, low->params.where,
        "`" + std::string(pair.low) + ": " + *from + "`" + relation + std::string(pair.high) + ": " + *to + "`",
        {.label = "no value can hold both", .help = {}});
  }
  const WrittenRule* const null = find(rules, "null");
  const WrittenRule* const required = find(rules, "required");
  if (null == nullptr || required == nullptr || bound_of(*null) == "false" || bound_of(*required) != "true") return;
  findings.error(codes::kContradiction, null->params.where, "a field cannot be `required` and `null`",
                 {.label = "no value can hold both", .help = {}});
}

}  // namespace weir
