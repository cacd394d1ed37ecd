// SPDX-License-Identifier: Apache-2.0
// What `weir compare` found, ready to be shown: each field with its verdict, tests and findings, both sides, the decision.
// As with Report, the writers read no clock and no file: the same ComparisonReport is the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drift/compare.h"
#include "report/report.h"
#include "weir/rule.h"
#include "weir/time.h"

namespace weir {

struct ComparedSide {
  std::string path = {};  // as it was given
  bool baseline = false;
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;
  std::optional<Instant> from = {};  // event times
  std::optional<Instant> to = {};
};

struct ComparedField {
  std::string path = {};  // of several fields together: "amount, price"
  std::string rule = {};  // id of the drift rule that asked; empty: none did
  Severity severity = Severity::Error;
  bool fail_on_empty = false;  // `on_empty: fail`
  FieldResult result = {};
  std::uint64_t reference_values = 0;
  std::uint64_t current_values = 0;
};

struct ComparisonReport {
  std::string version = {};
  ComparedSide reference = {};
  ComparedSide current = {};
  std::vector<ComparedField> fields = {};  // in the order in which they were asked for
  std::vector<std::string> notes = {};
  // Set by conclude().
  Verdict verdict = Verdict::Pass;  // Error: nothing could be compared
  int exit_code = 0;
  RuleTotals counts = {};
};

/// Drift becomes a failure or a warning by the severity of its rule; verdict and exit code follow as in a Report.
void conclude(ComparisonReport& comparison, FailOn fail_on);
[[nodiscard]] std::string decision_line(const ComparisonReport& comparison);

/// Worst first: failed, warned, undecided, without data, fine; within them by severity of the change.
[[nodiscard]] std::vector<const ComparedField*> by_gravity(const ComparisonReport& comparison);

/// "amount: scaled by 100 (ks 0.62, tolerance 0.05)", or why there is no answer.
[[nodiscard]] std::string headline_of(const ComparedField& field);
/// "p < 1e-300", "p = 0.031", or empty for a test without one.
[[nodiscard]] std::string p_of(const DriftTestResult& test);
/// A figure of a test for people: three digits that say something.
[[nodiscard]] std::string figure(double value);

[[nodiscard]] std::string write_text(const ComparisonReport& comparison, const WriteOptions& options);
[[nodiscard]] std::string write_json(const ComparisonReport& comparison);  // the contract, docs/compare.md
[[nodiscard]] std::string write_markdown(const ComparisonReport& comparison);
[[nodiscard]] std::string write_html(const ComparisonReport& comparison);  // one file of less than 300 KB

}  // namespace weir
