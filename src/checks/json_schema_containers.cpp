// SPDX-License-Identifier: Apache-2.0
// Judging arrays and objects.
#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "checks/json_schema_judge.h"

namespace weir {

namespace {

constexpr std::size_t kShown = 64;

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string name_in_words(std::string_view name) {
  return "`" + shorten(name, kShown) + "`";
}

/// One bit for each name that is required; allocates only where there are many.
class SeenNames {
 public:
  explicit SeenNames(std::uint32_t count) : count_(count) {
    if (count > 64) many_.resize(count);
  }
  void add(std::uint32_t name) {
    if (count_ <= 64) {
      few_ |= std::uint64_t{1} << name;
    } else {
      many_[name] = true;
    }
  }
  [[nodiscard]] bool all() const {
    if (count_ == 0) return true;
    if (count_ <= 64) return few_ == ~std::uint64_t{0} >> (64 - count_);
    return std::find(many_.begin(), many_.end(), false) == many_.end();
  }
  [[nodiscard]] bool has(std::uint32_t name) const {
    return count_ <= 64 ? (few_ >> name & 1U) != 0 : static_cast<bool>(many_[name]);
  }

 private:
  std::uint32_t count_;
  std::uint64_t few_ = 0;
  std::vector<bool> many_;
};

}  // namespace

bool SchemaJudge::array_holds(const ArrayRules& rules, std::uint32_t node, Marks* marks) {
  const JsonNode& array = (*tape_)[node];
  if (array.count < rules.min_items) {
    return fail("minItems", node, [&] {
      return counted(array.count, "element", "elements") + ", at least " + std::to_string(rules.min_items) + " needed";
    });
  }
  if (array.count > rules.max_items) {
    return fail("maxItems", node, [&] {
      return counted(array.count, "element", "elements") + ", at most " + std::to_string(rules.max_items) + " allowed";
    });
  }
  if (!rules.prefix.empty() || rules.rest != kNoSchema) {
    std::uint32_t part = 0;
    for (std::uint32_t at = node + 1; at < array.end; at = (*tape_)[at].end, ++part) {
      const bool in_prefix = part < rules.prefix.size();
      const std::uint32_t schema = in_prefix ? rules.prefix[part] : rules.rest;
      if (schema == kNoSchema) break;
      if (!in_prefix && schema_.node(schema).always == SchemaNode::Always::False) {
        return fail("items", at, [&] { return "is one element too many, " + std::to_string(part) + " are allowed"; });
      }
      if (!holds(schema, at, nullptr)) return false;
      if (marks != nullptr) marks->mark(part, array.count);
    }
    if (marks != nullptr && rules.rest != kNoSchema) marks->all = true;
  }
  if (rules.contains != kNoSchema && !contains_holds(rules, node, marks)) return false;
  return !rules.unique || is_unique(node);
}

bool SchemaJudge::contains_holds(const ArrayRules& rules, std::uint32_t node, Marks* marks) {
  const JsonNode& array = (*tape_)[node];
  std::uint64_t found = 0;
  std::uint32_t part = 0;
  for (std::uint32_t at = node + 1; at < array.end; at = (*tape_)[at].end, ++part) {
    if (!holds_aside(rules.contains, at, nullptr)) continue;
    ++found;
    if (marks != nullptr && rules.contains_counts) marks->mark(part, array.count);
  }
  if (found < rules.min_contains) {
    return fail(rules.min_contains == 1 ? "contains" : "minContains", node, [&] {
      if (rules.min_contains == 1) return std::string("no element fits `contains`");
      return counted(found, "element fits", "elements fit") + " `contains`, at least " +
             std::to_string(rules.min_contains) + " needed";
    });
  }
  return found <= rules.max_contains || fail("maxContains", node, [&] {
           return counted(found, "element fits", "elements fit") + " `contains`, at most " +
                  std::to_string(rules.max_contains) + " allowed";
         });
}

bool SchemaJudge::is_unique(std::uint32_t node) {
  const JsonNode& array = (*tape_)[node];
  if (array.count < 2 || !spend(array.end - node)) return !exhausted_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> seen;
  seen.reserve(array.count);
  for (std::uint32_t at = node + 1; at < array.end; at = (*tape_)[at].end) {
    const std::uint64_t hash = hash_of(*tape_, at);
    const auto [begin, end] = seen.equal_range(hash);
    for (auto other = begin; other != end; ++other) {
      if (!spend((*tape_)[at].end - at)) return false;
      if (!equal(*tape_, at, *tape_, other->second)) continue;
      return fail("uniqueItems", at, [&] {
        const JsonNode& value = (*tape_)[at];
        return value.is_container() ? std::string("is there twice") : shown(value) + " is there twice";
      });
    }
    seen.emplace(hash, at);
  }
  return true;
}

bool SchemaJudge::object_holds(const ObjectRules& rules, std::uint32_t node, Marks* marks) {
  const JsonNode& object = (*tape_)[node];
  SeenNames seen(rules.required);
  const bool looks_at_members = !rules.names.empty() || !rules.patterns.empty() || rules.additional != kNoSchema ||
                                rules.property_names != kNoSchema;
  if (looks_at_members) {
    // The names first: that one is missing says more than what is wrong with another.
    std::size_t expected = 0;
    for (std::uint32_t at = node + 1; rules.required > 0 && at < object.end; at = (*tape_)[at + 1].end) {
      const ObjectRules::Name* const name = rules.find((*tape_)[at].text, expected);
      if (name != nullptr && name->required != ObjectRules::kNotRequired) seen.add(name->required);
    }
    if (!seen.all()) {
      return fail("required", node, [&] {
        for (const ObjectRules::Name& name : rules.names) {
          if (name.required != ObjectRules::kNotRequired && !seen.has(name.required))
            return name_in_words(name.text) + " is missing";
        }
        return std::string("a member is missing");
      });
    }
    expected = 0;
    std::uint32_t part = 0;
    for (std::uint32_t at = node + 1; at < object.end; at = (*tape_)[at + 1].end, ++part) {
      bool looked_at = false;
      if (!member_holds(rules, rules.find((*tape_)[at].text, expected), at, looked_at)) return false;
      if (marks != nullptr && looked_at) marks->mark(part, object.count);
    }
  }
  if (object.count < rules.min_properties) {
    return fail("minProperties", node, [&] {
      return counted(object.count, "member", "members") + ", at least " + std::to_string(rules.min_properties) +
             " needed";
    });
  }
  if (object.count > rules.max_properties) {
    return fail("maxProperties", node, [&] {
      return counted(object.count, "member", "members") + ", at most " + std::to_string(rules.max_properties) +
             " allowed";
    });
  }
  return dependents_hold(rules, node, marks);
}

/// `key` is the node of the member's name, its value stands behind it.
bool SchemaJudge::member_holds(const ObjectRules& rules, const ObjectRules::Name* name, std::uint32_t key,
                               bool& looked_at) {
  const std::string_view text = (*tape_)[key].text;
  if (name != nullptr && name->schema != kNoSchema) {
    looked_at = true;
    if (!holds(name->schema, key + 1, nullptr)) return false;
  }
  for (const ObjectRules::PatternRule& rule : rules.patterns) {
    if (!spend(1)) return false;
    if (!rule.pattern->matches(text)) continue;
    looked_at = true;
    if (!holds(rule.schema, key + 1, nullptr)) return false;
  }
  if (rules.additional != kNoSchema && !looked_at) {
    if (schema_.node(rules.additional).always == SchemaNode::Always::False)
      return fail("additionalProperties", key + 1, [] { return std::string("is not allowed here"); });
    looked_at = true;
    if (!holds(rules.additional, key + 1, nullptr)) return false;
  }
  if (rules.property_names == kNoSchema) return true;
  SchemaFault* const wanted = fault_;
  SchemaFault inner;
  if (wanted != nullptr) fault_ = &inner;
  const bool good = holds(rules.property_names, key, nullptr);
  fault_ = wanted;
  return good || fail("propertyNames", key + 1, [&] { return "its name is refused: " + inner.message; });
}

bool SchemaJudge::dependents_hold(const ObjectRules& rules, std::uint32_t node, Marks* marks) {
  for (const auto& [name, others] : rules.dependent_required) {
    if (!has_member(node, name)) continue;
    for (const std::string& other : others) {
      if (has_member(node, other)) continue;
      return fail("dependentRequired", node,
                  [&, &of = name] { return name_in_words(other) + " is missing beside " + name_in_words(of); });
    }
  }
  for (const auto& [name, schema] : rules.dependent_schemas) {
    if (has_member(node, name) && !holds(schema, node, marks)) return false;
  }
  return !exhausted_;
}

bool SchemaJudge::has_member(std::uint32_t node, std::string_view name) {
  const JsonNode& object = (*tape_)[node];
  if (!spend(object.count)) return false;
  for (std::uint32_t at = node + 1; at < object.end; at = (*tape_)[at + 1].end) {
    if ((*tape_)[at].text == name) return true;
  }
  return false;
}

}  // namespace weir
