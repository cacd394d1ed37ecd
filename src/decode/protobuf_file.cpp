// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_file.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "decode/protobuf_schema.h"
#include "decode/protobuf_wire.h"

namespace weir {

namespace pb = google::protobuf;

namespace {

constexpr std::size_t kMostReserved = 1'000;  // ranges of a message: each is compared with each field

/// Keeps the first fault that libprotobuf tells.
class FirstFault final : public pb::io::ErrorCollector {
 public:
  void AddError(int line, pb::io::ColumnNumber column, const std::string& message) override {
    if (!text_) text_ = schema_fault(line, column, message);
  }
  [[nodiscard]] const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;
};

Error too_much(std::string_view what, std::size_t most) {
  return Error{.message = "it has more than " + std::to_string(most) + " " + std::string(what)};
}

/// Counts what the text declares and how deep it is nested, as libprotobuf's parser, which calls itself for each brace, will see it.
Status bound_text(std::string_view text, std::size_t& declarations) {
  pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  FirstFault faults;
  pb::io::Tokenizer tokens(&input, &faults);
  std::size_t depth = 0;
  while (tokens.Next()) {
    const std::string& token = tokens.current().text;
    if (token.size() != 1) continue;
    const char c = token[0];
    if (c == '{' && ++depth > ProtobufSchema::kMostDepth) {
      return Error{.message = schema_fault(tokens.current().line, tokens.current().column,
                                           "it is nested deeper than " + std::to_string(ProtobufSchema::kMostDepth))};
    }
    if (c == '}' && depth > 0) --depth;
    if (c != '{' && c != ';' && c != ',') continue;
    if (declarations == 0) return too_much("declarations", ProtobufSchema::kMostDeclarations);
    --declarations;
  }
  return Done{};
}

/// Counts the parts of a binary schema before libprotobuf makes an object of each. False: there are too many, they are nested too
/// deep, or these are none.
bool bound_binary(std::string_view bytes, const pb::Descriptor& type, std::size_t depth, std::size_t& parts) {
  if (depth > ProtobufSchema::kMostDepth) return false;
  WireCursor cursor(bytes);
  while (!cursor.done()) {
    WireField field;
    if (cursor.next(field, ProtobufSchema::kMostDepth) != WireFault::None || parts == 0) return false;
    --parts;
    if (field.type != WireType::Bytes) continue;
    const pb::FieldDescriptor* const known = type.FindFieldByNumber(static_cast<int>(field.number));
    if (known == nullptr || known->message_type() == nullptr) continue;
    if (!bound_binary(field.bytes, *known->message_type(), depth + 1, parts)) return false;
  }
  return true;
}

template <class Message>
bool parse_bounded(std::string_view bytes, Message& out) {
  if (bytes.size() > ProtobufSchema::kMostBinaryBytes) return false;
  // A declaration has a name, a number, a type and so on, and places in the source.
  std::size_t parts = ProtobufSchema::kMostDeclarations * 10;
  return bound_binary(bytes, *Message::descriptor(), 1, parts) &&
         out.ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

std::size_t count(const pb::EnumDescriptorProto& type) {
  return 1 + static_cast<std::size_t>(type.value_size());
}

std::size_t count(const pb::DescriptorProto& type) {
  std::size_t sum = 1 + static_cast<std::size_t>(type.field_size() + type.oneof_decl_size());
  for (const pb::DescriptorProto& nested : type.nested_type()) sum += count(nested);
  for (const pb::EnumDescriptorProto& nested : type.enum_type()) sum += count(nested);
  return sum;
}

void trim(pb::EnumDescriptorProto& type) {
  type.clear_options();
  type.clear_reserved_range();
  type.clear_reserved_name();
  type.mutable_options()->set_allow_alias(true);
  for (pb::EnumValueDescriptorProto& value : *type.mutable_value()) value.clear_options();
}

Status trim(pb::DescriptorProto& type) {
  const bool map_entry = type.options().map_entry();
  type.clear_options();
  if (map_entry) type.mutable_options()->set_map_entry(true);
  type.clear_extension();
  type.clear_extension_range();
  type.clear_reserved_name();
  if (static_cast<std::size_t>(type.reserved_range_size()) > kMostReserved)
    return too_much("reserved ranges in message `" + type.name() + "`", kMostReserved);
  for (pb::FieldDescriptorProto& field : *type.mutable_field()) {
    field.clear_options();
    field.clear_default_value();
  }
  for (pb::OneofDescriptorProto& oneof : *type.mutable_oneof_decl()) oneof.clear_options();
  for (pb::EnumDescriptorProto& nested : *type.mutable_enum_type()) trim(nested);
  for (pb::DescriptorProto& nested : *type.mutable_nested_type()) {
    if (Status status = trim(nested); !status) return status;
  }
  return Done{};
}

/// Leaves the shape of messages and lets everything else go.
Status trim(pb::FileDescriptorProto& file) {
  file.clear_options();
  file.clear_service();
  file.clear_extension();
  file.clear_source_code_info();
  file.clear_weak_dependency();
  for (pb::EnumDescriptorProto& type : *file.mutable_enum_type()) trim(type);
  for (pb::DescriptorProto& type : *file.mutable_message_type()) {
    if (Status status = trim(type); !status) return status;
  }
  return Done{};
}

Result<std::vector<ProtobufFile>> one(ProtobufFile file) {
  std::vector<ProtobufFile> files;
  files.push_back(std::move(file));
  return files;
}

Result<std::vector<ProtobufFile>> read_text(std::string_view text, const std::string& path, std::size_t& declarations) {
  if (text.size() > ProtobufSchema::kMostTextBytes) return too_much("bytes", ProtobufSchema::kMostTextBytes);
  if (Status status = bound_text(text, declarations); !status) return status.error();
  pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  FirstFault faults;
  pb::io::Tokenizer tokens(&input, &faults);
  ProtobufFile file{.shape = std::make_unique<pb::FileDescriptorProto>(),
                    .places = std::make_unique<pb::compiler::SourceLocationTable>(),
                    .missing = {}};
  pb::compiler::Parser parser;
  parser.RecordErrorsTo(&faults);
  parser.RecordSourceLocationsTo(file.places.get());
  const bool parsed = parser.Parse(&tokens, file.shape.get());
  if (!parsed || faults.text()) return Error{.message = faults.text().value_or("it is no .proto file")};
  file.shape->set_name(path);
  if (Status status = trim(*file.shape); !status) return status.error();
  return one(std::move(file));
}

Result<ProtobufFile> take(pb::FileDescriptorProto& shape, std::size_t& declarations) {
  std::size_t sum = 0;
  for (const pb::DescriptorProto& type : shape.message_type()) sum += count(type);
  for (const pb::EnumDescriptorProto& type : shape.enum_type()) sum += count(type);
  if (sum > declarations) return too_much("declarations", ProtobufSchema::kMostDeclarations);
  declarations -= sum;
  if (Status status = trim(shape); !status) return status.error();
  ProtobufFile file{.shape = std::make_unique<pb::FileDescriptorProto>(), .places = nullptr, .missing = {}};
  file.shape->Swap(&shape);
  return file;
}

/// A FileDescriptorSet or one FileDescriptorProto. Nothing: the bytes are neither.
std::optional<Result<std::vector<ProtobufFile>>> read_binary(std::string_view bytes, const std::string& path,
                                                             std::size_t& declarations) {
  pb::FileDescriptorSet set;
  const auto named = [](const pb::FileDescriptorProto& file) { return !file.name().empty(); };
  if (parse_bounded(bytes, set) && set.file_size() > 0 && set.unknown_fields().empty() &&
      std::all_of(set.file().begin(), set.file().end(), named)) {
    std::vector<ProtobufFile> files;
    for (pb::FileDescriptorProto& shape : *set.mutable_file()) {
      Result<ProtobufFile> file = take(shape, declarations);
      if (!file) return file.error();
      files.push_back(std::move(*file));
    }
    return files;
  }
  pb::FileDescriptorProto shape;
  if (!parse_bounded(bytes, shape) || !shape.unknown_fields().empty()) return std::nullopt;
  if (shape.message_type_size() + shape.enum_type_size() + shape.dependency_size() == 0) return std::nullopt;
  if (!path.empty()) shape.set_name(path);
  Result<ProtobufFile> file = take(shape, declarations);
  if (!file) return file.error();
  return one(std::move(*file));
}

/// What base64 (RFC 4648, either alphabet) stands for; empty where the text is none. Any .proto file has a byte that base64 lacks.
std::string from_base64(std::string_view text) {
  std::string out;
  std::uint32_t group = 0;
  int bits = 0;
  bool padded = false;
  for (const char c : text) {
    std::uint32_t digit = 0;
    if (c >= 'A' && c <= 'Z') {
      digit = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      digit = static_cast<std::uint32_t>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0') + 52;
    } else if (c == '+' || c == '-') {
      digit = 62;
    } else if (c == '/' || c == '_') {
      digit = 63;
    } else if (c == '=') {
      padded = true;
      continue;
    } else if (c == '\n' || c == '\r') {
      continue;
    } else {
      return {};
    }
    if (padded) return {};
    group = (group << 6U | digit) & 0xFFFFFFU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(group >> static_cast<unsigned>(bits) & 0xFFU);
    }
  }
  return out;
}

}  // namespace

std::string schema_fault(int line, int column, std::string_view words) {
  std::string out;
  if (line >= 0) out = "line " + std::to_string(line + 1) + ", column " + std::to_string(column + 1) + ": ";
  if (words.ends_with('.')) words.remove_suffix(1);
  const std::size_t first = out.size();
  out += words.substr(0, 500);
  if (out.size() > first + 1 && std::islower(static_cast<unsigned char>(out[first + 1])) != 0)
    out[first] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[first])));
  return out;
}

Result<std::vector<ProtobufFile>> read_protobuf_files(std::string_view text, const std::string& path,
                                                      std::size_t& declarations) {
  if (text.size() > ProtobufSchema::kMostBinaryBytes * 3 / 2)
    return too_much("bytes", ProtobufSchema::kMostBinaryBytes);
  if (text.empty()) return Error{.message = "it is empty"};
  // A set begins with the tag of its first file and so does a file's description with that of its name: a line end.
  if (text[0] == '\n') {
    if (auto files = read_binary(text, path, declarations)) return std::move(*files);
  }
  if (const std::string bytes = from_base64(text); !bytes.empty()) {
    if (auto files = read_binary(bytes, path, declarations)) return std::move(*files);
  }
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v';
  });
  if (control) {
    return Error{.message = "it is neither the text of a .proto file nor a FileDescriptorSet within the limits"};
  }
  return read_text(text, path, declarations);
}

}  // namespace weir
