// SPDX-License-Identifier: Apache-2.0
#include "import/contract_quality.h"

#include <algorithm>
#include <array>

#include "import/regex.h"
#include "import/words.h"

namespace weir {
namespace {

struct BoundComparison {
  std::string_view key;
  std::string_view sign;
};
constexpr std::array<BoundComparison, 10> kComparisons = {{
    {"mustBe", " == "},
    {"mustNotBe", " != "},
    {"mustBeGreaterThan", " > "},
    {"mustBeGreaterOrEqualTo", " >= "},
    {"mustBeGreaterThanOrEqualTo", " >= "},
    {"mustBeLessThan", " < "},
    {"mustBeLessOrEqualTo", " <= "},
    {"mustBeLessThanOrEqualTo", " <= "},
    {"mustBeEqualTo", " == "},
    {"mustNotBeEqualTo", " != "},
}};

/// Names of one metric in the versions of the standard and in the tools around it, without dots, dashes and case.
std::string metric_of(const SuiteNode& rule) {
  std::string written = rule["metric"].text_or(rule["rule"].text_or(rule["code"].text_or()));
  std::string name;
  for (const char c : lower(written)) {
    if (c >= 'a' && c <= 'z') name += c;
  }
  for (const std::string_view ending : {"check", "count", "percent", "values", "value"}) {
    if (name.size() > ending.size() && name.ends_with(ending) && name != "rowcount" && name != "validvalues" &&
        name != "count")
      name.resize(name.size() - ending.size());
  }
  return name;
}

bool asks_for_none(const SuiteNode& rule) {
  for (const char* key : {"mustBe", "mustBeEqualTo", "mustBeLessOrEqualTo", "mustBeLessThanOrEqualTo"}) {
    const std::optional<double> value = number_of(rule[key].text_or());
    if (value && *value == 0) return true;
  }
  const std::optional<double> below = number_of(rule["mustBeLessThan"].text_or());
  return below && *below == 1 && lower(rule["unit"].text_or()) != "percent";
}

bool has_threshold(const SuiteNode& rule) {
  return std::any_of(rule.members.begin(), rule.members.end(),
                     [](const SuiteMember& member) { return member.key.starts_with("must"); });
}

class QualityReader {
 public:
  QualityReader(Draft& draft, const SuiteNode& rule, const std::string& path)
      : draft_(draft), rule_(rule), path_(path), field_(field_in_expression(path)) {}

  void read() {
    const std::string type = lower(rule_["type"].text_or("library"));
    if (type == "sql") return draft_.leave_out("it is a query in SQL");
    if (type == "custom")
      return draft_.leave_out("it is written for " + one_line(rule_["engine"].text_or("another tool"), 30) +
                              (rule_["engine"].text_or() == "soda" ? "; `weir import soda` reads such checks" : ""));
    if (type == "text") return draft_.leave_out("it is said in words only");
    const std::string metric = metric_of(rule_);
    percent_ = lower(rule_["unit"].text_or()) == "percent" || rule_["unit"].text_or() == "%" ||
               lower(rule_["metric"].text_or(rule_["rule"].text_or())).ends_with("percent");
    description_ = one_line(rule_["description"].text_or(rule_["name"].text_or()), 300);
    warns_ = lower(rule_["severity"].text_or()) == "warning" || lower(rule_["severity"].text_or()) == "warn" ||
             lower(rule_["severity"].text_or()) == "info";
    if (metric == "rowcount" || metric == "row") return judge("row_count", false);
    if (metric == "unique") {
      if (path_.empty()) return draft_.leave_out("it names no column");
      return add({.field = path_, .check = "unique", .value = "true"});
    }
    if (metric == "duplicate" || metric == "duplicates") return duplicates();
    if (path_.empty()) return draft_.leave_out("it names no column, or weir does not know the metric");
    if (metric == "null" || metric == "nulls") return nulls();
    if (metric == "missing") return missing();
    if (metric == "invalid" || metric == "validvalues" || metric == "valid") return invalid();
    if (metric == "freshness") return draft_.leave_out("it names no time that the values must not be older than");
    for (const auto& [theirs, ours] : {std::pair{"distinct", "distinct"},
                                       {"min", "min"},
                                       {"max", "max"},
                                       {"avg", "mean"},
                                       {"average", "mean"},
                                       {"mean", "mean"},
                                       {"sum", "sum"},
                                       {"stddev", "stddev"}}) {
      if (metric == theirs) return judge(std::string(ours) + "(" + field_ + ")", false);
    }
    draft_.leave_out("weir does not know this metric");
  }

 private:
  void add(DraftRule rule) {
    rule.description = description_;
    if (warns_) rule.severity = "warn";
    draft_.add(std::move(rule));
  }

  /// `measure` against the thresholds; as a share where they are percentages.
  void judge(const std::string& measure, bool as_percent) {
    const std::string condition = contract_threshold(rule_, measure, as_percent);
    if (condition.empty()) return draft_.leave_out("it says no `mustBe…` that weir knows");
    DraftRule rule{.where = DraftRule::Where::Window, .description = description_};
    (warns_ ? rule.should : rule.must) = condition;
    draft_.add(std::move(rule));
  }

  void nulls() {
    if (!has_threshold(rule_) || asks_for_none(rule_))
      return add({.field = path_, .check = "required", .value = "true"});
    judge(percent_ ? "missing_rate(" + field_ + ")" : "count(" + field_ + " == null)", percent_);
  }

  void missing() {
    std::string list = "[";
    for (const SuiteNode& value : rule_["arguments"]["missingValues"].items) {
      if (!value.is_null() && value.is_scalar())
        list += (list.size() == 1 ? "" : ", ") + literal(value).value_or("\"\"");
    }
    if (list.size() == 1) return nulls();
    const std::string is_missing = field_ + " == null || " + field_ + " in " + list + "]";
    if (!has_threshold(rule_) || asks_for_none(rule_)) {
      return add({.where = DraftRule::Where::Records,
                  .check = "expr",
                  .value = expression_in_yaml(field_ + " != null && !(" + field_ + " in " + list + "])"),
                  .id = draft_.free_id(path_ + ".missing")});
    }
    judge((percent_ ? "rate(" : "count(") + is_missing + ")", percent_);
  }

  /// A rule over the records, of which thresholds count the failures.
  void counted(const std::string& check, const std::string& value) {
    if (!has_threshold(rule_) || asks_for_none(rule_)) return add({.field = path_, .check = check, .value = value});
    const std::string id = draft_.free_id(path_ + "." + check);
    DraftRule rule{.field = path_, .check = check, .value = value, .id = id, .severity = "warn", .on_fail = "count"};
    draft_.add(std::move(rule));
    judge((percent_ ? "fail_rate(" : "fail_count(") + quoted(id) + ")", percent_);
  }

  void invalid() {
    const SuiteNode& arguments = rule_["arguments"];
    const SuiteNode& values = rule_["validValues"].is_list() ? rule_["validValues"] : arguments["validValues"];
    std::string list = "[";
    for (const SuiteNode& value : values.items) {
      if (value.is_scalar() && !value.is_null()) list += (list.size() == 1 ? "" : ", ") + scalar_in_yaml(value);
    }
    if (list.size() > 1) return counted("in", list + "]");
    const std::string pattern = arguments["pattern"].text_or(rule_["pattern"].text_or());
    if (!pattern.empty()) return counted("match", text_in_yaml(regex_for_re2(pattern)));
    draft_.leave_out("it does not say what is valid");
  }

  void duplicates() {
    std::vector<std::string> paths = rule_["arguments"]["properties"].texts();
    for (std::string& path : paths) path = path_of(path);
    if (paths.size() == 1 || (paths.empty() && !path_.empty())) {
      const std::string path = paths.empty() ? path_ : paths.front();
      if (!has_threshold(rule_) || asks_for_none(rule_))
        return add({.field = path, .check = "unique", .value = "true"});
      return judge((percent_ ? "duplicate_rate(" : "duplicate_count(") + field_in_expression(path) + ")", percent_);
    }
    if (paths.empty()) return draft_.leave_out("it names no column");
    DraftRule rule{.where = DraftRule::Where::Records, .check = "unique", .value = list_in_yaml(paths)};
    if (!has_threshold(rule_) || asks_for_none(rule_)) return add(std::move(rule));
    rule.id = draft_.free_id("unique." + paths.front());
    rule.severity = "warn";
    rule.on_fail = "count";
    const std::string id = rule.id;
    draft_.add(std::move(rule));
    judge((percent_ ? "fail_rate(" : "fail_count(") + quoted(id) + ")", percent_);
  }

  Draft& draft_;
  const SuiteNode& rule_;
  const std::string& path_;
  std::string field_;
  bool percent_ = false;
  bool warns_ = false;
  std::string description_;
};

}  // namespace

std::string contract_threshold(const SuiteNode& rule, const std::string& measure, bool percent) {
  std::string condition;
  const auto add = [&condition](const std::string& part) { condition += (condition.empty() ? "" : " && ") + part; };
  const std::string unit = percent ? "%" : "";
  for (const SuiteMember& member : rule.members) {
    for (const BoundComparison& comparison : kComparisons) {
      if (member.key != comparison.key) continue;
      if (!member.value.is_number()) return "";
      add(measure + std::string(comparison.sign) + member.value.text + unit);
    }
    if (member.key != "mustBeBetween" && member.key != "mustNotBeBetween") continue;
    const std::vector<SuiteNode>& ends = member.value.items;
    if (ends.size() != 2 || !ends[0].is_number() || !ends[1].is_number()) return "";
    if (member.key == "mustBeBetween") {
      add(measure + " >= " + ends[0].text + unit + " && " + measure + " <= " + ends[1].text + unit);
    } else {
      add("(" + measure + " < " + ends[0].text + unit + " || " + measure + " > " + ends[1].text + unit + ")");
    }
  }
  return condition;
}

void read_contract_quality(Draft& draft, const SuiteNode& list, const std::string& path) {
  for (const SuiteNode& rule : list.items) {
    std::string name = "quality";
    for (const char* key : {"metric", "rule", "code", "type", "name"}) {
      if (name == "quality" && rule[key].is_text()) name += " " + rule[key].text;
    }
    std::string subject = path;
    if (subject.empty() && rule["column"].is_text()) subject = path_of(rule["column"].text);
    draft.begin(one_line(name, 80), rule, subject);
    if (!rule.is_map()) {
      draft.leave_out("it is no map");
      continue;
    }
    QualityReader(draft, rule, subject).read();
  }
}

}  // namespace weir
