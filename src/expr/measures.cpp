// SPDX-License-Identifier: Apache-2.0
// The measures that a window condition may call: names, arguments and what they give. What they compute is the business of
// src/measures; this table is what `must` and `should` are typed by.
#include "expr/expression.h"

namespace weir {

namespace {

constexpr MeasureSpec number(std::string_view name, std::string_view signature, std::string_view summary) {
  return {name, summary, signature, false, MeasureResult::Number};
}
constexpr MeasureSpec count(std::string_view name, std::string_view signature, std::string_view summary) {
  return {name, summary, signature, false, MeasureResult::Count};
}
constexpr MeasureSpec rate(std::string_view name, std::string_view signature, std::string_view summary) {
  return {name, summary, signature, true, MeasureResult::Rate};
}
constexpr MeasureSpec of(MeasureResult result, std::string_view name, std::string_view signature,
                         std::string_view summary) {
  return {name, summary, signature, false, result};
}

constexpr MeasureSpec kMeasures[] = {
    count("row_count", "", "How many records the window holds."),
    number("throughput", "", "Records a second of the window's length."),
    count("null_count", "field", "Records in which the field is there and null."),
    rate("null_rate", "field", "Share of records in which the field is there and null."),
    rate("absent_rate", "field", "Share of records that lack the field."),
    rate("missing_rate", "field", "Share of records in which the field is null or absent."),
    count("fail_count", "text", "Records that failed the rule of that id."),
    rate("fail_rate", "text", "Share of the records judged that failed the rule of that id."),
    rate("pass_rate", "text", "Share of the records judged that passed the rule of that id."),
    count("count", "expression", "Records for which the expression is true."),
    rate("rate", "expression", "Share of records for which the expression is true, of those for which it is known."),
    count("distinct", "field", "How many different values there are."),
    rate("distinct_rate", "field", "Different values, as a share of the values."),
    rate("unique_rate", "field", "Values seen once, as a share of the different values."),
    count("duplicate_count", "field", "Records whose value was seen before in the window."),
    rate("duplicate_rate", "field", "Share of records whose value was seen before in the window."),
    of(MeasureResult::Any, "min", "field", "The smallest value."),
    of(MeasureResult::Any, "max", "field", "The largest value."),
    number("sum", "field", "The sum of the values."),
    number("mean", "field", "The mean of the values."),
    number("median", "field", "The value in the middle."),
    number("quantile", "field, number", "The value below which that share of the values lies: 0.99 for the p99."),
    number("stddev", "field", "The standard deviation of the values."),
    number("variance", "field", "The variance of the values."),
    number("skewness", "field", "How lopsided the values are; 0 for a symmetric distribution."),
    number("kurtosis", "field", "How heavy the tails are, over those of a normal distribution."),
    number("range", "field", "The largest value less the smallest."),
    number("iqr", "field", "The third quartile less the first."),
    number("entropy", "field", "The entropy of the values in bits."),
    number("mutual_information", "field, field", "Bits that one field tells of the other."),
    number("correlation", "field, field", "Pearson's correlation, -1 to 1."),
    number("covariance", "field, field", "The covariance of two fields."),
    number("sum_ratio", "field, field", "The sum of the first field over the sum of the second."),
    of(MeasureResult::Values, "top", "field, number?", "The most common values, most common first."),
    of(MeasureResult::Values, "values", "field", "The set of different values."),
    count("min_length", "field", "The length of the shortest text, in code points."),
    count("max_length", "field", "The length of the longest text, in code points."),
    number("mean_length", "field", "The mean length of the texts, in code points."),
    rate("zero_rate", "field", "Share of the numbers that are zero."),
    rate("negative_rate", "field", "Share of the numbers that are below zero."),
    rate("type_rate", "field, text", "Share of the values that are of that type."),
    rate("histogram", "field, number, number", "Share of the numbers from the first bound up to below the second."),
    of(MeasureResult::Duration, "freshness", "field", "Time between the newest value and the end of the window."),
    of(MeasureResult::Duration, "delay", "field", "Median time between the field and the arrival of its record."),
    count("column_count", "", "How many different fields the records have."),
    of(MeasureResult::Values, "schema", "", "The fields seen and their types, each as `name: type`."),
    rate("change", "measure, baseline", "How much the measure differs from the baseline, as a share of the baseline."),
    number("z_score", "measure, number",
           "How many standard deviations the measure lies from its mean over that many windows."),
    number("forecast", "measure", "What the measure was expected to be, by its own past."),
    rate("score", "", "Share of the rules that hold: the quality score."),
    number("psi", "field", "Population stability index against the reference."),
    number("ks", "field", "Kolmogorov-Smirnov distance from the reference."),
    number("js", "field", "Jensen-Shannon distance from the reference."),
    number("wasserstein", "field", "Wasserstein distance from the reference, in standard deviations."),
    number("hellinger", "field", "Hellinger distance from the reference."),
    number("chi_square", "field", "The statistic of the chi-square test against the reference."),
    number("other", "text, measure", "The measure of the same window of another topic."),
};

}  // namespace

std::span<const MeasureSpec> measure_specs() {
  return kMeasures;
}

}  // namespace weir
