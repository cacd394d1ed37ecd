// SPDX-License-Identifier: Apache-2.0
// One family: every test of every field is measured, then significance is decided over all of them at once, then each test has
// its outcome. Three of these p are adjusted side by side: as the data are known, as they would be known if the resolution
// were no limit, and as if records did not depend on each other. Where the answers differ it is inconclusive, and why is said.
#include "drift/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <utility>

#include "drift/explain.h"
#include "drift/input.h"
#include "drift/measuring.h"
#include "drift/registry.h"
#include "drift/specs.h"
#include "stats/family.h"

namespace weir {

namespace {

struct Tested {
  std::size_t pair = 0;
  std::size_t test = 0;
};

double tolerance_in(const FieldPair& pair, const DriftSpec& spec) {
  for (const auto& [test, written] : pair.tolerance) {
    if (test == &spec) return written;
  }
  return spec.tolerance;
}

bool is_several_fields(const FieldPair& pair) {
  return pair.joint_reference != nullptr || pair.joint_current != nullptr;
}

bool is_redacted(const FieldPair& pair) {
  return pair.redacted || (pair.reference != nullptr && pair.reference->redacted) ||
         (pair.current != nullptr && pair.current->redacted);
}

bool asks_for(const FieldPair& pair, const DriftSpec& spec) {
  return pair.tests.empty() || std::find(pair.tests.begin(), pair.tests.end(), &spec) != pair.tests.end();
}

/// Why nothing can be compared, or nothing.
std::string_view cause_of_no_data(const FieldPair& pair) {
  if (is_several_fields(pair)) {
    if (pair.joint_reference == nullptr || pair.joint_reference->rows == 0) {
      return "the reference has no records in which all fields are numbers";
    }
    if (pair.joint_current == nullptr || pair.joint_current->rows == 0)
      return "no records in which all fields are numbers";
    return "";
  }
  if (pair.reference == nullptr || pair.reference->elements == 0) return "the reference lacks the field";
  if (pair.reference->values() == 0) return "the reference has no values";
  if (pair.current == nullptr || pair.current->elements == 0) return "no records with the field";
  if (pair.current->odd.absent == pair.current->elements && !asks_for(pair, kNullShareDrift)) {
    return "no record has the field";
  }
  return "";
}

Verdict worse(Verdict a, Verdict b) {
  const auto rank = [](Verdict verdict) {
    switch (verdict) {
      case Verdict::Fail: return 3;
      case Verdict::Inconclusive: return 2;
      case Verdict::Pass: return 1;
      default: return 0;
    }
  };
  return rank(a) >= rank(b) ? a : b;
}

std::string shown(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", number);
  return text;
}

std::string cause_of_resolution(const DriftMeasured& measured, double tolerance) {
  return "resolution: the effect lies between " + shown(measured.effect_low) + " and " + shown(measured.effect_high) +
         ", the tolerance is " + shown(tolerance) + " (" + measured.resolution +
         "); finer cells or a smaller window would tell";
}

std::string cause_of_dependence(const DriftMeasured& measured, double design_effect) {
  return "dependence: p is " + shown(measured.p_independent) + " if records are independent of each other and " +
         shown(measured.p_high) + " as " + shown(design_effect) + " of them are worth one; a longer window would tell";
}

/// Given what both sides hold together, no other p than 1 is possible: no nulls anywhere, or values of one type. Such a test is
/// no chance of a false alarm and has no place in the family (R. Tarone 1990; P. Gilbert 2005): with them every real change
/// would be held against three times as many tests as could speak.
bool cannot_differ(const FieldPair& pair, const DriftTestResult& test) {
  if (is_several_fields(pair)) return false;
  const Profile& a = *pair.reference;
  const Profile& b = *pair.current;
  if (test.test == kNullShareDrift.name) {
    const std::uint64_t missing = a.missing() + b.missing();
    return missing == 0 || missing == a.elements + b.elements;
  }
  if (test.test != kTypeShareDrift.name) return false;
  const TypeCounts& s = a.types;
  const TypeCounts& t = b.types;
  const std::uint64_t counts[] = {s.boolean + t.boolean, s.integer + s.fraction + t.integer + t.fraction,
                                  s.text + t.text, s.array + t.array, s.object + t.object};
  return std::count_if(std::begin(counts), std::end(counts), [](std::uint64_t count) { return count > 0; }) < 2;
}

/// How a test with a value comes out. The adjusted p are of the three ways to look at it.
void decide(DriftTestResult& result, double at_high, double at_low, double independent, double level,
            double design_effect) {
  const DriftMeasured& measured = result.measured;
  const double tolerance = result.tolerance;
  result.p_adjusted = at_high;
  result.outcome = Verdict::Pass;
  if (measured.effect_high <= tolerance) return;
  const bool over = measured.effect > tolerance;
  if (at_high <= level) {
    if (over) {
      result.outcome = Verdict::Fail;
    } else if (!measured.resolution.empty()) {
      result.outcome = Verdict::Inconclusive;
      result.cause = cause_of_resolution(measured, tolerance);
    }
  } else if (design_effect > 1 && over && independent <= level) {
    result.outcome = Verdict::Inconclusive;
    result.cause = cause_of_dependence(measured, design_effect);
  } else if (!measured.resolution.empty() && at_low <= level) {
    result.outcome = Verdict::Inconclusive;
    result.cause = cause_of_resolution(measured, tolerance);
  }
}

Groups::Of groups_of(const FieldPair& pair, bool lengths) {
  if (lengths) return Groups::Of::Lengths;
  return compares_numbers(*pair.reference, *pair.current) ? Groups::Of::Numbers : Groups::Of::Values;
}

/// Runs the tests of one pair. False where there is nothing to compare.
bool run_tests(const FieldPair& pair, const CompareOptions& options, FieldResult& result, Groups::Of& groups) {
  if (const std::string_view cause = cause_of_no_data(pair); !cause.empty()) {
    result.cause = cause;
    return false;
  }
  std::vector<const DriftSpec*> picked;
  std::optional<Sides> sides;
  if (is_several_fields(pair)) {
    if (pair.tests.empty()) picked = {&kCorrelationDrift, &kMahalanobisDrift};
  } else {
    bool lengths = false;
    if (pair.tests.empty()) {
      Picked found = pick_tests(*pair.reference, *pair.current);
      picked = std::move(found.tests);
      lengths = found.lengths;
      result.picked = std::move(found.why);
    }
    groups = groups_of(pair, lengths);
    sides.emplace(*pair.reference, *pair.current, groups);
  }
  for (const DriftSpec* spec : pair.tests.empty() ? picked : pair.tests) {
    DriftTestResult test;
    test.test = spec->name;
    test.tolerance = tolerance_in(pair, *spec);
    const bool fits = (spec->scope == DriftScope::SeveralFields) == is_several_fields(pair);
    if (fits) {
      test.measured = spec->measure({.sides = sides ? &*sides : nullptr,
                                     .joint_reference = pair.joint_reference,
                                     .joint_current = pair.joint_current,
                                     .design_effect = std::max(1.0, pair.design_effect),
                                     .level = options.level,
                                     .tolerance = test.tolerance,
                                     .least = options.least});
    } else {
      test.measured.cause = is_several_fields(pair) ? "it compares one field" : "it compares several fields together";
    }
    // The place is a value of the data, or lies beside one.
    if (is_redacted(pair)) test.measured.at.reset();
    if (std::isnan(test.measured.effect)) test.measured = not_applicable("the numbers are too large to be compared");
    result.tests.push_back(std::move(test));
  }
  return true;
}

/// Why a field that no test found anything wrong with was not looked at all the same, or nothing. That there are as many nulls as
/// before, of the same types, is no answer of `auto` where the values themselves could not be compared.
std::string cause_of_silence(const FieldPair& pair, const FieldResult& result) {
  if (is_several_fields(pair) || result.verdict != Verdict::Pass) return {};
  if (pair.current->odd.absent == pair.current->elements) return "no record has the field";
  const DriftTestResult& first = result.tests.front();
  if (pair.tests.empty() && first.outcome == Verdict::NoData) return std::string(first.test) + ": " + first.cause;
  return {};
}

void settle_few(DriftTestResult& test) {
  test.cause = test.measured.cause;
  test.outcome = test.measured.kind == DriftMeasured::Kind::TooFew ? Verdict::Inconclusive : Verdict::NoData;
}

}  // namespace

std::vector<FieldResult> compare_fields(std::span<const FieldPair> pairs, const CompareOptions& options) {
  std::vector<FieldResult> out(pairs.size());
  std::vector<Groups::Of> groups(pairs.size(), Groups::Of::Values);
  std::vector<Tested> family;
  std::vector<double> high;
  std::vector<double> low;
  std::vector<double> independent;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!run_tests(pairs[i], options, out[i], groups[i])) continue;
    for (std::size_t j = 0; j < out[i].tests.size(); ++j) {
      const DriftMeasured& measured = out[i].tests[j].measured;
      if (measured.kind != DriftMeasured::Kind::Value) continue;
      if (cannot_differ(pairs[i], out[i].tests[j])) {
        out[i].tests[j].p_adjusted = 1;
        out[i].tests[j].outcome = Verdict::Pass;
        continue;
      }
      family.push_back({i, j});
      high.push_back(measured.p_high);
      low.push_back(measured.p_low);
      independent.push_back(measured.p_independent);
    }
  }
  high = adjusted(high, options.any_dependence);
  low = adjusted(low, options.any_dependence);
  independent = adjusted(independent, options.any_dependence);
  for (std::size_t k = 0; k < family.size(); ++k) {
    decide(out[family[k].pair].tests[family[k].test], high[k], low[k], independent[k], options.level,
           std::max(1.0, pairs[family[k].pair].design_effect));
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    FieldResult& result = out[i];
    for (DriftTestResult& test : result.tests) {
      const DriftMeasured& measured = test.measured;
      if (measured.kind != DriftMeasured::Kind::Value) {
        settle_few(test);
      } else {
        const DriftSpec* spec = find_drift_test(test.test);
        const double unit = test.tolerance > 0 ? test.tolerance : spec->tolerance;
        result.severity = std::max(result.severity, measured.effect / unit);
      }
      const Verdict before = result.verdict;
      result.verdict = worse(result.verdict, test.outcome);
      if (result.cause.empty() || result.verdict != before) result.cause = test.cause;
    }
    if (result.verdict == Verdict::Fail || result.verdict == Verdict::Pass) result.cause.clear();
    if (std::string cause = cause_of_silence(pairs[i], result); !cause.empty()) {
      result.verdict = Verdict::NoData;
      result.cause = std::move(cause);
    }
    if (result.tests.empty()) continue;
    if (result.verdict == Verdict::Fail) result.findings = findings_of(pairs[i], result, groups[i]);
    const bool wanted = options.picture || result.verdict == Verdict::Fail || result.verdict == Verdict::Inconclusive;
    if (wanted && !is_several_fields(pairs[i])) result.picture = picture_of(pairs[i], groups[i]);
  }
  return out;
}

namespace {

/// What the deciding test is about, where that is a finding of its own kind; else the largest. In a small window shares move
/// by chance as much as a new value weighs.
const DriftFinding& first_told(const FieldResult& result, const DriftTestResult* decisive) {
  constexpr std::pair<std::string_view, DriftFindingKind> kOwn[] = {{"new_value", DriftFindingKind::NewValue},
                                                                    {"vanished_value", DriftFindingKind::VanishedValue},
                                                                    {"null_share", DriftFindingKind::NullShare},
                                                                    {"type_share", DriftFindingKind::TypeShare}};
  for (const auto& [test, kind] : kOwn) {
    if (decisive == nullptr || decisive->test != test) continue;
    for (const DriftFinding& finding : result.findings) {
      if (finding.kind == kind) return finding;
    }
  }
  return result.findings.front();
}

}  // namespace

std::string summary_of(const std::string& path, const FieldResult& result) {
  if (result.verdict != Verdict::Fail) {
    if (!result.cause.empty()) return path + ": " + result.cause;
    return path + (result.verdict == Verdict::Pass ? ": no drift" : ": nothing was compared");
  }
  const DriftTestResult* decisive = nullptr;
  for (const DriftTestResult& test : result.tests) {
    if (test.outcome != Verdict::Fail) continue;
    const auto severity = [](const DriftTestResult& of) { return of.measured.effect / std::max(of.tolerance, 1e-12); };
    if (decisive == nullptr || severity(test) > severity(*decisive)) decisive = &test;
  }
  std::string out = path + ": " + (result.findings.empty() ? "drift" : first_told(result, decisive).text);
  if (decisive != nullptr) {
    out += " (" + std::string(decisive->test) + " " + shown(decisive->measured.effect) + ", tolerance " +
           shown(decisive->tolerance) + ")";
  }
  return out;
}

}  // namespace weir
