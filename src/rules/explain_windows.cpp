// SPDX-License-Identifier: Apache-2.0
#include "rules/explain_windows.h"

#include <algorithm>

#include "base/text.h"
#include "base/timestamp.h"

namespace weir {
namespace {

constexpr Duration kDay = std::chrono::hours(24);

std::string segments_in_words(const WindowBlock& block) {
  std::string text;
  for (const SegmentField& field : block.segment) text += (text.empty() ? "" : ", ") + field.path;
  if (text.empty()) return "";
  return ", apart by " + text + " (at most " + with_commas(block.max_segments) + ", the rest together)";
}

/// "the window before", "the 7 windows before", "the same hour": what a baseline looks at.
std::string baseline_in_words(const Lookback& baseline) {
  switch (baseline.kind) {
    case Lookback::Kind::None: return "";
    case Lookback::Kind::Last: return "the window before";
    case Lookback::Kind::Average: return "the " + with_commas(baseline.windows) + " windows before";
    case Lookback::Kind::SameHour: return "the window one hour before";
    case Lookback::Kind::SameDay: return "the window one day before";
    case Lookback::Kind::SameWeek: return "the window one week before";
  }
  return "";
}

std::string past_of(const MeasureCall& call) {
  if (call.spec->name == "z_score" && !call.numbers.empty())
    return "the " + with_commas(static_cast<std::uint64_t>(call.numbers.back())) + " windows before";
  if (call.spec->name == "forecast") return "its own past and the same time of earlier days";
  return baseline_in_words(call.baseline);
}

}  // namespace

std::string length_in_words(Duration duration) {
  if (duration > Duration::zero() && duration % kDay == Duration::zero()) return std::to_string(duration / kDay) + "d";
  return format_duration(duration);
}

std::string window_in_words(const WindowBlock& block) {
  std::string text;
  switch (block.kind) {
    case WindowKind::Whole: text = "the whole input"; break;
    case WindowKind::Time:
      text = block.size == block.every
                 ? "every " + length_in_words(block.every)
                 : "the last " + length_in_words(block.size) + ", every " + length_in_words(block.every);
      if (!block.zone.empty()) text += " in " + block.zone;
      break;
    case WindowKind::Session:
      text = "sessions: until " + length_in_words(block.gap) + " pass without a record, at most " +
             length_in_words(block.longest);
      break;
    case WindowKind::Count: text = "each " + with_commas(block.count) + " records of an input"; break;
  }
  text += segments_in_words(block);
  if (block.accepted_only) text += ", of accepted records";
  return text;
}

std::string condition_in_words(const Loaded& loaded, std::uint32_t rule) {
  const WrittenConditions& written = loaded.conditions[rule];
  if (written.should.empty()) return written.must;
  return (written.must.empty() ? "should be " : written.must + ", should be ") + written.should;
}

std::string history_in_words(const WindowRule& rule) {
  std::vector<std::string> pasts;
  for (const WindowCondition* condition : {&rule.must, &rule.should}) {
    for (const MeasureCall& call : condition->calls) {
      std::string past = past_of(call);
      if (!past.empty() && std::find(pasts.begin(), pasts.end(), past) == pasts.end()) pasts.push_back(std::move(past));
    }
  }
  std::string text;
  for (const std::string& past : pasts) text += (text.empty() ? "needs history: " : "; ") + past;
  return text;
}

std::string empty_in_words(const WindowRule& rule) {
  switch (rule.on_empty) {
    case OnEmpty::Pass: return "no data is neither good nor bad";
    case OnEmpty::Warn: return "no data is a warning";
    case OnEmpty::Fail: return "no data fails";
  }
  return "";
}

}  // namespace weir
