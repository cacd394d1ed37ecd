// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "app/top_model.h"

namespace weir {
namespace {

constexpr std::size_t kMostSamples = 100;  // of a rule

/// Two streams of one name are one only within a pipeline and a group.
std::string shown_name(const TopLook& look, const std::string& stream, bool several) {
  return several ? look.pipeline + "/" + stream : stream;
}

template <class T>
void add(std::optional<T>& sum, const std::optional<T>& one) {
  if (one) sum = sum.value_or(T{}) + *one;
}

template <class T>
void keep_earlier(std::optional<T>& kept, const std::optional<T>& one) {
  if (one && (!kept || *one < *kept)) kept = one;
}

template <class T>
void keep_later(std::optional<T>& kept, const std::optional<T>& one) {
  if (one && (!kept || *one > *kept)) kept = one;
}

void merge(TopStream& into, TopStream&& one) {
  into.state = std::min(into.state, one.state);
  if (one.state == into.state) into.phase = one.phase;
  const std::string& instance = one.instances.front();
  if (into.instances.size() == 1) {
    for (std::string& reason : into.not_ready) reason.insert(0, into.instances.front() + ": ");
  }
  for (std::string& reason : one.not_ready) into.not_ready.push_back(instance + ": " + std::move(reason));
  into.instances.push_back(instance);
  into.partitions.insert(into.partitions.end(), one.partitions.begin(), one.partitions.end());
  into.troubles.insert(into.troubles.end(), one.troubles.begin(), one.troubles.end());
  into.records += one.records;
  into.undecodable += one.undecodable;
  into.quarantined += one.quarantined;
  into.kept_out += one.kept_out;
  into.late += one.late;
  into.rebalances += one.rebalances;
  into.samples_per_rule = std::max(into.samples_per_rule, one.samples_per_rule);
  add(into.lag, one.lag);
  keep_earlier(into.watermark, one.watermark);
}

/// Whose word counts: of a record rule the graver one, for each instance sees other records; of a window rule whoever
/// judged last, and of two that judged the same window the graver.
bool speaks_for_both(const TopRule& one, const TopRule& other) {
  if (one.kind == "record" || !one.newest || !other.newest) {
    if (one.kind != "record" && one.newest.has_value() != other.newest.has_value()) return one.newest.has_value();
    return one.state < other.state;
  }
  return std::tuple(one.newest->end, other.state) > std::tuple(other.newest->end, one.state);
}

void merge(TopRule& into, TopRule&& one) {
  if (speaks_for_both(one, into)) {
    into.state = one.state;
    into.newest = one.newest;
    into.since = one.since;
  } else if (one.state == into.state) {
    keep_earlier(into.since, one.since);
  }
  into.evaluated += one.evaluated;
  into.failed += one.failed;
  into.skipped += one.skipped;
  into.quarantined += one.quarantined;
  into.no_data += one.no_data;
  keep_later(into.last_failed, one.last_failed);
  into.failed_at.insert(into.failed_at.end(), one.failed_at.begin(), one.failed_at.end());
  into.samples.insert(into.samples.end(), one.samples.begin(), one.samples.end());
  std::stable_sort(into.samples.begin(), into.samples.end(),
                   [](const TopSample& a, const TopSample& b) { return a.at > b.at; });
  if (into.samples.size() > kMostSamples) into.samples.resize(kMostSamples);
}

/// Instances that share a rule's windows tell of one alert.
void merge(TopAlert& into, TopAlert&& one) {
  keep_earlier(into.since, one.since);
  into.silenced = into.silenced && one.silenced;
  for (std::string& receiver : one.heard) {
    if (std::find(into.heard.begin(), into.heard.end(), receiver) == into.heard.end())
      into.heard.push_back(std::move(receiver));
  }
}

void merge_alerts(TopOverview& overview, TopLook& look, bool several, std::map<std::string, std::size_t>& known) {
  for (TopAlert& alert : look.alerts) {
    alert.stream = shown_name(look, alert.stream, several);
    const auto [at, fresh] = known.emplace(alert.stream + "\n" + alert.fingerprint, overview.alerts.size());
    if (fresh) {
      overview.alerts.push_back(std::move(alert));
    } else {
      merge(overview.alerts[at->second], std::move(alert));
    }
  }
  look.alerts.clear();
  overview.alerts_left_out += look.alerts_left_out;
}

/// How much more in a second; nothing after a restart, which counts from zero.
std::optional<double> rate(std::uint64_t now, std::uint64_t before, double seconds) {
  if (seconds <= 0 || now < before) return std::nullopt;
  return static_cast<double>(now - before) / seconds;
}

void add_rates(TopOverview& overview, const TopOverview& before) {
  const double seconds = std::chrono::duration<double>(overview.now - before.now).count();
  for (TopStream& stream : overview.streams) {
    const TopStream* const then = before.stream(stream.name);
    // Another instance came or went: its counts with it.
    if (then == nullptr || then->instances != stream.instances) continue;
    stream.records_rate = rate(stream.records, then->records, seconds);
    stream.quarantined_rate = rate(stream.quarantined, then->quarantined, seconds);
  }
  const TopOverview::RuleIndex rules = before.rule_index();
  for (TopRule& rule : overview.rules) {
    const auto then = rules.find({rule.stream, rule.id});
    if (then != rules.end()) rule.failing_rate = rate(rule.failed, then->second->failed, seconds);
  }
}

}  // namespace

std::string_view word_of(TopState state) {
  switch (state) {
    case TopState::Away: return "AWAY";
    case TopState::Error: return "ERROR";
    case TopState::Fail: return "FAIL";
    case TopState::Stuck: return "STUCK";
    case TopState::Warn: return "WARN";
    case TopState::Past: return "PAST";
    case TopState::Unsure: return "UNSURE";
    case TopState::NoData: return "NODATA";
    case TopState::Pass: break;
  }
  return "ok";
}

std::size_t TopOverview::answering() const {
  return static_cast<std::size_t>(
      std::count_if(looks.begin(), looks.end(), [](const TopLook& look) { return look.fault.empty(); }));
}

const TopRule* TopOverview::rule(std::string_view stream, std::string_view id) const {
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const TopRule& rule) { return rule.id == id && rule.stream == stream; });
  return found == rules.end() ? nullptr : &*found;
}

TopOverview::RuleIndex TopOverview::rule_index() const {
  RuleIndex index;
  for (const TopRule& rule : rules)
    index.emplace(std::pair(std::string_view(rule.stream), std::string_view(rule.id)), &rule);
  return index;
}

const TopStream* TopOverview::stream(std::string_view name) const {
  const auto found =
      std::find_if(streams.begin(), streams.end(), [&](const TopStream& stream) { return stream.name == name; });
  return found == streams.end() ? nullptr : &*found;
}

TopOverview put_together(std::vector<TopLook> looks, Instant now, const TopOverview* before) {
  TopOverview overview;
  overview.now = now;
  std::optional<Instant> theirs;
  for (const TopLook& look : looks) keep_later(theirs, look.now);
  overview.judged_at = theirs.value_or(now);
  std::map<std::string, std::size_t> streams;
  std::map<std::pair<std::string, std::string>, std::size_t> rules;
  std::map<std::string, std::size_t> alerts;
  std::string first_pipeline;
  bool several = false;
  for (const TopLook& look : looks) {
    if (!look.fault.empty()) continue;
    const std::string pipeline = look.pipeline + "\n" + look.group;
    several = several || (!first_pipeline.empty() && first_pipeline != pipeline);
    first_pipeline = pipeline;
  }
  for (TopLook& look : looks) {
    for (TopStream& stream : look.streams) {
      stream.name = shown_name(look, stream.name, several);
      const auto [at, fresh] = streams.emplace(stream.name, overview.streams.size());
      if (fresh) {
        overview.streams.push_back(std::move(stream));
      } else {
        merge(overview.streams[at->second], std::move(stream));
      }
    }
    for (TopRule& rule : look.rules) {
      rule.stream = shown_name(look, rule.stream, several);
      const auto [at, fresh] = rules.emplace(std::pair(rule.stream, rule.id), overview.rules.size());
      if (fresh) {
        overview.rules.push_back(std::move(rule));
      } else {
        merge(overview.rules[at->second], std::move(rule));
      }
    }
    for (TopWindow& window : look.windows) {
      window.stream = shown_name(look, window.stream, several);
      overview.windows.push_back(std::move(window));
    }
    merge_alerts(overview, look, several, alerts);
    look.streams.clear();
    look.rules.clear();
    look.windows.clear();
  }
  std::stable_sort(overview.windows.begin(), overview.windows.end(),
                   [](const TopWindow& a, const TopWindow& b) { return a.end > b.end; });
  std::stable_sort(overview.alerts.begin(), overview.alerts.end(),
                   [](const TopAlert& a, const TopAlert& b) { return a.since < b.since; });
  overview.looks = std::move(looks);
  if (before != nullptr) add_rates(overview, *before);
  return overview;
}

}  // namespace weir
