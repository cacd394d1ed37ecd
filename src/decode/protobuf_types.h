// SPDX-License-Identifier: Apache-2.0
// Message types laid out for walking over bytes: fields by number, and what libprotobuf's descriptors would have to be asked
// for again and again. A type is laid out when the first record needs it.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "decode/protobuf_wire.h"

namespace weir {

/// What a message stands for. All but Plain are types of libprotobuf's own files that come out as a value of their own.
enum class ProtobufForm : std::uint8_t {
  Plain,
  Timestamp,
  Duration,
  Wrapper,
  Struct,
  Value,
  ListValue,
  Any,
  FieldMask
};

struct ProtobufType;

struct ProtobufField {
  using Type = google::protobuf::FieldDescriptor::Type;

  const google::protobuf::FieldDescriptor* descriptor = nullptr;
  std::string_view name;
  std::uint32_t number = 0;
  Type type = google::protobuf::FieldDescriptor::TYPE_INT32;
  WireType wire = WireType::Varint;  // of one value
  bool repeated = false;             // an array; a map is none
  bool map = false;
  bool packable = false;      // several values may come as one run of bytes
  bool always_there = false;  // a scalar without presence: its default when it is not on the wire
  std::int32_t oneof = -1;
  mutable const ProtobufType* message = nullptr;  // laid out when asked for

  [[nodiscard]] bool is_message() const noexcept {
    return type == google::protobuf::FieldDescriptor::TYPE_MESSAGE ||
           type == google::protobuf::FieldDescriptor::TYPE_GROUP;
  }
  [[nodiscard]] bool many() const noexcept { return repeated || map; }
};

struct ProtobufType {
  static constexpr std::int32_t kUnknown = -1;

  const google::protobuf::Descriptor* descriptor = nullptr;
  ProtobufForm form = ProtobufForm::Plain;
  std::vector<ProtobufField> fields;  // as declared
  std::size_t oneofs = 0;

  /// The position of a field in `fields`.
  [[nodiscard]] std::int32_t find(std::uint32_t number) const {
    if (number < by_number.size()) return by_number[number];
    const auto found = far.find(number);
    return found == far.end() ? kUnknown : found->second;
  }

  std::vector<std::int32_t> by_number;
  std::unordered_map<std::uint32_t, std::int32_t> far;  // numbers beyond the table
};

/// For one thread. The descriptors must outlive it.
class ProtobufTypes {
 public:
  const ProtobufType& of(const google::protobuf::Descriptor& descriptor);
  /// Of a field that is_message().
  const ProtobufType& of(const ProtobufField& field) {
    if (field.message == nullptr) field.message = &of(*field.descriptor->message_type());
    return *field.message;
  }

 private:
  std::unordered_map<const google::protobuf::Descriptor*, std::unique_ptr<ProtobufType>> types_;
};

}  // namespace weir
