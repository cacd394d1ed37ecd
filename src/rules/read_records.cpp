// SPDX-License-Identifier: Apache-2.0
// `records`: a list of rules across fields, one check each.
#include "base/sha256.h"
#include "base/text.h"
#include "rules/codes.h"
#include "rules/params.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

/// What a rule without an id is called: it has to stay when lines move, so it is made of what the rule says.
std::string name_of(const WrittenRule& rule) {
  std::string text;
  for (const FieldPath& path : rule.columns) text += (text.empty() ? "" : ",") + path.text();
  if (rule.columns.empty()) text = rule.value->text;
  std::string joined;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) joined += c;
    if (blank && !joined.empty() && joined.back() != ' ') joined += ' ';
  }
  while (joined.ends_with(' ')) joined.pop_back();
  constexpr std::size_t kLongest = 80;
  if (shorten(joined, kLongest) != joined) joined = shorten(joined, kLongest) + sha256_hex(joined).substr(0, 8);
  return "records." + std::string(rule.spec->name) + "." + joined;
}

void read_record(RuleReading& reading, const YamlNode& node) {
  if (!node.is_map()) {
    wrong_shape(reading.findings, node, "an entry of `records`", "a map with one check",
                node.is_scalar() ? "write {expr: …}" : "");
    return;
  }
  const RuleOptions options = read_options(reading, node.members);
  std::vector<YamlNode::Member> checks;
  bool known = true;
  for (const YamlNode::Member& member : node.members) {
    if (is_option(member.key->text, false)) continue;
    checks.push_back(member);
    known = find_check(reading, *member.key, false, options.id.empty() ? "records" : options.id) != nullptr && known;
  }
  if (!known) return;
  if (checks.size() != 1) {
    const YamlNode& at = checks.size() > 1 ? *checks[1].key : node;
    reading.findings.error(
        codes::kOneCheck, at.where(),
        checks.empty() ? "an entry of `records` without a check"
                       : "an entry of `records` with " + std::to_string(checks.size()) + " checks",
        {.label = "it holds exactly one",
         .help = checks.empty() ? "for example {expr: shipped_at >= created_at}" : "write an entry for each"});
    return;
  }
  WrittenRule rule;
  rule.spec = check_named(checks[0].key->text);
  rule.options = options;
  rule.value = checks[0].value;
  rule.where = checks[0].key->where();
  if (rule.spec->sees_nulls && options.nulls_at != nullptr) {
    reading.findings.error(codes::kPlace, options.nulls_at->where(),
                           "`nulls` says nothing to `" + std::string(rule.spec->name) + "`",
                           {.label = "this check looks at nulls itself",
                            .help = rule.spec->name == "expr" ? "write `field != null && …` in the expression" : ""});
    return;
  }
  if (!read_params(reading.findings, reading.sets, *checks[0].key, *checks[0].value, rule)) return;
  if (rule.value->is_map() && rule.spec->name == "expr") rule.value = rule.value->find("value");
  rule.id = options.id_at == nullptr ? reading.ids.automatic(name_of(rule), rule.where)
                                     : reading.ids.given(options.id, options.id_at->where());
  reading.out.rules.push_back(std::move(rule));
}

}  // namespace

void read_records(RuleReading& reading, const YamlNode& records) {
  for (const YamlNode* entry : records.items) read_record(reading, *entry);
}

}  // namespace weir
