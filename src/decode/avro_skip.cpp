// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_skip.h"

#include <bit>
#include <utility>

#include "base/hash.h"
#include "decode/avro_resolve.h"
#include "decode/avro_walk.h"

namespace weir {

namespace {

using Step = AvroPlainField::Step;

/// False: it is no plain value.
bool plain_step(const AvroShape& shape, Step& step, std::uint32_t& size) {
  switch (shape.form) {
    case AvroForm::Null: step = Step::None; return true;
    case AvroForm::Boolean: step = Step::Boolean; return true;
    case AvroForm::Int: step = Step::Int; return true;
    case AvroForm::Long: step = Step::Long; return true;
    case AvroForm::Float: step = Step::Bytes, size = sizeof(float); return true;
    case AvroForm::Double: step = Step::Bytes, size = sizeof(double); return true;
    case AvroForm::Fixed: step = Step::Bytes, size = shape.size; return true;
    case AvroForm::Bytes: step = Step::Prefixed; return true;
    default: return false;
  }
}

bool plain_field(const AvroShapes& shapes, const AvroShape& shape, AvroPlainField& out) {
  if (shape.form != AvroForm::Union) return plain_step(shape, out.steps[0], out.sizes[0]);
  if (shape.below.size() > out.steps.size()) return false;
  out.is_union = true;
  out.branches = static_cast<std::uint8_t>(shape.below.size());
  for (std::size_t i = 0; i < shape.below.size(); ++i) {
    if (!plain_step(shapes[shape.below[i]], out.steps[i], out.sizes[i])) return false;
  }
  return true;
}

/// Of a varint in ten bytes that may be read; 11: it is longer than that.
inline std::size_t varint_size(const char* at) {
  const std::uint64_t last = ~hashing::load8(at) & 0x8080808080808080U;
  if (last != 0) [[likely]]
    return static_cast<std::size_t>(std::countr_zero(last)) / 8 + 1;
  if (static_cast<unsigned char>(at[8]) < 0x80) return 9;
  return static_cast<unsigned char>(at[9]) < 0x80 ? 10 : 11;
}

}  // namespace

AvroSkipper::AvroSkipper(std::shared_ptr<const AvroShapes> shapes) : shapes_(std::move(shapes)) {
  const AvroShape& root = (*shapes_)[shapes_->root];
  if (root.form != AvroForm::Record) return;
  for (const AvroShape::Written& written : root.written) {
    AvroPlainField field;
    if (!plain_field(*shapes_, (*shapes_)[written.shape], field)) {
      plain_.clear();
      return;
    }
    plain_.push_back(field);
  }
}

Result<AvroSkipper> AvroSkipper::make(const SchemaText& text) {
  const Result<AvroSchema> schema = parse_avro_schema(text);
  if (!schema) return schema.error();
  Result<AvroShapes> shapes = resolve_avro(*schema, nullptr);
  if (!shapes) return shapes.error();
  return AvroSkipper(std::make_shared<const AvroShapes>(std::move(*shapes)));
}

/// Each step may go beyond the end by what a length of one byte says; it is looked for in front of the next one.
const char* AvroSkipper::skip_plain(const char* at, const char* end) const {
  constexpr std::ptrdiff_t kAhead = 16;  // a branch and a number
  for (const AvroPlainField& field : plain_) {
    if (end - at < kAhead) return nullptr;
    std::size_t branch = 0;
    if (field.is_union) {
      // Zigzag: even numbers are the positive ones. There are two branches at most, so one byte is all.
      const auto byte = static_cast<unsigned char>(*at++);
      branch = byte / 2;
      if (byte % 2 != 0 || branch >= field.branches) return nullptr;
    }
    switch (field.steps[branch]) {
      case Step::None: break;
      case Step::Boolean:
        if (static_cast<unsigned char>(*at++) > 1) return nullptr;
        break;
      case Step::Int: {
        const std::size_t size = varint_size(at);
        if (size > 4 && (size > 5 || static_cast<unsigned char>(at[4]) > 0x0F)) return nullptr;  // 32 bits
        at += size;
        break;
      }
      case Step::Long: {
        const std::size_t size = varint_size(at);
        if (size > 10 || (size == 10 && static_cast<unsigned char>(at[9]) > 1)) return nullptr;  // 64 bits
        at += size;
        break;
      }
      case Step::Bytes:
        if (field.sizes[branch] > static_cast<std::size_t>(end - at)) return nullptr;
        at += field.sizes[branch];
        break;
      case Step::Prefixed: {
        const auto size = static_cast<unsigned char>(*at++);
        if (size % 2 != 0) return nullptr;
        if (size >= 0x80) {
          const auto more = static_cast<unsigned char>(*at++);
          if (more >= 0x80) return nullptr;
          at += (size & 0x7FU) / 2 + std::size_t{more} * 64;
          break;
        }
        at += size / 2;
        break;
      }
    }
  }
  return at <= end ? at : nullptr;
}

std::optional<std::size_t> AvroSkipper::skip(std::string_view bytes, std::size_t at) const {
  if (!plain_.empty()) {
    const char* const end = skip_plain(bytes.data() + at, bytes.data() + bytes.size());
    if (end != nullptr) [[likely]]
      return static_cast<std::size_t>(end - bytes.data());
  }
  AvroWalk walk(*shapes_, kMostDepth);
  walk.begin(bytes, at);
  if (!walk.skip(shapes_->root, 0)) return std::nullopt;
  return walk.offset();
}

}  // namespace weir
