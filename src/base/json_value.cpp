// SPDX-License-Identifier: Apache-2.0
// A recursive-descent reader of JSON. As strict as the decoder of records: no lone surrogate, no invalid UTF-8, nothing
// behind the document. Depth is bounded, so a hostile text cannot exhaust the stack.
#include "base/json_value.h"

#include <optional>

#include "base/text.h"

namespace weir {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
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
}

class Reader {
 public:
  Reader(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  Result<JsonValue> document() {
    JsonValue root;
    if (const std::size_t bad = first_invalid_utf8(text_); bad != std::string_view::npos) {
      at_ = bad;
      fail("this is not UTF-8");
    } else if (value(root, 0)) {
      skip_blanks();
      if (at_ != text_.size()) fail("something follows the end of the document");
    }
    if (fault_) return *fault_;
    return root;
  }

 private:
  bool fail(std::string message) {
    if (!fault_) fault_ = Error{.message = std::move(message), .where = {.column = static_cast<int>(at_)}};
    return false;
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_blanks() {
    while (at_ < text_.size() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }

  bool take(char c) {
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  bool word(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return fail("expected a value");
    at_ += expected.size();
    return true;
  }

  bool value(JsonValue& out, std::size_t depth) {
    if (depth > max_depth_) return fail("nested deeper than " + std::to_string(max_depth_) + " levels");
    skip_blanks();
    switch (peek()) {
      case '{': return object(out, depth);
      case '[': return array(out, depth);
      case '"': out.type = JsonValue::Type::Text; return quoted(out.text);
      case 'n': out.type = JsonValue::Type::Null; return word("null");
      case 't':
        out.type = JsonValue::Type::Boolean;
        out.boolean = true;
        return word("true");
      case 'f': out.type = JsonValue::Type::Boolean; return word("false");
      default: out.type = JsonValue::Type::Number; return number(out.text);
    }
  }

  bool object(JsonValue& out, std::size_t depth) {
    out.type = JsonValue::Type::Object;
    ++at_;
    skip_blanks();
    if (take('}')) return true;
    for (;;) {
      skip_blanks();
      if (peek() != '"') return fail("expected a key in quotes");
      auto& member = out.members.emplace_back(std::string(), JsonValue());
      if (!quoted(member.first)) return false;
      skip_blanks();
      if (!take(':')) return fail("expected `:` behind the key");
      if (!value(member.second, depth + 1)) return false;
      skip_blanks();
      if (take('}')) return true;
      if (!take(',')) return fail("expected `,` or `}`");
    }
  }

  bool array(JsonValue& out, std::size_t depth) {
    out.type = JsonValue::Type::Array;
    ++at_;
    skip_blanks();
    if (take(']')) return true;
    for (;;) {
      if (!value(out.items.emplace_back(), depth + 1)) return false;
      skip_blanks();
      if (take(']')) return true;
      if (!take(',')) return fail("expected `,` or `]`");
    }
  }

  bool digits() {
    if (!is_digit(peek())) return fail("expected a digit");
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number(std::string& out) {
    const std::size_t begin = at_;
    const bool negative = take('-');
    if (!negative && !is_digit(peek())) return fail("expected a value");
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    out = text_.substr(begin, at_ - begin);
    return true;
  }

  bool quoted(std::string& out) {
    ++at_;
    for (;;) {
      const std::size_t begin = at_;
      while (at_ < text_.size() && peek() != '"' && peek() != '\\' && static_cast<unsigned char>(peek()) >= 0x20) ++at_;
      out.append(text_, begin, at_ - begin);
      if (at_ == text_.size()) return fail("the text is not closed");
      if (take('"')) return true;
      if (!take('\\')) return fail("a control character stands in a text");
      if (!escape(out)) return false;
    }
  }

  bool escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (peek() == 'u') return unicode_escape(out);
    const std::size_t which = at_ < text_.size() ? kNames.find(peek()) : std::string_view::npos;
    if (which == std::string_view::npos) return fail("unknown escape");
    out += kMeanings[which];
    ++at_;
    return true;
  }

  bool unicode_escape(std::string& out) {
    std::uint32_t point = 0;
    if (!unit(point)) return false;
    if (point >= 0xDC00 && point <= 0xDFFF) return fail("an escaped surrogate has no partner");
    if (point >= 0xD800 && point <= 0xDBFF) {
      std::uint32_t low = 0;
      if (!take('\\') || peek() != 'u') return fail("an escaped surrogate has no partner");
      if (!unit(low)) return false;
      if (low < 0xDC00 || low > 0xDFFF) return fail("an escaped surrogate has no partner");
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, point);
    return true;
  }

  bool unit(std::uint32_t& out) {
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      const char lower = static_cast<char>(c | 0x20);
      if (is_digit(c)) {
        out = out * 16 + static_cast<std::uint32_t>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        out = out * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
      } else {
        return fail("expected four hexadecimal digits");
      }
    }
    return true;
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
  std::optional<Error> fault_;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (member->first == key) return &member->second;
  }
  return nullptr;
}

Result<JsonValue> parse_json(std::string_view text, std::size_t max_depth) {
  return Reader(text, max_depth).document();
}

}  // namespace weir
