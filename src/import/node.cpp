// SPDX-License-Identifier: Apache-2.0
// JSON is read by the strict reader of base, which keeps no places: a second walk over the text, which is known to be right by
// then, finds where each value begins. YAML comes with its places from the reader of rule files.
#include "import/node.h"

#include <algorithm>

#include "base/json_value.h"
#include "base/text.h"
#include "rules/yaml.h"

namespace weir {
namespace {

constexpr std::size_t kMaxJsonDepth = 64;

/// Walks over a text that parse_json() has accepted, beside the values that it gave.
class Placing {
 public:
  explicit Placing(std::string_view text) : text_(text) {}

  SuiteNode place(const JsonValue& value) {
    skip();
    SuiteNode node;
    node.line = line_;
    node.column = static_cast<int>(at_ - line_begin_) + 1;
    switch (value.type) {
      case JsonValue::Type::Null: advance(4); break;
      case JsonValue::Type::Boolean:
        node.kind = SuiteNode::Kind::Boolean;
        node.boolean = value.boolean;
        advance(value.boolean ? 4 : 5);
        break;
      case JsonValue::Type::Number:
        node.kind = SuiteNode::Kind::Number;
        node.text = value.text;
        advance(value.text.size());
        break;
      case JsonValue::Type::Text:
        node.kind = SuiteNode::Kind::Text;
        node.text = value.text;
        quoted();
        break;
      case JsonValue::Type::Array:
        node.kind = SuiteNode::Kind::List;
        advance(1);
        for (const JsonValue& item : value.items) node.items.push_back(place(item));
        skip();
        advance(1);
        break;
      case JsonValue::Type::Object: object(value, node); break;
    }
    return node;
  }

 private:
  void object(const JsonValue& value, SuiteNode& node) {
    node.kind = SuiteNode::Kind::Map;
    advance(1);
    for (const auto& [key, member] : value.members) {
      skip();
      SuiteMember placed{
          .key = key, .line = line_, .column = static_cast<int>(at_ - line_begin_) + 1, .value = SuiteNode()};
      quoted();
      placed.value = place(member);
      node.members.push_back(std::move(placed));
    }
    skip();
    advance(1);
  }

  void advance(std::size_t n) { at_ += n; }

  void skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ',' && c != ':') return;
      ++at_;
      if (c != '\n') continue;
      ++line_;
      line_begin_ = at_;
    }
  }

  void quoted() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  int line_ = 1;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a plain scalar of YAML is a number that JSON could write as well: -12, 0.5, 1e3.
bool is_plain_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const std::size_t first = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

/// Numbers that YAML and Python write and JSON does not: 1_000_000, +5, .5, 5. become JSON's.
std::string normal_number(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c != '_'; });
  if (digits.starts_with('+')) digits.erase(0, 1);
  if (digits.starts_with('.')) digits.insert(0, "0");
  if (digits.starts_with("-.")) digits.insert(1, "0");
  if (digits.size() > 1 && digits.ends_with('.')) digits.pop_back();
  return is_plain_number(digits) && !text.empty() && text.front() != '_' ? digits : std::string();
}

SuiteNode node_of(const YamlNode& yaml) {
  SuiteNode node;
  node.line = yaml.line;
  node.column = yaml.column;
  switch (yaml.kind) {
    case YamlNode::Kind::Null: break;
    case YamlNode::Kind::Scalar: {
      node.kind = SuiteNode::Kind::Text;
      node.text = yaml.text;
      if (!yaml.plain) break;
      const bool yes = yaml.text == "true" || yaml.text == "True" || yaml.text == "TRUE";
      if (yes || yaml.text == "false" || yaml.text == "False" || yaml.text == "FALSE") {
        node.kind = SuiteNode::Kind::Boolean;
        node.boolean = yes;
      } else if (std::string number = normal_number(yaml.text); !number.empty()) {
        node.kind = SuiteNode::Kind::Number;
        node.text = std::move(number);
      }
      break;
    }
    case YamlNode::Kind::List:
      node.kind = SuiteNode::Kind::List;
      for (const YamlNode* item : yaml.items) node.items.push_back(node_of(*item));
      break;
    case YamlNode::Kind::Map:
      node.kind = SuiteNode::Kind::Map;
      for (const YamlNode::Member& member : yaml.members) {
        node.members.push_back({.key = member.key->text,
                                .line = member.key->line,
                                .column = member.key->column,
                                .value = node_of(*member.value)});
      }
      break;
  }
  return node;
}

/// The error of a JSON text carries a byte offset; people want a line.
Error located(Error error, const std::string& file, std::string_view text) {
  const auto offset = std::min(static_cast<std::size_t>(std::max(error.where.column, 0)), text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  error.where = {.file = file,
                 .line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
                 .column = 1 + static_cast<int>(newline == std::string_view::npos ? offset : offset - newline - 1)};
  return error;
}

/// Python writes NaN and Infinity into JSON, which has no words for them. They become texts of the same length, so that places
/// stay.
std::string without_python_numbers(std::string_view text) {
  std::string out(text);
  bool within = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (within && out[i] == '\\') {
      ++i;
      continue;
    }
    if (out[i] == '"') within = !within;
    if (within) continue;
    for (const auto& [theirs, ours] : {std::pair<std::string_view, std::string_view>{"-Infinity", "\"-inf\"   "},
                                       {"Infinity", "\"inf\"   "},
                                       {"NaN", "\"\" "}}) {
      if (!std::string_view(out).substr(i).starts_with(theirs)) continue;
      out.replace(i, theirs.size(), ours);
      i += ours.size() - 1;
      break;
    }
  }
  return out;
}

Result<SuiteText> parse_yaml_suite(const std::string& file, std::string_view text) {
  const std::unique_ptr<YamlDocument> document = parse_yaml(file, text);
  if (document->root == nullptr) {
    if (!document->errors.empty()) return document->errors.front();
    return Error{.message = "the file is empty", .where = {.file = file, .line = 1, .column = 1}};
  }
  return SuiteText{.root = node_of(*document->root), .warnings = document->errors};
}

}  // namespace

const SuiteNode& SuiteNode::operator[](std::string_view key) const {
  static const SuiteNode nothing;
  const auto found = std::find_if(members.rbegin(), members.rend(), [&](const auto& m) { return m.key == key; });
  return found == members.rend() ? nothing : found->value;
}

bool SuiteNode::has(std::string_view key) const {
  return std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.key == key; });
}

std::string SuiteNode::text_or(std::string_view otherwise) const {
  return is_text() || is_number() ? text : std::string(otherwise);
}

bool SuiteNode::is_true() const {
  return is_boolean() ? boolean : is_text() && (text == "true" || text == "True");
}

bool SuiteNode::is_false() const {
  return is_boolean() ? !boolean : is_text() && (text == "false" || text == "False");
}

std::vector<std::string> SuiteNode::texts() const {
  std::vector<std::string> out;
  if (is_text() || is_number()) out.push_back(text);
  for (const SuiteNode& item : items) {
    if (item.is_text() || item.is_number()) out.push_back(item.text);
  }
  return out;
}

std::optional<std::uint64_t> SuiteNode::count() const {
  constexpr std::size_t kMostDigits = 18;
  if (!is_number() || text.empty() || text.size() > kMostDigits) return std::nullopt;
  std::uint64_t value = 0;
  std::string_view digits = text;
  if (digits.ends_with(".0")) digits.remove_suffix(2);
  for (const char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::string show(const SuiteNode& node) {
  constexpr std::size_t kShown = 60;
  switch (node.kind) {
    case SuiteNode::Kind::Null: return "null";
    case SuiteNode::Kind::Boolean: return node.boolean ? "true" : "false";
    case SuiteNode::Kind::List: return "a list";
    case SuiteNode::Kind::Map: return "a map";
    default: return shorten(node.text, kShown);
  }
}

Result<SuiteText> parse_suite(const std::string& file, std::string_view text) {
  if (text.size() > kMaxSuiteBytes) {
    return Error{.message = "a suite has at most 16 MiB, this one has " + human_bytes(text.size()),
                 .where = {.file = file}};
  }
  text = without_mark(text);
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const bool like_json = begin != std::string_view::npos && (text[begin] == '{' || text[begin] == '[');
  if (!like_json) {
    // A text that went through Windows twice ends its lines with two carriage returns, which YAML takes for empty lines.
    std::string mended(text);
    for (std::size_t at = 0; (at = mended.find("\r\r\n", at)) != std::string::npos;) mended.erase(at, 1);
    return parse_yaml_suite(file, mended);
  }
  Result<JsonValue> json = parse_json(text, kMaxJsonDepth);
  if (json) return SuiteText{.root = Placing(text).place(*json), .warnings = {}};
  if (text.find("Infinity") != std::string_view::npos || text.find("NaN") != std::string_view::npos) {
    const std::string mended = without_python_numbers(text);
    if (const Result<JsonValue> python = parse_json(mended, kMaxJsonDepth))
      return SuiteText{.root = Placing(mended).place(*python), .warnings = {}};
  }
  // `{a: 1}` is YAML as well; a text that is neither is told of as JSON, which it most likely was meant to be.
  if (file.ends_with(".yml") || file.ends_with(".yaml")) return parse_yaml_suite(file, text);
  return located(json.error(), file, text);
}

}  // namespace weir
