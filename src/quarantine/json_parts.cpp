// SPDX-License-Identifier: Apache-2.0
#include "quarantine/json_parts.h"

#include <algorithm>

#include "base/json_value.h"
#include "base/text.h"

namespace weir {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

/// Behind the text that begins at `at`; npos: it does not end.
std::size_t end_of_text(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

/// Behind the object or array that begins at 0; npos: it does not end.
std::size_t end_of_nest(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_text(text, at);
      if (at == std::string_view::npos) return at;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0) return at;
  }
  return std::string_view::npos;
}

}  // namespace

JsonParts::JsonParts(std::string_view text, char open) : rest_(text), members_(open == '{') {
  over_ = !take(open);
}

void JsonParts::skip_space() {
  const std::size_t at = rest_.find_first_not_of(kSpace);
  rest_.remove_prefix(at == rest_.npos ? rest_.size() : at);
}

bool JsonParts::take(char c) {
  skip_space();
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

std::string_view JsonParts::value() {
  skip_space();
  if (rest_.empty()) return {};
  std::size_t end = 0;
  if (rest_.front() == '"') {
    end = end_of_text(rest_, 0);
  } else if (rest_.front() == '{' || rest_.front() == '[') {
    end = end_of_nest(rest_);
  } else {
    end = rest_.find_first_of(",]} \t\r\n");
  }
  if (end == rest_.npos) return {};
  const std::string_view part = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return part;
}

std::optional<JsonParts::Part> JsonParts::next() {
  if (over_) return std::nullopt;
  if (take(members_ ? '}' : ']')) {
    skip_space();
    over_ = true;
    whole_ = rest_.empty();
    return std::nullopt;
  }
  over_ = true;  // unless all of it is there
  if (!first_ && !take(',')) return std::nullopt;
  first_ = false;
  Part part;
  if (members_) {
    const std::string_view name = value();
    if (name.size() < 2 || name.front() != '"' || !take(':')) return std::nullopt;
    part.name = name.substr(1, name.size() - 2);
  }
  part.value = value();
  if (part.value.empty()) return std::nullopt;
  over_ = false;
  return part;
}

std::optional<std::string> json_text(std::string_view part) {
  if (part.size() < 2 || part.front() != '"' || part.back() != '"') return std::nullopt;
  const std::string_view content = part.substr(1, part.size() - 2);
  const bool plain = std::none_of(content.begin(), content.end(),
                                  [](char c) { return c == '\\' || c == '"' || static_cast<unsigned char>(c) < 0x20; });
  if (plain && is_valid_utf8(content)) return std::string(content);  // nearly all of them
  Result<JsonValue> read = parse_json(part);
  if (!read || read->type != JsonValue::Type::Text) return std::nullopt;
  return std::move(read->text);
}

}  // namespace weir
