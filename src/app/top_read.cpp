// SPDX-License-Identifier: Apache-2.0
// The JSON of /api/v1 as values. Whoever answers may be anybody: what is missing or of another kind is left as if it were
// not said, and no list is longer than what a screen is good for.
#include <algorithm>
#include <charconv>

#include "app/top_model.h"
#include "base/decimal.h"
#include "base/timestamp.h"

namespace weir {
namespace {

constexpr std::size_t kMostOfAList = 20'000;
constexpr std::size_t kMostFindings = 20;
constexpr std::chrono::minutes kQuiet(5);  // without a failure for longer, a record rule is well again

std::string text_of(const JsonValue& object, std::string_view name) {
  const JsonValue* const found = object.find(name);
  return found != nullptr && found->type == JsonValue::Type::Text ? found->text : "";
}

bool flag_of(const JsonValue& object, std::string_view name) {
  const JsonValue* const found = object.find(name);
  return found != nullptr && found->type == JsonValue::Type::Boolean && found->boolean;
}

template <class Number>
std::optional<Number> number_of(const JsonValue& object, std::string_view name) {
  const JsonValue* const found = object.find(name);
  if (found == nullptr || found->type != JsonValue::Type::Number) return std::nullopt;
  Number number{};
  const char* const end = found->text.data() + found->text.size();
  const auto [stopped, fault] = std::from_chars(found->text.data(), end, number);
  return fault == std::errc() && stopped == end ? std::optional(number) : std::nullopt;
}

std::uint64_t count_of(const JsonValue& object, std::string_view name) {
  return number_of<std::uint64_t>(object, name).value_or(0);
}

std::optional<Instant> time_of(const JsonValue& object, std::string_view name) {
  return parse_timestamp(text_of(object, name));
}

const JsonValue* member_of(const JsonValue& object, std::string_view name, JsonValue::Type type) {
  const JsonValue* const found = object.find(name);
  return found != nullptr && found->type == type ? found : nullptr;
}

/// Calls `take` for each object of a list.
template <class Take>
void each_of(const JsonValue& object, std::string_view name, const Take& take) {
  const JsonValue* const list = member_of(object, name, JsonValue::Type::Array);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < std::min(list->items.size(), kMostOfAList); ++i) {
    if (list->items[i].type == JsonValue::Type::Object) take(list->items[i]);
  }
}

template <class Take>
Status read_list(const JsonValue& answer, std::string_view name, const Take& take) {
  if (member_of(answer, name, JsonValue::Type::Array) == nullptr)
    return Error{.message = "it answers, but not as weir does: there is no `" + std::string(name) + "`"};
  each_of(answer, name, take);
  return Done{};
}

TopState state_of(std::string_view outcome) {
  if (outcome == "fail") return TopState::Fail;
  if (outcome == "warn") return TopState::Warn;
  if (outcome == "error") return TopState::Error;
  if (outcome == "inconclusive") return TopState::Unsure;
  if (outcome == "pass") return TopState::Pass;
  return TopState::NoData;
}

std::string written(const JsonValue& value) {
  switch (value.type) {
    case JsonValue::Type::Null: return "";
    case JsonValue::Type::Boolean: return value.boolean ? "true" : "false";
    case JsonValue::Type::Number:
    case JsonValue::Type::Text: return value.text;
    case JsonValue::Type::Array:
    case JsonValue::Type::Object: break;
  }
  std::string text;
  for (const JsonValue& item : value.items) text += (text.empty() ? "" : ", ") + written(item);
  return text;
}

std::string segment_of(const JsonValue& window) {
  const JsonValue* const segment = member_of(window, "segment", JsonValue::Type::Object);
  if (segment == nullptr) return "";
  std::string text;
  for (const auto& [name, value] : segment->members) {
    text += (text.empty() ? "" : ", ") + name + "=" + (value.type == JsonValue::Type::Null ? "null" : written(value));
  }
  return text;
}

TopWindow window_of(const JsonValue& object) {
  TopWindow window;
  window.stream = text_of(object, "stream");
  window.rule = text_of(object, "rule");
  window.field = text_of(object, "field");
  if (const JsonValue* const span = member_of(object, "window", JsonValue::Type::Object)) {
    window.start = time_of(*span, "start");
    window.end = time_of(*span, "end");
  }
  window.segment = segment_of(object);
  window.state = state_of(text_of(object, "outcome"));
  if (const JsonValue* const observed = object.find("observed")) {
    window.observed = written(*observed);
    if (observed->type == JsonValue::Type::Number) {
      if (const std::optional<Decimal> number = Decimal::parse(observed->text)) window.number = number->to_double();
    }
  }
  window.expected = text_of(object, "expected");
  window.cause = text_of(object, "cause");
  for (const auto& [name, word] :
       {std::pair("partial", "partial"), std::pair("revised", "revised"), std::pair("by_clock", "by the clock"),
        std::pair("warming", "warming"), std::pair("backfill", "history")}) {
    if (flag_of(object, name)) window.remarks += (window.remarks.empty() ? "" : ", ") + std::string(word);
  }
  if (const JsonValue* const drift = member_of(object, "drift", JsonValue::Type::Object)) {
    window.is_drift = true;
    each_of(*drift, "findings", [&](const JsonValue& finding) {
      if (window.findings.size() < kMostFindings) window.findings.push_back(text_of(finding, "text"));
    });
  }
  return window;
}

/// A record rule counts from the start of the process: what matters at night is whether it still fails.
TopState state_of_record_rule(const TopRule& rule, TopState outcome, const std::optional<Instant>& now) {
  if (outcome != TopState::Fail && outcome != TopState::Warn) return outcome;
  const bool quiet = now && rule.last_failed && *now - *rule.last_failed > kQuiet;
  return quiet ? TopState::Past : outcome;
}

TopRule rule_of(const JsonValue& object, const TopLook& look) {
  TopRule rule;
  rule.stream = text_of(object, "stream");
  rule.id = text_of(object, "id");
  rule.kind = text_of(object, "kind");
  rule.field = text_of(object, "field");
  rule.check = text_of(object, "check");
  rule.severity = text_of(object, "severity");
  rule.on_fail = text_of(object, "on_fail");
  rule.expected = text_of(object, "expected");
  rule.when = text_of(object, "when");
  rule.description = text_of(object, "description");
  rule.runbook = text_of(object, "runbook");
  if (const JsonValue* const tags = member_of(object, "tags", JsonValue::Type::Array)) {
    for (const JsonValue& tag : tags->items) rule.tags.push_back(written(tag));
  }
  rule.evaluated = count_of(object, "evaluated");
  rule.failed = count_of(object, "failed");
  rule.skipped = count_of(object, "skipped");
  rule.quarantined = count_of(object, "quarantined");
  rule.no_data = count_of(object, "no_data");
  rule.last_failed = time_of(object, "last_failed");
  rule.since = time_of(object, "failing_since");
  if (const JsonValue* const newest = member_of(object, "newest", JsonValue::Type::Object)) {
    rule.newest = window_of(*newest);
    rule.newest->is_drift = rule.kind == "drift";
  }
  rule.state = state_of(text_of(object, "outcome"));
  if (rule.kind == "record") rule.state = state_of_record_rule(rule, rule.state, look.now);
  if (rule.failed > 0) rule.failed_at.emplace_back(look.instance, rule.failed);
  return rule;
}

TopStream stream_of(const JsonValue& object, const TopLook& look) {
  TopStream stream;
  stream.name = text_of(object, "stream");
  stream.phase = text_of(object, "phase");
  stream.instances = {look.instance};
  each_of(object, "not_ready", [&](const JsonValue& one) {
    stream.not_ready.push_back(text_of(one, "name") + ": " + text_of(one, "reason"));
  });
  each_of(object, "troubles", [&](const JsonValue& one) {
    stream.troubles.push_back({.event = text_of(one, "event"),
                               .message = text_of(one, "message"),
                               .at = time_of(one, "at"),
                               .times = count_of(one, "times")});
  });
  stream.records = count_of(object, "records");
  stream.undecodable = count_of(object, "undecodable");
  stream.quarantined = count_of(object, "quarantined");
  stream.kept_out = count_of(object, "kept_out");
  stream.late = count_of(object, "late");
  stream.rebalances = count_of(object, "rebalances");
  stream.samples_per_rule = count_of(object, "samples_per_rule");
  stream.lag = number_of<std::uint64_t>(object, "lag");
  stream.watermark = time_of(object, "watermark");
  // A stream that is starting or ends as it was told to is not ready either, and nobody's trouble.
  const bool stuck = std::any_of(stream.not_ready.begin(), stream.not_ready.end(),
                                 [](const std::string& reason) { return !reason.starts_with("running: "); });
  stream.state = stream.phase == "failed"    ? TopState::Error
                 : stuck                     ? TopState::Stuck
                 : stream.phase == "running" ? TopState::Pass
                                             : TopState::NoData;
  return stream;
}

}  // namespace

Status read_streams(const JsonValue& answer, TopLook& look) {
  look.instance = text_of(answer, "instance");
  if (look.instance.empty()) look.instance = look.url;
  look.group = text_of(answer, "group");
  look.pipeline = text_of(answer, "pipeline");
  look.version = text_of(answer, "version");
  look.started = time_of(answer, "started");
  look.now = time_of(answer, "now");
  return read_list(answer, "streams", [&](const JsonValue& one) { look.streams.push_back(stream_of(one, look)); });
}

Status read_rules(const JsonValue& answer, TopLook& look) {
  return read_list(answer, "rules", [&](const JsonValue& one) { look.rules.push_back(rule_of(one, look)); });
}

Status read_assignments(const JsonValue& answer, TopLook& look) {
  std::map<std::string, TopStream*> streams;
  for (TopStream& stream : look.streams) streams.emplace(stream.name, &stream);
  return read_list(answer, "assignments", [&](const JsonValue& one) {
    const auto stream = streams.find(text_of(one, "stream"));
    if (stream == streams.end()) return;
    TopPartition partition;
    partition.topic = text_of(one, "topic");
    partition.number = number_of<std::int64_t>(one, "partition").value_or(0);
    partition.instance = look.instance;
    partition.next_offset = number_of<std::int64_t>(one, "next_offset");
    partition.lag = number_of<std::int64_t>(one, "lag");
    partition.watermark = time_of(one, "watermark");
    for (const auto& [name, word] : {std::pair("paused", "paused"), std::pair("caught_up", "caught up"),
                                     std::pair("idle", "idle"), std::pair("partial", "partial")}) {
      if (flag_of(one, name)) partition.remarks += (partition.remarks.empty() ? "" : ", ") + std::string(word);
    }
    stream->second->partitions.push_back(std::move(partition));
  });
}

Status read_quarantine(const JsonValue& answer, TopLook& look) {
  std::map<std::pair<std::string, std::string>, std::vector<TopSample>> samples;  // by stream and rule
  const Status read = read_list(answer, "quarantine", [&](const JsonValue& one) {
    const std::string stream = text_of(one, "stream");
    each_of(one, "samples", [&](const JsonValue& sample) {
      samples[{stream, text_of(sample, "rule")}].push_back({.place = text_of(sample, "topic") + "/" +
                                                                     std::to_string(count_of(sample, "partition")) +
                                                                     "@" + std::to_string(count_of(sample, "offset")),
                                                            .value = text_of(sample, "value"),
                                                            .reason = text_of(sample, "reason"),
                                                            .at = time_of(sample, "at")});
    });
  });
  for (TopRule& rule : look.rules) {
    const auto found = samples.find({rule.stream, rule.id});
    if (found == samples.end()) continue;
    rule.samples = std::move(found->second);
    std::reverse(rule.samples.begin(), rule.samples.end());
  }
  return read;
}

Status read_alerts(const JsonValue& answer, TopLook& look) {
  if (answer.members.empty()) return Done{};
  look.alerts_left_out = count_of(answer, "left_out");
  return read_list(answer, "alerts", [&](const JsonValue& one) {
    if (text_of(one, "state") != "firing") return;
    TopAlert& alert = look.alerts.emplace_back();
    alert.fingerprint = text_of(one, "fingerprint");
    alert.stream = text_of(one, "stream");
    alert.rule = text_of(one, "rule");
    alert.segment = segment_of(one);
    alert.severity = text_of(one, "severity");
    alert.since = time_of(one, "starts_at");
    alert.silenced = flag_of(one, "silenced");
    alert.why = text_of(one, "silenced_why");
    each_of(one, "told", [&](const JsonValue& told) {
      if (text_of(told, "state") == "firing") alert.heard.push_back(text_of(told, "receiver"));
    });
  });
}

Status read_windows(const JsonValue& answer, TopLook& look) {
  const bool drift = answer.find("drift") != nullptr;
  return read_list(answer, drift ? "drift" : "windows", [&](const JsonValue& one) {
    look.windows.push_back(window_of(one));
    look.windows.back().is_drift = drift;
  });
}

}  // namespace weir
