// SPDX-License-Identifier: Apache-2.0
// Drift: fields whose values are distributed otherwise than in a reference. What a plan says about it, and what was found.
//
// Adding a drift test: one source file in src/drift with its spec, one line in the registry there, one page in docs/drift.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/rule.h"
#include "weir/spec.h"
#include "weir/time.h"

namespace weir {

struct Baseline;
struct DriftInput;

/// What a drift test compares.
enum class DriftScope : std::uint8_t { Numbers, Categories, Any, SeveralFields };

/// What a drift test came to. Sizes are divided by the design effect before any p is computed.
struct DriftMeasured {
  enum class Kind : std::uint8_t {
    Value,
    TooFew,         // cause: "12 values, 30 are needed"
    NotApplicable,  // cause: "an id-like field: 4,981 different values among 5,000"
  };
  Kind kind = Kind::NotApplicable;
  std::string cause;
  /// Whether statistic and effect are known: always with Value, and with TooFew where there was anything to compute; reports
  /// show them, and they decide nothing.
  bool computed = false;
  double statistic = 0;
  /// How large the change is, in the unit of the tolerance. The data were kept in cells or sketches: the effect that the
  /// values themselves would have lies within [effect_low, effect_high].
  double effect = 0;
  double effect_low = 0;
  double effect_high = 0;
  /// Probability of such a statistic or a larger one without drift: nothing for tests that have none of their own. Those
  /// are decided by the p of another one, `p_of`, on the same values.
  std::optional<double> p_value;
  std::string_view p_of;
  double p_high = 1;         // the largest that the resolution leaves possible: what significance is decided by
  double p_low = 1;          // the smallest
  double p_independent = 1;  // p_value if the records were independent of each other (design effect 1)
  std::string resolution;    // what bounds it: "256 cells", "KLL, k = 1024"; empty: exact
  std::optional<double> at;  // where the two sides differ most
};

struct DriftSpec {
  std::string_view name;     // "ks"
  std::string_view summary;  // one sentence
  DriftScope scope = DriftScope::Numbers;
  double tolerance = 0;     // effects up to it are fine, unless the rule says otherwise
  std::string_view effect;  // what the effect is: "largest distance of the two distribution functions, 0 to 1"
  DriftMeasured (*measure)(const DriftInput&) = nullptr;
};

// ---- in the plan

struct DriftReference {
  enum class Kind : std::uint8_t {
    File,      // a baseline, or a file of records that was profiled when the rules were loaded
    Previous,  // `windows` windows before this one
    Rolling,   // windows of the time `length` before this one, those in alarm left out, beside a frozen anchor
    Same,      // windows in the same slot (hour, day of the week) of `weeks` weeks
  };
  Kind kind = Kind::File;
  std::string text;  // for people: "refs/orders.baseline.json", "the 6 windows before", "the same hour of 4 weeks"
  std::shared_ptr<const Baseline> baseline;  // of a file
  std::uint32_t windows = 0;
  Duration length{};
  Duration period{};  // Same: how far slots lie apart: a day for [hour], a week for [hour, week] and [day]
  std::uint32_t weeks = 4;
};

/// What a drift rule compares; one field, or all fields of a test that looks at several columns together. Who it is, when
/// and over which records it compares, its severity and `on_empty` are those of a WindowRule without conditions.
struct DriftRule {
  std::uint32_t rule = 0;                                      // index into Plan::window_rules
  std::vector<std::uint32_t> columns;                          // of Plan::fields
  std::vector<std::string> paths;                              // by column
  std::vector<FieldType> declared;                             // by column
  std::vector<const DriftSpec*> tests;                         // empty: auto
  std::vector<std::pair<const DriftSpec*, double>> tolerance;  // where it is not the spec's own
  DriftReference reference;
  /// Where the cells of its histograms lie: of a baseline; null: values are kept raw and in a sketch until the window ends.
  std::shared_ptr<const std::vector<double>> edges;
  std::uint32_t fire = 2;  // `alert_after: 2 of 3`
  std::uint32_t of = 3;
  std::uint32_t clear = 3;      // `clear_after`
  bool sequential = false;      // `mode: sequential`
  bool any_dependence = false;  // `dependence: any`: Benjamini-Yekutieli in place of Benjamini-Hochberg

  [[nodiscard]] double tolerance_of(const DriftSpec& spec) const;
};

// ---- in an outcome

/// One test of one field in one window.
struct DriftTestResult {
  std::string_view test;
  Verdict outcome = Verdict::NoData;  // Pass, Fail (drift), Inconclusive, NoData
  DriftMeasured measured;
  double tolerance = 0;
  std::optional<double> p_adjusted;  // over all tests of all fields in the window
  std::string cause;  // why it is inconclusive or NoData, and what would mend it: "needs 4,200 more records"
};

enum class DriftFindingKind : std::uint8_t {
  NewValue,
  VanishedValue,
  Scaled,
  Shifted,
  TypeShare,
  NullShare,
  Location,
  Spread,
  Share,
  Cardinality,
  Lengths,
  Together
};

/// What moved, in words.
struct DriftFinding {
  DriftFindingKind kind = DriftFindingKind::Location;
  std::string text;     // "DE went from 41 % to 12 %", "scaled by 1000"; values of redacted fields are not named
  double effect = 0;    // orders findings: the largest first
  std::string example;  // a new value; empty where the field is redacted
  std::uint64_t count = 0;
};

/// Both distributions over the same cells, to be drawn: at most 32 of them.
struct DriftPicture {
  bool numbers = false;
  std::vector<std::string> labels;  // "DE", "10 to 20", "missing"
  std::vector<double> starts;       // of numbers: where the cells begin and, one more, where the last ends
  std::vector<double> reference;    // shares
  std::vector<double> current;
};

/// What a drift rule came to over one window and segment; which window it was is said by the WindowVerdict that holds it.
struct DriftVerdict {
  Verdict verdict = Verdict::NoData;  // Fail or Warn: the alarm is on; Pass, NoData, Inconclusive; Error
  bool drifted = false;               // this window by itself
  bool firing = false;                // `alert_after` is reached and not yet cleared
  std::uint32_t drifted_of_last = 0;  // of the last DriftRule::of windows with an answer, this one among them
  std::optional<Instant> since;       // start of the first drifted window of the alarm
  std::string cause;                  // why it is NoData, Inconclusive or Error
  std::string picked;                 // by `auto`: "ks: numbers, 4,210 different values"; empty where tests are written
  std::string summary;  // one line for whoever is woken: "amount: scaled by 100 (ks 0.62 > 0.05) since 14:10"
  std::vector<DriftTestResult> tests;
  std::vector<DriftFinding> findings;  // largest first
  DriftPicture picture;
  std::uint64_t reference_values = 0;
  std::uint64_t current_values = 0;
  std::uint64_t reference_windows = 0;  // how many windows the reference is made of; 0: a file
  std::optional<double> design_effect;  // nothing: unknown, fewer than 30 reference windows
  double severity = 0;                  // the largest effect as a multiple of its tolerance
  std::uint64_t bytes_of_reference = 0;
  std::string_view decisive;  // the test that decided: of the largest effect among those that drifted, or the first
  double observed = 0;        // its effect
  std::string expected;       // "ks <= 0.05"
};

}  // namespace weir
