// SPDX-License-Identifier: Apache-2.0
#include "decode/json_reader.h"

#include "decode/json_scan.h"

namespace weir {

JsonReader::JsonReader(const Plan& plan, const FieldTree& nodes, std::int32_t record)
    : record_(record), max_depth_(plan.max_depth) {
  nodes_.resize(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) shapes_.emplace_back();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    NodePlan& node = nodes_[i];
    node.column = nodes[i].column;
    const auto column = static_cast<std::size_t>(node.column);
    node.repeated = node.column >= 0 && column < plan.fields.size() && plan.fields[column].path.repeated();
    node.every = nodes[i].every;
    node.children = nodes[i].children;
    for (const std::int32_t child : node.children)
      shapes_[i].expect(nodes[static_cast<std::size_t>(child)].name, child);
  }
  // Children have higher indices than their parents, so going backwards sees every child before its parent.
  for (std::size_t i = nodes_.size(); i-- > 0;) {
    NodePlan& node = nodes_[i];
    const auto take = [&node](const NodePlan& child) {
      node.below.insert(node.below.end(), child.all.begin(), child.all.end());
      node.single.insert(node.single.end(), child.single.begin(), child.single.end());
    };
    for (const std::int32_t child : node.children) take(nodes_[static_cast<std::size_t>(child)]);
    if (node.every >= 0) take(nodes_[static_cast<std::size_t>(node.every)]);
    node.all = node.below;
    if (node.column >= 0) (node.repeated ? node.all : node.single).push_back(node.column);
  }
  want_extra_ = plan.extra_fields_rule != Plan::kNoRule;
  want_duplicates_ = plan.duplicate_keys_rule != Plan::kNoRule;
  want_seen_ = plan.note_fields;
}

void JsonReader::begin(Batch& batch, std::string_view text, const std::uint32_t* positions, std::size_t count) {
  batch_ = &batch;
  text_ = text.data();
  text_end_ = text.data() + text.size();
  escape_ = text_ - 1;
  first_ = positions;
  last_ = positions + count;
  next_ = positions;
  for (NodePlan& node : nodes_) {
    if (node.column < 0 || node.repeated) continue;
    node.kinds = batch.columns[static_cast<std::size_t>(node.column)].kinds.data();
    node.cells = batch.columns[static_cast<std::size_t>(node.column)].cells.data();
  }
}

bool JsonReader::read(std::uint32_t row, std::size_t from, std::size_t to) {
  row_ = row;
  extras_in_row_ = 0;
  seen_before_row_ = batch_->seen_fields.size();
  strangers_seen_at_.clear();
  too_deep_ = false;
  while (next_ < last_ && *next_ < from) ++next_;
  const NodePlan& root = nodes_[0];
  const std::vector<std::size_t> before = root.below.empty() ? std::vector<std::size_t>{} : sizes(root.below);

  bool good = false;
  if (next_ == last_ || *next_ >= to) {
    good = fail_at(from, "the record is empty");
  } else if (text_[*next_] == '{') {
    const Next start = next_;
    good = read_object(0, 1);
    if (good && root.column >= 0) put_whole(start);
  } else if (root.column < 0) {
    good = skip_value(1) && put_absent(root.below);
  } else {
    good = read_value(0, 1);
  }
  // What was read may have run into the next document; what was not read may still belong to this one.
  if (good && next_[-1] >= to) good = fail_at(to, "");
  if (good && next_ < last_ && *next_ < to)
    good = fail(next_, "unexpected " + json::describe(text_[*next_]) + " behind the document");
  if (good) [[likely]]
    return true;

  if (fault_at_ >= to && to > from) {
    fault_at_ = to;
    fault_ = "the record ends in the middle of a value";
  }
  while (next_ > first_ && next_[-1] >= to) --next_;
  while (next_ < last_ && *next_ < to) ++next_;
  escape_ = text_ - 1;
  clear_row(before);
  return false;
}

/// The record that ends in front of next_ as one value.
void JsonReader::put_whole(Next start) {
  const NodePlan& root = nodes_[0];
  const char* const from = text_ + *start;
  root.kinds[row_] = Kind::Object;
  root.cells[row_] = {
      .number = 0, .data = from, .size = static_cast<std::uint32_t>(text_ + next_[-1] + 1 - from), .scale = 0};
}

bool JsonReader::enter(std::uint32_t depth) {
  if (depth <= max_depth_) [[likely]]
    return true;
  too_deep_ = true;
  return fail(next_, "objects and arrays are nested deeper than " + std::to_string(max_depth_));
}

bool JsonReader::read_object(std::int32_t node_index, std::uint32_t depth) {
  if (!enter(depth)) return false;
  const NodePlan& node = nodes_[static_cast<std::size_t>(node_index)];
  JsonShape& shape = shapes_[static_cast<std::size_t>(node_index)];
  const bool root = node_index == record_;
  const bool note_all = root && want_seen_;
  if (root && record_ != 0) [[unlikely]]
    forget_notes();  // the key of the record comes twice: what counts is the last one
  const std::uint64_t visit = ++visits_;
  const Next start = next_;
  Next next = next_ + 1;
  std::vector<std::size_t> before;
  if (!node.below.empty()) before = sizes(node.below);
  std::optional<std::unordered_set<std::string>> strangers;  // keys beyond what the shape remembers

  bool more = text_[*next] != '}';
  JsonShape::Key* key = shape.start();
  while (more) {
    const Next name = next;
    if (!read_key(next, shape, key)) return false;
    std::int32_t child = JsonShape::kNone;
    if (key != nullptr) [[likely]] {
      child = key->node;
      if (key->seen == visit) [[unlikely]] {
        batch_->duplicate_keys.set(row_);
        if (child != JsonShape::kNone && !nodes_[static_cast<std::size_t>(child)].all.empty()) {
          // The last one wins; elements of arrays cannot be taken back one by one, so the object is read again.
          cut_back(node.below, before);
          next_ = start;
          return read_last_keys(node_index, depth);
        }
        if (child != JsonShape::kNone) forget(child);
      }
      key->seen = visit;
      if (child == JsonShape::kNone && want_extra_ && root) note_extra(key->name);
    } else {
      if (!strangers) strangers.emplace();
      const std::string_view stranger = note_stranger(name, *strangers);
      if (want_extra_ && root) note_extra(stranger);
    }
    const Next value = next;
    const char c = text_[*next];
    if (c == '{' || c == '[' || child == JsonShape::kNone) {
      next_ = next;
      if (!(child == JsonShape::kNone ? skip_value(depth + 1) : read_container(child, depth + 1))) return false;
      next = next_;
    } else {
      NodePlan& target = nodes_[static_cast<std::size_t>(child)];
      if (target.cells != nullptr) [[likely]] {
        if (!read_scalar(next, target.kinds[row_], target.cells[row_])) return false;
        if (!target.below.empty()) put_absent(target.below);
      } else {
        next_ = next;
        if (!read_value(child, depth + 1)) return false;
        next = next_;
      }
    }
    if (note_all) note_seen(name, key, value, visit);
    if (!ends(next, '}', more)) return false;
    if (more) ++next;
  }
  next_ = next + 1;
  if (!node.below.empty()) finish_object(node, shape, visit);
  return true;
}

/// Elements of arrays that an object might have had and has not are absent, one each.
void JsonReader::finish_object(const NodePlan& node, JsonShape& shape, std::uint64_t visit) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (shape[i].seen != visit) put_absent(nodes_[static_cast<std::size_t>(node.children[i])].all);
  }
  if (node.every >= 0) put_absent(nodes_[static_cast<std::size_t>(node.every)].all);
}

/// Reads an object that holds a key twice once more, taking of each key only its last value.
bool JsonReader::read_last_keys(std::int32_t node_index, std::uint32_t depth) {
  const NodePlan& node = nodes_[static_cast<std::size_t>(node_index)];
  JsonShape& shape = shapes_[static_cast<std::size_t>(node_index)];
  const Next start = next_;
  const std::uint64_t visit = ++visits_;
  const bool note_all = node_index == record_ && want_seen_;
  if (note_all) forget_seen();
  std::vector<Next> last(nodes_.size(), nullptr);  // by node
  for (const bool taking : {false, true}) {
    next_ = start + 1;
    escape_ = text_ - 1;
    JsonShape::Key* key = shape.start();
    for (bool more = true; more; ++next_) {
      const Next name = next_;
      if (!read_key(next_, shape, key)) return false;
      const std::int32_t child = key == nullptr ? JsonShape::kNone : key->node;
      if (child != JsonShape::kNone) {
        key->seen = visit;
        if (!taking) last[static_cast<std::size_t>(child)] = name;
      }
      const Next value = next_;
      const bool take = taking && child != JsonShape::kNone && last[static_cast<std::size_t>(child)] == name;
      if (take) forget(child);
      if (!(take ? read_value(child, depth + 1) : skip_value(depth + 1))) return false;
      if (note_all && !taking) note_seen(name, key, value, visit);
      if (!ends(next_, '}', more)) return false;
    }
  }
  finish_object(node, shape, visit);
  return true;
}

bool JsonReader::read_value(std::int32_t node_index, std::uint32_t depth) {
  NodePlan& node = nodes_[static_cast<std::size_t>(node_index)];
  if (text_[*next_] == '{' || text_[*next_] == '[') return read_container(node_index, depth);
  Kind kind = Kind::Absent;
  Cell cell;
  if (!read_scalar(next_, kind, cell)) return false;
  if (node.cells != nullptr) {
    node.kinds[row_] = kind;
    node.cells[row_] = cell;
  } else if (node.column >= 0) {
    append(node.column, kind, cell);
  }
  return put_absent(node.below);
}

bool JsonReader::read_container(std::int32_t node_index, std::uint32_t depth) {
  const NodePlan& node = nodes_[static_cast<std::size_t>(node_index)];
  const char* const from = text_ + *next_;
  const bool object = *from == '{';
  const bool noted = node_index == record_ && (want_extra_ || want_seen_);
  if (object ? node.children.empty() && !noted : node.every < 0) {
    if (!skip_value(depth)) return false;
    put_absent(node.below);
  } else if (object) {
    if (!read_object(node_index, depth)) return false;
  } else {
    if (!read_array(node_index, depth)) return false;
    for (const std::int32_t child : node.children) put_absent(nodes_[static_cast<std::size_t>(child)].all);
  }
  if (node.column < 0) return true;
  Cell cell;
  cell.data = from;
  cell.size = static_cast<std::uint32_t>(text_ + next_[-1] + 1 - from);
  const Kind kind = object ? Kind::Object : Kind::Array;
  if (node.cells == nullptr) {
    append(node.column, kind, cell);
  } else {
    node.kinds[row_] = kind;
    node.cells[row_] = cell;
  }
  return true;
}

bool JsonReader::read_array(std::int32_t node_index, std::uint32_t depth) {
  if (!enter(depth)) return false;
  const std::int32_t every = nodes_[static_cast<std::size_t>(node_index)].every;
  ++next_;
  for (bool more = text_[*next_] != ']'; more;) {
    if (!read_value(every, depth + 1) || !ends(next_, ']', more)) return false;
    if (more) ++next_;
  }
  ++next_;
  return true;
}

bool JsonReader::fail_at(std::size_t at, std::string reason) {
  fault_at_ = at;
  fault_ = std::move(reason);
  return false;
}

}  // namespace weir
