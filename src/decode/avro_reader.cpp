// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_reader.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "decode/avro_resolve.h"

namespace weir {

namespace {

using Op = AvroStep::Op;

}  // namespace

AvroReader::AvroReader(const TypedRequest& request, AvroShapes shapes)
    : shapes_(std::move(shapes)),
      program_(make_avro_program(shapes_, request.tree, request.plan.note_fields,
                                 request.plan.extra_fields_rule != Plan::kNoRule)),
      filler_(request.plan.fields, request.tree),
      walk_(shapes_, request.plan.max_depth),
      json_(shapes_),
      note_(request.plan.note_fields) {}

void AvroReader::begin(Batch& batch) {
  batch_ = &batch;
  filler_.begin(batch);
  // Batches outlive readers, so what cells may point to goes along with them.
  room_ = {.arena = &batch.arena, .pool = program_.uses_pool ? batch.arena.keep(shapes_.pool).data() : nullptr};
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

/// Steps that follow each other. `record` names them when one fails.
bool AvroReader::run(const AvroStep* steps, std::uint32_t count, std::size_t depth, const AvroShape* record_shape) {
  AvroCursor& cursor = walk_.cursor;
  for (std::uint32_t i = 0; i < count; ++i) {
    const AvroStep* step = steps + i;
    bool good = true;
  again:
    switch (step->op) {
      case Op::Nothing: break;
      case Op::SkipLong: {
        std::uint64_t ignored = 0;
        good = cursor.varint(ignored) || walk_.bad_varint();
        break;
      }
      case Op::SkipBytes: good = cursor.skip(step->target) || walk_.cut_short(); break;
      case Op::SkipText: {
        std::string_view ignored;
        good = walk_.text(ignored);
        break;
      }
      case Op::Skip:
        good = walk_.skip(step->shape, depth);
        if (step->note >= 0 && good)
          note(*step, shapes_[step->shape].form == AvroForm::Array ? Kind::Array : Kind::Object);
        break;
      case Op::Long: {
        Cell cell;
        good = cursor.number(cell.number) || walk_.bad_varint();
        if (good) put(*step, Kind::Integer, cell);
        break;
      }
      case Op::Text: {
        std::string_view text;
        good = walk_.text(text);
        if (!good) break;
        if (!is_ascii(text)) {
          const std::size_t bad = first_invalid_utf8(text);
          good = bad == std::string_view::npos || walk_.fail_at(text.data() + bad, "utf8", "the bytes are not UTF-8");
          if (!good) break;
        }
        put(*step, Kind::Text,
            {.number = 0, .data = text.data(), .size = static_cast<std::uint32_t>(text.size()), .scale = 0});
        break;
      }
      case Op::Value: {
        Kind kind = Kind::Null;
        Cell cell;
        good = read_avro_value(walk_, shapes_[step->shape], room_, kind, cell);
        if (good) put(*step, kind, cell);
        break;
      }
      case Op::Union: {
        std::size_t which = 0;
        good = walk_.branch(shapes_[step->shape], which);
        if (!good) break;
        step = &program_.steps[step->target + which];
        goto again;
      }
      case Op::Record: good = record(*step, depth); break;
      case Op::Array: good = array(*step, depth); break;
      case Op::Map: good = map(*step, depth); break;
    }
    if (!good) [[unlikely]]
      return record_shape == nullptr ? false : walk_.within(shapes_.text(record_shape->written[i].name));
  }
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
