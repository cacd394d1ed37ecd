// SPDX-License-Identifier: Apache-2.0
#include "app/top_plain.h"

#include <algorithm>
#include <chrono>

#include "app/command.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/timestamp.h"

namespace weir {
namespace {

// As wide in every look, so that lines of several looks stand under each other.
constexpr std::size_t kNameCells = 28;
constexpr std::size_t kStreamCells = 12;
constexpr std::size_t kCountCells = 9;
constexpr std::size_t kSinceCells = 20;

void pad(std::string& line, std::string_view text, std::size_t cells, bool right = false) {
  const std::size_t width = display_width(text);
  const std::string space(cells > width ? cells - width : 0, ' ');
  line += right ? space + std::string(text) : std::string(text) + space;
  line += "  ";
}

std::string seconds_of(const std::optional<Instant>& time) {
  return time ? format_timestamp(std::chrono::floor<std::chrono::seconds>(*time)) : "-";
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<Instant>& time) {
  json.key(name);
  time ? json.value(format_timestamp(*time)) : json.null();
}

void write_rate(JsonWriter& json, std::string_view name, const std::optional<double>& rate) {
  json.key(name);
  rate ? json.value(*rate) : json.null();
}

std::string json_word(TopState state) {
  std::string word(word_of(state));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return word;
}

void write_instance(JsonWriter& json, const TopLook& look) {
  json.begin_object().field("url", look.url).field("up", look.fault.empty());
  if (look.fault.empty()) {
    json.field("instance", look.instance).field("group", look.group).field("version", look.version);
    write_time(json, "started", look.started);
  } else {
    json.field("fault", look.fault);
    write_time(json, "away_since", look.away_since);
  }
  json.end_object();
}

void write_stream(JsonWriter& json, const TopStream& stream) {
  json.begin_object().field("stream", stream.name).field("state", json_word(stream.state)).field("phase", stream.phase);
  json.field("why", why_of(stream)).field("records", stream.records).field("quarantined", stream.quarantined);
  json.field("kept_out", stream.kept_out).field("undecodable", stream.undecodable).field("late", stream.late);
  json.key("lag");
  stream.lag ? json.value(*stream.lag) : json.null();
  write_rate(json, "records_per_second", stream.records_rate);
  write_rate(json, "quarantined_per_second", stream.quarantined_rate);
  write_time(json, "watermark", stream.watermark);
  json.key("instances").begin_array();
  for (const std::string& instance : stream.instances) json.value(instance);
  json.end_array().end_object();
}

void write_rule(JsonWriter& json, const TopRule& rule, Instant now) {
  json.begin_object().field("stream", rule.stream).field("id", rule.id).field("kind", rule.kind);
  json.field("state", json_word(rule.state)).field("why", why_of(rule, now));
  write_time(json, "since", rule.state <= TopState::Warn ? rule.since : std::nullopt);
  json.field("evaluated", rule.evaluated).field("failed", rule.failed).field("quarantined", rule.quarantined);
  write_time(json, "last_failed", rule.last_failed);
  json.end_object();
}

void write_alert(JsonWriter& json, const TopAlert& alert) {
  json.begin_object().field("stream", alert.stream).field("rule", alert.rule).field("segment", alert.segment);
  json.field("severity", alert.severity).field("silenced", alert.silenced);
  write_time(json, "since", alert.since);
  json.end_object();
}

}  // namespace

std::string plain_lines(const TopOverview& overview, std::size_t sort, std::string_view filter) {
  const TopSum sum = sum_up(overview);
  const std::string alerts = words_of_alerts(overview);
  std::string text = seconds_of(overview.now) + "  " + std::to_string(overview.answering()) + " of " +
                     std::to_string(overview.looks.size()) + " instances, records " + short_rate(sum.records_rate) +
                     ", lag " + (sum.lags_known == 0 ? "-" : with_commas(sum.lag)) + ": " + words_of(sum) +
                     (alerts.empty() ? "" : "; " + alerts) + "\n";
  TopTable table = table_of(overview, TopTab::Rules);
  sort_rows(table, sort, false);
  filter_rows(table, filter);
  const TopOverview::RuleIndex rules = overview.rule_index();
  for (const TopRow& row : table.rows) {
    std::string line;
    const auto known = row.leads == TopRow::Leads::ToRule ? rules.find({row.stream, row.name}) : rules.end();
    const TopRule* const rule = known == rules.end() ? nullptr : known->second;
    std::optional<Instant> since;
    if (rule != nullptr && rule->state <= TopState::Warn) since = rule->since;
    for (const TopLook& look : overview.looks) {
      if (row.leads == TopRow::Leads::ToInstance && look.url == row.name) since = look.away_since;
    }
    pad(line, word_of(row.state), 6);
    pad(line, row.cells[0].text, kNameCells);
    pad(line, row.cells[1].text.empty() ? "-" : row.cells[1].text, kStreamCells);
    pad(line, rule == nullptr ? "-" : with_commas(rule->failed), kCountCells, true);
    pad(line, seconds_of(since), kSinceCells);
    text += line + row.why + "\n";
  }
  return text;
}

std::string json_line(const TopOverview& overview) {
  JsonWriter json;
  json.begin_object().field("at", format_timestamp(overview.now)).field("exit", exit_of(overview));
  json.key("instances").begin_array();
  for (const TopLook& look : overview.looks) write_instance(json, look);
  json.end_array().key("streams").begin_array();
  for (const TopStream& stream : overview.streams) write_stream(json, stream);
  json.end_array().key("rules").begin_array();
  for (const TopRule& rule : overview.rules) write_rule(json, rule, overview.judged_at);
  json.end_array().key("alerts").begin_array();
  for (const TopAlert& alert : overview.alerts) write_alert(json, alert);
  json.end_array().field("alerts_left_out", overview.alerts_left_out).end_object();
  return json.take() + "\n";
}

int exit_of(const TopOverview& overview) {
  if (overview.answering() == 0) return ExitCode::kUnjudged;
  return sum_up(overview).red() > 0 ? ExitCode::kFailed : ExitCode::kHolds;
}

}  // namespace weir
