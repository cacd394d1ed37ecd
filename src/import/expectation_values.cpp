// SPDX-License-Identifier: Apache-2.0
// Expectations about each value of one column.
#include <algorithm>
#include <array>

#include "import/condition.h"
#include "import/expectation.h"
#include "import/regex.h"
#include "import/time_layout.h"
#include "import/type_names.h"
#include "import/words.h"

namespace weir {
namespace {

/// A bound that weir compares natively: a number, or a time of RFC 3339.
bool is_native(const SuiteNode& bound) {
  if (bound.is_number()) return true;
  const std::optional<TimeLayout> layout = bound.is_text() ? TimeLayout::of(bound.text) : std::nullopt;
  return layout && layout->kind == TimeLayout::Kind::Rfc3339;
}

/// One side of an expression over texts or times that are written like the bound.
std::string text_bound(const std::string& field, const SuiteNode& bound, const std::string& sign, bool as_time) {
  const std::optional<TimeLayout> layout = TimeLayout::of(bound.text);
  if (!as_time || !layout || layout->kind == TimeLayout::Kind::Iso)
    return field + " " + sign + " " + quoted(bound.text);
  return layout->time_of(field) + " " + sign + " " + layout->instant;
}

void between(Expectation& e) {
  const std::string field = e.field();
  const SuiteNode& low = e.argument("min_value");
  const SuiteNode& high = e.argument("max_value");
  const ValueBounds bounds = bounds_of(e, false);
  if (bounds.none()) return e.leave_out("it has no bound, which the tool refuses as well");
  if (bounds.spoiled) return e.leave_out("a bound is neither a number nor a text");
  if (!low.is_null() && !high.is_null() && low.kind != high.kind)
    return e.leave_out("one bound is a number and the other a text");
  const bool native = (low.is_null() || is_native(low)) && (high.is_null() || is_native(high));
  if (native && (e.mostly.empty() || low.is_null() || high.is_null())) {
    if (!low.is_null()) e.judge_field(field, bounds.strict_low ? "above" : "min", scalar_in_yaml(low));
    if (!high.is_null()) e.judge_field(field, bounds.strict_high ? "below" : "max", scalar_in_yaml(high));
    return;
  }
  const std::string name = field_in_expression(field);
  if (low.is_number() || high.is_number()) return e.judge_expression(bounds.condition(name), field + ".between");
  const bool as_time = e.argument("parse_strings_as_datetimes").is_true() || native;
  std::string text;
  if (!low.is_null()) text = text_bound(name, low, bounds.strict_low ? ">" : ">=", as_time);
  if (!high.is_null())
    text += (text.empty() ? "" : " && ") + text_bound(name, high, bounds.strict_high ? "<" : "<=", as_time);
  e.judge_expression(text, field + ".between");
  if (!native) e.draft.note("The bounds are texts: the field has to be written in the same form.");
}

void lengths(Expectation& e) {
  const std::string field = e.field();
  const std::optional<std::uint64_t> low = e.argument("min_value").count();
  const std::optional<std::uint64_t> high = e.argument("max_value").count();
  const ValueBounds bounds = bounds_of(e, false);
  if (bounds.none()) return e.leave_out("it has no bound, which the tool refuses as well");
  if (bounds.spoiled) return e.leave_out("a bound is no number");
  const bool whole =
      (low || bounds.low.empty()) && (high || bounds.high.empty()) && !(bounds.strict_high && high == 0U);
  if (!whole || (!e.mostly.empty() && low && high))
    return e.judge_expression(bounds.condition("size(" + field_in_expression(field) + ")"), field + ".length");
  if (low) e.judge_field(field, "min_length", std::to_string(*low + (bounds.strict_low ? 1 : 0)));
  if (high) e.judge_field(field, "max_length", std::to_string(*high - (bounds.strict_high ? 1 : 0)));
}

void length(Expectation& e) {
  const std::optional<std::uint64_t> value = e.argument("value").count();
  if (!value) return e.leave_out("`value` is no whole number");
  e.judge_field(e.field(), "length", std::to_string(*value));
}

/// `[a, b]` for `in`, without nulls; nothing when an item is no scalar.
std::optional<std::string> list_of(const SuiteNode& set, bool& empty) {
  std::string out = "[";
  for (const SuiteNode& item : set.items) {
    if (item.is_null()) continue;
    if (!item.is_scalar()) return std::nullopt;
    out += (out.size() == 1 ? "" : ", ") + scalar_in_yaml(item);
  }
  empty = out.size() == 1;
  return out + "]";
}

void in_set(Expectation& e) {
  bool empty = false;
  const SuiteNode& set = e.argument("value_set");
  const std::optional<std::string> list = list_of(set, empty);
  if (!set.is_list() || !list) return e.leave_out("`value_set` is no list of values");
  if (empty) return e.judge_field(e.field(), "null", "true");
  e.judge_field(e.field(), "in", *list);
}

void not_in_set(Expectation& e) {
  bool empty = false;
  const SuiteNode& set = e.argument("value_set");
  const std::optional<std::string> list = list_of(set, empty);
  if (!set.is_list() || !list) return e.leave_out("`value_set` is no list of values");
  if (empty) return e.draft.note("expect_column_values_to_not_be_in_set without values always holds.");
  e.judge_field(e.field(), "not_in", *list);
}

void not_null(Expectation& e) {
  e.judge_field(e.field(), "required", "true");
}
void null(Expectation& e) {
  e.judge_field(e.field(), "null", "true");
}

/// Great Expectations counts every member of a group of equal values, weir's rule the second and later ones: whether there is
/// one is the same question, the share that `mostly` asks about is not.
void unique(Expectation& e) {
  const std::string field = e.field();
  if (e.mostly.empty()) return e.judge_field(field, "unique", "true");
  const std::string name = field_in_expression(field);
  e.judge_window(
      "unique_rate(" + name + ") * distinct_rate(" + name + ") >= " + percent_of_share(e.mostly).value_or("100%"),
      false);
  e.draft.note("The share of values that are there only once, among all values.");
}

std::string flags_of(const Expectation& e) {
  const std::string flags = e.argument("flags").text_or();
  return flags.find('i') == std::string::npos ? "" : "(?i)";
}

void match(Expectation& e) {
  if (!e.argument("regex").is_text()) return e.leave_out("`regex` is no text");
  e.judge_field(e.field(), "match", text_in_yaml(flags_of(e) + regex_for_re2(e.argument("regex").text)));
}
void not_match(Expectation& e) {
  if (!e.argument("regex").is_text()) return e.leave_out("`regex` is no text");
  e.judge_field(e.field(), "not_match", text_in_yaml(flags_of(e) + regex_for_re2(e.argument("regex").text)));
}

std::vector<std::string> patterns(const Expectation& e, std::string_view key) {
  std::vector<std::string> out;
  for (const std::string& pattern : e.argument(key).texts()) out.push_back(flags_of(e) + regex_for_re2(pattern));
  return out;
}

void match_list(Expectation& e) {
  const std::vector<std::string> list = patterns(e, "regex_list");
  if (list.empty()) return e.leave_out("`regex_list` is no list of texts");
  e.judge_field(e.field(), e.argument("match_on").text_or() == "all" ? "match_all" : "match", list_in_yaml(list));
}
void not_match_list(Expectation& e) {
  const std::vector<std::string> list = patterns(e, "regex_list");
  if (list.empty()) return e.leave_out("`regex_list` is no list of texts");
  e.judge_field(e.field(), "not_match", list_in_yaml(list));
}

void like(Expectation& e) {
  if (!e.argument("like_pattern").is_text()) return e.leave_out("`like_pattern` is no text");
  e.judge_field(e.field(), "like", text_in_yaml(e.argument("like_pattern").text));
}
void not_like(Expectation& e) {
  if (!e.argument("like_pattern").is_text()) return e.leave_out("`like_pattern` is no text");
  e.judge_field(e.field(), "not_like", text_in_yaml(e.argument("like_pattern").text));
}
void like_list(Expectation& e) {
  const std::vector<std::string> list = e.argument("like_pattern_list").texts();
  if (list.empty()) return e.leave_out("`like_pattern_list` is no list of texts");
  if (e.argument("match_on").text_or() != "all") return e.judge_field(e.field(), "like", list_in_yaml(list));
  std::vector<std::string> all;
  for (const std::string& pattern : list) all.push_back(regex_of_like(pattern));
  e.judge_field(e.field(), "match_all", list_in_yaml(all));
}
void not_like_list(Expectation& e) {
  const std::vector<std::string> list = e.argument("like_pattern_list").texts();
  if (list.empty()) return e.leave_out("`like_pattern_list` is no list of texts");
  e.judge_field(e.field(), "not_like", list_in_yaml(list));
}

void ordered(Expectation& e, const char* check) {
  const bool strictly = e.argument("strictly").is_true();
  const std::string by = e.is_dbt ? path_of(e.argument("sort_column").text_or()) : "";
  if (!by.empty() && by != "\"\"" && by != e.field())
    return e.leave_out("it sorts the rows first; weir judges them in the order in which they come");
  e.judge_field(e.field(), check, strictly ? "{strict: true}" : "true");
}
void increasing(Expectation& e) {
  ordered(e, "increasing");
}
void decreasing(Expectation& e) {
  ordered(e, "decreasing");
}

void json(Expectation& e) {
  e.judge_field(e.field(), "parse", "json");
}

void strftime(Expectation& e) {
  if (!e.argument("strftime_format").is_text()) return e.leave_out("`strftime_format` is no text");
  e.judge_field(e.field(), "strftime", text_in_yaml(e.argument("strftime_format").text));
}

/// dateutil reads nearly everything that people call a date. The forms below are the common ones; it also takes words between.
void dateutil(Expectation& e) {
  static const std::array<std::string, 6> kForms = {
      R"(^\d{4}([-/.]?\d{1,2}([-/.]?\d{1,2})?)?([ T]\d{1,2}(:?\d{2}){0,2}([.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)?$)",
      R"(^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}([ T]\d{1,2}(:\d{2}){1,2}([.,]\d+)?\s*([AaPp][Mm])?)?$)",
      R"((?i)^((mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[- ,]*\d{1,4}(st|nd|rd|th)?([- ,]+\d{2,4})?([ T,]+\d{1,2}(:\d{2}){1,2}([.,]\d+)?\s*([ap]m)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$)",
      R"((?i)^((mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?\d{1,2}(st|nd|rd|th)?[- ,]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?([- ,]+\d{2,4})?([ T,]+\d{1,2}(:\d{2}){1,2}([.,]\d+)?\s*([ap]m)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$)",
      R"((?i)^\d{1,2}(:\d{2}){1,2}([.,]\d+)?\s*([ap]m)?$)",
      R"((?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]*$)"};
  e.judge_field(e.field(), "match", list_in_yaml({kForms.begin(), kForms.end()}));
  e.draft.note(
      "Python's dateutil reads more forms than these patterns; a format or strftime says better which one is meant.");
}

void of_types(Expectation& e, const std::vector<std::string>& names) {
  std::vector<std::string> types;
  for (const std::string& name : names) {
    // pandas calls everything an object that has no type of its own.
    const std::string type = lower(name) == "object" ? "" : type_of_name(name);
    if (!type.empty() && std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }
  if (types.empty()) {
    return e.leave_out(names.empty() ? "it names no type"
                                     : "the type `" + one_line(names.front(), 40) +
                                           "` has no counterpart among the types of a record");
  }
  if (std::find(types.begin(), types.end(), "number") != types.end())
    types.erase(std::remove(types.begin(), types.end(), "integer"), types.end());
  if (types.size() == 1) return e.judge_field(e.field(), "type", types.front());
  const std::string name = field_in_expression(e.field());
  std::string text;
  for (const std::string& type : types) {
    const std::string_view word = type == "integer"   ? "int"
                                  : type == "number"  ? "double"
                                  : type == "boolean" ? "bool"
                                  : type == "object"  ? "map"
                                  : type == "array"   ? "list"
                                                      : "string";
    if (word == "double") text += (text.empty() ? "" : " || ") + ("type(" + name + ") == int");
    text += (text.empty() ? "" : " || ") + ("type(" + name + ") == ") + std::string(word);
  }
  e.judge_expression(text, e.field() + ".type");
}
void of_type(Expectation& e) {
  const SuiteNode& type = e.argument("type_");
  of_types(e, (type.is_null() ? e.argument("column_type") : type).texts());
}
void in_type_list(Expectation& e) {
  const SuiteNode& list = e.argument("type_list");
  of_types(e, (list.is_null() ? e.argument("column_type_list") : list).texts());
}

void z_scores(Expectation& e) {
  const SuiteNode& threshold = e.argument("threshold");
  if (!threshold.is_number()) return e.leave_out("`threshold` is no number");
  if (!e.mostly.empty())
    return e.leave_out("the share of values within a distance from their own mean needs a second pass over the data");
  const std::string f = field_in_expression(e.field());
  std::string text = "max(" + f + ") - mean(" + f + ") < " + threshold.text + " * stddev(" + f + ")";
  if (e.argument("double_sided").is_true())
    text += " && mean(" + f + ") - min(" + f + ") < " + threshold.text + " * stddev(" + f + ")";
  e.judge_window(text, false);
}

void json_schema(Expectation& e) {
  e.leave_out(
      "weir does not look into JSON within a text; where the field is an object, `weir import jsonschema` carries the "
      "schema over");
}

constexpr ExpectationKind kKinds[] = {
    {"expect_column_values_to_be_between", between},
    {"expect_column_value_lengths_to_be_between", lengths},
    {"expect_column_value_lengths_to_equal", length},
    {"expect_column_values_to_be_in_set", in_set},
    {"expect_column_values_to_not_be_in_set", not_in_set},
    {"expect_column_values_to_not_be_null", not_null},
    {"expect_column_values_to_be_null", null},
    {"expect_column_values_to_be_unique", unique},
    {"expect_column_values_to_match_regex", match},
    {"expect_column_values_to_not_match_regex", not_match},
    {"expect_column_values_to_match_regex_list", match_list},
    {"expect_column_values_to_not_match_regex_list", not_match_list},
    {"expect_column_values_to_match_like_pattern", like},
    {"expect_column_values_to_not_match_like_pattern", not_like},
    {"expect_column_values_to_match_like_pattern_list", like_list},
    {"expect_column_values_to_not_match_like_pattern_list", not_like_list},
    {"expect_column_values_to_be_increasing", increasing},
    {"expect_column_values_to_be_decreasing", decreasing},
    {"expect_column_values_to_be_json_parseable", json},
    {"expect_column_values_to_match_strftime_format", strftime},
    {"expect_column_values_to_be_dateutil_parseable", dateutil},
    {"expect_column_values_to_be_of_type", of_type},
    {"expect_column_values_to_be_in_type_list", in_type_list},
    {"expect_column_value_z_scores_to_be_less_than", z_scores},
    {"expect_column_values_to_match_json_schema", json_schema},
};

}  // namespace

std::span<const ExpectationKind> value_expectations() {
  return kKinds;
}

}  // namespace weir
