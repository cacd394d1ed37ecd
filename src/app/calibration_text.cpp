// SPDX-License-Identifier: Apache-2.0
// A calibration for people, as YAML and for programs.
#include <algorithm>
#include <array>

#include "app/calibration.h"
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "report/comparison.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kNameMost = 36;

std::string rate_of(double rate, const CountInterval& interval) {
  return figure(rate) + " (" + figure(interval.low) + " to " + figure(interval.high) + ")";
}

void write_rate(JsonWriter& json, double rate, const CountInterval& interval) {
  json.field("alarms_per_day", rate).field("low", interval.low).field("high", interval.high);
}

using Row = std::array<std::string, 9>;

std::vector<Row> rows_of(const Calibration& calibration) {
  std::vector<Row> rows = {
      {"RULE", "WINDOWS", "DRIFTED", "ALARMS", "A DAY (95 %)", "TEST", "WORST", "TOLERANCE", "1 IN 30 DAYS"}};
  for (const RuleCalibration& rule : calibration.rules) {
    Row row;
    row[0] = fit(visible(rule.rule->id), kNameMost);
    row[1] = with_commas(rule.windows);
    row[2] = with_commas(rule.drifted);
    row[3] = with_commas(rule.alarms);
    row[4] = rule.days > 0 ? rate_of(rule.alarms_per_day(), rule.per_day) : "unknown";
    for (const TestCalibration& test : rule.tests) {
      row[5] = test.test;
      row[6] = figure(test.worst);
      row[7] = figure(test.tolerance);
      row[8] = test.proposed ? figure(*test.proposed) : "as it is";
      rows.push_back(row);
      row = {};
    }
    if (rule.tests.empty()) rows.push_back(row);
  }
  return rows;
}

std::string aligned(const std::vector<Row>& rows) {
  std::array<std::size_t, 9> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool number = (i >= 1 && i <= 3) || i >= 6;
      const std::string blanks(widths[i] - display_width(row[i]), ' ');
      line += (i == 0 ? "" : "  ") + (number ? blanks + row[i] : row[i] + blanks);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

/// What the figures rest on, and how far they can be trusted.
std::vector<std::string> remarks_of(const Calibration& calibration, const DriftReplay& replay) {
  std::vector<std::string> remarks = replay.notes;
  if (replay.parts > 0)
    remarks.push_back("rules that compare with a file were judged on each of " + std::to_string(replay.parts) +
                      " parts of the time against a reference made of the other parts, so that the figures hold of "
                      "fresh data of the same kind");
  if (calibration.days > 0 && calibration.days < 1)
    remarks.push_back("the windows judged are only " + figure(24 * calibration.days) +
                      " hours: what a day brings (its nights, its peaks) is not among them, and the interval is wide");
  else if (calibration.days > 0 && calibration.days < 7)
    remarks.push_back("the windows judged are " + figure(calibration.days) +
                      " days: what comes once a week is not among them");
  for (const RuleCalibration& rule : calibration.rules) {
    if (rule.windows > 0) continue;
    remarks.push_back(rule.rule->id + ": no window could be judged, " +
                      counted(rule.rule->unanswered, "window", "windows") + " without data or reference");
  }
  return remarks;
}

}  // namespace

std::string calibration_table(const Calibration& calibration, const DriftReplay& replay) {
  std::string out = counted(replay.records, "record", "records") + ", " + format_timestamp(replay.from) + " to " +
                    format_timestamp(replay.to) + "\n\n" + aligned(rows_of(calibration)) + "\n";
  if (calibration.days > 0)
    out += "all rules together: " + rate_of(calibration.alarms_per_day, calibration.per_day) +
           " false alarms a day expected, from " + counted(calibration.alarms, "alarm", "alarms") + " in " +
           figure(calibration.days) + " days\n";
  for (const std::string& remark : remarks_of(calibration, replay)) out += "note: " + visible(remark) + "\n";
  return out;
}

std::string proposed_yaml(const Calibration& calibration) {
  std::string out;
  for (const RuleCalibration& rule : calibration.rules) {
    std::string tolerance;
    for (const TestCalibration& test : rule.tests) {
      if (test.proposed) tolerance += (tolerance.empty() ? "" : ", ") + test.test + ": " + figure(*test.proposed);
    }
    if (tolerance.empty()) continue;
    std::string paths;
    for (const std::string& path : rule.rule->paths) paths += (paths.empty() ? "" : ", ") + json_quote(path);
    out += "  - fields: [" + paths + "]  # " + visible(rule.rule->id) + "\n    tolerance: {" + tolerance + "}\n";
  }
  if (out.empty()) return out;
  return "# at most one false alarm a rule in 30 days, as far as these data can say\ndrift:\n" + out;
}

std::string calibration_json(const Calibration& calibration, const DriftReplay& replay, std::string_view rules) {
  JsonWriter json(true);
  json.begin_object();
  json.field("weir", WEIR_VERSION).field("rules_file", rules);
  json.field("records", replay.records);
  json.field("from", format_timestamp(replay.from)).field("to", format_timestamp(replay.to));
  json.field("parts", static_cast<std::uint64_t>(replay.parts));
  json.field("days", calibration.days).field("alarms", calibration.alarms);
  write_rate(json, calibration.alarms_per_day, calibration.per_day);
  json.key("rules").begin_array();
  for (const RuleCalibration& rule : calibration.rules) {
    json.begin_object();
    json.field("rule", rule.rule->id);
    json.key("fields").begin_array();
    for (const std::string& path : rule.rule->paths) json.value(path);
    json.end_array();
    json.field("reference", rule.rule->reference).field("held_out", rule.rule->held_out);
    json.field("windows", rule.windows).field("unanswered", rule.rule->unanswered);
    json.field("drifted", rule.drifted).field("inconclusive", rule.inconclusive);
    json.field("alarms", rule.alarms).field("days", rule.days);
    write_rate(json, rule.alarms_per_day(), rule.per_day);
    json.key("tests").begin_array();
    for (const TestCalibration& test : rule.tests) {
      json.begin_object();
      json.field("test", test.test).field("tolerance", test.tolerance).field("worst_effect", test.worst);
      json.field("significant_windows", test.significant);
      json.key("proposed");
      test.proposed ? json.value(*test.proposed) : json.null();
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.key("notes").begin_array();
  for (const std::string& remark : remarks_of(calibration, replay)) json.value(remark);
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace weir
