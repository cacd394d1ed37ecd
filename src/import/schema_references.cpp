// SPDX-License-Identifier: Apache-2.0
#include "import/schema_references.h"

namespace weir {
namespace {

constexpr int kDeepest = 32;

/// A step of a JSON pointer within a URI.
std::string decoded(std::string_view step) {
  std::string out;
  const auto hex = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1')) {
      out += step[++i] == '1' ? '/' : '~';
    } else if (step[i] == '%' && i + 2 < step.size() && hex(step[i + 1]) >= 0 && hex(step[i + 2]) >= 0) {
      out += static_cast<char>(hex(step[i + 1]) * 16 + hex(step[i + 2]));
      i += 2;
    } else {
      out += step[i];
    }
  }
  return out;
}

}  // namespace

const SuiteNode* SchemaReferences::resolve(const std::string& target) const {
  if (target == "#" || target.empty()) return &root_;
  if (target.starts_with("#/")) return by_pointer(target.substr(1));
  if (target.starts_with('#')) return by_anchor(root_, target.substr(1), 0);
  const std::string base = root_["$id"].text_or(root_["id"].text_or());
  if (!base.empty() && target == base) return &root_;
  return by_id(target);
}

const SuiteNode* SchemaReferences::by_pointer(std::string_view pointer) const {
  const SuiteNode* node = &root_;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    std::string step(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(step.size());
    step = decoded(step);
    if (node->is_map() && node->has(step)) {
      node = &(*node)[step];
    } else if (node->is_list() && !step.empty() && step.size() < 6 &&
               step.find_first_not_of("0123456789") == std::string::npos && std::stoul(step) < node->items.size()) {
      node = &node->items[std::stoul(step)];
    } else {
      return nullptr;
    }
  }
  return node;
}

const SuiteNode* SchemaReferences::by_anchor(const SuiteNode& node, const std::string& name, int depth) const {
  if (depth > kDeepest) return nullptr;
  if (node["$anchor"].text_or() == name || node["$dynamicAnchor"].text_or() == name ||
      node["$id"].text_or() == "#" + name || node["id"].text_or() == "#" + name)
    return &node;
  for (const char* key : {"$defs", "definitions"}) {
    for (const SuiteMember& member : node[key].members) {
      if (const SuiteNode* found = by_anchor(member.value, name, depth + 1)) return found;
    }
  }
  return nullptr;
}

const SuiteNode* SchemaReferences::by_id(const std::string& target) const {
  for (const char* key : {"$defs", "definitions"}) {
    for (const SuiteMember& member : root_[key].members) {
      if (member.value["$id"].text_or() == target) return &member.value;
    }
  }
  return nullptr;
}

}  // namespace weir
