// SPDX-License-Identifier: Apache-2.0
#include "files/quarantine_line.h"

#include <algorithm>
#include <string_view>

#include "base/base64.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "quarantine/quarantine_names.h"

namespace weir {

namespace {

constexpr std::size_t kDepth = 256;        // of JSON that is written as JSON; deeper records are written as text
constexpr std::size_t kNumberDigits = 19;  // longer ones are no numbers of ours

std::string on_one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line;
}

bool is_json(std::string_view text) {
  return parse_json(text, kDepth).ok();
}

/// The JSON `null` is not the value that is null.
bool is_null(std::string_view json) {
  const std::size_t at = json.find_first_not_of(" \t\r\n");
  return json.substr(at == json.npos ? 0 : at).starts_with("null");
}

/// Whether a value is the same when it stands on a line of text, its line ends as spaces.
bool fits_on_a_line(std::string_view value) {
  bool lines = false;
  for (const char c : value) {
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') continue;
    if (c != '\n' && c != '\r') return false;
    lines = true;
  }
  return is_valid_utf8(value) && (!lines || is_json(value));
}

bool is_number(std::string_view name, std::string_view value) {
  constexpr std::string_view kNumbers[] = {"v", "partition", "offset", "timestamp", "replay_count"};
  if (std::find(std::begin(kNumbers), std::end(kNumbers), name) == std::end(kNumbers)) return false;
  return value.size() <= kNumberDigits && is_json(value) && value.find_first_not_of("-0123456789") == value.npos;
}

void write_fact(JsonWriter& json, std::string_view name, std::string_view value) {
  json.key(name);
  if (is_number(name, value) || (name == "violations" && is_json(value))) {
    json.raw(on_one_line(value));
  } else {
    json.value(value);
  }
}

/// A text under `name`, other bytes under `name` + `_base64`, null as null.
void write_bytes(JsonWriter& json, const std::string& name, std::optional<std::string_view> bytes) {
  if (!bytes) {
    json.key(name).null();
  } else if (is_valid_utf8(*bytes)) {
    json.field(name, *bytes);
  } else {
    json.field(name + "_base64", base64(*bytes));
  }
}

void write_value(JsonWriter& json, std::optional<std::string_view> value, bool decoded) {
  if (!value) {
    json.key("record").null();
  } else if (decoded && is_json(*value) && !is_null(*value)) {
    json.key("record").raw(on_one_line(*value));
  } else if (is_valid_utf8(*value)) {
    json.field("bytes", *value);
  } else {
    json.field("base64", base64(*value));
  }
}

}  // namespace

std::string quarantine_line(const OutRecord& record) {
  JsonWriter json;
  json.begin_object();
  bool decoded = true;
  for (const auto& [name, value] : record.headers) {
    if (!name.starts_with(kHeaderPrefix)) continue;
    if (name == "__weir.stage") decoded = value != "decode";
    write_fact(json, name.substr(kHeaderPrefix.size()), value);
  }
  write_bytes(json, "record_key", record.key);
  json.key("record_headers").begin_array();
  for (const auto& [name, value] : record.headers) {
    if (name.starts_with(kHeaderPrefix)) continue;
    json.begin_object().field("name", name);
    write_bytes(json, "value", value.data() == nullptr ? std::nullopt : std::optional(value));
    json.end_object();
  }
  json.end_array();
  write_value(json, record.value, decoded);
  json.end_object();
  return json.take() + "\n";
}

std::string value_line(const OutRecord& record) {
  if (!record.value) return "null\n";
  const std::string_view value = *record.value;
  if (!fits_on_a_line(value)) {
    JsonWriter json;
    json.begin_object().field("base64", base64(value)).end_object();
    return json.take() + "\n";
  }
  return on_one_line(value) + "\n";
}

}  // namespace weir
