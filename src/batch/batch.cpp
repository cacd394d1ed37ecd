// SPDX-License-Identifier: Apache-2.0
// The memory behind a batch. Everything keeps its capacity between batches: after the first few, a batch allocates nothing.
#include "weir/batch.h"

#include <algorithm>
#include <cstring>

namespace weir {

namespace {

constexpr std::size_t kArenaBlock = 64 * 1024;

}  // namespace

char* Arena::take(std::size_t size) {
  while (block_ < blocks_.size() && sizes_[block_] - used_ < size) {
    ++block_;
    used_ = 0;
  }
  if (block_ == blocks_.size()) {
    sizes_.push_back(std::max(kArenaBlock, size));
    blocks_.emplace_back(new char[sizes_.back()]);
  }
  char* const place = blocks_[block_].get() + used_;
  used_ += size;
  return place;
}

std::string_view Arena::keep(std::string_view text) {
  if (text.empty()) return {};
  char* const place = take(text.size());
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

void Arena::clear() noexcept {
  // One hostile record must not pin its memory for good: only ordinary blocks are kept.
  for (std::size_t i = 0; i < blocks_.size();) {
    if (sizes_[i] > kArenaBlock) {
      blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(i));
      sizes_.erase(sizes_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  block_ = 0;
  used_ = 0;
}

void Batch::clear(std::size_t column_count) {
  columns.resize(column_count);
  for (Column& column : columns) {
    column.kinds.clear();
    column.rows.clear();
  }
  origins.clear();
  failures.clear();
  extra_fields.clear();
  seen_fields.clear();
  removals = Mask();
  notices = Mask();
  snapshots = Mask();
  wrapped = {};
  arena.clear();
}

}  // namespace weir
