// SPDX-License-Identifier: Apache-2.0
// `drift`: read, typed and checked in full, so that a rule file is right today and is judged by the version that brings it.
#include <algorithm>

#include "rules/codes.h"
#include "rules/expressions.h"
#include "rules/keys.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

/// Conditions see the types that `fields` declares; their columns belong to no plan yet.
class Scratch {
 public:
  explicit Scratch(const RuleSet& rules) {
    for (const WrittenField& field : rules.fields) types_.emplace(field.path.text(), field.type);
  }
  FieldLookup lookup() {
    return [this](const FieldPath& path) {
      const std::string text = path.text();
      const auto type = types_.find(text);
      const auto column = columns_.emplace(text, static_cast<std::uint32_t>(columns_.size())).first->second;
      return FieldRef{.column = column, .type = type == types_.end() ? FieldType::Any : type->second};
    };
  }

 private:
  std::unordered_map<std::string, FieldType> types_;
  std::unordered_map<std::string, std::uint32_t> columns_;
};

void read_reference(RuleReading& reading, const YamlNode& node, const Keys& keys) {
  const Section reference(reading.findings, node, keys);
  std::vector<std::string_view> said;
  for (const std::string_view key : {"file", "previous", "rolling", "same"}) {
    if (node.is_map() && node.find(key) != nullptr) said.push_back(key);
  }
  if (!node.is_map() || said.size() == 1) return;
  reading.findings.error(said.empty() ? codes::kMissingKey : codes::kContradiction, node.where(),
                         said.empty() ? "`reference` needs `file`, `previous`, `rolling` or `same`"
                                      : "`reference` says two things: " + listed(said),
                         {.label = {}, .help = "one of them"});
}

void read_drift_block(RuleReading& reading, const YamlNode& node, Scratch& scratch) {
  const Section block(reading.findings, node, drift_keys());
  const KeySpec& reference = *drift_keys().find("reference");
  if (block.has("reference")) read_reference(reading, *block.node("reference"), *reference.table);
  if (const YamlNode* when = block.node("when")) compile_expression(reading.findings, *when, scratch.lookup());
  const YamlNode* const tests = drift_keys().find("test") == nullptr ? nullptr : block.node("tolerance");
  if (tests != nullptr) {
    const std::span<const std::string_view> known = drift_keys().find("test")->choices;
    for (const YamlNode::Member& member : tests->members) {
      if (std::find(known.begin(), known.end(), member.key->text) == known.end())
        unknown_key(reading.findings, *member.key, "`tolerance`", {known.begin(), known.end()});
    }
  }
  const YamlNode* const fields = block.node("fields");
  if (fields == nullptr || !block.flag("enabled", true)) return;
  const std::vector<std::string> paths = texts_of(*fields);
  for (const std::string& path : paths) {
    const bool given = block.has("id");
    const std::string base = given ? block.text("id") + (paths.size() == 1 ? "" : "." + path) : "drift." + path;
    const std::string id =
        given ? reading.ids.given(base, block.node("id")->where()) : reading.ids.automatic(base, fields->where());
    reading.out.later.push_back({.id = id,
                                 .kind = RuleKind::Drift,
                                 .text = "compared by " + one_line(block.text("test", "auto")),
                                 .where = fields->where()});
  }
}

/// One warning for the section: a warning for each rule would hide what else there is to say.
void warn(RuleReading& reading, const YamlNode& section, std::size_t rules) {
  if (rules == 0) return;
  reading.findings.warning(codes::kDriftLater, section.where(),
                           std::to_string(rules) + (rules == 1 ? " drift rule is" : " drift rules are") +
                               " read and checked, but not judged yet by this version",
                           {.label = "nothing fails because of them", .help = {}});
}

}  // namespace

void read_drift(RuleReading& reading, const YamlNode& drift) {
  Scratch scratch(reading.out);
  const std::size_t before = reading.out.later.size();
  for (const YamlNode* node : drift.items) read_drift_block(reading, *node, scratch);
  warn(reading, drift, reading.out.later.size() - before);
}

}  // namespace weir
