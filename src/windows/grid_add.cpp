// SPDX-License-Identifier: Apache-2.0
// Rows into panes. Rows are gathered by pane and segment first, so that a summary is called once for all of its rows: a
// batch that lies in one pane costs no more than the summaries themselves.
#include <algorithm>
#include <numeric>
#include <utility>

#include "base/zone.h"
#include "windows/grid_state.h"

namespace weir {

GridState::GridState(const Plan& plan, const Layout& layout, std::uint32_t grid, const Options& options)
    : plan_(plan),
      layout_(layout),
      grid_(layout.grids[grid]),
      options_(options),
      segments_(block().segment, block().max_segments, plan.fields),
      store_(grid_.spec,
             grid_.kind == WindowKind::Session ? PaneStore::Meeting::Join
             : grid_.kind == WindowKind::Count ? PaneStore::Meeting::Keep
                                               : PaneStore::Meeting::Merge,
             bounded(block().gap)),
      into_(&store_) {
  for (const std::uint32_t index : grid_.blocks) {
    const BoundBlock& bound = layout.blocks[index];
    progress_.push_back(
        Progress{.first = Instant::max(), .done = {}, .sliding = Sliding(bound.panes, bound.step), .revised = {}});
  }
}

std::int64_t GridState::place_of(Instant time) {
  if (time >= last_from_ && time < last_to_) return last_place_;
  const Duration wall = grid_.by_zone ? block().zone_rules->local(time) : time.time_since_epoch();
  const std::int64_t place = floor_divide(wall.count() - grid_.origin, grid_.pane);
  last_place_ = place;
  last_from_ = start_of(place);
  last_to_ = start_of(place + 1);
  if (time < last_from_ || time >= last_to_) last_to_ = last_from_;  // clocks that went back over midnight
  return place;
}

Instant GridState::start_of(std::int64_t place) const {
  const Duration wall(place * grid_.pane + grid_.origin);
  return grid_.by_zone ? block().zone_rules->instant_of(wall) : Instant(wall);
}

/// Positions in `rows` by segment, in order within each.
const std::vector<GridState::Group>& GridState::group(std::span<const std::uint32_t> rows,
                                                      std::span<const std::uint32_t> segments) {
  groups_.clear();
  grouped_.resize(rows.size());
  if (group_of_.size() < segments_.numbers()) group_of_.resize(segments_.numbers(), 0);
  for (const std::uint32_t segment : segments) {
    std::uint32_t& group = group_of_[segment];
    if (group == 0) {
      groups_.push_back({.segment = segment, .begin = 0, .end = 0});
      group = static_cast<std::uint32_t>(groups_.size());
    }
    ++groups_[group - 1].end;
  }
  std::uint32_t at = 0;
  for (Group& group : groups_) {
    const std::uint32_t size = group.end;
    group.begin = group.end = at;
    at += size;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Group& group = groups_[group_of_[segments[i]] - 1];
    grouped_[group.end++] = rows[i];
  }
  for (const Group& group : groups_) group_of_[group.segment] = 0;
  return groups_;
}

void GridState::forget_pushed_out() {
  for (const std::uint32_t segment : segments_.take_pushed_out()) {
    store_.fold(segment, Segments::kOther);
    for (const auto& [horizon, layer] : layers_) layer->fold(segment, Segments::kOther);
    if (segment < counting_.size()) counting_[segment] = {};
    if (segment < begins_.size()) {
      const std::int64_t theirs = std::exchange(begins_[segment], INT64_MAX);
      begins_[Segments::kOther] = std::min(begins_[Segments::kOther], theirs);
    }
    for (Progress& progress : progress_) progress.sliding.forget();
  }
}

void GridState::add(const BatchView& view, std::span<const std::uint32_t> rows, WindowJudge& judge,
                    WindowOutcome& out) {
  if (rows.empty()) return;
  input_used_ = true;
  segments_.find(*view.batch, rows, found_);
  forget_pushed_out();
  if (by_time()) {
    Instant first = Instant::max();
    for (const std::uint32_t row : rows) {
      first = std::min(first, view.times[row]);
      newest_ = std::max(newest_, view.times[row]);
    }
    // Of a stream, note() and note_begin() know for which blocks a record is late.
    for (Progress& progress : progress_) {
      if (!options_.as_stream && !options_.partition) progress.first = std::min(progress.first, first);
    }
  }
  switch (kind()) {
    case WindowKind::Whole:
      if (telling_) touched_.insert(0);
      add_in_place(view, 0, rows, found_);
      break;
    case WindowKind::Time: add_by_time(view, rows); break;
    case WindowKind::Session: add_sessions(view, rows); break;
    case WindowKind::Count: add_counted(view, rows, judge, out); break;
  }
}

void GridState::add_other(const BatchView& view, std::span<const std::uint32_t> rows) {
  const bool wanted = std::any_of(grid_.spec.lenses.begin(), grid_.spec.lenses.end(),
                                  [&](const Lens& lens) { return lens.stream == view.stream; });
  if (!wanted || rows.empty() || kind() == WindowKind::Session || kind() == WindowKind::Count) return;
  segments_.find(*view.batch, rows, found_);
  forget_pushed_out();
  if (kind() == WindowKind::Whole) {
    add_in_place(view, 0, rows, found_);
  } else {
    add_by_time(view, rows);
  }
}

void GridState::add_in_place(const BatchView& view, std::int64_t place, std::span<const std::uint32_t> rows,
                             std::span<const std::uint32_t> segments) {
  const bool one = std::all_of(segments.begin(), segments.end(), [&](std::uint32_t s) { return s == segments[0]; });
  if (one) {
    into_->at(place, segments[0]).add(grid_.spec, view, rows);
    return;
  }
  targets_.clear();
  for (const Group& group : group(rows, segments)) {
    targets_.push_back({.pane = &into_->at(place, group.segment),
                        .rows = std::span(grouped_).subspan(group.begin, group.end - group.begin)});
  }
  Pane::add(grid_.spec, view, targets_);
}

/// Positions in places_ by place, in order within each. Records that lie close together are counted out, not compared.
std::vector<std::uint32_t> GridState::by_place(std::int64_t least, std::int64_t most) const {
  std::vector<std::uint32_t> order(places_.size());
  const auto width = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  if (width >= places_.size()) {
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [this](std::uint32_t a, std::uint32_t b) { return places_[a] < places_[b]; });
    return order;
  }
  std::vector<std::uint32_t> next(width + 2, 0);
  for (const std::int64_t place : places_) ++next[static_cast<std::uint64_t>(place - least) + 1];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  for (std::uint32_t i = 0; i < order.size(); ++i) order[next[static_cast<std::uint64_t>(places_[i] - least)]++] = i;
  return order;
}

void GridState::add_by_time(const BatchView& view, std::span<const std::uint32_t> rows) {
  places_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) places_[i] = place_of(view.times[rows[i]]);
  const auto [least, most] = std::minmax_element(places_.begin(), places_.end());
  if (telling_) touched_.insert(places_.begin(), places_.end());
  if (segments_.any()) {
    if (begins_.size() < segments_.numbers()) begins_.resize(segments_.numbers(), INT64_MAX);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::int64_t& begin = begins_[found_[i]];
      begin = std::min(begin, std::max(places_[i], behind_) + 1);
    }
  }
  if (options_.partition && into_ == &store_ && *least < taken_to_) {
    for (const std::int64_t place : places_) {
      if (place < taken_to_) changed_.insert(place);
    }
  }
  for (Progress& progress : progress_) {
    if (*least < progress.sliding.merged_to()) progress.sliding.forget();
  }
  if (*least == *most) {
    add_in_place(view, *least, rows, found_);
    return;
  }
  const std::vector<std::uint32_t> order = by_place(*least, *most);
  std::vector<std::uint32_t> sorted_rows(rows.size());
  std::vector<std::uint32_t> sorted_segments(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted_rows[i] = rows[order[i]];
    sorted_segments[i] = found_[order[i]];
  }
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const std::int64_t place = places_[order[begin]];
    while (end < order.size() && places_[order[end]] == place) ++end;
    add_in_place(view, place, std::span(sorted_rows).subspan(begin, end - begin),
                 std::span(sorted_segments).subspan(begin, end - begin));
  }
}

/// Runs of rows of a segment that belong together go into their session at once.
void GridState::add_sessions(const BatchView& view, std::span<const std::uint32_t> rows) {
  const Duration gap = bounded(block().gap);
  std::vector<std::uint32_t> run;
  for (const Group& group : group(rows, found_)) {
    const std::span<std::uint32_t> mine = std::span(grouped_).subspan(group.begin, group.end - group.begin);
    std::stable_sort(mine.begin(), mine.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return view.times[a] < view.times[b]; });
    // The latest run first, as sessions are listed: one walk along the list for all of them.
    PaneStore::Cursor cursor = nullptr;
    std::int64_t last_place = 0;
    for (std::size_t end = mine.size(), begin = end; end > 0; end = begin) {
      const std::int64_t place = place_of(view.times[mine[end - 1]]);
      if (telling_) touched_.insert(place);
      for (begin = end - 1; begin > 0; --begin) {
        const Instant time = view.times[mine[begin - 1]];
        if (view.times[mine[begin]] - time > gap || place_of(time) != place) break;
      }
      run.assign(mine.begin() + static_cast<std::ptrdiff_t>(begin), mine.begin() + static_cast<std::ptrdiff_t>(end));
      if (place != last_place) cursor = nullptr;
      last_place = place;
      Pane& session = store_.session_at(place, group.segment, view.times[run.front()], view.times[run.back()], cursor);
      std::sort(run.begin(), run.end());
      session.add(grid_.spec, view, run);
    }
  }
}

void GridState::add_counted(const BatchView& view, std::span<const std::uint32_t> rows, WindowJudge& judge,
                            WindowOutcome& out) {
  const auto most = static_cast<std::uint64_t>(grid_.pane);
  const auto place_at = [this](std::uint64_t ordinal) {
    return static_cast<std::int64_t>(input_ << 40U | (ordinal & ((std::uint64_t{1} << 40U) - 1)));
  };
  if (counting_.size() < segments_.numbers()) counting_.resize(segments_.numbers());
  std::vector<Full> full;
  for (const Group& group : group(rows, found_)) {
    Counting& counting = counting_[group.segment];
    std::uint32_t begin = group.begin;
    while (begin < group.end) {
      if (counting.rows == 0) {
        // Where a segment that was pushed out left its window, `__other__` goes on behind it.
        while (store_.find(place_at(counting.ordinal), group.segment) != nullptr) ++counting.ordinal;
      }
      const auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(group.end - begin, most - counting.rows));
      const std::int64_t place = place_at(counting.ordinal);
      store_.at(place, group.segment).add(grid_.spec, view, std::span(grouped_).subspan(begin, size));
      counting.rows += size;
      begin += size;
      if (counting.rows < most) continue;
      full.push_back({.row = grouped_[begin - 1], .segment = group.segment, .place = place});
      counting.rows = 0;
      ++counting.ordinal;
    }
  }
  if (!options_.as_stream && !options_.partition) return;
  std::sort(full.begin(), full.end(), [](const Full& a, const Full& b) { return a.row < b.row; });
  for (const Full& one : full) {
    const Pane* const pane = store_.find(one.place, one.segment);
    judged_any_ = true;
    for (const std::uint32_t index : grid_.blocks) {
      judge_count(one.place, one.segment, *pane, layout_.blocks[index], judge, out);
    }
    store_.take_out(one.place, one.segment, *pane);
  }
}

void GridState::put_away() {
  if (options_.shelf == nullptr || store_.panes() * (grid_.spec.bytes + 1'024) <= options_.pane_bytes) return;
  store_.put_away(*options_.shelf, options_.pane_bytes);
}

std::uint64_t GridState::bytes() const {
  std::uint64_t out = store_.bytes() + segments_.bytes() + counting_.capacity() * sizeof(Counting);
  out += begins_.capacity() * sizeof(std::int64_t);
  for (const auto& [horizon, layer] : layers_) out += layer->bytes();
  for (const Progress& progress : progress_) out += progress.sliding.bytes();
  return out;
}

}  // namespace weir
