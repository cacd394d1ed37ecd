// SPDX-License-Identifier: Apache-2.0
#include "quarantine/tally.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace weir {

namespace {

constexpr std::size_t kNameBytes = 256;
constexpr std::size_t kStages = 16;
constexpr std::size_t kKept = 2 * QuarantineTally::kSteps;  // steps with records, before they are made wider

// Each is a multiple of the one before, so that steps can be put together.
constexpr std::int64_t kWidths[] = {
    1,      5,      10,     30,      60,        300,        600,         1'800,         3'600,         10800,
    21'600, 43'200, 86'400, 604'800, 2'419'200, 31'449'600, 314'496'000, 3'144'960'000, 31'449'600'000};

std::int64_t floor_of(std::int64_t value, std::int64_t width) {
  const std::int64_t down = value / width;
  return down * width > value ? down - 1 : down;
}

/// The name itself, or the one that stands for those that there is no room for.
template <class Map>
std::string name_in(const Map& map, const std::string& name, std::size_t most) {
  std::string short_name = shorten(name, kNameBytes);
  if (map.size() < most || map.contains(short_name)) return short_name;
  return QuarantineTally::kOthers;
}

}  // namespace

QuarantineTally::QuarantineTally(std::optional<Duration> every)
    : step_(every.value_or(std::chrono::seconds(kWidths[0]))), asked_(every.has_value()), mixture_names_(2, nullptr) {}

void QuarantineTally::count(Group& group, const QuarantinedRecord& record) const {
  ++group.records;
  if (!record.at) return;
  if (!group.first || *record.at < *group.first) group.first = record.at;
  if (!group.last || *record.at > *group.last) group.last = record.at;
  if (!too_many_) ++group.steps[floor_of(record.at->time_since_epoch().count(), step_.count())];
}

/// By the rules that a record broke, each once.
std::uint32_t QuarantineTally::mixture_of(const std::vector<std::string>& names) {
  const auto found = mixtures_.find(names);
  if (found != mixtures_.end()) return found->second;
  if (mixtures_.size() >= kMixtures || mixed_ + names.size() > kMixed) return 1;
  mixed_ += names.size();
  const auto number = static_cast<std::uint32_t>(mixture_names_.size());
  mixture_names_.push_back(&mixtures_.emplace(names, number).first->first);
  return number;
}

void QuarantineTally::count_sent(std::uint32_t mixture) {
  ++all_.sent;
  if (mixture_names_[mixture] == nullptr) return;
  for (const std::string& name : *mixture_names_[mixture]) ++rules_[name].sent;
}

void QuarantineTally::add(const QuarantinedRecord& record) {
  SeenIds::Entry* const entry = record.id.empty() ? nullptr : ids_.find_or_add(record.id);
  if (entry != nullptr && entry->record != 0) {
    ++twice_;
    return;
  }
  std::set<std::string> names;
  for (const QuarantinedViolation& violation : record.violations) {
    names.insert(name_in(rules_, violation.rule, kNames));
    const std::pair reason(shorten(violation.code, kNameBytes), shorten(violation.path, kNameBytes));
    const bool room = reasons_.size() < kNames || reasons_.contains(reason);
    ++reasons_[room ? reason : std::pair<std::string, std::string>(kOthers, "")];
  }
  count(all_, record);
  for (const std::string& name : names) count(rules_[name], record);
  ++stages_[name_in(stages_, record.stage.empty() ? "?" : record.stage, kStages)];
  if (entry != nullptr) {
    entry->record = mixture_of({names.begin(), names.end()});
    if (entry->mark != 0) count_sent(entry->record);
  }
  if (!asked_) {
    while (all_.steps.size() > kKept) widen();
  } else if (all_.steps.size() > kAskedSteps) {
    too_many_ = true;
  }
}

void QuarantineTally::mark(const QuarantinedRecord& mark) {
  SeenIds::Entry* const entry = mark.id.empty() ? nullptr : ids_.find_or_add(mark.id);
  if (entry == nullptr || entry->mark != 0) return;
  entry->mark = 1;
  if (entry->record != 0) count_sent(entry->record);
}

void QuarantineTally::widen() {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(step_).count();
  const auto* const next = std::upper_bound(std::begin(kWidths), std::end(kWidths), now);
  const std::int64_t width = next == std::end(kWidths) ? now * 10 : *next;
  const std::int64_t times = width / now;
  const auto gather = [times](Group& group) {
    std::map<std::int64_t, std::uint64_t> wide;
    for (const auto& [step, records] : group.steps) wide[floor_of(step, times)] += records;
    group.steps = std::move(wide);
  };
  gather(all_);
  for (auto& [name, group] : rules_) gather(group);
  step_ = std::chrono::seconds(width);
}

std::int64_t QuarantineTally::span() const {
  return all_.steps.empty() ? 0 : all_.steps.rbegin()->first - all_.steps.begin()->first + 1;
}

void QuarantineTally::finish() {
  if (asked_) too_many_ = too_many_ || span() > static_cast<std::int64_t>(kAskedSteps);
  while (!asked_ && span() > static_cast<std::int64_t>(kSteps)) widen();
}

std::vector<double> QuarantineTally::over_time(const Group& group) const {
  std::vector<double> counts;
  if (all_.steps.empty() || too_many_) return counts;
  counts.resize(static_cast<std::size_t>(span()));
  for (const auto& [step, records] : group.steps) {
    counts[static_cast<std::size_t>(step - all_.steps.begin()->first)] = static_cast<double>(records);
  }
  return counts;
}

Instant QuarantineTally::first_step() const {
  return all_.steps.empty() ? Instant() : Instant(step_ * all_.steps.begin()->first);
}

std::vector<QuarantineTally::Reason> QuarantineTally::reasons() const {
  std::vector<Reason> sorted(reasons_.begin(), reasons_.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const Reason& a, const Reason& b) { return a.second > b.second; });
  return sorted;
}

}  // namespace weir
