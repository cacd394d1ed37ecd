// SPDX-License-Identifier: Apache-2.0
// What a comparison comes to, and its words.
#include "report/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace weir {
namespace {

/// Which come first: the worst, and then the largest change.
int gravity(const ComparedField& field) {
  switch (field.result.verdict) {
    case Verdict::Error: return 0;
    case Verdict::Fail: return 1;
    case Verdict::Warn: return 2;
    case Verdict::Inconclusive: return 3;
    case Verdict::NoData: return 4;
    case Verdict::Pass: return 5;
  }
  return 0;
}

bool is_unanswered(Verdict verdict) {
  return verdict == Verdict::NoData || verdict == Verdict::Inconclusive;
}

}  // namespace

void conclude(ComparisonReport& comparison, FailOn fail_on) {
  RuleTotals counts;
  bool answered = false;
  for (ComparedField& field : comparison.fields) {
    Verdict& verdict = field.result.verdict;
    answered = answered || verdict != Verdict::NoData;
    if (is_unanswered(verdict) && field.fail_on_empty) verdict = Verdict::Fail;
    if (verdict == Verdict::Fail && field.severity == Severity::Warn) verdict = Verdict::Warn;
    switch (verdict) {
      case Verdict::Pass: ++counts.pass; break;
      case Verdict::Warn: ++counts.warn; break;
      case Verdict::Fail: ++counts.error; break;
      case Verdict::NoData: ++counts.no_data; break;
      case Verdict::Inconclusive: ++counts.inconclusive; break;
      case Verdict::Error: ++counts.not_evaluated; break;
    }
  }
  comparison.counts = counts;
  const bool fails = counts.error > 0;
  const bool breaks = fail_on == FailOn::Error ? fails : fail_on == FailOn::Warn ? fails || counts.warn > 0 : false;
  comparison.verdict = fails || breaks ? Verdict::Fail : counts.warn > 0 ? Verdict::Warn : Verdict::Pass;
  comparison.exit_code = breaks ? 1 : 0;
  if (counts.not_evaluated > 0 || (!answered && !fails)) {
    comparison.verdict = Verdict::Error;
    comparison.exit_code = 3;
  }
}

std::string decision_line(const ComparisonReport& comparison) {
  Report report;
  report.verdict = comparison.verdict;
  report.exit_code = comparison.exit_code;
  report.counts = comparison.counts;
  std::string line = decision_line(report);
  // A field without an answer is no field that is fine, and the last line is what people read.
  std::string more;
  if (comparison.counts.inconclusive > 0)
    more += ", " + std::to_string(comparison.counts.inconclusive) + " inconclusive";
  if (comparison.counts.no_data > 0) more += ", " + std::to_string(comparison.counts.no_data) + " without data";
  line.insert(line.size() - 1, more);
  return line;
}

std::vector<const ComparedField*> by_gravity(const ComparisonReport& comparison) {
  std::vector<const ComparedField*> fields;
  for (const ComparedField& field : comparison.fields) fields.push_back(&field);
  std::stable_sort(fields.begin(), fields.end(), [](const ComparedField* a, const ComparedField* b) {
    const int left = gravity(*a);
    const int right = gravity(*b);
    return left != right ? left < right : left < 3 && a->result.severity > b->result.severity;
  });
  return fields;
}

std::string headline_of(const ComparedField& field) {
  const FieldResult& result = field.result;
  if (result.verdict == Verdict::Fail || result.verdict == Verdict::Warn) {
    const std::string summary = summary_of(field.path, result);
    return summary.empty() ? result.cause : summary;
  }
  return result.cause;
}

std::string figure(double value) {
  if (!std::isfinite(value)) return "none";
  std::array<char, 40> buffer{};
  const double size = std::fabs(value);
  const char* const form = size != 0 && (size < 1e-4 || size >= 1e7) ? "%.2e" : size >= 100 ? "%.0f" : "%.3g";
  std::snprintf(buffer.data(), buffer.size(), form, value);
  return buffer.data();
}

std::string p_of(const DriftTestResult& test) {
  if (!test.measured.p_value || !std::isfinite(*test.measured.p_value)) return "";
  const double p = *test.measured.p_value;
  if (p < 1e-300) return "p < 1e-300";
  return "p = " + figure(p);
}

}  // namespace weir
