// SPDX-License-Identifier: Apache-2.0
// The parsing canonical form of a schema and its fingerprint, and the head of a record that carries one.
#include <array>
#include <unordered_set>

#include "decode/avro_schema.h"

namespace weir {

namespace {

constexpr std::size_t kMostDepth = 2'000;              // of types that name each other in a ring; nobody writes such
constexpr std::uint64_t kEmpty = 0xc15d213aa4d7a795U;  // the fingerprint of no bytes

constexpr std::array<std::uint64_t, 256> make_table() {
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    std::uint64_t word = i;
    for (int bit = 0; bit < 8; ++bit) word = word >> 1 ^ (kEmpty & (0 - (word & 1)));
    table[i] = word;
  }
  return table;
}

/// Strings as they are: the names of a schema that was read need no escape in JSON but those of a namespace may.
void write_text(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

class Form {
 public:
  explicit Form(const AvroSchema& schema) : schema_(schema) {}

  void write(std::uint32_t index, std::size_t depth = 0) {
    const AvroNode& node = schema_.nodes[index];
    if (!node.name.empty() && (!written_.insert(index).second || depth > kMostDepth)) {
      write_text(node.name, out);
      return;
    }
    switch (node.type) {
      case AvroType::Record:
        head(node);
        out += R"(,"fields":[)";
        for (std::size_t i = 0; i < node.fields.size(); ++i) {
          out += i == 0 ? R"({"name":)" : R"(,{"name":)";
          write_text(node.fields[i].name, out);
          out += R"(,"type":)";
          write(node.fields[i].node, depth + 1);
          out += '}';
        }
        out += "]}";
        break;
      case AvroType::Enum:
        head(node);
        out += R"(,"symbols":[)";
        for (std::size_t i = 0; i < node.symbols.size(); ++i) {
          if (i > 0) out += ',';
          write_text(node.symbols[i], out);
        }
        out += "]}";
        break;
      case AvroType::Fixed:
        head(node);
        out += R"(,"size":)" + std::to_string(node.size) + '}';
        break;
      case AvroType::Array:
        out += R"({"type":"array","items":)";
        write(node.below[0], depth + 1);
        out += '}';
        break;
      case AvroType::Map:
        out += R"({"type":"map","values":)";
        write(node.below[0], depth + 1);
        out += '}';
        break;
      case AvroType::Union:
        for (std::size_t i = 0; i < node.below.size(); ++i) {
          out += i == 0 ? '[' : ',';
          write(node.below[i], depth + 1);
        }
        out += ']';
        break;
      default: write_text(word_of(node.type), out); break;
    }
  }

  std::string out;

 private:
  void head(const AvroNode& node) {
    out += R"({"name":)";
    write_text(node.name, out);
    out += R"(,"type":)";
    write_text(word_of(node.type), out);
  }

  const AvroSchema& schema_;
  std::unordered_set<std::uint32_t> written_;
};

}  // namespace

std::string avro_canonical_form(const AvroSchema& schema) {
  Form form(schema);
  form.write(schema.root);
  return std::move(form.out);
}

std::uint64_t avro_fingerprint(const AvroSchema& schema) {
  static constexpr std::array<std::uint64_t, 256> kTable = make_table();
  std::uint64_t word = kEmpty;
  for (const char c : avro_canonical_form(schema))
    word = word >> 8 ^ kTable[(word ^ static_cast<unsigned char>(c)) & 0xff];
  return word;
}

std::optional<AvroObject> avro_single_object(std::string_view bytes) {
  constexpr std::size_t kHead = 10;
  if (bytes.size() < kHead || !bytes.starts_with("\xC3\x01")) return std::nullopt;
  AvroObject object{.body = bytes.substr(kHead)};
  for (std::size_t i = kHead; i-- > 2;)
    object.fingerprint = object.fingerprint << 8 | static_cast<unsigned char>(bytes[i]);
  return object;
}

}  // namespace weir
