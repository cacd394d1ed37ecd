// SPDX-License-Identifier: Apache-2.0
#include "import/words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace weir {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

/// Words that YAML, of whatever version a reader may be, takes for something else than a text.
bool is_yaml_word(std::string_view text) {
  static constexpr std::array<std::string_view, 11> kWords = {"true", "false", "yes", "no", "on", "off",
                                                              "null", "y",     "n",   "~",  "nan"};
  const std::string small = lower(text);
  return std::find(kWords.begin(), kWords.end(), small) != kWords.end();
}

/// A `$` that a name, a bracket or a second dollar follows begins a variable; `$$` is a dollar.
std::string with_dollars(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] != '$' || i + 1 == text.size()) continue;
    const char next = text[i + 1];
    if (is_letter(next) || next == '_' || next == '{' || next == '$') out += '$';
  }
  return out;
}

std::string hexadecimal(unsigned char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  return {kHex[byte >> 4U], kHex[byte & 15U]};
}

std::string in_double_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x" + hexadecimal(byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string scalar(std::string_view text) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
  // C1 controls, the mark of byte order and the line separators of Unicode: readers of YAML differ about them.
  const bool odd =
      text.find("\xC2\x80") != std::string_view::npos || text.find("\xE2\x80\xA8") != std::string_view::npos ||
      text.find("\xE2\x80\xA9") != std::string_view::npos || text.find("\xC2\x85") != std::string_view::npos;
  if (control || odd) return in_double_quotes(text);
  const auto is_bare = [](char c) { return is_word(c) || c == '-' || c == '.' || c == '/' || c == ' ' || c == '+'; };
  const bool bare = !text.empty() && (is_letter(text.front()) || text.front() == '_') && text.back() != ' ' &&
                    std::all_of(text.begin(), text.end(), is_bare) && !is_yaml_word(text);
  if (bare) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

/// Names that an expression takes for something of its own.
bool is_reserved(std::string_view name) {
  static constexpr std::array<std::string_view, 22> kReserved = {
      "true", "false",  "null", "in",   "as",      "break",     "const",  "continue", "else", "for",   "function",
      "if",   "import", "let",  "loop", "package", "namespace", "return", "var",      "void", "while", "last"};
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

std::string step_in_expression(std::string_view name) {
  const bool plain = !name.empty() && !is_digit(name.front()) && std::all_of(name.begin(), name.end(), is_word);
  return plain && !is_reserved(name) ? std::string(name) : "`" + std::string(name) + "`";
}

}  // namespace

std::string text_in_yaml(std::string_view text) {
  return scalar(with_dollars(text));
}

std::string expression_in_yaml(std::string_view text) {
  const std::string written = with_dollars(text);
  constexpr std::string_view kSafe = " ._/+-<>=()&|*%!";
  const auto is_bare = [&](char c) { return is_word(c) || kSafe.find(c) != std::string_view::npos; };
  const bool bare = !written.empty() && is_letter(written.front()) && written.back() != ' ' &&
                    std::all_of(written.begin(), written.end(), is_bare);
  return bare ? written : scalar(written);
}

std::string key_in_yaml(std::string_view text) {
  // `items[].qty` needs no quotes: only a bracket at the beginning would open a list.
  const auto is_path = [](char c) { return is_word(c) || c == '.' || c == '[' || c == ']'; };
  const bool path = text.find("[]") != std::string_view::npos && (is_letter(text.front()) || text.front() == '_') &&
                    std::all_of(text.begin(), text.end(), is_path);
  return path ? std::string(text) : scalar(text);
}

std::string scalar_in_yaml(const SuiteNode& node) {
  switch (node.kind) {
    case SuiteNode::Kind::Boolean: return node.boolean ? "true" : "false";
    case SuiteNode::Kind::Number: return node.text;
    case SuiteNode::Kind::Text: return text_in_yaml(node.text);
    default: return "null";
  }
}

std::string list_in_yaml(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() == 1 ? "" : ", ") + text_in_yaml(text);
  return out + "]";
}

std::string path_of(std::string_view name) {
  const bool special = name.empty() || name == "kafka" || name.find_first_of(".[]\"") != std::string_view::npos;
  if (!special) return std::string(name);
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string field_in_expression(std::string_view path) {
  std::string out;
  std::size_t at = 0;
  while (at < path.size()) {
    std::string name;
    if (path[at] == '"') {
      for (++at; at < path.size() && path[at] != '"'; ++at) {
        if (path[at] == '\\' && at + 1 < path.size()) ++at;
        name += path[at];
      }
      ++at;
      if (!out.empty() && out.back() != '.') out += '.';
      out += "`" + name + "`";
    } else {
      while (at < path.size() && path[at] != '.' && path[at] != '[') name += path[at++];
      if (!name.empty()) out += step_in_expression(name);
    }
    while (path.substr(std::min(at, path.size())).starts_with("[]")) {
      out += "[]";
      at += 2;
    }
    if (at < path.size() && path[at] == '.') {
      out += '.';
      ++at;
    } else if (at < path.size() && path[at] == '[') {
      ++at;
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += byte < 0x20 ? "\\u00" + hexadecimal(byte) : std::string(1, c);
    }
  }
  return out + "\"";
}

std::optional<std::string> literal(const SuiteNode& node) {
  switch (node.kind) {
    case SuiteNode::Kind::Null: return "null";
    case SuiteNode::Kind::Boolean: return node.boolean ? "true" : "false";
    case SuiteNode::Kind::Number: return node.text;
    case SuiteNode::Kind::Text: return quoted(node.text);
    default: return std::nullopt;
  }
}

std::optional<std::string> literals(const SuiteNode& list) {
  std::string out = "[";
  for (const SuiteNode& item : list.items) {
    if (item.is_null()) continue;
    const std::optional<std::string> text = literal(item);
    if (!text) return std::nullopt;
    out += (out.size() == 1 ? "" : ", ") + *text;
  }
  return out + "]";
}

std::optional<std::string> shifted(std::string_view digits, int places) {
  if (!is_number(digits)) return std::nullopt;
  const bool negative = digits.front() == '-';
  if (negative) digits.remove_prefix(1);
  // 12.5e-1: whole digits, and where the point stands in them.
  std::string all;
  int point = 0;
  bool behind = false;
  std::size_t i = 0;
  for (; i < digits.size() && digits[i] != 'e' && digits[i] != 'E'; ++i) {
    if (digits[i] == '.') {
      behind = true;
    } else {
      all += digits[i];
      if (!behind) ++point;
    }
  }
  int exponent = 0;
  if (i < digits.size()) {
    std::string_view power = digits.substr(i + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    std::from_chars(power.data(), power.data() + power.size(), exponent);
  }
  constexpr int kFarthest = 30;
  point += exponent - places;
  if (point > kFarthest || point < -kFarthest) return std::nullopt;
  while (point <= 0) {
    all.insert(0, "0");
    ++point;
  }
  while (static_cast<std::size_t>(point) > all.size()) all += '0';
  std::string whole = all.substr(0, static_cast<std::size_t>(point));
  std::string fraction = all.substr(static_cast<std::size_t>(point));
  while (whole.size() > 1 && whole.front() == '0') whole.erase(0, 1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return (negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

std::optional<std::string> percent_of_share(std::string_view digits) {
  const std::optional<std::string> hundredfold = shifted(digits, -2);
  if (!hundredfold) return std::nullopt;
  return *hundredfold + "%";
}

bool is_number(std::string_view text) {
  return number_of(text).has_value() && (is_digit(text.front()) || (text.front() == '-' && is_digit(text[1])));
}

std::optional<double> number_of(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string one_line(std::string_view text, std::size_t limit) {
  std::string out;
  for (const char c : trimmed(text)) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  return shorten(out, limit);
}

}  // namespace weir
