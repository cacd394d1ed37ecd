// SPDX-License-Identifier: Apache-2.0
#include "app/result_keeper.h"

#include <string>

#include "base/json_writer.h"
#include "weir/measured.h"

namespace weir {

namespace {

/// What is waiting when nothing can be written: the oldest go first.
constexpr std::size_t kMostFound = 100'000;

/// As reports show a segment: an object of its fields.
std::string text_of(const Segment& segment) {
  JsonWriter json;
  json.begin_object();
  for (const auto& [field, value] : segment.values) {
    json.key(field);
    value ? json.value(*value) : json.null();
  }
  if (segment.other) json.field("__other__", true);
  json.end_object();
  return json.take();
}

std::uint32_t flags_of(const WindowVerdict& verdict) {
  std::uint32_t out = 0;
  if (verdict.partial) out |= WindowResult::Partial;
  if (verdict.revised) out |= WindowResult::Revised;
  if (verdict.by_clock) out |= WindowResult::ByClock;
  if (verdict.warming) out |= WindowResult::Warming;
  if (verdict.backfill) out |= WindowResult::Backfill;
  return out;
}

}  // namespace

void ResultKeeper::windows(const WindowOutcome& windows, Instant now) {
  now_ = now;
  for (const WindowVerdict& verdict : windows.verdicts) {
    found_.push_back({.rule = plan_->window_rules[verdict.rule].info.id,
                      .segment = verdict.segment ? text_of(*verdict.segment) : std::string(),
                      .start = verdict.start,
                      .end = verdict.end,
                      .verdict = verdict.verdict,
                      .observed = show(verdict.observed, verdict.observed_is_rate),
                      .expected = verdict.expected,
                      .flags = flags_of(verdict),
                      .judged_at = now});
  }
  if (found_.size() > kMostFound) found_.erase(found_.begin(), found_.end() - static_cast<std::ptrdiff_t>(kMostFound));
}

Status ResultKeeper::save() {
  if (found_.empty()) return Done{};
  const Status written = results_->add(found_, now_);
  if (written) found_.clear();
  return written;
}

}  // namespace weir
