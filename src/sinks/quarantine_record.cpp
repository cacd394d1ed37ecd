// SPDX-License-Identifier: Apache-2.0
#include "sinks/quarantine_record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/timestamp.h"
#include "decode/datum_json.h"
#include "decode/redact.h"
#include "quarantine/quarantine_names.h"
#include "quarantine/quarantined.h"
#include "sinks/quarantine_headers.h"

namespace weir {

namespace {

constexpr std::string_view kReplayCount = "__weir.replay_count";
constexpr std::string_view kTags = "__weir.tags";
constexpr std::string_view kStub = "__weir.stub";
constexpr std::size_t kMessageBytes = 512;
constexpr std::size_t kStubKeyBytes = 1024;  // longer keys do not go into a stub, which has to fit everywhere

using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

std::optional<std::string> owned(std::string_view value) {
  return value.data() == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// The field `kafka.<name>` or `kafka.<name>.<header>`, when it is redacted.
bool is_redacted(const FieldTable& fields, std::string_view name, std::string_view header = {}) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[i];
    if (!field.redacted || !field.path.from_envelope() || field.path.steps()[1].name != name) continue;
    if (name != "headers" || field.path.steps().size() < 3 || field.path.steps()[2].name == header) return true;
  }
  return false;
}

/// A header that is an attribute of a CloudEvent, `ce_subject`, when the field `ce.subject` is redacted.
bool is_redacted_attribute(const FieldTable& fields, std::string_view header) {
  constexpr std::string_view kAttribute = "ce_";
  if (!header.starts_with(kAttribute)) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::vector<FieldPath::Step>& steps = fields[i].path.steps();
    if (fields[i].redacted && steps.size() > 1 && steps[0].name == "ce" &&
        steps[1].name == header.substr(kAttribute.size()))
      return true;
  }
  return false;
}

/// A count that an earlier quarantine or replay wrote; a text that is none counts as never.
std::string replay_count_of(const Envelope& envelope) {
  std::uint32_t count = 0;
  for (const auto& [name, value] : envelope.headers) {
    if (name != kReplayCount || value.data() == nullptr) continue;
    std::uint32_t read = 0;
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), read);
    if (fault == std::errc() && end == value.data() + value.size()) count = read;
  }
  return std::to_string(count);
}

/// The record's own headers, without those that an earlier weir wrote. False: not all of them are as they were.
bool add_own_headers(const Envelope& envelope, const Plan& plan, bool redact, Headers& out) {
  bool whole = true;
  for (const auto& [name, value] : envelope.headers) {
    if (name.starts_with(kHeaderPrefix)) continue;
    std::optional<std::string> shown = owned(value);
    if (redact && shown && (is_redacted(plan.fields, "headers", name) || is_redacted_attribute(plan.fields, name))) {
      shown = redact_value(value, plan.redaction);
      whole = false;
      if (!shown) continue;
    }
    out.emplace_back(name, std::move(shown));
  }
  return whole;
}

/// The value as far as it may be shown, and the word that says what was done to it (empty: nothing). Of a record that a schema
/// describes its JSON is shown: in its bytes nobody finds the fields, though they may happen to look like JSON.
std::string_view copy_value(const FailingRecord& failing, const LogRecord& record, const Plan& plan, DatumJson* json,
                            OwnRecord& out) {
  if (!record.value) return {};
  if (json == nullptr) {
    out.value = std::string(*record.value);
    return {};
  }
  const bool is_csv = plan.format == Format::Csv || plan.format == Format::Tsv;
  if (!failing.decoded || is_csv) return "withheld";
  Messages one;
  one.items.push_back({.bytes = *record.value, .offset = record.offset});
  one.envelopes.push_back(record.envelope);
  const std::optional<std::string_view> text = json->write(one, 0, Format::Json);
  if (text) out.value = redact_json(*text, plan.fields, plan.redaction);
  if (!out.value) return "withheld";
  return *out.value == *record.value ? "" : "redacted";
}

std::string_view copy_key(const LogRecord& record, const Plan& plan, bool redact, OwnRecord& out) {
  if (!record.envelope.has_key) return {};
  if (!redact || !is_redacted(plan.fields, "key")) {
    out.key = std::string(record.envelope.key);
    return {};
  }
  out.key = redact_value(record.envelope.key, plan.redaction);
  return out.key ? "redacted" : "withheld";
}

std::string first_message(const FailingRecord& failing) {
  return failing.violations.empty() ? "" : shorten(failing.violations.front().message, kMessageBytes);
}

/// As org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter names them; everything is text there.
void add_connect_headers(const FailingRecord& failing, const LogRecord& record, const QuarantineStamp& stamp,
                         Headers& out) {
  const std::string ours(kConnectClass);
  const std::array<std::string, kConnectNames.size()> values = {
      record.partition.topic,
      std::to_string(record.partition.number),
      std::to_string(record.offset),
      stamp.pipeline,
      stamp.instance,
      failing.stage == Stage::Decode ? "VALUE_CONVERTER" : "TRANSFORMATION",
      ours,
      ours,
      first_message(failing)};
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.emplace_back(std::string(kConnectPrefix).append(kConnectNames[i]), values[i]);
  }
}

/// As Confluent's action DLQ names them. The subject is that of the default naming strategy.
void add_confluent_headers(const FailingRecord& failing, const LogRecord& record, const Plan& plan, Headers& out) {
  const std::string_view rule = failing.violations.empty() ? "" : rule_id(plan, failing.violations.front().rule);
  const std::string& topic = record.partition.topic;
  const std::array<std::string, kConfluentNames.size()> values = {std::string(rule), "READ", topic + "-value", topic,
                                                                  first_message(failing)};
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.emplace_back(std::string(kConfluentPrefix).append(kConfluentNames[i]), values[i]);
  }
}

}  // namespace

OwnRecord quarantine_record(const FailingRecord& failing, const LogRecord& record, const Plan& plan,
                            const QuarantineStamp& stamp, Instant now, DatumJson* json) {
  const Envelope& envelope = record.envelope;
  const bool redact = json != nullptr;
  OwnRecord out;
  out.origin = record.partition;
  out.timestamp = now;
  out.headers.reserve(envelope.headers.size() + 24);
  const bool whole_headers = add_own_headers(envelope, plan, redact, out.headers);
  const std::string_view value_note = copy_value(failing, record, plan, json, out);
  const std::string_view key_note = copy_key(record, plan, redact, out);

  const auto add = [&out](std::string_view name, std::string value) {
    out.headers.emplace_back(std::string(kHeaderPrefix).append(name), std::move(value));
  };
  const std::string partition = std::to_string(record.partition.number);
  const std::string offset = std::to_string(record.offset);
  add("v", std::to_string(kQuarantineVersion));
  add("id", record.partition.topic + "-" + partition + "-" + offset);
  add("topic", record.partition.topic);
  add("partition", partition);
  add("offset", offset);
  if (envelope.timestamp_type != TimestampType::None) {
    const auto since = std::chrono::floor<std::chrono::milliseconds>(envelope.timestamp.time_since_epoch());
    add("timestamp", std::to_string(since.count()));
  }
  add("timestamp_type", std::string(word_of(envelope.timestamp_type)));
  add("pipeline", stamp.pipeline);
  add("ruleset", plan.ruleset);
  add("instance", stamp.instance);
  add("at", format_timestamp(now));
  add("stage", std::string(name_of(failing.stage)));
  add("violations", violations_json(failing, plan));
  add("replay_count", replay_count_of(envelope));
  if (!value_note.empty()) add("value", std::string(value_note));
  if (!key_note.empty()) add("key", std::string(key_note));
  if (!whole_headers) add("headers", "redacted");
  if (stamp.connect) add_connect_headers(failing, record, stamp, out.headers);
  if (stamp.confluent) add_confluent_headers(failing, record, plan, out.headers);
  return out;
}

OwnRecord clean_record(const LogRecord& record, const Plan& plan, const FailingRecord* tagged) {
  const Envelope& envelope = record.envelope;
  OwnRecord out;
  out.clean = true;
  out.origin = record.partition;
  out.timestamp = envelope.timestamp;
  if (envelope.has_key) out.key = std::string(envelope.key);
  if (record.value) out.value = std::string(*record.value);
  out.headers.reserve(envelope.headers.size() + 1);
  for (const auto& [name, value] : envelope.headers) {
    if (tagged == nullptr || name != kTags) out.headers.emplace_back(name, owned(value));
  }
  if (tagged != nullptr) out.headers.emplace_back(kTags, rule_ids_json(*tagged, plan));
  return out;
}

std::optional<OwnRecord> stub_of_quarantined(const OwnRecord& record) {
  OwnRecord out;
  out.origin = record.origin;
  out.topic = record.topic;
  out.partition = record.partition;
  out.timestamp = record.timestamp;
  if (record.key && record.key->size() <= kStubKeyBytes) out.key = record.key;
  for (const auto& header : record.headers) {
    if (header.first == kStub) return std::nullopt;
    if (header.first.starts_with(kHeaderPrefix)) out.headers.push_back(header);
  }
  out.headers.emplace_back(kStub, "too_large");
  return out;
}

}  // namespace weir
