// SPDX-License-Identifier: Apache-2.0
// Which rows a pane counts of a column: of deletions and of messages that tell of no row there is nothing to count.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "windows/pane.h"

namespace weir {

/// The rows of each group that are not in `out`; spans point into `room`.
inline void leave_out(const Mask& out, std::span<const PaneRows> groups, std::vector<PaneRows>& left,
                      std::vector<std::uint32_t>& room) {
  left.clear();
  room.clear();
  std::size_t most = 0;
  for (const PaneRows& group : groups) most += group.rows.size();
  room.reserve(most);
  for (const PaneRows& group : groups) {
    const std::size_t begin = room.size();
    for (const std::uint32_t row : group.rows) {
      if (!out[row]) room.push_back(row);
    }
    const std::size_t size = room.size() - begin;
    if (size > 0) left.push_back({.pane = group.pane, .rows = std::span(room).subspan(begin, size)});
  }
}

/// The rows in which all of some columns are there to be counted. Deletions and what a connector says beside its rows have no
/// fields: they are neither nulls nor drift.
class Telling {
 public:
  explicit Telling(const BatchView& view) : view_(view) {}

  /// Good until the next call.
  std::span<const PaneRows> rows(std::span<const std::uint32_t> columns, std::span<const PaneRows> groups) {
    if (view_.rowless.size() == 0 || view_.about.empty()) return groups;
    BatchView::About most = BatchView::About::Message;
    for (const std::uint32_t column : columns) most = std::max(most, view_.about[column]);
    const Mask& out = most == BatchView::About::Row ? view_.rowless : view_.eventless;
    if (most == BatchView::About::Message || out.size() == 0) return groups;
    leave_out(out, groups, left_, room_);
    return left_;
  }

 private:
  const BatchView& view_;
  std::vector<PaneRows> left_;
  std::vector<std::uint32_t> room_;
};

}  // namespace weir
