// SPDX-License-Identifier: Apache-2.0
// A grid as the total of the partitions of a stream.
//
// What a partition holds before the horizon is merged here once, place by place, and stays there too: a snapshot of a
// partition is whole. From horizon to horizon, as layers have them, windows are judged before the layer is laid over the
// panes, so that one partition comes to the same as a stream that judges record by record.
//
// Sessions are not kept here: those of partitions that touch each other are one, and merged when it is over.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "windows/grid_state.h"

namespace weir {

namespace {

constexpr std::int64_t kNoHorizon = INT64_MAX / 2;

}  // namespace

void GridState::begin_anew() {
  store_.clear();
  segments_ = Segments(block().segment, block().max_segments, plan_.fields);
  begins_.clear();
  newest_ = Instant::min();
  for (Progress& progress : progress_) {
    progress.begin = INT64_MAX;
    progress.sliding = Sliding(1, 1);
  }
  for (std::size_t i = 0; i < grid_.blocks.size(); ++i) {
    const BoundBlock& bound = layout_.blocks[grid_.blocks[i]];
    progress_[i].sliding = Sliding(bound.panes, bound.step);
  }
}

void GridState::know_done(const GridState& other) {
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    const std::optional<std::int64_t>& theirs = other.progress_[i].done;
    if (theirs) progress_[i].done = std::max(*theirs, progress_[i].done.value_or(INT64_MIN));
  }
  judged_to_ = std::max(judged_to_, other.judged_to_);
}

void GridState::know_begun(const GridState& total) {
  know_done(total);
  for (std::size_t i = 0; i < progress_.size(); ++i) progress_[i].begin = total.progress_[i].begin;
}

bool GridState::has_begun(const BoundBlock& block) {
  return kind() == WindowKind::Whole ? !segments_.in_order().empty() : progress(block).begin != INT64_MAX;
}

std::vector<GridState::Source> GridState::gather(std::span<GridState* const> partitions, const Closing& closing) {
  std::vector<Source> out;
  for (GridState* const partition : partitions) {
    know_done(*partition);
    newest_ = std::max(newest_, partition->newest_);
    for (std::size_t i = 0; i < progress_.size(); ++i) {
      progress_[i].begin = std::min(progress_[i].begin, partition->progress_[i].begin);
    }
    for (std::uint32_t number = 0; number < partition->segments_.numbers(); ++number) {
      segments_.adopt(partition->segments_, number);
    }
    segments_.merge_folded(partition->segments_);
  }
  forget_pushed_out();
  begins_.resize(std::max(begins_.size(), segments_.numbers()), INT64_MAX);
  for (GridState* const partition : partitions) {
    Source source;
    source.grid = partition;
    source.taken_to = closing.at_end ? INT64_MIN : partition->taken_to_;
    for (std::uint32_t number = 0; number < partition->segments_.numbers(); ++number) {
      source.numbers.push_back(segments_.number_of(partition->segments_, number));
    }
    for (std::uint32_t number = 0; number < partition->begins_.size(); ++number) {
      std::int64_t& begin = begins_[source.numbers[number]];
      begin = std::min(begin, partition->begins_[number]);
    }
    out.push_back(std::move(source));
  }
  return out;
}

// ---- panes

void GridState::take_place(Source& source, std::int64_t place) {
  source.grid->store_.each(place, [&](std::uint32_t segment, const Pane& pane) {
    store_.add(place, source.numbers[segment], std::make_unique<Pane>(pane.copy()));
  });
}

void GridState::take_to(std::vector<Source>& sources, std::int64_t horizon) {
  for (Source& source : sources) {
    const PaneStore& theirs = source.grid->store_;
    for (auto place = theirs.next_from(source.taken_to); place && *place < horizon;
         place = theirs.next_from(*place + 1)) {
      take_place(source, *place);
    }
    source.taken_to = std::max(source.taken_to, horizon);
  }
}

/// Places that got records after they were taken: those of a partition that was idle while the others went on.
void GridState::take_changed(std::vector<Source>& sources, bool at_end) {
  std::set<std::int64_t> changed;
  for (Source& source : sources) {
    changed.insert(source.grid->changed_.begin(), source.grid->changed_.end());
    if (!at_end) source.grid->changed_.clear();
  }
  for (const std::int64_t place : changed) {
    if (block().late == LatePolicy::Revise) revise_place(place, kNoHorizon);
    if (at_end) continue;  // nothing was taken yet
    store_.drop(place);
    for (Source& source : sources) {
      if (place < source.taken_to) take_place(source, place);
    }
    for (Progress& progress : progress_) progress.sliding.forget();
  }
}

/// Lays the layers of horizons up to this one over the panes.
void GridState::take_layers(std::vector<Source>& sources, std::int64_t horizon, bool at_end) {
  for (Source& source : sources) {
    auto& layers = source.grid->layers_;
    for (auto layer = layers.begin(); layer != layers.end() && layer->first <= horizon;) {
      PaneStore& theirs = *layer->second;
      if (at_end && layer->first < horizon) {
        ++layer;  // laid over before
        continue;
      }
      for (auto place = theirs.next_from(INT64_MIN); place; place = theirs.next_from(*place + 1)) {
        if (block().late == LatePolicy::Revise) revise_place(*place, layer->first);
        for (Progress& progress : progress_) progress.sliding.forget();
        theirs.each(*place, [&](std::uint32_t segment, const Pane& pane) {
          store_.add(*place, source.numbers[segment], std::make_unique<Pane>(pane.copy()));
        });
      }
      if (at_end) {
        ++layer;
        continue;
      }
      source.grid->store_.move_from(theirs);
      layer = layers.erase(layer);
    }
  }
}

/// The windows that hold a place, were over at that horizon and were judged are judged again.
void GridState::revise_place(std::int64_t place, std::int64_t horizon) {
  std::int64_t kept = INT64_MIN;  // places that nobody holds any more begin no window
  for (std::size_t i = 0; i < grid_.blocks.size(); ++i) {
    if (!progress_[i].done) continue;
    const std::int64_t needed = needed_after(layout_.blocks[grid_.blocks[i]], *progress_[i].done);
    kept = kept == INT64_MIN ? needed : std::min(kept, needed);
  }
  for (std::size_t i = 0; i < grid_.blocks.size(); ++i) {
    const BoundBlock& bound = layout_.blocks[grid_.blocks[i]];
    Progress& mine = progress_[i];
    if (!mine.done || mine.begin == INT64_MAX) continue;  // none was judged
    const std::int64_t last = std::min({begun_by(bound, place), ended_by(bound, horizon), *mine.done});
    std::int64_t first = ended_by(bound, std::max(place, mine.begin - 1)) + 1;
    if (kept != INT64_MIN) first = std::max(first, floor_divide(kept - 1, bound.step) + 1);
    for (std::int64_t k = std::max(first, last - kMostRevised); k <= last; ++k) mine.revised.insert(k);
  }
}

// ---- windows by time

/// Windows that end with that place or before.
void GridState::judge_to(std::int64_t horizon, const Closing& closing, WindowJudge& judge, WindowOutcome& out) {
  for (std::size_t i = 0; i < grid_.blocks.size(); ++i) {
    const BoundBlock& bound = layout_.blocks[grid_.blocks[i]];
    Progress& mine = progress_[i];
    judge_revised(bound, judge, out);
    const bool all = horizon == INT64_MAX;
    const std::int64_t over = all ? INT64_MAX : ended_by(bound, horizon);
    std::int64_t to = over;
    if (mine.begin != INT64_MAX) {
      if (all || !closing.by_clock) to = std::min(over, newest_ == Instant::min() ? INT64_MIN : last_window(bound));
      std::int64_t from = first_window(bound);
      if (mine.done) from = std::max(from, *mine.done + 1);
      judge_range(bound, from, to, judge, out, false);
    }
    if (!all) mine.done = std::max(to, mine.done.value_or(INT64_MIN));
  }
}

void GridState::close_times(std::vector<Source>& sources, const Closing& closing, WindowJudge& judge,
                            WindowOutcome& out) {
  const std::int64_t horizon = closing.at_end ? INT64_MAX : horizon_of(closing.watermark);
  clock_judges_ = closing.by_clock;
  by_records_ = horizon_of(closing.records);
  if (closing.by_clock && !closing.at_end) {
    for (Progress& progress : progress_) {
      if (progress.begin == INT64_MAX) progress.begin = place_of(closing.started) + 1;
    }
  }
  std::set<std::int64_t> horizons;
  for (const Source& source : sources) {
    for (const auto& [at, layer] : source.grid->layers_) {
      if (at <= horizon) horizons.insert(at);
    }
  }
  take_changed(sources, closing.at_end);
  for (const std::int64_t at : horizons) {
    take_to(sources, at);
    judge_to(at, closing, judge, out);
    take_layers(sources, at, closing.at_end);
  }
  take_to(sources, horizon);
  judge_to(horizon, closing, judge, out);
  clock_judges_ = false;
  if (closing.at_end) return;
  std::int64_t needed = INT64_MAX;
  for (const std::uint32_t index : grid_.blocks) {
    const BoundBlock& bound = layout_.blocks[index];
    needed = std::min(needed, needed_after(bound, ended_by(bound, horizon)));
  }
  store_.drop_before(needed);
  for (Source& source : sources) {
    source.grid->taken_to_ = source.taken_to;
    source.grid->store_.drop_before(needed);
    for (auto& [at, layer] : source.grid->layers_) layer->drop_before(needed);
    source.grid->know_done(*this);
  }
}

// ---- sessions

void GridState::close_sessions(const std::vector<Source>& sources, const Closing& closing, WindowJudge& judge,
                               WindowOutcome& out) {
  struct Piece {
    const Source* source;
    std::uint32_t number;  // of the segment there
    const Pane* pane;
    std::uint32_t segment;
    std::size_t whole;  // index of the first piece of its session
  };
  struct Over {
    Instant start;
    Instant end;
    std::size_t order;
    std::vector<std::size_t> pieces;
  };
  const Duration gap = bounded(block().gap);
  const Instant before = closing.at_end ? Instant::max() : closing.watermark - bounded(block().lateness);
  const std::vector<std::uint32_t> segments = segments_.in_order();
  std::vector<std::size_t> order(segments_.numbers(), 0);
  for (std::size_t i = 0; i < segments.size(); ++i) order[segments[i]] = i;
  std::set<std::int64_t> places;
  for (const Source& source : sources) {
    const PaneStore& theirs = source.grid->store_;
    for (auto place = theirs.next_from(INT64_MIN); place; place = theirs.next_from(*place + 1)) places.insert(*place);
  }
  for (const std::int64_t place : places) {
    std::vector<Piece> pieces;
    for (const Source& source : sources) {
      source.grid->store_.each(place, [&](std::uint32_t number, const Pane& first) {
        for (const Pane* pane = &first; pane != nullptr; pane = pane->next.get()) {
          pieces.push_back({&source, number, pane, source.numbers[number], 0});
        }
      });
    }
    std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
      return a.segment != b.segment ? a.segment < b.segment : a.pane->span().first < b.pane->span().first;
    });
    for (std::size_t i = 0; i < pieces.size(); ++i) pieces[i].whole = i;
    const auto whole_of = [&](std::size_t i) {
      while (pieces[i].whole != i) i = pieces[i].whole = pieces[pieces[i].whole].whole;
      return i;
    };
    std::vector<std::size_t> near;  // that a later one may touch
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Piece& mine = pieces[i];
      std::erase_if(near, [&](std::size_t j) {
        return pieces[j].segment != mine.segment || pieces[j].pane->span().last + gap < mine.pane->span().first;
      });
      for (const std::size_t j : near) {
        // Two of one partition stand apart because the earlier one was over when the later began.
        if (pieces[j].source == mine.source) continue;
        const std::size_t a = whole_of(i);
        const std::size_t b = whole_of(j);
        pieces[std::max(a, b)].whole = std::min(a, b);
      }
      near.push_back(i);
    }
    std::map<std::size_t, Over> sessions;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Pane::Span& span = pieces[i].pane->span();
      const Instant end = session_end(place, span.last);
      Over& mine = sessions.try_emplace(whole_of(i), Over{span.first, end, order[pieces[i].segment], {}}).first->second;
      mine.start = std::min(mine.start, span.first);
      mine.end = std::max(mine.end, end);
      mine.pieces.push_back(i);
    }
    std::vector<Over> over;
    for (auto& [whole, session] : sessions) {
      if (session.end < before) over.push_back(std::move(session));
    }
    std::sort(over.begin(), over.end(),
              [](const Over& a, const Over& b) { return a.end != b.end ? a.end < b.end : a.order < b.order; });
    for (const Over& session : over) {
      const Piece& first = pieces[session.pieces[0]];
      std::optional<Pane> merged;
      for (std::size_t i = 1; i < session.pieces.size(); ++i) {
        if (!merged) merged = first.pane->copy();
        merged->merge(*pieces[session.pieces[i]].pane);
      }
      Extent extent;
      extent.has_span = true;
      extent.start = session.start;
      extent.end = extent.at = session.end;
      extent.by_clock = closing.by_clock && session.end + bounded(block().lateness) >= closing.records;
      // One that was over before all others were judged is of a partition that was idle, and comes too late.
      if (session.end >= judged_to_) {
        for (const std::uint32_t index : grid_.blocks) {
          judge.judge(layout_.blocks[index], extent, merged ? &*merged : first.pane, segments_, first.segment, out);
          judge.end_window(layout_.blocks[index], extent, segments_, out);
        }
      }
      if (closing.at_end) continue;
      for (const std::size_t i : session.pieces) {
        pieces[i].source->grid->store_.take_out(place, pieces[i].number, *pieces[i].pane);
      }
    }
  }
  if (closing.at_end) return;
  judged_to_ = std::max(judged_to_, before);
  for (const Source& source : sources) {
    source.grid->know_done(*this);
    source.grid->find_next_close();
  }
}

// ---- all kinds

void GridState::judge_whole(std::vector<Source>& sources, WindowJudge& judge, WindowOutcome& out) {
  take_to(sources, INT64_MAX);
  for (const std::uint32_t index : grid_.blocks) judge_whole(layout_.blocks[index], judge, out);
}

Instant GridState::next_close_of(std::span<const GridState* const> partitions, Instant started) {
  const Duration lateness = bounded(block().lateness);
  Instant out = Instant::max();
  if (kind() == WindowKind::Session) {
    for (const GridState* const partition : partitions) out = std::min(out, partition->next_close_);
    return out;
  }
  if (kind() != WindowKind::Time) return out;
  for (std::size_t i = 0; i < grid_.blocks.size(); ++i) {
    const BoundBlock& bound = layout_.blocks[grid_.blocks[i]];
    std::int64_t begin = progress_[i].begin;
    std::optional<std::int64_t> done = progress_[i].done;
    for (const GridState* const partition : partitions) {
      const Progress& theirs = partition->progress_[i];
      begin = std::min(begin, theirs.begin);
      if (theirs.done) done = std::max(*theirs.done, done.value_or(INT64_MIN));
    }
    if (begin == INT64_MAX) begin = place_of(started) + 1;
    std::int64_t window = ended_by(bound, begin - 1) + 1;
    if (done) window = std::max(window, *done + 1);
    out = std::min(out, start_of(window * bound.step + bound.panes) + lateness);
  }
  if (block().late != LatePolicy::Revise) return out;
  for (const GridState* const partition : partitions) {
    if (!partition->changed_.empty()) return Instant::min();
    if (!partition->layers_.empty()) out = std::min(out, start_of(partition->layers_.begin()->first) + lateness);
  }
  return out;
}

void GridState::close_total(std::span<GridState* const> partitions, const Closing& closing, WindowJudge& judge,
                            WindowOutcome& out) {
  if (!closing.at_end && closing.watermark == Instant::min()) return;
  std::vector<Source> sources = gather(partitions, closing);
  switch (kind()) {
    case WindowKind::Time: close_times(sources, closing, judge, out); break;
    case WindowKind::Session: close_sessions(sources, closing, judge, out); break;
    case WindowKind::Whole:
      if (closing.at_end) judge_whole(sources, judge, out);
      break;
    case WindowKind::Count: break;
  }
}

}  // namespace weir
