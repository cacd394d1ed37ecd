// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_json.h"

#include "base/json_writer.h"
#include "decode/text_cell.h"

namespace weir {

ProtobufAny any_in(std::string_view bytes) {
  ProtobufAny any{.type = "", .value = ""};
  WireCursor cursor(bytes);
  WireField field;
  while (!cursor.done() && cursor.next(field, UINT32_MAX) == WireFault::None) {
    if (field.type != WireType::Bytes) continue;
    if (field.number == 1) any.type = field.bytes;
    if (field.number == 2) any.value = field.bytes;
  }
  return any;
}

void ProtobufJson::message(const ProtobufType& type, std::string_view bytes, Arena& arena, std::string& out) {
  switch (type.form) {
    case ProtobufForm::Plain: return members(type, bytes, arena, out);
    case ProtobufForm::Any: return any(bytes, arena, out);
    case ProtobufForm::Struct: {
      const ProtobufGather::Slots& slots = gather_.open(type, bytes);
      map(type.fields[0], slots[0], arena, out);
      return gather_.close();
    }
    case ProtobufForm::ListValue: {
      const ProtobufGather::Slots& slots = gather_.open(type, bytes);
      list(type.fields[0], slots[0], arena, out);
      return gather_.close();
    }
    case ProtobufForm::Value: {
      const ProtobufGather::Held held = gather_.held(type, bytes, arena);
      if (held.field == nullptr) {
        out += "null";
      } else {
        value(*held.field, held.value, arena, out);
      }
      return;
    }
    case ProtobufForm::Timestamp:
    case ProtobufForm::Duration:
    case ProtobufForm::Wrapper:
    case ProtobufForm::FieldMask: {
      Cell cell;
      const Kind kind = form_cell(type, bytes, arena, cell);
      return append_json(kind, cell, out);
    }
  }
}

void ProtobufJson::members(const ProtobufType& type, std::string_view bytes, Arena& arena, std::string& out) {
  const ProtobufGather::Slots& slots = gather_.open(type, bytes);
  char before = '{';
  for (std::size_t i = 0; i < type.fields.size() && !full(out); ++i) {
    const ProtobufField& field = type.fields[i];
    const ProtobufSlot& slot = slots[i];
    if (!slot.there && !field.many() && !field.always_there) continue;
    out += before;
    before = ',';
    out += '"';
    out += field.name;  // an identifier
    out += "\":";
    if (field.map) {
      map(field, slot, arena, out);
    } else if (field.repeated) {
      list(field, slot, arena, out);
    } else {
      ProtobufValue one = slot.there ? slot.last : ProtobufValue{};
      if (field.is_message()) one.bytes = ProtobufGather::merged(slot, arena);
      value(field, one, arena, out);
    }
  }
  out += before == '{' ? "{}" : "}";
  gather_.close();
}

void ProtobufJson::any(std::string_view bytes, Arena& arena, std::string& out) {
  const ProtobufAny packed = any_in(bytes);
  Cell value;
  const Kind kind = bytes_cell(packed.value, arena, value);
  out += "{\"@type\":" + json_quote(packed.type) + ",\"value\":";
  append_json(kind, value, out);
  out += '}';
}

void ProtobufJson::list(const ProtobufField& field, const ProtobufSlot& slot, Arena& arena, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < slot.all.size() && !full(out); ++i) {
    if (i != 0) out += ',';
    value(field, slot.all[i], arena, out);
  }
  out += ']';
}

void ProtobufJson::map(const ProtobufField& field, const ProtobufSlot& slot, Arena& arena, std::string& out) {
  const ProtobufField& values = gather_.value_of(field);
  char before = '{';
  for (const ProtobufEntry& entry : gather_.entries(field, slot, arena)) {
    if (full(out)) break;
    out += before;
    before = ',';
    out += json_quote(entry.key) + ":";
    value(values, entry.value, arena, out);
  }
  out += before == '{' ? "{}" : "}";
}

void ProtobufJson::value(const ProtobufField& field, const ProtobufValue& value, Arena& arena, std::string& out) {
  if (field.is_message()) return message(types_.of(field), value.bytes, arena, out);
  Cell cell;
  const Kind kind = scalar_cell(field, value, arena, cell);
  append_json(kind, cell, out);
}

}  // namespace weir
