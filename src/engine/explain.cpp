// SPDX-License-Identifier: Apache-2.0
// Why a record failed, in words. Only for failing records that somebody will see.
#include <algorithm>

#include "base/text.h"
#include "base/timestamp.h"
#include "engine/passes.h"

namespace weir {

namespace {

constexpr std::size_t kShownRecordBytes = 64;

bool hides_values(const Plan& plan) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    if (plan.fields[i].redacted) return true;
  }
  return false;
}

Reason explain_decode(const Plan& plan, const Batch& batch, std::uint32_t row) {
  const auto failure = std::lower_bound(batch.failures.begin(), batch.failures.end(), row,
                                        [](const DecodeFailure& f, std::uint32_t wanted) { return f.row < wanted; });
  Reason reason{.code = std::string(failure->code),
                .message = failure->reason + " at byte " + std::to_string(failure->at),
                .value = "***"};
  if (!hides_values(plan)) reason.value = shorten(batch.origins[row].bytes, kShownRecordBytes);
  return reason;
}

Reason explain_extra_fields(const Batch& batch, std::uint32_t row) {
  std::string names;
  for (const ExtraField& extra : batch.extra_fields) {
    if (extra.row != row) continue;
    names += (names.empty() ? "`" : ", `") + shorten(extra.name, kShownRecordBytes) + "`";
  }
  return Reason{.code = "extra_fields", .message = "no rule names the field " + names, .value = names};
}

Reason explain_time(const Plan& plan, const Judged& judged, std::uint32_t row) {
  const std::vector<std::uint32_t> columns = {static_cast<std::uint32_t>(plan.time.column)};
  const std::string field = plan.fields[columns[0]].path.text();
  const Column& column = judged.batch.columns[columns[0]];
  const Subject subject{
      .batch = judged.batch, .fields = plan.fields, .columns = columns, .now = judged.now, .memory = nullptr};
  if (column.repeated())
    return Reason{.code = "time", .message = field + " has several values: a record happens once", .value = ""};
  const std::string value = show(subject, row);
  if (!is_missing(column.kinds[row]))
    return Reason{.code = "time", .message = value + " is no time, so the record lies in no window", .value = value};
  const std::string what = column.kinds[row] == Kind::Null ? "null" : "absent";
  return Reason{.code = "time", .message = field + " is " + what + ", so the record lies in no window", .value = what};
}

Reason explain_late(const Judged& judged, std::uint32_t row) {
  const std::string time = format_timestamp(judged.times[row]);
  return Reason{.code = "late",
                .message = "it happened at " + time + ", and came when a window of that time was over",
                .value = time};
}

}  // namespace

std::string element_path(const RecordRule& rule, const Batch& batch, std::size_t element) {
  const Column* const column = element_column(rule, batch);
  if (column == nullptr) return rule.info.field;
  const std::size_t at = rule.info.field.find("[]");
  if (at == std::string::npos || rule.info.field.find("[]", at + 1) != std::string::npos) return rule.info.field;
  std::size_t place = 0;
  while (element > place && column->rows[element - place - 1] == column->rows[element]) ++place;
  return rule.info.field.substr(0, at + 1) + std::to_string(place) + rule.info.field.substr(at + 1);
}

Reason explain(const Plan& plan, const Judged& judged, const Broken& broken, Memory* memory) {
  const RecordRule& rule = plan.rules[broken.rule];
  if (rule.check == nullptr) {
    if (broken.rule == plan.decode_rule) return explain_decode(plan, judged.batch, broken.row);
    if (broken.rule == plan.extra_fields_rule) return explain_extra_fields(judged.batch, broken.row);
    if (broken.rule == plan.time_rule) return explain_time(plan, judged, broken.row);
    if (broken.rule == plan.late_rule) return explain_late(judged, broken.row);
    return Reason{
        .code = "duplicate_keys", .message = "an object holds the same key twice; the last one was taken", .value = ""};
  }
  if (!rule.sees_nulls && rule.nulls_fail) {
    for (const std::uint32_t index : rule.columns) {
      const Column& column = judged.batch.columns[index];
      const Column* const elements = element_column(rule, judged.batch);
      const std::size_t at = column.repeated() || elements == nullptr ? broken.element : elements->rows[broken.element];
      if (!is_missing(column.kinds[at])) continue;
      const std::string what = column.kinds[at] == Kind::Null ? "null" : "absent";
      return Reason{.code = "null",
                    .message = plan.fields[index].path.text() + " is " + what + ", and `nulls: fail` wants a value",
                    .value = what};
    }
  }
  return rule.check->explain(subject_of(rule, plan, judged, memory), broken.element);
}

}  // namespace weir
