// SPDX-License-Identifier: Apache-2.0
// Windows of many panes, at about three merges a pane however long they are.
//
// The axis is cut into stretches as long as a window, so that every window reaches over at most one cut: it is the end of
// one stretch and the beginning of the next. Ends are merged backwards from the cut once a stretch, beginnings grow
// forwards with the windows, and a window is one of each (M. van Herk 1992, J. Gil and M. Werman 1993, for minima). The
// cuts lie at fixed places, so what a window comes to depends on its panes alone and not on where judging began.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "windows/pane_store.h"

namespace weir {

class Sliding {
 public:
  Sliding(std::int64_t panes, std::int64_t step) : panes_(panes), step_(step) {}

  /// The panes from `place` on, as many as a window has, as one; null without any. Good until the next call.
  const Pane* window(PaneStore& store, std::int64_t place, std::uint32_t segment);
  /// A pane in a place that was merged already has changed.
  void forget() { segments_.clear(); }
  [[nodiscard]] std::int64_t merged_to() const noexcept { return merged_to_; }
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct Merged {
    std::int64_t cut = 0;
    std::int64_t last = 0;  // the window before
    bool has_cut = false;
    std::unordered_map<std::int64_t, std::unique_ptr<Pane>> ends;  // by first place
    std::unique_ptr<Pane> beginning;
    std::int64_t beginning_to = 0;  // the first place that is not in it
  };

  void merge_ends(PaneStore& store, Merged& merged, std::int64_t place, std::uint32_t segment) const;
  void extend(PaneStore& store, Merged& merged, std::int64_t to, std::uint32_t segment) const;

  std::int64_t panes_;
  std::int64_t step_;
  std::unordered_map<std::uint32_t, Merged> segments_;
  std::unique_ptr<Pane> whole_;
  std::int64_t merged_to_ = INT64_MIN;
};

}  // namespace weir
