// SPDX-License-Identifier: Apache-2.0
#include "drift/told.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "base/text.h"
#include "base/timestamp.h"

namespace weir {

namespace {

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

double multiple_of(const DriftTestResult& test) {
  return test.measured.effect / std::max(test.tolerance, 1e-9);
}

const DriftTestResult* decisive_of(const FieldResult& result) {
  const DriftTestResult* out = nullptr;
  for (const DriftTestResult& test : result.tests) {
    if (test.outcome != Verdict::Fail) continue;
    if (out == nullptr || multiple_of(test) > multiple_of(*out)) out = &test;
  }
  return out == nullptr && !result.tests.empty() ? &result.tests.front() : out;
}

bool is_beyond_tolerance(const FieldResult& result) {
  return std::any_of(result.tests.begin(), result.tests.end(), [](const DriftTestResult& test) {
    return test.measured.kind == DriftMeasured::Kind::Value && test.measured.effect > test.tolerance;
  });
}

bool has_value(const FieldResult& result) {
  return std::any_of(result.tests.begin(), result.tests.end(),
                     [](const DriftTestResult& test) { return test.measured.kind == DriftMeasured::Kind::Value; });
}

/// The evidence is that of all windows together; of this one only the effect counts.
Verdict sequential(const FieldResult& result, double log_e, double needed) {
  if (!has_value(result)) return result.verdict == Verdict::Fail ? Verdict::Inconclusive : result.verdict;
  return log_e >= needed && is_beyond_tolerance(result) ? Verdict::Fail : Verdict::Pass;
}

/// Of two comparisons that do not agree the worse one is told: one that does not know is not overruled by one that sees nothing.
int rank_of(Verdict verdict) {
  return verdict == Verdict::Fail ? 3 : verdict == Verdict::Inconclusive ? 2 : verdict == Verdict::Pass ? 1 : 0;
}

void take(DriftVerdict& out, const WatchedSubject& subject, const FieldResult& result) {
  out.tests = result.tests;
  out.findings = result.findings;
  out.picture = result.picture;
  out.picked = result.picked;
  out.severity = result.severity;
  out.cause = result.cause;
  out.summary = summary_of(subject.path, result);
  if (const DriftTestResult* const decisive = decisive_of(result)) {
    out.decisive = decisive->test;
    out.observed = decisive->measured.effect;
    out.expected = std::string(decisive->test) + " <= " + short_number(decisive->tolerance);
  }
}

}  // namespace

DriftVerdict verdict_of(const WatchedSubject& subject, const Compared& compared) {
  DriftVerdict out;
  out.current_values = subject.joint() ? subject.joint_current.rows : subject.current.values();
  out.reference_windows = subject.reference_windows;
  out.bytes_of_reference = subject.reference_bytes;
  if (subject.empty()) {
    out.cause = "no records";
    return out;
  }
  const FieldResult* const reference = compared.reference;
  const FieldResult* const anchor = compared.anchor;
  if (reference == nullptr && anchor == nullptr) {
    out.cause = subject.cause;
    return out;
  }
  // A window alone raises no sequential alarm, whatever it is compared with.
  const auto verdict_by = [&](const FieldResult& result) {
    return compared.log_e ? sequential(result, *compared.log_e, compared.log_e_to_alarm) : result.verdict;
  };
  Verdict verdict = verdict_by(reference != nullptr ? *reference : *anchor);
  const bool of_anchor =
      anchor != nullptr &&
      (reference == nullptr || rank_of(verdict_by(*anchor)) > std::max(rank_of(verdict), rank_of(Verdict::Pass)));
  take(out, subject, of_anchor ? *anchor : *reference);
  if (of_anchor) {
    verdict = verdict_by(*anchor);
    const Anchor& kept = *subject.anchor;
    out.reference_values = subject.joint() ? kept.joint.rows : kept.profile.values();
    out.reference_windows = subject.joint() ? kept.joint.windows : kept.profile.windows;
    out.design_effect = kept.design_effect;
    const std::string when = format_timestamp(kept.from) + " to " + format_timestamp(kept.to);
    if (reference == nullptr) {
      out.summary += "; compared with the anchor of " + when + ": " + subject.cause;
    } else {
      out.summary +=
          (verdict == Verdict::Fail ? "; slowly, away from the anchor of " : "; compared with the anchor of ") + when;
    }
  } else {
    out.reference_values = subject.joint() ? subject.joint_reference.rows : subject.reference.values();
    out.design_effect = subject.design_effect;
  }
  if (compared.log_e) {
    out.summary +=
        "; log e " + short_number(*compared.log_e) + ", alarms from " + short_number(compared.log_e_to_alarm);
  }
  out.verdict = verdict;
  out.drifted = verdict == Verdict::Fail;
  return out;
}

void add_alarm(DriftVerdict& verdict, const WatchedSubject& subject, const DriftWindow& window,
               const VoteState& after) {
  if (subject.block->kind == WindowKind::Whole) {  // judged once
    verdict.firing = verdict.drifted && !window.partial;
    verdict.drifted_of_last = verdict.drifted ? 1 : 0;
    if (verdict.drifted) verdict.verdict = verdict.firing ? Verdict::Fail : Verdict::Pass;
    return;
  }
  const bool answered = verdict.verdict == Verdict::Pass || verdict.verdict == Verdict::Fail;
  verdict.firing = after.firing;
  verdict.drifted_of_last = drifted_of(after);
  if (after.firing) verdict.since = after.since;
  if (!answered) return;
  if (window.partial) {  // it may be different once all of it is seen: it neither starts an alarm nor goes on with one
    verdict.verdict = Verdict::Pass;
    if (verdict.drifted) verdict.summary += "; a partial window raises no alarm";
    return;
  }
  verdict.verdict = after.firing ? Verdict::Fail : Verdict::Pass;
  const VoteRule rule = subject.vote_rule();
  if (after.firing) {
    verdict.summary += verdict.drifted
                           ? ", since " + format_timestamp(after.since)
                           : "; still in alarm since " + format_timestamp(after.since) + ", " +
                                 with_commas(after.clean) + " of " + with_commas(rule.clear) + " clean windows";
  } else if (verdict.drifted) {
    verdict.summary += "; drifted in " + with_commas(verdict.drifted_of_last) + " of the last " +
                       with_commas(after.last.size()) + (after.last.size() == 1 ? " window" : " windows") +
                       ", alarms from " + with_commas(rule.fire);
  }
}

}  // namespace weir
