// SPDX-License-Identifier: Apache-2.0
// Reads places from the source of a YAML file. Only what the parser has accepted already gets here, so nothing is judged
// again, with one exception: yaml-cpp takes a quote that is never closed.
#include "rules/yaml_source.h"

#include <algorithm>

namespace weir {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_space(char c) {
  return is_blank(c) || c == '\n' || c == '\r';
}

/// The offset of the quote that closes the one at `begin`, or npos.
std::size_t closing_quote(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'';
      if (!doubled) return i;
      ++i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

YamlSource::YamlSource(std::string_view text) : text_(text), lines_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') lines_.push_back(i + 1);
  }
}

std::size_t YamlSource::end_of_line(std::size_t offset) const {
  std::size_t end = std::min(text_.find('\n', offset), text_.size());
  if (end > offset && text_[end - 1] == '\r') --end;
  return end;
}

std::string_view YamlSource::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > lines_.size()) return {};
  const std::size_t begin = lines_[static_cast<std::size_t>(number) - 1];
  return text_.substr(begin, end_of_line(begin) - begin);
}

std::string_view YamlSource::word_at(std::size_t offset) const {
  std::size_t end = std::min(offset, text_.size());
  while (end < text_.size() && !is_space(text_[end]) &&
         std::string_view(",[]{}").find(text_[end]) == std::string_view::npos)
    ++end;
  return text_.substr(std::min(offset, text_.size()), end - std::min(offset, text_.size()));
}

YamlSource::Value YamlSource::value_at(std::size_t offset) const {
  Value value{.begin = std::min(offset, text_.size()), .tag = std::nullopt};
  std::size_t at = value.begin;
  while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
    if (text_[at] == '!') value.tag = at;
    while (at < text_.size() && !is_space(text_[at])) ++at;
    while (at < text_.size() && is_space(text_[at])) ++at;
    // A comment may follow on the line of the anchor.
    while (at < text_.size() && text_[at] == '#') {
      at = end_of_line(at);
      while (at < text_.size() && is_space(text_[at])) ++at;
    }
  }
  value.begin = at;
  return value;
}

void YamlSource::place(YamlNode& node, std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
  node.line = static_cast<int>(after - lines_.begin());
  node.column = static_cast<int>(offset - *(after - 1)) + 1;
  node.length = 1;
}

bool YamlSource::place_scalar(YamlNode& node, std::size_t begin) const {
  place(node, begin);
  if (begin >= text_.size()) return true;
  const char first = text_[begin];
  if (!node.plain && (first == '\'' || first == '"')) {
    const std::size_t end = closing_quote(text_, begin);
    if (end == std::string_view::npos) return false;
    place_quoted(node, begin, end);
    return true;
  }
  if (!node.plain && (first == '|' || first == '>')) {
    place_block(node, begin);
    return true;
  }
  const bool as_written =
      text_.substr(begin, node.text.size()) == node.text && node.text.find('\n') == std::string::npos;
  std::size_t end = as_written ? begin + node.text.size() : end_of_line(begin);
  while (end > begin && is_blank(text_[end - 1])) --end;
  node.length = std::max(1, static_cast<int>(end - begin));
  node.text_line = node.line;
  node.text_column = node.column;
  if (as_written) node.layout = YamlNode::Layout::OneLine;
  return true;
}

void YamlSource::place_quoted(YamlNode& node, std::size_t begin, std::size_t end) const {
  const std::size_t last = end_of_line(begin);
  node.length = static_cast<int>(std::min(end + 1, last) - begin);
  node.text_line = node.line;
  node.text_column = node.column + 1;
  if (end < last && text_.substr(begin + 1, end - begin - 1) == node.text) node.layout = YamlNode::Layout::OneLine;
}

/// `|` and `>`: the text begins on the next line that holds something. Only `|` keeps its lines as they are.
void YamlSource::place_block(YamlNode& node, std::size_t begin) const {
  const bool literal = text_[begin] == '|';
  std::size_t at = end_of_line(begin);
  while (at < text_.size() && is_space(text_[at])) ++at;
  YamlNode first;
  place(first, at);
  node.text_line = first.line;
  node.text_column = first.column;
  const std::string_view first_line = std::string_view(node.text).substr(0, node.text.find('\n'));
  const bool one_line = node.text.find('\n') >= node.text.size() - std::min<std::size_t>(node.text.size(), 1);
  if (text_.substr(at, first_line.size()) != first_line) return;
  if (literal) node.layout = YamlNode::Layout::Literal;
  if (!literal && one_line) node.layout = YamlNode::Layout::OneLine;
}

bool YamlSource::tab_indents(int number) const {
  const std::string_view written = line(number);
  const std::string_view indent = written.substr(0, std::min(written.find_first_not_of(" \t"), written.size()));
  return indent.find('\t') != std::string_view::npos;
}

}  // namespace weir
