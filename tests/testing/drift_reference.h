// SPDX-License-Identifier: Apache-2.0
// A reference for drift, made from records as windows see them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drift/baseline.h"
#include "drift/profile.h"
#include "testing/window_plan.h"
#include "weir/drift_judge.h"

namespace weir::testing {

/// Judges nothing, and takes down what it is given.
class Profiling : public DriftJudge {
 public:
  explicit Profiling(const Plan& plan) : plan_(plan) {}
  std::vector<DriftVerdict> judge(const DriftWindow& /*window*/, std::span<const DriftSubject> subjects) override {
    for (const DriftSubject& subject : subjects) {
      const std::vector<std::string>& paths = plan_.drift_rules[subject.rule].paths;
      if (subject.field != nullptr) found().fields.push_back({.path = paths[0], .profile = profile_of(*subject.field)});
      if (subject.scatter != nullptr) found().joints.push_back(profile_of(*subject.scatter, paths));
    }
    return std::vector<DriftVerdict>(subjects.size());
  }
  Measured measure(std::string_view /*test*/, std::uint32_t /*rule*/, const FieldSummary& /*field*/) const override {
    return Measured::fault("nothing is judged here");
  }
  static Baseline& found() {
    static Baseline baseline;
    return baseline;
  }
  static std::unique_ptr<DriftJudge> make(const Plan& plan, History& /*history*/) {
    return std::make_unique<Profiling>(plan);
  }

 private:
  const Plan& plan_;
};

inline Baseline baseline_of(const std::vector<std::string>& records, const std::vector<std::string>& fields,
                            const std::vector<std::string>& together = {}) {
  PlanBuilder builder;
  builder.whole();
  for (const std::string& field : fields) builder.drift({field});
  if (!together.empty()) builder.drift(together);
  Profiling::found() = {};
  EngineOptions options;
  options.make_drift = &Profiling::make;
  static_cast<void>(run(builder.build(), records, options, 1'000));
  Baseline out = std::move(Profiling::found());
  for (BaselineField& field : out.fields) {
    const auto edges = std::make_shared<const std::vector<double>>(learn_edges(field.profile, kDriftCells));
    field.profile = field.profile.compact(edges);
  }
  out.records = records.size();
  out.path = "reference";
  return out;
}

}  // namespace weir::testing
