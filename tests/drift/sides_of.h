// SPDX-License-Identifier: Apache-2.0
// Two sides of a field in the short notation of testing/written_elements.h, and what comparing them gives.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "drift/compare.h"
#include "drift/registry.h"
#include "testing/written_elements.h"

namespace weir::testing {

inline Profile profile_written(std::string_view notation, bool redacted = false) {
  SummarySpec spec = drift_spec();
  spec.redacted = redacted;
  return profile_of(summary_of_elements(written_elements(notation), spec));
}

/// Finite numbers that are known one by one.
inline Profile profile_of_numbers(std::vector<double> values) {
  Profile out;
  std::sort(values.begin(), values.end());
  out.elements = out.finite = values.size();
  out.types.fraction = out.other = values.size();
  out.exact = false;
  out.distinct = static_cast<double>(values.size());
  for (const double value : values) out.mean += value / static_cast<double>(values.size());
  for (const double value : values) {
    const double apart = value - out.mean;
    out.m2 += apart * apart;
    out.m3 += apart * apart * apart;
  }
  out.raw = std::move(values);
  return out;
}

inline std::vector<double> normals(std::size_t n, std::uint64_t seed, double mean = 0, double spread = 1) {
  std::mt19937_64 random(seed);
  std::vector<double> out(n);
  for (double& value : out) {
    // Twelve uniform numbers: the same on every machine, unlike std::normal_distribution.
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(random() >> 11U) * 0x1p-53;
    value = mean + spread * sum;
  }
  return out;
}

inline FieldPair pair_of(const Profile& reference, const Profile& current, std::vector<std::string_view> tests = {}) {
  FieldPair pair;
  pair.path = "x";
  pair.reference = &reference;
  pair.current = &current;
  for (const std::string_view name : tests) pair.tests.push_back(find_drift_test(name));
  return pair;
}

inline FieldResult compared(const Profile& reference, const Profile& current, std::vector<std::string_view> tests = {},
                            const CompareOptions& options = {}) {
  return compare_fields(std::vector<FieldPair>{pair_of(reference, current, std::move(tests))}, options).front();
}

inline FieldResult compared(std::string_view reference, std::string_view current,
                            std::vector<std::string_view> tests = {}) {
  return compared(profile_written(reference), profile_written(current), std::move(tests));
}

inline std::vector<std::string> texts_of(const FieldResult& result) {
  std::vector<std::string> out;
  for (const DriftFinding& finding : result.findings) out.push_back(finding.text);
  return out;
}

inline bool says(const FieldResult& result, std::string_view part) {
  for (const DriftFinding& finding : result.findings) {
    if (finding.text.find(part) != std::string::npos) return true;
  }
  return false;
}

inline const DriftTestResult& test_of(const FieldResult& result, std::string_view name) {
  for (const DriftTestResult& test : result.tests) {
    if (test.test == name) return test;
  }
  std::abort();
}

}  // namespace weir::testing
