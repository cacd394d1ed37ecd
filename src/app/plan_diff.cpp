// SPDX-License-Identifier: Apache-2.0
// Compares rule by rule, aspect by aspect: what has to hold, when it is asked, how bad a failure is, where the record goes.
#include "app/plan_diff.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "app/plan_comparison.h"
#include "base/decimal.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "batch/verdict_json.h"

namespace weir {
namespace {

struct Bound {
  bool upper = false;
  std::string_view sign;
  std::string_view number;
  std::string_view unit;  // "characters"
};

/// "<= 100000" and "at most 20 characters" as bounds.
std::optional<Bound> bound_of(std::string_view expected) {
  constexpr std::array<std::string_view, 6> kSigns = {"<= ", "< ", "at most ", ">= ", "> ", "at least "};
  for (std::size_t i = 0; i < kSigns.size(); ++i) {
    if (!expected.starts_with(kSigns[i])) continue;
    const std::string_view rest = expected.substr(kSigns[i].size());
    const std::size_t end = std::min(rest.find(' '), rest.size());
    return Bound{.upper = i < 3, .sign = kSigns[i], .number = rest.substr(0, end), .unit = rest.substr(end)};
  }
  return std::nullopt;
}

/// Whether the second number is larger: numbers, or durations such as `2h`.
std::optional<std::partial_ordering> compare_numbers(std::string_view before, std::string_view after) {
  if (before.ends_with('%') && after.ends_with('%')) {
    before.remove_suffix(1);
    after.remove_suffix(1);
  }
  const auto old_number = Decimal::parse(before);
  const auto new_number = Decimal::parse(after);
  if (old_number && new_number) return *old_number <=> *new_number;
  const auto old_duration = parse_duration(before);
  const auto new_duration = parse_duration(after);
  if (old_duration && new_duration) return old_duration->count() <=> new_duration->count();
  return std::nullopt;
}

}  // namespace

ChangeKind direction_of_bound(std::string_view before, std::string_view after) {
  const std::optional<Bound> from = bound_of(before);
  const std::optional<Bound> to = bound_of(after);
  if (!from || !to || from->sign != to->sign || from->unit != to->unit) return ChangeKind::Changed;
  const auto order = compare_numbers(from->number, to->number);
  if (!order || *order == std::partial_ordering::unordered) return ChangeKind::Changed;
  const bool lower_now = *order == std::partial_ordering::greater;
  return lower_now == from->upper ? ChangeKind::Tighter : ChangeKind::Looser;
}

namespace {

/// A failing record that severity alone sends where it goes needs no mention.
bool by_severity(const RuleInfo& rule) {
  return rule.on_fail == (rule.severity == Severity::Error ? OnFail::Quarantine : OnFail::Count);
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

/// The values that a rule lists, sorted; nothing when it lists none.
std::vector<std::string> values_of(const PlanMeaning& of, std::size_t rule) {
  std::vector<std::string> values;
  if (rule >= of.written.size()) return values;
  for (const Params::Entry& entry : of.written[rule].entries) {
    const auto* list = std::get_if<std::vector<Scalar>>(&entry.value);
    if (list == nullptr) continue;
    for (const Scalar& value : *list) values.push_back(value.text);
  }
  std::sort(values.begin(), values.end());
  return values;
}

/// `in` and `not_in` are told by the values that came and went, as two lists may look alike in a few words.
std::optional<RuleChange> compare_lists(const RuleInfo& rule, const std::vector<std::string>& before,
                                        const std::vector<std::string>& after) {
  if (before == after || (rule.check != "in" && rule.check != "not_in")) return std::nullopt;
  std::vector<std::string> gone;
  std::vector<std::string> come;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(come));
  ChangeKind kind = ChangeKind::Changed;
  if (come.empty()) kind = rule.check == "in" ? ChangeKind::Tighter : ChangeKind::Looser;
  if (gone.empty()) kind = rule.check == "in" ? ChangeKind::Looser : ChangeKind::Tighter;
  std::string text = gone.empty() ? "" : "without " + joined(gone);
  if (!come.empty()) text += (text.empty() ? "with " : ", with ") + joined(come);
  return RuleChange{.kind = kind, .id = rule.id, .before = rule.expected, .after = shorten(text, 200)};
}

std::optional<RuleChange> compare_rules(const RecordRule& before, const RecordRule& after) {
  const RuleInfo& from = before.info;
  const RuleInfo& to = after.info;
  RuleComparison comparison;
  comparison.add("field", from.field, to.field, ChangeKind::Changed);
  if (from.check != to.check) {
    comparison.add("", from.check + " " + from.expected, to.check + " " + to.expected, ChangeKind::Changed);
  } else {
    comparison.add("", from.expected, to.expected, direction_of_bound(from.expected, to.expected));
  }
  comparison.add("when", from.when, to.when,
                 to.when.empty()     ? ChangeKind::Tighter
                 : from.when.empty() ? ChangeKind::Looser
                                     : ChangeKind::Changed);
  comparison.add("severity", word_of(from.severity), word_of(to.severity),
                 to.severity == Severity::Error ? ChangeKind::Tighter : ChangeKind::Looser);
  // The consequences of a failure are neither a stricter nor a milder demand.
  if (!by_severity(from) || !by_severity(to)) {
    comparison.add("on_fail", word_of(from.on_fail), word_of(to.on_fail), ChangeKind::Changed);
  }
  comparison.add("nulls", before.nulls_fail ? "fail" : "skip", after.nulls_fail ? "fail" : "skip",
                 after.nulls_fail ? ChangeKind::Tighter : ChangeKind::Looser);
  return comparison.change(to.id);
}

constexpr std::size_t kNotFound = ~std::size_t{0};

std::size_t find_rule(const Plan& plan, const std::string& id) {
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (plan.rules[i].info.id == id) return i;
  }
  return kNotFound;
}

std::string_view meaning(const PlanMeaning& of, std::size_t rule) {
  return rule < of.meanings.size() ? std::string_view(of.meanings[rule]) : std::string_view();
}

/// What is said of a field beside its rules.
void compare_fields(const Plan& before, const Plan& after, std::vector<RuleChange>& changes) {
  for (std::size_t column = 0; column < after.fields.size(); ++column) {
    const Field& to = after.fields[column];
    const std::int32_t old = before.fields.find(to.path);
    if (old == FieldTable::kNone) continue;
    const Field& from = before.fields[static_cast<std::size_t>(old)];
    RuleComparison comparison;
    comparison.add("missing_values", joined(from.missing_values), joined(to.missing_values), ChangeKind::Changed);
    comparison.add("redact", from.redacted ? "yes" : "no", to.redacted ? "yes" : "no", ChangeKind::Changed);
    if (auto change = comparison.change(to.path.text())) changes.push_back(*std::move(change));
  }
}

std::string text_of(const RuleInfo& rule) {
  std::string text = rule.expected.empty() ? rule.check : rule.expected;
  if (rule.severity == Severity::Warn) text += ", severity warn";
  return text;
}

}  // namespace

std::vector<RuleChange> compare_plans(const PlanMeaning& before, const PlanMeaning& after) {
  std::vector<RuleChange> changes;
  for (std::size_t i = 0; i < after.plan.rules.size(); ++i) {
    const RecordRule& rule = after.plan.rules[i];
    const std::size_t old = find_rule(before.plan, rule.info.id);
    if (old == kNotFound) {
      changes.push_back({.kind = ChangeKind::Added, .id = rule.info.id, .before = "", .after = text_of(rule.info)});
      continue;
    }
    const RecordRule& old_rule = before.plan.rules[old];
    // A list that changed along with something else is told like any other aspect.
    RecordRule unlisted;
    unlisted.info = old_rule.info;
    unlisted.info.expected = rule.info.expected;
    unlisted.nulls_fail = old_rule.nulls_fail;
    auto list = old_rule.info.check == rule.info.check
                    ? compare_lists(rule.info, values_of(before, old), values_of(after, i))
                    : std::nullopt;
    if (list && !compare_rules(unlisted, rule)) {
      list->before = old_rule.info.expected;
      changes.push_back(*std::move(list));
    } else if (auto change = compare_rules(old_rule, rule)) {
      changes.push_back(*std::move(change));
    } else if (meaning(before, old) != meaning(after, i)) {
      // Two long lists of values may look alike in a few words.
      changes.push_back({.id = rule.info.id, .before = text_of(rule.info), .after = "the same with other parameters"});
    }
  }
  for (const RecordRule& rule : before.plan.rules) {
    if (find_rule(after.plan, rule.info.id) == kNotFound) {
      changes.push_back({.kind = ChangeKind::Removed, .id = rule.info.id, .before = text_of(rule.info), .after = ""});
    }
  }
  compare_windows(before, after, changes);
  compare_fields(before.plan, after.plan, changes);
  return changes;
}

std::string_view word_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::Added: return "added";
    case ChangeKind::Removed: return "removed";
    case ChangeKind::Tighter: return "tighter";
    case ChangeKind::Looser: return "looser";
    case ChangeKind::Changed: return "changed";
  }
  return "changed";
}

}  // namespace weir
