// SPDX-License-Identifier: Apache-2.0
// YAML's guess about a scalar (octal, `no` as false, dates) is never asked: every scalar is read as the thing that the key
// wants, from the text as it was written.
#include "rules/values.h"

#include <algorithm>
#include <charconv>

#include "base/decimal.h"
#include "base/timestamp.h"
#include "rules/codes.h"

namespace weir {
namespace {

Scalar as_scalar(const YamlNode& node) {
  return {.text = node.is_null() ? "null" : node.text, .plain = node.plain, .where = node.where()};
}

std::nullopt_t refuse(Findings& findings, const YamlNode& node, std::string_view what, std::string_view wanted,
                      std::string help = "") {
  std::string message = std::string(what) + " wants " + std::string(wanted) + ", not " + backquoted(node.text);
  findings.error(codes::kValue, node.where(), std::move(message), {.label = {}, .help = std::move(help)});
  return std::nullopt;
}

/// A number's text that holds more significant digits than Decimal compares.
bool has_too_many_digits(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool numeric = std::all_of(text.begin(), text.end(), [&](char c) {
    return is_digit(c) || std::string_view("+-.eE").find(c) != std::string_view::npos;
  });
  return numeric && static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit)) > Decimal::kMaxDigits;
}

}  // namespace

std::string_view kind_in_words(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Map: return "a map";
    case YamlNode::Kind::List: return "a list";
    case YamlNode::Kind::Scalar: return "a single value";
    case YamlNode::Kind::Null: return "nothing";
  }
  return "";
}

void wrong_shape(Findings& findings, const YamlNode& node, std::string_view what, std::string_view wanted,
                 std::string help) {
  std::string message =
      std::string(what) + " wants " + std::string(wanted) + ", not " + std::string(kind_in_words(node));
  findings.error(codes::kShape, node.where(), std::move(message), {.label = {}, .help = std::move(help)});
}

bool digits_fit(Findings& findings, const Scalar& scalar) {
  if (scalar.text.size() <= Decimal::kMaxDigits || !has_too_many_digits(scalar.text)) return true;
  findings.error(codes::kDigits, scalar.where, "a number of more than 1,000 digits",
                 {.label = {}, .help = "weir compares numbers exactly, up to 1,000 digits"});
  return false;
}

std::optional<Scalar> read_scalar(Findings& findings, const YamlNode& node, std::string_view what) {
  if (node.is_scalar()) return as_scalar(node);
  // `title: {{ stream }}`: of YAML a map whose key is a map, which the parser leaves out.
  const bool braces = node.is_map() && node.members.empty();
  wrong_shape(findings, node, what, "a single value", braces ? "a text that begins with `{` stands in quotes" : "");
  return std::nullopt;
}

std::optional<Scalar> read_literal(Findings& findings, const YamlNode& node, std::string_view what) {
  if (node.is_null()) return as_scalar(node);
  std::optional<Scalar> scalar = read_scalar(findings, node, what);
  if (scalar && !digits_fit(findings, *scalar)) return std::nullopt;
  return scalar;
}

std::optional<bool> read_boolean(Findings& findings, const YamlNode& node, std::string_view what) {
  if (!node.is_scalar()) {
    wrong_shape(findings, node, what, "`true` or `false`");
    return std::nullopt;
  }
  if (node.plain && (node.text == "true" || node.text == "True" || node.text == "TRUE")) return true;
  if (node.plain && (node.text == "false" || node.text == "False" || node.text == "FALSE")) return false;
  const bool yaml_1_1 = node.text == "yes" || node.text == "on" || node.text == "no" || node.text == "off";
  return refuse(findings, node, what, "`true` or `false`",
                yaml_1_1 ? "`yes`, `no`, `on` and `off` are texts in YAML 1.2" : "");
}

std::optional<std::int64_t> read_count(Findings& findings, const YamlNode& node, std::string_view what) {
  if (!node.is_scalar()) {
    wrong_shape(findings, node, what, "a whole number");
    return std::nullopt;
  }
  std::int64_t count = 0;
  const char* const end = node.text.data() + node.text.size();
  const auto [stop, fault] = std::from_chars(node.text.data(), end, count);
  if (fault == std::errc() && stop == end && count >= 0) return count;
  const Scalar scalar = as_scalar(node);
  if (!digits_fit(findings, scalar)) return std::nullopt;
  return refuse(findings, node, what, "a whole number from 0 on");
}

std::optional<Scalar> read_number(Findings& findings, const YamlNode& node, std::string_view what) {
  if (!node.is_scalar()) {
    wrong_shape(findings, node, what, "a number");
    return std::nullopt;
  }
  Scalar scalar = as_scalar(node);
  if (!digits_fit(findings, scalar)) return std::nullopt;
  if (Decimal::parse(node.text)) return scalar;
  return refuse(findings, node, what, "a number");
}

std::optional<Scalar> read_percentage(const YamlNode& node) {
  if (!node.is_scalar() || !node.text.ends_with('%')) return std::nullopt;
  Scalar scalar = as_scalar(node);
  scalar.text.pop_back();
  if (scalar.text.size() > 100 || !Decimal::parse(scalar.text)) return std::nullopt;
  return scalar;
}

std::optional<Duration> read_duration(Findings& findings, const YamlNode& node, std::string_view what) {
  if (!node.is_scalar()) {
    wrong_shape(findings, node, what, "a duration such as `10m`");
    return std::nullopt;
  }
  const std::optional<Duration> duration = parse_duration(node.text);
  if (duration && *duration >= Duration::zero()) return duration;
  const bool bare = !node.text.empty() &&
                    std::all_of(node.text.begin(), node.text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return refuse(findings, node, what, "a duration",
                bare ? "add the unit: `" + node.text + "s`, `" + node.text + "m` or `" + node.text + "h`"
                     : "durations are written 250ms, 10s, 5m, 24h, 7d or 1h30m");
}

std::optional<Instant> read_time(Findings& findings, const YamlNode& node, std::string_view what) {
  if (!node.is_scalar()) {
    wrong_shape(findings, node, what, "a time such as 2026-01-31T12:00:00Z");
    return std::nullopt;
  }
  if (const std::optional<Instant> instant = parse_timestamp(node.text)) return instant;
  return refuse(findings, node, what, "a time with its zone", "times are written 2026-01-31T12:00:00Z");
}

std::optional<Scalar> read_choice(Findings& findings, const YamlNode& node, std::string_view what,
                                  std::span<const std::string_view> choices) {
  const std::vector<std::string_view> names(choices.begin(), choices.end());
  const std::string help = names.size() > 14 ? "" : "one of " + listed(names);
  if (!node.is_scalar() && !(node.is_null() && !node.text.empty())) {
    wrong_shape(findings, node, what, "a single value", help);
    return std::nullopt;
  }
  Scalar scalar = as_scalar(node);
  if (std::find(choices.begin(), choices.end(), scalar.text) != choices.end()) return scalar;
  findings.error(codes::kChoice, scalar.where, std::string(what) + " cannot be " + backquoted(scalar.text),
                 {.label = did_you_mean(scalar.text, names), .help = help});
  return std::nullopt;
}

const std::vector<std::string_view>& envelope_names() {
  static const std::vector<std::string_view> names = {"key",  "headers",   "timestamp", "partition",
                                                      "size", "tombstone", "topic",     "offset"};
  return names;
}

std::optional<FieldPath> parse_path(Findings& findings, const YamlNode& node) {
  Result<FieldPath> path = FieldPath::parse(node.text);
  constexpr std::string_view kEnvelope = "kafka.";
  if (path && node.text.starts_with(kEnvelope) && !path->from_envelope()) {
    const std::string& name = path->steps()[1].name;
    findings.error(
        codes::kPath, node.where(kEnvelope.size(), static_cast<int>(name.size())),
        "a message has no " + backquoted("kafka." + name),
        {.label = did_you_mean(name, envelope_names()),
         .help = "it has " + listed(envelope_names()) + "; a field of the record is written \"kafka\"." + name});
    return std::nullopt;
  }
  if (path) return *std::move(path);
  Error error = path.error();
  error.where = node.where(static_cast<std::size_t>(std::max(0, error.where.column - 1)), 1);
  error.code = codes::kPath;
  error.message += " " + backquoted(node.text);
  if (error.help.empty()) error.help = "paths are written a.b, items[].qty, or \"a name with . in it\".b";
  findings.error(std::move(error), codes::kPath, node.where());
  return std::nullopt;
}

std::optional<FieldPath> read_path(Findings& findings, const YamlNode& node, std::string_view what) {
  if (node.is_scalar()) return parse_path(findings, node);
  wrong_shape(findings, node, what, "the name of a field");
  return std::nullopt;
}

std::optional<std::vector<Scalar>> read_texts(Findings& findings, const YamlNode& node, std::string_view what) {
  std::vector<Scalar> out;
  if (node.is_list()) {
    for (const YamlNode* item : node.items) {
      std::optional<Scalar> scalar = read_scalar(findings, *item, what);
      if (!scalar) return std::nullopt;
      out.push_back(*std::move(scalar));
    }
    return out;
  }
  if (!node.is_scalar()) {
    wrong_shape(findings, node, what, "a text or a list of texts");
    return std::nullopt;
  }
  out.push_back(as_scalar(node));
  return out;
}

std::optional<std::vector<Scalar>> read_literals(Findings& findings, const YamlNode& node, std::string_view what) {
  if (!node.is_list()) {
    wrong_shape(findings, node, what, "a list of values", node.is_scalar() ? "write [" + node.text + "]" : "");
    return std::nullopt;
  }
  std::vector<Scalar> out;
  out.reserve(node.items.size());
  for (const YamlNode* item : node.items) {
    std::optional<Scalar> scalar = read_literal(findings, *item, what);
    if (!scalar) return std::nullopt;
    out.push_back(*std::move(scalar));
  }
  return out;
}

std::optional<std::vector<FieldPath>> read_paths(Findings& findings, const YamlNode& node, std::string_view what) {
  std::vector<FieldPath> out;
  if (!node.is_list()) {
    std::optional<FieldPath> path = read_path(findings, node, what);
    if (!path) return std::nullopt;
    out.push_back(*std::move(path));
    return out;
  }
  for (const YamlNode* item : node.items) {
    std::optional<FieldPath> path = read_path(findings, *item, what);
    if (!path) return std::nullopt;
    out.push_back(*std::move(path));
  }
  return out;
}

}  // namespace weir
