// SPDX-License-Identifier: Apache-2.0
#include "drift/watch.h"

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "drift/compare.h"
#include "drift/measure.h"
#include "drift/sequential.h"
#include "drift/subject.h"
#include "drift/told.h"
#include "weir/plan.h"

namespace weir {

namespace {

class DriftWatch : public DriftJudge {
 public:
  DriftWatch(const Plan& plan, History& history) : plan_(plan), history_(history) {}

  [[nodiscard]] std::vector<DriftVerdict> judge(const DriftWindow& window,
                                                std::span<const DriftSubject> subjects) override {
    std::vector<WatchedSubject> watched;
    watched.reserve(subjects.size());
    for (const DriftSubject& subject : subjects) watched.push_back(prepare(plan_, window, subject, history_));
    compare(watched);
    std::vector<DriftVerdict> out;
    out.reserve(subjects.size());
    for (std::size_t i = 0; i < watched.size(); ++i) out.push_back(settle(watched[i], compared_[i], window));
    return out;
  }

  [[nodiscard]] Measured measure(std::string_view test, std::uint32_t rule, const FieldSummary& field) const override {
    return measure_distance(plan_.drift_rules[rule], test, field);
  }

 private:
  /// All pairs of a window are one family, those with anchors too.
  void compare(const std::vector<WatchedSubject>& watched) {
    std::vector<FieldPair> pairs;
    CompareOptions options;
    std::size_t sequential = 0;
    for (const WatchedSubject& subject : watched) {
      if (subject.sequential()) ++sequential;
      if (subject.empty()) continue;
      options.any_dependence = options.any_dependence || subject.rule->any_dependence;
      if (subject.compares) {
        pairs.push_back(pair_of(subject, subject.reference, subject.joint_reference, subject.design_effect));
        pairs.back().tolerance = subject.tolerance;
      }
      if (subject.anchor) {
        pairs.push_back(
            pair_of(subject, subject.anchor->profile, subject.anchor->joint, subject.anchor->design_effect));
      }
    }
    results_ = compare_fields(pairs, options);
    compared_.assign(watched.size(), {});
    std::size_t next = 0;
    for (std::size_t i = 0; i < watched.size(); ++i) {
      const WatchedSubject& subject = watched[i];
      if (subject.empty()) continue;
      if (subject.compares) compared_[i].reference = &results_[next++];
      if (subject.anchor) compared_[i].anchor = &results_[next++];
      if (!subject.sequential() || subject.counts.size() != subject.groups.size() || subject.groups.empty()) continue;
      compared_[i].log_e =
          log_e_of(subject.votes, subject.before, subject.groups, subject.counts, subject.design_effect.value_or(1));
      compared_[i].log_e_to_alarm = log_e_to_alarm(sequential);
    }
  }

  static FieldPair pair_of(const WatchedSubject& subject, const Profile& reference, const JointProfile& joint,
                           std::optional<double> design_effect) {
    FieldPair out;
    out.path = subject.path;
    if (subject.joint()) {
      out.joint_reference = &joint;
      out.joint_current = &subject.joint_current;
    } else {
      out.reference = &reference;
      out.current = &subject.current;
    }
    out.tests = subject.rule->tests;
    out.tolerance = subject.rule->tolerance;
    out.design_effect = design_effect.value_or(1);
    out.redacted = subject.current.redacted;
    return out;
  }

  DriftVerdict settle(WatchedSubject& subject, const Compared& compared, const DriftWindow& window) {
    DriftVerdict out = verdict_of(subject, compared);
    KeptVote vote;
    vote.at = window.at;
    vote.start = window.has_span ? window.start : window.at;
    vote.end = window.has_span ? window.end : window.at;
    vote.answered = !window.partial && (out.verdict == Verdict::Pass || out.verdict == Verdict::Fail);
    vote.drifted = out.drifted;
    vote.before = subject.before;
    VoteState after = subject.before;
    count_vote(after, subject.vote_rule(), vote);
    // Without anything to compare with nobody knows whether the alarm is over: left out, such windows would keep it so for ever.
    const bool known = compared.reference != nullptr || compared.anchor != nullptr;
    vote.set_aside = out.drifted || (after.firing && known);
    remember(subject, window, vote, history_);
    add_alarm(out, subject, window, after);
    return out;
  }

  const Plan& plan_;
  History& history_;
  std::vector<FieldResult> results_;  // of the window that is judged
  std::vector<Compared> compared_;
};

}  // namespace

std::unique_ptr<DriftJudge> make_drift_watch(const Plan& plan, History& history) {
  return std::make_unique<DriftWatch>(plan, history);
}

}  // namespace weir
