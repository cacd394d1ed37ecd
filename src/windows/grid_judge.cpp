// SPDX-License-Identifier: Apache-2.0
// Windows out of panes: which windows there are, when they are over, and in which order they are judged.
#include <algorithm>

#include "base/text.h"
#include "base/timestamp.h"
#include "windows/grid_state.h"

namespace weir {

namespace {

constexpr std::int64_t kMostEmpty = 1'000;  // more empty windows in a row are judged as one
constexpr std::int64_t kPutAwayEvery = 64;  // windows
constexpr Duration kTick(1);

}  // namespace

GridState::Progress& GridState::progress(const BoundBlock& block) {
  const auto at = std::find(grid_.blocks.begin(), grid_.blocks.end(), block.block);
  return progress_[static_cast<std::size_t>(at - grid_.blocks.begin())];
}

// ---- windows by time, by number: window k begins with pane k x step

/// The first window that reaches beyond the first record.
std::int64_t GridState::first_window(const BoundBlock& block) {
  const std::int64_t place = options_.total ? progress(block).begin - 1 : place_of(progress(block).first);
  return floor_divide(place - block.panes, block.step) + 1;
}

std::int64_t GridState::last_window(const BoundBlock& block) {
  return floor_divide(place_of(newest_), block.step);
}

/// The last window that ended a lateness before the watermark.
std::int64_t GridState::closed_window(const BoundBlock& block, Instant watermark) {
  return floor_divide(place_of(watermark - bounded(this->block().lateness)) - block.panes, block.step);
}

Extent GridState::extent_of(const BoundBlock& block, std::int64_t window, std::int64_t windows) const {
  Extent out;
  out.has_span = true;
  out.start = start_of(window * block.step);
  out.end = start_of((window + windows - 1) * block.step + block.panes);
  out.at = out.end;
  out.windows = static_cast<std::uint64_t>(windows);
  const std::int64_t last = window + windows - 1;
  out.by_clock =
      clock_judges_ && (last * block.step + block.panes > by_records_ || start_of(last * block.step) > newest_);
  return out;
}

/// Whether a segment is judged for the window that ends with that place though it has no record there: a stream does not
/// know it before its first record, and learns of it too late for the windows that are over by then.
bool GridState::has_begun(std::uint32_t segment, std::int64_t end) const {
  if (!segments_.any() || !(options_.as_stream || options_.total) || segments_.listed(segment)) return true;
  return segment < begins_.size() && begins_[segment] <= end;
}

/// The first place that a window may ask for once those up to `closed` are judged.
std::int64_t GridState::needed_after(const BoundBlock& block, std::int64_t closed) const {
  const std::int64_t next = (closed + 1) * block.step;
  return this->block().late == LatePolicy::Revise ? next - block.step - block.panes - kMostRevised : next;
}

/// Not between two windows that are shorter than their step.
bool GridState::is_in_window(const BoundBlock& block, Instant time) {
  const std::int64_t place = place_of(time);
  return place < floor_divide(place, block.step) * block.step + block.panes;
}

void GridState::judge_window(const BoundBlock& block, std::int64_t window, WindowJudge& judge, WindowOutcome& out,
                             bool revised) {
  Extent extent = extent_of(block, window, 1);
  if (extent.start == extent.end) return;  // a day that clocks skipped
  extent.revised = revised;
  extent.brief = block.panes > 1;
  Sliding& sliding = progress(block).sliding;
  for (const std::uint32_t segment : segments_.in_order()) {
    const Pane* const pane = sliding.window(store_, window * block.step, segment);
    if (pane == nullptr && !has_begun(segment, window * block.step + block.panes)) continue;
    judge.judge(block, extent, pane, segments_, segment, out);
  }
  judge.end_window(block, extent, segments_, out);
}

void GridState::judge_empty(const BoundBlock& block, std::int64_t from, std::int64_t windows, WindowJudge& judge,
                            WindowOutcome& out) {
  if (windows <= kMostEmpty) {
    for (std::int64_t k = from; k < from + windows; ++k) judge_window(block, k, judge, out, false);
    return;
  }
  const Extent extent = extent_of(block, from, windows);
  for (const std::uint32_t segment : segments_.in_order()) {
    if (!has_begun(segment, from * block.step + block.panes)) continue;
    judge.judge(block, extent, nullptr, segments_, segment, out);
  }
  judge.end_window(block, extent, segments_, out);
  out.notes.push_back(with_commas(static_cast<std::uint64_t>(windows)) + " windows of " +
                      plan_.windows[block.block].extent + " in a row without a record, judged as one: " +
                      format_timestamp(extent.start) + " to " + format_timestamp(extent.end));
}

void GridState::judge_range(const BoundBlock& block, std::int64_t from, std::int64_t to, WindowJudge& judge,
                            WindowOutcome& out, bool last) {
  std::int64_t judged = 0;
  for (std::int64_t k = from; k <= to;) {
    // The first window from k on that holds a pane; windows shorter than their step may hold none of those that follow.
    std::int64_t filled = k;
    std::optional<std::int64_t> place = store_.next_from(k * block.step);
    while (place && filled <= to) {
      filled = std::max(k, floor_divide(*place - block.panes, block.step) + 1);
      if (*place >= filled * block.step) break;
      place = store_.next_from(filled * block.step);
    }
    if (!place) filled = to + 1;
    if (filled > k) {
      judge_empty(block, k, std::min(filled, to + 1) - k, judge, out);
      k = std::min(filled, to + 1);
      continue;
    }
    judge_window(block, k, judge, out, false);
    ++k;
    if (last) store_.drop_before(k * block.step);
    if (++judged % kPutAwayEvery == 0) put_away();
  }
}

// ---- as a stream

GridState::Fate GridState::fate_of(const BatchView& view, std::uint32_t row, Instant watermark) {
  const Instant time = view.times[row];
  if (time >= watermark) return Fate::Counts;
  if (kind() == WindowKind::Session) {
    const Instant over = session_end(place_of(time), time) + bounded(block().lateness);
    return over < watermark ? Fate::Late : Fate::Counts;
  }
  if (kind() != WindowKind::Time) return Fate::Counts;
  std::size_t in = 0;
  std::size_t late = 0;
  for (const std::uint32_t index : grid_.blocks) {
    const BoundBlock& bound = layout_.blocks[index];
    if (!is_in_window(bound, time)) continue;
    ++in;
    if (floor_divide(place_of(time), bound.step) <= closed_window(bound, watermark)) ++late;
  }
  if (late == 0) return Fate::Counts;
  return late == in ? Fate::Late : Fate::LateForSome;
}

bool GridState::joins_session(const BatchView& view, std::uint32_t row) {
  const std::optional<std::uint32_t> segment = segments_.peek(*view.batch, row);
  if (!segment) return false;
  const Instant time = view.times[row];
  const Duration gap = bounded(block().gap);
  for (const Pane* pane = store_.find(place_of(time), *segment); pane != nullptr; pane = pane->next.get()) {
    if (time <= pane->span().last + gap && time >= pane->span().first - gap) return true;
  }
  return false;
}

void GridState::note(Instant time, Instant watermark) {
  if (kind() == WindowKind::Session) {
    const Instant end = session_end(place_of(time), time);
    next_close_ = std::min(next_close_, end + bounded(block().lateness) + kTick);
    for (Progress& mine : progress_) mine.first = std::min(mine.first, time);
    return;
  }
  if (kind() != WindowKind::Time) return;
  bool earlier = false;
  for (const std::uint32_t index : grid_.blocks) {
    const BoundBlock& bound = layout_.blocks[index];
    Progress& mine = progress(bound);
    if (time >= mine.first) continue;
    if (watermark > Instant::min()) {
      const std::int64_t closed = closed_window(bound, watermark);
      if (is_in_window(bound, time) && floor_divide(place_of(time), bound.step) <= closed) continue;  // late for it
      // Windows that were over before they held anything are not judged.
      const std::int64_t over = mine.first > newest_ ? closed : std::min(closed, last_window(bound));
      mine.done = std::max(over, mine.done.value_or(INT64_MIN));
    }
    mine.first = time;
    mine.begin = std::min(mine.begin, std::max(place_of(time), horizon_of(watermark)) + 1);
    earlier = true;
  }
  const bool later = time > newest_ && waiting_;
  newest_ = std::max(newest_, time);
  if (earlier || later) find_next_close();
}

bool GridState::revises(Instant time, Instant watermark) {
  if (block().late != LatePolicy::Revise || kind() != WindowKind::Time || time >= watermark) return false;
  return place_of(time) >= horizon_of(watermark) - kMostRevised;
}

void GridState::revise(Instant time, Instant watermark) {
  if (!revises(time, watermark)) return;
  const std::int64_t place = place_of(time);
  for (const std::uint32_t index : grid_.blocks) {
    const BoundBlock& bound = layout_.blocks[index];
    Progress& mine = progress(bound);
    if (!mine.done || mine.begin == INT64_MAX) continue;  // none was judged
    const std::int64_t first = ended_by(bound, std::max(place, mine.begin - 1)) + 1;
    const std::int64_t last = std::min({begun_by(bound, place), closed_window(bound, watermark), *mine.done});
    for (std::int64_t k = std::max(first, last - kMostRevised); k <= last; ++k) mine.revised.insert(k);
  }
}

void GridState::judge_revised(const BoundBlock& block, WindowJudge& judge, WindowOutcome& out) {
  std::set<std::int64_t> windows;
  windows.swap(progress(block).revised);
  for (const std::int64_t window : windows) judge_window(block, window, judge, out, true);
}

void GridState::find_next_close() {
  next_close_ = Instant::max();
  waiting_ = false;
  const Duration lateness = bounded(block().lateness);
  if (kind() == WindowKind::Time) {
    for (const std::uint32_t index : grid_.blocks) {
      const BoundBlock& bound = layout_.blocks[index];
      if (progress(bound).first > newest_) continue;
      std::int64_t window = first_window(bound);
      if (const auto& done = progress(bound).done) window = std::max(window, *done + 1);
      if (window > last_window(bound)) {
        waiting_ = true;  // for a record that makes it a window
      } else {
        next_close_ = std::min(next_close_, start_of(window * bound.step + bound.panes) + lateness);
      }
    }
  }
  if (kind() != WindowKind::Session) return;
  for (auto place = store_.next_from(INT64_MIN); place; place = store_.next_from(*place + 1)) {
    for (std::uint32_t segment = 0; segment < segments_.numbers(); ++segment) {
      for (const Pane* pane = store_.find(*place, segment); pane != nullptr; pane = pane->next.get()) {
        next_close_ = std::min(next_close_, session_end(*place, pane->span().last) + lateness + kTick);
      }
    }
  }
}

void GridState::close(Instant watermark, WindowJudge& judge, WindowOutcome& out) {
  if (watermark < next_close_) return;
  if (kind() == WindowKind::Session) {
    for (const std::uint32_t index : grid_.blocks) {
      judge_sessions(layout_.blocks[index], watermark - bounded(block().lateness), index == grid_.blocks.back(), judge,
                     out);
    }
  } else if (kind() == WindowKind::Time) {
    std::int64_t needed = INT64_MAX;
    for (const std::uint32_t index : grid_.blocks) {
      const BoundBlock& bound = layout_.blocks[index];
      judge_revised(bound, judge, out);
      if (progress(bound).first > newest_) continue;
      std::optional<std::int64_t>& done = progress(bound).done;
      const std::int64_t closed = closed_window(bound, watermark);
      std::int64_t from = first_window(bound);
      if (done) from = std::max(from, *done + 1);
      const std::int64_t to = std::min(closed, last_window(bound));
      judge_range(bound, from, to, judge, out, false);
      done = std::max(to, done.value_or(INT64_MIN));
      needed = std::min(needed, needed_after(bound, closed));
    }
    store_.drop_before(needed);
    behind_ = horizon_of(watermark);
  }
  find_next_close();
}

// ---- sessions

Instant GridState::session_end(std::int64_t place, Instant last) const {
  return std::min(last + bounded(block().gap), start_of(place + 1));
}

/// Sessions that ended before that, by their ends, then by segment.
void GridState::judge_sessions(const BoundBlock& block, Instant before, bool last, WindowJudge& judge,
                               WindowOutcome& out) {
  struct Over {
    Instant end;
    std::size_t order;
    std::uint32_t segment;
    const Pane* pane;
  };
  const std::vector<std::uint32_t> segments = segments_.in_order();
  std::int64_t judged = 0;
  for (auto place = store_.next_from(INT64_MIN); place; place = store_.next_from(*place + 1)) {
    std::vector<Over> over;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      for (const Pane* pane = store_.find(*place, segments[i]); pane != nullptr; pane = pane->next.get()) {
        const Instant end = session_end(*place, pane->span().last);
        if (end < before) over.push_back({.end = end, .order = i, .segment = segments[i], .pane = pane});
      }
    }
    std::sort(over.begin(), over.end(),
              [](const Over& a, const Over& b) { return a.end != b.end ? a.end < b.end : a.order < b.order; });
    for (const Over& one : over) {
      Extent extent;
      extent.has_span = true;
      extent.start = one.pane->span().first;
      extent.end = extent.at = one.end;
      judge.judge(block, extent, one.pane, segments_, one.segment, out);
      judge.end_window(block, extent, segments_, out);
    }
    if (last) {
      for (const Over& one : over) store_.take_out(*place, one.segment, *one.pane);
    }
    if (++judged % kPutAwayEvery == 0) put_away();
  }
}

// ---- windows by count, and the whole input

void GridState::judge_count(std::int64_t place, std::uint32_t segment, const Pane& pane, const BoundBlock& block,
                            WindowJudge& judge, WindowOutcome& out) {
  const Pane::Span& span = pane.span();
  Extent extent;
  extent.has_span = span.timed > 0;
  if (extent.has_span) {
    extent.start = span.first;
    extent.end = extent.at = span.last;
  } else {
    // Without times the order of windows is that of their places.
    constexpr std::int64_t kOrdinals = std::int64_t{1} << 40;
    extent.start = extent.end = options_.now;
    extent.at = options_.now + Duration(place / kOrdinals * 1'000'000 + place % kOrdinals);
  }
  extent.partial = span.rows < static_cast<std::uint64_t>(grid_.pane);
  judge.judge(block, extent, &pane, segments_, segment, out);
  judge.end_window(block, extent, segments_, out);
}

void GridState::judge_counts(const BoundBlock& block, bool last, WindowJudge& judge, WindowOutcome& out) {
  const std::vector<std::uint32_t> segments = segments_.in_order();
  std::int64_t judged = 0;
  for (auto place = store_.next_from(INT64_MIN); place; place = store_.next_from(*place + 1)) {
    for (const std::uint32_t segment : segments) {
      for (const Pane* pane = store_.find(*place, segment); pane != nullptr; pane = pane->next.get()) {
        judge_count(*place, segment, *pane, block, judge, out);
      }
    }
    if (last) store_.drop(*place);
    if (++judged % kPutAwayEvery == 0) put_away();
  }
}

void GridState::judge_whole(const BoundBlock& block, WindowJudge& judge, WindowOutcome& out) {
  Extent extent;
  for (const std::uint32_t segment : segments_.in_order()) {
    const Pane* const pane = store_.find(0, segment);
    extent.start = extent.end = extent.at = options_.now;
    if (pane != nullptr && pane->span().timed > 0) extent.start = pane->span().first;
    judge.judge(block, extent, pane, segments_, segment, out);
  }
  extent.start = extent.end;
  judge.end_window(block, extent, segments_, out);
}

// ---- the end

void GridState::end_input(WindowJudge& judge, WindowOutcome& out) {
  if (kind() != WindowKind::Count) return;
  if (options_.as_stream) {
    judged_any_ = judged_any_ || store_.next_from(INT64_MIN).has_value();
    for (const std::uint32_t index : grid_.blocks) {
      judge_counts(layout_.blocks[index], index == grid_.blocks.back(), judge, out);
    }
  }
  counting_.assign(counting_.size(), Counting{});
  if (input_used_) ++input_;
  input_used_ = false;
}

bool GridState::finish(std::uint32_t index, WindowJudge& judge, WindowOutcome& out) {
  const BoundBlock& block = layout_.blocks[index];
  const bool last = index == grid_.blocks.back();
  switch (kind()) {
    case WindowKind::Whole: judge_whole(block, judge, out); return !segments_.in_order().empty();
    case WindowKind::Count: {
      const bool any = judged_any_ || store_.next_from(INT64_MIN).has_value();
      judge_counts(block, last, judge, out);
      return any;
    }
    case WindowKind::Session:
    case WindowKind::Time: break;
  }
  judge_revised(block, judge, out);
  if (progress(block).first > newest_) return false;
  if (kind() == WindowKind::Session) {
    judge_sessions(block, Instant::max(), last, judge, out);
    return true;
  }
  std::int64_t from = first_window(block);
  if (const auto& done = progress(block).done) from = std::max(from, *done + 1);
  judge_range(block, from, last_window(block), judge, out, last);
  return true;
}

}  // namespace weir
