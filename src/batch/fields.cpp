// SPDX-License-Identifier: Apache-2.0
// Field paths as people write them, and the tree of them that decoders walk.
#include "weir/fields.h"

#include <array>

namespace weir {

namespace {

constexpr std::array<std::string_view, 8> kEnvelopeNames = {"key",  "headers",   "timestamp", "partition",
                                                            "size", "tombstone", "topic",     "offset"};

Error fault(std::string message, std::size_t at) {
  return Error{.message = std::move(message), .where = {.column = static_cast<int>(at) + 1}};
}

bool ends_name(char c) {
  return c == '.' || c == '[' || c == ']' || c == '"';
}

/// A name in quotes; `\"` and `\\` stand for themselves. `at` is behind the opening quote and ends behind the closing one.
Result<std::string> quoted_name(std::string_view text, std::size_t& at) {
  const std::size_t open = at - 1;
  std::string name;
  while (at < text.size() && text[at] != '"') {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    name += text[at++];
  }
  if (at == text.size()) return fault("the quote is not closed", open);
  ++at;
  return name;
}

std::string written_name(const std::string& name, bool quote) {
  for (const char c : name) quote = quote || ends_name(c);
  if (!quote) return name;
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) {
  FieldPath path;
  if (text.empty()) return fault("a field path is empty", 0);
  bool quoted_first = false;
  std::size_t at = 0;
  while (at < text.size()) {
    std::string name;
    const std::size_t begin = at;
    if (text[at] == '"') {
      ++at;
      quoted_first = quoted_first || path.steps_.empty();
      Result<std::string> quoted = quoted_name(text, at);
      if (!quoted) return quoted.error();
      name = *std::move(quoted);
    } else {
      while (at < text.size() && !ends_name(text[at])) name += text[at++];
      if (name.empty()) return fault("a name is missing in the field path", begin);
    }
    path.steps_.push_back({.name = std::move(name), .every = false});
    while (text.substr(at).starts_with("[]")) {
      path.steps_.push_back({.name = {}, .every = true});
      at += 2;
    }
    if (at == text.size()) break;
    if (text[at] != '.') return fault("expected `.` or `[]` in the field path", at);
    if (++at == text.size()) return fault("the field path ends with a dot", at - 1);
  }
  if (!quoted_first && path.steps_.size() > 1 && path.steps_[0].name == "kafka") {
    for (const std::string_view name : kEnvelopeNames)
      path.from_envelope_ = path.from_envelope_ || path.steps_[1].name == name;
  }
  return path;
}

FieldPath FieldPath::whole() {
  FieldPath path;
  path.steps_.push_back({.name = {}, .every = false, .self = true});
  return path;
}

bool FieldPath::repeated() const noexcept {
  for (const Step& step : steps_) {
    if (step.every) return true;
  }
  return false;
}

std::string FieldPath::text() const {
  std::string out;
  // A payload's own `kafka.key` keeps its quotes, so that text() reads back as the same path.
  bool quote_first = false;
  if (!from_envelope_ && steps_.size() > 1 && steps_[0].name == "kafka") {
    for (const std::string_view name : kEnvelopeNames) quote_first = quote_first || steps_[1].name == name;
  }
  quote_first = quote_first || (steps_.size() == 1 && steps_[0].name == "$");
  for (const Step& step : steps_) {
    if (step.self) return "$";
    if (step.every) {
      out += "[]";
      continue;
    }
    const bool first = out.empty();
    if (!first) out += '.';
    out += written_name(step.name, first && quote_first);
  }
  return out;
}

std::int32_t FieldTable::find(const FieldPath& path) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].path == path) return static_cast<std::int32_t>(i);
  }
  return kNone;
}

std::uint32_t FieldTable::add(const FieldPath& path) {
  const std::int32_t known = find(path);
  if (known != kNone) return static_cast<std::uint32_t>(known);
  const auto column = static_cast<std::uint32_t>(fields_.size());
  fields_.push_back(Field{.path = path, .cell_type = CellType::Text, .missing_values = {}, .redacted = false});
  if (path.from_envelope()) return column;

  std::int32_t at = 0;
  for (const FieldPath::Step& step : path.steps()) {
    if (step.self) break;
    std::int32_t next = kNone;
    if (step.every) {
      next = nodes_[static_cast<std::size_t>(at)].every;
    } else {
      for (const std::int32_t child : nodes_[static_cast<std::size_t>(at)].children) {
        if (nodes_[static_cast<std::size_t>(child)].name == step.name) next = child;
      }
    }
    if (next == kNone) {
      next = static_cast<std::int32_t>(nodes_.size());
      nodes_.push_back(Node{.name = step.name, .column = kNone, .children = {}, .every = kNone, .parent = at});
      if (step.every) {
        nodes_[static_cast<std::size_t>(at)].every = next;
      } else {
        nodes_[static_cast<std::size_t>(at)].children.push_back(next);
      }
    }
    at = next;
  }
  nodes_[static_cast<std::size_t>(at)].column = static_cast<std::int32_t>(column);
  return column;
}

}  // namespace weir
