// SPDX-License-Identifier: Apache-2.0
#include "http/api.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "base/json_writer.h"
#include "base/timestamp.h"
#include "batch/verdict_json.h"

namespace weir {

namespace {

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.value(text);
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<Instant>& time) {
  json.key(name);
  time ? json.value(format_timestamp(*time)) : json.null();
}

void write_offset(JsonWriter& json, std::string_view name, const std::optional<std::int64_t>& offset) {
  json.key(name);
  offset ? json.value(*offset) : json.null();
}

void write_rule_head(JsonWriter& json, const StreamView& stream, const RuleInfo& rule) {
  json.field("stream", stream.stream).field("id", rule.id).field("kind", word_of(rule.kind));
  write_text(json, "field", rule.field);
  json.field("check", rule.check).field("severity", word_of(rule.severity));
}

void write_rule_tail(JsonWriter& json, const RuleInfo& rule) {
  json.field("expected", rule.expected);
  write_text(json, "when", rule.when);
  write_text(json, "description", rule.description);
  write_text(json, "runbook", rule.runbook);
  json.key("tags").begin_array();
  for (const std::string& tag : rule.tags) json.value(tag);
  json.end_array();
}

void write_record_rule(JsonWriter& json, const StreamView& stream, std::size_t index) {
  const RuleInfo& rule = stream.plan->rules[index].info;
  const StreamView::RecordRuleView& seen = stream.rules[index];
  json.begin_object();
  write_rule_head(json, stream, rule);
  json.field("on_fail", word_of(rule.on_fail)).field("outcome", word_of(outcome_of(rule, seen.counts)));
  json.field("evaluated", seen.counts.evaluated).field("failed", seen.counts.failed);
  json.field("skipped", seen.counts.skipped).field("quarantined", seen.quarantined);
  write_time(json, "last_failed", seen.last_failed);
  write_time(json, "failing_since", seen.failing_since);
  write_rule_tail(json, rule);
  json.end_object();
}

void write_window_rule(JsonWriter& json, const StreamView& stream, std::size_t index, const WindowStanding& state) {
  const RuleInfo& rule = stream.plan->window_rules[index].info;
  const WindowCounts& counts = stream.window_rules[index];
  json.begin_object();
  write_rule_head(json, stream, rule);
  json.key("on_fail").null().field("outcome", word_of(state.outcome));
  json.field("evaluated", counts.evaluated).field("failed", counts.failed).field("warned", counts.warned);
  json.field("no_data", counts.no_data).field("inconclusive", counts.inconclusive).field("errors", counts.errors);
  write_time(json, "failing_since", state.failing_since);
  json.key("newest");
  if (state.newest == nullptr) {
    json.null();
  } else {
    WindowVerdict newest = *state.newest;
    newest.drift = nullptr;  // /api/v1/drift has it
    write_window(json, newest);
  }
  write_rule_tail(json, rule);
  json.end_object();
}

int gravity_of(Verdict verdict) {
  constexpr std::array kByGravity = {Verdict::NoData, Verdict::Pass, Verdict::Inconclusive,
                                     Verdict::Warn,   Verdict::Fail, Verdict::Error};
  const auto* const at = std::find(kByGravity.begin(), kByGravity.end(), verdict);
  return static_cast<int>(at - kByGravity.begin());
}

bool is_broken(Verdict verdict) {
  return verdict == Verdict::Fail || verdict == Verdict::Warn || verdict == Verdict::Error;
}

std::string list_json(std::string_view name, const std::function<void(JsonWriter&)>& write) {
  JsonWriter json;
  json.begin_object().key(name).begin_array();
  write(json);
  json.end_array().end_object();
  return json.take() + "\n";
}

void write_quarantine(JsonWriter& json, const StreamView& stream) {
  json.begin_object();
  json.field("stream", stream.stream).field("records", stream.quarantined).field("kept_out", stream.kept_out);
  json.key("rules").begin_array();
  for (std::size_t i = 0; i < stream.rules.size(); ++i) {
    if (stream.rules[i].quarantined == 0) continue;
    json.begin_object();
    json.field("id", stream.plan->rules[i].info.id).field("records", stream.rules[i].quarantined);
    json.end_object();
  }
  json.end_array().key("samples").begin_array();
  for (const auto& [partition, sample, at] : stream.samples) {
    json.begin_object();
    json.field("rule", stream.plan->rules[sample.rule].info.id);
    json.field("topic", partition.topic).field("partition", static_cast<std::int64_t>(partition.number));
    json.field("offset", sample.offset).field("value", sample.value).field("reason", sample.reason);
    json.field("at", format_timestamp(at));
    json.end_object();
  }
  json.end_array().end_object();
}

/// How far behind the ends of its partitions, as far as they are known.
std::optional<std::int64_t> lag_of(const PartitionStatus& one) {
  return one.end ? std::optional(std::max<std::int64_t>(*one.end - one.next_offset, 0)) : std::nullopt;
}

void write_partitions(JsonWriter& json, const std::vector<PartitionStatus>& partitions) {
  std::optional<std::int64_t> lag;
  std::set<std::string_view> topics;
  for (const PartitionStatus& one : partitions) {
    topics.insert(one.partition.topic);
    if (const std::optional<std::int64_t> of_one = lag_of(one)) lag = lag.value_or(0) + *of_one;
  }
  json.key("topics").begin_array();
  for (const std::string_view topic : topics) json.value(topic);
  json.end_array().field("partitions", std::uint64_t{partitions.size()});
  write_offset(json, "lag", lag);
}

void write_readiness(JsonWriter& json, const std::vector<Readiness>& readiness) {
  const auto is_ok = [](const Readiness& one) { return one.ok; };
  json.field("ready", std::all_of(readiness.begin(), readiness.end(), is_ok)).key("not_ready").begin_array();
  for (const Readiness& one : readiness) {
    if (!one.ok) json.begin_object().field("name", one.name).field("reason", one.reason).end_object();
  }
  json.end_array();
}

void write_stream(JsonWriter& json, const ShownStream& shown) {
  static const StreamStatus nothing;
  const StreamView& stream = shown.view;
  const StreamStatus& status = stream.status == nullptr ? nothing : *stream.status;
  json.begin_object().field("stream", stream.stream).field("phase", word_of(status.phase));
  write_readiness(json, shown.readiness);
  write_partitions(json, status.partitions);
  json.field("records", stream.records).field("undecodable", stream.undecodable);
  json.field("quarantined", stream.quarantined).field("kept_out", stream.kept_out);
  json.field("late", stream.late).field("future", stream.future).field("untimed", stream.untimed);
  write_time(json, "watermark", status.watermark);
  json.field("rebalances", status.rebalances).field("state_bytes", status.window_bytes);
  json.field("samples_per_rule", std::uint64_t{stream.samples_per_rule}).key("troubles").begin_array();
  for (auto at = stream.troubles.rbegin(); at != stream.troubles.rend(); ++at) {
    json.begin_object().field("event", at->trouble.event).field("message", at->trouble.message);
    write_time(json, "at", at->at);
    json.field("times", at->times).end_object();
  }
  json.end_array().end_object();
}

constexpr std::size_t kMostSchemaBytes = std::size_t{64} << 10;  // of one schema's text

std::string_view word_of_language(SchemaLanguage language) {
  constexpr std::string_view kWords[] = {"avro", "protobuf", "json"};
  return kWords[static_cast<std::size_t>(language)];
}

void write_schema(JsonWriter& json, std::string_view name, const SchemaText& schema, std::string_view key) {
  json.key(name).begin_object();
  json.field("key", schema_key_text(key));
  write_text(json, "subject", schema.subject);
  json.key("version");
  schema.version > 0 ? json.value(std::uint64_t{schema.version}) : json.null();
  json.field("language", word_of_language(schema.language));
  json.field("text", schema.text.substr(0, kMostSchemaBytes));
  json.field("cut", schema.text.size() > kMostSchemaBytes);
  json.end_object();
}

void write_seen_schema(JsonWriter& json, const StreamView& stream, const StreamView::KeptSchema& seen) {
  const SchemaChange& change = seen.change;
  json.begin_object();
  json.field("stream", stream.stream).field("topic", change.topic).field("part", change.of_key ? "key" : "value");
  json.field("partition", static_cast<std::int64_t>(change.partition)).field("offset", change.offset);
  write_time(json, "seen", seen.at);
  write_schema(json, "schema", *change.to, change.to_key);
  if (change.from == nullptr) {
    json.key("change").null().end_object();
    return;
  }
  const SchemaDifference& difference = change.difference;
  json.key("change").begin_object();
  json.field("compatible", difference.compatibility ? word_of(*difference.compatibility) : "unknown");
  json.key("differences").begin_array();
  for (const std::string& one : difference.differences) json.value(one);
  json.end_array().field("more", std::uint64_t{difference.more});
  write_text(json, "not_backward", difference.why_not_backward);
  write_text(json, "not_forward", difference.why_not_forward);
  write_schema(json, "from", *change.from, change.from_key);
  json.end_object().end_object();
}

void write_assignment(JsonWriter& json, const StreamView& stream, const PartitionStatus& one) {
  json.begin_object();
  json.field("stream", stream.stream).field("topic", one.partition.topic);
  json.field("partition", static_cast<std::int64_t>(one.partition.number)).field("next_offset", one.next_offset);
  write_offset(json, "committed", one.committed);
  write_offset(json, "end", one.end);
  write_offset(json, "lag", lag_of(one));
  write_time(json, "watermark", one.watermark);
  json.field("caught_up", one.caught_up).field("idle", one.idle).field("paused", one.paused);
  json.field("partial", one.partial).field("waiting", one.waiting);
  write_time(json, "snapshot_at", one.snapshot_at == Instant{} ? std::nullopt : std::optional(one.snapshot_at));
  json.field("state_bytes", one.state_bytes);
  json.end_object();
}

}  // namespace

Verdict outcome_of(const RuleInfo& rule, const RuleCounts& counts) {
  if (counts.failed > 0) return rule.severity == Severity::Error ? Verdict::Fail : Verdict::Warn;
  return counts.evaluated > 0 ? Verdict::Pass : Verdict::NoData;
}

std::vector<WindowStanding> window_states(const KeptWindows& stream) {
  // Of each window the gravest segment: the windows of a rule by their end.
  using Gravest = std::map<Instant, const WindowVerdict*>;
  std::vector<Gravest> windows(stream.view.window_rules.size());
  for (const auto& [rule, verdict] : stream.windows) {
    const WindowVerdict*& kept = windows[rule][verdict->end];
    if (kept == nullptr || gravity_of(verdict->verdict) > gravity_of(kept->verdict)) kept = verdict.get();
  }
  std::vector<WindowStanding> states(windows.size());
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (windows[i].empty()) continue;
    states[i].newest = windows[i].rbegin()->second;
    states[i].outcome = states[i].newest->verdict;
    for (auto at = windows[i].rbegin(); at != windows[i].rend() && is_broken(at->second->verdict); ++at) {
      if (at->second->has_span) states[i].failing_since = at->second->start;
    }
  }
  return states;
}

FoundWindows find_windows(const std::vector<KeptWindows>& streams, const WindowFilter& filter, RuleKind kind) {
  FoundWindows found;
  for (const KeptWindows& stream : streams) {
    for (const auto& [index, verdict] : stream.windows) {
      const RuleInfo& rule = stream.view.plan->window_rules[index].info;
      if (rule.kind != kind || (filter.rule && rule.id != *filter.rule)) continue;
      if (filter.since && verdict->end <= *filter.since) continue;
      found.windows.push_back({&stream.view, &rule, verdict.get()});
    }
  }
  std::reverse(found.windows.begin(), found.windows.end());  // of two verdicts on one window the later first
  std::stable_sort(found.windows.begin(), found.windows.end(),
                   [](const FoundWindow& a, const FoundWindow& b) { return a.verdict->end > b.verdict->end; });
  found.more = found.windows.size() > filter.limit;
  if (found.more) found.windows.resize(filter.limit);
  return found;
}

std::string_view word_of(StreamStatus::Phase phase) {
  switch (phase) {
    case StreamStatus::Phase::Starting: return "starting";
    case StreamStatus::Phase::Running: return "running";
    case StreamStatus::Phase::Draining: return "draining";
    case StreamStatus::Phase::Stopped: return "stopped";
    case StreamStatus::Phase::Failed: break;
  }
  return "failed";
}

std::string streams_json(const ShownInstance& instance, const std::vector<ShownStream>& streams) {
  JsonWriter json;
  json.begin_object().field("version", instance.version).field("pipeline", instance.pipeline);
  json.field("group", instance.group).field("instance", instance.instance);
  json.field("started", format_timestamp(instance.started)).field("now", format_timestamp(instance.now));
  json.key("streams").begin_array();
  for (const ShownStream& stream : streams) write_stream(json, stream);
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string rules_json(const std::vector<KeptWindows>& streams) {
  return list_json("rules", [&](JsonWriter& json) {
    for (const KeptWindows& stream : streams) {
      const std::vector<WindowStanding> states = window_states(stream);
      for (std::size_t i = 0; i < stream.view.rules.size(); ++i) write_record_rule(json, stream.view, i);
      for (std::size_t i = 0; i < states.size(); ++i) write_window_rule(json, stream.view, i, states[i]);
    }
  });
}

std::string windows_json(const std::vector<KeptWindows>& streams, const WindowFilter& filter, RuleKind kind) {
  const FoundWindows found = find_windows(streams, filter, kind);
  JsonWriter json;
  json.begin_object().key(kind == RuleKind::Drift ? "drift" : "windows").begin_array();
  for (const FoundWindow& one : found.windows) {
    json.begin_object();
    json.field("stream", one.stream->stream).field("rule", one.rule->id);
    if (kind == RuleKind::Drift) {
      write_text(json, "field", one.rule->field);
      json.field("test", one.rule->check);
    }
    write_window_members(json, *one.verdict);
    if (one.verdict->backfill) json.field("backfill", true);
    json.end_object();
  }
  json.end_array().field("more", found.more).end_object();
  return json.take() + "\n";
}

std::string quarantine_json(const std::vector<StreamView>& streams) {
  return list_json("quarantine", [&](JsonWriter& json) {
    for (const StreamView& stream : streams) write_quarantine(json, stream);
  });
}

std::string schemas_json(const std::vector<StreamView>& streams) {
  return list_json("schemas", [&](JsonWriter& json) {
    for (const StreamView& stream : streams) {
      for (auto seen = stream.schemas.rbegin(); seen != stream.schemas.rend(); ++seen)
        write_seen_schema(json, stream, **seen);
    }
  });
}

std::string assignments_json(const std::vector<StreamView>& streams) {
  return list_json("assignments", [&](JsonWriter& json) {
    for (const StreamView& stream : streams) {
      if (stream.status == nullptr) continue;
      for (const PartitionStatus& one : stream.status->partitions) write_assignment(json, stream, one);
    }
  });
}

}  // namespace weir
