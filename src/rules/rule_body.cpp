// SPDX-License-Identifier: Apache-2.0
// A map of checks and options, as it stands under `fields`, `templates` and `records`.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "checks/registry.h"
#include "rules/codes.h"
#include "rules/keys.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

constexpr ParamSpec kExprParams[] = {
    {.name = "value", .type = ParamType::Text, .summary = "An expression that has to hold.", .required = true}};
constexpr std::string_view kExprSynonyms[] = {"expression",
                                              "sql",
                                              "condition_expression",
                                              "custom_sql",
                                              "user_defined",
                                              "constraint",
                                              "satisfies",
                                              "expect_column_pair_values_a_to_be_greater_than_b",
                                              "expression_is_true",
                                              "col_vals_expr",
                                              "failed_rows"};
/// `expr` is compiled here and not by a make(): it needs the fields of the whole file.
const CheckSpec kExprCheck{.name = "expr",
                           .summary = "An expression over the fields of a record holds.",
                           .domain = Domain::Any,
                           .on_field = false,
                           .on_record = true,
                           .sees_nulls = true,
                           .params = kExprParams,
                           .column_params = {},
                           .synonyms = kExprSynonyms,
                           .make = nullptr};

/// Names without what tools write differently: case, `_`, `-`, blanks.
std::string bare_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if (c != '_' && c != '-' && c != ' ' && (c < 'A' || c > 'Z')) out += c;
  }
  return out;
}

/// Every check by its name, and by the names that other tools give it.
struct CheckNames {
  std::unordered_map<std::string_view, const CheckSpec*> checks;
  std::unordered_map<std::string, std::string_view> synonyms;

  CheckNames() {
    for (const CheckSpec* spec : check_specs()) checks.emplace(spec->name, spec);
    for (const CheckSpec* spec : check_specs()) {
      for (const std::string_view synonym : spec->synonyms) synonyms.emplace(bare_name(synonym), spec->name);
    }
    for (const Keys* keys : {&option_keys(), &field_keys()}) {
      for (const KeySpec& key : keys->keys) {
        for (const std::string_view synonym : key.synonyms) synonyms.emplace(bare_name(synonym), key.name);
      }
    }
  }
};

const CheckNames& check_names() {
  static const CheckNames names;
  return names;
}

std::vector<std::string_view> keys_for(bool on_field) {
  std::vector<std::string_view> names;
  for (const CheckSpec* spec : check_specs()) {
    if (on_field ? spec->on_field : spec->on_record) names.push_back(spec->name);
  }
  for (const KeySpec& key : option_keys().keys) names.push_back(key.name);
  if (on_field) {
    for (const KeySpec& key : field_keys().keys) names.push_back(key.name);
  }
  return names;
}

void tell_unknown(RuleReading& reading, const YamlNode& key, bool on_field, const std::string& field) {
  const std::string place = !on_field       ? "a record rule"
                            : field.empty() ? "a template"
                                            : "the field " + backquoted(field);
  const auto synonym = check_names().synonyms.find(bare_name(key.text));
  if (synonym != check_names().synonyms.end()) {
    reading.findings.error(codes::kUnknownKey, key.where(), "unknown key " + backquoted(key.text) + " in " + place,
                           {.label = "in weir this is `" + std::string(synonym->second) + "`", .help = {}});
    return;
  }
  static const std::vector<std::string_view> field_names = keys_for(true);
  static const std::vector<std::string_view> record_names = keys_for(false);
  unknown_key(reading.findings, key, place, on_field ? field_names : record_names);
}

OnFail on_fail_named(std::string_view name) {
  if (name == "count") return OnFail::Count;
  if (name == "tag") return OnFail::Tag;
  if (name == "drop") return OnFail::Drop;
  return name == "halt" ? OnFail::Halt : OnFail::Quarantine;
}

/// Collects the keys of a template and of those that it uses in turn.
class TemplateKeys {
 public:
  /// `name` is the template that is being looked at, if it is one.
  explicit TemplateKeys(RuleReading& reading, const std::string& name = "") : reading_(reading) {
    if (!name.empty()) open_.push_back(name);
  }

  /// Adds the members of `map` that are not there yet, then those of its templates.
  void add(const YamlNode& map) {
    const YamlNode* use = nullptr;
    for (const YamlNode::Member& member : map.members) {
      if (member.key->text == "use") {
        use = member.value;
      } else if (seen_.insert({member.key->text, true}).second) {
        members_.push_back(member);
      }
    }
    if (use == nullptr || !fits(reading_.findings, *use, *field_keys().find("use"))) return;
    if (use->is_scalar()) add_template(*use);
    for (auto name = use->items.rbegin(); name != use->items.rend(); ++name) add_template(**name);
  }

  Members take() { return std::move(members_); }

 private:
  void add_template(const YamlNode& name) {
    const auto found = reading_.bundle.templates.find(name.text);
    if (found == reading_.bundle.templates.end() && !reading_.bundle.complete)
      return;  // a missing include was told already
    if (found == reading_.bundle.templates.end()) {
      std::vector<std::string_view> names;
      for (const auto& [known, unused] : reading_.bundle.templates) names.push_back(known);
      reading_.findings.error(codes::kTemplate, name.where(), "unknown template " + backquoted(name.text),
                              {.label = did_you_mean(name.text, names),
                               .help = "templates are defined under `templates`, here or in an included file"});
      return;
    }
    found->second.used = true;
    if (!found->second.value->is_map()) return;  // told by check_templates()
    if (std::find(open_.begin(), open_.end(), name.text) != open_.end()) {
      // Of a circle of templates one is told, however one came into it.
      if (*std::min_element(open_.begin(), open_.end()) != name.text) return;
      reading_.findings.error(codes::kTemplate, name.where(), "the template " + backquoted(name.text) + " uses itself",
                              {});
      return;
    }
    if (++taken_ > kMostTemplates) return;
    open_.push_back(name.text);
    add(*found->second.value);
    open_.pop_back();
  }

  // A map that takes more is told by nobody: a person who writes it has other worries.
  static constexpr std::size_t kMostTemplates = 100;

  RuleReading& reading_;
  Members members_;
  std::unordered_map<std::string_view, bool> seen_;
  std::vector<std::string> open_;
  std::size_t taken_ = 0;
};

}  // namespace

std::span<const CheckSpec* const> check_specs() {
  static const std::vector<const CheckSpec*> specs = [] {
    const auto checks = record_checks();
    std::vector<const CheckSpec*> all(checks.begin(), checks.end());
    all.push_back(&kExprCheck);
    return all;
  }();
  return specs;
}

const CheckSpec* check_named(std::string_view name) {
  const auto found = check_names().checks.find(name);
  return found == check_names().checks.end() ? nullptr : found->second;
}

bool is_option(std::string_view key, bool on_field) {
  return option_keys().find(key) != nullptr || (on_field && field_keys().find(key) != nullptr);
}

Members with_templates(RuleReading& reading, const YamlNode& map) {
  TemplateKeys keys(reading);
  keys.add(map);
  return keys.take();
}

void check_templates(RuleReading& reading) {
  for (const auto& [name, entry] : reading.bundle.templates) {
    if (!entry.value->is_map()) {
      wrong_shape(reading.findings, *entry.value, "the template " + backquoted(name), "a map of checks and options");
      continue;
    }
    TemplateKeys(reading, name).add(*entry.value);
    for (const YamlNode::Member& member : entry.value->members) {
      if (!is_option(member.key->text, true)) find_check(reading, *member.key, true, "");
    }
  }
}

const CheckSpec* find_check(RuleReading& reading, const YamlNode& key, bool on_field, const std::string& place) {
  const CheckSpec* const spec = check_named(key.text);
  if (spec != nullptr) {
    if (on_field ? spec->on_field : spec->on_record) return spec;
    reading.findings.error(codes::kPlace, key.where(),
                           "`" + key.text + "` is a check of " + (on_field ? "records" : "fields"),
                           {.label = on_field ? "write it under `records`" : "write it under `fields`", .help = {}});
    return nullptr;
  }
  tell_unknown(reading, key, on_field, place);
  return nullptr;
}

RuleOptions read_options(RuleReading& reading, const Members& members) {
  RuleOptions options;
  options.severity = reading.defaults.severity;
  options.nulls_fail = reading.defaults.nulls_fail;
  options.tags = reading.defaults.tags;
  options.runbook = reading.defaults.runbook;
  std::optional<OnFail> on_fail;
  for (const YamlNode::Member& member : members) {
    const KeySpec* const key = option_keys().find(member.key->text);
    if (key == nullptr || !fits(reading.findings, *member.value, *key)) continue;
    const YamlNode& value = *member.value;
    if (key->name == "id") {
      options.id = value.text;
      options.id_at = &value;
    } else if (key->name == "description") {
      options.description = value.text;
    } else if (key->name == "enabled") {
      options.enabled = value.text.front() == 't' || value.text.front() == 'T';
    } else if (key->name == "severity") {
      options.severity = value.text == "warn" ? Severity::Warn : Severity::Error;
    } else if (key->name == "on_fail") {
      on_fail = on_fail_named(value.text);
    } else if (key->name == "nulls") {
      options.nulls_fail = value.text == "fail";
      options.nulls_at = member.key;
    } else if (key->name == "when") {
      options.when = &value;
    } else if (key->name == "tags") {
      for (std::string& tag : texts_of(value)) options.tags.push_back(std::move(tag));
    } else if (key->name == "runbook") {
      options.runbook = value.text;
    }
  }
  options.on_fail = on_fail.value_or(reading.defaults.on_fail_of(options.severity));
  return options;
}

}  // namespace weir
