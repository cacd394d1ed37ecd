// SPDX-License-Identifier: Apache-2.0
// What no rule reads: walked over to its end, held to the same grammar, and noted where a rule asks what else there was.
#include "decode/json_reader.h"
#include "decode/json_scan.h"

namespace weir {

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
    if (text_[*next_] != '"') return fail(next_, "expected a key in an object, got " + json::describe(text_[*next_]));
    std::string_view raw;
    bool escaped = false;
    if (!scan_text(next_, raw, escaped)) return false;
    if (text_[*next_] != ':') return fail(next_, "expected `:` behind a key, got " + json::describe(text_[*next_]));
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

/// The name of the key at `name`, unescaped. Looks for escapes in the key alone: a search that runs on through the block would
/// be paid for by each key that asks.
std::string_view JsonReader::name_of(Next name) {
  const char* const begin = text_ + name[0] + 1;
  const char* end = text_ + name[1] - 1;
  while (json::is_space(*end)) --end;
  const std::string_view raw(begin, static_cast<std::size_t>(end - begin));
  return raw.find('\\') == std::string_view::npos ? raw : unescape(raw, batch_->arena);
}

/// The name of a key that no shape remembers; marks the record when the object held it before.
std::string_view JsonReader::note_stranger(Next name, std::unordered_set<std::string>& strangers) {
  const std::string_view text = name_of(name);
  if (!strangers.emplace(text).second) batch_->duplicate_keys.set(row_);
  return text;
}

void JsonReader::note_extra(std::string_view name) {
  if (extras_in_row_++ < Batch::kMaxExtraFields)
    batch_->extra_fields.push_back({.row = row_, .name = batch_->arena.keep(name)});
}

/// Notes a field of the record. One that comes again stays where it was and becomes what its last value is. Nothing is left
/// out: a field takes five bytes of the record at least, so the record's limit bounds the list too.
void JsonReader::note_seen(Next name, JsonShape::Key* key, Next value, std::uint64_t visit) {
  std::vector<SeenField>& seen = batch_->seen_fields;
  std::size_t at = seen.size();
  if (key == nullptr) {
    at = strangers_seen_at_.emplace(name_of(name), at).first->second;
  } else if (key->noted == visit) {
    at = key->noted_at;
  } else {
    key->noted = visit;
    key->noted_at = at;
  }
  if (at == seen.size()) {
    const auto position = static_cast<std::uint32_t>(at - seen_before_row_);
    seen.push_back({.row = row_, .position = position, .kind = Kind::Absent, .name = name_of(name)});
  }
  const char* p = text_ + *value;
  Cell cell;
  switch (*p) {
    case '{': seen[at].kind = Kind::Object; break;
    case '[': seen[at].kind = Kind::Array; break;
    case '"': seen[at].kind = Kind::Text; break;
    case 't':
    case 'f': seen[at].kind = Kind::Boolean; break;
    case 'n': seen[at].kind = Kind::Null; break;
    default: seen[at].kind = scan_number(p, cell);
  }
}

/// Takes back what was noted of the row.
void JsonReader::forget_seen() {
  batch_->seen_fields.resize(seen_before_row_);
  strangers_seen_at_.clear();
}

/// And the fields that no rule names.
void JsonReader::forget_notes() {
  while (!batch_->extra_fields.empty() && batch_->extra_fields.back().row == row_) batch_->extra_fields.pop_back();
  extras_in_row_ = 0;
  forget_seen();
}

}  // namespace weir
