// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_lists.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "testing/slow_checks.h"
#include "testing/slow_number.h"

namespace weir::testing {

namespace {

using Value = const SlowJson*;
using Type = SlowJson::Type;

bool is_value(Value value) {
  return value != nullptr && value->type != Type::Null;
}

/// A number in its one form: 1.50 is 1.5, 1e2 is 100.
std::string plain(const std::string& json) {
  const SlowNumber number = SlowNumber::read(json);
  if (number.digits.empty()) return "0";
  std::string digits = number.digits + std::string(static_cast<std::size_t>(std::max(0L, number.exponent)), '0');
  if (number.exponent < 0) {
    const auto places = static_cast<std::size_t>(-number.exponent);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
  }
  return (number.negative ? "-" : "") + digits;
}

}  // namespace

std::vector<std::string> slow_by_frequency(const std::vector<Value>& values, bool only_first_place) {
  struct Counted {
    std::size_t count = 0;
    int order = 0;
    std::string text;
  };
  std::map<std::string, Counted> counted;
  for (const Value value : values) {
    if (!is_value(value)) continue;
    const int order = value->type == Type::Text      ? 0
                      : value->type == Type::Number  ? 1
                      : value->type == Type::Boolean ? 2
                                                     : 3;
    Counted& entry = counted[slow_key(*value)];
    entry = {.count = entry.count + 1,
             .order = order,
             .text = value->type == Type::Number ? plain(value->text) : value->text};
  }
  std::vector<Counted> sorted;
  for (const auto& [key, entry] : counted) sorted.push_back(entry);
  std::sort(sorted.begin(), sorted.end(), [](const Counted& a, const Counted& b) {
    if (a.count != b.count) return a.count > b.count;
    return std::pair(a.order, a.text) < std::pair(b.order, b.text);
  });
  std::vector<std::string> out;
  for (const Counted& entry : sorted) {
    if (!only_first_place || entry.count == sorted.front().count) out.push_back(entry.text);
  }
  return out;
}

namespace {

std::string type_in_words(Type type) {
  constexpr std::string_view kNames[] = {"null", "boolean", "number", "string", "array", "object"};
  return std::string(kNames[static_cast<std::size_t>(type)]);
}

}  // namespace

std::vector<std::string> slow_schema(const std::vector<Value>& records) {
  std::map<std::string, std::pair<std::size_t, std::set<Type>>> fields;
  for (const Value record : records) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < record->keys.size(); ++i) {
      if (std::find(names.begin(), names.end(), record->keys[i]) == names.end()) names.push_back(record->keys[i]);
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      auto& field = fields.emplace(names[i], std::pair(i, std::set<Type>())).first->second;
      field.first = std::min(field.first, i);
      field.second.insert(record->find(names[i])->type);
    }
  }
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [name, field] : fields) order.emplace_back(field.first, name);
  std::sort(order.begin(), order.end());
  std::vector<std::string> out;
  for (const auto& [place, name] : order) {
    std::set<Type> types = fields[name].second;
    if (types.size() > 1) types.erase(Type::Null);
    std::string line = name + ":";
    for (const Type type : types) line += (line.back() == ':' ? " " : "|") + type_in_words(type);
    out.push_back(line);
  }
  return out;
}

}  // namespace weir::testing
