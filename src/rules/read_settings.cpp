// SPDX-License-Identifier: Apache-2.0
// `weir`, `source`, `meta`, `defaults`, `extra_fields`, `duplicate_keys`, `redact`: what holds for the file as a whole.
#include "base/timestamp.h"
#include "rules/codes.h"
#include "rules/key_names.h"
#include "rules/keys.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

/// Enumerators stand in the order of their names.
template <class Choice, std::size_t N>
Choice choice_named(const std::string_view (&names)[N], std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Choice>(i);
  }
  return Choice{};
}

Format format_named(std::string_view name) {
  return choice_named<Format>(kFormats, name);
}

OnFail on_fail_named(std::string_view name) {
  constexpr std::string_view kNames[] = {"count", "tag", "drop", "quarantine", "halt"};
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return static_cast<OnFail>(i);
  }
  return OnFail::Quarantine;
}

/// When a record happened: `time` and the keys that go with it.
void read_time(RuleReading& reading, const Section& source) {
  EventTime& time = reading.out.time;
  time.zone = source.text("zone");
  if (const YamlNode* zone = source.node("zone")) time.zone_rules = reading.zones.read(*zone);
  const std::string on_error = source.text("time_error", "quarantine");
  time.on_error = on_error == "drop"              ? TimeError::Drop
                  : on_error == "use_record_time" ? TimeError::UseRecordTime
                                                  : TimeError::Quarantine;
  time.out_of_order = parse_duration(source.text("out_of_order")).value_or(time.out_of_order);
  time.max_future = parse_duration(source.text("max_future")).value_or(time.max_future);
  time.idle_after = parse_duration(source.text("idle_after")).value_or(time.idle_after);
  std::optional<FieldPath> path = source.path("time");
  if (!path) return;
  reading.out.time_where = source.node("time")->where();
  if (path->repeated()) {
    reading.findings.error(codes::kSegment, reading.out.time_where,
                           "a record has any number of " + backquoted(path->text()),
                           {.label = {}, .help = "the event time is one value of a record"});
    return;
  }
  reading.out.time_path = std::move(path);
}

/// What stands in payloads. The schema's file is read when the rules are compiled.
void read_payload(RuleReading& reading, const Section& source) {
  PayloadForm& payload = reading.out.payload;
  payload.wrapping = choice_named<Wrapping>(kEnvelopes, source.text("envelope", "auto"));
  payload.framing = choice_named<WireForm>(kFramings, source.text("framing", "auto"));
  payload.key_format = choice_named<KeyFormat>(kKeyFormats, source.text("key_format", "auto"));
  payload.message = source.text("message");
  if (const YamlNode* const message = source.node("message")) reading.out.message_where = message->where();
  payload.quarantine_unknown = source.text("unknown_schema") == "quarantine";
  for (const auto& [key, file] :
       {std::pair("schema", &reading.out.schema_file), {"key_schema", &reading.out.key_schema_file}}) {
    const YamlNode* const node = source.node(key);
    if (node == nullptr) continue;
    *file = {.path = relative_to(*node->file, source.text(key)), .where = node->where()};
  }
}

void read_source(RuleReading& reading, const YamlNode& node) {
  const Section source(reading.findings, node, *top_keys().find("source")->table);
  reading.out.format = format_named(source.text("format", "auto"));
  reading.out.key = source.path("key");
  reading.out.on_topic = source.has("topic");
  reading.out.topic = source.text("topic");
  if (const YamlNode* const topic = source.node("topic")) reading.out.topic_where = topic->where();
  read_payload(reading, source);
  read_time(reading, source);
}

void read_defaults(RuleReading& reading, const YamlNode& node) {
  const Section section(reading.findings, node, *top_keys().find("defaults")->table);
  Defaults& defaults = reading.defaults;
  if (section.text("severity") == "warn") defaults.severity = Severity::Warn;
  if (section.has("on_fail")) defaults.on_fail = on_fail_named(section.text("on_fail"));
  defaults.nulls_fail = section.text("nulls") == "fail";
  reading.out.missing_values = section.texts("missing_values");
}

void read_redact(RuleReading& reading, const YamlNode& node) {
  const Section section(reading.findings, node, *top_keys().find("redact")->table);
  for (const std::string& path : section.texts("paths")) {
    Result<FieldPath> parsed = FieldPath::parse(path);
    if (parsed) reading.out.redacted.push_back(*std::move(parsed));
  }
  const std::string how = section.text("how", "mask");
  reading.out.redaction = how == "hash" ? Redaction::Hash : how == "drop" ? Redaction::Drop : Redaction::Mask;
}

/// `extra_fields: warn` and the like: a rule without a check of its own.
std::optional<WholeRecordRule> whole_record_rule(RuleReading& reading, const Section& top, std::string_view name) {
  if (!top.has(name) || top.text(name) == "allow") return std::nullopt;
  const Severity severity = top.text(name) == "warn" ? Severity::Warn : Severity::Error;
  const SourceSpan where = top.key(name)->where();
  reading.ids.automatic(std::string(name), where);
  return WholeRecordRule{.severity = severity,
                         .on_fail = reading.defaults.on_fail_of(severity),
                         .tags = reading.defaults.tags,
                         .runbook = reading.defaults.runbook,
                         .where = where};
}

}  // namespace

void read_settings(RuleReading& reading, const Section& top) {
  reading.ids.automatic("decode", {});
  const YamlNode* const version = top.node("weir");
  if (version != nullptr && version->text != "1") {
    reading.findings.error(codes::kVersion, version->where(),
                           "this weir reads version 1 of the rule file, not " + backquoted(version->text),
                           {.label = "write `weir: 1`", .help = {}});
  }
  if (const YamlNode* source = top.node("source")) read_source(reading, *source);
  if (const YamlNode* node = top.node("meta")) {
    const Section meta(reading.findings, *node, *top_keys().find("meta")->table);
    reading.defaults.tags = meta.texts("tags");
    reading.defaults.runbook = meta.text("runbook");
  }
  if (const YamlNode* defaults = top.node("defaults")) read_defaults(reading, *defaults);
  if (const YamlNode* redact = top.node("redact")) read_redact(reading, *redact);
  reading.out.extra_fields = whole_record_rule(reading, top, "extra_fields");
  reading.out.duplicate_keys = whole_record_rule(reading, top, "duplicate_keys");
}

}  // namespace weir
