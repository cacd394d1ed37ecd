// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_types.h"

#include <array>

namespace weir {

namespace pb = google::protobuf;

namespace {

constexpr std::uint32_t kTable = 1024;  // numbers below it are found by position

struct Known {
  std::string_view file;
  std::string_view name;
  ProtobufForm form;
};
constexpr std::array kKnown = {
    Known{"google/protobuf/timestamp.proto", "google.protobuf.Timestamp", ProtobufForm::Timestamp},
    Known{"google/protobuf/duration.proto", "google.protobuf.Duration", ProtobufForm::Duration},
    Known{"google/protobuf/struct.proto", "google.protobuf.Struct", ProtobufForm::Struct},
    Known{"google/protobuf/struct.proto", "google.protobuf.Value", ProtobufForm::Value},
    Known{"google/protobuf/struct.proto", "google.protobuf.ListValue", ProtobufForm::ListValue},
    Known{"google/protobuf/any.proto", "google.protobuf.Any", ProtobufForm::Any},
    Known{"google/protobuf/field_mask.proto", "google.protobuf.FieldMask", ProtobufForm::FieldMask},
};

ProtobufForm form_of(const pb::Descriptor& type) {
  const std::string& file = type.file()->name();
  if (file == "google/protobuf/wrappers.proto") return ProtobufForm::Wrapper;
  for (const Known& known : kKnown) {
    if (known.file == file && known.name == type.full_name()) return known.form;
  }
  return ProtobufForm::Plain;
}

WireType wire_of(pb::FieldDescriptor::Type type) {
  switch (type) {
    case pb::FieldDescriptor::TYPE_DOUBLE:
    case pb::FieldDescriptor::TYPE_FIXED64:
    case pb::FieldDescriptor::TYPE_SFIXED64: return WireType::Fixed64;
    case pb::FieldDescriptor::TYPE_FLOAT:
    case pb::FieldDescriptor::TYPE_FIXED32:
    case pb::FieldDescriptor::TYPE_SFIXED32: return WireType::Fixed32;
    case pb::FieldDescriptor::TYPE_STRING:
    case pb::FieldDescriptor::TYPE_BYTES:
    case pb::FieldDescriptor::TYPE_MESSAGE: return WireType::Bytes;
    case pb::FieldDescriptor::TYPE_GROUP: return WireType::Group;
    default: return WireType::Varint;
  }
}

}  // namespace

const ProtobufType& ProtobufTypes::of(const pb::Descriptor& descriptor) {
  std::unique_ptr<ProtobufType>& type = types_[&descriptor];
  if (type != nullptr) return *type;
  type = std::make_unique<ProtobufType>();
  type->descriptor = &descriptor;
  type->form = form_of(descriptor);
  type->oneofs = static_cast<std::size_t>(descriptor.real_oneof_decl_count());
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const pb::FieldDescriptor& from = *descriptor.field(i);
    ProtobufField field;
    field.descriptor = &from;
    field.name = from.name();
    field.number = static_cast<std::uint32_t>(from.number());
    field.type = from.type();
    field.wire = wire_of(from.type());
    field.map = from.is_map();
    field.repeated = from.is_repeated() && !field.map;
    field.packable = from.is_packable();
    field.always_there = !from.is_repeated() && !field.is_message() && !from.has_presence();
    if (const pb::OneofDescriptor* const oneof = from.real_containing_oneof()) field.oneof = oneof->index();
    if (field.number < kTable) {
      if (type->by_number.size() <= field.number) type->by_number.resize(field.number + 1, ProtobufType::kUnknown);
      type->by_number[field.number] = i;
    } else {
      type->far.emplace(field.number, i);
    }
    type->fields.push_back(field);
  }
  return *type;
}

}  // namespace weir
