// SPDX-License-Identifier: Apache-2.0
// A line of a quarantine file. `weir run` writes the facts under their names, then `record_key`, `record_headers` and the record;
// `weir check` writes where the record stood in its input, `stage`, `violations` and the record.
#include <limits>

#include "base/base64.h"
#include "base/json_value.h"
#include "quarantine/facts.h"
#include "quarantine/json_parts.h"
#include "quarantine/quarantine_names.h"

namespace weir {

namespace {

using Form = QuarantinedRecord::Form;

constexpr std::size_t kDepth = 256;  // of a record that stands in its line as JSON

/// What only one of the two writers, or both, say; the facts go to the FactReader.
struct LineParts {
  std::optional<std::string_view> record;
  std::optional<std::string_view> record_base64;
  std::optional<std::string_view> bytes;
  std::optional<std::string_view> base64;
  std::optional<std::string_view> key;
  std::optional<std::string_view> key_base64;
  std::optional<std::string_view> headers;
  std::optional<std::string_view> input;
  std::optional<std::string_view> line;
  bool redacted = false;
  bool truncated = false;
  bool has_version = false;
};

/// A part whose own reader it is; false: a fact.
bool keep(std::string_view name, std::string_view value, LineParts& parts) {
  struct Place {
    std::string_view name;
    std::optional<std::string_view> LineParts::*part;
  };
  static constexpr Place kPlaces[] = {
      {"record", &LineParts::record},
      {"record_base64", &LineParts::record_base64},
      {"bytes", &LineParts::bytes},
      {"base64", &LineParts::base64},
      {"record_key", &LineParts::key},
      {"record_key_base64", &LineParts::key_base64},
      {"record_headers", &LineParts::headers},
      {"input", &LineParts::input},
      {"line", &LineParts::line},
  };
  for (const Place& place : kPlaces) {
    if (place.name != name) continue;
    parts.*place.part = value;
    return true;
  }
  if (name == "redacted") parts.redacted = value == "true";
  if (name == "truncated") parts.truncated = value == "true";
  if (name == "v") parts.has_version = true;
  return name == "redacted" || name == "truncated";
}

/// A text, or the bytes that stand for one, or null. False: it cannot be read.
bool read_bytes(std::optional<std::string_view> text, std::optional<std::string_view> encoded,
                std::optional<std::string>& out) {
  out.reset();
  if (encoded) {
    const std::optional<std::string> digits = json_text(*encoded);
    if (digits) out = from_base64(*digits);
    return out.has_value();
  }
  if (!text || *text == "null") return true;
  out = json_text(*text);
  return out.has_value();
}

bool read_header(std::string_view json, Headers& out) {
  std::optional<std::string> name;
  std::optional<std::string_view> value;
  std::optional<std::string_view> encoded;
  JsonParts parts(json, '{');
  while (const std::optional<JsonParts::Part> part = parts.next()) {
    if (part->name == "name") name = json_text(part->value);
    if (part->name == "value") value = part->value;
    if (part->name == "value_base64") encoded = part->value;
  }
  std::optional<std::string> bytes;
  if (!name || !parts.is_whole() || !read_bytes(value, encoded, bytes)) return false;
  out.emplace_back(*std::move(name), std::move(bytes));
  return true;
}

bool read_headers(std::string_view json, Headers& out) {
  bool whole = true;
  JsonParts parts(json, '[');
  while (const std::optional<JsonParts::Part> part = parts.next()) whole = read_header(part->value, out) && whole;
  drop_compat(out);
  return whole && parts.is_whole();
}

bool read_value(const LineParts& parts, QuarantinedRecord& out) {
  if (parts.record_base64) return read_bytes({}, parts.record_base64, out.value);
  if (parts.bytes || parts.base64) return read_bytes(parts.bytes, parts.base64, out.value);
  if (!parts.record) return parts.redacted;
  if (*parts.record == "null") return true;
  if (!parse_json(*parts.record, kDepth)) return false;
  out.value = std::string(*parts.record);
  return true;
}

std::optional<std::uint64_t> number_of(std::optional<std::string_view> json) {
  std::uint64_t number = 0;
  if (!json || json->empty() || json->size() > 19) return std::nullopt;
  for (const char c : *json) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

/// What `weir check` says of a record: a place in a file. A topic that it read is named `orders/3`.
void place_in_input(const LineParts& parts, QuarantinedRecord& out) {
  const std::optional<std::string> input = parts.input ? json_text(*parts.input) : std::nullopt;
  const std::uint64_t line = number_of(parts.line).value_or(0);
  if (!input) {
    out.missing.emplace_back("input");
    return;
  }
  const std::size_t slash = input->rfind('/');
  const std::optional<std::uint64_t> number =
      slash == input->npos || slash == 0 ? std::nullopt : number_of(std::string_view(*input).substr(slash + 1));
  if (line == 0 && number && *number <= std::numeric_limits<std::int32_t>::max()) {
    out.origin = {.topic = input->substr(0, slash), .number = static_cast<std::int32_t>(*number)};
    out.id = out.origin.topic + "-" + std::to_string(*number) + "-" + std::to_string(out.offset);
    return;
  }
  out.file = *input;
  out.line = line;
  out.id = *input + (line > 0 ? ":" + std::to_string(line) : "@" + std::to_string(out.offset));
}

/// Records of such files do not stand in their line as they were.
bool is_rendered(std::string_view file) {
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (file.ends_with(packed)) file.remove_suffix(packed.size());
  }
  for (const std::string_view ending : {".csv", ".tsv", ".parquet", ".avro"}) {
    if (file.ends_with(ending)) return true;
  }
  return false;
}

void finish_check_line(const LineParts& parts, QuarantinedRecord& out) {
  place_in_input(parts, out);
  if (parts.redacted) out.value_form = Form::Withheld;
  const bool shown = parts.record && !parts.record_base64;
  if (shown && out.value_form == Form::Original && is_rendered(out.file)) out.value_form = Form::Rendered;
}

}  // namespace

Result<QuarantinedRecord> read_quarantined_line(std::string_view line) {
  QuarantinedRecord out;
  FactReader facts(out);
  LineParts parts;
  JsonParts members(line, '{');
  while (const std::optional<JsonParts::Part> part = members.next()) {
    if (keep(part->name, part->value, parts)) continue;
    const std::optional<std::string> text = json_text(part->value);
    facts.take(part->name, text ? std::string_view(*text) : part->value);
  }
  if (facts.version() > kQuarantineVersion) return newer_form(facts.version());
  const bool of_check = !parts.has_version && (parts.input || parts.line) && !out.stage.empty();
  if (!of_check && (!facts.is_quarantined() || (!parts.has_version && !parts.headers)))
    return not_quarantined("it has neither `v` nor `input`, `stage` and `violations`");

  if (!members.is_whole()) out.missing.emplace_back("the end of the line");
  if (!read_value(parts, out)) out.missing.emplace_back("record");
  if (of_check) {
    finish_check_line(parts, out);
  } else {
    facts.finish();
    if (!read_bytes(parts.key, parts.key_base64, out.key)) out.missing.emplace_back("record_key");
    if (parts.headers && !read_headers(*parts.headers, out.headers)) out.missing.emplace_back("record_headers");
  }
  if (parts.truncated) out.missing.emplace_back("the end of the record");
  if (out.value_form == Form::Withheld || out.value_form == Form::Stub) out.value.reset();
  if (out.key_form == Form::Withheld) out.key.reset();
  if (out.value_form == Form::Stub && !out.key) out.key_form = Form::Stub;
  return out;
}

}  // namespace weir
