// SPDX-License-Identifier: Apache-2.0
#include "drift/reference.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "base/zone.h"
#include "drift/frozen_edges.h"

namespace weir {

namespace {

constexpr std::size_t kMostWindows = 10'080;  // a week of minutes
constexpr std::size_t kMostLearned = 200;     // hours of a week, and a few
constexpr std::size_t kStates = 3;
constexpr std::size_t kSpare = 8;  // windows that may be judged again after newer ones
constexpr Duration kTick{1};

std::vector<KeptWindow> read_windows(const std::vector<PastRecord>& records, const KeptState& state) {
  std::vector<KeptWindow> out;
  for (const PastRecord& record : records) {
    if (auto window = read_window(record.at, record.bytes, state)) out.push_back(std::move(*window));
  }
  return out;
}

/// What was compared together before is compared with one field now, or the other way round: another rule's windows.
bool is_of(const KeptWindow& window, const DriftRule& rule) {
  return rule.paths.size() > 1 ? window.joint.paths == rule.paths : window.joint.paths.empty();
}

bool ends_before(const KeptWindow& window, const DriftWindow& judged) {
  return judged.has_span ? window.end <= judged.start : window.at < judged.at;
}

Instant start_of(const DriftWindow& window) {
  return window.has_span ? window.start : window.at;
}

std::string known_of(std::size_t known, std::size_t of) {
  return with_commas(known) + " of " + with_commas(of) + (of == 1 ? " window" : " windows") +
         " of the reference are known";
}

ReferenceWindows previous(const Looking& looking, History& history) {
  ReferenceWindows out;
  const std::size_t wanted = std::max<std::uint32_t>(looking.rule.reference.windows, 1);
  // A few more than wanted: the newest may overlap a window that slides, and some may make no sense.
  out.windows = read_windows(
      history.past_records(looking.series.windows, Instant::min(), looking.window.at, wanted + kSpare), looking.state);
  std::erase_if(out.windows, [&](const KeptWindow& window) {
    return !ends_before(window, looking.window) || !is_of(window, looking.rule);
  });
  if (out.windows.size() > wanted)
    out.windows.erase(out.windows.begin(), out.windows.end() - static_cast<std::ptrdiff_t>(wanted));
  out.enough = out.windows.size() == wanted;
  if (!out.enough) out.cause = known_of(out.windows.size(), wanted);
  return out;
}

/// How many windows cover the length; 0 where windows have no size of their own.
std::size_t windows_of(const Looking& looking) {
  const bool timed = looking.block.kind == WindowKind::Time && looking.block.size > Duration(0);
  return timed ? static_cast<std::size_t>(looking.rule.reference.length / looking.block.size) : 0;
}

ReferenceWindows rolling(const Looking& looking, History& history) {
  ReferenceWindows out;
  const Duration length = looking.rule.reference.length;
  const Instant from = start_of(looking.window) - length;
  out.windows =
      read_windows(history.past_records(looking.series.windows, from, looking.window.at, kMostWindows), looking.state);
  std::size_t aside = 0;
  std::erase_if(out.windows, [&](const KeptWindow& window) {
    if (window.start < from || !ends_before(window, looking.window) || !is_of(window, looking.rule)) return true;
    if (window.set_aside) ++aside;
    return window.set_aside;
  });
  const std::size_t all = windows_of(looking);
  const std::size_t least = all == 0 ? 2 : std::max<std::size_t>((all + 1) / 2, 1);
  out.enough = out.windows.size() >= least;
  const Duration slack = std::max({looking.block.size, looking.block.longest, length / 10});
  out.full = out.enough && out.windows.front().start <= from + slack;
  if (!out.enough) {
    out.cause = known_of(out.windows.size(), std::max(all, least)) + ", " + with_commas(least) + " are needed";
    if (aside > 0) out.cause += "; " + with_commas(aside) + " in alarm are left out";
  }
  return out;
}

/// The window that ended so many periods earlier, by clocks of the block's zone; of windows that do not lie on a grid, the
/// nearest within half of a period.
std::optional<KeptWindow> slot(const Looking& looking, History& history, std::int64_t periods) {
  const Duration ago = periods * looking.rule.reference.period;
  const Instant at = looking.window.at;
  const Duration half = looking.rule.reference.period / 2;
  Instant wanted = at - ago;
  if (looking.block.zone_rules != nullptr) {
    const Zone& zone = *looking.block.zone_rules;
    wanted = zone.instant_of(zone.local(at) - ago);
  }
  const bool grid = looking.block.kind == WindowKind::Time;
  const std::vector<PastRecord> records =
      grid ? history.past_records(looking.series.windows, wanted, wanted + kTick, 1)
           : history.past_records(looking.series.windows, wanted - half, std::min(wanted + half, at), kMostWindows);
  std::vector<KeptWindow> found = read_windows(records, looking.state);
  std::erase_if(found, [&](const KeptWindow& window) {
    return !ends_before(window, looking.window) || !is_of(window, looking.rule);
  });
  if (found.empty()) return std::nullopt;
  const auto distance = [&](const KeptWindow& window) { return std::chrono::abs(window.at - wanted); };
  return *std::min_element(found.begin(), found.end(),
                           [&](const KeptWindow& a, const KeptWindow& b) { return distance(a) < distance(b); });
}

ReferenceWindows same(const Looking& looking, History& history) {
  constexpr std::size_t kLeast = 2;  // one slot says nothing about how slots differ
  ReferenceWindows out;
  for (std::int64_t period = looking.rule.reference.weeks; period >= 1; --period) {
    if (auto window = slot(looking, history, period)) out.windows.push_back(std::move(*window));
  }
  out.enough = out.windows.size() >= kLeast;
  if (!out.enough)
    out.cause = known_of(out.windows.size(), looking.rule.reference.weeks) + ", " + with_commas(kLeast) + " are needed";
  return out;
}

}  // namespace

KeptSeries kept_series(std::string_view rule_id, const WindowBlock& block, std::string_view segment) {
  const std::string name = std::string(rule_id) + "|" + block.extent + "|" + std::string(segment);
  return {.windows = "drift|" + name, .votes = "drift-votes|" + name, .state = "drift-state|" + name};
}

KeptState past_state(History& history, const KeptSeries& series, Instant before) {
  const std::vector<PastRecord> records = history.past_records(series.state, Instant::min(), before, kStates);
  // Older ones than these are of no use: none of the windows that are still kept was judged by them.
  if (records.size() == kStates) history.drop_records(series.state, records.front().at);
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (auto state = read_state(record->at, record->bytes)) return std::move(*state);
  }
  return {};
}

std::vector<KeptVote> past_votes(History& history, const KeptSeries& series, Instant before, std::size_t most) {
  const std::vector<PastRecord> records = history.past_records(series.votes, Instant::min(), before, most + kSpare);
  if (records.size() == most + kSpare) history.drop_records(series.votes, records.front().at);
  std::vector<KeptVote> out;
  for (const PastRecord& record : records) {
    if (auto vote = read_vote(record.at, record.bytes)) out.push_back(std::move(*vote));
  }
  if (out.size() > most) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(most));
  return out;
}

ReferenceWindows find_windows(const Looking& looking, History& history) {
  switch (looking.rule.reference.kind) {
    case DriftReference::Kind::Previous: return previous(looking, history);
    case DriftReference::Kind::Rolling: return rolling(looking, history);
    case DriftReference::Kind::Same: return same(looking, history);
    case DriftReference::Kind::File: break;
  }
  return {};
}

std::vector<KeptWindow> windows_to_learn_from(const Looking& looking, History& history) {
  const DriftReference& reference = looking.rule.reference;
  Instant since = Instant::min();
  std::size_t most = kMostLearned;
  if (reference.kind == DriftReference::Kind::Previous) most = std::max<std::size_t>(reference.windows, kBadWindows);
  if (reference.kind == DriftReference::Kind::Rolling) since = start_of(looking.window) - reference.length;
  if (reference.kind == DriftReference::Kind::Same) since = looking.window.at - reference.period;
  std::vector<KeptWindow> out =
      read_windows(history.past_records(looking.series.windows, since, looking.window.at, std::min(most, kMostLearned)),
                   looking.state);
  std::erase_if(out, [&](const KeptWindow& window) { return !is_of(window, looking.rule); });
  return out;
}

std::optional<Instant> needed_from(const Looking& looking, History& history) {
  const DriftReference& reference = looking.rule.reference;
  const Duration size = std::max({looking.block.size, looking.block.longest, Duration(0)});
  switch (reference.kind) {
    case DriftReference::Kind::File: return looking.window.at;
    case DriftReference::Kind::Previous: {
      const std::size_t most = std::max<std::uint32_t>(reference.windows, 1) + kSpare;
      const std::vector<PastRecord> records =
          history.past_records(looking.series.windows, Instant::min(), looking.window.at, most);
      return records.size() == most ? std::optional(records.front().at) : std::nullopt;
    }
    case DriftReference::Kind::Rolling:
      return start_of(looking.window) - reference.length - static_cast<std::int64_t>(kSpare) * size;
    case DriftReference::Kind::Same:
      // Half a period: of slots that lie on no grid the nearest is taken; and a day of 25 hours is longer.
      return looking.window.at - reference.period * static_cast<std::int64_t>(reference.weeks) - reference.period / 2 -
             static_cast<std::int64_t>(kSpare) * size;
  }
  return std::nullopt;
}

std::optional<KeptWindow> newest_window(const Looking& looking, History& history) {
  std::vector<KeptWindow> windows =
      read_windows(history.past_records(looking.series.windows, Instant::min(), looking.window.at, 1), looking.state);
  return windows.empty() ? std::nullopt : std::optional(std::move(windows.front()));
}

}  // namespace weir
