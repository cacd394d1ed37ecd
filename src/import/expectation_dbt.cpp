// SPDX-License-Identifier: Apache-2.0
// Tests that dbt_expectations adds to the names that it shares with Great Expectations, and the forms that people have
// contributed to the latter.
#include "import/condition.h"
#include "import/expectation.h"
#include "import/words.h"

namespace weir {
namespace {

std::string measure(const Expectation& e, const std::string& name) {
  return name + "(" + field_in_expression(e.field()) + ")";
}

void distinct_is(Expectation& e, const std::string& sign) {
  const std::optional<std::uint64_t> value = e.argument("value").count();
  if (!value) return e.leave_out("`value` is no whole number");
  e.judge_window(measure(e, "distinct") + sign + std::to_string(*value), false);
}
void distinct_equal(Expectation& e) {
  distinct_is(e, " == ");
}
void distinct_greater(Expectation& e) {
  distinct_is(e, " > ");
}
void distinct_less(Expectation& e) {
  distinct_is(e, " < ");
}

/// `interval: 2, datepart: day` as `2d`; months and years have no one length.
void recent_data(Expectation& e) {
  const std::string part = lower(e.argument("datepart").text_or("day"));
  const std::optional<std::uint64_t> interval = e.argument("interval").count();
  if (!interval) return e.leave_out("`interval` is no whole number");
  const std::string unit = part == "week"     ? "w"
                           : part == "day"    ? "d"
                           : part == "hour"   ? "h"
                           : part == "minute" ? "m"
                           : part == "second" ? "s"
                                              : "";
  if (unit.empty()) return e.leave_out("a `" + one_line(part, 20) + "` is no fixed time");
  e.judge_window(measure(e, "freshness") + " <= " + std::to_string(*interval) + unit, true);
}

void within_stdevs(Expectation& e) {
  const std::string sigma = e.argument("sigma_threshold").text_or("3");
  if (!is_number(sigma)) return e.leave_out("`sigma_threshold` is no number");
  const std::string spread = sigma + " * " + measure(e, "stddev");
  e.judge_window(measure(e, "max") + " - " + measure(e, "mean") + " <= " + spread + " && " + measure(e, "mean") +
                     " - " + measure(e, "min") + " <= " + spread,
                 false);
}

void expression(Expectation& e) {
  const Result<std::string> condition = translate_condition(e.argument("expression").text_or(), ConditionDialect::Sql);
  if (!condition) return e.leave_out("the expression cannot be said: " + condition.error().message);
  e.judge_expression(*condition, e.column.empty() ? "expression" : e.column + ".expression");
}

void casing(Expectation& e) {
  e.leave_out("it finds values that differ in case only; weir's `casing` asks for one of them");
}
void moving(Expectation& e) {
  e.leave_out("it groups rows by day and looks at each; weir has windows `every: 1d` and z_score() for streams");
}
void gaps(Expectation& e) {
  e.leave_out("it looks for days without rows; weir has windows `every: 1d` with `row_count > 0` for streams");
}
void grouped(Expectation& e) {
  e.leave_out("weir has segments by a field for windows, and no groups within one rule");
}
void other_model(Expectation& e) {
  e.leave_out("it compares with another table");
}

void format(Expectation& e, const char* name) {
  e.judge_field(e.field(), "format", name);
}
void email(Expectation& e) {
  format(e, "email");
}
void ipv4(Expectation& e) {
  format(e, "ipv4");
}
void ipv6(Expectation& e) {
  format(e, "ipv6");
}
void uuid(Expectation& e) {
  format(e, "uuid");
}
void iban(Expectation& e) {
  format(e, "iban");
}
void mac(Expectation& e) {
  format(e, "mac");
}
void url(Expectation& e) {
  format(e, "url");
}
void imei(Expectation& e) {
  format(e, "imei");
}
void base64(Expectation& e) {
  format(e, "base64");
}

constexpr ExpectationKind kKinds[] = {
    {"expect_column_distinct_count_to_equal", distinct_equal},
    {"expect_column_distinct_count_to_be_greater_than", distinct_greater},
    {"expect_column_distinct_count_to_be_less_than", distinct_less},
    {"expect_column_distinct_count_to_equal_other_table", other_model},
    {"expect_column_distinct_values_to_equal_other_table", other_model},
    {"expect_row_values_to_have_recent_data", recent_data},
    {"expect_grouped_row_values_to_have_recent_data", grouped},
    {"expect_row_values_to_have_data_for_every_n_datepart", gaps},
    {"expect_column_values_to_be_within_n_stdevs", within_stdevs},
    {"expect_column_values_to_be_within_n_moving_stdevs", moving},
    {"expect_column_values_to_have_consistent_casing", casing},
    {"expect_table_aggregation_to_equal_other_table", other_model},
    {"expect_table_column_count_to_equal_other_table", other_model},
    {"expression_is_true", expression},
    {"expect_column_values_to_be_valid_email", email},
    {"expect_column_values_to_be_valid_ipv4", ipv4},
    {"expect_column_values_to_be_valid_ipv6", ipv6},
    {"expect_column_values_to_be_valid_uuid", uuid},
    {"expect_column_values_to_be_valid_iban", iban},
    {"expect_column_values_to_be_valid_mac", mac},
    {"expect_column_values_to_be_valid_url", url},
    {"expect_column_values_to_be_valid_imei", imei},
    {"expect_column_values_to_be_valid_base64", base64},
};

}  // namespace

std::span<const ExpectationKind> dbt_only_expectations() {
  return kKinds;
}

}  // namespace weir
