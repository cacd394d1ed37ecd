// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_checks.h"

#include <re2/re2.h>

#include <cstdlib>

namespace weir::testing {

namespace {

using Type = SlowJson::Type;

bool is_text(const SlowJson& value) {
  return value.type == Type::Text;
}
bool is_number(const SlowJson& value) {
  return value.type == Type::Number;
}
bool matches_whole(const std::string& text, const char* pattern) {
  return RE2::FullMatch(text, pattern);
}
bool is_number_literal(const std::string& text) {
  return matches_whole(text, R"(-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)");
}

int digits(const std::string& text, std::size_t at, std::size_t count) {
  return std::atoi(text.substr(at, count).c_str());
}

bool is_date(const std::string& text) {
  if (!matches_whole(text, R"(\d{4}-\d\d-\d\d)")) return false;
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1];
}

bool is_timestamp(const std::string& text) {
  if (!matches_whole(text, R"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))")) return false;
  if (!is_date(text.substr(0, 10))) return false;
  if (digits(text, 11, 2) > 23 || digits(text, 14, 2) > 59 || digits(text, 17, 2) > 59) return false;
  const std::size_t zone = text.find_first_of("+-", 19);
  return zone == std::string::npos || (digits(text, zone + 1, 2) <= 23 && digits(text, zone + 4, 2) <= 59);
}

bool is_uuid(const std::string& text) {
  return matches_whole(text, "(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
}

bool is_ipv4(const std::string& text) {
  return matches_whole(text, R"((0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3})") &&
         matches_whole(text, R"((25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3})");
}

bool has_type(const std::string& type, const SlowJson& value) {
  if (type == "string") return is_text(value);
  if (type == "number" || type == "decimal") return is_number(value);
  if (type == "integer") return is_number(value) && SlowNumber::read(value.text).is_whole();
  if (type == "boolean") return value.type == Type::Boolean;
  if (type == "timestamp") return is_text(value) && is_timestamp(value.text);
  if (type == "date") return is_text(value) && is_date(value.text);
  if (type == "uuid") return is_text(value) && is_uuid(value.text);
  if (type == "object") return value.type == Type::Object;
  return type == "array" && value.type == Type::Array;
}

/// What a literal is: the declared type of the field decides, else how it is written.
Type literal_type(const SlowLiteral& literal, const std::string& declared) {
  if (declared == "integer" || declared == "number" || declared == "decimal") return Type::Number;
  if (declared == "boolean") return Type::Boolean;
  if (!declared.empty() || literal.quoted) return Type::Text;
  if (literal.text == "true" || literal.text == "false") return Type::Boolean;
  return is_number_literal(literal.text) ? Type::Number : Type::Text;
}

bool is_among(const SlowRule& rule, const SlowJson& value) {
  for (const SlowLiteral& literal : rule.values) {
    if (literal_type(literal, rule.declared) != value.type) continue;
    if (value.type != Type::Number && literal.text == value.text) return true;
    if (value.type == Type::Number && SlowNumber::read(literal.text) == SlowNumber::read(value.text)) return true;
  }
  return false;
}

bool has_kind_of_a_literal(const SlowRule& rule, const SlowJson& value) {
  for (const SlowLiteral& literal : rule.values) {
    if (literal_type(literal, rule.declared) == value.type) return true;
  }
  return false;
}

std::size_t count_found(const SlowRule& rule, const std::string& text) {
  std::size_t found = 0;
  for (const SlowLiteral& pattern : rule.values) found += RE2::PartialMatch(text, pattern.text) ? 1 : 0;
  return found;
}

std::vector<std::string> code_points(const std::string& text) {
  std::vector<std::string> out;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (!continues) out.emplace_back();
    out.back() += c;
  }
  return out;
}

/// LIKE by trying every way in which a `%` may go.
bool is_like(const std::vector<std::string>& text, std::size_t t, const std::vector<std::string>& pattern,
             std::size_t p) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == "%") {
    for (std::size_t from = t; from <= text.size(); ++from) {
      if (is_like(text, from, pattern, p + 1)) return true;
    }
    return false;
  }
  return t < text.size() && (pattern[p] == "_" || pattern[p] == text[t]) && is_like(text, t + 1, pattern, p + 1);
}

bool has_format(const std::string& format, const std::string& text) {
  if (format == "date") return is_date(text);
  if (format == "uuid") return is_uuid(text);
  if (format == "ipv4") return is_ipv4(text);
  if (format == "md5") return matches_whole(text, "(?i)[0-9a-f]{32}");
  return format == "hex-color" && matches_whole(text, "(?i)#([0-9a-f]{3}|[0-9a-f]{4}|[0-9a-f]{6}|[0-9a-f]{8})");
}

bool reads_as(const std::string& kind, const std::string& text) {
  if (kind == "integer") return matches_whole(text, "[+-]?(0|[1-9][0-9]*)");
  if (kind == "number")
    return is_number_literal(text.starts_with('+') ? text.substr(1) : text) && !text.starts_with("+-");
  if (kind == "boolean") return text == "true" || text == "false";
  if (kind == "date") return is_date(text);
  if (kind == "timestamp") return is_timestamp(text);
  return kind == "json" && slow_parse(text).has_value();
}

bool has_equal_items(const SlowJson& array) {
  for (std::size_t i = 0; i < array.items.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (array.items[i].equals(array.items[j])) return true;
    }
  }
  return false;
}

bool holds_for_number(const SlowRule& rule, const SlowNumber& number) {
  const std::string& check = rule.check;
  if (check == "finite") return true;  // JSON has no other numbers
  const SlowNumber bound = SlowNumber::read(rule.values[0].text);
  if (check == "min") return number.compare(bound) >= 0;
  if (check == "max") return number.compare(bound) <= 0;
  if (check == "above") return number.compare(bound) > 0;
  if (check == "below") return number.compare(bound) < 0;
  if (check == "multiple_of") return number.is_multiple_of(bound);
  const long most = std::atol(rule.values[0].text.c_str());
  return check == "scale" ? number.scale() <= most : number.precision() <= most;
}

bool holds_for_text(const SlowRule& rule, const std::string& text) {
  const std::string& check = rule.check;
  const std::string& first = rule.values[0].text;
  if (check == "match") return count_found(rule, text) > 0;
  if (check == "match_all") return count_found(rule, text) == rule.values.size();
  if (check == "not_match") return count_found(rule, text) == 0;
  if (check == "like") return is_like(code_points(text), 0, code_points(first), 0);
  if (check == "format") return has_format(first, text);
  if (check == "parse") return reads_as(first, text);
  const auto length = static_cast<long>(code_points(text).size());
  const long bound = std::atol(first.c_str());
  if (check == "min_length") return length >= bound;
  return check == "max_length" ? length <= bound : length == bound;
}

bool is_one_of(const std::string& check, const std::vector<std::string>& checks) {
  for (const std::string& one : checks) {
    if (one == check) return true;
  }
  return false;
}

}  // namespace

bool slow_holds(const SlowRule& rule, const SlowJson& value) {
  if (rule.check == "type") return has_type(rule.values[0].text, value);
  if (rule.check == "in") return is_among(rule, value);
  if (rule.check == "not_in") return has_kind_of_a_literal(rule, value) && !is_among(rule, value);
  if (is_one_of(rule.check, {"min_items", "max_items", "unique_items"})) {
    if (value.type != Type::Array) return false;
    if (rule.check == "unique_items") return !has_equal_items(value);
    const auto count = static_cast<long>(value.items.size());
    const long bound = std::atol(rule.values[0].text.c_str());
    return rule.check == "min_items" ? count >= bound : count <= bound;
  }
  if (is_one_of(rule.check, {"min", "max", "above", "below", "finite", "multiple_of", "precision", "scale"})) {
    return is_number(value) && holds_for_number(rule, SlowNumber::read(value.text));
  }
  return is_text(value) && holds_for_text(rule, value.text);
}

std::string slow_key(const SlowJson& value) {
  if (is_number(value)) return "number " + SlowNumber::read(value.text).text();
  return std::to_string(static_cast<int>(value.type)) + " " + value.text;
}

}  // namespace weir::testing
