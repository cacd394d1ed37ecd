// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_program.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "weir/batch.h"

namespace weir {

namespace {

using Op = AvroStep::Op;

constexpr std::size_t kMostBranches = 65'535;  // of a union: a step's own count; a schema has at most 50,000 types

class Compiler {
 public:
  Compiler(const AvroShapes& shapes, const FieldTree& tree, bool note, bool extra)
      : shapes_(shapes), tree_(tree), note_(note), extra_(extra) {}

  AvroProgram compile() {
    program_.uses_pool = note_ || extra_;
    program_.start = step_of(shapes_.root, 0, AvroStep::kNowhere);
    return std::move(program_);
  }

 private:
  AvroStep step_of(std::uint32_t index, std::int32_t node, std::int32_t note);
  AvroStep skip_of(std::uint32_t index);
  std::uint32_t routine_of_record(std::uint32_t index, std::int32_t node);
  std::uint32_t routine_of_map(const AvroShape& shape, std::int32_t node);
  std::uint32_t reserve(std::size_t count) {
    const auto first = static_cast<std::uint32_t>(program_.steps.size());
    program_.steps.resize(program_.steps.size() + count);
    return first;
  }
  [[nodiscard]] const FieldTable::Node& node(std::int32_t index) const {
    return tree_[static_cast<std::size_t>(index)];
  }

  const AvroShapes& shapes_;
  const FieldTree& tree_;
  std::unordered_map<std::uint64_t, std::uint32_t> routines_;  // by shape and node: many unions may hold one record
  bool note_;
  bool extra_;
  AvroProgram program_;
};

/// Of a value that nobody names. A union of plain values is stepped through here, which saves a call for each.
AvroStep Compiler::skip_of(std::uint32_t index) {
  constexpr std::size_t kFewBranches = 4;
  const AvroShape& shape = shapes_[index];
  AvroStep step{.op = Op::Skip, .shape = index};
  switch (shape.form) {
    case AvroForm::Null: step.op = Op::Nothing; break;
    case AvroForm::Long: step.op = Op::SkipLong; break;
    case AvroForm::Float: step = {.op = Op::SkipBytes, .shape = index, .target = sizeof(float)}; break;
    case AvroForm::Double: step = {.op = Op::SkipBytes, .shape = index, .target = sizeof(double)}; break;
    case AvroForm::Fixed: step = {.op = Op::SkipBytes, .shape = index, .target = shape.size}; break;
    case AvroForm::Bytes: step.op = Op::SkipText; break;
    case AvroForm::Union: {
      const bool plain = std::all_of(shape.below.begin(), shape.below.end(),
                                     [this](std::uint32_t at) { return shapes_[at].form <= AvroForm::Fixed; });
      if (!plain || shape.below.size() > kFewBranches) break;
      const std::uint32_t first = reserve(shape.below.size());
      for (std::uint32_t i = 0; i < shape.below.size(); ++i) program_.steps[first + i] = skip_of(shape.below[i]);
      step = {
          .op = Op::Union, .branches = static_cast<std::uint16_t>(shape.below.size()), .shape = index, .target = first};
      break;
    }
    default: break;
  }
  return step;
}

/// As deep as the field tree: a step below a container is a step down in the tree as well.
AvroStep Compiler::step_of(std::uint32_t index, std::int32_t at, std::int32_t note) {
  const AvroShape& shape = shapes_[index];
  const bool container = shape.form >= AvroForm::Record && shape.form <= AvroForm::Map;
  if (at == AvroStep::kNowhere && (note == AvroStep::kNowhere || container)) {
    AvroStep step = skip_of(index);
    step.note = note;
    return step;
  }
  AvroStep step{.op = Op::Value, .node = at, .note = note, .shape = index};
  switch (shape.form) {
    case AvroForm::Null: step.op = Op::Null; break;
    case AvroForm::Int:
      if (shape.output == AvroOutput::Plain) step.op = Op::Int;
      break;
    case AvroForm::Long:
      if (shape.output == AvroOutput::Plain) step.op = Op::Long;
      break;
    case AvroForm::Float:
      if (shape.output == AvroOutput::Float) step.op = Op::Float;
      break;
    case AvroForm::Double: step.op = Op::Double; break;
    case AvroForm::Bytes:
      if (shape.output == AvroOutput::Text) step.op = Op::Text;
      break;
    case AvroForm::Enum: program_.uses_pool = true; break;
    case AvroForm::Union: {
      step.op = Op::Union;
      step.branches = static_cast<std::uint16_t>(std::min<std::size_t>(shape.below.size(), kMostBranches));
      step.target = reserve(shape.below.size());
      for (std::uint32_t i = 0; i < shape.below.size(); ++i) {
        const AvroStep branch = step_of(shape.below[i], at, note);
        program_.steps[step.target + i] = branch;
      }
      break;
    }
    case AvroForm::Record:
      step.op = Op::Record;
      step.target = routine_of_record(index, at);
      break;
    case AvroForm::Array:
      step.op = Op::Array;
      if (node(at).every != FieldTable::kNone) {
        step.target = reserve(1);
        const AvroStep element = step_of(shape.below[0], node(at).every, AvroStep::kNowhere);
        program_.steps[step.target] = element;
      }
      break;
    case AvroForm::Map:
      step.op = Op::Map;
      step.target = routine_of_map(shape, at);
      break;
    default: break;
  }
  return step;
}

std::uint32_t Compiler::routine_of_record(std::uint32_t index, std::int32_t at) {
  const std::uint64_t key = std::uint64_t{index} << 32 | static_cast<std::uint32_t>(at);
  if (const auto known = routines_.find(key); known != routines_.end()) return known->second;
  const AvroShape& shape = shapes_[index];
  std::unordered_map<std::string_view, std::int32_t> named;
  for (const std::int32_t child : node(at).children) named.emplace(node(child).name, child);
  std::vector<std::int32_t> node_of(shape.members.size(), AvroStep::kNowhere);
  AvroRoutine routine;
  for (std::size_t i = 0; i < shape.members.size(); ++i) {
    const auto found = named.find(shapes_.text(shape.members[i].name));
    if (found != named.end()) {
      node_of[i] = found->second;
      named.erase(found);
    } else if (extra_ && at == 0 && routine.extra.size() < Batch::kMaxExtraFields) {
      routine.extra.push_back(shape.members[i].name);
    }
  }
  for (const std::int32_t child : node(at).children) {
    if (named.contains(node(child).name)) routine.absent.push_back(child);
  }
  if (node(at).every != FieldTable::kNone) routine.absent.push_back(node(at).every);

  const bool notes = note_ && at == 0;
  const auto member_step = [&](std::uint32_t target, std::int32_t member) {
    const std::int32_t goes_to =
        member == AvroShape::kNowhere ? AvroStep::kNowhere : node_of[static_cast<std::size_t>(member)];
    return step_of(target, goes_to, notes ? member : AvroStep::kNowhere);
  };
  routine.count = static_cast<std::uint32_t>(shape.written.size());
  routine.first = reserve(routine.count);
  for (std::uint32_t i = 0; i < routine.count; ++i) {
    const AvroStep step = member_step(shape.written[i].shape, shape.written[i].member);
    program_.steps[routine.first + i] = step;
  }
  for (std::size_t i = 0; i < shape.members.size(); ++i) {
    const AvroShape::Member& member = shape.members[i];
    if (!member.fallback.there() || (node_of[i] == AvroStep::kNowhere && !notes)) continue;
    program_.uses_pool = true;
    routine.constants.push_back(
        {.step = member_step(member.shape, static_cast<std::int32_t>(i)), .datum = member.fallback});
  }
  program_.routines.push_back(std::move(routine));
  routines_.emplace(key, static_cast<std::uint32_t>(program_.routines.size() - 1));
  return static_cast<std::uint32_t>(program_.routines.size() - 1);
}

std::uint32_t Compiler::routine_of_map(const AvroShape& shape, std::int32_t at) {
  const std::vector<std::int32_t>& children = node(at).children;
  AvroRoutine routine;
  routine.count = static_cast<std::uint32_t>(children.size());
  routine.first = reserve(routine.count);
  for (std::uint32_t i = 0; i < routine.count; ++i) {
    const AvroStep step = step_of(shape.below[0], children[i], AvroStep::kNowhere);
    program_.steps[routine.first + i] = step;
  }
  program_.routines.push_back(std::move(routine));
  return static_cast<std::uint32_t>(program_.routines.size() - 1);
}

}  // namespace

AvroProgram make_avro_program(const AvroShapes& shapes, const FieldTree& tree, bool note, bool extra) {
  return Compiler(shapes, tree, note, extra).compile();
}

}  // namespace weir
