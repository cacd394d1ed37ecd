// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_json.h"

#include <cstdint>
#include <set>

#include "testing/slow_number.h"

namespace weir::testing {

namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<SlowJson> document() {
    SlowJson root;
    skip_white();
    if (!value(root, 1)) return std::nullopt;
    skip_white();
    if (at_ != text_.size()) return std::nullopt;
    return root;
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view what) {
    if (text_.substr(at_, what.size()) != what) return false;
    at_ += what.size();
    return true;
  }
  void skip_white() {
    while (take(" ") || take("\t") || take("\r") || take("\n")) {
    }
  }

  bool value(SlowJson& out, int depth) {
    const std::size_t begin = at_;
    const bool good = any_value(out, depth);
    if (good && out.type != SlowJson::Type::Text) out.text = std::string(text_.substr(begin, at_ - begin));
    return good;
  }

  bool any_value(SlowJson& out, int depth) {
    if (peek() == '{') return object(out, depth);
    if (peek() == '[') return array(out, depth);
    if (peek() == '"') {
      out.type = SlowJson::Type::Text;
      return text(out.text);
    }
    if (take("null")) return true;
    if (take("true") || take("false")) {
      out.type = SlowJson::Type::Boolean;
      return true;
    }
    out.type = SlowJson::Type::Number;
    return number();
  }

  bool number() {
    take("-");
    if (!take("0") && !digits()) return false;
    if (take(".") && !digits()) return false;
    if (take("e") || take("E")) {
      if (!take("+")) take("-");
      return digits();
    }
    return true;
  }

  bool digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > begin;
  }

  bool object(SlowJson& out, int depth) {
    out.type = SlowJson::Type::Object;
    take("{");
    if (depth > kDeepest) return false;
    skip_white();
    if (take("}")) return true;
    for (;;) {
      skip_white();
      out.keys.emplace_back();
      out.items.emplace_back();
      if (peek() != '"' || !text(out.keys.back())) return false;
      skip_white();
      if (!take(":")) return false;
      skip_white();
      if (!value(out.items.back(), depth + 1)) return false;
      skip_white();
      if (take("}")) return true;
      if (!take(",")) return false;
    }
  }

  bool array(SlowJson& out, int depth) {
    out.type = SlowJson::Type::Array;
    take("[");
    if (depth > kDeepest) return false;
    skip_white();
    if (take("]")) return true;
    for (;;) {
      skip_white();
      out.items.emplace_back();
      if (!value(out.items.back(), depth + 1)) return false;
      skip_white();
      if (take("]")) return true;
      if (!take(",")) return false;
    }
  }

  bool text(std::string& out) {
    take("\"");
    while (at_ < text_.size()) {
      if (take("\"")) return true;
      if (static_cast<unsigned char>(peek()) < 0x20) return false;
      if (take("\\")) {
        if (!escape(out)) return false;
      } else if (!code_point(out)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& out) {
    const std::string_view letters = "\"\\/bfnrt";
    const std::string_view meanings = "\"\\/\b\f\n\r\t";
    for (std::size_t i = 0; i < letters.size(); ++i) {
      if (take(letters.substr(i, 1))) {
        out += meanings[i];
        return true;
      }
    }
    std::uint32_t unit = 0;
    if (!take("u") || !four_hex(unit)) return false;
    if (unit >= 0xDC00 && unit <= 0xDFFF) return false;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      std::uint32_t low = 0;
      if (!take("\\u") || !four_hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      unit = 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
    }
    put_utf8(out, unit);
    return true;
  }

  bool four_hex(std::uint32_t& out) {
    for (int i = 0; i < 4; ++i) {
      const std::size_t digit = std::string_view("0123456789abcdefABCDEF").find(peek());
      if (at_ >= text_.size() || digit == std::string_view::npos) return false;
      out = out * 16 + static_cast<std::uint32_t>(digit < 16 ? digit : digit - 6);
      ++at_;
    }
    return true;
  }

  static void put_utf8(std::string& out, std::uint32_t c) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
      put(0xC0 + c / 64);
    } else if (c < 0x10000) {
      put(0xE0 + c / 4096);
      put(0x80 + c / 64 % 64);
    } else {
      put(0xF0 + c / 262144);
      put(0x80 + c / 4096 % 64);
      put(0x80 + c / 64 % 64);
    }
    put(0x80 + c % 64);
  }

  /// Takes one code point of UTF-8: it is the one whose only encoding these bytes are.
  bool code_point(std::string& out) {
    const auto lead = static_cast<unsigned char>(peek());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view bytes = text_.substr(at_, length);
    std::uint32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < bytes.size(); ++i) value = value * 64 + (static_cast<unsigned char>(bytes[i]) & 0x3FU);
    std::string encoded;
    put_utf8(encoded, value);
    if (bytes != encoded || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return false;
    out += encoded;
    at_ += length;
    return true;
  }

  static constexpr int kDeepest = 64;
  std::string_view text_;
  std::size_t at_ = 0;
};

void find_below(const SlowJson* place, std::string_view path, std::vector<const SlowJson*>& out) {
  if (path.empty() || place == nullptr) {
    out.push_back(place);
    return;
  }
  if (path.starts_with("[]")) {
    path.remove_prefix(2);
    if (place->type != SlowJson::Type::Array) {
      out.push_back(nullptr);
      return;
    }
    for (const SlowJson& item : place->items) find_below(&item, path, out);
    return;
  }
  if (path.starts_with(".")) path.remove_prefix(1);
  const std::string_view name = path.substr(0, path.find_first_of(".["));
  path.remove_prefix(name.size());
  find_below(place->type == SlowJson::Type::Object ? place->find(name) : nullptr, path, out);
}

}  // namespace

const SlowJson* SlowJson::find(std::string_view key) const {
  const SlowJson* found = nullptr;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == key) found = &items[i];
  }
  return found;
}

bool SlowJson::has_key_twice() const {
  if (std::set<std::string>(keys.begin(), keys.end()).size() < keys.size()) return true;
  for (const SlowJson& item : items) {
    if (item.has_key_twice()) return true;
  }
  return false;
}

bool SlowJson::equals(const SlowJson& other) const {
  if (type != other.type) return false;
  switch (type) {
    case Type::Null: return true;
    case Type::Boolean:
    case Type::Text: return text == other.text;
    case Type::Number: return SlowNumber::read(text) == SlowNumber::read(other.text);
    case Type::Array:
      for (std::size_t i = 0; i < items.size() && i < other.items.size(); ++i) {
        if (!items[i].equals(other.items[i])) return false;
      }
      return items.size() == other.items.size();
    case Type::Object: break;
  }
  const auto holds_all_of = [](const SlowJson& a, const SlowJson& b) {
    for (const std::string& key : b.keys) {
      const SlowJson* const mine = a.find(key);
      if (mine == nullptr || !mine->equals(*b.find(key))) return false;
    }
    return true;
  };
  return holds_all_of(*this, other) && holds_all_of(other, *this);
}

std::optional<SlowJson> slow_parse(std::string_view bytes) {
  return Parser(bytes).document();
}

std::vector<const SlowJson*> slow_find(const SlowJson& root, std::string_view path) {
  std::vector<const SlowJson*> out;
  find_below(&root, path, out);
  return out;
}

}  // namespace weir::testing
