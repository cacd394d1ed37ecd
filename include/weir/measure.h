// SPDX-License-Identifier: Apache-2.0
// Measures: numbers about many records. A measure is computed from the summaries of one window and segment, and a condition
// (`must`, `should`) compares it with something.
//
// Adding a measure: one source file in src/measures with its spec, one line in the registry there, one page in docs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/check.h"
#include "weir/measured.h"
#include "weir/rule.h"
#include "weir/spec.h"
#include "weir/summary.h"
#include "weir/time.h"

namespace weir {

class FieldSummary;
class JointSummary;
class SchemaSummary;

/// What a measure gives.
enum class MeasureResult : std::uint8_t { Number, Count, Rate, Duration, Values, Any };

/// What a measure is computed from.
enum class MeasureSource : std::uint8_t {
  Rows,       // how many records, and when
  Field,      // the summary of one field
  TwoFields,  // the summaries of two fields, each by itself
  Joint,      // two fields together
  Rule,       // how often a rule of the file failed
  Condition,  // how often an expression was true
  Schema,     // the fields seen
  Measure,    // another measure, now and before
  Score,      // the verdicts of the other rules
  Drift,      // a field and the reference of a drift rule: computed by the DriftJudge
};

/// Of the records for which something is known, those for which it is true.
struct Tally {
  std::uint64_t known = 0;
  std::uint64_t hits = 0;
  bool operator==(const Tally&) const = default;
};

/// All that a measure may look at. What its source does not name is null or zero.
struct MeasureInput {
  Instant start{};  // of the window; of a window without bounds the first and last event time, or `now`
  Instant end{};
  bool has_span = false;   // start and end mean something
  std::uint64_t rows = 0;  // records of the window, segment and `when`
  const FieldSummary* field = nullptr;
  const FieldSummary* second = nullptr;
  const JointSummary* joint = nullptr;
  const SchemaSummary* schema = nullptr;
  Tally tally;
  std::optional<Instant>
      newest_before;                // freshness: the newest value of the field in earlier windows, when one is known
  std::span<const double> numbers;  // literal arguments, in order
  std::string_view text;            // a literal text argument
  const Measured* inner = nullptr;  // the measure within
  std::span<const double> past;     // its values before, oldest first
  std::span<const double> season;   // forecast: its values in the same slot of earlier days, oldest first
};

struct MeasureSpec {
  std::string_view name;  // "null_rate"
  std::string_view summary;
  std::string_view
      signature;  // "field", "field, number", "text", "expression", "measure, baseline", ""; `?`: may be left out
  bool is_rate = false;  // its value is a fraction: comparing it with a bare number is refused
  MeasureResult result = MeasureResult::Number;
  MeasureSource source = MeasureSource::Rows;
  Parts parts = {};                                    // what it needs of its field's summary (of both for TwoFields)
  bool of_numbers = false;                             // a CSV cell of a field that nobody declared is read as a number
  Measured (*compute)(const MeasureInput&) = nullptr;  // null: of the DriftJudge
};

/// What a measure is compared with in change(measure, baseline).
struct Lookback {
  enum class Kind : std::uint8_t { None, Last, Average, SameHour, SameDay, SameWeek };
  Kind kind = Kind::None;
  std::uint32_t windows = 0;  // Average: of so many windows before
};

/// A measure as a condition calls it.
struct MeasureCall {
  const MeasureSpec* spec = nullptr;
  std::string written;                 // "quantile(amount, 0.99)": blanks normalised, the name of its history
  std::vector<std::uint32_t> columns;  // fields of the plan, in the order of the arguments; of `predicate` otherwise
  std::vector<FieldType> declared;     // by column, for fields
  std::vector<double> numbers;
  std::string text;                            // rule id, type name
  std::string stream;                          // of another input: the name that `other` gives; empty: this one
  std::shared_ptr<const Predicate> predicate;  // rate(…), count(…)
  std::int32_t inner = -1;  // change, z_score, forecast, other: index of the call within, always smaller
  std::int32_t drift = -1;  // psi, ks …: the rule whose reference it takes, index into Plan::drift_rules
  Lookback baseline;
};

/// What a condition came to.
struct Judgement {
  Verdict verdict = Verdict::NoData;  // Pass, Fail, NoData, Inconclusive or Error
  Measured observed;                  // the left side of the comparison, or the first measure
  bool observed_is_rate = false;
  std::string
      cause;  // why it is NoData, Inconclusive or Error; "row_count = 3, null_rate(x) = 4%" for conditions of several measures
};

/// A compiled `must` or `should`.
class Condition {
 public:
  virtual ~Condition() = default;
  /// `values` by index of the calls that it was compiled with.
  [[nodiscard]] virtual Judgement judge(std::span<const Measured> values) const = 0;
  /// What has to hold, short: ">= 100"; the whole text when it is no single comparison.
  [[nodiscard]] virtual std::string expected() const = 0;
};

}  // namespace weir
