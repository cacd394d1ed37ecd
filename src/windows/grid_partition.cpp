// SPDX-License-Identifier: Apache-2.0
// A grid as one partition of a stream: what is late, and into which layer a record goes.
//
// Most batches are ahead of the horizon with all of their records, and go in as a whole. The others are looked at row by
// row, though not added so: what lies ahead of the horizon of its own time is added at once, the rest layer by layer.
#include <algorithm>

#include "base/zone.h"
#include "windows/grid_state.h"

namespace weir {

namespace {

constexpr Duration kTick(1);

}  // namespace

/// The place of the watermark less `lateness`: windows that end there or before are over.
std::int64_t GridState::horizon_of(Instant watermark) {
  if (watermark == Instant::min()) return INT64_MIN;
  const Instant at = watermark - bounded(block().lateness);
  if (at >= horizon_from_ && at < horizon_to_) return last_horizon_;
  last_horizon_ = place_of(at);
  horizon_from_ = last_from_;
  horizon_to_ = last_to_;
  return last_horizon_;
}

bool GridState::is_ahead(const Passing& passing) const {
  const Instant horizon = passing.after == Instant::min() ? passing.after : passing.after - bounded(block().lateness);
  if (passing.first < horizon) return false;
  if (!grid_.by_zone || horizon == Instant::min()) return true;
  // Where clocks go back over midnight, a later time may lie in an earlier place.
  const auto ahead_of_utc = [this](Instant at) { return block().zone_rules->local(at) - at.time_since_epoch(); };
  const Instant earliest =
      passing.before == Instant::min() ? passing.first - bounded(plan_.time.out_of_order) : passing.before;
  return ahead_of_utc(earliest - bounded(block().lateness)) == ahead_of_utc(passing.newest);
}

void GridState::note_begin(std::int64_t begin, Instant time) {
  for (Progress& progress : progress_) progress.begin = std::min(progress.begin, begin);
  note_newest(time);
}

void GridState::note_newest(Instant time) {
  newest_ = std::max(newest_, time);
  if (kind() == WindowKind::Session) note_end(place_of(time), time);
}

/// Of a session whose last record came then.
void GridState::note_end(std::int64_t place, Instant last) {
  next_close_ = std::min(next_close_, session_end(place, last) + bounded(block().lateness) + kTick);
}

void GridState::add_ahead(const BatchView& view, std::span<const std::uint32_t> rows) {
  if (rows.empty()) return;
  Instant first = Instant::max();
  for (const std::uint32_t row : rows) first = std::min(first, view.times[row]);
  note_begin(place_of(first) + 1, first);
  segments_.find(*view.batch, rows, found_);
  forget_pushed_out();
  for (const std::uint32_t row : rows) newest_ = std::max(newest_, view.times[row]);
  if (kind() == WindowKind::Session) {
    add_sessions(view, rows);
  } else {
    add_by_time(view, rows);
  }
}

void GridState::add_behind(const BatchView& view, std::span<const std::uint32_t> rows, const Passing& passing,
                           Mask& late) {
  if (kind() == WindowKind::Session) {
    add_sessions_behind(view, rows, passing, late);
  } else {
    add_time_behind(view, rows, passing, late);
  }
}

void GridState::add_time_behind(const BatchView& view, std::span<const std::uint32_t> rows, const Passing& passing,
                                Mask& late) {
  std::vector<std::uint32_t> ahead;
  std::map<std::int64_t, std::vector<std::uint32_t>> behind;  // by horizon
  for (const std::uint32_t row : rows) {
    const Instant time = view.times[row];
    const Instant watermark = passing.by_row[row];
    const std::int64_t horizon = horizon_of(watermark);
    const std::int64_t place = place_of(time);
    if (place >= horizon) {
      ahead.push_back(row);
      continue;
    }
    const Fate fate = fate_of(view, row, watermark);
    if (fate != Fate::Counts) late.set(row);
    const bool revises = block().late == LatePolicy::Revise && place >= horizon - kMostRevised;
    if (fate == Fate::Late && !revises) continue;
    behind[horizon].push_back(row);
    for (std::size_t i = 0; i < grid_.blocks.size(); ++i) {
      const BoundBlock& bound = layout_.blocks[grid_.blocks[i]];
      const bool late_here = is_in_window(bound, time) && begun_by(bound, place) <= ended_by(bound, horizon);
      if (!late_here) progress_[i].begin = std::min(progress_[i].begin, horizon + 1);
    }
    note_newest(time);
  }
  add_ahead(view, ahead);
  for (auto& [horizon, mine] : behind) {
    std::unique_ptr<PaneStore>& layer = layers_[horizon];
    if (layer == nullptr) {
      layer = std::make_unique<PaneStore>(grid_.spec, PaneStore::Meeting::Merge, Duration(0));
    }
    segments_.find(*view.batch, mine, found_);
    forget_pushed_out();
    into_ = layer.get();
    behind_ = horizon;
    add_by_time(view, mine);
    into_ = &store_;
    behind_ = INT64_MIN;
  }
}

/// Rows that lie ahead of the horizon of the last of them meet no session that is over: they are added as one.
void GridState::add_sessions_behind(const BatchView& view, std::span<const std::uint32_t> rows, const Passing& passing,
                                    Mask& late) {
  std::vector<std::uint32_t> ahead;
  Instant first = Instant::max();
  const auto flush = [&] {
    add_ahead(view, ahead);
    ahead.clear();
    first = Instant::max();
  };
  for (const std::uint32_t row : rows) {
    const Instant watermark = passing.by_row[row];
    const Instant horizon = watermark == Instant::min() ? watermark : watermark - bounded(block().lateness);
    const Instant time = view.times[row];
    if (std::min(first, time) < horizon) flush();
    if (time >= horizon) {
      ahead.push_back(row);
      first = std::min(first, time);
    } else if (!add_session_behind(view, row, horizon)) {
      late.set(row);
    }
  }
  flush();
}

/// False: it is late, and joins no session that is still open.
bool GridState::add_session_behind(const BatchView& view, std::uint32_t row, Instant horizon) {
  const Instant time = view.times[row];
  const Duration gap = bounded(block().gap);
  const std::int64_t place = place_of(time);
  if (session_end(place, time) < horizon) {
    if (start_of(place + 1) < horizon) return false;
    const std::optional<std::uint32_t> segment = segments_.peek(*view.batch, row);
    if (!segment) return false;
    bool joins = false;
    for (const Pane* pane = store_.find(place, *segment); pane != nullptr && !joins; pane = pane->next.get()) {
      const Pane::Span& span = pane->span();
      joins = span.last + gap >= horizon && time <= span.last + gap && time >= span.first - gap;
    }
    if (!joins) return false;
  }
  const std::span<const std::uint32_t> one(&row, 1);
  segments_.find(*view.batch, one, found_);
  forget_pushed_out();
  if (telling_) touched_.insert(place);
  PaneStore::Cursor cursor = nullptr;
  store_.session_at(place, found_[0], time, time, cursor, horizon).add(grid_.spec, view, one);
  note_begin(place + 1, time);
  return true;
}

void GridState::judge_open_counts(const BoundBlock& block, WindowJudge& judge, WindowOutcome& out) {
  judge_counts(block, false, judge, out);
}

void GridState::forget_taken() {
  taken_to_ = INT64_MIN;
  changed_.clear();
}

}  // namespace weir
