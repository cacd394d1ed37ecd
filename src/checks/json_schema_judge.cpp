// SPDX-License-Identifier: Apache-2.0
// The walk: references, combinations of schemas, and what is left unevaluated. Values are in json_schema_values.cpp, arrays and
// objects in json_schema_containers.cpp.
#include "checks/json_schema_judge.h"

#include <algorithm>

#include "base/text.h"

namespace weir {

void SchemaJudge::Marks::add(const Marks& other) {
  all = all || other.all;
  if (parts.size() < other.parts.size()) parts.resize(other.parts.size());
  for (std::size_t i = 0; i < other.parts.size(); ++i) {
    if (other.parts[i]) parts[i] = true;
  }
}

void SchemaJudge::Marks::mark(std::uint32_t part, std::uint32_t count) {
  if (parts.size() < count) parts.resize(count);
  parts[part] = true;
}

/// While it lives no fault is noted: a schema that may fail is tried.
class SchemaJudge::Quiet {
 public:
  explicit Quiet(SchemaJudge& judge) : judge_(judge), fault_(judge.fault_) { judge.fault_ = nullptr; }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() { judge_.fault_ = fault_; }

 private:
  SchemaJudge& judge_;
  SchemaFault* fault_;
};

SchemaJudge::Answer SchemaJudge::judge(const JsonTape& tape, SchemaFault* fault) {
  tape_ = &tape;
  fault_ = fault;
  scope_.clear();
  depth_ = 0;
  exhausted_ = false;
  steps_left_ = kLeastSteps + kStepsPerNode * tape.size();
  const bool valid = holds(schema_.root(), 0, nullptr);
  if (exhausted_) return Answer::TooMuchWork;
  return valid ? Answer::Valid : Answer::Invalid;
}

bool SchemaJudge::spend(std::uint64_t steps) {
  if (steps_left_ >= steps) [[likely]] {
    steps_left_ -= steps;
    return true;
  }
  exhausted_ = true;
  return false;
}

bool SchemaJudge::holds(std::uint32_t index, std::uint32_t node, Marks* marks) {
  if (exhausted_ || !spend(1)) return false;
  const SchemaNode& schema = schema_.node(index);
  if (schema.always == SchemaNode::Always::True) return true;
  if (schema.always == SchemaNode::Always::False)
    return fail("false", node, [] { return std::string("nothing is allowed here"); });
  if (depth_ == kMaxDepth) {
    exhausted_ = true;
    return false;
  }
  ++depth_;
  const bool enters = scope_.empty() || scope_.back() != schema.resource;
  if (enters) scope_.push_back(schema.resource);
  bool good = false;
  if (schema.unevaluated_items == kNoSchema && schema.unevaluated_properties == kNoSchema) [[likely]] {
    good = holds_within(schema, node, marks);
  } else {
    Marks own;
    good = holds_within(schema, node, &own) && unevaluated_hold(schema, node, own);
    if (good && marks != nullptr) marks->add(own);
  }
  if (enters) scope_.pop_back();
  --depth_;
  return good;
}

bool SchemaJudge::holds_within(const SchemaNode& schema, std::uint32_t node, Marks* marks) {
  const JsonNode& value = (*tape_)[node];
  if (schema.types != 0 && !type_holds(schema, value)) {
    return fail("type", node, [&] { return shown(value) + " is not " + types_in_words(schema.types); });
  }
  if (schema.has_enum && !is_constant(schema, node)) {
    return fail(schema.is_const ? "const" : "enum", node, [&] {
      std::string allowed;
      std::size_t count = 0;
      for (const auto& constant : schema.constants) {
        if (++count > 8) break;
        allowed += (allowed.empty() ? "" : ", ") + shorten(constant->text, 40);
      }
      if (count > 8) allowed += " …";
      if (schema.constants.empty()) return shown(value) + ": `const` is none of the values of `enum`";
      return shown(value) + (schema.is_const ? " is not " : " is none of ") + allowed;
    });
  }
  switch (value.type) {
    case JsonNode::Type::Number:
      if (schema.numbers != nullptr && !numbers_hold(*schema.numbers, node)) return false;
      break;
    case JsonNode::Type::Text:
      if (schema.texts != nullptr && !texts_hold(*schema.texts, node)) return false;
      break;
    case JsonNode::Type::Array:
      if (schema.arrays != nullptr && !array_holds(*schema.arrays, node, marks)) return false;
      break;
    case JsonNode::Type::Object:
      if (schema.objects != nullptr && !object_holds(*schema.objects, node, marks)) return false;
      break;
    default: break;
  }
  if (schema.ref != kNoSchema && !holds(schema.ref, node, marks)) return false;
  if (schema.dynamic_ref != kNoSchema && !holds(dynamic_target(schema), node, marks)) return false;
  return combined_hold(schema, node, marks);
}

/// The outermost resource that was entered and has the name decides.
std::uint32_t SchemaJudge::dynamic_target(const SchemaNode& schema) const {
  if (schema.dynamic_name == kNoSchema) return schema.dynamic_ref;
  for (const std::uint32_t resource : scope_) {
    const std::uint32_t target = schema_.dynamic(resource, schema.dynamic_name);
    if (target != kNoSchema) return target;
  }
  return schema.dynamic_ref;
}

/// Tries a schema: what it looked at counts only where it holds.
bool SchemaJudge::holds_aside(std::uint32_t schema, std::uint32_t node, Marks* marks) {
  const Quiet quiet(*this);
  if (marks == nullptr) return holds(schema, node, nullptr);
  Marks own;
  const bool good = holds(schema, node, &own);
  if (good) marks->add(own);
  return good;
}

bool SchemaJudge::combined_hold(const SchemaNode& schema, std::uint32_t node, Marks* marks) {
  for (const std::uint32_t part : schema.all_of) {
    if (!holds(part, node, marks)) return false;
  }
  if (!schema.any_of.empty() && !any_of_holds(schema, node, marks)) return false;
  if (!schema.one_of.empty() && !one_of_holds(schema, node, marks)) return false;
  if (schema.negated != kNoSchema && holds_aside(schema.negated, node, nullptr)) {
    return fail("not", node, [&] { return shown((*tape_)[node]) + " fits the schema of `not`"; });
  }
  return schema.condition == kNoSchema || condition_holds(schema, node, marks);
}

bool SchemaJudge::any_of_holds(const SchemaNode& schema, std::uint32_t node, Marks* marks) {
  bool any = false;
  for (const std::uint32_t part : schema.any_of) {
    any = holds_aside(part, node, marks) || any;
    if (any && marks == nullptr) break;  // else what the others look at counts, too
  }
  return any || fail("anyOf", node, [&] {
           return shown((*tape_)[node]) + " fits none of the " + std::to_string(schema.any_of.size()) +
                  " schemas of `anyOf`" + nearest(schema.any_of, node);
         });
}

bool SchemaJudge::one_of_holds(const SchemaNode& schema, std::uint32_t node, Marks* marks) {
  std::size_t holding = 0;
  for (const std::uint32_t part : schema.one_of) {
    holding += holds_aside(part, node, marks) ? 1U : 0U;
    if (holding > 1) break;
  }
  if (holding == 1) return true;
  return fail("oneOf", node, [&] {
    const std::string value = shown((*tape_)[node]);
    if (holding > 1) return value + " fits more than one schema of `oneOf`";
    return value + " fits none of the " + std::to_string(schema.one_of.size()) + " schemas of `oneOf`" +
           nearest(schema.one_of, node);
  });
}

bool SchemaJudge::condition_holds(const SchemaNode& schema, std::uint32_t node, Marks* marks) {
  const bool condition = holds_aside(schema.condition, node, marks);
  const std::uint32_t consequence = condition ? schema.then : schema.otherwise;
  return consequence == kNoSchema || holds(consequence, node, marks);
}

bool SchemaJudge::unevaluated_hold(const SchemaNode& schema, std::uint32_t node, Marks& marks) {
  const JsonNode& value = (*tape_)[node];
  const bool object = value.type == JsonNode::Type::Object;
  const std::uint32_t rest = object                                ? schema.unevaluated_properties
                             : value.type == JsonNode::Type::Array ? schema.unevaluated_items
                                                                   : kNoSchema;
  if (rest == kNoSchema || marks.all) return true;
  std::uint32_t part = 0;
  for (std::uint32_t at = node + 1; at < value.end; ++part) {
    const std::uint32_t inner = object ? at + 1 : at;
    at = (*tape_)[inner].end;
    if (part < marks.parts.size() && marks.parts[part]) continue;
    if (schema_.node(rest).always == SchemaNode::Always::False) {
      return fail(object ? "unevaluatedProperties" : "unevaluatedItems", inner,
                  [] { return std::string("is not allowed here"); });
    }
    if (!holds(rest, inner, nullptr)) return false;
  }
  marks.all = true;
  return true;
}

/// Of schemas of which none holds: what is wrong with the one that got deepest into the value.
std::string SchemaJudge::nearest(const std::vector<std::uint32_t>& schemas, std::uint32_t node) {
  constexpr std::size_t kTried = 32;
  SchemaFault best;
  for (std::size_t i = 0; i < schemas.size() && i < kTried; ++i) {
    SchemaFault fault;
    const Quiet quiet(*this);
    fault_ = &fault;
    holds(schemas[i], node, nullptr);
    const bool deeper = fault.found && (!best.found || fault.node > best.node);
    if (deeper) best = std::move(fault);
  }
  if (!best.found || best.node == node || best.keyword == "anyOf" || best.keyword == "oneOf") return "";
  std::uint32_t first = best.node;
  std::string name;
  // The name of the member that the fault lies in, for a hint; the way to it may be long.
  for (std::uint32_t at = node + 1; (*tape_)[node].type == JsonNode::Type::Object && at < (*tape_)[node].end;) {
    if (first < (*tape_)[at + 1].end) {
      name = shorten((*tape_)[at].text, 40);
      break;
    }
    at = (*tape_)[at + 1].end;
  }
  return "; the nearest: " + (name.empty() ? "" : name + ": ") + best.message;
}

}  // namespace weir
