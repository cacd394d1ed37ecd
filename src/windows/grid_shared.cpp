// SPDX-License-Identifier: Apache-2.0
// A grid whose partition is read elsewhere: places as bytes, and back. A place stands by itself: the segments that it holds
// are in it with their names, so it can be read in any order and any number of times, and the last one read counts.
#include <algorithm>
#include <set>

#include "windows/grid_state.h"
#include "windows/signature.h"

namespace weir {

std::set<std::int64_t> GridState::places() const {
  std::set<std::int64_t> out;
  const auto add = [&out](const PaneStore& store) {
    for (auto place = store.next_from(INT64_MIN); place; place = store.next_from(*place + 1)) out.insert(*place);
  };
  add(store_);
  for (const auto& [horizon, layer] : layers_) add(*layer);
  return out;
}

std::vector<std::int64_t> GridState::take_touched() {
  if (!telling_) touched_ = places();  // nobody asked so far: all that there is
  telling_ = true;
  std::vector<std::int64_t> out(touched_.begin(), touched_.end());
  touched_.clear();
  return out;
}

void GridState::write_shared(std::int64_t place, SummaryWriter& out) {
  std::vector<PaneStore*> stores = {&store_};
  std::vector<std::int64_t> horizons;
  for (const auto& [horizon, layer] : layers_) {
    if (!layer->has(place)) continue;
    stores.push_back(layer.get());
    horizons.push_back(horizon);
  }
  write_progress(out);
  std::set<std::uint32_t> used;
  for (PaneStore* const store : stores) {
    store->each(place, [&](std::uint32_t segment, const Pane&) { used.insert(segment); });
  }
  std::vector<std::uint32_t> numbers(segments_.numbers(), 0);
  std::uint32_t next = 0;
  out.varint(used.size());
  for (const std::uint32_t segment : used) {
    numbers[segment] = next++;
    segments_.write_one(segment, out);
    write_place(out, segment < begins_.size() ? begins_[segment] : INT64_MAX);
  }
  store_.write_place(place, out, numbers);
  out.varint(horizons.size());
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    out.signed_varint(horizons[i]);
    stores[i + 1]->write_place(place, out, numbers);
  }
}

Status GridState::read_shared(std::int64_t place, SummaryReader& in) {
  in.require(kind() != WindowKind::Count && is_place(place), "a pane beyond all time");
  read_progress(in);
  const std::size_t used = in.count(1'000'000, 2, "segments");
  std::vector<Segments::One> ones;
  std::vector<std::int64_t> begins;
  for (std::size_t i = 0; i < used && in.ok(); ++i) {
    ones.push_back(segments_.read_one(in));
    begins.push_back(read_place(in));
  }
  if (!in.ok()) return in.error();
  for (const Segments::One& one : ones) segments_.adopt(one);
  forget_pushed_out();
  begins_.resize(std::max(begins_.size(), segments_.numbers()), INT64_MAX);
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < ones.size(); ++i) {
    numbers.push_back(segments_.number_of(ones[i]));
    begins_[numbers.back()] = std::min(begins_[numbers.back()], begins[i]);
  }
  SlotMap slots(slot_names(plan_, layout_, grid_.spec).size());
  for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = static_cast<std::int32_t>(i);
  store_.drop(place);
  for (const auto& [horizon, layer] : layers_) layer->drop(place);
  if (place < taken_to_) changed_.insert(place);
  Status done = store_.read_place(in, place, numbers, slots);
  if (!done.ok()) return done;
  const std::size_t layers = in.count(1'000'000, 2, "layers of panes");
  for (std::size_t i = 0; i < layers && in.ok(); ++i) {
    const std::int64_t horizon = in.signed_varint();
    in.require(kind() == WindowKind::Time && is_place(horizon), "a pane beyond all time");
    if (!in.ok()) break;
    std::unique_ptr<PaneStore>& layer = layers_[horizon];
    if (layer == nullptr) {
      layer = std::make_unique<PaneStore>(grid_.spec, PaneStore::Meeting::Merge, Duration(0));
    }
    done = layer->read_place(in, place, numbers, slots);
    if (!done.ok()) return done;
  }
  in.require(in.at_end(), "more of a pane than there is");
  if (!in.ok()) return in.error();
  if (kind() != WindowKind::Session) return Done{};
  store_.each(place, [&](std::uint32_t, const Pane& first) {
    for (const Pane* pane = &first; pane != nullptr; pane = pane->next.get()) note_end(place, pane->span().last);
  });
  return Done{};
}

void GridState::write_progress(SummaryWriter& out) const {
  out.u8(newest_ == Instant::min() ? 0 : 1);
  if (newest_ != Instant::min()) out.signed_varint(newest_.time_since_epoch().count());
  // Not which windows are over here: a partition that lets go of its panes has judged none of them.
  for (const Progress& progress : progress_) write_place(out, progress.begin);
}

void GridState::read_progress(SummaryReader& in) {
  if (in.at_most(1, "a mark") == 1) newest_ = std::max(newest_, read_instant(in));
  for (Progress& progress : progress_) progress.begin = std::min(progress.begin, read_place(in));
}

/// Somebody else judged all windows that were over then.
void GridState::forget_before(Instant watermark) {
  if (watermark == Instant::min()) return;
  if (kind() == WindowKind::Session) {
    const Instant before = watermark - bounded(block().lateness);
    for (auto place = store_.next_from(INT64_MIN); place; place = store_.next_from(*place + 1)) {
      std::vector<std::pair<std::uint32_t, const Pane*>> over;
      store_.each(*place, [&](std::uint32_t segment, const Pane& first) {
        for (const Pane* pane = &first; pane != nullptr; pane = pane->next.get()) {
          if (session_end(*place, pane->span().last) < before) over.emplace_back(segment, pane);
        }
      });
      for (const auto& [segment, pane] : over) store_.take_out(*place, segment, *pane);
    }
    judged_to_ = std::max(judged_to_, before);
    find_next_close();
  }
  if (kind() != WindowKind::Time) return;
  const std::int64_t horizon = horizon_of(watermark);
  while (!layers_.empty() && layers_.begin()->first <= horizon) {
    store_.move_from(*layers_.begin()->second);
    layers_.erase(layers_.begin());
  }
  std::int64_t needed = INT64_MAX;
  for (std::size_t i = 0; i < grid_.blocks.size(); ++i) {
    const BoundBlock& bound = layout_.blocks[grid_.blocks[i]];
    const std::int64_t over = ended_by(bound, horizon);
    progress_[i].done = std::max(over, progress_[i].done.value_or(INT64_MIN));
    needed = std::min(needed, needed_after(bound, over));
  }
  store_.drop_before(needed);
  for (const auto& [at, layer] : layers_) layer->drop_before(needed);
}

}  // namespace weir
