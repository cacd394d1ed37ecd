// SPDX-License-Identifier: Apache-2.0
#include "checks/json_tape.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/hash.h"

namespace weir {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char* put_utf8(char* out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
  return out;
}

std::optional<std::uint32_t> four_digits(const char*& at, const char* end) {
  if (end - at < 4) return std::nullopt;
  std::uint32_t out = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = *at++;
    const char lower = static_cast<char>(c | 0x20);
    if (is_digit(c)) {
      out = out * 16 + static_cast<std::uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      out = out * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return out;
}

/// The text between quotes; no longer than what was written. Null: an escape that is none.
char* unescape(const char* at, const char* end, char* out) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  while (at < end) {
    if (*at != '\\') {
      *out++ = *at++;
      continue;
    }
    if (++at == end) return nullptr;
    const char c = *at++;
    if (c != 'u') {
      const std::size_t which = kNames.find(c);
      if (which == std::string_view::npos) return nullptr;
      *out++ = kMeanings[which];
      continue;
    }
    std::optional<std::uint32_t> point = four_digits(at, end);
    if (point && *point >= 0xD800 && *point < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
      at += 2;
      const std::optional<std::uint32_t> low = four_digits(at, end);
      if (!low || *low < 0xDC00 || *low > 0xDFFF) return nullptr;
      point = 0x10000 + ((*point - 0xD800) << 10) + (*low - 0xDC00);
    }
    if (!point) return nullptr;
    out = put_utf8(out, *point);
  }
  return out;
}

}  // namespace

void JsonTape::skip_blanks() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool JsonTape::read(std::string_view text) {
  nodes_.clear();
  open_.clear();
  arena_.clear();
  at_ = text.data();
  end_ = text.data() + text.size();
  if (!fill()) return false;
  skip_blanks();
  return at_ == end_;
}

bool JsonTape::read(Kind kind, const Cell& cell) {
  if (kind == Kind::Array || kind == Kind::Object) return read(cell.text());
  nodes_.clear();
  JsonNode& node = nodes_.emplace_back();
  node.end = 1;
  switch (kind) {
    case Kind::Boolean: node.type = JsonNode::Type::Boolean; break;
    case Kind::Text: node.type = JsonNode::Type::Text; break;
    case Kind::Integer:
    case Kind::Decimal:
    case Kind::Number: node.type = JsonNode::Type::Number; break;
    default: return true;
  }
  node.text = cell.text();
  node.number = cell.number;
  if (node.type != JsonNode::Type::Number) return true;
  constexpr std::int64_t kMost = 999'999'999'999'999'999;
  node.small = kind != Kind::Number && cell.scale <= 18 && cell.number <= kMost && cell.number >= -kMost;
  node.scale = node.small ? static_cast<std::uint8_t>(cell.scale) : std::uint8_t{0};
  if (cell.data == nullptr) {
    written_ = written_text(kind, cell);
    node.text = written_;
  }
  return true;
}

/// Containers are kept on a stack of their own: a deep text costs memory and no frames.
bool JsonTape::fill() {
  for (;;) {
    skip_blanks();
    if (at_ == end_) return false;
    if (*at_ == '{' || *at_ == '[') {
      const bool object = *at_++ == '{';
      if (open_.size() == kMaxDepth) return false;
      open_.push_back(static_cast<std::uint32_t>(nodes_.size()));
      nodes_.emplace_back().type = object ? JsonNode::Type::Object : JsonNode::Type::Array;
      skip_blanks();
      if (at_ == end_) return false;
      if (*at_ != (object ? '}' : ']')) {
        ++nodes_[open_.back()].count;
        if (!object) continue;
        if (!quoted()) return false;
        skip_blanks();
        if (at_ == end_ || *at_++ != ':') return false;
        continue;
      }
    } else if (!scalar()) {
      return false;
    }
    // Behind a value, or at the end of an empty container.
    for (;;) {
      if (open_.empty()) return true;
      JsonNode& parent = nodes_[open_.back()];
      const bool object = parent.type == JsonNode::Type::Object;
      skip_blanks();
      if (at_ == end_) return false;
      const char c = *at_++;
      if (c == (object ? '}' : ']')) {
        parent.end = static_cast<std::uint32_t>(nodes_.size());
        open_.pop_back();
        continue;
      }
      if (c != ',') return false;
      ++parent.count;
      if (!object) break;
      skip_blanks();
      if (!quoted()) return false;
      skip_blanks();
      if (at_ == end_ || *at_++ != ':') return false;
      break;
    }
  }
}

bool JsonTape::scalar() {
  switch (*at_) {
    case '"': return quoted();
    case 't': return word("true", JsonNode::Type::Boolean, 1);
    case 'f': return word("false", JsonNode::Type::Boolean, 0);
    case 'n': return word("null", JsonNode::Type::Null, 0);
    default: return number();
  }
}

bool JsonTape::word(std::string_view expected, JsonNode::Type type, std::int64_t value) {
  if (static_cast<std::size_t>(end_ - at_) < expected.size() || std::memcmp(at_, expected.data(), expected.size()) != 0)
    return false;
  JsonNode& node = nodes_.emplace_back();
  node.type = type;
  node.number = value;
  node.end = static_cast<std::uint32_t>(nodes_.size());
  node.text = {at_, expected.size()};
  at_ += expected.size();
  return true;
}

bool JsonTape::quoted() {
  if (at_ == end_ || *at_ != '"') return false;
  const char* const begin = ++at_;
  bool escaped = false;
  while (at_ < end_ && *at_ != '"') {
    if (*at_ == '\\') {
      escaped = true;
      ++at_;
      if (at_ == end_) return false;
    }
    ++at_;
  }
  if (at_ >= end_) return false;
  const auto size = static_cast<std::size_t>(at_ - begin);
  JsonNode& node = nodes_.emplace_back();
  node.type = JsonNode::Type::Text;
  node.end = static_cast<std::uint32_t>(nodes_.size());
  node.text = {begin, size};
  ++at_;
  if (!escaped) return true;
  char* const out = arena_.take(size);
  const char* const out_end = unescape(begin, begin + size, out);
  if (out_end == nullptr) return false;
  node.text = {out, static_cast<std::size_t>(out_end - out)};
  return true;
}

bool JsonTape::number() {
  constexpr std::ptrdiff_t kSafeDigits = 18;
  const char* const begin = at_;
  const bool negative = *at_ == '-';
  if (negative) ++at_;
  const char* const digits = at_;
  std::uint64_t value = 0;
  while (at_ < end_ && is_digit(*at_)) value = value * 10 + static_cast<std::uint64_t>(*at_++ - '0');
  std::ptrdiff_t written = at_ - digits;
  if (written == 0) return false;
  std::ptrdiff_t scale = 0;
  if (at_ < end_ && *at_ == '.') {
    const char* const fraction = ++at_;
    while (at_ < end_ && is_digit(*at_)) value = value * 10 + static_cast<std::uint64_t>(*at_++ - '0');
    scale = at_ - fraction;
    written += scale;
  }
  bool small = written <= kSafeDigits;
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    small = false;
    ++at_;
    if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    while (at_ < end_ && is_digit(*at_)) ++at_;
  }
  JsonNode& node = nodes_.emplace_back();
  node.type = JsonNode::Type::Number;
  node.end = static_cast<std::uint32_t>(nodes_.size());
  node.text = {begin, static_cast<std::size_t>(at_ - begin)};
  node.small = small;
  if (!small) return true;
  node.number = negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
  node.scale = static_cast<std::uint8_t>(scale);
  return true;
}

Decimal decimal_of(const JsonNode& number) {
  if (number.small) return {number.number, number.scale};
  const std::optional<Decimal> read = Decimal::read(number.text);
  return read ? *read : Decimal();
}

namespace {

std::vector<std::uint32_t> members_by_name(const JsonTape& tape, std::uint32_t object) {
  std::vector<std::uint32_t> out;
  out.reserve(tape[object].count);
  for (std::uint32_t i = object + 1; i < tape[object].end; i = tape[i + 1].end) out.push_back(i);
  std::stable_sort(out.begin(), out.end(),
                   [&](std::uint32_t l, std::uint32_t r) { return tape[l].text < tape[r].text; });
  return out;
}

/// Of objects with many members: their order must not make a comparison dear.
bool equal_sorted(const JsonTape& a, std::uint32_t node_a, const JsonTape& b, std::uint32_t node_b) {
  const std::vector<std::uint32_t> left = members_by_name(a, node_a);
  const std::vector<std::uint32_t> right = members_by_name(b, node_b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (a[left[i]].text != b[right[i]].text || !equal(a, left[i] + 1, b, right[i] + 1)) return false;
  }
  return true;
}

}  // namespace

bool equal(const JsonTape& a, std::uint32_t node_a, const JsonTape& b, std::uint32_t node_b) {
  const JsonNode& left = a[node_a];
  const JsonNode& right = b[node_b];
  if (left.type != right.type) return false;
  switch (left.type) {
    case JsonNode::Type::Null: return true;
    case JsonNode::Type::Boolean: return left.number == right.number;
    case JsonNode::Type::Text: return left.text == right.text;
    case JsonNode::Type::Number:
      if (left.small && right.small && left.scale == right.scale) return left.number == right.number;
      return decimal_of(left) == decimal_of(right);
    case JsonNode::Type::Array: {
      if (left.count != right.count) return false;
      std::uint32_t j = node_b + 1;
      for (std::uint32_t i = node_a + 1; i < left.end; i = a[i].end, j = b[j].end) {
        if (!equal(a, i, b, j)) return false;
      }
      return true;
    }
    case JsonNode::Type::Object: break;
  }
  if (left.count != right.count) return false;
  constexpr std::uint32_t kFew = 32;
  if (left.count > kFew) return equal_sorted(a, node_a, b, node_b);
  std::uint32_t hint = node_b + 1;  // members tend to come in the same order
  for (std::uint32_t i = node_a + 1; i < left.end; i = a[i + 1].end) {
    std::uint32_t j = hint;
    std::uint32_t looked = 0;
    for (; looked < right.count; ++looked) {
      if (j >= right.end) j = node_b + 1;
      if (b[j].text == a[i].text) break;
      j = b[j + 1].end;
    }
    if (looked == right.count || !equal(a, i + 1, b, j + 1)) return false;
    hint = b[j + 1].end;
  }
  return true;
}

std::uint64_t hash_of(const JsonTape& tape, std::uint32_t index) {
  using hashing::fold;
  const JsonNode& node = tape[index];
  const std::uint64_t seed = hashing::kRoot2 + static_cast<std::uint64_t>(node.type);
  switch (node.type) {
    case JsonNode::Type::Null: return seed;
    case JsonNode::Type::Boolean: return fold(seed, hashing::kRoot3 + static_cast<std::uint64_t>(node.number));
    case JsonNode::Type::Text: return hash_text(node.text, seed);
    case JsonNode::Type::Number: {
      if (node.small && node.scale == 0) return fold(seed ^ static_cast<std::uint64_t>(node.number), hashing::kRoot5);
      const Decimal value = decimal_of(node);
      if (const std::optional<std::int64_t> whole = value.to_int64())
        return fold(seed ^ static_cast<std::uint64_t>(*whole), hashing::kRoot5);
      std::uint64_t bits = 0;
      const double nearest = value.to_double();
      std::memcpy(&bits, &nearest, sizeof bits);
      return fold(seed ^ bits, hashing::kRoot7);
    }
    case JsonNode::Type::Array: {
      std::uint64_t state = seed;
      for (std::uint32_t i = index + 1; i < node.end; i = tape[i].end)
        state = fold(state ^ hash_of(tape, i), hashing::kRoot3);
      return state;
    }
    case JsonNode::Type::Object: break;
  }
  std::uint64_t sum = seed;
  for (std::uint32_t i = index + 1; i < node.end; i = tape[i + 1].end)
    sum += fold(hash_text(tape[i].text, seed) ^ hash_of(tape, i + 1), hashing::kRoot5);
  return fold(sum, hashing::kRoot7);
}

}  // namespace weir
