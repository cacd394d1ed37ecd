// SPDX-License-Identifier: Apache-2.0
#include "app/schema_evidence.h"

#include <algorithm>

namespace weir {
namespace {

bool is_about_schema(const WindowRule& rule) {
  const auto names_it = [](const MeasureCall& call) {
    return call.spec != nullptr && (call.spec->name == "schema" || call.spec->name == "column_count");
  };
  return std::any_of(rule.must.calls.begin(), rule.must.calls.end(), names_it) ||
         std::any_of(rule.should.calls.begin(), rule.should.calls.end(), names_it);
}

}  // namespace

void SchemaEvidence::rules(const std::shared_ptr<const Plan>& plan) {
  about_schema_.clear();
  for (const WindowRule& rule : plan->window_rules) about_schema_.push_back(is_about_schema(rule));
  next_.rules(plan);
}

void SchemaEvidence::schema(const SchemaChange& change, Instant now) {
  if (change.from != nullptr) {
    last_ = "the last change before: " + in_words(change) + " (first in " + change.topic + "[" +
            std::to_string(change.partition) + "] at offset " + std::to_string(change.offset) + ")";
  }
  next_.schema(change, now);
}

bool SchemaEvidence::wants_words(const WindowVerdict& verdict) const {
  const bool broken = verdict.verdict == Verdict::Fail || verdict.verdict == Verdict::Warn;
  return broken && !last_.empty() && verdict.rule < about_schema_.size() && about_schema_[verdict.rule];
}

void SchemaEvidence::windows(const WindowOutcome& windows, Instant now) {
  if (std::none_of(windows.verdicts.begin(), windows.verdicts.end(),
                   [this](const WindowVerdict& one) { return wants_words(one); })) {
    next_.windows(windows, now);
    return;
  }
  WindowOutcome more = windows;
  for (WindowVerdict& verdict : more.verdicts) {
    if (!wants_words(verdict)) continue;
    verdict.cause += (verdict.cause.empty() ? "" : "; ") + last_;
  }
  next_.windows(more, now);
}

}  // namespace weir
