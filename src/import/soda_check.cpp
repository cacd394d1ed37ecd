// SPDX-License-Identifier: Apache-2.0
#include "import/soda_check.h"

#include <array>
#include <utility>

#include "import/words.h"

namespace weir {
namespace {

/// Takes a number (with `%`) or a duration from the front; empty when there is none.
std::string take_number(std::string_view& text, bool& is_duration) {
  text = trimmed(text);
  std::size_t end = 0;
  while (end < text.size() && std::string_view("+-.0123456789dhmswy").find(text[end]) != std::string_view::npos) ++end;
  std::string word(text.substr(0, end));
  text.remove_prefix(end);
  text = trimmed(text);
  if (text.starts_with('%')) text.remove_prefix(1);
  if (word.starts_with('+')) word.erase(0, 1);
  if (word.starts_with('.')) word.insert(0, "0");
  if (is_number(word)) return word;
  const bool digits = !word.empty() && word.front() >= '0' && word.front() <= '9';
  const bool ends = !word.empty() && std::string_view("dhms").find(word.back()) != std::string_view::npos;
  if (!digits || !ends) return "";
  is_duration = true;
  return word;
}

std::string opposite(std::string_view sign) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOpposites = {
      {{"<", ">="}, {">", "<="}, {"<=", ">"}, {">=", "<"}, {"==", "!="}, {"!=", "=="}}};
  for (const auto& [a, b] : kOpposites) {
    if (a == sign) return std::string(b);
  }
  return "";
}

}  // namespace

std::optional<SodaThreshold> SodaThreshold::of(std::string_view text) {
  SodaThreshold out;
  text = trimmed(text);
  for (const auto& [theirs, ours] : {std::pair<std::string_view, std::string_view>{"<=", "<="},
                                     {">=", ">="},
                                     {"!=", "!="},
                                     {"<>", "!="},
                                     {"==", "=="},
                                     {"<", "<"},
                                     {">", ">"},
                                     {"=", "=="}}) {
    if (!text.starts_with(theirs)) continue;
    out.sign = ours;
    text.remove_prefix(theirs.size());
    out.low = take_number(text, out.is_duration);
    if (out.low.empty() || !trimmed(text).empty()) return std::nullopt;
    return out;
  }
  if (text.starts_with("not ")) {
    out.outside = true;
    text = trimmed(text.substr(4));
  }
  if (!text.starts_with("between")) return std::nullopt;
  text = trimmed(text.substr(7));
  if (text.starts_with('(') || text.starts_with('[')) {
    out.open_low = text.front() == '(';
    text.remove_prefix(1);
  }
  out.low = take_number(text, out.is_duration);
  text = trimmed(text);
  if (out.low.empty() || !text.starts_with("and")) return std::nullopt;
  text.remove_prefix(3);
  out.high = take_number(text, out.is_duration);
  text = trimmed(text);
  if (text.starts_with(')') || text.starts_with(']')) {
    out.open_high = text.front() == ')';
    text.remove_prefix(1);
  }
  if (out.high.empty() || !trimmed(text).empty()) return std::nullopt;
  return out;
}

SodaThreshold SodaThreshold::negated() const {
  SodaThreshold out = *this;
  if (sign.empty()) out.outside = !outside;
  out.sign = opposite(sign);
  return out;
}

template <class Number>
std::string SodaThreshold::written(const std::string& measure, const Number& number) const {
  if (!sign.empty()) return measure + " " + sign + " " + number(low);
  if (outside)
    return "(" + measure + (open_low ? " <= " : " < ") + number(low) + " || " + measure + (open_high ? " >= " : " > ") +
           number(high) + ")";
  return measure + (open_low ? " > " : " >= ") + number(low) + " && " + measure + (open_high ? " < " : " <= ") +
         number(high);
}

std::string SodaThreshold::on(const std::string& measure, const std::string& unit) const {
  return written(measure, [&unit](const std::string& number) { return number + unit; });
}

std::string SodaThreshold::on_share(const std::string& count) const {
  return written(count, [](const std::string& number) { return shifted(number, 2).value_or(number) + " * row_count"; });
}

bool SodaThreshold::only_zero() const {
  const std::optional<double> number = number_of(low);
  if (!number) return false;
  return ((sign == "==" || sign == "<=") && *number == 0) || (sign == "<" && *number > 0 && *number <= 1 && low == "1");
}

std::string SodaCheck::path() const {
  return columns.empty() ? "" : path_of(columns.front());
}

void SodaCheck::judge_window(const std::string& measure, const std::string& unit, bool fails_when_empty) {
  DraftRule rule{.where = DraftRule::Where::Window, .description = description, .when = when};
  if (must) rule.must = must->on(measure, unit);
  if (should) rule.should = should->on(measure, unit);
  if (fails_when_empty) rule.on_empty = "fail";
  if (!must && !should) return leave_out("it says no threshold that weir knows");
  draft.add(std::move(rule));
}

void SodaCheck::judge_share(const std::string& count) {
  DraftRule rule{.where = DraftRule::Where::Window, .description = description, .when = when};
  if (must) rule.must = must->on_share(count);
  if (should) rule.should = should->on_share(count);
  if (!must && !should) return leave_out("it says no threshold that weir knows");
  draft.add(std::move(rule));
}

bool SodaCheck::wants_none() const {
  if (must && should) return false;
  return must ? must->only_zero() : should && should->only_zero();
}

void translate_soda_metric(SodaCheck& check) {
  const std::string& metric = check.metric;
  for (const std::string_view family : {"missing_", "invalid_", "valid_", "duplicate_"}) {
    if (metric.starts_with(family)) return translate_soda_validity(check);
  }
  if (metric == "row_count") return check.judge_window("row_count");
  if (check.columns.empty()) return check.leave_out("weir does not know this metric");
  const std::string field = field_in_expression(check.path());
  if (metric == "freshness") {
    const bool durations = (!check.must || check.must->is_duration) && (!check.should || check.should->is_duration);
    if (!durations) return check.leave_out("the threshold of freshness is no time such as 1d or 90m");
    return check.judge_window("freshness(" + field + ")", "", true);
  }
  if (metric == "percentile") {
    if (check.columns.size() != 2 || !is_number(check.columns[1]))
      return check.leave_out("it names no column and share");
    return check.judge_window("quantile(" + field + ", " + check.columns[1] + ")");
  }
  for (const auto& [theirs, ours] : {std::pair{"avg", "mean"},
                                     {"min", "min"},
                                     {"max", "max"},
                                     {"sum", "sum"},
                                     {"stddev", "stddev"},
                                     {"stddev_samp", "stddev"},
                                     {"variance", "variance"},
                                     {"var_samp", "variance"},
                                     {"min_length", "min_length"},
                                     {"max_length", "max_length"},
                                     {"avg_length", "mean_length"},
                                     {"distinct_count", "distinct"},
                                     {"median", "median"}}) {
    if (metric == theirs) return check.judge_window(std::string(ours) + "(" + field + ")");
  }
  check.leave_out("weir does not know this metric");
}

}  // namespace weir
