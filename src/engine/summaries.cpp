// SPDX-License-Identifier: Apache-2.0
// A run as bytes, so that runs over parts of the input can be judged as one: `weirsums`, a version, the rule set that was
// run, what was counted, the windows, and a checksum over all of it.
#include <algorithm>

#include "base/hash.h"
#include "engine/passes.h"
#include "summary/codec.h"
#include "windows/windows.h"

namespace weir {

namespace {

constexpr std::string_view kMagic = "weirsums";
constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::uint64_t kSeed = 0x77656972;
constexpr std::size_t kMostWrittenSamples = 100'000;
constexpr std::size_t kMostText = 1U << 20;

void write_counts(const Outcome& found, SummaryWriter& out) {
  for (const std::uint64_t count : {found.records, found.undecodable, found.duplicate_keys, found.quarantined,
                                    found.windows.untimed, found.windows.future, found.windows.late}) {
    out.varint(count);
  }
  for (const std::uint64_t count : found.envelopes.wrapped) out.varint(count);
  for (const std::uint64_t count : {found.envelopes.removals, found.envelopes.snapshots, found.envelopes.notices}) {
    out.varint(count);
  }
  out.u8(found.halted ? 1 : 0);
  out.varint(found.rules.size());
  for (const RuleCounts& rule : found.rules) {
    for (const std::uint64_t count : {rule.evaluated, rule.failed, rule.skipped}) out.varint(count);
  }
  out.varint(found.windows.rules.size());
  for (const WindowCounts& rule : found.windows.rules) {
    for (const std::uint64_t count :
         {rule.evaluated, rule.failed, rule.warned, rule.no_data, rule.inconclusive, rule.errors}) {
      out.varint(count);
    }
  }
  out.varint(found.samples.size());
  for (const Sample& sample : found.samples) {
    out.varint(sample.rule);
    out.varint(sample.line);
    out.varint(sample.offset);
    out.text(sample.value);
    out.text(sample.reason);
  }
}

Outcome read_counts(const Plan& plan, SummaryReader& in) {
  Outcome out;
  for (std::uint64_t* const count : {&out.records, &out.undecodable, &out.duplicate_keys, &out.quarantined,
                                     &out.windows.untimed, &out.windows.future, &out.windows.late}) {
    *count = in.varint();
  }
  for (std::uint64_t& count : out.envelopes.wrapped) count = in.varint();
  for (std::uint64_t* const count : {&out.envelopes.removals, &out.envelopes.snapshots, &out.envelopes.notices}) {
    *count = in.varint();
  }
  out.halted = in.at_most(1, "a mark") == 1;
  in.require(in.varint() == plan.rules.size(), "other rules than those of the rule file");
  out.rules.resize(plan.rules.size());
  for (RuleCounts& rule : out.rules) {
    for (std::uint64_t* const count : {&rule.evaluated, &rule.failed, &rule.skipped}) *count = in.varint();
  }
  in.require(in.varint() == plan.window_rules.size(), "other rules than those of the rule file");
  out.windows.rules.resize(plan.window_rules.size());
  for (WindowCounts& rule : out.windows.rules) {
    for (std::uint64_t* const count :
         {&rule.evaluated, &rule.failed, &rule.warned, &rule.no_data, &rule.inconclusive, &rule.errors}) {
      *count = in.varint();
    }
  }
  const std::size_t samples = in.count(kMostWrittenSamples, 5, "samples");
  for (std::size_t i = 0; i < samples && in.ok(); ++i) {
    Sample sample;
    sample.rule = static_cast<std::uint32_t>(in.at_most(plan.rules.size() - 1, "the number of a rule"));
    sample.line = in.varint();
    sample.offset = in.varint();
    sample.value = in.text(kMostText);
    sample.reason = in.text(kMostText);
    out.samples.push_back(std::move(sample));
  }
  return out;
}

std::uint64_t checksum(std::string_view bytes) {
  return hash_text(bytes, kSeed);
}

}  // namespace

void add_counts(const Outcome& outcome, Outcome& all) {
  all.records += outcome.records;
  all.undecodable += outcome.undecodable;
  all.duplicate_keys += outcome.duplicate_keys;
  all.quarantined += outcome.quarantined;
  all.envelopes.add(outcome.envelopes);
  all.halted = all.halted || outcome.halted;
  for (std::size_t i = 0; i < outcome.rules.size(); ++i) {
    all.rules[i].evaluated += outcome.rules[i].evaluated;
    all.rules[i].failed += outcome.rules[i].failed;
    all.rules[i].skipped += outcome.rules[i].skipped;
  }
  const std::size_t room = kMostWrittenSamples - std::min(all.samples.size(), kMostWrittenSamples);
  const auto more = static_cast<std::ptrdiff_t>(std::min(room, outcome.samples.size()));
  all.samples.insert(all.samples.end(), outcome.samples.begin(), outcome.samples.begin() + more);
  WindowOutcome windows;
  windows.rules = outcome.windows.rules;
  windows.untimed = outcome.windows.untimed;
  windows.future = outcome.windows.future;
  windows.late = outcome.windows.late;
  all.windows.merge(std::move(windows));
}

std::string Engine::write_summaries() {
  SummaryWriter out;
  out.raw(kMagic);
  out.u8(kVersion);
  out.text(plan_->ruleset);
  write_counts(found_, out);
  out.u8(windows_ == nullptr ? 0 : 1);
  if (windows_ != nullptr) windows_->write(out);
  out.u64(checksum(out.bytes()));
  return std::move(out).bytes();
}

Status Engine::merge_summaries(std::string_view written) {
  if (!written.starts_with(kMagic)) return Error{.message = "these are no summaries that weir wrote"};
  if (written.size() < kMagic.size() + 1 + kChecksumBytes)
    return Error{.message = "the summaries are cut short: " + std::to_string(written.size()) + " bytes"};
  if (const auto version = static_cast<std::uint8_t>(written[kMagic.size()]); version != kVersion)
    return Error{.message = "summaries of version " + std::to_string(version) + "; this weir reads version " +
                            std::to_string(kVersion)};
  const std::string_view body = written.substr(0, written.size() - kChecksumBytes);
  SummaryReader last(written.substr(body.size()));
  if (last.u64() != checksum(body)) return Error{.message = "the summaries are damaged or cut short"};
  SummaryReader in(body.substr(kMagic.size() + 1));
  if (in.text(kMostText) != plan_->ruleset)
    return Error{.message = "the summaries were written with other rules",
                 .where = {},
                 .code = {},
                 .label = {},
                 .help = "summaries are merged under the rule file that they were written with"};
  Outcome theirs = read_counts(*plan_, in);
  in.require(in.at_most(1, "a mark") == (windows_ == nullptr ? 0U : 1U), "other windows than those of the rule file");
  if (!in.ok()) return in.error();
  if (windows_ != nullptr) {
    const Status windows = windows_->merge(in);
    if (!windows.ok()) return windows;
  }
  if (!in.at_end()) return Error{.message = "the summaries hold more than they say"};
  std::erase_if(theirs.samples, [this](Sample& sample) {
    sample.input = options_.input;
    return samples_taken_[sample.rule]++ >= options_.samples_per_rule;
  });
  for (std::uint64_t& taken : samples_taken_) taken = std::min(taken, options_.samples_per_rule);
  add_counts(theirs, found_);
  merged_.merge(std::move(theirs));
  return Done{};
}

}  // namespace weir
