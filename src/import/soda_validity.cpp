// SPDX-License-Identifier: Apache-2.0
// What Soda calls missing, valid and duplicate. "There is none" is a rule over the records; any other threshold leaves the
// records alone and judges their count.
#include <algorithm>
#include <array>

#include "import/regex.h"
#include "import/soda_check.h"
#include "import/words.h"

namespace weir {
namespace {

struct FormatName {
  std::string_view theirs;
  std::string_view check;
  std::string_view value;  // YAML
};

/// Soda's formats are about texts.
constexpr std::array<FormatName, 34> kFormats = {{
    {"integer", "match", R"('^ *[-+]? *[0-9]+ *$')"},
    {"positive integer", "match", R"('^ *\+? *[0-9]+ *$')"},
    {"negative integer", "match", R"('^ *(- *[0-9]+|0+) *$')"},
    {"decimal", "match", R"('^ *[-+]? *([0-9]+([.,][0-9]*)?|[.,][0-9]+) *$')"},
    {"positive decimal", "match", R"('^ *\+? *([0-9]+([.,][0-9]*)?|[.,][0-9]+) *$')"},
    {"negative decimal", "match", R"('^ *(- *([0-9]+([.,][0-9]*)?|[.,][0-9]+)|0*[.,]?0+) *$')"},
    {"decimal point", "match", R"('^ *[-+]? *([0-9]+(\.[0-9]*)?|\.[0-9]+) *$')"},
    {"decimal comma", "match", R"('^ *[-+]? *([0-9]+(,[0-9]*)?|,[0-9]+) *$')"},
    {"percentage", "match", R"('^ *[-+]? *([0-9]+([.,][0-9]*)?|[.,][0-9]+) *% *$')"},
    {"percentage point", "match", R"('^ *[-+]? *([0-9]+(\.[0-9]*)?|\.[0-9]+) *% *$')"},
    {"percentage comma", "match", R"('^ *[-+]? *([0-9]+(,[0-9]*)?|,[0-9]+) *% *$')"},
    {"date us", "match", R"('^ *(0?[1-9]|1[0-2])[-./](0?[1-9]|[12][0-9]|3[01])[-./]([0-9]{2}|[0-9]{4}) *$')"},
    {"date eu", "match", R"('^ *(0?[1-9]|[12][0-9]|3[01])[-./](0?[1-9]|1[0-2])[-./]([0-9]{2}|[0-9]{4}) *$')"},
    {"date inverse", "match", R"('^ *[0-9]{4}[-./](0?[1-9]|1[0-2])[-./](0?[1-9]|[12][0-9]|3[01]) *$')"},
    {"date iso 8601", "match", R"('^[0-9]{4}-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])(T.*)?$')"},
    {"time 24h", "match", R"('^ *([01]?[0-9]|2[0-3])[:.][0-5][0-9]([:.][0-5][0-9]([.,][0-9]+)?)? *$')"},
    {"time 24h nosec", "match", R"('^ *([01]?[0-9]|2[0-3])[:.][0-5][0-9] *$')"},
    {"time 12h", "match", R"('^ *(0?[0-9]|1[0-2])[:.][0-5][0-9]([:.][0-5][0-9]([.,][0-9]+)?)? *([aApP][mM])? *$')"},
    {"time 12h nosec", "match", R"('^ *(0?[0-9]|1[0-2])[:.][0-5][0-9] *([aApP][mM])? *$')"},
    {"timestamp 24h", "match", R"('^ *([01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] *$')"},
    {"timestamp 12h", "match", R"('^ *(0?[0-9]|1[0-2]):[0-5][0-9]:[0-5][0-9] *([aApP][mM])? *$')"},
    {"uuid", "format", "uuid"},
    {"ip address", "format", "[ipv4, ipv6]"},
    {"ipv4 address", "format", "ipv4"},
    {"ipv6 address", "format", "ipv6"},
    {"email", "match", R"('^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,4}$')"},
    {"phone number", "format", "phone"},
    {"credit card number", "format", "credit-card"},
    {"money", "match", R"('^ *[-+]? *([$€£¥]|[A-Z]{3})? *[0-9][0-9.,]* *([$€£¥]|[A-Z]{3})? *$')"},
    {"money point", "match",
     R"('^ *[-+]? *([$€£¥]|[A-Z]{3})? *[0-9]{1,3}(,?[0-9]{3})*(\.[0-9]+)? *([$€£¥]|[A-Z]{3})? *$')"},
    {"money comma", "match",
     R"('^ *[-+]? *([$€£¥]|[A-Z]{3})? *[0-9]{1,3}(\.?[0-9]{3})*(,[0-9]+)? *([$€£¥]|[A-Z]{3})? *$')"},
    {"url", "format", "url"},
    {"date", "format", "date"},
    {"timestamp", "format", "date-time"},
}};

/// `valid min length` and `valid_min_length` are one.
std::string plain_key(std::string_view key) {
  std::string out(key);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string values_list(const SuiteNode& list) {
  std::string out = "[";
  for (const SuiteNode& item : list.items) {
    if (item.is_scalar() && !item.is_null()) out += (out.size() == 1 ? "" : ", ") + scalar_in_yaml(item);
  }
  return out.size() == 1 ? "" : out + "]";
}

/// The rules over records that the keys `valid …` and `invalid …` come to; false when one has no counterpart.
bool validity_rules(SodaCheck& check, std::vector<DraftRule>& rules) {
  const auto add = [&](std::string name, std::string value) {
    rules.push_back({.field = check.path(), .check = std::move(name), .value = std::move(value)});
  };
  for (const SuiteMember& member : check.options.members) {
    const std::string key = plain_key(member.key);
    const SuiteNode& value = member.value;
    if (!key.starts_with("valid ") && !key.starts_with("invalid ")) continue;
    const std::string list = values_list(value);
    const std::size_t before = rules.size();
    if (key == "valid values" && !list.empty()) add("in", list);
    if (key == "invalid values" && !list.empty()) add("not_in", list);
    if (key == "valid regex" && value.is_text()) add("match", text_in_yaml(regex_for_re2(value.text)));
    if (key == "invalid regex" && value.is_text()) add("not_match", text_in_yaml(regex_for_re2(value.text)));
    if (key == "valid min" && value.is_number()) add("min", value.text);
    if (key == "valid max" && value.is_number()) add("max", value.text);
    if (key == "valid length" && value.count()) add("length", value.text);
    if (key == "valid min length" && value.count()) add("min_length", value.text);
    if (key == "valid max length" && value.count()) add("max_length", value.text);
    if ((key == "valid format" || key == "invalid format")) {
      const std::string name = lower(value.is_map() ? value["name"].text_or() : value.text_or());
      if (value.is_map() && value["regex"].is_text()) add("match", text_in_yaml(regex_for_re2(value["regex"].text)));
      for (const FormatName& format : kFormats) {
        if (value.is_map() || format.theirs != name) continue;
        if (key == "valid format")
          add(std::string(format.check), std::string(format.value));
        else if (format.check == "match")
          add("not_match", std::string(format.value));
      }
    }
    if (rules.size() == before) {
      check.leave_out("`" + one_line(member.key, 40) + ": " + show(value) + "` has no counterpart in weir");
      return false;
    }
  }
  return true;
}

/// The values that count as missing beside null, as a condition; empty when there are none, nothing when they cannot be said.
std::optional<std::string> missing_condition(const SodaCheck& check, const std::string& field) {
  std::string condition;
  for (const SuiteMember& member : check.options.members) {
    const std::string key = plain_key(member.key);
    if (!key.starts_with("missing ")) continue;
    std::string part;
    if (key == "missing values") {
      const std::optional<std::string> list = literals(member.value);
      if (list && *list != "[]") part = field + " in " + *list;
    } else if (key == "missing regex" && member.value.is_text()) {
      part = field + ".matches(" + quoted(regex_for_re2(member.value.text)) + ")";
    }
    if (part.empty()) return std::nullopt;
    condition += (condition.empty() ? "" : " || ") + part;
  }
  return condition;
}

bool is_percent(const SodaCheck& check) {
  return check.metric.ends_with("_percent");
}

void missing(SodaCheck& check) {
  const std::string field = field_in_expression(check.path());
  const std::optional<std::string> also = missing_condition(check, field);
  if (!also) return check.leave_out("what counts as missing cannot be said: values and a regular expression can");
  if (check.wants_none()) {
    DraftRule rule{.field = check.path(), .check = "required", .value = "true"};
    if (!also->empty()) {
      rule.where = DraftRule::Where::Records;
      rule.check = "expr";
      rule.value = expression_in_yaml(field + " != null && !(" + *also + ")");
      rule.id = check.draft.free_id(check.path() + ".missing");
    }
    rule.when = check.when;
    rule.severity = check.severity();
    rule.description = check.description;
    return check.draft.add(std::move(rule));
  }
  const std::string condition = field + " == null" + (also->empty() ? "" : " || " + *also);
  if (!is_percent(check)) return check.judge_window("count(" + condition + ")");
  check.judge_window(also->empty() ? "missing_rate(" + field + ")" : "rate(" + condition + ")", "%");
}

void invalid(SodaCheck& check) {
  std::vector<DraftRule> rules;
  if (!validity_rules(check, rules)) return;
  if (rules.empty()) return check.leave_out("it does not say what is valid");
  const std::string field = field_in_expression(check.path());
  const std::optional<std::string> missing = missing_condition(check, field);
  if (!missing) return check.leave_out("what counts as missing cannot be said: values and a regular expression can");
  // What is missing is neither valid nor invalid.
  std::string when = check.when;
  if (!missing->empty()) when = when.empty() ? "!(" + *missing + ")" : "(" + when + ") && !(" + *missing + ")";
  const bool valid = check.metric.starts_with("valid_");
  const bool none = check.wants_none() && !valid;
  std::string count;
  for (DraftRule& rule : rules) {
    rule.when = when;
    rule.description = check.description;
    rule.severity = none ? check.severity() : "warn";
    if (!none) {
      rule.id = check.draft.free_id(rule.field + "." + rule.check);
      rule.on_fail = "count";
      count += (count.empty() ? "" : " + ") + ("fail_count(" + quoted(rule.id) + ")");
    }
    check.draft.add(std::move(rule));
  }
  if (none) return;
  if (rules.size() > 1) {
    count = "(" + count + ")";
    check.draft.note("A record that fails two of these rules counts twice.");
  }
  const std::string also = missing->empty() ? "" : " && !(" + *missing + ")";
  if (valid) count = "count(" + field + " != null" + also + ") - " + count;
  check.when.clear();  // the rules over records have it
  if (is_percent(check))
    check.judge_share(valid ? "(" + count + ")" : count);
  else
    check.judge_window(count);
}

void duplicates(SodaCheck& check) {
  if (check.columns.size() > 1) {
    std::vector<std::string> paths = check.columns;
    for (std::string& path : paths) path = path_of(path);
    DraftRule rule{
        .where = DraftRule::Where::Records, .check = "unique", .value = list_in_yaml(paths), .when = check.when};
    rule.description = check.description;
    if (check.wants_none()) {
      rule.severity = check.severity();
      return check.draft.add(std::move(rule));
    }
    rule.id = check.draft.free_id("unique." + paths.front());
    rule.severity = "warn";
    rule.on_fail = "count";
    const std::string count = "fail_count(" + quoted(rule.id) + ")";
    check.draft.add(std::move(rule));
    check.when.clear();
    check.draft.note("Counts the rows behind the first of each key; Soda counts the keys.");
    return is_percent(check) ? check.judge_share(count) : check.judge_window(count);
  }
  if (check.wants_none()) {
    return check.draft.add({.field = check.path(),
                            .check = "unique",
                            .value = "true",
                            .description = check.description,
                            .severity = check.severity(),
                            .when = check.when});
  }
  const std::string field = field_in_expression(check.path());
  const std::string keys = "distinct(" + field + ") * (1 - unique_rate(" + field + "))";
  check.draft.note("The number of different values that are there more than once.");
  if (is_percent(check))
    check.judge_share(keys);
  else
    check.judge_window(keys);
}

}  // namespace

void translate_soda_validity(SodaCheck& check) {
  if (check.columns.empty()) return check.leave_out("it names no column");
  if (check.metric.starts_with("missing_")) return missing(check);
  if (check.metric.starts_with("duplicate_")) return duplicates(check);
  invalid(check);
}

}  // namespace weir
