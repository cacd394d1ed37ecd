// SPDX-License-Identifier: Apache-2.0
// One walk over the text with the field table beside it: what no redacted field names is copied as it is.
#include "decode/redact.h"

#include <initializer_list>
#include <vector>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "decode/field_tree.h"
#include "decode/json_text.h"

namespace weir {

namespace {

constexpr std::size_t kHashDigits = 16;
constexpr int kMaxDepth = 1024;  // deeper records are undecodable long before

/// Every place where a redacted field may lie, whatever stands around its record: a value too many may be hidden, none may be
/// shown.
FieldTree places_of_redacted(const FieldTable& fields) {
  using Steps = std::vector<FieldPath::Step>;
  std::vector<Steps> places;
  const auto below = [](std::initializer_list<std::string_view> outer, const Steps& steps) {
    Steps out;
    for (const std::string_view name : outer) out.push_back({.name = std::string(name), .every = false, .self = false});
    out.insert(out.end(), steps.begin(), steps.end());
    return out;
  };
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const FieldPath& path = fields[i].path;
    if (!fields[i].redacted || path.from_envelope()) continue;
    const Steps& steps = path.steps();
    const bool of_row = steps[0].name == "after" && steps.size() > 1;
    const Steps row = of_row ? Steps(steps.begin() + 1, steps.end()) : steps;
    for (const Steps& place :
         {steps, below({"payload"}, steps), below({"data"}, steps), below({"after"}, row), below({"before"}, row),
          below({"payload", "after"}, row), below({"payload", "before"}, row)})
      places.push_back(place);
    if (steps[0].name == "ce" && steps.size() > 1) places.emplace_back(steps.begin() + 1, steps.end());
  }
  // The whole data of a CloudEvent, in base64.
  if (!places.empty()) places.push_back(below({"data_base64"}, {}));
  return field_tree(places);
}

class RedactingCopy {
 public:
  RedactingCopy(std::string_view text, const FieldTable& fields, Redaction how)
      : text_(text), tree_(places_of_redacted(fields)), how_(how) {}

  std::optional<std::string> run() {
    copy_white();
    if (!copy_value(0, 0)) return std::nullopt;
    copy_white();
    if (at_ != text_.size()) return std::nullopt;
    return std::move(out_);
  }

 private:
  static constexpr std::int32_t kUnnamed = FieldTable::kNone;

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] bool redacted(std::int32_t node) const {
    return node != kUnnamed && tree_[static_cast<std::size_t>(node)].column != FieldTable::kNone;
  }
  void copy_white() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      out_ += text_[at_++];
  }

  bool copy_value(std::int32_t node, int depth);
  bool copy_members(std::int32_t node, char close, int depth);
  bool copy_member(std::int32_t node, bool object, int depth, bool& dropped);
  bool redact_value_here(bool& dropped);
  [[nodiscard]] std::int32_t child_of(std::int32_t node, std::string_view raw_key) const;
  bool end_of_string(std::size_t& at) const;

  std::string_view text_;
  FieldTree tree_;
  Redaction how_;
  std::size_t at_ = 0;
  std::string out_;
};

/// Moves from an opening quote behind the closing one.
bool RedactingCopy::end_of_string(std::size_t& at) const {
  for (++at; at < text_.size(); ++at) {
    if (text_[at] == '"') return ++at, true;
    if (text_[at] == '\\') ++at;
  }
  return false;
}

bool RedactingCopy::copy_value(std::int32_t node, int depth) {
  if (depth > kMaxDepth) return false;
  const std::size_t begin = at_;
  switch (peek()) {
    case '{':
    case '[': out_ += text_[at_++]; return copy_members(node, text_[begin] == '{' ? '}' : ']', depth);
    case '"':
      if (!end_of_string(at_)) return false;
      break;
    default:
      while (at_ < text_.size() && std::string_view(" \t\r\n,]}:\"[{").find(text_[at_]) == std::string_view::npos)
        ++at_;
  }
  out_ += text_.substr(begin, at_ - begin);
  return at_ > begin;
}

/// Everything behind an opening bracket, with the closing one. A comma is written before each member but the first that stays.
bool RedactingCopy::copy_members(std::int32_t node, char close, int depth) {
  copy_white();
  if (peek() == close) return out_ += text_[at_++], true;
  bool first = true;
  for (;;) {
    const std::size_t before = out_.size();
    if (!first) out_ += ',';
    bool dropped = false;
    copy_white();
    if (!copy_member(node, close == '}', depth, dropped)) return false;
    if (dropped) {
      out_.resize(before);
    } else {
      first = false;
    }
    copy_white();
    const char c = peek();
    if (c != ',' && c != close) return false;
    ++at_;
    if (c == close) return out_ += close, true;
  }
}

bool RedactingCopy::copy_member(std::int32_t node, bool object, int depth, bool& dropped) {
  std::int32_t child = kUnnamed;
  if (object) {
    const std::size_t quote = at_;
    if (peek() != '"' || !end_of_string(at_)) return false;
    out_ += text_.substr(quote, at_ - quote);
    child = child_of(node, text_.substr(quote + 1, at_ - quote - 2));
    copy_white();
    if (peek() != ':') return false;
    out_ += text_[at_++];
    copy_white();
  } else if (node != kUnnamed) {
    child = tree_[static_cast<std::size_t>(node)].every;
  }
  return redacted(child) ? redact_value_here(dropped) : copy_value(child, depth + 1);
}

bool RedactingCopy::redact_value_here(bool& dropped) {
  const std::size_t begin = at_;
  const std::size_t out = out_.size();
  if (!copy_value(kUnnamed, 0)) return false;
  out_.resize(out);
  const std::string_view raw = text_.substr(begin, at_ - begin);
  if (raw == "null" && how_ != Redaction::Drop) {
    out_ += raw;
    return true;
  }
  Arena arena;
  const std::string_view inner = raw.starts_with('"') ? unescape(raw.substr(1, raw.size() - 2), arena) : raw;
  const std::optional<std::string> shown = redact_value(inner, how_);
  dropped = !shown;
  if (shown) out_ += json_quote(*shown);
  return true;
}

std::int32_t RedactingCopy::child_of(std::int32_t node, std::string_view raw_key) const {
  if (node == kUnnamed) return kUnnamed;
  Arena arena;
  const std::string_view key = raw_key.find('\\') == std::string_view::npos ? raw_key : unescape(raw_key, arena);
  for (const std::int32_t child : tree_[static_cast<std::size_t>(node)].children) {
    if (tree_[static_cast<std::size_t>(child)].name == key) return child;
  }
  return kUnnamed;
}

}  // namespace

bool has_redacted(const FieldTable& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].redacted) return true;
  }
  return false;
}

std::optional<std::string> redact_value(std::string_view value, Redaction how) {
  switch (how) {
    case Redaction::Mask: return "***";
    case Redaction::Hash: return sha256_hex(value).substr(0, kHashDigits);
    case Redaction::Drop: break;
  }
  return std::nullopt;
}

std::optional<std::string> redact_json(std::string_view record, const FieldTable& fields, Redaction how) {
  return RedactingCopy(record, fields, how).run();
}

}  // namespace weir
