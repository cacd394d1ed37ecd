// SPDX-License-Identifier: Apache-2.0
// Tests of elementary: a measure against its own past. weir keeps the past of a measure between runs (`--state`).
#include "import/dbt_test.h"
#include "import/words.h"

namespace weir {
namespace {

constexpr const char* kNeedsPast =
    "Compares with earlier runs, which weir keeps with --state; elementary makes buckets of days out of one table.";

void against_past(DbtTest& test, const std::string& measure) {
  const std::string sensitivity =
      test.argument("anomaly_sensitivity").text_or(test.argument("sensitivity").text_or("3"));
  const std::string days = test.argument("days_back").text_or("14");
  const std::string direction = test.argument("anomaly_direction").text_or();
  if (!is_number(sensitivity) || !is_number(days)) return test.leave_out("`anomaly_sensitivity` is no number");
  const std::string score = "z_score(" + measure + ", " + days + ")";
  const std::string bound = direction == "drop"    ? score + " >= -" + sensitivity
                            : direction == "spike" ? score + " <= " + sensitivity
                                                   : "abs(" + score + ") <= " + sensitivity;
  test.judge_window(bound, false);
  test.draft.note(kNeedsPast);
}

std::string measure_of(std::string_view monitor, const std::string& field) {
  if (monitor == "null_count") return "count(" + field + " == null)";
  if (monitor == "null_percent") return "missing_rate(" + field + ")";
  if (monitor == "zero_count") return "count(" + field + " == 0)";
  if (monitor == "zero_percent") return "zero_rate(" + field + ")";
  if (monitor == "average") return "mean(" + field + ")";
  if (monitor == "standard_deviation") return "stddev(" + field + ")";
  if (monitor == "missing_count") return "count(" + field + " == null || " + field + " == \"\")";
  if (monitor == "average_length") return "mean_length(" + field + ")";
  for (const std::string_view same : {"min", "max", "sum", "variance", "min_length", "max_length"}) {
    if (monitor == same) return std::string(same) + "(" + field + ")";
  }
  return "";
}

void column_anomalies(DbtTest& test) {
  std::vector<std::string> monitors = test.argument("column_anomalies").texts();
  if (monitors.empty()) monitors = {"null_count", "null_percent"};
  for (const std::string& monitor : monitors) {
    const std::string measure = measure_of(monitor, field_in_expression(test.column));
    if (measure.empty()) return test.leave_out("the monitor `" + one_line(monitor, 40) + "` has no measure in weir");
    against_past(test, measure);
  }
}

}  // namespace

bool translate_elementary_test(DbtTest& test) {
  if (test.package != "elementary") return false;
  const std::string& name = test.name;
  const std::string time = field_in_expression(
      dbt_path(test.argument("timestamp_column").text_or(test.argument("event_timestamp_column").text_or())));
  if (name == "volume_anomalies" || name == "table_anomalies") {
    against_past(test, "row_count");
  } else if ((name == "freshness_anomalies" || name == "event_freshness_anomalies") && !time.empty()) {
    against_past(test, "freshness(" + time + ")");
  } else if (name == "column_anomalies" && !test.column.empty()) {
    column_anomalies(test);
  } else if (name == "schema_changes") {
    test.judge_window("schema == last", false);
    test.draft.note(kNeedsPast);
  } else if (name == "dimension_anomalies") {
    test.leave_out("weir has segments by a field for windows: segment: [field] with z_score(row_count, 14)");
  } else if (name == "all_columns_anomalies") {
    test.leave_out("weir has no rule about every field at once; column_anomalies of single columns are carried over");
  } else {
    test.leave_out("a test of elementary that weir does not know, or one without `timestamp_column`");
  }
  return true;
}

}  // namespace weir
