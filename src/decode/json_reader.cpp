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
  if (c == '\0') return "a NUL byte";
  if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) return "a byte that is not part of JSON";
  return std::string("`") + c + "`";
}

}  // namespace

JsonReader::JsonReader(const Plan& plan) : max_depth_(plan.max_depth) {
  const std::vector<FieldTable::Node>& nodes = plan.fields.nodes();
  nodes_.resize(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) shapes_.emplace_back();
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
  too_deep_ = false;
  while (next_ < last_ && *next_ < from) ++next_;
  const NodePlan& root = nodes_[0];
  const std::vector<std::size_t> before = root.below.empty() ? std::vector<std::size_t>{} : sizes(root.below);

  bool good = false;
  if (next_ == last_ || *next_ >= to) {
    good = fail_at(from, "the record is empty");
  } else if (text_[*next_] == '{') {
    good = read_object(0, 1);
  } else {
    good = skip_value(1) && put_absent(root.below);
  }
  // What was read may have run into the next document; what was not read may still belong to this one.
  if (good && next_[-1] >= to) good = fail_at(to, "");
  if (good && next_ < last_ && *next_ < to) good = fail(next_, "unexpected " + describe(text_[*next_]) + " behind the document");
  if (good) [[likely]] return true;

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

/// Texts are looked at in order, so one search for backslashes goes over the whole text once.
[[gnu::always_inline]] inline bool JsonReader::has_escape(const char* from, const char* to) {
  if (escape_ < from) [[unlikely]] {
    const void* const found = std::memchr(from, '\\', static_cast<std::size_t>(text_end_ - from));
    escape_ = found == nullptr ? text_end_ : static_cast<const char*>(found);
  }
  return escape_ < to;
}

/// A text ends at the last quote before the next position: between the two there is only white space, or that place would be a
/// position itself.
[[gnu::always_inline]] inline bool JsonReader::scan_text(Next& next, std::string_view& raw, bool& escaped) {
  const char* const begin = text_ + *next + 1;
  const char* end = text_ + *++next - 1;
  while (is_space(*end) && end > begin) [[unlikely]] --end;
  if (end < begin || *end != '"') [[unlikely]] return fail_at(static_cast<std::size_t>(begin - 1 - text_), "a text is not closed");
  raw = std::string_view(begin, static_cast<std::size_t>(end - begin));
  escaped = has_escape(begin, end);
  if (escaped) [[unlikely]] {
    if (const std::optional<EscapeFault> fault = find_escape_fault(raw)) {
      return fail_at(static_cast<std::size_t>(begin - text_) + fault->at, std::string(fault->reason));
    }
  }
  return true;
}

[[gnu::always_inline]] inline bool JsonReader::scan_scalar(Next& next, Kind& kind, Cell& cell) {
  const char* const begin = text_ + *next;
  const char* p = begin;
  kind = Kind::Absent;
  if (*p == 't') {
    if (std::memcmp(p, "true", 4) == 0) kind = Kind::Boolean, p += 4, cell.number = 1;
  } else if (*p == 'f') {
    if (std::memcmp(p, "false", 5) == 0) kind = Kind::Boolean, p += 5, cell.number = 0;
  } else if (*p == 'n') {
    if (std::memcmp(p, "null", 4) == 0) kind = Kind::Null, p += 4;
  } else {
    kind = scan_number(p, cell);
  }
  if (kind == Kind::Absent) [[unlikely]] return fail(next, "expected a value, got " + describe(*begin));
  if (p != text_end_ && !kScalarEnds[static_cast<unsigned char>(*p)]) [[unlikely]] {
    kind = Kind::Absent;
    return fail_at(static_cast<std::size_t>(p - text_), "unexpected " + describe(*p) + " in a value");
  }
  cell.data = begin;
  cell.size = static_cast<std::uint32_t>(p - begin);
  ++next;
  return true;
}

/// A text, a number, true, false or null.
[[gnu::always_inline]] inline bool JsonReader::read_scalar(Next& next, Kind& kind, Cell& cell) {
  if (text_[*next] != '"') return scan_scalar(next, kind, cell);
  std::string_view raw;
  bool escaped = false;
  if (!scan_text(next, raw, escaped)) return false;
  if (escaped) [[unlikely]] raw = unescape(raw, batch_->arena);
  kind = Kind::Text;
  cell.data = raw.data();
  cell.size = static_cast<std::uint32_t>(raw.size());
  return true;
}

/// Reads `"name":` and moves to the value. `key` comes as the key before and becomes the one read, or null for a stranger.
[[gnu::always_inline]] inline bool JsonReader::read_key(Next& next, JsonShape& shape, JsonShape::Key*& key) {
  const char* const quote = text_ + *next;
  if (*quote != '"') [[unlikely]] return fail(next, "expected a key in an object, got " + describe(*quote));
  JsonShape::Key* const previous = key;
  key = previous == nullptr ? shape.start() : previous->next;
  if (JsonShape::is(*key, quote + 1)) [[likely]] {
    ++next;
  } else {
    std::string_view raw;
    bool escaped = false;
    if (!scan_text(next, raw, escaped)) return false;
    if (escaped || key == shape.start() || key->name != raw) key = shape.find(escaped ? unescape(raw, batch_->arena) : raw);
    if (key != nullptr && previous != nullptr) previous->next = key;
  }
  if (text_[*next] != ':') [[unlikely]] return fail(next, "expected `:` behind a key, got " + describe(text_[*next]));
  ++next;
  return true;
}

/// Whether the container ends here or goes on behind a comma.
[[gnu::always_inline]] inline bool JsonReader::ends(Next next, char close, bool& more) {
  const char c = text_[*next];
  more = c == ',';
  if (more || c == close) [[likely]] return true;
  return fail(next, std::string("expected `,` or `") + close + "`, got " + describe(c));
}

bool JsonReader::enter(std::uint32_t depth) {
  if (depth <= max_depth_) [[likely]] return true;
  too_deep_ = true;
  return fail(next_, "objects and arrays are nested deeper than " + std::to_string(max_depth_));
}

bool JsonReader::read_object(std::int32_t node_index, std::uint32_t depth) {
  if (!enter(depth)) return false;
  const NodePlan& node = nodes_[static_cast<std::size_t>(node_index)];
  JsonShape& shape = shapes_[static_cast<std::size_t>(node_index)];
  const bool root = node_index == 0;
  const std::uint64_t visit = ++visits_;
  const Next start = next_;
  Next next = next_ + 1;
  std::vector<std::size_t> before;
  if (!node.below.empty()) before = sizes(node.below);
  std::optional<std::unordered_set<std::string>> strangers;   // keys beyond what the shape remembers

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
  std::vector<Next> last(nodes_.size(), nullptr);   // by node
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
      const bool take = taking && child != JsonShape::kNone && last[static_cast<std::size_t>(child)] == name;
      if (take) forget(child);
      if (!(take ? read_value(child, depth + 1) : skip_value(depth + 1))) return false;
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
  if (object ? node.children.empty() : node.every < 0) {
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

bool JsonReader::skip_value(std::uint32_t depth) {
  const char c = text_[*next_];
  if (c == '{') return skip_object(depth);
  if (c == '[') return skip_array(depth);
  if (c == '"') {
    std::string_view raw;
    bool escaped = false;
    return scan_text(next_, raw, escaped);
  }
  Kind kind = Kind::Absent;
  Cell cell;
  return scan_scalar(next_, kind, cell);
}

bool JsonReader::skip_object(std::uint32_t depth) {
  if (!enter(depth)) return false;
  std::optional<std::unordered_set<std::string>> names;
  if (want_duplicates_) names.emplace();
  ++next_;
  for (bool more = text_[*next_] != '}'; more;) {
    const Next name = next_;
    if (text_[*next_] != '"') return fail(next_, "expected a key in an object, got " + describe(text_[*next_]));
    std::string_view raw;
    bool escaped = false;
    if (!scan_text(next_, raw, escaped)) return false;
    if (text_[*next_] != ':') return fail(next_, "expected `:` behind a key, got " + describe(text_[*next_]));
    ++next_;
    if (names) note_stranger(name, *names);
    if (!skip_value(depth + 1) || !ends(next_, '}', more)) return false;
    if (more) ++next_;
  }
  ++next_;
  return true;
}

bool JsonReader::skip_array(std::uint32_t depth) {
  if (!enter(depth)) return false;
  ++next_;
  for (bool more = text_[*next_] != ']'; more;) {
    if (!skip_value(depth + 1) || !ends(next_, ']', more)) return false;
    if (more) ++next_;
  }
  ++next_;
  return true;
}

/// The name of a key that no shape remembers, unescaped; marks the record when the object held it before. Looks for escapes in
/// the key alone: a search that runs on through the block would be paid for by each of these keys.
std::string_view JsonReader::note_stranger(Next name, std::unordered_set<std::string>& strangers) {
  const char* const begin = text_ + name[0] + 1;
  const char* end = text_ + name[1] - 1;
  while (is_space(*end)) --end;
  std::string_view raw(begin, static_cast<std::size_t>(end - begin));
  if (raw.find('\\') != std::string_view::npos) raw = unescape(raw, batch_->arena);
  if (!strangers.emplace(raw).second) batch_->duplicate_keys.set(row_);
  return raw;
}

void JsonReader::note_extra(std::string_view name) {
  if (extras_in_row_++ < Batch::kMaxExtraFields) batch_->extra_fields.push_back({.row = row_, .name = batch_->arena.keep(name)});
}

void JsonReader::append(std::int32_t index, Kind kind, const Cell& cell) {
  Column& column = batch_->columns[static_cast<std::size_t>(index)];
  const std::size_t element = column.kinds.size();
  if (element == column.cells.size()) {
    column.cells.push_back(cell);
  } else {
    column.cells[element] = cell;
  }
  column.kinds.push_back(kind);
  column.rows.push_back(row_);
}

bool JsonReader::put_absent(const std::vector<std::int32_t>& columns) {
  for (const std::int32_t column : columns) append(column, Kind::Absent, Cell{});
  return true;
}

void JsonReader::forget(std::int32_t node) {
  for (const std::int32_t column : nodes_[static_cast<std::size_t>(node)].single) {
    batch_->columns[static_cast<std::size_t>(column)].kinds[row_] = Kind::Absent;
  }
}

std::vector<std::size_t> JsonReader::sizes(const std::vector<std::int32_t>& columns) const {
  std::vector<std::size_t> out;
  out.reserve(columns.size());
  for (const std::int32_t column : columns) out.push_back(batch_->columns[static_cast<std::size_t>(column)].size());
  return out;
}

void JsonReader::cut_back(const std::vector<std::int32_t>& columns, const std::vector<std::size_t>& before) {
  for (std::size_t i = 0; i < before.size(); ++i) {
    Column& column = batch_->columns[static_cast<std::size_t>(columns[i])];
    column.kinds.resize(before[i]);
    column.rows.resize(before[i]);
  }
}

/// Takes back what a document left in its row before its fault was found. Repeated columns have no element for such a row.
void JsonReader::clear_row(const std::vector<std::size_t>& before) {
  forget(0);
  cut_back(nodes_[0].below, before);
  while (!batch_->extra_fields.empty() && batch_->extra_fields.back().row == row_) batch_->extra_fields.pop_back();
  batch_->duplicate_keys.clear(row_);
}

bool JsonReader::fail_at(std::size_t at, std::string reason) {
  fault_at_ = at;
  fault_ = std::move(reason);
  return false;
}

}  // namespace weir
