// SPDX-License-Identifier: Apache-2.0
#include "suggest/discover.h"

#include <algorithm>

namespace weir {

std::string path_step(std::string_view name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (plain && name != "kafka") return std::string(name);
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string in_expression(const FieldPath& path) {
  std::string out;
  for (const FieldPath::Step& step : path.steps()) {
    if (step.every) {
      out += "[]";
      continue;
    }
    if (step.name.find('`') != std::string::npos) return "";
    if (!out.empty()) out += '.';
    const bool word = std::all_of(step.name.begin(), step.name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    const bool plain = word && !(step.name[0] >= '0' && step.name[0] <= '9');
    out += plain ? step.name : '`' + step.name + '`';
  }
  return out;
}

FieldDiscovery::Place* FieldDiscovery::place(const std::string& path) {
  const auto known = known_.find(path);
  if (known != known_.end()) return &places_[known->second];
  if (places_.size() >= kMaxFields) {
    ++left_out_;
    return nullptr;
  }
  known_.emplace(path, places_.size());
  places_.push_back({.path = path});
  return &places_.back();
}

void FieldDiscovery::add(const JsonValue& record) {
  for (const auto& [name, value] : record.members) {
    if (!name.empty()) visit(value, path_step(name), 1);
  }
}

void FieldDiscovery::add_names(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name.empty()) continue;
    if (Place* here = place(path_step(name))) here->leaf = true;
  }
}

void FieldDiscovery::visit(const JsonValue& value, const std::string& path, std::size_t depth) {
  Place* const here = place(path);
  if (here == nullptr) return;
  const bool object = value.type == JsonValue::Type::Object && !value.members.empty();
  const bool array = value.type == JsonValue::Type::Array && !value.items.empty();
  if ((!object && !array) || depth >= kMaxDepth || value.members.size() > kMaxMembers) {
    here->leaf = here->leaf || value.type != JsonValue::Type::Null;
    return;
  }
  here->container = true;
  if (object) {
    for (const auto& [name, member] : value.members) {
      if (!name.empty()) visit(member, path + "." + path_step(name), depth + 1);
    }
    return;
  }
  // The first elements show what the others are like.
  constexpr std::size_t kElements = 16;
  for (std::size_t i = 0; i < std::min(value.items.size(), kElements); ++i)
    visit(value.items[i], path + "[]", depth + 1);
}

std::vector<FieldPath> FieldDiscovery::paths() const {
  std::vector<FieldPath> out;
  for (const Place& place : places_) {
    // A field that was null in every record is a field, too.
    if (place.container && !place.leaf) continue;
    Result<FieldPath> path = FieldPath::parse(place.path);
    if (path) out.push_back(*std::move(path));
  }
  return out;
}

}  // namespace weir
