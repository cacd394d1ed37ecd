// SPDX-License-Identifier: Apache-2.0
// Expectations about a number that a whole column comes to. In Great Expectations an aggregate of no values fails, so the rules
// say what becomes of an empty input.
#include <algorithm>

#include "import/expectation.h"
#include "import/time_layout.h"
#include "import/words.h"

namespace weir {
namespace {

std::string measure(const Expectation& e, const std::string& name) {
  return name + "(" + field_in_expression(e.field()) + ")";
}

void bounded(Expectation& e, const std::string& what, bool as_rate, bool fails_when_empty) {
  ValueBounds bounds = bounds_of(e, as_rate);
  if (bounds.spoiled) return e.leave_out("a bound is neither a number nor a text");
  if (bounds.none()) return e.draft.note(e.name + " without bounds always holds.");
  for (std::string* bound : {&bounds.low, &bounds.high}) {
    if (!bound->starts_with('"')) continue;
    const std::string text = bound->substr(1, bound->size() - 2);
    const std::optional<TimeLayout> layout = TimeLayout::of(text);
    if (layout && layout->kind == TimeLayout::Kind::Rfc3339) *bound = layout->instant;
  }
  e.judge_window(bounds.condition(what), fails_when_empty);
}

void max(Expectation& e) {
  bounded(e, measure(e, "max"), false, true);
}
void min(Expectation& e) {
  bounded(e, measure(e, "min"), false, true);
}
void mean(Expectation& e) {
  bounded(e, measure(e, "mean"), false, true);
}
void median(Expectation& e) {
  bounded(e, measure(e, "median"), false, true);
}
void sum(Expectation& e) {
  bounded(e, measure(e, "sum"), false, true);
}
void stdev(Expectation& e) {
  bounded(e, measure(e, "stddev"), false, true);
}
void distinct_count(Expectation& e) {
  bounded(e, measure(e, "distinct"), false, false);
}
void distinct_share(Expectation& e) {
  bounded(e, measure(e, "distinct_rate"), true, !e.argument("min_value").is_null());
}
void non_null_share(Expectation& e) {
  bounded(e, "1 - " + measure(e, "missing_rate"), true, !e.argument("min_value").is_null());
}

void quantiles(Expectation& e) {
  const SuiteNode& ranges = e.argument("quantile_ranges").is_map() ? e.argument("quantile_ranges") : e.arguments;
  const SuiteNode& shares = ranges["quantiles"].is_null() ? ranges["quantile"] : ranges["quantiles"];
  const SuiteNode& values = ranges["value_ranges"];
  std::vector<std::string> conditions;
  if (shares.is_number()) {
    const ValueBounds bounds = bounds_of(e, false);
    if (bounds.none() || bounds.spoiled) return e.leave_out("a quantile has no range of numbers");
    conditions.push_back(bounds.condition("quantile(" + field_in_expression(e.field()) + ", " + shares.text + ")"));
  }
  if (shares.items.size() != values.items.size()) return e.leave_out("there is not one range for each quantile");
  for (std::size_t i = 0; i < shares.items.size(); ++i) {
    const SuiteNode& range = values.items[i];
    const std::vector<SuiteNode>& bounds = range.items;
    const bool fine = shares.items[i].is_number() && bounds.size() == 2 &&
                      (bounds[0].is_null() || bounds[0].is_number()) && (bounds[1].is_null() || bounds[1].is_number());
    if (!fine) return e.leave_out("a quantile has no range of numbers");
    const ValueBounds both{.low = bounds[0].text_or(), .high = bounds[1].text_or()};
    if (!both.none())
      conditions.push_back(
          both.condition("quantile(" + field_in_expression(e.field()) + ", " + shares.items[i].text + ")"));
  }
  if (conditions.empty()) return e.leave_out("it names no quantiles");
  for (std::string& condition : conditions) e.judge_window(std::move(condition), true);
}

/// The values of a set as an expression, and how many different ones they are.
struct ValueSet {
  std::string list;
  std::size_t size = 0;
};

std::optional<ValueSet> value_set(Expectation& e) {
  const SuiteNode& set = e.argument("value_set");
  ValueSet out;
  std::vector<std::string> seen;
  for (const SuiteNode& item : set.items) {
    const std::optional<std::string> text = literal(item);
    if (!text) {
      e.leave_out("`value_set` holds what is no single value");
      return std::nullopt;
    }
    const bool is_new = std::none_of(seen.begin(), seen.end(), [&](const std::string& other) {
      const auto a = number_of(other);
      const auto b = number_of(*text);
      return other == *text || (a && b && *a == *b);
    });
    if (!item.is_null() && is_new) seen.push_back(*text);
  }
  if (!set.is_list()) {
    e.leave_out("`value_set` is no list of values");
    return std::nullopt;
  }
  for (const std::string& text : seen) out.list += (out.list.empty() ? "[" : ", ") + text;
  out.list = out.list.empty() ? "[]" : out.list + "]";
  out.size = seen.size();
  return out;
}

std::string outside(const Expectation& e, const ValueSet& set) {
  const std::string field = field_in_expression(e.field());
  if (set.size == 0) return "count(" + field + " != null) == 0";
  return "count(!(" + field + " in " + set.list + ")) == 0";
}

void distinct_in(Expectation& e) {
  const SuiteNode& written = e.argument("value_set");
  if (written.is_null() || (written.is_list() && written.items.empty()))
    return e.draft.note(e.name + " without values always holds.");
  if (const std::optional<ValueSet> set = value_set(e)) e.judge_window(outside(e, *set), false);
}

void distinct_equal(Expectation& e) {
  const std::optional<ValueSet> set = value_set(e);
  if (!set) return;
  const std::string size = measure(e, "distinct") + " == " + std::to_string(set->size);
  if (set->size == 0) return e.judge_window(outside(e, *set), false);
  e.judge_window(outside(e, *set) + " && " + size, true);
}

/// All values of the set are there: as many different ones among the records that hold one of them.
void distinct_contain(Expectation& e) {
  const std::optional<ValueSet> set = value_set(e);
  if (!set) return;
  if (set->size == 0) return e.draft.note(e.name + " without values always holds.");
  const std::string within = field_in_expression(e.field()) + " in " + set->list;
  e.when = e.when.empty() ? within : "(" + e.when + ") && " + within;
  e.judge_window(measure(e, "distinct") + " == " + std::to_string(set->size), true);
}

void most_common(Expectation& e) {
  const std::optional<ValueSet> set = value_set(e);
  if (!set) return;
  if (set->size == 0) return e.leave_out("`value_set` is empty");
  const std::string modes = "modes(" + field_in_expression(e.field()) + ")";
  if (e.argument("ties_okay").is_true()) return e.judge_window(modes + ".exists(v, v in " + set->list + ")", true);
  // Otherwise Great Expectations fails where several values share the first place.
  e.judge_window("size(" + modes + ") == 1 && " + modes + "[0] in " + set->list, true);
}

void against_reference(Expectation& e) {
  e.leave_out(
      "it compares with a distribution that stands in the suite; weir compares with a baseline file: see `drift`");
}

constexpr ExpectationKind kKinds[] = {
    {"expect_column_max_to_be_between", max},
    {"expect_column_min_to_be_between", min},
    {"expect_column_mean_to_be_between", mean},
    {"expect_column_median_to_be_between", median},
    {"expect_column_sum_to_be_between", sum},
    {"expect_column_stdev_to_be_between", stdev},
    {"expect_column_unique_value_count_to_be_between", distinct_count},
    {"expect_column_proportion_of_unique_values_to_be_between", distinct_share},
    {"expect_column_proportion_of_non_null_values_to_be_between", non_null_share},
    {"expect_column_quantile_values_to_be_between", quantiles},
    {"expect_column_distinct_values_to_be_in_set", distinct_in},
    {"expect_column_distinct_values_to_equal_set", distinct_equal},
    {"expect_column_distinct_values_to_contain_set", distinct_contain},
    {"expect_column_most_common_value_to_be_in_set", most_common},
    {"expect_column_kl_divergence_to_be_less_than", against_reference},
    {"expect_column_chisquare_test_p_value_to_be_greater_than", against_reference},
    {"expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than", against_reference},
    {"expect_column_bootstrapped_ks_test_p_value_to_be_greater_than", against_reference},
    {"expect_column_pair_cramers_phi_value_to_be_less_than", against_reference},
};

}  // namespace

std::span<const ExpectationKind> aggregate_expectations() {
  return kKinds;
}

}  // namespace weir
