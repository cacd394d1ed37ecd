// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "base/text.h"
#include "decode/avro_value.h"

namespace weir {

bool AvroJson::append(AvroWalk& walk, std::uint32_t shape, std::size_t depth, std::size_t size, std::string& out) {
  walk_ = &walk;
  most_ = std::min(kMostBytes, kFreeBytes + kBytesAByte * size);
  std::string json;
  if (!value(shape, depth, json)) return false;
  out += json;
  return true;
}

bool AvroJson::value(std::uint32_t index, std::size_t depth, std::string& out) {
  const AvroShape& shape = shapes_[index];
  if (out.size() > most_) {
    return walk_->fail("too_large", "its JSON is longer than " + std::to_string(most_) + " bytes");
  }
  switch (shape.form) {
    case AvroForm::Union: {
      std::size_t which = 0;
      return walk_->branch(shape, which) && value(shape.below[which], depth, out);
    }
    case AvroForm::Record: return record(shape, depth, out);
    case AvroForm::Array:
    case AvroForm::Map: return blocks(shape, depth, out);
    default: return scalar(shape, out);
  }
}

bool AvroJson::record(const AvroShape& shape, std::size_t depth, std::string& out) {
  if (!walk_->enter_record(depth)) return false;
  out += '{';
  // Where members come in another order than their bytes, each is written apart first.
  std::string apart;
  std::vector<std::pair<std::size_t, std::size_t>> pieces(shape.in_order ? 0 : shape.members.size());
  for (const AvroShape::Written& field : shape.written) {
    if (field.member == AvroShape::kNowhere) {
      if (!walk_->skip(field.shape, depth + 1)) return walk_->within(shapes_.text(field.name));
      continue;
    }
    const auto index = static_cast<std::size_t>(field.member);
    std::string& into = shape.in_order ? out : apart;
    const std::size_t begin = into.size();
    if (shape.in_order && out.back() != '{') out += ',';
    if (!member(shape, index, depth, into)) return walk_->within(shapes_.text(field.name));
    if (!shape.in_order) pieces[index] = {begin, apart.size() - begin};
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0) out += ',';
    const AvroText& fallback = shape.members[i].fallback;
    if (!fallback.there()) {
      out.append(apart, pieces[i].first, pieces[i].second);
      continue;
    }
    const std::string_view datum = shapes_.text(fallback);
    const AvroCursor here = std::exchange(walk_->cursor, {datum.data(), datum.data() + datum.size()});
    if (!member(shape, i, depth, out)) return walk_->within(shapes_.text(shape.members[i].name));
    walk_->cursor = here;
  }
  out += '}';
  return true;
}

bool AvroJson::member(const AvroShape& shape, std::size_t index, std::size_t depth, std::string& out) {
  out += json_quote(shapes_.text(shape.members[index].name));
  out += ':';
  return value(shape.members[index].shape, depth + 1, out);
}

bool AvroJson::blocks(const AvroShape& shape, std::size_t depth, std::string& out) {
  if (!walk_->enter(depth)) return false;
  const bool map = shape.form == AvroForm::Map;
  const std::uint32_t below = shape.below[0];
  const std::uint32_t least = shapes_[below].least + (map ? 1 : 0);
  out += map ? '{' : '[';
  bool first = true;
  for (;;) {
    AvroWalk::Block head;
    if (!walk_->block(head, least)) return false;
    if (head.count == 0) break;
    for (std::uint64_t i = 0; i < head.count; ++i) {
      if (!std::exchange(first, false)) out += ',';
      if (map) {
        std::string_view key;
        if (!walk_->key(key)) return false;
        out += json_quote(key);
        out += ':';
      }
      if (!value(below, depth + 1, out)) return false;
    }
    if (!walk_->block_ended(head)) return false;
  }
  out += map ? '}' : ']';
  return true;
}

bool AvroJson::scalar(const AvroShape& shape, std::string& out) {
  Kind kind = Kind::Null;
  Cell cell;
  arena_.clear();
  if (!read_avro_value(*walk_, shape, {.arena = &arena_, .pool = shapes_.pool.data()}, kind, cell)) return false;
  const std::string text = written_text(kind, cell);
  // JSON has no word for NaN and the infinities.
  const bool quoted = kind == Kind::Text || (kind == Kind::Number && (text.back() == 'N' || text.back() == 'y'));
  out += quoted ? json_quote(text) : text;
  return true;
}

}  // namespace weir
