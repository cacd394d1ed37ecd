// SPDX-License-Identifier: Apache-2.0
#include "app/replay_summary.h"

#include <algorithm>
#include <utility>

#include "app/command.h"
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kNames = 40;  // columns
constexpr std::size_t kNumbers = 14;
constexpr std::size_t kRulesShown = 5;
constexpr std::size_t kLine = 160;

std::string row(std::string_view name, std::uint64_t count, std::string_view note = "") {
  const std::string shown = fit(visible(name), kNames);
  const std::string number = with_commas(count);
  const std::size_t used = display_width(shown) + number.size();
  std::string line = "  " + shown + std::string(used < kNames + kNumbers ? kNames + kNumbers - used : 1, ' ') + number;
  if (!note.empty()) line.append("  ").append(note);
  return line + "\n";
}

std::string failing_words(const ReplaySummary& summary) {
  std::vector<std::pair<std::string, std::uint64_t>> rules(summary.failing.begin(), summary.failing.end());
  std::stable_sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string words;
  for (std::size_t i = 0; i < rules.size() && i < kRulesShown; ++i)
    words += (i == 0 ? "" : ", ") + visible(rules[i].first) + " " + with_commas(rules[i].second);
  if (rules.size() > kRulesShown) words += ", and " + counted(rules.size() - kRulesShown, "other rule", "other rules");
  return words;
}

}  // namespace

void ReplaySummary::leave(ReplayLeft why, const std::string& id, const std::string& words) {
  const std::uint64_t count = ++left[static_cast<std::size_t>(why)];
  if (is_left_behind(why) && count <= kExamples) examples.push_back({.left = why, .id = id, .why = words});
}

std::uint64_t ReplaySummary::left_behind() const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kReplayLefts; ++i) {
    if (is_left_behind(static_cast<ReplayLeft>(i))) sum += left[i];
  }
  return sum;
}

int exit_of(const ReplaySummary& summary) {
  if (summary.left_for(ReplayLeft::Unreadable) + summary.left_for(ReplayLeft::Newer) > 0) return ExitCode::kUnjudged;
  if (summary.left_for(ReplayLeft::TooLarge) > 0) return ExitCode::kNotWritten;
  return summary.left_behind() > 0 ? ExitCode::kFailed : ExitCode::kHolds;
}

std::string replay_text(const ReplaySummary& summary) {
  std::string text = visible(summary.source, kLine) + ": " + counted(summary.read, "record", "records") + "\n";
  for (const auto& [topic, count] : summary.into)
    text += row((summary.dry_run ? "would go to " : "sent to ") + topic, count);
  for (std::size_t i = 0; i < kReplayLefts; ++i) {
    const auto why = static_cast<ReplayLeft>(i);
    if (summary.left[i] == 0) continue;
    text += row(words_of(why), summary.left[i], why == ReplayLeft::StillFails ? failing_words(summary) : "");
  }
  std::string remedies;
  for (std::size_t i = 0; i < kReplayLefts; ++i) {
    const auto why = static_cast<ReplayLeft>(i);
    if (summary.left[i] == 0 || !is_left_behind(why)) continue;
    remedies.append(words_of(why)).append(": ").append(remedy_of(why)).append("\n");
    for (const ReplaySummary::Example& example : summary.examples) {
      if (example.left != why) continue;
      remedies += "  " + visible(example.id, kLine);
      if (!example.why.empty()) remedies += ": " + visible(example.why, kLine);
      remedies += "\n";
    }
  }
  return remedies.empty() ? text : text + "\n" + remedies;
}

std::string replay_line(const ReplaySummary& summary) {
  std::string line = counted(summary.sent, "record", "records") + (summary.dry_run ? " would be" : "") + " sent back";
  if (const std::uint64_t behind = summary.left_behind(); behind > 0) line += ", " + with_commas(behind) + " left";
  return line;
}

std::string replay_json(const ReplaySummary& summary, int exit, const std::string& fault) {
  JsonWriter json(true);
  json.begin_object();
  json.field("source", std::string_view(summary.source));
  json.field("dry_run", summary.dry_run);
  json.field("rechecked", summary.rechecked);
  json.field("exit", exit);
  if (!fault.empty()) json.field("fault", std::string_view(fault));
  json.field("records", summary.read);
  json.field("sent", summary.sent);
  json.key("sent_to").begin_object();
  for (const auto& [topic, count] : summary.into) json.field(topic, count);
  json.end_object();
  json.key("left").begin_object();
  for (std::size_t i = 0; i < kReplayLefts; ++i) json.field(key_of(static_cast<ReplayLeft>(i)), summary.left[i]);
  json.end_object();
  json.key("still_failing").begin_object();
  for (const auto& [rule, count] : summary.failing) json.field(rule, count);
  json.end_object();
  json.key("examples").begin_array();
  for (const ReplaySummary::Example& example : summary.examples) {
    json.begin_object();
    json.field("id", std::string_view(example.id));
    json.field("left", key_of(example.left));
    if (!example.why.empty()) json.field("why", std::string_view(example.why));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace weir
