// SPDX-License-Identifier: Apache-2.0
#include "checks/json_schema_pattern.h"

#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace weir {

namespace {

constexpr std::string_view kBlanks =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kProperties = {{{"Letter", "L"},
                                                                                        {"Lowercase_Letter", "Ll"},
                                                                                        {"Uppercase_Letter", "Lu"},
                                                                                        {"Mark", "M"},
                                                                                        {"Number", "N"},
                                                                                        {"Decimal_Number", "Nd"},
                                                                                        {"digit", "Nd"},
                                                                                        {"Punctuation", "P"},
                                                                                        {"punct", "P"},
                                                                                        {"Symbol", "S"},
                                                                                        {"Separator", "Z"},
                                                                                        {"Space_Separator", "Zs"},
                                                                                        {"Other", "C"},
                                                                                        {"Control", "Cc"}}};

/// The value of four hexadecimal digits, or -1.
int hex4(std::string_view text) {
  if (text.size() < 4) return -1;
  int out = 0;
  for (const char c : text.substr(0, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      out = out * 16 + (c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      out = out * 16 + (lower - 'a' + 10);
    } else {
      return -1;
    }
  }
  return out;
}

std::string code_point(int value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (int rest = value; rest > 0 || digits.empty(); rest /= 16)
    digits.insert(digits.begin(), kDigits[static_cast<std::size_t>(rest % 16)]);
  return "\\x{" + digits + "}";
}

/// `text` begins behind `\u`; moves it.
std::string unicode_escape(std::string_view& text) {
  const int high = hex4(text);
  if (high < 0) return "u";
  text.remove_prefix(4);
  if (high < 0xD800 || high > 0xDBFF || !text.starts_with("\\u")) return code_point(high);
  const int low = hex4(text.substr(2));
  if (low < 0xDC00 || low > 0xDFFF) return code_point(high);
  text.remove_prefix(6);
  return code_point(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
}

/// `text` begins behind `\p` or `\P`; moves it when it is a property of a long name.
std::string property(std::string_view& text, char kind) {
  const std::string out = {'\\', kind};
  const std::size_t close = text.find('}');
  if (!text.starts_with('{') || close == std::string_view::npos) return out;
  std::string_view name = text.substr(1, close - 1);
  const std::size_t equals = name.find('=');
  if (equals != std::string_view::npos) name.remove_prefix(equals + 1);
  for (const auto& [known, letter] : kProperties) {
    if (name == known) name = letter;
  }
  text.remove_prefix(close + 1);
  return out + "{" + std::string(name) + "}";
}

std::string escape(std::string_view& text, bool in_class) {
  const char c = text[0];
  text.remove_prefix(1);
  const bool letter_follows =
      !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
  switch (c) {
    case 'u': return unicode_escape(text);
    case 'c': {
      if (!letter_follows) return "\\c";
      const int control = text[0] % 32;
      text.remove_prefix(1);
      return code_point(control);
    }
    case 's': return in_class ? std::string(kBlanks) : "[" + std::string(kBlanks) + "]";
    case 'S': return in_class ? "\\S" : "[^" + std::string(kBlanks) + "]";
    case 'p':
    case 'P': return property(text, c);
    case '0': return "\\x{0}";
    default: return {'\\', c};
  }
}

}  // namespace

std::string as_re2(std::string_view ecma) {
  std::string out;
  bool in_class = false;
  while (!ecma.empty()) {
    const char c = ecma[0];
    if (c == '\\' && ecma.size() > 1) {
      ecma.remove_prefix(1);
      out += escape(ecma, in_class);
      continue;
    }
    if (!in_class && ecma.starts_with("(?<") && ecma.size() > 3 && ecma[3] != '=' && ecma[3] != '!') {
      out += "(?P<";
      ecma.remove_prefix(3);
      continue;
    }
    if (!in_class && ecma.starts_with("[^]")) {
      out += "(?s:.)";
      ecma.remove_prefix(3);
      continue;
    }
    in_class = in_class ? c != ']' : c == '[';
    out += in_class && c == '[' && !out.empty() && out.back() == '[' ? "\\[" : std::string(1, c);
    ecma.remove_prefix(1);
  }
  return out;
}

Result<std::shared_ptr<const Pattern>> compile_schema_pattern(std::string_view ecma) {
  const auto shown = [&] { return "the pattern `" + shorten(ecma, 80) + "`"; };
  for (const auto& [syntax, name] :
       {std::pair{"(?=", "lookahead"}, {"(?!", "lookahead"}, {"(?<=", "lookbehind"}, {"(?<!", "lookbehind"}}) {
    if (ecma.find(syntax) != std::string_view::npos) {
      return Error{.message = shown() + " uses " + name + ", which patterns of weir have not",
                   .where = {},
                   .code = {},
                   .label = {},
                   .help = "they run in time that grows with the text alone (RE2); say it by `not` or `allOf`"};
    }
  }
  Result<Pattern> compiled = Pattern::compile(as_re2(ecma));
  if (!compiled) return Error{.message = shown() + " cannot be used: " + compiled.error().message};
  return std::shared_ptr<const Pattern>(std::make_shared<Pattern>(*std::move(compiled)));
}

}  // namespace weir
