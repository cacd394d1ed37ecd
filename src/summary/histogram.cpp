// SPDX-License-Identifier: Apache-2.0
// The search for a cell, and cells that grow when they have to.
#include "summary/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/assert.h"
#include "base/hash.h"

namespace weir {

namespace {

constexpr std::uint64_t kMostNarrow = std::numeric_limits<std::uint32_t>::max();

constexpr std::size_t kLanes = 4;  // searches side by side: one waits for memory while the others go on

// How many of the edges are <= value, apart from the second of an atom. The loop runs as often for every value, so
// nothing is guessed.
template <std::size_t Lanes>
void find_cells(const std::vector<double>& edges, const double* values, std::size_t* cells) noexcept {
  const double* from[Lanes];
  std::fill(from, from + Lanes, edges.data());
  std::size_t length = edges.size();
  while (length > 1) {
    const std::size_t half = length / 2;
    for (std::size_t lane = 0; lane < Lanes; ++lane) {
      // As a mask: compilers make a jump of a conditional, and it goes either way as often.
      from[lane] += half & (std::size_t{0} - static_cast<std::size_t>(from[lane][half - 1] <= values[lane]));
    }
    length -= half;
  }
  for (std::size_t lane = 0; lane < Lanes; ++lane) {
    const std::size_t last = length == 1 && *from[lane] <= values[lane] ? 1 : 0;
    const std::size_t passed = static_cast<std::size_t>(from[lane] - edges.data()) + last;
    const bool in_atom = passed >= 2 && edges[passed - 1] == values[lane] && edges[passed - 2] == values[lane];
    cells[lane] = passed - (in_atom ? 1 : 0);
  }
}

template <class Count>
void count_in(const std::vector<double>& edges, std::span<const double> values, std::vector<Count>& counts) noexcept {
  std::size_t cells[kLanes];
  for (; values.size() >= kLanes; values = values.subspan(kLanes)) {
    find_cells<kLanes>(edges, values.data(), cells);
    for (const std::size_t cell : cells) ++counts[cell];
  }
  for (const double value : values) {
    find_cells<1>(edges, &value, cells);
    ++counts[cells[0]];
  }
}

}  // namespace

Histogram::Histogram(Edges edges) : edges_(std::move(edges)) {
  WEIR_ASSERT(edges_ != nullptr && edges_->size() <= kMostEdges, "a histogram has edges");
  for (std::size_t i = 0; i < edges_->size(); ++i) {
    const double edge = (*edges_)[i];
    WEIR_ASSERT(std::isfinite(edge) && (i < 1 || (*edges_)[i - 1] <= edge), "edges ascend");
    WEIR_ASSERT(i < 2 || (*edges_)[i - 2] < edge, "an atom stands twice, not more often");
  }
  narrow_.assign(cells(), 0);
}

std::size_t Histogram::cell_of(double value) const noexcept {
  std::size_t cell = 0;
  find_cells<1>(*edges_, &value, &cell);
  return cell;
}

bool Histogram::is_atom(std::size_t cell) const noexcept {
  return cell > 0 && cell < edges_->size() && (*edges_)[cell - 1] == (*edges_)[cell];
}

void Histogram::widen() {
  wide_.assign(narrow_.begin(), narrow_.end());
  narrow_ = std::vector<std::uint32_t>();
}

void Histogram::require_same_edges(const Histogram& other) const {
  WEIR_ASSERT(edges_ == other.edges_ || *edges_ == *other.edges_, "histograms of one epoch");
}

void Histogram::add(std::span<const double> values) noexcept {
  total_ += values.size();
  // No cell can be beyond the total.
  if (wide_.empty() && total_ > kMostNarrow) widen();
  if (wide_.empty()) {
    count_in(*edges_, values, narrow_);
  } else {
    count_in(*edges_, values, wide_);
  }
}

void Histogram::merge(const Histogram& other) {
  require_same_edges(other);
  total_ += other.total_;
  if (wide_.empty() && total_ > kMostNarrow) widen();
  for (std::size_t i = 0; i < cells(); ++i) {
    if (wide_.empty()) {
      narrow_[i] += static_cast<std::uint32_t>(other.count(i));
    } else {
      wide_[i] += other.count(i);
    }
  }
}

void Histogram::subtract(const Histogram& other) {
  require_same_edges(other);
  for (std::size_t i = 0; i < cells(); ++i) {
    WEIR_ASSERT(count(i) >= other.count(i), "only what was merged is taken away");
    if (wide_.empty()) {
      narrow_[i] -= static_cast<std::uint32_t>(other.count(i));
    } else {
      wide_[i] -= other.count(i);
    }
  }
  total_ -= other.total_;
}

std::uint64_t Histogram::epoch_of(const std::vector<double>& edges) noexcept {
  std::uint64_t state = hashing::kRoot2 ^ edges.size();
  for (const double edge : edges) {
    state = hashing::fold(state ^ std::bit_cast<std::uint64_t>(edge + 0.0), hashing::kRoot3) + hashing::kRoot5;
  }
  return state;
}

std::uint64_t Histogram::bytes() const noexcept {
  return sizeof *this + narrow_.capacity() * sizeof(std::uint32_t) + wide_.capacity() * sizeof(std::uint64_t);
}

std::uint64_t Histogram::bytes_bound(std::size_t edges) noexcept {
  return sizeof(Histogram) + (edges + 1) * sizeof(std::uint32_t);
}

void Histogram::write(SummaryWriter& out) const {
  out.u64(epoch());
  for (std::size_t i = 0; i < cells(); ++i) out.varint(count(i));
}

Histogram Histogram::read(SummaryReader& in, Edges edges) {
  Histogram read(std::move(edges));
  in.require(in.u64() == read.epoch(), "its histogram has other edges");
  std::vector<std::uint64_t> counts(read.cells());
  for (std::uint64_t& count : counts) {
    count = in.at_most(~std::uint64_t{0} >> 16, "a cell of the histogram");
    read.total_ += count;
  }
  if (read.total_ > kMostNarrow) {
    read.narrow_ = std::vector<std::uint32_t>();
    read.wide_ = std::move(counts);
  } else {
    std::transform(counts.begin(), counts.end(), read.narrow_.begin(),
                   [](std::uint64_t count) { return static_cast<std::uint32_t>(count); });
  }
  return read;
}

bool Histogram::operator==(const Histogram& other) const noexcept {
  if (total_ != other.total_ || *edges_ != *other.edges_) return false;
  for (std::size_t i = 0; i < cells(); ++i) {
    if (count(i) != other.count(i)) return false;
  }
  return true;
}

}  // namespace weir
