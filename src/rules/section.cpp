// SPDX-License-Identifier: Apache-2.0
// The generic half of reading a rule file: which keys there are and whether their values have the right shape.
#include "rules/section.h"

#include <algorithm>

#include "base/text.h"
#include "rules/codes.h"

namespace weir {
namespace {

bool is_map_for(Findings& findings, const YamlNode& value, std::string_view what, const Keys* table = nullptr) {
  if (value.is_map()) return true;
  const std::string keys = table == nullptr ? "" : listed(table->names());
  wrong_shape(findings, value, what, "a map", keys.empty() ? "" : "it takes " + keys);
  return false;
}

bool is_list_for(Findings& findings, const YamlNode& value, std::string_view what) {
  if (value.is_list()) return true;
  wrong_shape(findings, value, what, "a list", value.is_map() ? "begin each entry with `- `" : "");
  return false;
}

bool fits_vote(Findings& findings, const YamlNode& value, std::string_view what) {
  const std::optional<Scalar> scalar = read_scalar(findings, value, what);
  if (!scalar) return false;
  const std::string& text = scalar->text;
  const std::size_t of = text.find(" of ");
  const auto is_count = [](std::string_view digits) {
    return !digits.empty() && digits.size() < 5 && digits.find_first_not_of("0123456789") == std::string_view::npos &&
           digits != "0";
  };
  if (of == std::string::npos && is_count(text)) return true;
  if (of != std::string::npos && is_count(text.substr(0, of)) && is_count(text.substr(of + 4)) &&
      std::stoi(text) <= std::stoi(text.substr(of + 4)))
    return true;
  findings.error(codes::kValue, scalar->where,
                 std::string(what) + " wants a count such as `2 of 3`, not " + backquoted(text));
  return false;
}

bool fits_choices(Findings& findings, const YamlNode& value, std::string_view what,
                  std::span<const std::string_view> choices) {
  if (!value.is_list()) return read_choice(findings, value, what, choices).has_value();
  return std::all_of(value.items.begin(), value.items.end(),
                     [&](const YamlNode* item) { return read_choice(findings, *item, what, choices).has_value(); });
}

bool fits_numbers(Findings& findings, const YamlNode& value, std::string_view what) {
  if (!is_map_for(findings, value, what)) return false;
  return std::all_of(value.members.begin(), value.members.end(), [&](const YamlNode::Member& member) {
    if (read_percentage(*member.value)) return true;
    return read_number(findings, *member.value, backquoted(member.key->text)).has_value();
  });
}

bool fits_segments(Findings& findings, const YamlNode& value, std::string_view what) {
  if (!value.is_map()) return read_paths(findings, value, what).has_value();
  return std::all_of(value.members.begin(), value.members.end(), [&](const YamlNode::Member& member) {
    return parse_path(findings, *member.key) && read_literals(findings, *member.value, backquoted(member.key->text));
  });
}

bool fits_vars(Findings& findings, const YamlNode& value, std::string_view what) {
  if (!is_map_for(findings, value, what)) return false;
  return std::all_of(value.members.begin(), value.members.end(), [&](const YamlNode::Member& member) {
    return read_literal(findings, *member.value, "the variable " + backquoted(member.key->text)).has_value();
  });
}

}  // namespace

std::string_view known_synonym(std::string_view written, std::span<const KeySpec> keys) {
  for (const KeySpec& key : keys) {
    if (std::find(key.synonyms.begin(), key.synonyms.end(), written) != key.synonyms.end()) return key.name;
  }
  return {};
}

void unknown_key(Findings& findings, const YamlNode& key, std::string_view place,
                 const std::vector<std::string_view>& names) {
  const std::string names_listed = listed(names);
  findings.error(codes::kUnknownKey, key.where(), "unknown key " + backquoted(key.text) + " in " + std::string(place),
                 {.label = did_you_mean(key.text, names),
                  .help = names_listed.empty() ? "" : std::string(place) + " takes " + names_listed});
}

bool fits(Findings& findings, const YamlNode& value, const KeySpec& key) {
  const std::string what = backquoted(key.name);
  switch (key.shape) {
    case Shape::Boolean: return read_boolean(findings, value, what).has_value();
    case Shape::Count: return read_count(findings, value, what).has_value();
    case Shape::Number: return read_number(findings, value, what).has_value();
    case Shape::Text: return read_scalar(findings, value, what).has_value();
    case Shape::Texts: return read_texts(findings, value, what).has_value();
    case Shape::Literals: return read_literals(findings, value, what).has_value();
    case Shape::Duration: return read_duration(findings, value, what).has_value();
    case Shape::Time: return read_time(findings, value, what).has_value();
    case Shape::Choice: return read_choice(findings, value, what, key.choices).has_value();
    case Shape::Choices: return fits_choices(findings, value, what, key.choices);
    case Shape::Path: return read_path(findings, value, what).has_value();
    case Shape::Paths: return read_paths(findings, value, what).has_value();
    case Shape::Vote: return fits_vote(findings, value, what);
    case Shape::Numbers: return fits_numbers(findings, value, what);
    case Shape::Segments: return fits_segments(findings, value, what);
    case Shape::Vars: return fits_vars(findings, value, what);
    case Shape::Sections:
    case Shape::Records: return is_list_for(findings, value, what);
    case Shape::Section: return is_map_for(findings, value, what, key.table);
    case Shape::Sets:
    case Shape::Templates:
    case Shape::Fields: return is_map_for(findings, value, what);
    case Shape::Anything: return true;
  }
  return false;
}

Section::Section(Findings& findings, const YamlNode& node, const Keys& table) {
  if (!is_map_for(findings, node, table.name, &table)) return;
  std::vector<std::string_view> meant_keys;  // said by another name, which is told: they are not missing besides
  for (const YamlNode::Member& member : node.members) {
    const KeySpec* const key = table.find(member.key->text);
    if (key != nullptr) {
      if (fits(findings, *member.value, *key)) members_.push_back(member);
      continue;
    }
    if (table.open) continue;
    const std::string_view meant = known_synonym(member.key->text, table.keys);
    if (meant.empty()) {
      unknown_key(findings, *member.key, table.name, table.names());
    } else {
      meant_keys.push_back(meant);
      findings.error(codes::kUnknownKey, member.key->where(),
                     "unknown key " + backquoted(member.key->text) + " in " + std::string(table.name),
                     {.label = "in weir this is `" + std::string(meant) + "`", .help = {}});
    }
  }
  for (const KeySpec& key : table.keys) {
    if (!key.required || node.find(key.name) != nullptr) continue;
    if (std::find(meant_keys.begin(), meant_keys.end(), key.name) != meant_keys.end()) continue;
    findings.error(codes::kMissingKey, node.where(),
                   std::string(table.name) + " needs the key `" + std::string(key.name) + "`",
                   {.label = {}, .help = std::string(key.summary)});
  }
}

const YamlNode* Section::node(std::string_view key) const {
  for (const YamlNode::Member& member : members_) {
    if (member.key->text == key) return member.value;
  }
  return nullptr;
}

const YamlNode* Section::key(std::string_view key) const {
  for (const YamlNode::Member& member : members_) {
    if (member.key->text == key) return member.key;
  }
  return nullptr;
}

std::string Section::text(std::string_view key, std::string otherwise) const {
  const YamlNode* const found = node(key);
  return found == nullptr ? otherwise : found->text;
}

bool Section::flag(std::string_view key, bool otherwise) const {
  const YamlNode* const found = node(key);
  return found == nullptr ? otherwise : found->text.front() == 't' || found->text.front() == 'T';
}

std::optional<FieldPath> Section::path(std::string_view key) const {
  const YamlNode* const found = node(key);
  if (found == nullptr) return std::nullopt;
  Result<FieldPath> path = FieldPath::parse(found->text);
  if (!path) return std::nullopt;
  return *std::move(path);
}

std::vector<std::string> Section::texts(std::string_view key) const {
  const YamlNode* const found = node(key);
  return found == nullptr ? std::vector<std::string>() : texts_of(*found);
}

std::vector<std::string> texts_of(const YamlNode& node) {
  std::vector<std::string> out;
  if (node.is_scalar()) out.push_back(node.text);
  for (const YamlNode* item : node.items) out.push_back(item->text);
  return out;
}

}  // namespace weir
