// SPDX-License-Identifier: Apache-2.0
#include "alerts/alert_json.h"

#include <charconv>

#include "base/timestamp.h"

namespace weir {

namespace {

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name).begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

std::vector<std::string> texts_of(const JsonValue& object, std::string_view name) {
  std::vector<std::string> texts;
  const JsonValue* const list = object.find(name);
  if (list == nullptr) return texts;
  for (const JsonValue& item : list->items) texts.push_back(item.text);
  return texts;
}

}  // namespace

std::string_view word_of(Alert::State state) {
  return state == Alert::State::Firing ? "firing" : "resolved";
}

void write_alert_members(JsonWriter& json, const Alert& alert) {
  json.field("fingerprint", alert.fingerprint).field("state", word_of(alert.state));
  json.field("pipeline", alert.pipeline).field("stream", alert.stream).field("rule", alert.rule);
  json.field("kind", alert.kind).field("field", alert.field).field("severity", alert.severity);
  json.key("segment").begin_object();
  for (const auto& [field, value] : alert.segment) json.field(field, value);
  json.end_object();
  write_texts(json, "tags", alert.tags);
  json.field("starts_at", format_timestamp(alert.starts_at));
  json.key("ends_at");
  alert.ends_at ? json.value(format_timestamp(*alert.ends_at)) : json.null();
  json.field("windows", alert.windows);
  json.field("window_start", format_timestamp(alert.window_start));
  json.field("window_end", format_timestamp(alert.window_end));
  json.field("observed", alert.observed).field("expected", alert.expected).field("cause", alert.cause);
  write_texts(json, "samples", alert.samples);
  json.field("description", alert.description).field("runbook", alert.runbook);
}

std::string text_of(const JsonValue& object, std::string_view name) {
  const JsonValue* const value = object.find(name);
  return value == nullptr || value->type != JsonValue::Type::Text ? std::string() : value->text;
}

std::optional<Instant> time_of(const JsonValue& object, std::string_view name) {
  return parse_timestamp(text_of(object, name));
}

std::uint64_t number_of(const JsonValue& object, std::string_view name) {
  const JsonValue* const value = object.find(name);
  std::uint64_t number = 0;
  if (value != nullptr) (void)std::from_chars(value->text.data(), value->text.data() + value->text.size(), number);
  return number;
}

std::optional<Alert> read_alert(const JsonValue& object) {
  Alert alert;
  alert.fingerprint = text_of(object, "fingerprint");
  alert.state = text_of(object, "state") == "firing" ? Alert::State::Firing : Alert::State::Resolved;
  alert.pipeline = text_of(object, "pipeline");
  alert.stream = text_of(object, "stream");
  alert.rule = text_of(object, "rule");
  alert.kind = text_of(object, "kind");
  alert.field = text_of(object, "field");
  alert.severity = text_of(object, "severity");
  if (const JsonValue* const segment = object.find("segment")) {
    for (const auto& [field, value] : segment->members) alert.segment.emplace_back(field, value.text);
  }
  alert.tags = texts_of(object, "tags");
  const std::optional<Instant> starts_at = time_of(object, "starts_at");
  if (alert.fingerprint.empty() || alert.rule.empty() || !starts_at) return std::nullopt;
  alert.starts_at = *starts_at;
  alert.ends_at = time_of(object, "ends_at");
  alert.windows = number_of(object, "windows");
  alert.window_start = time_of(object, "window_start").value_or(Instant{});
  alert.window_end = time_of(object, "window_end").value_or(Instant{});
  alert.observed = text_of(object, "observed");
  alert.expected = text_of(object, "expected");
  alert.cause = text_of(object, "cause");
  alert.samples = texts_of(object, "samples");
  alert.description = text_of(object, "description");
  alert.runbook = text_of(object, "runbook");
  return alert;
}

}  // namespace weir
