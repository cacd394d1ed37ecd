// SPDX-License-Identifier: Apache-2.0
// `windows` and `drift`: read, typed and checked in full, so that a rule file is right today and is judged by the version
// that brings them.
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

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (!blank || (!out.empty() && out.back() != ' ')) out += blank ? ' ' : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

void contradiction(RuleReading& reading, const YamlNode& at, std::string message, std::string help) {
  reading.findings.error(codes::kContradiction, at.where(), std::move(message), {.label = {}, .help = std::move(help)});
}

/// Which keys go together to say what a window is.
void check_extent(RuleReading& reading, const Section& block) {
  const bool by_time = block.has("every") || block.has("size");
  for (const std::string_view key : {"count", "session"}) {
    if (block.has(key) && by_time)
      contradiction(reading, *block.key(key), "a window by `" + std::string(key) + "` has no `every` and no `size`",
                    "write a block for each");
  }
  if (block.has("count") && block.has("session"))
    contradiction(reading, *block.key("session"), "a window is by `count` or by `session`", "write a block for each");
  if (block.has("count") && block.text("count") == "0")
    contradiction(reading, *block.key("count"), "a window of no records", "`count` is at least 1");
  const auto needs = [&](std::string_view key, std::string_view other, std::string_view help) {
    if (!block.has(key) || block.has(other)) return;
    reading.findings.error(codes::kMissingKey, block.key(key)->where(),
                           "`" + std::string(key) + "` needs `" + std::string(other) + "`",
                           {.label = {}, .help = std::string(help)});
  };
  needs("session", "max", "the longest that a session may be bounds what is remembered");
  needs("size", "every", "a window of `size` begins `every` so often");
}

void read_window_rule(RuleReading& reading, const YamlNode& node, const std::string& every, Scratch& scratch) {
  const Section rule(reading.findings, node, window_rule_keys());
  if (!node.is_map()) return;
  if (node.find("must") == nullptr && node.find("should") == nullptr) {
    reading.findings.error(codes::kMissingKey, node.where(), "a window rule needs `must` or `should`",
                           {.label = {}, .help = "for example {must: row_count >= 100}"});
  }
  const YamlNode* const must = rule.node("must");
  const YamlNode* const should = rule.node("should");
  for (const YamlNode* condition : {must, should}) {
    if (condition != nullptr) check_condition(reading.findings, *condition, scratch.lookup());
  }
  if (const YamlNode* when = rule.node("when")) compile_expression(reading.findings, *when, scratch.lookup());
  const YamlNode* const said = must != nullptr ? must : should;
  if (said == nullptr) return;
  const std::string text = one_line(said->text);
  const std::string id = rule.has("id") ? reading.ids.given(rule.text("id"), rule.node("id")->where())
                                        : reading.ids.automatic("windows." + every + "." + text, said->where());
  if (rule.flag("enabled", true))
    reading.out.later.push_back({.id = id, .kind = RuleKind::Window, .text = text, .where = said->where()});
}

std::string extent_of(const Section& block) {
  if (block.has("every")) return block.text("every");
  if (block.has("count")) return "count " + block.text("count");
  return block.has("session") ? "session " + block.text("session") : "all";
}

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

std::string counted(std::size_t n, std::string_view noun) {
  return std::to_string(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

/// One warning for the section: a warning for each rule would hide what else there is to say.
void warn(RuleReading& reading, std::string_view code, const YamlNode& section, std::size_t rules,
          std::string_view noun) {
  if (rules == 0) return;
  reading.findings.warning(
      code, section.where(),
      counted(rules, noun) + (rules == 1 ? " is" : " are") + " read and checked, but not judged yet by this version",
      {.label = "nothing fails because of them", .help = {}});
}

}  // namespace

void read_windows(RuleReading& reading, const YamlNode& windows) {
  Scratch scratch(reading.out);
  const std::size_t before = reading.out.later.size();
  for (const YamlNode* node : windows.items) {
    const Section block(reading.findings, *node, window_keys());
    check_extent(reading, block);
    const YamlNode* const rules = block.node("rules");
    if (rules == nullptr) continue;
    for (const YamlNode* rule : rules->items) read_window_rule(reading, *rule, extent_of(block), scratch);
  }
  warn(reading, codes::kWindowsLater, windows, reading.out.later.size() - before, "window rule");
}

void read_drift(RuleReading& reading, const YamlNode& drift) {
  Scratch scratch(reading.out);
  const std::size_t before = reading.out.later.size();
  for (const YamlNode* node : drift.items) read_drift_block(reading, *node, scratch);
  warn(reading, codes::kDriftLater, drift, reading.out.later.size() - before, "drift rule");
}

}  // namespace weir
