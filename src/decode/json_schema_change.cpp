// SPDX-License-Identifier: Apache-2.0
// JSON Schema: what each side takes, keyword by keyword. What takes less than before breaks reading old records with the new
// schema; what takes more, reading new records with the old one. References are not followed.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "decode/schema_change.h"

namespace weir {
namespace {

constexpr std::size_t kJsonDepth = 200;
constexpr std::size_t kDeepest = 100;

// What says nothing of the records.
constexpr std::string_view kForPeople[] = {"$id",      "$schema", "$comment", "title",     "description",
                                           "examples", "default", "readOnly", "writeOnly", "deprecated"};
// What is looked at by its own rules.
constexpr std::string_view kUnderstood[] = {"type", "properties", "required", "items", "enum", "additionalProperties"};

std::set<std::string> types_of(const JsonValue& schema) {
  std::set<std::string> out;
  const JsonValue* const type = schema.find("type");
  if (type == nullptr) return out;
  if (type->type == JsonValue::Type::Text) out.insert(type->text);
  for (const JsonValue& one : type->items) out.insert(one.text);
  return out;
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " | ") + word;
  return out.empty() ? "any type" : out;
}

/// Whether everything of `a` is among `b`; without types everything is.
bool within(const std::set<std::string>& a, const std::set<std::string>& b) {
  if (b.empty()) return true;
  if (a.empty()) return false;
  return std::all_of(a.begin(), a.end(), [&](const std::string& one) {
    return b.contains(one) || (one == "integer" && b.contains("number"));
  });
}

std::set<std::string> texts_of(const JsonValue* list) {
  std::set<std::string> out;
  if (list == nullptr) return out;
  for (const JsonValue& one : list->items) {
    std::string text = one.text;
    if (one.type == JsonValue::Type::Boolean) text = one.boolean ? "true" : "false";
    if (one.type == JsonValue::Type::Null) text = "null";
    out.insert(std::move(text));
  }
  return out;
}

bool is_closed(const JsonValue& schema) {
  const JsonValue* const more = schema.find("additionalProperties");
  return more != nullptr && more->type == JsonValue::Type::Boolean && !more->boolean;
}

class Differences {
 public:
  explicit Differences(SchemaDifference& out) : out_(out), list_(out) {}

  void look(const JsonValue& from, const JsonValue& to) {
    look(from, to, "", 0);
    if (!known_ && (backward_ || forward_)) return;  // what is not understood may break the rest
    out_.compatibility = !backward_ ? (!forward_ ? Compatibility::None : Compatibility::Forward)
                                    : (!forward_ ? Compatibility::Backward : Compatibility::Full);
  }

 private:
  void no_backward(const std::string& why) {
    if (std::exchange(backward_, false)) out_.why_not_backward = why;
  }
  void no_forward(const std::string& why) {
    if (std::exchange(forward_, false)) out_.why_not_forward = why;
  }
  static std::string at_path(const std::string& path) { return path.empty() ? "the record" : named(path); }

  void look(const JsonValue& from, const JsonValue& to, const std::string& path, std::size_t depth) {
    if (from == to) return;
    if (depth > kDeepest || from.type != JsonValue::Type::Object || to.type != JsonValue::Type::Object) {
      list_.add(at_path(path) + " changed");
      known_ = false;
      return;
    }
    look_at_types(from, to, path);
    look_at_properties(from, to, path, depth);
    look_at_required(from, to, path);
    look_at_values(from, to, path);
    look_at_closing(from, to, path);
    const JsonValue* const items_before = from.find("items");
    const JsonValue* const items_after = to.find("items");
    if (items_before != nullptr && items_after != nullptr) {
      look(*items_before, *items_after, path + "[]", depth + 1);
    } else if (items_before != nullptr || items_after != nullptr) {
      list_.add(at_path(path) + (items_after != nullptr ? ": its items are said now" : ": its items are free now"));
      if (items_after != nullptr) no_backward(at_path(path) + ": its items were free");
      if (items_before != nullptr) no_forward(at_path(path) + ": its items are free now");
    }
    look_at_the_rest(from, to, path);
  }

  void look_at_types(const JsonValue& from, const JsonValue& to, const std::string& path) {
    const std::set<std::string> before = types_of(from);
    const std::set<std::string> after = types_of(to);
    if (before == after) return;
    const std::string words = at_path(path) + ": " + joined(before) + " -> " + joined(after);
    list_.add(words);
    if (!within(before, after)) no_backward(words);
    if (!within(after, before)) no_forward(words);
  }

  void look_at_properties(const JsonValue& from, const JsonValue& to, const std::string& path, std::size_t depth) {
    static const JsonValue kNone;
    const JsonValue* const before = from.find("properties");
    const JsonValue* const after = to.find("properties");
    const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
    for (const auto& [name, schema] : (before != nullptr ? *before : kNone).members) {
      const JsonValue* const same = after != nullptr ? after->find(name) : nullptr;
      if (same != nullptr) {
        look(schema, *same, below(name), depth + 1);
        continue;
      }
      list_.add(named(below(name)) + " removed");
      if (is_closed(to)) no_backward(named(below(name)) + " is not allowed any more");
    }
    for (const auto& [name, schema] : (after != nullptr ? *after : kNone).members) {
      if (before != nullptr && before->find(name) != nullptr) continue;
      list_.add(named(below(name)) + " added, " + joined(types_of(schema)));
      if (is_closed(from)) no_forward(named(below(name)) + " was not allowed");
    }
  }

  void look_at_required(const JsonValue& from, const JsonValue& to, const std::string& path) {
    const std::set<std::string> before = texts_of(from.find("required"));
    const std::set<std::string> after = texts_of(to.find("required"));
    const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
    for (const std::string& name : after) {
      if (before.contains(name)) continue;
      list_.add(named(below(name)) + " is required now");
      no_backward(named(below(name)) + " is required and was not");
    }
    for (const std::string& name : before) {
      if (after.contains(name)) continue;
      list_.add(named(below(name)) + " is no longer required");
      no_forward(named(below(name)) + " is required and may be absent now");
    }
  }

  void look_at_values(const JsonValue& from, const JsonValue& to, const std::string& path) {
    const JsonValue* const had = from.find("enum");
    const JsonValue* const has = to.find("enum");
    if (had == nullptr && has == nullptr) return;
    const std::set<std::string> before = texts_of(had);
    const std::set<std::string> after = texts_of(has);
    if (had == nullptr || has == nullptr) {
      list_.add(at_path(path) + (has != nullptr ? ": only some values are allowed now" : ": any value is allowed now"));
      if (has != nullptr) no_backward(at_path(path) + ": any value was allowed");
      if (had != nullptr) no_forward(at_path(path) + ": any value is allowed now");
      return;
    }
    for (const std::string& one : after) {
      if (before.contains(one)) continue;
      list_.add(at_path(path) + ": value " + named(one) + " added");
      no_forward(at_path(path) + ": the old schema does not allow " + named(one));
    }
    for (const std::string& one : before) {
      if (after.contains(one)) continue;
      list_.add(at_path(path) + ": value " + named(one) + " removed");
      no_backward(at_path(path) + ": " + named(one) + " is not allowed any more");
    }
  }

  void look_at_closing(const JsonValue& from, const JsonValue& to, const std::string& path) {
    if (is_closed(from) == is_closed(to)) return;
    list_.add(at_path(path) +
              (is_closed(to) ? ": other properties are not allowed any more" : ": other properties are allowed now"));
    if (is_closed(to)) no_backward(at_path(path) + ": other properties were allowed");
    if (is_closed(from)) no_forward(at_path(path) + ": other properties are allowed now");
  }

  void look_at_the_rest(const JsonValue& from, const JsonValue& to, const std::string& path) {
    std::set<std::string> keywords;
    for (const auto& [name, unused] : from.members) keywords.insert(name);
    for (const auto& [name, unused] : to.members) keywords.insert(name);
    for (const std::string_view known : kForPeople) keywords.erase(std::string(known));
    for (const std::string_view known : kUnderstood) keywords.erase(std::string(known));
    for (const std::string& keyword : keywords) {
      const JsonValue* const before = from.find(keyword);
      const JsonValue* const after = to.find(keyword);
      if (before != nullptr && after != nullptr && *before == *after) continue;
      const std::string_view what = before == nullptr ? " added" : after == nullptr ? " removed" : " changed";
      list_.add(at_path(path) + ": keyword " + named(keyword) + std::string(what));
      known_ = false;
    }
  }

  SchemaDifference& out_;
  DifferenceList list_;
  bool backward_ = true;
  bool forward_ = true;
  bool known_ = true;  // everything that changed is understood
};

}  // namespace

SchemaDifference compare_json_schemas(const SchemaText& from, const SchemaText& to) {
  SchemaDifference out;
  const Result<JsonValue> before = parse_json(from.text, kJsonDepth);
  const Result<JsonValue> after = parse_json(to.text, kJsonDepth);
  if (!before || !after) {
    const Error& error = before ? after.error() : before.error();
    DifferenceList(out).add(std::string(before ? "the new" : "the old") + " schema cannot be read: " + error.message);
    return out;
  }
  Differences(out).look(*before, *after);
  return out;
}

}  // namespace weir
