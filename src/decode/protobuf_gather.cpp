// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_gather.h"

#include <cstring>
#include <unordered_map>

namespace weir {

namespace {

void unpack(const ProtobufField& field, std::string_view bytes, ProtobufSlot& slot) {
  WireCursor cursor(bytes);
  while (!cursor.done()) {
    std::uint64_t bits = 0;
    const WireFault fault = field.wire == WireType::Varint    ? cursor.varint(bits)
                            : field.wire == WireType::Fixed32 ? cursor.fixed32(bits)
                                                              : cursor.fixed64(bits);
    if (fault != WireFault::None) return;
    slot.all.push_back({.bits = bits, .bytes = {}});
  }
}

}  // namespace

const ProtobufGather::Slots& ProtobufGather::open(const ProtobufType& type, std::string_view bytes,
                                                  std::set<std::uint32_t>* unknown) {
  if (open_ == slots_.size()) slots_.emplace_back();
  Slots& slots = slots_[open_++];
  if (slots.size() < type.fields.size()) slots.resize(type.fields.size());
  for (std::size_t i = 0; i < type.fields.size(); ++i) slots[i].clear();
  set_.assign(type.oneofs, ProtobufType::kUnknown);

  WireCursor cursor(bytes);
  WireField found;
  while (!cursor.done() && cursor.next(found, UINT32_MAX) == WireFault::None) {
    const std::int32_t index = type.find(found.number);
    if (index == ProtobufType::kUnknown) {
      if (unknown != nullptr) unknown->insert(found.number);
      continue;
    }
    const ProtobufField& field = type.fields[static_cast<std::size_t>(index)];
    ProtobufSlot& slot = slots[static_cast<std::size_t>(index)];
    if (found.type == field.wire) {
      if (field.oneof >= 0) {
        std::int32_t& member = set_[static_cast<std::size_t>(field.oneof)];
        if (member >= 0 && member != index) slots[static_cast<std::size_t>(member)].clear();
        member = index;
      }
      slot.last = {.bits = found.bits, .bytes = found.bytes};
      if (field.many() || field.is_message()) slot.all.push_back(slot.last);
      slot.there = true;
    } else if (field.packable && found.type == WireType::Bytes) {
      unpack(field, found.bytes, slot);
      slot.there = true;
    } else if (unknown != nullptr) {
      unknown->insert(found.number);
    }
  }
  return slots;
}

std::string_view ProtobufGather::merged(const ProtobufSlot& slot, Arena& arena) {
  if (slot.all.size() == 1) return slot.all.front().bytes;
  std::size_t size = 0;
  for (const ProtobufValue& piece : slot.all) size += piece.bytes.size();
  char* const begin = arena.take(size);
  char* out = begin;
  for (const ProtobufValue& piece : slot.all) {
    if (piece.bytes.empty()) continue;
    std::memcpy(out, piece.bytes.data(), piece.bytes.size());
    out += piece.bytes.size();
  }
  return {begin, size};
}

const ProtobufField& ProtobufGather::value_of(const ProtobufField& map) {
  const ProtobufType& entry = types_.of(map);
  return entry.fields[static_cast<std::size_t>(entry.find(2))];
}

std::vector<ProtobufEntry> ProtobufGather::entries(const ProtobufField& map, const ProtobufSlot& slot, Arena& arena) {
  const ProtobufType& type = types_.of(map);
  const auto key = static_cast<std::size_t>(type.find(1));
  const auto value = static_cast<std::size_t>(type.find(2));
  std::vector<ProtobufEntry> out;
  std::unordered_map<std::string, std::size_t> known;
  for (const ProtobufValue& one : slot.all) {
    const Slots& slots = open(type, one.bytes);
    Cell cell;
    const ProtobufValue name = slots[key].there ? slots[key].last : ProtobufValue{};
    const Kind kind = scalar_cell(type.fields[key], name, arena, cell);
    ProtobufEntry entry{.key = written_text(kind, cell), .value = {}};
    if (slots[value].there) entry.value = slots[value].last;
    if (slots[value].there && type.fields[value].is_message()) entry.value.bytes = merged(slots[value], arena);
    close();
    const auto [at, fresh] = known.emplace(entry.key, out.size());
    if (fresh) {
      out.push_back(std::move(entry));
    } else {
      out[at->second] = std::move(entry);
    }
  }
  return out;
}

ProtobufGather::Held ProtobufGather::held(const ProtobufType& type, std::string_view bytes, Arena& arena) {
  const Slots& slots = open(type, bytes);
  Held out;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (!slots[i].there) continue;
    out = {.field = &type.fields[i], .value = slots[i].last};
    if (out.field->is_message()) out.value.bytes = merged(slots[i], arena);
  }
  close();
  return out;
}

}  // namespace weir
