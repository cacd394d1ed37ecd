// SPDX-License-Identifier: Apache-2.0
// The drift rules of a window: its segments are collected as they come, and judged as one family at its end.
#include <iterator>

#include "windows/judge.h"

namespace weir {

void WindowJudge::collect_drift(const Window& window, const BoundRule& rule, std::uint32_t segment) {
  Drifting one;
  one.rule = rule.rule;
  one.segment = segment;
  one.subject.rule = static_cast<std::uint32_t>(rule.drift);
  one.subject.segment_name = window.segment;
  if (rule.drifting.field >= 0) one.subject.field = &window.pane.field(rule.drifting.field);
  if (rule.drifting.scatter >= 0) one.subject.scatter = &window.pane.scatter(rule.drifting.scatter);
  if (window.extent.brief && one.subject.field != nullptr) {
    one.field = std::make_unique<const FieldSummary>(*one.subject.field);
    one.subject.field = one.field.get();
  }
  if (window.extent.brief && one.subject.scatter != nullptr) {
    one.scatter = std::make_unique<const ScatterSummary>(*one.subject.scatter);
    one.subject.scatter = one.scatter.get();
  }
  drifting_.push_back(std::move(one));
}

void WindowJudge::end_window(const BoundBlock& block, const Extent& extent, const Segments& segments,
                             WindowOutcome& out) {
  if (!block.drifts || drifting_.empty()) return;
  std::vector<DriftVerdict> found;
  // Many empty windows in a row are no windows to anybody who remembers.
  if (drift_ != nullptr && extent.windows == 1) {
    std::vector<DriftSubject> subjects;
    subjects.reserve(drifting_.size());
    for (const Drifting& one : drifting_) subjects.push_back(one.subject);
    found = drift_->judge({.has_span = extent.has_span,
                           .start = extent.start,
                           .end = extent.end,
                           .at = extent.at,
                           .partial = extent.partial || extent.start < partial_until_,
                           .revised = extent.revised,
                           .by_clock = extent.by_clock},
                          subjects);
  }
  DriftVerdict none;
  none.verdict = drift_ == nullptr ? Verdict::Error : Verdict::NoData;
  none.cause = drift_ == nullptr ? "drift is not judged here" : "there was no record";
  found.resize(drifting_.size(), none);
  const WindowKind kind = plan_.windows[block.block].kind;
  for (std::size_t i = 0; i < drifting_.size(); ++i) {
    const Drifting& one = drifting_[i];
    count(one.rule, kind, extent, decide_drift(plan_.window_rules[one.rule], std::move(found[i])), segments,
          one.segment, out);
  }
  drifting_.clear();
}

Measured WindowJudge::distance(const Pane& pane, const MeasureCall& call, const BoundCall& bound) const {
  if (drift_ == nullptr) return Measured::fault("drift is not judged here");
  if (bound.field < 0) return Measured::fault("`" + call.written + "` has no reference");
  return drift_->measure(call.spec->name, static_cast<std::uint32_t>(call.drift), pane.field(bound.field));
}

/// Without an answer there is nothing that could hold: `on_empty` says what that means.
WindowJudge::Deciding WindowJudge::decide_drift(const WindowRule& rule, DriftVerdict&& found) const {
  const Verdict broken = rule.info.severity == Severity::Warn ? Verdict::Warn : Verdict::Fail;
  if (found.verdict == Verdict::Fail || found.verdict == Verdict::Warn) found.verdict = broken;
  Deciding out;
  out.verdict = found.verdict;
  const bool empty = found.verdict == Verdict::NoData || found.verdict == Verdict::Inconclusive;
  if (empty && rule.on_empty != OnEmpty::Pass) out.verdict = rule.on_empty == OnEmpty::Fail ? broken : Verdict::Warn;
  out.judgement.verdict = out.verdict;
  out.judgement.cause = found.summary.empty() ? found.cause : found.summary;
  if (!found.decisive.empty()) {
    out.judgement.observed = Measured::of(found.observed);
  } else if (found.verdict == Verdict::Error) {
    out.judgement.observed = Measured::fault(found.cause);
  } else {
    out.judgement.observed = Measured::no_data(found.cause);
  }
  out.drift = std::make_shared<const DriftVerdict>(std::move(found));
  return out;
}

}  // namespace weir
