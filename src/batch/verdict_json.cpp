// SPDX-License-Identifier: Apache-2.0
#include "batch/verdict_json.h"

#include <cmath>

#include "base/json_value.h"
#include "base/timestamp.h"
#include "batch/drift_json.h"

namespace weir {

namespace {

/// Digits as they are where they are JSON; a text otherwise.
void write_digits(JsonWriter& json, std::string_view digits) {
  const Result<JsonValue> parsed = parse_json(digits);
  parsed.ok() && parsed->type == JsonValue::Type::Number ? json.raw(digits) : json.value(digits);
}

void write_number(JsonWriter& json, double number) {
  if (std::isnan(number)) {
    json.value("NaN");
  } else if (std::isinf(number)) {
    json.value(number > 0 ? "Infinity" : "-Infinity");
  } else {
    json.value(number);
  }
}

/// Microseconds as seconds, every digit.
void write_seconds(JsonWriter& json, std::int64_t micros) {
  constexpr std::uint64_t kMicros = 1'000'000;
  const std::uint64_t size = micros < 0 ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  std::string text = (micros < 0 ? "-" : "") + std::to_string(size / kMicros);
  if (size % kMicros != 0) {
    std::string fraction = std::to_string(kMicros + size % kMicros);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    text += "." + fraction.substr(1);
  }
  json.raw(text);
}

void write_span(JsonWriter& json, const WindowVerdict& verdict) {
  json.key("window");
  if (!verdict.has_span) {
    json.null();
    return;
  }
  json.begin_object();
  json.field("start", format_timestamp(verdict.start));
  json.field("end", format_timestamp(verdict.end));
  json.end_object();
}

void write_segment(JsonWriter& json, const WindowVerdict& verdict) {
  json.key("segment");
  if (verdict.segment == nullptr) {
    json.null();
    return;
  }
  json.begin_object();
  for (const auto& [field, value] : verdict.segment->values) {
    json.key(field);
    if (verdict.segment->other) {
      json.value("__other__");
    } else {
      value ? json.value(*value) : json.null();
    }
  }
  json.end_object();
}

}  // namespace

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass: return "pass";
    case Verdict::Warn: return "warn";
    case Verdict::Fail: return "fail";
    case Verdict::NoData: return "no_data";
    case Verdict::Inconclusive: return "inconclusive";
    case Verdict::Error: return "error";
  }
  return "error";
}

std::string_view word_of(RuleKind kind) {
  switch (kind) {
    case RuleKind::Record: return "record";
    case RuleKind::Window: return "window";
    case RuleKind::Drift: return "drift";
  }
  return "record";
}

std::string_view word_of(Severity severity) {
  return severity == Severity::Error ? "error" : "warn";
}

std::string_view word_of(OnFail action) {
  switch (action) {
    case OnFail::Count: return "count";
    case OnFail::Tag: return "tag";
    case OnFail::Drop: return "drop";
    case OnFail::Quarantine: return "quarantine";
    case OnFail::Halt: return "halt";
  }
  return "count";
}

void write_measured(JsonWriter& json, const Measured& value) {
  switch (value.kind) {
    case Measured::Kind::NoData:
    case Measured::Kind::Error: json.null(); return;
    case Measured::Kind::Integer: json.value(value.integer); return;
    case Measured::Kind::Number: write_number(json, value.number); return;
    case Measured::Kind::Exact: write_digits(json, value.text); return;
    case Measured::Kind::Duration: write_seconds(json, value.integer); return;
    case Measured::Kind::Time: json.value(format_timestamp(Instant(Duration(value.integer)))); return;
    case Measured::Kind::Text: json.value(value.text); return;
    case Measured::Kind::Values: break;
  }
  json.begin_array();
  for (const Measured::Item& item : value.values) {
    item.is_number ? write_digits(json, item.text) : static_cast<void>(json.value(item.text));
  }
  json.end_array();
}

void write_window_members(JsonWriter& json, const WindowVerdict& verdict) {
  write_span(json, verdict);
  write_segment(json, verdict);
  json.field("outcome", word_of(verdict.verdict));
  json.key("observed");
  write_measured(json, verdict.observed);
  json.field("expected", verdict.expected);
  if (!verdict.observed.exact && verdict.observed.kind == Measured::Kind::Number) {
    json.field("low", verdict.observed.low).field("high", verdict.observed.high);
  }
  if (!verdict.cause.empty()) json.field("cause", verdict.cause);
  if (verdict.windows > 1) json.field("windows", verdict.windows);
  if (verdict.partial) json.field("partial", true);
  if (verdict.revised) json.field("revised", true);
  if (verdict.by_clock) json.field("by_clock", true);
  if (verdict.warming) json.field("warming", true);
  if (verdict.drift != nullptr) {
    json.key("drift");
    write_drift(json, *verdict.drift);
  }
}

void write_window(JsonWriter& json, const WindowVerdict& verdict) {
  json.begin_object();
  write_window_members(json, verdict);
  json.end_object();
}

}  // namespace weir
