// SPDX-License-Identifier: Apache-2.0
#include "decode/json_reader.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "decode/json_text.h"
#include "decode/number.h"

namespace weir {

namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Bytes that may stand behind a number, true, false or null.
constexpr std::array<bool, 256> make_scalar_ends() {
  std::array<bool, 256> ends{};
  for (const char c : {' ', '\t', '\n', '\r', ',', ']', '}'}) ends[static_cast<unsigned char>(c)] = true;
  return ends;
}
constexpr std::array<bool, 256> kScalarEnds = make_scalar_ends();

std::string describe(char c) {
  if (c == '\0') return "the end";
  if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) return "a byte that is not part of JSON";
  return std::string("`") + c + "`";
}

}  // namespace

JsonReader::JsonReader(const Plan& plan) : max_depth_(plan.max_depth) {
  const std::vector<FieldTable::Node>& nodes = plan.fields.nodes();
  nodes_.resize(nodes.size());
  shapes_.resize(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    NodePlan& node = nodes_[i];
    node.column = nodes[i].column;
    node.repeated = node.column >= 0 && plan.fields[static_cast<std::size_t>(node.column)].path.repeated();
    node.every = nodes[i].every;
    node.children = nodes[i].children;
    for (const std::int32_t child : node.children) shapes_[i].expect(nodes[static_cast<std::size_t>(child)].name, child);
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
}

void JsonReader::begin(Batch& batch, std::string_view text, const std::uint32_t* positions, std::size_t count) {
  batch_ = &batch;
  text_ = text.data();
  text_end_ = text.data() + text.size();
  escape_ = text_ - 1;
  positions_ = positions;
  count_ = count;
  cursor_ = 0;
}

bool JsonReader::read(std::uint32_t row, std::size_t from, std::size_t to) {
  row_ = row;
  extras_in_row_ = 0;
  too_deep_ = false;
  while (positions_[cursor_] < from && cursor_ < count_) ++cursor_;
  const NodePlan& root = nodes_[0];
  const std::vector<std::size_t> before = root.below.empty() ? std::vector<std::size_t>{} : sizes(root.below);

  bool good = false;
  if (cursor_ == count_ || positions_[cursor_] >= to) {
    good = fail_at(from, "the record is empty");
  } else if (at(cursor_) == '{') {
    good = read_object(0, 1);
  } else {
    good = skip_value(1);
    if (good) put_absent(root.below);
  }
  // What was read may have run into the next document; what was not read may still belong to this one.
  if (good && positions_[cursor_ - 1] >= to) good = fail_at(to, "the record ends in the middle of a value");
  if (good && cursor_ < count_ && positions_[cursor_] < to) good = fail("unexpected " + describe(at(cursor_)) + " behind the document");
  if (good) return true;

  if (fault_at_ >= to) {
    fault_at_ = to;
    fault_ = "the record ends in the middle of a value";
  }
  while (cursor_ > 0 && positions_[cursor_ - 1] >= to) --cursor_;
  while (cursor_ < count_ && positions_[cursor_] < to) ++cursor_;
  escape_ = text_ - 1;
  clear_row(before);
  return false;
}

bool JsonReader::read_object(std::int32_t node_index, std::uint32_t depth) {
  const auto index = static_cast<std::size_t>(node_index);
  const NodePlan& node = nodes_[index];
  if (depth > max_depth_) {
    too_deep_ = true;
    return fail("objects and arrays are nested deeper than " + std::to_string(max_depth_));
  }
  JsonShape& shape = shapes_[index];
  const std::uint64_t visit = ++visits_;
  const std::size_t start = cursor_++;
  const std::vector<std::size_t> before = node.below.empty() ? std::vector<std::size_t>{} : sizes(node.below);
  std::unordered_set<std::string> strangers;   // keys beyond what the shape remembers, only when duplicates matter

  if (at(cursor_) == '}') {
    ++cursor_;
  } else {
    std::int32_t key = JsonShape::kNone;
    for (;;) {
      const std::size_t name_at = cursor_;
      if (!read_key(shape, key, key)) return false;
      std::int32_t child = JsonShape::kNone;
      if (key != JsonShape::kNone) {
        JsonShape::Key& known = shape.at(static_cast<std::uint32_t>(key));
        child = known.node;
        if (known.seen == visit) {
          batch_->duplicate_keys.set(row_);
          if (child != JsonShape::kNone) {
            // The last one wins. Elements of arrays cannot be taken back one by one: then the object is read again.
            if (!nodes_[static_cast<std::size_t>(child)].all.empty()) {
              std::size_t i = 0;
              for (const std::int32_t column : node.below) {
                Column& values = batch_->columns[static_cast<std::size_t>(column)];
                values.kinds.resize(before[i]);
                values.rows.resize(before[i++]);
              }
              cursor_ = start;
              return read_last_keys(node_index, depth);
            }
            forget(child);
          }
        }
        known.seen = visit;
        if (child == JsonShape::kNone && want_extra_ && node_index == 0) note_extra(known.name);
      } else {
        std::string_view raw(text_ + positions_[name_at] + 1, positions_[name_at + 1] - positions_[name_at] - 1);
        raw = raw.substr(0, raw.rfind('"'));
        if (want_extra_ && node_index == 0) note_extra(batch_->arena.keep(raw));
        if (want_duplicates_ && !strangers.emplace(raw).second) batch_->duplicate_keys.set(row_);
      }
      if (!(child == JsonShape::kNone ? skip_value(depth + 1) : read_value(child, depth + 1))) return false;
      const char c = at(cursor_);
      if (c == ',') {
        ++cursor_;
        continue;
      }
      if (c != '}') return fail("expected `,` or `}` in an object, got " + describe(c));
      ++cursor_;
      break;
    }
  }
  if (!node.below.empty()) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (shape.at(static_cast<std::uint32_t>(i)).seen != visit) put_absent(nodes_[static_cast<std::size_t>(node.children[i])].all);
    }
    if (node.every >= 0) put_absent(nodes_[static_cast<std::size_t>(node.every)].all);
  }
  return true;
}

/// Reads an object that holds a key twice once more, taking of each key only its last value.
bool JsonReader::read_last_keys(std::int32_t node_index, std::uint32_t depth) {
  const auto index = static_cast<std::size_t>(node_index);
  const NodePlan& node = nodes_[index];
  JsonShape& shape = shapes_[index];
  const std::size_t start = cursor_;
  std::vector<std::size_t> last(node.children.size(), 0);
  for (const bool taking : {false, true}) {
    cursor_ = start + 1;
    std::int32_t key = JsonShape::kNone;
    for (;;) {
      const std::size_t name_at = cursor_;
      if (!read_key(shape, key, key)) return false;
      const bool wanted = key != JsonShape::kNone && static_cast<std::size_t>(key) < last.size();
      if (wanted && !taking) last[static_cast<std::size_t>(key)] = name_at;
      const bool take = taking && wanted && last[static_cast<std::size_t>(key)] == name_at;
      if (take) forget(node.children[static_cast<std::size_t>(key)]);
      if (!(take ? read_value(node.children[static_cast<std::size_t>(key)], depth + 1) : skip_value(depth + 1))) return false;
      const char c = at(cursor_++);
      if (c == ',') continue;
      if (c == '}') break;
      --cursor_;
      return fail("expected `,` or `}` in an object, got " + describe(c));
    }
  }
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (last[i] == 0) put_absent(nodes_[static_cast<std::size_t>(node.children[i])].all);
  }
  if (node.every >= 0) put_absent(nodes_[static_cast<std::size_t>(node.every)].all);
  return true;
}

/// Reads `"name":` and moves to the value. `key` becomes the name's place in the shape, or kNone.
bool JsonReader::read_key(JsonShape& shape, std::int32_t previous, std::int32_t& key) {
  const char* const quote = text_ + positions_[cursor_];
  if (*quote != '"') return fail("expected a key in an object, got " + describe(*quote));
  const std::uint32_t expected = shape.next(previous);
  if (expected < shape.size() && JsonShape::is(shape.at(expected), quote + 1)) [[likely]] {
    key = static_cast<std::int32_t>(expected);
    ++cursor_;
  } else {
    std::string_view raw;
    bool escaped = false;
    if (!scan_text(raw, escaped)) return false;
    const bool is_expected = !escaped && expected < shape.size() && shape.at(expected).name == raw;
    key = is_expected ? static_cast<std::int32_t>(expected) : shape.find(escaped ? unescape(raw, batch_->arena) : raw);
    if (key != JsonShape::kNone) shape.next(previous) = static_cast<std::uint32_t>(key);
  }
  if (at(cursor_) != ':') return fail("expected `:` behind a key, got " + describe(at(cursor_)));
  ++cursor_;
  return true;
}

bool JsonReader::read_value(std::int32_t node_index, std::uint32_t depth) {
  const NodePlan& node = nodes_[static_cast<std::size_t>(node_index)];
  Kind kind = Kind::Absent;
  Cell cell;
  const char* const from = text_ + positions_[cursor_];
  switch (*from) {
    case '"': {
      std::string_view raw;
      bool escaped = false;
      if (!scan_text(raw, escaped)) return false;
      if (escaped) raw = unescape(raw, batch_->arena);
      kind = Kind::Text;
      cell.data = raw.data();
      cell.size = static_cast<std::uint32_t>(raw.size());
      break;
    }
    case '{':
    case '[': {
      kind = *from == '{' ? Kind::Object : Kind::Array;
      const bool walk = kind == Kind::Object ? !node.children.empty() : node.every >= 0;
      if (!walk) {
        if (!skip_value(depth)) return false;
      } else if (!(kind == Kind::Object ? read_object(node_index, depth) : read_array(node_index, depth))) {
        return false;
      }
      cell.data = from;
      cell.size = static_cast<std::uint32_t>(text_ + positions_[cursor_ - 1] + 1 - from);
      if (node.column >= 0) put(node, kind, cell);
      if (kind == Kind::Array) {
        for (const std::int32_t child : node.children) put_absent(nodes_[static_cast<std::size_t>(child)].all);
      }
      return walk || (put_absent(kind == Kind::Object ? node.below : std::vector<std::int32_t>{}), true);
    }
    default:
      if (!scan_scalar(kind, cell)) return false;
  }
  if (node.column >= 0) put(node, kind, cell);
  if (!node.below.empty()) put_absent(node.below);
  return true;
}

bool JsonReader::read_array(std::int32_t node_index, std::uint32_t depth) {
  const std::int32_t every = nodes_[static_cast<std::size_t>(node_index)].every;
  if (depth > max_depth_) {
    too_deep_ = true;
    return fail("objects and arrays are nested deeper than " + std::to_string(max_depth_));
  }
  if (at(++cursor_) == ']') {
    ++cursor_;
    return true;
  }
  for (;;) {
    if (!read_value(every, depth + 1)) return false;
    const char c = at(cursor_);
    if (c != ',' && c != ']') return fail("expected `,` or `]` in an array, got " + describe(c));
    ++cursor_;
    if (c == ']') return true;
  }
}

bool JsonReader::skip_value(std::uint32_t depth) {
  switch (at(cursor_)) {
    case '"': {
      std::string_view raw;
      bool escaped = false;
      return scan_text(raw, escaped);
    }
    case '{': return skip_object(depth);
    case '[': return skip_array(depth);
    default: {
      Kind kind = Kind::Absent;
      Cell cell;
      return scan_scalar(kind, cell);
    }
  }
}

bool JsonReader::skip_object(std::uint32_t depth) {
  if (depth > max_depth_) {
    too_deep_ = true;
    return fail("objects and arrays are nested deeper than " + std::to_string(max_depth_));
  }
  if (at(++cursor_) == '}') {
    ++cursor_;
    return true;
  }
  std::unordered_set<std::string> names;
  for (;;) {
    if (at(cursor_) != '"') return fail("expected a key in an object, got " + describe(at(cursor_)));
    std::string_view raw;
    bool escaped = false;
    if (!scan_text(raw, escaped)) return false;
    if (want_duplicates_ && !names.emplace(escaped ? unescape(raw, batch_->arena) : raw).second) batch_->duplicate_keys.set(row_);
    if (at(cursor_) != ':') return fail("expected `:` behind a key, got " + describe(at(cursor_)));
    ++cursor_;
    if (!skip_value(depth + 1)) return false;
    const char c = at(cursor_);
    if (c != ',' && c != '}') return fail("expected `,` or `}` in an object, got " + describe(c));
    ++cursor_;
    if (c == '}') return true;
  }
}

bool JsonReader::skip_array(std::uint32_t depth) {
  if (depth > max_depth_) {
    too_deep_ = true;
    return fail("objects and arrays are nested deeper than " + std::to_string(max_depth_));
  }
  if (at(++cursor_) == ']') {
    ++cursor_;
    return true;
  }
  for (;;) {
    if (!skip_value(depth + 1)) return false;
    const char c = at(cursor_);
    if (c != ',' && c != ']') return fail("expected `,` or `]` in an array, got " + describe(c));
    ++cursor_;
    if (c == ']') return true;
  }
}

/// A text ends at the last quote before the next position: between the two there is only white space, or that place would be a
/// position itself.
bool JsonReader::scan_text(std::string_view& raw, bool& escaped) {
  const char* const begin = text_ + positions_[cursor_] + 1;
  const char* end = text_ + positions_[++cursor_] - 1;
  while (end > begin && is_space(*end)) --end;
  if (end < begin || *end != '"') return fail_at(static_cast<std::size_t>(begin - 1 - text_), "a text is not closed");
  raw = std::string_view(begin, static_cast<std::size_t>(end - begin));
  escaped = has_escape(begin, end);
  if (escaped) [[unlikely]] {
    if (const std::optional<EscapeFault> fault = find_escape_fault(raw)) {
      return fail_at(static_cast<std::size_t>(begin - text_) + fault->at, std::string(fault->reason));
    }
  }
  return true;
}

bool JsonReader::scan_scalar(Kind& kind, Cell& cell) {
  const char* const begin = text_ + positions_[cursor_];
  const char* p = begin;
  switch (*p) {
    case 't':
      if (std::memcmp(p, "true", 4) == 0) kind = Kind::Boolean, p += 4, cell.number = 1;
      break;
    case 'f':
      if (std::memcmp(p, "false", 5) == 0) kind = Kind::Boolean, p += 5, cell.number = 0;
      break;
    case 'n':
      if (std::memcmp(p, "null", 4) == 0) kind = Kind::Null, p += 4;
      break;
    default: kind = scan_number(p, cell);
  }
  if (kind == Kind::Absent) return fail("expected a value, got " + describe(*begin));
  if (p != text_end_ && !kScalarEnds[static_cast<unsigned char>(*p)]) {
    return fail_at(static_cast<std::size_t>(p - text_), "unexpected " + describe(*p) + " in a value");
  }
  cell.data = begin;
  cell.size = static_cast<std::uint32_t>(p - begin);
  ++cursor_;
  return true;
}

void JsonReader::put(const NodePlan& node, Kind kind, const Cell& cell) {
  Column& column = batch_->columns[static_cast<std::size_t>(node.column)];
  if (!node.repeated) [[likely]] {
    column.kinds[row_] = kind;
    column.cells[row_] = cell;
    return;
  }
  const std::size_t element = column.kinds.size();
  if (element == column.cells.size()) {
    column.cells.push_back(cell);
  } else {
    column.cells[element] = cell;
  }
  column.kinds.push_back(kind);
  column.rows.push_back(row_);
}

void JsonReader::put_absent(const std::vector<std::int32_t>& columns) {
  NodePlan place;
  place.repeated = true;
  for (const std::int32_t column : columns) {
    place.column = column;
    put(place, Kind::Absent, Cell{});
  }
}

void JsonReader::forget(std::int32_t node) {
  for (const std::int32_t column : nodes_[static_cast<std::size_t>(node)].single) {
    batch_->columns[static_cast<std::size_t>(column)].kinds[row_] = Kind::Absent;
  }
}

void JsonReader::note_extra(std::string_view name) {
  if (extras_in_row_++ < Batch::kMaxExtraFields) batch_->extra_fields.push_back({.row = row_, .name = batch_->arena.keep(name)});
}

/// Texts are looked at in order, so one search for backslashes goes over the whole text once.
bool JsonReader::has_escape(const char* from, const char* to) {
  if (escape_ < from) {
    const void* const found = std::memchr(from, '\\', static_cast<std::size_t>(text_end_ - from));
    escape_ = found == nullptr ? text_end_ : static_cast<const char*>(found);
  }
  return escape_ < to;
}

bool JsonReader::fail(std::string reason) { return fail_at(positions_[cursor_], std::move(reason)); }

bool JsonReader::fail_at(std::size_t at, std::string reason) {
  fault_at_ = at;
  fault_ = std::move(reason);
  return false;
}

std::vector<std::size_t> JsonReader::sizes(const std::vector<std::int32_t>& columns) const {
  std::vector<std::size_t> out;
  out.reserve(columns.size());
  for (const std::int32_t column : columns) out.push_back(batch_->columns[static_cast<std::size_t>(column)].size());
  return out;
}

/// Takes back what a document left in its row before its fault was found.
void JsonReader::clear_row(const std::vector<std::size_t>& before) {
  forget(0);
  for (std::size_t i = 0; i < before.size(); ++i) {
    Column& column = batch_->columns[static_cast<std::size_t>(nodes_[0].below[i])];
    column.kinds.resize(before[i]);
    column.rows.resize(before[i]);
  }
  put_absent(nodes_[0].below);
  while (!batch_->extra_fields.empty() && batch_->extra_fields.back().row == row_) batch_->extra_fields.pop_back();
  batch_->duplicate_keys.clear(row_);
}

}  // namespace weir
