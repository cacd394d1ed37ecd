// SPDX-License-Identifier: Apache-2.0
#include "app/quarantine_statistics.h"

#include <algorithm>
#include <vector>

#include "app/quarantine_listing.h"
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "report/columns.h"
#include "report/words.h"

namespace weir {
namespace {

using Group = QuarantineTally::Group;
using Rule = std::pair<std::string, const Group*>;

constexpr std::size_t kReasons = 10;
constexpr std::size_t kRulesOverTime = 10;
constexpr std::size_t kNamePoints = 100;

/// The most frequent first.
std::vector<Rule> rules_of(const QuarantineTally& tally) {
  std::vector<Rule> rules;
  for (const auto& [name, group] : tally.rules()) rules.emplace_back(name, &group);
  std::stable_sort(rules.begin(), rules.end(),
                   [](const Rule& a, const Rule& b) { return a.second->records > b.second->records; });
  return rules;
}

std::string rule_table(const QuarantineTally& tally, const std::vector<Rule>& rules, const StatisticsOptions& options) {
  const bool timed = tally.all().first.has_value();
  std::vector<TableColumn> columns = {{.head = "RULE", .least = 12},
                                      {.head = "RECORDS", .number = true},
                                      {.head = "SHARE", .number = true},
                                      {.head = "SENT", .number = true}};
  if (timed) columns.insert(columns.end(), {{.head = "FIRST (UTC)"}, {.head = "LAST (UTC)"}});
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, group] : rules) {
    std::vector<std::string>& row = rows.emplace_back();
    row = {visible(name, kNamePoints), with_commas(group->records), share_of(group->records, tally.all().records),
           with_commas(group->sent)};
    if (timed) row.insert(row.end(), {short_time(group->first, options.now), short_time(group->last, options.now)});
  }
  return table_of(columns, rows, options.width);
}

std::string reason_table(const QuarantineTally& tally, std::size_t width) {
  const std::vector<QuarantineTally::Reason> reasons = tally.reasons();
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < std::min(reasons.size(), kReasons); ++i) {
    const auto& [names, records] = reasons[i];
    rows.push_back({visible(names.first, kNamePoints), visible(names.second, kNamePoints), with_commas(records)});
  }
  if (rows.empty()) return "";
  std::string out = table_of(
      {{.head = "CODE", .least = 8}, {.head = "FIELD", .least = 8}, {.head = "TIMES", .number = true}}, rows, width);
  if (reasons.size() > kReasons) out += "and " + with_commas(reasons.size() - kReasons) + " more\n";
  return out + "\n";
}

std::string stage_line(const QuarantineTally& tally) {
  std::string line;
  for (const auto& [stage, records] : tally.stages()) {
    line += (line.empty() ? "stages: " : ", ") + visible(stage, kNamePoints) + " " + with_commas(records);
  }
  return line + "\n\n";
}

std::string over_time(const QuarantineTally& tally, const std::vector<Rule>& rules, const StatisticsOptions& options) {
  const std::vector<double> all = tally.over_time(tally.all());
  if (all.empty()) return "";
  const Instant first = tally.first_step();
  const auto at = [&](std::size_t step) {
    return short_time(first + tally.step() * static_cast<std::int64_t>(step), options.now);
  };
  if (options.all_steps) {
    const double most = *std::max_element(all.begin(), all.end());
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < all.size(); ++i) {
      rows.push_back({at(i), with_commas(static_cast<std::uint64_t>(all[i])),
                      bar(most > 0 ? all[i] / most : 0, 24, options.unicode)});
    }
    return table_of({{.head = "FROM (UTC)"}, {.head = "RECORDS", .number = true}, {.head = ""}}, rows, options.width);
  }
  std::string out =
      "over time, from " + at(0) + " to " + at(all.size()) + " in steps of " + format_duration(tally.step()) + "\n";
  std::vector<std::vector<std::string>> rows;
  const auto add = [&](const std::string& name, const Group& group) {
    const std::vector<double> counts = tally.over_time(group);
    const double most = *std::max_element(counts.begin(), counts.end());
    rows.push_back({visible(name, kNamePoints), sparkline(counts, options.unicode, 0),
                    "at most " + with_commas(static_cast<std::uint64_t>(most))});
  };
  add("all", tally.all());
  for (std::size_t i = 0; i < std::min(rules.size(), kRulesOverTime); ++i) {
    if (rules.size() > 1) add(rules[i].first, *rules[i].second);
  }
  // Without a head: the line above says what it is.
  const std::string table = table_of({{.head = "", .least = 12}, {.head = ""}, {.head = ""}}, rows, options.width);
  return out + table.substr(table.find('\n') + 1);
}

void write_group(JsonWriter& json, const Group& group, const QuarantineTally& tally) {
  json.field("records", group.records).field("sent_back", group.sent);
  if (group.first) json.field("first", format_timestamp(*group.first)).field("last", format_timestamp(*group.last));
  json.key("steps").begin_array();
  for (const double count : tally.over_time(group)) json.value(static_cast<std::uint64_t>(count));
  json.end_array();
}

}  // namespace

std::string statistics_text(const QuarantineTally& tally, const StatisticsOptions& options) {
  const std::vector<Rule> rules = rules_of(tally);
  return rule_table(tally, rules, options) + "\n" + stage_line(tally) + reason_table(tally, options.width) +
         over_time(tally, rules, options);
}

std::string statistics_json(const QuarantineTally& tally, const QuarantineInput& input,
                            const QuarantineCounts& counts) {
  JsonWriter json(true);
  json.begin_object();
  json.field("quarantine", input.name);
  write_group(json, tally.all(), tally);
  if (!tally.all().steps.empty()) {
    json.field("step", format_duration(tally.step())).field("steps_from", format_timestamp(tally.first_step()));
  }
  json.field("twice", tally.twice()).field("not_quarantined", counts.strangers).field("newer", counts.newer);
  json.key("rules").begin_array();
  for (const auto& [name, group] : rules_of(tally)) {
    json.begin_object().field("rule", name);
    json.field("share", static_cast<double>(group->records) / static_cast<double>(tally.all().records));
    write_group(json, *group, tally);
    json.end_object();
  }
  json.end_array();
  json.key("stages").begin_array();
  for (const auto& [stage, records] : tally.stages()) {
    json.begin_object().field("stage", stage).field("records", records).end_object();
  }
  json.end_array();
  json.key("reasons").begin_array();
  for (const auto& [names, times] : tally.reasons()) {
    json.begin_object().field("code", names.first).field("path", names.second).field("times", times).end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace weir
