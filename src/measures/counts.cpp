// SPDX-License-Identifier: Apache-2.0
// How many records there are, and how many of them a rule or an expression holds for.
#include "measures/measured_of.h"
#include "measures/registry.h"

namespace weir {

namespace {

Measured throughput(const MeasureInput& input) {
  if (!input.has_span || input.end <= input.start) return no_data("the window has no length");
  const double seconds = std::chrono::duration<double>(input.end - input.start).count();
  return Measured::of(static_cast<double>(input.rows) / seconds);
}

Measured hit_count(const MeasureInput& input) {
  return count(input.tally.hits);
}

constexpr std::string_view kNothingJudged = "the rule judged no record";

}  // namespace

const MeasureSpec kRowCountMeasure = {
    .name = "row_count",
    .summary = "How many records the window holds.",
    .signature = "",
    .result = MeasureResult::Count,
    .source = MeasureSource::Rows,
    .compute = [](const MeasureInput& input) { return count(input.rows); },
};

const MeasureSpec kThroughputMeasure = {
    .name = "throughput",
    .summary = "Records a second of the window's length.",
    .signature = "",
    .result = MeasureResult::Number,
    .source = MeasureSource::Rows,
    .compute = throughput,
};

const MeasureSpec kFailCountMeasure = {
    .name = "fail_count",
    .summary = "Records that failed the rule of that id.",
    .signature = "text",
    .result = MeasureResult::Count,
    .source = MeasureSource::Rule,
    .compute = hit_count,
};

const MeasureSpec kFailRateMeasure = {
    .name = "fail_rate",
    .summary = "Share of the records judged that failed the rule of that id.",
    .signature = "text",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Rule,
    .compute = [](const MeasureInput& input) { return share(input.tally.hits, input.tally.known, kNothingJudged); },
};

const MeasureSpec kPassRateMeasure = {
    .name = "pass_rate",
    .summary = "Share of the records judged that passed the rule of that id.",
    .signature = "text",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Rule,
    .compute =
        [](const MeasureInput& input) {
          return share(input.tally.known - input.tally.hits, input.tally.known, kNothingJudged);
        },
};

const MeasureSpec kCountMeasure = {
    .name = "count",
    .summary = "Records for which the expression is true.",
    .signature = "expression",
    .result = MeasureResult::Count,
    .source = MeasureSource::Condition,
    .compute = hit_count,
};

const MeasureSpec kRateMeasure = {
    .name = "rate",
    .summary = "Share of records for which the expression is true, of those for which it is known.",
    .signature = "expression",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Condition,
    .compute =
        [](const MeasureInput& input) {
          return share(input.tally.hits, input.tally.known, "the expression is known for no record");
        },
};

const MeasureSpec kScoreMeasure = {
    .name = "score",
    .summary = "Share of the rules that hold: the quality score.",
    .signature = "",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Score,
    .compute =
        [](const MeasureInput& input) { return share(input.tally.hits, input.tally.known, "no rule was judged"); },
};

}  // namespace weir
