// SPDX-License-Identifier: Apache-2.0
#include "app/demo_findings.h"

#include "base/text.h"
#include "base/timestamp.h"
#include "report/windows.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kTexts = 200;  // that wait for somebody who reads them; more are not told

/// "10:00:36-10:00:38Z".
std::string stretch_of(const WindowVerdict& verdict) {
  constexpr std::size_t kDate = 11;
  constexpr std::size_t kTime = 8;
  return format_timestamp(verdict.start).substr(kDate, kTime) + "-" +
         format_timestamp(verdict.end).substr(kDate, kTime) + "Z";
}

DemoFinding::Kind kind_of(const WindowVerdict& verdict) {
  if (verdict.drift != nullptr) return DemoFinding::Kind::Drift;
  return verdict.by_clock ? DemoFinding::Kind::EmptyWindow : DemoFinding::Kind::Window;
}

std::string words_of(const WindowVerdict& verdict) {
  const std::string segment = segment_of(verdict);
  const std::string where = segment.empty() ? "" : segment + ": ";
  if (verdict.drift != nullptr) return where + verdict.drift->summary;
  return where + evidence_of(verdict) + " (" + stretch_of(verdict) + ")";
}

}  // namespace

std::vector<DemoFinding> DemoFindings::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(found_, {});
}

void DemoFindings::look_at_round() {
  if (const std::uint64_t round = round_; round != told_in_) {
    std::erase_if(told_, [](const auto& told) { return told.first != DemoFinding::Kind::SetAside; });
    told_in_ = round;
  }
}

void DemoFindings::tell(DemoFinding finding) {
  if (!told_.emplace(finding.kind, finding.rule).second) return;
  const std::scoped_lock lock(mutex_);
  if (found_.size() < kTexts) found_.push_back(std::move(finding));
}

void DemoFindings::rules(const std::shared_ptr<const Plan>& plan) {
  const bool again = plan_ != nullptr;
  plan_ = plan;
  if (!again) return;
  told_.clear();
  tell({.kind = DemoFinding::Kind::NewRules, .text = "the rules have changed and hold from here on"});
}

void DemoFindings::judged(const Fetched& fetched, const Outcome& outcome, Instant /*now*/) {
  look_at_round();
  records_ += outcome.records;
  if (plan_ == nullptr) return;
  for (const FailingRecord& record : outcome.failing) {
    for (const Violation& broken : record.violations) {
      const RuleInfo& rule = plan_->rules[broken.rule].info;
      if (told_.contains({DemoFinding::Kind::Record, rule.id})) continue;
      const Sample sample{.rule = broken.rule, .value = broken.value, .reason = broken.message};
      tell({.kind = DemoFinding::Kind::Record,
            .verdict = rule.severity == Severity::Error ? Verdict::Fail : Verdict::Warn,
            .rule = rule.id,
            .text = evidence_of(sample),
            .place = fetched.partition.topic + "/" + std::to_string(fetched.partition.number) + "/" +
                     std::to_string(record.offset)});
    }
  }
}

void DemoFindings::windows(const WindowOutcome& windows, Instant /*now*/) {
  look_at_round();
  if (plan_ == nullptr) return;
  for (const WindowVerdict& verdict : windows.verdicts) {
    const bool broken = verdict.verdict == Verdict::Fail || verdict.verdict == Verdict::Warn;
    // The first window misses what came before weir did.
    if (!broken || verdict.partial || verdict.backfill || verdict.rule >= plan_->window_rules.size()) continue;
    const std::string& rule = plan_->window_rules[verdict.rule].info.id;
    if (told_.contains({DemoFinding::Kind::EmptyWindow, rule})) continue;  // more of the same silence
    tell({.kind = kind_of(verdict), .verdict = verdict.verdict, .rule = rule, .text = words_of(verdict)});
  }
}

void DemoFindings::quarantined(std::uint64_t records, std::span<const std::uint64_t> /*rules*/) {
  set_aside_ += records;
  if (records > 0)
    tell({.kind = DemoFinding::Kind::SetAside, .text = counted(records, "record", "records") + " put aside"});
}

void DemoFindings::trouble(const Trouble& trouble, Instant /*now*/) {
  tell({.kind = DemoFinding::Kind::Trouble, .rule = trouble.event, .text = trouble.message});
}

void DemoFindings::status(const StreamStatus& status) {
  if (status.phase != StreamStatus::Phase::Running || status.partitions.size() == partitions_) return;
  partitions_ = status.partitions.size();
  if (partitions_ > 0)
    tell({.kind = DemoFinding::Kind::Reading, .text = counted(partitions_, "partition", "partitions")});
}

}  // namespace weir
