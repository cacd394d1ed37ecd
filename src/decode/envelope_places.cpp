// SPDX-License-Identifier: Apache-2.0
#include "decode/envelope_places.h"

#include <algorithm>
#include <string_view>

#include "batch/row_fields.h"

namespace weir {

namespace {

using Steps = std::vector<FieldPath::Step>;

FieldPath::Step step(std::string_view name) {
  return {.name = std::string(name), .every = false, .self = false};
}

/// The record as one value is what stands there.
Steps below(std::string_view name, const Steps& steps) {
  Steps out = {step(name)};
  for (const FieldPath::Step& one : steps) {
    if (!one.self) out.push_back(one);
  }
  return out;
}

/// Empty: not in the record.
Steps place_of(const FieldPath& path, EnvelopeShape shape) {
  const Steps& steps = path.steps();
  if (path.from_envelope()) return {};
  const std::string& first = steps[0].name;
  const bool attribute = first == "ce" && steps.size() > 1 && !steps[1].every;
  switch (shape) {
    case EnvelopeShape::Plain: return steps;
    case EnvelopeShape::Debezium: return stands_around_rows(first) ? steps : below("after", steps);
    case EnvelopeShape::ConnectPlain: return below("payload", steps);
    case EnvelopeShape::ConnectDebezium: return below("payload", place_of(path, EnvelopeShape::Debezium));
    case EnvelopeShape::CloudEvents:
      if (attribute) return {steps.begin() + 1, steps.end()};
      return first == "data" && steps.size() > 1 && steps[1].name == "ce" ? steps : below("data", steps);
    case EnvelopeShape::CloudHeaders: return attribute ? Steps{} : steps;
  }
  return steps;
}

/// The node of the record, added where no rule looks into it.
std::int32_t record_node(FieldTree& tree, const Steps& steps) {
  std::int32_t at = 0;
  for (const FieldPath::Step& one : steps) {
    const auto index = static_cast<std::size_t>(at);
    std::int32_t next = FieldTable::kNone;
    for (const std::int32_t child : tree[index].children) {
      if (tree[static_cast<std::size_t>(child)].name == one.name) next = child;
    }
    if (next == FieldTable::kNone) {
      next = static_cast<std::int32_t>(tree.size());
      tree.push_back(
          {.name = one.name, .column = FieldTable::kNone, .children = {}, .every = FieldTable::kNone, .parent = at});
      tree[index].children.push_back(next);
    }
    at = next;
  }
  return at;
}

Steps record_steps(EnvelopeShape shape) {
  switch (shape) {
    case EnvelopeShape::Plain:
    case EnvelopeShape::CloudHeaders: break;
    case EnvelopeShape::Debezium: return {step("after")};
    case EnvelopeShape::ConnectPlain: return {step("payload")};
    case EnvelopeShape::ConnectDebezium: return {step("payload"), step("after")};
    case EnvelopeShape::CloudEvents: return {step("data")};
  }
  return {};
}

}  // namespace

Places places_of(const FieldTable& fields, EnvelopeShape shape, bool marked) {
  Places out;
  for (std::size_t i = 0; i < fields.size(); ++i) out.steps.push_back(place_of(fields[i].path, shape));
  std::vector<Steps> hung = out.steps;  // each place once
  for (std::size_t i = 0; i < hung.size(); ++i) {
    if (hung[i].empty()) {
      if (fields[i].path.repeated() && !fields[i].path.from_envelope())
        out.outside.push_back(static_cast<std::uint32_t>(i));
      continue;
    }
    const auto same = std::find(hung.begin(), hung.begin() + static_cast<std::ptrdiff_t>(i), hung[i]);
    if (same == hung.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    out.copies.push_back(
        {.from = static_cast<std::uint32_t>(same - hung.begin()), .to = static_cast<std::uint32_t>(i)});
    hung[i].clear();
  }
  const auto own = [&](std::string_view name, std::size_t which) {
    Steps steps = is_connect(shape) ? Steps{step("payload"), step(name)} : Steps{step(name)};
    const auto known = std::find(hung.begin(), hung.end(), steps);
    if (known != hung.end()) return static_cast<std::int32_t>(known - hung.begin());
    hung.resize(std::max(hung.size(), fields.size() + which + 1));
    hung[fields.size() + which] = std::move(steps);
    return static_cast<std::int32_t>(fields.size() + which);
  };
  if (marked && is_debezium(shape)) {
    out.op = own("op", 0);
  } else if (marked && (shape == EnvelopeShape::Plain || shape == EnvelopeShape::ConnectPlain)) {
    out.op = own(kFlatOp, 0);
    out.deleted = own(kFlatDeleted, 1);
  }
  out.tree = field_tree(hung);
  out.record = record_node(out.tree, record_steps(shape));
  return out;
}

}  // namespace weir
