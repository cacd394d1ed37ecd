// SPDX-License-Identifier: Apache-2.0
// What `weir compare` was asked to do: which fields, by which tests, and how large a change is too large.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/arguments.h"
#include "app/surroundings.h"
#include "app/topic_input.h"
#include "report/comparison.h"
#include "weir/drift.h"
#include "weir/plan.h"

namespace weir {

/// How a comparison is written: `--report KIND=FILE`.
struct ComparisonFormat {
  std::string_view name;
  std::string (*write)(const ComparisonReport&) = nullptr;
};
struct ComparisonTarget {
  const ComparisonFormat* format = nullptr;
  std::string path;  // "-" is standard output
};

/// One comparison: a field, or several together. Of a drift rule, or of the command line.
struct Asked {
  std::vector<std::string> paths;
  std::vector<const DriftSpec*> tests = {};  // empty: auto
  std::vector<std::pair<const DriftSpec*, double>> tolerance = {};
  std::string rule = {};
  Severity severity = Severity::Error;
  bool fail_on_empty = false;
  bool any_dependence = false;
  std::shared_ptr<const Predicate> when = nullptr;  // only records of which it holds; columns are those of the plan
  std::vector<std::uint32_t> when_columns = {};

  [[nodiscard]] std::string name() const;  // "amount, price"
};

struct CompareSettings {
  std::string reference;
  std::vector<std::string> current;
  std::optional<TopicInput> topic;  // in its place
  std::optional<Format> format;
  std::optional<std::string> rules;
  std::vector<std::string> fields;  // empty: all that are found
  std::vector<const DriftSpec*> tests;
  std::vector<std::pair<const DriftSpec*, double>> tolerance;
  std::vector<std::string> redact;
  std::vector<ComparisonTarget> reports;
  FailOn fail_on = FailOn::Error;
  bool quiet = false;
  bool all_fields = false;

  static Result<CompareSettings> from(const Arguments& arguments, const Surroundings& surroundings);

  /// What is compared: by the drift rules of a plan, or else each of `fields`.
  [[nodiscard]] std::vector<Asked> asked(const Plan* plan, const std::vector<std::string>& found) const;
};

/// Words with commas between them; a comma within quotes belongs to a field's name.
[[nodiscard]] std::vector<std::string> split_list(std::string_view written);
/// The same over all times that the flag was given.
[[nodiscard]] std::vector<std::string> listed_values(const Arguments& arguments, std::string_view flag);
/// Whether each of them is the path of a field.
[[nodiscard]] Status check_paths(const std::vector<std::string>& paths, std::string_view flag);
/// Names of drift tests; the error names the nearest one.
Result<std::vector<const DriftSpec*>> drift_tests_of(const std::vector<std::string>& names, std::string_view flag);

}  // namespace weir
