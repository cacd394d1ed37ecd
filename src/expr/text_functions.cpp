// SPDX-License-Identifier: Apache-2.0
// Functions over texts, and size(). Positions count Unicode code points, as in CEL.
#include <algorithm>
#include <limits>

#include "base/text.h"
#include "base/utf8.h"
#include "expr/functions.h"
#include "expr/text_search.h"

namespace weir {

namespace {

constexpr TypeSet kText = set_of(StaticType::Text);
constexpr TypeSet kInteger = set_of(StaticType::Integer, StaticType::Unsigned, StaticType::Number);
constexpr std::string_view kOutside = "a position lies outside the text";
constexpr std::string_view kNotWhole = "a position is no integer";

// The byte where code point `point` begins; npos when the text is shorter. One past the last one is its end.
std::size_t byte_of(std::string_view text, std::int64_t point) {
  std::size_t at = 0;
  for (; point > 0 && at < text.size(); --point) at += code_point_at(text, at).bytes;
  return point == 0 ? at : std::string_view::npos;
}

std::int64_t points(std::string_view text) {
  return static_cast<std::int64_t>(code_points(text));
}

Value size(std::span<const Value> arguments, Scratch&) {
  const Value& value = arguments[0];
  switch (value.type) {
    case ValueType::Text: return Value::of(points(value.text()));
    case ValueType::Bytes: return Value::of(std::int64_t{value.extra});
    case ValueType::List: return Value::of(static_cast<std::int64_t>(value.list->items.size()));
    default: return Value::of(static_cast<std::int64_t>(value.map->entries.size()));
  }
}

Value contains(std::span<const Value> arguments, Scratch&) {
  return Value::of(find_text(arguments[0].text(), arguments[1].text()) != std::string_view::npos);
}
Value starts_with(std::span<const Value> arguments, Scratch&) {
  return Value::of(arguments[0].text().starts_with(arguments[1].text()));
}
Value ends_with(std::span<const Value> arguments, Scratch&) {
  return Value::of(arguments[0].text().ends_with(arguments[1].text()));
}
// Evaluation runs the compiled pattern of the node and never comes here.
Value matches(std::span<const Value>, Scratch&) {
  return Value::error("the pattern of matches() must be a literal");
}

template <char kFirst, char kLast>
Value change_case(std::span<const Value> arguments, Scratch& scratch) {
  std::string text(arguments[0].text());
  for (char& c : text) {
    if (c >= kFirst && c <= kLast) c = static_cast<char>(c ^ 0x20);
  }
  return scratch.keep_text(text);
}

// Unicode's White_Space, which Go and therefore CEL trims.
bool is_space(char32_t c) {
  return (c >= 9 && c <= 13) || c == 32 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

Value trim(std::span<const Value> arguments, Scratch&) {
  std::string_view text = arguments[0].text();
  while (!text.empty()) {
    const CodePoint first = code_point_at(text, 0);
    if (!is_space(first.value)) break;
    text.remove_prefix(first.bytes);
  }
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
    if (!is_space(code_point_at(text, at).value)) break;
    text = text.substr(0, at);
  }
  return Value::text(text);
}

Value char_at(std::span<const Value> arguments, Scratch&) {
  if (arguments[1].type != ValueType::Integer) return Value::type_error(kNotWhole);
  const std::string_view text = arguments[0].text();
  const std::size_t at = arguments[1].integer < 0 ? std::string_view::npos : byte_of(text, arguments[1].integer);
  if (at == std::string_view::npos) return Value::error(kOutside);
  return Value::text(at == text.size() ? std::string_view() : text.substr(at, code_point_at(text, at).bytes));
}

Value index_of(std::span<const Value> arguments, Scratch&) {
  const std::string_view text = arguments[0].text();
  std::size_t from = 0;
  if (arguments.size() == 3) {
    if (arguments[2].type != ValueType::Integer) return Value::type_error(kNotWhole);
    from = arguments[2].integer < 0 ? std::string_view::npos : byte_of(text, arguments[2].integer);
    if (from == std::string_view::npos) return Value::error(kOutside);
  }
  const std::size_t found = find_text(text.substr(from), arguments[1].text());
  return Value::of(found == std::string_view::npos ? std::int64_t{-1} : points(text.substr(0, from + found)));
}

Value last_index_of(std::span<const Value> arguments, Scratch&) {
  const std::string_view text = arguments[0].text();
  std::size_t from = std::string_view::npos;
  if (arguments.size() == 3) {
    if (arguments[2].type != ValueType::Integer) return Value::type_error(kNotWhole);
    from = arguments[2].integer < 0 ? std::string_view::npos : byte_of(text, arguments[2].integer);
    if (from == std::string_view::npos) return Value::error(kOutside);
  }
  // A search from the back costs the product of both lengths when somebody wants it to.
  constexpr std::size_t kMostWork = std::size_t{64} << 20;
  if (text.size() * arguments[1].text().size() > kMostWork)
    return Value::error("the texts of lastIndexOf() are too long");
  const std::size_t found = text.rfind(arguments[1].text(), from);
  if (found == std::string_view::npos) return Value::of(std::int64_t{-1});
  return Value::of(points(text.substr(0, found)));
}

Value substring(std::span<const Value> arguments, Scratch&) {
  const std::string_view text = arguments[0].text();
  for (const Value& position : arguments.subspan(1)) {
    if (position.type != ValueType::Integer) return Value::type_error(kNotWhole);
  }
  const std::int64_t from = arguments[1].integer;
  const std::size_t begin = from < 0 ? std::string_view::npos : byte_of(text, from);
  if (begin == std::string_view::npos) return Value::error(kOutside);
  if (arguments.size() == 2) return Value::text(text.substr(begin));
  const std::int64_t length = arguments[2].integer - from;
  const std::size_t end = length < 0 ? std::string_view::npos : byte_of(text.substr(begin), length);
  if (end == std::string_view::npos) return Value::error(kOutside);
  return Value::text(text.substr(begin, end));
}

// How many pieces or replacements a last argument allows: no argument or a negative one means all.
std::size_t limit_of(std::span<const Value> arguments, std::size_t at) {
  const bool all = arguments.size() <= at || arguments[at].type != ValueType::Integer || arguments[at].integer < 0;
  return all ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(arguments[at].integer);
}

// Cuts `text` at up to `limit` occurrences of `separator`; an empty separator cuts between all code points.
std::vector<std::string_view> pieces(std::string_view text, std::string_view separator, std::size_t limit) {
  std::vector<std::string_view> out;
  while (out.size() < limit) {
    std::size_t end =
        separator.empty() ? (text.empty() ? 0 : code_point_at(text, 0).bytes) : find_text(text, separator);
    if (end == std::string_view::npos || (separator.empty() && end >= text.size())) break;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end + separator.size());
  }
  out.push_back(text);
  return out;
}

Value replace(std::span<const Value> arguments, Scratch& scratch) {
  const std::string_view text = arguments[0].text();
  const std::string_view separator = arguments[1].text();
  const std::string_view replacement = arguments[2].text();
  const std::size_t limit = limit_of(arguments, 3);
  if (limit == 0) return arguments[0];
  std::string out;
  std::size_t left = limit;
  // Go replaces an empty text before every code point and at the end.
  if (separator.empty()) {
    std::size_t at = 0;
    for (; left > 0 && at <= text.size(); --left) {
      out += replacement;
      if (at == text.size()) return scratch.keep_text(out);
      const std::size_t bytes = code_point_at(text, at).bytes;
      out += text.substr(at, bytes);
      at += bytes;
      if (out.size() > Scratch::kMaxBytes) break;
    }
    out += text.substr(at);
    return scratch.keep_text(out);
  }
  const std::vector<std::string_view> parts = pieces(text, separator, limit);
  for (std::size_t i = 0; i < parts.size() && out.size() <= Scratch::kMaxBytes; ++i) {
    if (i > 0) out += replacement;
    out += parts[i];
  }
  return scratch.keep_text(out);
}

Value split(std::span<const Value> arguments, Scratch& scratch) {
  const std::size_t limit = limit_of(arguments, 2);
  if (limit == 0) return scratch.keep(std::vector<Value>{});
  std::vector<Value> items;
  for (const std::string_view piece : pieces(arguments[0].text(), arguments[1].text(), limit - 1))
    items.push_back(Value::text(piece));
  return scratch.keep(std::move(items));
}

Value join(std::span<const Value> arguments, Scratch& scratch) {
  const std::string_view separator = arguments.size() == 2 ? arguments[1].text() : std::string_view();
  std::string out;
  bool first = true;
  for (const Value& item : arguments[0].list->items) {
    if (item.type != ValueType::Text) return Value::type_error("join() takes a list of texts");
    if (!first) out += separator;
    first = false;
    out += item.text();
    if (out.size() > Scratch::kMaxBytes) break;
  }
  return scratch.keep_text(out);
}

Value contains_all(std::span<const Value> arguments, Scratch&) {
  return contains_all(*arguments[0].list, *arguments[1].list);
}

constexpr TypeSet kSized = set_of(StaticType::Text, StaticType::Bytes, StaticType::List, StaticType::Map);
constexpr TypeSet kList = set_of(StaticType::List);
constexpr FunctionSpec kFunctions[] = {
    {.name = "size",
     .signature = "size(text, list or object)",
     .method = true,
     .global = true,
     .least = 1,
     .most = 1,
     .accepts = {kSized, 0, 0, 0},
     .result = StaticType::Integer,
     .run = size},
    {.name = "contains",
     .signature = "text.contains(text)",
     .method = true,
     .least = 2,
     .most = 2,
     .accepts = {kText, kText, 0, 0},
     .result = StaticType::Boolean,
     .run = contains},
    {.name = "startsWith",
     .signature = "text.startsWith(text)",
     .method = true,
     .least = 2,
     .most = 2,
     .accepts = {kText, kText, 0, 0},
     .result = StaticType::Boolean,
     .run = starts_with},
    {.name = "endsWith",
     .signature = "text.endsWith(text)",
     .method = true,
     .least = 2,
     .most = 2,
     .accepts = {kText, kText, 0, 0},
     .result = StaticType::Boolean,
     .run = ends_with},
    {.name = "matches",
     .signature = "text.matches(\"pattern\")",
     .method = true,
     .global = true,
     .least = 2,
     .most = 2,
     .accepts = {kText, kText, 0, 0},
     .result = StaticType::Boolean,
     .run = matches},
    {.name = "lowerAscii",
     .signature = "text.lowerAscii()",
     .method = true,
     .accepts = {kText, 0, 0, 0},
     .result = StaticType::Text,
     .run = change_case<'A', 'Z'>},
    {.name = "upperAscii",
     .signature = "text.upperAscii()",
     .method = true,
     .accepts = {kText, 0, 0, 0},
     .result = StaticType::Text,
     .run = change_case<'a', 'z'>},
    {.name = "trim",
     .signature = "text.trim()",
     .method = true,
     .accepts = {kText, 0, 0, 0},
     .result = StaticType::Text,
     .run = trim},
    {.name = "charAt",
     .signature = "text.charAt(integer)",
     .method = true,
     .least = 2,
     .most = 2,
     .accepts = {kText, kInteger, 0, 0},
     .result = StaticType::Text,
     .run = char_at},
    {.name = "indexOf",
     .signature = "text.indexOf(text, integer?)",
     .method = true,
     .least = 2,
     .most = 3,
     .accepts = {kText, kText, kInteger, 0},
     .result = StaticType::Integer,
     .run = index_of},
    {.name = "lastIndexOf",
     .signature = "text.lastIndexOf(text, integer?)",
     .method = true,
     .least = 2,
     .most = 3,
     .accepts = {kText, kText, kInteger, 0},
     .result = StaticType::Integer,
     .run = last_index_of},
    {.name = "substring",
     .signature = "text.substring(integer, integer?)",
     .method = true,
     .least = 2,
     .most = 3,
     .accepts = {kText, kInteger, kInteger, 0},
     .result = StaticType::Text,
     .run = substring},
    {.name = "replace",
     .signature = "text.replace(text, text, integer?)",
     .method = true,
     .least = 3,
     .most = 4,
     .accepts = {kText, kText, kText, kInteger},
     .result = StaticType::Text,
     .run = replace},
    {.name = "split",
     .signature = "text.split(text, integer?)",
     .method = true,
     .least = 2,
     .most = 3,
     .accepts = {kText, kText, kInteger, 0},
     .result = StaticType::List,
     .run = split},
    {.name = "join",
     .signature = "list.join(text?)",
     .method = true,
     .least = 1,
     .most = 2,
     .accepts = {kList, kText, 0, 0},
     .result = StaticType::Text,
     .run = join},
    {.name = "containsAll",
     .signature = "list.containsAll(list)",
     .method = true,
     .least = 2,
     .most = 2,
     .accepts = {kList, kList, 0, 0},
     .result = StaticType::Boolean,
     .of_pairs = true,
     .run = contains_all},
};

}  // namespace

std::span<const FunctionSpec> text_functions() {
  return kFunctions;
}

}  // namespace weir
