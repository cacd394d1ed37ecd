// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_rows.h"

#include "decode/text_cell.h"

namespace weir {

ProtobufRows::ProtobufRows(const Plan& plan, const FieldTree& tree, ProtobufTypes& types)
    : types_(types),
      gather_(types),
      json_(types, gather_),
      filler_(plan.fields, tree),
      want_extra_(plan.extra_fields_rule != Plan::kNoRule),
      want_seen_(plan.note_fields) {}

void ProtobufRows::begin(Batch& batch) {
  batch_ = &batch;
  filler_.begin(batch);
}

bool ProtobufRows::put(std::uint32_t row, const ProtobufType& type, std::string_view bytes) {
  row_ = row;
  filler_.begin_row(row);
  std::set<std::uint32_t> unknown;
  const bool noting = want_extra_ || want_seen_;
  const Slots& slots = gather_.open(type, bytes, noting ? &unknown : nullptr);
  put_members(type, slots, 0);
  const bool good = !json_.over();
  if (good && noting) note(type, slots, unknown);
  gather_.close();
  if (!good) filler_.undo_row();
  return good;
}

const ProtobufRows::Binding& ProtobufRows::bind(const ProtobufType& type, std::int32_t node) {
  const auto [at_place, fresh] = bindings_.try_emplace({&type, node});
  Binding& binding = at_place->second;
  if (!fresh) return binding;
  for (const std::int32_t child : at(node).children) {
    std::int32_t index = ProtobufType::kUnknown;
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      if (type.fields[i].name == at(child).name) index = static_cast<std::int32_t>(i);
    }
    binding.children.push_back({.node = child, .field = index});
  }
  return binding;
}

void ProtobufRows::put_members(const ProtobufType& type, const Slots& slots, std::int32_t node) {
  for (const Binding::Child& child : bind(type, node).children) {
    if (child.field == ProtobufType::kUnknown) {
      filler_.absent(child.node);
    } else {
      const auto index = static_cast<std::size_t>(child.field);
      put_field(type.fields[index], slots[index], child.node);
    }
  }
  if (at(node).every != FieldTable::kNone) filler_.absent(at(node).every);
}

void ProtobufRows::put_field(const ProtobufField& field, const ProtobufSlot& slot, std::int32_t node) {
  if (field.map) return put_map(field, slot, node);
  if (field.repeated) return put_list(field, slot, node);
  if (!slot.there && !field.always_there) return filler_.absent(node);
  ProtobufValue value = slot.there ? slot.last : ProtobufValue{};
  if (field.is_message()) value.bytes = ProtobufGather::merged(slot, filler_.arena());
  put_value(field, value, node);
}

void ProtobufRows::put_value(const ProtobufField& field, const ProtobufValue& value, std::int32_t node) {
  if (field.is_message()) return put_message(types_.of(field), value.bytes, node);
  Cell cell;
  const Kind kind = scalar_cell(field, value, filler_.arena(), cell);
  filler_.put(node, kind, cell);
}

void ProtobufRows::put_message(const ProtobufType& type, std::string_view bytes, std::int32_t node) {
  Arena& arena = filler_.arena();
  switch (type.form) {
    case ProtobufForm::Plain: {
      const Slots& slots = gather_.open(type, bytes);
      put_members(type, slots, node);
      gather_.close();
      return put_json(node, Kind::Object, [&](std::string& out) { json_.message(type, bytes, arena, out); });
    }
    case ProtobufForm::Struct: {
      const Slots& slots = gather_.open(type, bytes);
      put_map(type.fields[0], slots[0], node);
      return gather_.close();
    }
    case ProtobufForm::ListValue: {
      const Slots& slots = gather_.open(type, bytes);
      put_list(type.fields[0], slots[0], node);
      return gather_.close();
    }
    case ProtobufForm::Value: {
      const ProtobufGather::Held held = gather_.held(type, bytes, arena);
      if (held.field != nullptr) return put_value(*held.field, held.value, node);
      return filler_.put(node, Kind::Null, {.number = 0, .data = "null", .size = 4, .scale = 0});
    }
    case ProtobufForm::Any: return put_any(bytes, node);
    case ProtobufForm::Timestamp:
    case ProtobufForm::Duration:
    case ProtobufForm::Wrapper:
    case ProtobufForm::FieldMask: {
      Cell cell;
      const Kind kind = form_cell(type, bytes, arena, cell);
      return filler_.put(node, kind, cell);
    }
  }
}

void ProtobufRows::put_map(const ProtobufField& field, const ProtobufSlot& slot, std::int32_t node) {
  Arena& arena = filler_.arena();
  if (at(node).children.empty()) {
    absent_below(node);
  } else {
    const ProtobufField& values = gather_.value_of(field);
    const std::vector<ProtobufEntry> entries = gather_.entries(field, slot, arena);
    for (const std::int32_t child : at(node).children) {
      const ProtobufEntry* found = nullptr;
      for (const ProtobufEntry& entry : entries) {
        if (entry.key == at(child).name) found = &entry;
      }
      if (found == nullptr) {
        filler_.absent(child);
      } else {
        put_value(values, found->value, child);
      }
    }
    if (at(node).every != FieldTable::kNone) filler_.absent(at(node).every);
  }
  put_json(node, Kind::Object, [&](std::string& out) { json_.map(field, slot, arena, out); });
}

void ProtobufRows::put_list(const ProtobufField& field, const ProtobufSlot& slot, std::int32_t node) {
  const std::int32_t every = at(node).every;
  if (every != FieldTable::kNone) {
    for (const ProtobufValue& value : slot.all) put_value(field, value, every);
  }
  for (const std::int32_t child : at(node).children) filler_.absent(child);
  put_json(node, Kind::Array, [&](std::string& out) { json_.list(field, slot, filler_.arena(), out); });
}

void ProtobufRows::put_any(std::string_view bytes, std::int32_t node) {
  const ProtobufAny any = any_in(bytes);
  Cell type;
  Cell value;
  const Kind type_kind = text_cell(any.type, type);
  const Kind value_kind = bytes_cell(any.value, filler_.arena(), value);
  for (const std::int32_t child : at(node).children) {
    if (at(child).name == "@type") {
      filler_.put(child, type_kind, type);
    } else if (at(child).name == "value") {
      filler_.put(child, value_kind, value);
    } else {
      filler_.absent(child);
    }
  }
  if (at(node).every != FieldTable::kNone) filler_.absent(at(node).every);
  put_json(node, Kind::Object, [&](std::string& out) {
    out += "{\"@type\":";
    append_json(type_kind, type, out);
    out += ",\"value\":";
    append_json(value_kind, value, out);
    out += '}';
  });
}

void ProtobufRows::absent_below(std::int32_t node) {
  for (const std::int32_t child : at(node).children) filler_.absent(child);
  if (at(node).every != FieldTable::kNone) filler_.absent(at(node).every);
}

template <class Write>
void ProtobufRows::put_json(std::int32_t node, Kind kind, Write write) {
  if (!filler_.wants_json(node)) return;
  std::string text;
  write(text);
  filler_.put_container(node, kind, filler_.arena().keep(text));
}

/// Fields of the record itself: those that are there in the order of the schema, then those that only the bytes know, by number.
void ProtobufRows::note(const ProtobufType& type, const Slots& slots, const std::set<std::uint32_t>& unknown) {
  std::uint32_t position = 0;
  std::size_t extras = 0;
  std::vector<bool> named(type.fields.size(), false);
  for (const Binding::Child& child : bind(type, 0).children) {
    if (child.field != ProtobufType::kUnknown) named[static_cast<std::size_t>(child.field)] = true;
  }
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const ProtobufField& field = type.fields[i];
    if (!slots[i].there && !field.many() && !field.always_there) continue;
    note_one(field.name, want_seen_ ? kind_of(field, slots[i]) : Kind::Absent, !named[i], position, extras);
  }
  for (const std::uint32_t number : unknown) note_one("#" + std::to_string(number), Kind::Text, true, position, extras);
}

void ProtobufRows::note_one(std::string_view name, Kind kind, bool extra, std::uint32_t& position,
                            std::size_t& extras) {
  name = batch_->arena.keep(name);  // a batch may outlive the schema
  if (want_seen_) batch_->seen_fields.push_back({.row = row_, .position = position++, .kind = kind, .name = name});
  if (want_extra_ && extra && extras++ < Batch::kMaxExtraFields)
    batch_->extra_fields.push_back({.row = row_, .name = name});
}

Kind ProtobufRows::kind_of(const ProtobufField& field, const ProtobufSlot& slot) {
  if (field.map) return Kind::Object;
  if (field.repeated) return Kind::Array;
  ProtobufValue value = slot.there ? slot.last : ProtobufValue{};
  if (field.is_message()) value.bytes = ProtobufGather::merged(slot, filler_.arena());
  return kind_of(field, value);
}

Kind ProtobufRows::kind_of(const ProtobufField& field, const ProtobufValue& value) {
  Cell cell;
  if (!field.is_message()) return scalar_cell(field, value, filler_.arena(), cell);
  const ProtobufType& type = types_.of(field);
  switch (type.form) {
    case ProtobufForm::Plain:
    case ProtobufForm::Struct:
    case ProtobufForm::Any: return Kind::Object;
    case ProtobufForm::ListValue: return Kind::Array;
    case ProtobufForm::Value: {
      const ProtobufGather::Held held = gather_.held(type, value.bytes, filler_.arena());
      return held.field == nullptr ? Kind::Null : kind_of(*held.field, held.value);
    }
    default: return form_cell(type, value.bytes, filler_.arena(), cell);
  }
}

}  // namespace weir
