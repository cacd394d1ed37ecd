// SPDX-License-Identifier: Apache-2.0
// casing: upper and lower case, and the ways to write names that programmers have.
//
// Letters are those of Latin, Greek and Cyrillic, by ranges and without tables: of other scripts few have case.
#include "base/utf8.h"
#include "checks/formats.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

enum class Case : std::uint8_t { None, Lower, Upper };

// Latin Extended-A pairs a capital with the small letter after it; where the pairs begin changes three times.
Case case_of_extended_latin(char32_t c) {
  if (c == 0x138 || c == 0x149 || c == 0x17F) return Case::Lower;
  if (c == 0x178) return Case::Upper;
  const bool capitals_are_odd = (c >= 0x139 && c <= 0x148) || c >= 0x179;
  return ((c & 1U) != 0) == capitals_are_odd ? Case::Upper : Case::Lower;
}

Case case_of(char32_t c) {
  const auto in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (in('a', 'z') || (in(0xDF, 0xFF) && c != 0xF7) || in(0x3AC, 0x3CE) || in(0x430, 0x45F)) return Case::Lower;
  if (in('A', 'Z') || (in(0xC0, 0xDE) && c != 0xD7) || in(0x386, 0x3AB) || in(0x400, 0x42F)) return Case::Upper;
  return in(0x100, 0x17F) ? case_of_extended_latin(c) : Case::None;
}

bool is_letter(char32_t c) {
  return case_of(c) != Case::None;
}

bool has_no(Case unwanted, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (case_of(point.value) == unwanted) return false;
    at += point.bytes;
  }
  return true;
}

// Every word begins with a capital and goes on in small letters; what follows an apostrophe is free: O'Brien, Don't.
bool is_title(std::string_view text) noexcept {
  char32_t before = ' ';
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const Case wrong = is_letter(before) ? Case::Upper : Case::Lower;
    const bool apostrophe = before == '\'' || before == 0x2019;
    if (!apostrophe && case_of(point.value) == wrong) return false;
    before = point.value;
    at += point.bytes;
  }
  return true;
}

bool is_lower(std::string_view text) noexcept {
  return has_no(Case::Upper, text);
}
bool is_upper(std::string_view text) noexcept {
  return has_no(Case::Lower, text);
}

// Words of ASCII letters and digits with one separator between them; the first byte is a letter.
template <class Letter>
bool is_separated(std::string_view text, char separator, Letter is_one) {
  if (text.empty() || !is_one(text.front()) || text.back() == separator) return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == separator ? text[i - 1] == separator : !is_one(text[i]) && !scan::is_digit(text[i])) return false;
  }
  return true;
}

bool is_snake(std::string_view text) noexcept {
  return is_separated(text, '_', scan::is_lower);
}
bool is_kebab(std::string_view text) noexcept {
  return is_separated(text, '-', scan::is_lower);
}
bool is_constant(std::string_view text) noexcept {
  return is_separated(text, '_', scan::is_upper);
}
bool is_camel(std::string_view text) noexcept {
  return !text.empty() && scan::is_lower(text.front()) && scan::all(text, scan::is_alnum);
}
bool is_pascal(std::string_view text) noexcept {
  return !text.empty() && scan::is_upper(text.front()) && scan::all(text, scan::is_alnum);
}

struct Style {
  std::string_view name;
  std::string_view in_words;
  bool (*holds)(std::string_view text) noexcept;
};
constexpr Style kStyles[] = {{"lower", "lower case", is_lower},   {"upper", "upper case", is_upper},
                             {"title", "title case", is_title},   {"snake", "snake_case", is_snake},
                             {"kebab", "kebab-case", is_kebab},   {"camel", "camelCase", is_camel},
                             {"pascal", "PascalCase", is_pascal}, {"constant", "CONSTANT_CASE", is_constant}};
constexpr std::string_view kChoices[] = {"lower", "upper", "title", "snake", "kebab", "camel", "pascal", "constant"};

class CasingCheck final : public Check {
 public:
  explicit CasingCheck(const Style& style) : style_(style) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    mark_texts(subject.column(), evaluated, failing, style_.holds);
  }
  Reason explain(const Subject& subject, std::size_t element) const override {
    if (subject.column().kinds[element] != Kind::Text) return wrong_type(subject, element, "a text");
    return reason(subject, element, "casing", quoted(subject, element) + " is not in " + std::string(style_.in_words));
  }
  std::string expected() const override { return std::string(style_.in_words); }

 private:
  const Style& style_;
};

Result<std::unique_ptr<const Check>> make_casing(const Params& params) {
  const Scalar& choice = *params.get<Scalar>("value");
  for (const Style& style : kStyles) {
    if (style.name == choice.text) return std::unique_ptr<const Check>(new CasingCheck(style));
  }
  return params.error("value", "unknown casing `" + choice.text + "`");
}

constexpr ParamSpec kCasingParams[] = {{.name = "value",
                                        .type = ParamType::Choice,
                                        .summary = "How the text is written.",
                                        .required = true,
                                        .choices = kChoices}};
constexpr std::string_view kCasingSynonyms[] = {"case",      "letter_case", "lowercase",
                                                "uppercase", "is_lower",    "is_upper"};

}  // namespace

const CheckSpec kCasingCheck{
    .name = "casing",
    .summary = "The text is in lower, upper or title case, or written like a name in a program.",
    .domain = Domain::Text,
    .params = kCasingParams,
    .synonyms = kCasingSynonyms,
    .make = make_casing};

}  // namespace weir
