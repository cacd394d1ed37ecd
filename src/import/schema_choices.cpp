// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "import/regex.h"
#include "import/schema_keywords.h"
#include "import/words.h"

namespace weir {
namespace {

constexpr int kDeepest = 32;
constexpr std::size_t kMostVisits = 20'000;

class NullableFields {
 public:
  explicit NullableFields(const SchemaReferences& references) : references_(references) {}

  void find(const SuiteNode& node, const std::string& path, int depth) {
    if (depth > kDeepest || !node.is_map() || ++seen_ > kMostVisits) return;
    const std::vector<std::string> types = node["type"].texts();
    bool null = std::find(types.begin(), types.end(), "null") != types.end() || node["nullable"].is_true();
    for (const char* key : {"anyOf", "oneOf"}) {
      for (const SuiteNode& part : node[key].items) null = null || part["type"].text_or() == "null";
    }
    for (const SuiteNode& item : node["enum"].items) null = null || item.is_null();
    // Without a type every value will do, null too.
    const bool open = !node.has("type") && !node.has("enum") && !node.has("const") && !node.has("$ref") &&
                      !node.has("allOf") && !node.has("anyOf") && !node.has("oneOf");
    if (null || open) found.insert(path);
    for (const SuiteMember& member : node["properties"].members)
      find(member.value, below_path(path, path_of(member.key)), depth + 1);
    if (node["items"].is_map()) find(node["items"], below_path(path, "[]"), depth + 1);
    for (const SuiteNode& part : node["allOf"].items) find(part, path, depth + 1);
    if (const SuiteNode* target = node.has("$ref") ? references_.resolve(node["$ref"].text_or()) : nullptr;
        target != nullptr && target != &node)
      find(*target, path, depth + 1);
  }

  std::set<std::string> found;

 private:
  const SchemaReferences& references_;
  std::size_t seen_ = 0;
};

}  // namespace

std::string below_path(const std::string& path, const std::string& step) {
  return path.empty() ? step : path + (step == "[]" ? "" : ".") + step;
}

std::set<std::string> nullable_fields(const SuiteNode& schema, const SchemaReferences& references) {
  NullableFields fields(references);
  fields.find(schema, "", 0);
  return std::move(fields.found);
}

bool constant_choices(Draft& draft, const std::vector<const SuiteNode*>& parts, const std::string& path) {
  std::string list = "[";
  for (const SuiteNode* part : parts) {
    const bool only = std::all_of(part->members.begin(), part->members.end(), [](const SuiteMember& m) {
      return m.key == "const" || m.key == "enum" || m.key == "type" || !is_schema_rule(m.key);
    });
    const bool has_list = (*part)["enum"].is_list();
    if (!only || (!part->has("const") && !has_list)) return false;
    std::vector<SuiteNode> values = (*part)["enum"].items;
    if (part->has("const")) values = {(*part)["const"]};
    for (const SuiteNode& value : values) {
      if (!value.is_scalar()) return false;
      if (!value.is_null()) list += (list.size() == 1 ? "" : ", ") + scalar_in_yaml(value);
    }
  }
  if (list.size() == 1) return false;
  draft.add_check(path, "in", list + "]");
  return true;
}

bool text_choices(Draft& draft, const std::vector<const SuiteNode*>& parts, const std::string& path) {
  std::vector<std::string> patterns;
  std::vector<std::string> formats;
  for (const SuiteNode* part : parts) {
    const auto says = [part](std::string_view key) {
      return std::all_of(part->members.begin(), part->members.end(), [&](const SuiteMember& m) {
        return m.key == key || (m.key == "type" && m.value.text_or() == "string") || !is_schema_rule(m.key);
      });
    };
    const std::string_view format = format_of_schema((*part)["format"].text_or());
    if (says("pattern") && (*part)["pattern"].is_text()) patterns.push_back(regex_for_re2((*part)["pattern"].text));
    if (says("format") && !format.empty()) formats.emplace_back(format);
  }
  if (parts.empty() || (patterns.size() != parts.size() && formats.size() != parts.size())) return false;
  const bool by_pattern = patterns.size() == parts.size();
  draft.add_check(path, by_pattern ? "match" : "format", list_in_yaml(by_pattern ? patterns : formats));
  return true;
}

}  // namespace weir
