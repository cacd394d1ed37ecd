// SPDX-License-Identifier: Apache-2.0
// Expectations about several columns of one row. Their `ignore_row_if` says which nulls take a row out; a row with another null
// fails there, where weir would skip it, so nulls are asked about in so many words.
#include "import/expectation.h"
#include "import/words.h"

namespace weir {
namespace {

/// Which nulls take a row out.
enum class Ignore : std::uint8_t { AllMissing, AnyMissing, Never, Unknown };

Ignore ignore_of(const Expectation& e) {
  const std::string text = e.argument("ignore_row_if").text_or();
  if (text == "either_value_is_missing" || text == "any_value_is_missing") return Ignore::AnyMissing;
  if (text == "neither" || text == "never" || text == "never_ignore") return Ignore::Never;
  if (text.empty()) return e.is_dbt ? Ignore::AnyMissing : Ignore::AllMissing;
  return text == "both_values_are_missing" || text == "all_values_are_missing" ? Ignore::AllMissing : Ignore::Unknown;
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : between) + part;
  return out;
}

std::vector<std::string> each(const std::vector<std::string>& fields, const std::string& behind) {
  std::vector<std::string> out;
  for (const std::string& field : fields) out.push_back(field + behind);
  return out;
}

/// The condition on rows and this one.
void narrow(Expectation& e, const std::string& condition) {
  e.when = e.when.empty() ? condition : "(" + e.when + ") && (" + condition + ")";
}

/// Judges `expression`, which is unknown where a null meets it, with the expectation's rule for nulls.
void judge_rows(Expectation& e, const std::vector<std::string>& fields, std::string expression,
                const std::string& label) {
  const Ignore ignore = ignore_of(e);
  if (ignore == Ignore::Unknown) return e.leave_out("`ignore_row_if` has a value that weir does not know");
  if (ignore != Ignore::AnyMissing) expression = joined(each(fields, " != null"), " && ") + " && (" + expression + ")";
  if (ignore == Ignore::AllMissing) narrow(e, joined(each(fields, " != null"), " || "));
  e.judge_expression(expression, label);
}

struct Pair {
  std::string a;
  std::string b;
  std::string label;
};

Pair pair_of(const Expectation& e) {
  const std::string a =
      Expectation::path(e.argument("column_A").is_null() ? e.argument("column_a") : e.argument("column_A"));
  const std::string b =
      Expectation::path(e.argument("column_B").is_null() ? e.argument("column_b") : e.argument("column_B"));
  return {field_in_expression(a), field_in_expression(b), a + "." + b};
}

bool has_pair(Expectation& e) {
  for (const auto& [upper, small] : {std::pair{"column_A", "column_a"}, {"column_B", "column_b"}}) {
    if (e.argument(upper).text_or().empty() && e.argument(small).text_or().empty()) {
      e.leave_out("it does not name two columns");
      return false;
    }
  }
  return true;
}

void greater(Expectation& e) {
  if (!has_pair(e)) return;
  const Pair pair = pair_of(e);
  const bool times = e.argument("parse_strings_as_datetimes").is_true();
  const std::string a = times ? "timestamp(" + pair.a + ")" : pair.a;
  const std::string b = times ? "timestamp(" + pair.b + ")" : pair.b;
  judge_rows(e, {pair.a, pair.b}, a + (e.argument("or_equal").is_true() ? " >= " : " > ") + b, pair.label + ".greater");
}

void equal(Expectation& e) {
  if (!has_pair(e)) return;
  const Pair pair = pair_of(e);
  judge_rows(e, {pair.a, pair.b}, pair.a + " == " + pair.b, pair.label + ".equal");
}

void pair_in_set(Expectation& e) {
  if (!has_pair(e)) return;
  const Pair pair = pair_of(e);
  const SuiteNode& set = e.argument("value_pairs_set");
  std::vector<std::string> pairs;
  bool with_null = false;
  for (const SuiteNode& item : set.items) {
    const std::optional<std::string> a = item.items.size() == 2 ? literal(item.items[0]) : std::nullopt;
    const std::optional<std::string> b = item.items.size() == 2 ? literal(item.items[1]) : std::nullopt;
    if (!a || !b) return e.leave_out("`value_pairs_set` holds what is no pair of values");
    with_null = with_null || item.items[0].is_null() || item.items[1].is_null();
    pairs.push_back(pair.a + " == " + *a + " && " + pair.b + " == " + *b);
  }
  if (!set.is_list()) return e.leave_out("`value_pairs_set` is no list of pairs");
  if (pairs.empty()) pairs.emplace_back("false");
  const std::string expression = "(" + joined(pairs, ") || (") + ")";
  const Ignore ignore = ignore_of(e);
  if (ignore == Ignore::Unknown) return e.leave_out("`ignore_row_if` has a value that weir does not know");
  // A null beside a value that is in no pair: false, and not unknown; so nulls are taken out before.
  if (ignore != Ignore::Never)
    narrow(e, joined(each({pair.a, pair.b}, " != null"), ignore == Ignore::AllMissing ? " || " : " && "));
  const std::string known =
      with_null || ignore == Ignore::AnyMissing ? "" : pair.a + " != null && " + pair.b + " != null && ";
  e.judge_expression(known.empty() ? expression : known + "(" + expression + ")", pair.label + ".in");
}

std::vector<std::string> columns_of(const Expectation& e) {
  const SuiteNode& list = e.argument("column_list");
  return (list.is_list() ? list : e.argument("combination_of_columns")).texts();
}

std::vector<std::string> in_expressions(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) out.push_back(field_in_expression(path_of(name)));
  return out;
}

void compound_unique(Expectation& e) {
  std::vector<std::string> paths = columns_of(e);
  if (paths.empty()) return e.leave_out("`column_list` is no list of columns");
  for (std::string& path : paths) path = path_of(path);
  if (!e.mostly.empty())
    return e.leave_out("the share of rows whose key of several columns is there only once has no measure in weir");
  e.judge({.where = DraftRule::Where::Records, .check = "unique", .value = list_in_yaml(paths)});
  if (ignore_of(e) != Ignore::AnyMissing)
    e.draft.note("A row with a null in one of the columns is not judged by weir; Great Expectations compares it.");
}

void sum(Expectation& e) {
  std::vector<std::string> paths = columns_of(e);
  const SuiteNode& total = e.argument("sum_total");
  if (paths.empty() || !total.is_number()) return e.leave_out("it names no columns, or no number that they add up to");
  const Ignore ignore = ignore_of(e);
  if (ignore == Ignore::Unknown) return e.leave_out("`ignore_row_if` has a value that weir does not know");
  const std::vector<std::string> fields = in_expressions(paths);
  for (std::string& path : paths) path = path_of(path);
  if (ignore == Ignore::AllMissing) narrow(e, joined(each(fields, " != null"), " || "));
  DraftRule rule{.where = DraftRule::Where::Records,
                 .check = "sum_of",
                 .value = "{fields: " + list_in_yaml(paths) + ", equals: " + total.text + "}"};
  if (ignore != Ignore::AnyMissing) rule.nulls = "fail";
  rule.id = e.mostly.empty() ? "" : "sum_of." + joined(paths, ",");
  e.judge(std::move(rule));
}

/// Two nulls are equal there: of each two columns at most one is null, and values differ.
void unique_within(Expectation& e) {
  const std::vector<std::string> names = columns_of(e);
  const std::vector<std::string> fields = in_expressions(names);
  if (fields.size() < 2) return e.leave_out("it does not name two columns");
  const Ignore ignore = ignore_of(e);
  if (ignore == Ignore::Unknown) return e.leave_out("`ignore_row_if` has a value that weir does not know");
  std::vector<std::string> pairs;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (std::size_t j = i + 1; j < fields.size(); ++j) {
      const std::string& a = fields[i];
      const std::string& b = fields[j];
      pairs.push_back(ignore == Ignore::AnyMissing
                          ? a + " != " + b
                          : "(" + a + " == null ? " + b + " != null : " + b + " == null || " + a + " != " + b + ")");
    }
  }
  if (ignore == Ignore::AllMissing) narrow(e, joined(each(fields, " != null"), " || "));
  e.judge_expression(joined(pairs, " && "), joined(names, ",") + ".distinct");
}

constexpr ExpectationKind kKinds[] = {
    {"expect_column_pair_values_a_to_be_greater_than_b", greater},
    {"expect_column_pair_values_to_be_equal", equal},
    {"expect_column_pair_values_to_be_in_set", pair_in_set},
    {"expect_compound_columns_to_be_unique", compound_unique},
    {"expect_multicolumn_sum_to_equal", sum},
    {"expect_select_column_values_to_be_unique_within_record", unique_within},
    {"expect_multicolumn_values_to_be_unique", unique_within},
};

}  // namespace

std::span<const ExpectationKind> pair_expectations() {
  return kKinds;
}

}  // namespace weir
