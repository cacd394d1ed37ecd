// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_check.h"

#include "base/text.h"

namespace weir {

namespace pb = google::protobuf;

bool ProtobufCheck::run(const ProtobufType& type, std::string_view bytes, const char* record) {
  record_ = record;
  return message(type, bytes, 1);
}

/// Depth is counted as in the record's JSON: objects and arrays, so a type that comes out as a value of its own is none.
bool ProtobufCheck::message(const ProtobufType& type, std::string_view bytes, std::uint32_t depth) {
  const bool plain = type.form == ProtobufForm::Plain || type.form == ProtobufForm::Any;
  if (plain && depth > max_depth_) return too_deep(bytes.data());
  const std::uint32_t level = plain ? depth : depth - 1;
  WireCursor cursor(bytes);
  while (!cursor.done()) {
    WireField found;
    if (const WireFault fault = cursor.next(found, max_depth_ - std::min(level, max_depth_));
        fault != WireFault::None) {
      if (fault == WireFault::TooDeep) return too_deep(cursor.at());
      return fail(cursor.at(), "syntax",
                  "in message `" + type.descriptor->full_name() + "`: " + std::string(words_for(fault)));
    }
    const std::int32_t index = type.find(found.number);
    if (index == ProtobufType::kUnknown) continue;
    const ProtobufField& field = type.fields[static_cast<std::size_t>(index)];
    if (field.many() && level + 1 > max_depth_) return too_deep(found.at);
    if (found.type == field.wire) {
      if (!value(field, found, level)) return false;
    } else if (field.packable && found.type == WireType::Bytes) {
      if (!packed(field, found.bytes)) return false;
    }
  }
  return true;
}

bool ProtobufCheck::value(const ProtobufField& field, const WireField& found, std::uint32_t level) {
  if (field.is_message()) return message(types_.of(field), found.bytes, level + (field.repeated ? 2 : 1));
  if (field.type != pb::FieldDescriptor::TYPE_STRING) return true;
  const std::size_t at = first_invalid_utf8(found.bytes);
  if (at == std::string_view::npos) return true;
  return fail(found.bytes.data() + at, "utf8", "the text of `" + field.descriptor->full_name() + "` is not UTF-8");
}

bool ProtobufCheck::packed(const ProtobufField& field, std::string_view bytes) {
  WireCursor cursor(bytes);
  while (!cursor.done()) {
    std::uint64_t bits = 0;
    const WireFault fault = field.wire == WireType::Varint    ? cursor.varint(bits)
                            : field.wire == WireType::Fixed32 ? cursor.fixed32(bits)
                                                              : cursor.fixed64(bits);
    if (fault != WireFault::None)
      return fail(cursor.at(), "syntax",
                  "in `" + field.descriptor->full_name() + "`: " + std::string(words_for(fault)));
  }
  return true;
}

bool ProtobufCheck::too_deep(const char* at) {
  return fail(at, "too_deep", "messages and lists are nested deeper than " + std::to_string(max_depth_));
}

bool ProtobufCheck::fail(const char* at, std::string_view code, std::string reason) {
  fault_ = {.row = 0, .at = static_cast<std::uint32_t>(at - record_), .code = code, .reason = std::move(reason)};
  return false;
}

}  // namespace weir
