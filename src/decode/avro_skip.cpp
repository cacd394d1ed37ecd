// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_skip.h"

#include <utility>

#include "decode/avro_cursor.h"
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

const char* AvroSkipper::skip_plain(const char* at, const char* end) const {
  AvroCursor here{at, end};
  for (const AvroPlainField& field : plain_) {
    std::uint64_t raw = 0;
    std::size_t branch = 0;
    if (field.is_union) {
      // Zigzag: even numbers are the positive ones.
      if (!here.varint(raw) || raw % 2 != 0 || raw / 2 >= field.branches) return nullptr;
      branch = raw / 2;
    }
    std::string_view ignored;
    switch (field.steps[branch]) {
      case Step::None: break;
      case Step::Boolean:
        if (here.left() == 0 || static_cast<unsigned char>(*here.at++) > 1) return nullptr;
        break;
      case Step::Int:
        if (!here.varint(raw) || raw > 0xFFFF'FFFFU) return nullptr;
        break;
      case Step::Long:
        if (!here.varint(raw)) return nullptr;
        break;
      case Step::Bytes:
        if (!here.skip(field.sizes[branch])) return nullptr;
        break;
      case Step::Prefixed:
        if (!here.prefixed(ignored)) return nullptr;
        break;
    }
  }
  return here.at;
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
