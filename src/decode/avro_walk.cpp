// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_walk.h"

#include "base/escape.h"
#include "base/text.h"

namespace weir {

bool AvroWalk::skip(std::uint32_t index, std::size_t depth) {
  const AvroShape& shape = shapes_[index];
  switch (shape.form) {
    case AvroForm::Null: return true;
    case AvroForm::Boolean:
      if (cursor.left() == 0) return cut_short();
      if (static_cast<unsigned char>(*cursor.at) > 1) return fail("syntax", "a boolean is neither 0 nor 1");
      ++cursor.at;
      return true;
    case AvroForm::Int: {
      std::int64_t number = 0;
      return int_number(number);
    }
    case AvroForm::Long: {
      std::uint64_t raw = 0;
      return cursor.varint(raw) || bad_varint();
    }
    case AvroForm::Float: return cursor.skip(sizeof(float)) || cut_short();
    case AvroForm::Double: return cursor.skip(sizeof(double)) || cut_short();
    case AvroForm::Fixed: return cursor.skip(shape.size) || cut_short();
    case AvroForm::Bytes: {
      std::string_view ignored;
      return text(ignored);
    }
    case AvroForm::Enum: {
      AvroText ignored;
      return symbol(shape, ignored);
    }
    case AvroForm::Union: {
      std::size_t which = 0;
      return branch(shape, which) && skip(shape.below[which], depth);
    }
    case AvroForm::Record: return enter_record(depth) && skip_fields(shape, depth + 1);
    case AvroForm::Array:
    case AvroForm::Map: return skip_blocks(shape, depth);
    case AvroForm::Mismatch: return fail("schema", shape.fault);
  }
  return false;
}

/// skip() for each field, with plain values stepped over here: most of what is skipped.
bool AvroWalk::skip_fields(const AvroShape& record, std::size_t depth) {
  AvroCursor here = cursor;
  for (const AvroShape::Written& field : record.written) {
    std::uint32_t index = field.shape;
    for (bool again = true; again;) {
      const AvroShape& shape = shapes_[index];
      const char* const before = here.at;
      std::uint64_t raw = 0;
      std::string_view ignored;
      bool good = true;
      again = false;
      switch (shape.form) {
        case AvroForm::Null: break;
        case AvroForm::Int: good = here.varint(raw) && raw <= 0xFFFF'FFFFU; break;
        case AvroForm::Long: good = here.varint(raw); break;
        case AvroForm::Float: good = here.skip(sizeof(float)); break;
        case AvroForm::Double: good = here.skip(sizeof(double)); break;
        case AvroForm::Fixed: good = here.skip(shape.size); break;
        case AvroForm::Bytes: good = here.prefixed(ignored); break;
        case AvroForm::Union:
          // Zigzag: even numbers are the positive ones.
          good = here.varint(raw) && raw % 2 == 0 && raw / 2 < shape.below.size();
          if (good) index = shape.below[raw / 2];
          again = good;
          break;
        default:
          cursor = here;
          good = skip(index, depth);
          here = cursor;
          if (!good) return within(shapes_.text(field.name));
          break;
      }
      if (good) [[likely]]
        continue;
      cursor.at = before;  // to be looked at again, and told
      if (!skip(index, depth)) return within(shapes_.text(field.name));
      here = cursor;
    }
  }
  cursor = here;
  return true;
}

bool AvroWalk::skip_blocks(const AvroShape& shape, std::size_t depth) {
  if (!enter(depth)) return false;
  const bool map = shape.form == AvroForm::Map;
  const std::uint32_t below = shape.below[0];
  const std::uint32_t least = shapes_[below].least + (map ? 1 : 0);
  for (;;) {
    Block head;
    if (!block(head, least)) return false;
    if (head.count == 0) return true;
    if (head.behind != nullptr) {
      cursor.at = head.behind;
      continue;
    }
    for (std::uint64_t i = 0; i < head.count; ++i) {
      std::string_view ignored;
      if (map && !text(ignored)) return false;
      if (!skip(below, depth + 1)) return false;
    }
  }
}

bool AvroWalk::enter_record(std::size_t depth) {
  if (!enter(depth)) return false;
  if (budget_-- > 0) [[likely]]
    return true;
  budget_ = 0;
  return fail("too_large", "it holds far more values than bytes");
}

bool AvroWalk::block(Block& out, std::uint32_t least) {
  std::int64_t count = 0;
  const char* const head = cursor.at;
  if (!cursor.number(count)) return bad_varint();
  out = {};
  if (count == 0) return true;
  out.count = static_cast<std::uint64_t>(count);
  if (count < 0) {
    out.count = 0 - out.count;
    std::int64_t size = 0;
    if (!cursor.number(size)) return bad_varint();
    if (size < 0 || static_cast<std::uint64_t>(size) > cursor.left()) {
      return fail_at(
          head, "syntax",
          "a block of " + std::to_string(size) + " bytes where " + std::to_string(cursor.left()) + " are left");
    }
    out.behind = cursor.at + size;
  }
  if (least > 0) {
    if (out.count <= cursor.left() / least) [[likely]]
      return true;
    return fail_at(head, "syntax",
                   "a block of " + std::to_string(out.count) + " elements where " + std::to_string(cursor.left()) +
                       " bytes are left");
  }
  if (out.count > budget_) {
    return fail_at(
        head, "too_large",
        "a block of " + std::to_string(out.count) + " elements that take no bytes: far more values than bytes");
  }
  budget_ -= out.count;
  return true;
}

bool AvroWalk::key(std::string_view& out) {
  if (!text(out)) return false;
  const std::size_t bad = first_invalid_utf8(out);
  return bad == std::string_view::npos || fail_at(out.data() + bad, "utf8", "the bytes are not UTF-8");
}

bool AvroWalk::symbol(const AvroShape& shape, AvroText& out) {
  const char* const begin = cursor.at;
  std::int64_t index = 0;
  if (!cursor.number(index)) return bad_varint();
  if (static_cast<std::uint64_t>(index) >= shape.symbols.size()) return bad_index("enum", index, shape.symbols.size());
  out = shape.symbols[static_cast<std::size_t>(index)];
  if (out.there()) [[likely]]
    return true;
  return fail_at(begin, "schema",
                 "symbol " + std::to_string(index) + " of the enum is none of those to read, which name no default");
}

bool AvroWalk::fail_at(const char* at, std::string_view code, std::string reason) {
  code_ = code;
  reason_ = std::move(reason);
  path_.clear();
  // A fault within a default has no place in the record.
  fault_at_ = at >= begin_ && at <= end_ ? static_cast<std::size_t>(at - begin_) : 0;
  return false;
}

bool AvroWalk::cut_short() {
  return fail("syntax", "the record ends in the middle of a value");
}

bool AvroWalk::bad_varint() {
  if (cursor.left() < AvroCursor::kLongestVarint) {
    bool ends = false;
    for (const char* at = cursor.at; at != cursor.end; ++at) ends = ends || static_cast<signed char>(*at) >= 0;
    if (!ends) return cut_short();
  }
  return fail("syntax", "a number is longer than 64 bits");
}

bool AvroWalk::bad_length() {
  AvroCursor again = cursor;
  std::int64_t size = 0;
  if (!again.number(size)) return bad_varint();
  if (size < 0) return fail("syntax", "a length is negative");
  return fail("syntax",
              "a value of " + std::to_string(size) + " bytes where " + std::to_string(again.left()) + " are left");
}

bool AvroWalk::left_behind() {
  return fail("syntax", std::to_string(cursor.left()) + " bytes are left behind the record");
}

bool AvroWalk::bad_index(std::string_view what, std::int64_t index, std::size_t size) {
  return fail("syntax", "number " + std::to_string(index) + " of " + (what == "enum" ? "an enum" : "a union") + " of " +
                            std::to_string(size));
}

bool AvroWalk::too_deep() {
  return fail("too_deep", "records, arrays and maps are nested deeper than " + std::to_string(max_depth_));
}

bool AvroWalk::wrong_size() {
  return fail("syntax", "a block is not as long as it says");
}

bool AvroWalk::within(std::string_view field) {
  constexpr std::size_t kLongestPath = 200;
  if (path_.size() > kLongestPath) return false;
  path_ = path_.empty() ? std::string(field) : std::string(field) + "." + path_;
  return false;
}

std::string AvroWalk::reason() const {
  return path_.empty() ? reason_ : "`" + visible(path_) + "`: " + reason_;
}

}  // namespace weir
