// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "decode/avro_resolve.h"
#include "decode/shortest.h"

namespace weir {

namespace {

using Op = AvroStep::Op;

/// is_ascii() without a call: texts are short.
inline bool is_plain(std::string_view text) {
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  const char* const data = text.data();
  const std::size_t size = text.size();
  std::uint64_t seen = 0;
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 <= size; i += 8) seen |= hashing::load8(data + i);
    seen |= hashing::load8(data + size - 8);
  } else {
    seen = hashing::head_of(text);
  }
  return (seen & kHigh) == 0;
}

template <class Float>
inline bool take(AvroCursor& cursor, Float& out) {
  if (cursor.left() < sizeof out) return false;
  std::memcpy(&out, cursor.at, sizeof out);
  cursor.at += sizeof out;
  return true;
}

constexpr std::string_view kNull = "null";

}  // namespace

AvroReader::AvroReader(const TypedRequest& request, AvroShapes shapes)
    : shapes_(std::move(shapes)),
      program_(make_avro_program(shapes_, request.tree, request.plan.note_fields,
                                 request.plan.extra_fields_rule != Plan::kNoRule)),
      filler_(request.plan.fields, request.tree),
      flat_(request.plan.max_depth > 0 ? AvroFlat::make(shapes_, program_, filler_) : std::nullopt),
      walk_(shapes_, request.plan.max_depth),
      json_(shapes_),
      note_(request.plan.note_fields) {}

void AvroReader::begin(Batch& batch) {
  batch_ = &batch;
  filler_.begin(batch);
  if (flat_) flat_->begin(filler_);
  // Batches outlive readers, so what cells may point to goes along with them.
  room_ = {.arena = &batch.arena, .pool = program_.uses_pool ? batch.arena.keep(shapes_.pool).data() : nullptr};
}

void AvroReader::read_many(std::uint32_t first, std::span<const std::string_view> records,
                           std::vector<std::uint32_t>& left) {
  if (!flat_) return TypedReader::read_many(first, records, left);
  flat_->read(first, records, walk_, room_, left);
}

bool AvroReader::read(std::uint32_t row, std::string_view bytes) {
  row_ = row;
  size_ = bytes.size();
  seen_before_ = batch_->seen_fields.size();
  extra_before_ = batch_->extra_fields.size();
  walk_.begin(bytes);
  filler_.begin_row(row);
  if (run(&program_.start, 1, 0, nullptr) && (walk_.cursor.left() == 0 || walk_.left_behind())) [[likely]]
    return true;
  filler_.undo_row();
  batch_->duplicate_keys.clear(row);
  batch_->seen_fields.resize(seen_before_);
  batch_->extra_fields.resize(extra_before_);
  entries_.clear();
  return end();
}

bool AvroReader::end() {
  fault_ = {
      .row = 0, .at = static_cast<std::uint32_t>(walk_.fault_at()), .code = walk_.code(), .reason = walk_.reason()};
  return false;
}

/// Steps that follow each other. `record` names them when one fails. The cursor is taken out of the walk, so that it lives in
/// registers, and put back wherever something else goes on from it.
bool AvroReader::run(const AvroStep* steps, std::uint32_t count, std::size_t depth, const AvroShape* record_shape) {
  AvroCursor here = walk_.cursor;
  for (std::uint32_t i = 0; i < count; ++i) {
    const AvroStep* step = steps + i;
    bool good = true;
    std::uint64_t raw = 0;
    std::string_view text;
    Cell cell;
  again:
    switch (step->op) {
      case Op::Nothing: break;
      case Op::SkipLong: good = here.varint(raw); break;
      case Op::SkipBytes: good = here.skip(step->target); break;
      case Op::SkipText: good = here.prefixed(text); break;
      case Op::Null:
        put(*step, Kind::Null, {.number = 0, .data = kNull.data(), .size = kNull.size(), .scale = 0});
        break;
      case Op::Int:
      case Op::Long:
        good = here.varint(raw) && (step->op == Op::Long || raw <= 0xFFFF'FFFFU);
        cell.number = static_cast<std::int64_t>(raw >> 1 ^ (0 - (raw & 1)));
        if (good) put(*step, Kind::Integer, cell);
        break;
      case Op::Float: {
        float number = 0;
        good = take(here, number);
        if (good) put(*step, shortest(number, cell, *room_.arena), cell);
        break;
      }
      case Op::Double: {
        double number = 0;
        good = take(here, number);
        if (good) put(*step, shortest(number, cell, *room_.arena), cell);
        break;
      }
      case Op::Text:
        good = here.prefixed(text) && (is_plain(text) || is_valid_utf8(text));
        cell.data = text.data();
        cell.size = static_cast<std::uint32_t>(text.size());
        if (good) put(*step, Kind::Text, cell);
        break;
      case Op::Union: {
        good = here.varint(raw) && raw % 2 == 0 && raw / 2 < step->branches;  // zigzag: even ones are positive
        if (!good) break;
        step = &program_.steps[step->target + raw / 2];
        walk_.cursor = here;
        goto again;
      }
      default:
        walk_.cursor = here;
        if (!run_long(*step, depth)) [[unlikely]]
          return name_fault(record_shape, i);
        here = walk_.cursor;
        continue;
    }
    if (!good) [[unlikely]] {
      // Nothing was put. The walk stands in front of the value still: going over it again tells what is wrong.
      Kind kind = Kind::Null;
      const AvroShape& shape = shapes_[step->shape];
      if (shape.form == AvroForm::Union ? walk_.skip(step->shape, depth)
                                        : read_avro_value(walk_, shape, room_, kind, cell)) {
        walk_.fail("syntax", "the value cannot be read");
      }
      return name_fault(record_shape, i);
    }
    walk_.cursor = here;
  }
  return true;
}

bool AvroReader::name_fault(const AvroShape* record, std::size_t field) {
  return record == nullptr ? false : walk_.within(shapes_.text(record->written[field].name));
}

/// Steps that go on from the walk.
bool AvroReader::run_long(const AvroStep& step, std::size_t depth) {
  switch (step.op) {
    case Op::Skip:
      if (!walk_.skip(step.shape, depth)) return false;
      if (step.note >= 0) note(step, shapes_[step.shape].form == AvroForm::Array ? Kind::Array : Kind::Object);
      return true;
    case Op::Record: return record(step, depth);
    case Op::Array: return array(step, depth);
    case Op::Map: return map(step, depth);
    default: break;
  }
  Kind kind = Kind::Null;
  Cell cell;
  if (!read_avro_value(walk_, shapes_[step.shape], room_, kind, cell)) return false;
  put(step, kind, cell);
  return true;
}

bool AvroReader::record(const AvroStep& step, std::size_t depth) {
  if (!walk_.enter_record(depth)) return false;
  const AvroShape& shape = shapes_[step.shape];
  const AvroRoutine& routine = program_.routines[step.target];
  const char* const begin = walk_.cursor.at;
  if (step.node == 0 && note_) note_fields(shape);
  if (!run(program_.steps.data() + routine.first, routine.count, depth + 1, &shape)) return false;
  for (const AvroRoutine::Constant& missing : routine.constants) {
    if (!constant(missing, depth)) return false;
  }
  for (const std::int32_t node : routine.absent) filler_.absent(node);
  if (step.node == 0) {
    for (const AvroText& name : routine.extra) batch_->extra_fields.push_back({.row = row_, .name = pooled(name)});
  }
  return container(step, Kind::Object, begin, depth);
}

/// The fields of the record itself, in their order; what they hold is set as they are read.
void AvroReader::note_fields(const AvroShape& shape) {
  for (std::size_t i = 0; i < shape.members.size(); ++i) {
    batch_->seen_fields.push_back({.row = row_,
                                   .position = static_cast<std::uint32_t>(i),
                                   .kind = Kind::Null,
                                   .name = pooled(shape.members[i].name)});
  }
}

bool AvroReader::constant(const AvroRoutine::Constant& constant, std::size_t depth) {
  const std::string_view datum = pooled(constant.datum);
  const AvroCursor here = std::exchange(walk_.cursor, {datum.data(), datum.data() + datum.size()});
  if (!run(&constant.step, 1, depth + 1, nullptr)) return false;
  walk_.cursor = here;
  return true;
}

bool AvroReader::array(const AvroStep& step, std::size_t depth) {
  const char* const begin = walk_.cursor.at;
  if (step.target == AvroStep::kNone) {
    if (!walk_.skip(step.shape, depth)) return false;
  } else {
    if (!walk_.enter(depth)) return false;
    const AvroStep& element = program_.steps[step.target];
    const std::uint32_t least = shapes_[shapes_[step.shape].below[0]].least;
    for (;;) {
      AvroWalk::Block head;
      if (!walk_.block(head, least)) return false;
      if (head.count == 0) break;
      for (std::uint64_t i = 0; i < head.count; ++i) {
        if (!run(&element, 1, depth + 1, nullptr)) return false;
      }
      if (!walk_.block_ended(head)) return false;
    }
  }
  for (const std::int32_t child : filler_.tree()[static_cast<std::size_t>(step.node)].children) filler_.absent(child);
  return container(step, Kind::Array, begin, depth);
}

/// A key may come twice, and its last value counts: so the entries are found first and then read in the order of the tree.
bool AvroReader::map(const AvroStep& step, std::size_t depth) {
  const char* const begin = walk_.cursor.at;
  const std::size_t found = entries_.size();
  const AvroRoutine& routine = program_.routines[step.target];
  entries_.resize(found + routine.count, nullptr);
  if (routine.count == 0) {
    if (!walk_.skip(step.shape, depth)) return false;
  } else if (!map_entries(step, depth, found)) {
    return false;
  }
  const FieldTable::Node& node = filler_.tree()[static_cast<std::size_t>(step.node)];
  const AvroCursor behind = walk_.cursor;
  for (std::uint32_t i = 0; i < routine.count; ++i) {
    if (entries_[found + i] == nullptr) {
      filler_.absent(node.children[i]);
      continue;
    }
    walk_.cursor.at = entries_[found + i];
    if (!run(&program_.steps[routine.first + i], 1, depth + 1, nullptr)) {
      return walk_.within(filler_.tree()[static_cast<std::size_t>(node.children[i])].name);
    }
  }
  walk_.cursor = behind;
  entries_.resize(found);
  if (node.every != FieldTable::kNone) filler_.absent(node.every);
  return container(step, Kind::Object, begin, depth);
}

bool AvroReader::map_entries(const AvroStep& step, std::size_t depth, std::size_t found) {
  if (!walk_.enter(depth)) return false;
  const std::uint32_t below = shapes_[step.shape].below[0];
  const std::vector<std::int32_t>& children = filler_.tree()[static_cast<std::size_t>(step.node)].children;
  for (;;) {
    AvroWalk::Block head;
    if (!walk_.block(head, shapes_[below].least + 1)) return false;
    if (head.count == 0) return true;
    for (std::uint64_t i = 0; i < head.count; ++i) {
      std::string_view key;
      if (!walk_.key(key)) return false;
      for (std::size_t child = 0; child < children.size(); ++child) {
        if (filler_.tree()[static_cast<std::size_t>(children[child])].name != key) continue;
        const char*& place = entries_[found + child];
        if (place != nullptr) batch_->duplicate_keys.set(row_);
        place = walk_.cursor.at;
        break;
      }
      if (!walk_.skip(below, depth + 1)) return false;
    }
    if (!walk_.block_ended(head)) return false;
  }
}

/// Behind what a container holds: its JSON where a rule wants it, read once more from its bytes.
bool AvroReader::container(const AvroStep& step, Kind kind, const char* begin, std::size_t depth) {
  if (step.note >= 0) note(step, kind);
  if (!filler_.wants_json(step.node)) return true;
  walk_.cursor.at = begin;
  text_.clear();
  if (!json_.append(walk_, step.shape, depth, size_, text_)) return false;
  filler_.put_container(step.node, kind, batch_->arena.keep(text_));
  return true;
}

bool AvroReader::json(std::string_view bytes, std::string& out) {
  walk_.begin(bytes);
  std::string text;
  if (!json_.append(walk_, shapes_.root, 0, bytes.size(), text)) return end();
  if (walk_.cursor.left() > 0) {
    walk_.left_behind();
    return end();
  }
  out += text;
  return true;
}

/// Of the record itself, or of all records that it may be.
std::vector<std::string> AvroReader::names() const {
  std::vector<std::string> out;
  std::vector<std::uint32_t> records{shapes_.root};
  if (shapes_[shapes_.root].form == AvroForm::Union) records = shapes_[shapes_.root].below;
  for (const std::uint32_t record : records) {
    for (const AvroShape::Member& member : shapes_[record].members) {
      const std::string_view name = shapes_.text(member.name);
      if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
    }
  }
  return out;
}

Result<std::unique_ptr<TypedReader>> make_avro_reader(const TypedRequest& request) {
  const auto named = [](const SchemaText& text, Error error) {
    if (!text.name.empty()) error.message = "the Avro schema " + text.name + ": " + error.message;
    return error;
  };
  const Result<AvroSchema> writer = parse_avro_schema(request.schema);
  if (!writer) return named(request.schema, writer.error());
  if (request.reader == nullptr) {
    Result<AvroShapes> shapes = resolve_avro(*writer, nullptr);
    if (!shapes) return named(request.schema, shapes.error());
    return std::unique_ptr<TypedReader>(std::make_unique<AvroReader>(request, std::move(*shapes)));
  }
  const Result<AvroSchema> reader = parse_avro_schema(*request.reader);
  if (!reader) return named(*request.reader, reader.error());
  Result<AvroShapes> shapes = resolve_avro(*writer, &*reader);
  if (!shapes) {
    Error error = shapes.error();
    if (!request.reader->name.empty()) error.message = "to be read as " + request.reader->name + ": " + error.message;
    return named(request.schema, std::move(error));
  }
  return std::unique_ptr<TypedReader>(std::make_unique<AvroReader>(request, std::move(*shapes)));
}

}  // namespace weir
