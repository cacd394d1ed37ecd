// SPDX-License-Identifier: Apache-2.0
// Drift rules from what was written to what runs: fields become columns, files become references.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rules/compile_windows.h"
#include "rules/findings.h"
#include "rules/load.h"
#include "rules/rule_set.h"

namespace weir {

class DriftCompiler {
 public:
  DriftCompiler(Plan& plan, const PlanColumns& columns, const LoadOptions& options, Findings& findings)
      : plan_(plan), columns_(columns), options_(options), findings_(findings) {}

  /// Tells of tests that do not go with the types of the fields.
  DriftRule compile(const WrittenDrift& written);
  /// The rule is in the plan: its reference is wanted.
  void want(std::uint32_t drift, const WrittenDrift& written);
  /// Reads every file that is wanted, each once; notes in `conditions` what is known there.
  void read_references(std::vector<WrittenConditions>& conditions);
  /// Tells of segments that multiply what is kept beyond what people have. Needs a plan without errors.
  void warn_of_memory(const RuleSet& rules);

 private:
  using Wanted = std::vector<std::pair<std::uint32_t, const WrittenDrift*>>;

  Result<std::shared_ptr<const Baseline>> read_file(const std::string& path, const Wanted& wanted);
  Result<std::shared_ptr<const Baseline>> profile(const std::string& path, const Wanted& wanted);
  void take(DriftRule& rule, const WrittenDrift& written, const std::shared_ptr<const Baseline>& baseline);
  void take_field(DriftRule& rule, std::size_t at, const WrittenDrift& written, const Baseline& baseline);
  void take_joint(const DriftRule& rule, const WrittenDrift& written, const Baseline& baseline);

  Plan& plan_;
  const PlanColumns& columns_;
  const LoadOptions& options_;
  Findings& findings_;
  std::map<std::string, Wanted> wanted_;  // by path
};

/// What a rule's reference says of its fields, as one text to compare.
[[nodiscard]] std::string content_of(const DriftRule& rule);

}  // namespace weir
