// SPDX-License-Identifier: Apache-2.0
#include "app/quarantine_view.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "app/schema_supply.h"
#include "base/escape.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "decode/datum_json.h"
#include "decode/wire.h"
#include "report/columns.h"
#include "weir/plan.h"

namespace weir {
namespace {

using Form = QuarantinedRecord::Form;

constexpr std::size_t kLabel = 12;
constexpr std::size_t kHexBytes = 256;
constexpr std::size_t kMostLines = 400;     // of a value that is shown
constexpr std::size_t kLinePoints = 2'000;  // of a line of it, or of a header
constexpr std::size_t kDepth = 64;          // of JSON that is laid out
constexpr std::size_t kMostListed = 100;    // violations, headers
constexpr Duration kPatience = std::chrono::seconds(10);

std::string row(std::string_view label, const std::string& text) {
  return as_line("  " + pad_right(label, kLabel) + text);
}

std::string shown(std::string_view text) {
  return visible(text, kLinePoints);
}

/// Text as it is, other bytes in hexadecimal digits.
std::string shown_bytes(const std::optional<std::string>& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kMost = 64;
  if (!bytes) return "null";
  if (is_valid_utf8(*bytes)) return bytes->empty() ? "\"\"" : shown(*bytes);
  std::string out = "0x";
  for (const char c : std::string_view(*bytes).substr(0, kMost)) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return out + (bytes->size() > kMost ? "…" : "") + " (" + with_commas(bytes->size()) + " bytes)";
}

void lay_out(const JsonValue& value, JsonWriter& json) {
  switch (value.type) {
    case JsonValue::Type::Null: json.null(); return;
    case JsonValue::Type::Boolean: json.value(value.boolean); return;
    case JsonValue::Type::Number: json.raw(value.text); return;
    case JsonValue::Type::Text: json.value(std::string_view(value.text)); return;
    case JsonValue::Type::Array:
      json.begin_array();
      for (const JsonValue& item : value.items) lay_out(item, json);
      json.end_array();
      return;
    case JsonValue::Type::Object:
      json.begin_object();
      for (const auto& [name, member] : value.members) lay_out(member, json.key(name));
      json.end_object();
      return;
  }
}

/// Line by line, each made harmless.
std::string indented(std::string_view text) {
  std::string out;
  std::size_t lines = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (++lines > kMostLines) return out + "    … (--json gives all of it)\n";
    out += as_line("    " + shown(text.substr(at, end - at)));
    at = end + 1;
  }
  return out;
}

std::string hex_dump(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kRow = 16;
  std::string out;
  const std::string_view some = bytes.substr(0, kHexBytes);
  for (std::size_t at = 0; at < some.size(); at += kRow) {
    std::string line = "    ";
    for (int shift = 12; shift >= 0; shift -= 4) line += kDigits[(at >> static_cast<unsigned>(shift)) & 15U];
    std::string text;
    for (std::size_t i = at; i < at + kRow; ++i) {
      line += i % 8 == 0 ? "  " : " ";
      if (i >= some.size()) {
        line += "  ";
        continue;
      }
      const auto byte = static_cast<unsigned char>(some[i]);
      line += kDigits[byte >> 4U];
      line += kDigits[byte & 15U];
      text += byte >= 0x20 && byte < 0x7F ? some[i] : '.';
    }
    out += as_line(line + "  " + text);
  }
  if (bytes.size() > kHexBytes) out += "    … " + with_commas(bytes.size() - kHexBytes) + " bytes more\n";
  return out;
}

/// A record as a message, for those who read messages.
Envelope envelope_of(const QuarantinedRecord& record) {
  Envelope envelope;
  envelope.topic = record.origin.topic;
  envelope.partition = record.origin.number;
  for (const auto& [name, value] : record.headers) {
    envelope.headers.emplace_back(name, value ? std::string_view(*value) : std::string_view());
  }
  return envelope;
}

std::optional<std::string> decoded(const QuarantinedRecord& record, const std::shared_ptr<SchemaBook>& schemas) {
  Plan plan;
  plan.payload.schemas = schemas;
  DatumJson json(plan);
  Messages one;
  one.items.push_back({.bytes = *record.value});
  one.envelopes.push_back(envelope_of(record));
  const std::optional<std::string_view> text = json.write(one, 0, Format::Json);
  if (!text || !parse_json(*text, kDepth)) return std::nullopt;
  return std::string(*text);
}

std::string original_words(const QuarantinedRecord& record, const QuarantineViewOptions& options) {
  if (record.origin.topic.empty()) {
    return record.file.empty() ? "" : "    its original lies in " + shown(record.file) + "\n";
  }
  const std::string place =
      record.origin.topic + "/" + std::to_string(record.origin.number) + "/" + std::to_string(record.offset);
  return "    its original, as long as the topic keeps it:\n      weir explain " + shell_word(shown(place)) +
         " --rules RULES.yml --brokers " +
         (options.brokers.empty() ? "HOST:PORT" : shell_word(shown(options.brokers))) + "\n";
}

/// Why bytes are not shown as a record.
std::string why_bytes(const QuarantinedRecord& record, const QuarantineViewOptions& options) {
  const Envelope envelope = envelope_of(record);
  const WireFrame frame = wire_frame(*record.value, &envelope, MessagePart::Value);
  if (frame.key.empty()) return "no JSON, and no schema is named";
  const std::string schema = schema_key_text(frame.key);
  const std::shared_ptr<const KnownSchema> known = options.schemas->find(frame.key);
  if (known == nullptr) return "names the schema " + schema + ": --registry URL would show the record";
  if (known->text == nullptr) return "names the schema " + schema + ": " + shown(known->refusal);
  return "names the schema " + schema + ", and is no record of it";
}

std::string value_view(const QuarantinedRecord& record, const QuarantineViewOptions& options) {
  switch (record.value_form) {
    case Form::Withheld:
      return row("value", "withheld: the rules redact fields, and nobody could say where they are in it") +
             original_words(record, options);
    case Form::Stub:
      return row("value", "not here: it was too large for the quarantine topic") + original_words(record, options);
    case Form::Original:
    case Form::Rendered:
    case Form::Redacted: break;
  }
  if (!record.value) return row("value", "null");
  const std::string size = with_commas(record.value->size()) + (record.value->size() == 1 ? " byte" : " bytes");
  std::string out;
  std::optional<std::string> text = parse_json(*record.value, kDepth) ? record.value : decoded(record, options.schemas);
  if (text) {
    const Result<JsonValue> read = parse_json(*text, kDepth);
    JsonWriter json(true);
    lay_out(*read, json);
    const bool own = *text == *record.value;
    out = row("value", size + (own ? " of JSON" : ", by the schema that it names")) + indented(json.text());
  } else if (is_valid_utf8(*record.value) && record.value->find('\0') == std::string::npos) {
    out = row("value", size + " of text that is no JSON") + indented(*record.value);
  } else {
    out = row("value", size + ": " + why_bytes(record, options)) + hex_dump(*record.value);
  }
  if (record.value_form == Form::Redacted) {
    out += "    redacted: fields that the rules name are masked\n" + original_words(record, options);
  } else if (record.value_form == Form::Rendered) {
    out += "    shown as JSON: the record was written otherwise\n";
  }
  return out;
}

std::string key_view(const QuarantinedRecord& record) {
  if (record.key_form == Form::Withheld) return row("key", "withheld");
  if (record.key_form == Form::Stub) return row("key", "none, or too large to be here");
  if (!record.key && record.origin.topic.empty()) return "";
  return row("key", shown_bytes(record.key) + (record.key_form == Form::Redacted ? " (redacted)" : ""));
}

std::string origin_of(const QuarantinedRecord& record) {
  if (record.origin.topic.empty()) {
    if (record.file.empty()) return "not known";
    return shown(record.file) + (record.line > 0 ? " line " + with_commas(record.line) : "") + ", byte " +
           std::to_string(record.offset);
  }
  std::string text = shown(record.origin.topic) + ", partition " + std::to_string(record.origin.number) + ", offset " +
                     std::to_string(record.offset);
  if (record.timestamp) {
    text += ", " + std::string(record.timestamp_type == TimestampType::LogAppend ? "appended " : "created ") +
            format_timestamp(*record.timestamp);
  }
  return text;
}

std::string violations_view(const QuarantinedRecord& record) {
  std::string out;
  const std::size_t some = std::min(record.violations.size(), kMostListed);
  for (const QuarantinedViolation& violation : std::span(record.violations).first(some)) {
    const std::string reason = shown(violation.code) + (violation.path.empty() ? "" : " at " + shown(violation.path));
    out += as_line("  " + shown(violation.rule) + (violation.severity == "warn" ? " (warn)" : "") +
                   (violation.code.empty() ? "" : ", " + reason));
    if (!violation.message.empty()) out += as_line("    " + shown(violation.message));
    if (!violation.value.empty()) out += as_line("    value: " + shown(violation.value));
  }
  if (some < record.violations.size())
    out += "  and " + with_commas(record.violations.size() - some) + " more (--json gives all of them)\n";
  if (record.violations.empty()) out += "  which rules it broke cannot be read\n";
  if (record.more_violations > 0) out += "  and " + with_commas(record.more_violations) + " more that did not fit\n";
  return out;
}

}  // namespace

std::string fetch_schemas(const std::vector<NewestRecords::Kept>& records, const RegistrySettings& registry,
                          const std::shared_ptr<SchemaBook>& book) {
  std::vector<std::string> keys;
  for (const NewestRecords::Kept& kept : records) {
    if (!kept.record.value || parse_json(*kept.record.value, kDepth)) continue;
    const Envelope envelope = envelope_of(kept.record);
    const std::string key(wire_frame(*kept.record.value, &envelope, MessagePart::Value).key);
    if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  if (keys.empty() || registry.urls.empty()) return "";
  return await_schemas(registry, book, keys, kPatience);
}

std::string quarantine_view(const QuarantinedRecord& record, const QuarantineViewOptions& options) {
  std::string out = as_line(shown(record.id.empty() ? "a record without an id" : record.id) +
                            (record.stage.empty() ? "" : "  (" + shown(record.stage) + ")"));
  out += row("origin", origin_of(record));
  if (record.at) out += row("put aside", format_timestamp(*record.at));
  std::string who;
  const auto add = [&who](std::string_view what, std::string_view name) {
    if (!name.empty()) who += (who.empty() ? "" : ", ") + std::string(what) + " " + shown(name);
  };
  add("pipeline", record.pipeline);
  add("instance", record.instance);
  add("ruleset", std::string_view(record.ruleset).substr(0, 12));
  if (!who.empty()) out += row("by", who);
  if (!record.lies_in.topic.empty()) {
    out += row("lies in", shown(record.lies_in.topic) + ", partition " + std::to_string(record.lies_in.number) +
                              ", offset " + std::to_string(record.lies_at));
  }
  if (options.sent != nullptr) {
    out += row("sent back", (options.sent->at ? format_timestamp(*options.sent->at) : "at a time that is not known") +
                                " into " + (options.sent->into.empty() ? "?" : shown(options.sent->into)));
  }
  if (record.replay_count > 0) {
    out += row("before", "it was sent back " + with_commas(record.replay_count) +
                             (record.replay_count == 1 ? " time" : " times") + " and failed again");
  }
  std::string missing;
  for (const std::string& name : record.missing) missing += (missing.empty() ? "" : ", ") + shown(name);
  if (!missing.empty()) out += row("unreadable", missing);
  out += "\n" + violations_view(record) + "\n" + key_view(record);
  for (std::size_t i = 0; i < std::min(record.headers.size(), kMostListed); ++i) {
    const auto& [name, value] = record.headers[i];
    out += row(i == 0 ? "headers" : "", shown(name) + ": " + shown_bytes(value));
  }
  if (record.headers.size() > kMostListed)
    out += row("", "and " + with_commas(record.headers.size() - kMostListed) + " more (--json gives all of them)");
  return out + value_view(record, options);
}

}  // namespace weir
