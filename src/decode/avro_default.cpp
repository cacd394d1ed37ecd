// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_default.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/utf8.h"

namespace weir {

namespace {

using Type = JsonValue::Type;

void write_long(std::int64_t value, std::string& out) {
  std::uint64_t rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  for (; rest >= 0x80; rest >>= 7) out += static_cast<char>(rest | 0x80);
  out += static_cast<char>(rest);
}

template <class Number>
void write_little_endian(Number number, std::string& out) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

class Writer {
 public:
  Writer(const std::vector<AvroNode>& nodes, std::string& out) : nodes_(nodes), out_(out) {}

  bool write(std::uint32_t index, const JsonValue& value, std::size_t depth) {
    // A record whose default leaves out fields takes theirs, which may be such records again: in a ring, or more and more.
    if (depth > kMostDepth || ++values_ > kMostValues || out_.size() > AvroSchema::kMostBytes) return false;
    const AvroNode& node = nodes_[index];
    switch (node.type) {
      case AvroType::Null: return value.type == Type::Null;
      case AvroType::Boolean:
        if (value.type != Type::Boolean) return false;
        out_ += value.boolean ? '\1' : '\0';
        return true;
      case AvroType::Int:
      case AvroType::Long: return integer(node.type, value);
      case AvroType::Float:
      case AvroType::Double: return floating(node.type, value);
      case AvroType::String:
        if (value.type != Type::Text) return false;
        write_long(static_cast<std::int64_t>(value.text.size()), out_);
        out_ += value.text;
        return true;
      case AvroType::Bytes:
      case AvroType::Fixed: return bytes(node, value);
      case AvroType::Enum:
        for (std::size_t i = 0; value.type == Type::Text && i < node.symbols.size(); ++i) {
          if (node.symbols[i] != value.text) continue;
          write_long(static_cast<std::int64_t>(i), out_);
          return true;
        }
        return false;
      case AvroType::Record: return record(node, value, depth);
      case AvroType::Array: return array(node, value, depth);
      case AvroType::Map: return map(node, value, depth);
      case AvroType::Union: return one_of(node, value, depth);
    }
    return false;
  }

 private:
  static constexpr std::size_t kMostDepth = 100;
  static constexpr std::size_t kMostValues = 100'000;

  bool integer(AvroType type, const JsonValue& value) {
    std::int64_t number = 0;
    const char* const end = value.text.data() + value.text.size();
    if (value.type != Type::Number) return false;
    const auto [behind, fault] = std::from_chars(value.text.data(), end, number);
    if (fault != std::errc() || behind != end) return false;
    using Int = std::numeric_limits<std::int32_t>;
    if (type == AvroType::Int && (number < Int::min() || number > Int::max())) return false;
    write_long(number, out_);
    return true;
  }

  bool floating(AvroType type, const JsonValue& value) {
    double number = 0;
    if (value.type == Type::Text) {
      if (value.text != "NaN" && value.text != "Infinity" && value.text != "-Infinity") return false;
      number = value.text == "NaN" ? std::nan("") : value.text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
    } else {
      const char* const end = value.text.data() + value.text.size();
      if (value.type != Type::Number) return false;
      const auto [behind, fault] = std::from_chars(value.text.data(), end, number);
      if (fault != std::errc() || behind != end) return false;
    }
    if (type == AvroType::Double) {
      write_little_endian(number, out_);
    } else {
      if (std::isfinite(number) && std::fabs(number) > double{std::numeric_limits<float>::max()}) return false;
      write_little_endian(static_cast<float>(number), out_);
    }
    return true;
  }

  /// Code points 0 to 255 stand for the bytes.
  bool bytes(const AvroNode& node, const JsonValue& value) {
    if (value.type != Type::Text) return false;
    std::string bytes;
    for (std::size_t at = 0; at < value.text.size();) {
      const CodePoint point = code_point_at(value.text, at);
      if (point.value > 0xFF) return false;
      bytes += static_cast<char>(point.value);
      at += point.bytes;
    }
    if (node.type == AvroType::Bytes) {
      write_long(static_cast<std::int64_t>(bytes.size()), out_);
    } else if (bytes.size() != node.size) {
      return false;
    }
    out_ += bytes;
    return true;
  }

  bool record(const AvroNode& node, const JsonValue& value, std::size_t depth) {
    if (value.type != Type::Object) return false;
    for (const AvroField& field : node.fields) {
      const JsonValue* content = value.find(field.name);
      if (content == nullptr && field.fallback) content = &*field.fallback;
      if (content == nullptr || !write(field.node, *content, depth + 1)) return false;
    }
    return true;
  }

  bool array(const AvroNode& node, const JsonValue& value, std::size_t depth) {
    if (value.type != Type::Array) return false;
    if (!value.items.empty()) write_long(static_cast<std::int64_t>(value.items.size()), out_);
    for (const JsonValue& item : value.items) {
      if (!write(node.below[0], item, depth + 1)) return false;
    }
    write_long(0, out_);
    return true;
  }

  bool map(const AvroNode& node, const JsonValue& value, std::size_t depth) {
    if (value.type != Type::Object) return false;
    if (!value.members.empty()) write_long(static_cast<std::int64_t>(value.members.size()), out_);
    for (const auto& [key, content] : value.members) {
      write_long(static_cast<std::int64_t>(key.size()), out_);
      out_ += key;
      if (!write(node.below[0], content, depth + 1)) return false;
    }
    write_long(0, out_);
    return true;
  }

  bool one_of(const AvroNode& node, const JsonValue& value, std::size_t depth) {
    const std::size_t before = out_.size();
    for (std::size_t i = 0; i < node.below.size(); ++i) {
      write_long(static_cast<std::int64_t>(i), out_);
      if (write(node.below[i], value, depth + 1)) return true;
      out_.resize(before);
    }
    return false;
  }

  const std::vector<AvroNode>& nodes_;
  std::string& out_;
  std::size_t values_ = 0;
};

}  // namespace

bool write_avro_default(const std::vector<AvroNode>& nodes, std::uint32_t node, const JsonValue& value,
                        std::string& out) {
  return Writer(nodes, out).write(node, value, 0);
}

}  // namespace weir
