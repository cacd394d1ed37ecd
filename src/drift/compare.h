// SPDX-License-Identifier: Apache-2.0
// Both sides of one or many fields -> results: which tests, what they come to, what is significant over all of them, what
// moved in words. `weir compare` judges once with it; drift/watch.h window after window.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drift/profile.h"
#include "weir/drift.h"

namespace weir {

/// One field, or several together.
struct FieldPair {
  std::string path;
  const Profile* reference = nullptr;
  const Profile* current = nullptr;
  const JointProfile* joint_reference = nullptr;  // of tests of several fields
  const JointProfile* joint_current = nullptr;
  std::vector<const DriftSpec*> tests;  // empty: auto
  std::vector<std::pair<const DriftSpec*, double>> tolerance;
  double design_effect = 1;
  bool redacted = false;
};

struct CompareOptions {
  double level = 0.05;          // of a single test, and q over the family
  bool any_dependence = false;  // Benjamini-Yekutieli
  std::uint64_t least = 30;     // finite values on each side
  bool picture = true;          // of fields that are fine as well; of the others there is always one
};

struct FieldResult {
  std::string picked;                 // by auto
  Verdict verdict = Verdict::NoData;  // of the field: the worst of its tests; Fail is drift
  std::string cause;
  std::vector<DriftTestResult> tests;
  std::vector<DriftFinding> findings;
  DriftPicture picture;
  double severity = 0;
};

/// All pairs are one family. By index of `pairs`. Nothing is formatted for fields that are fine, but for the picture. A field
/// of which one side has nothing is NoData with its cause and has no tests.
[[nodiscard]] std::vector<FieldResult> compare_fields(std::span<const FieldPair> pairs, const CompareOptions& options);

/// What `auto` takes for the two sides, with its reason in words.
struct Picked {
  std::vector<const DriftSpec*> tests;
  std::string why;
  bool numbers = false;  // compared as numbers, not as categories
  bool lengths = false;  // of an id-like field: tests of categories compare the lengths of texts
};
[[nodiscard]] Picked pick_tests(const Profile& reference, const Profile& current);
/// More than half of the values are numbers, and more than 20 different ones.
[[nodiscard]] bool compares_numbers(const Profile& reference, const Profile& current);

/// Drift in one line: "amount: scaled by 100 (ks 0.62, tolerance 0.05)".
[[nodiscard]] std::string summary_of(const std::string& path, const FieldResult& result);

}  // namespace weir
