// SPDX-License-Identifier: Apache-2.0
// Ends and beginnings of windows.
#include "windows/sliding.h"

#include <algorithm>

namespace weir {

namespace {

std::int64_t cut_at_or_after(std::int64_t place, std::int64_t length) {
  const std::int64_t rest = place % length;
  return rest == 0 ? place : place - rest + (rest > 0 ? length : 0);
}

void merge_into(std::unique_ptr<Pane>& into, Pane* pane) {
  if (pane == nullptr) return;
  pane->settle();
  if (into == nullptr) {
    into = std::make_unique<Pane>(pane->copy());
  } else {
    into->merge(*pane);
  }
}

}  // namespace

const Pane* Sliding::window(PaneStore& store, std::int64_t place, std::uint32_t segment) {
  if (panes_ == 1) return store.find(place, segment);
  merged_to_ = std::max(merged_to_, place + panes_);
  Merged& merged = segments_[segment];
  const std::int64_t cut = cut_at_or_after(place, panes_);
  // A window that is judged again may come after later ones, whose beginnings reach too far.
  if (!merged.has_cut || merged.cut != cut || place < merged.last) {
    merged = Merged{};
    merged.cut = cut;
    merged.has_cut = true;
    merged.beginning_to = cut;
    merge_ends(store, merged, place, segment);
  }
  merged.last = place;
  extend(store, merged, place + panes_, segment);
  const auto end = merged.ends.find(place);
  if (end == merged.ends.end() || end->second == nullptr) return merged.beginning.get();
  if (merged.beginning == nullptr) return end->second.get();
  whole_ = std::make_unique<Pane>(end->second->copy());
  whole_->merge(*merged.beginning);
  return whole_.get();
}

void Sliding::merge_ends(PaneStore& store, Merged& merged, std::int64_t place, std::uint32_t segment) const {
  std::unique_ptr<Pane> sum;
  for (std::int64_t at = merged.cut - 1; at >= place; --at) {
    merge_into(sum, store.find(at, segment));
    if ((at - place) % step_ != 0 || sum == nullptr) continue;
    merged.ends.emplace(at, at == place ? std::move(sum) : std::make_unique<Pane>(sum->copy()));
  }
}

void Sliding::extend(PaneStore& store, Merged& merged, std::int64_t to, std::uint32_t segment) const {
  for (; merged.beginning_to < to; ++merged.beginning_to) {
    merge_into(merged.beginning, store.find(merged.beginning_to, segment));
  }
}

std::uint64_t Sliding::bytes() const {
  std::uint64_t out = whole_ == nullptr ? 0 : whole_->bytes();
  for (const auto& [segment, merged] : segments_) {
    out += sizeof merged + 64;
    if (merged.beginning != nullptr) out += merged.beginning->bytes();
    for (const auto& [place, pane] : merged.ends) out += 64 + (pane == nullptr ? 0 : pane->bytes());
  }
  return out;
}

}  // namespace weir
