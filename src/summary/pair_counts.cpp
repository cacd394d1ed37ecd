// SPDX-License-Identifier: Apache-2.0
// A bounded table of pairs.
#include "summary/pair_counts.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "base/hash.h"

namespace weir {

namespace {

constexpr std::size_t kFirst = 8;

std::uint64_t joined_hash(std::uint64_t a, std::uint64_t b) noexcept {
  using namespace hashing;
  return fold(fold(a ^ kRoot2, kRoot3) + b, kRoot5) ^ b;
}

// The counts of one side of the pairs, by its hash.
double log_sum_of(std::vector<std::pair<std::uint64_t, std::uint64_t>>& side) {
  std::sort(side.begin(), side.end());
  double sum = 0;
  for (std::size_t i = 0; i < side.size();) {
    const std::uint64_t hash = side[i].first;
    double count = 0;
    for (; i < side.size() && side[i].first == hash; ++i) count += static_cast<double>(side[i].second);
    sum += count * std::log(count);
  }
  return sum;
}

}  // namespace

void PairCounts::add(std::uint64_t a, std::uint64_t b, std::uint64_t times) {
  total_ += times;
  const std::uint64_t hash = joined_hash(a, b);
  if (const std::uint16_t at = index_.find(entries_, hash); at != HashIndex::kNone) {
    entries_[at].pair.count += times;
    return;
  }
  if (entries_.size() == kMost) make_room();
  if (entries_.size() == entries_.capacity()) entries_.reserve(std::min(kMost, std::max(kFirst, 2 * entries_.size())));
  entries_.push_back({hash, {a, b, times}});
  index_.add_last(entries_);
}

void PairCounts::make_room() {
  std::vector<std::uint64_t> counts;
  counts.reserve(entries_.size());
  for (const Entry& entry : entries_) counts.push_back(entry.pair.count);
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  const std::uint64_t off = *middle;
  error_ += off;
  std::erase_if(entries_, [&](const Entry& entry) { return entry.pair.count <= off; });
  for (Entry& entry : entries_) entry.pair.count -= off;
  index_.rebuild(entries_);
}

void PairCounts::merge(const PairCounts& other) {
  if (this == &other) return merge(PairCounts(other));
  const std::uint64_t total = total_ + other.total_;
  error_ += other.error_;
  // In order: where room has to be made, the result depends on what is there and not on how it lay.
  for (const PairCount& pair : other.entries()) add(pair.a, pair.b, pair.count);
  total_ = total;
}

std::vector<PairCount> PairCounts::entries() const {
  std::vector<PairCount> pairs;
  pairs.reserve(entries_.size());
  for (const Entry& entry : entries_) pairs.push_back(entry.pair);
  std::sort(pairs.begin(), pairs.end(),
            [](const PairCount& x, const PairCount& y) { return std::tie(x.a, x.b) < std::tie(y.a, y.b); });
  return pairs;
}

// Sum of n(a,b) ln n(a,b) - sum of n(a) ln n(a) - sum of n(b) ln n(b) + n ln n, over n.
double PairCounts::mutual_information() const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> a;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> b;
  double counted = 0;
  double together = 0;
  for (const PairCount& pair : entries()) {
    const auto count = static_cast<double>(pair.count);
    counted += count;
    together += count * std::log(count);
    a.emplace_back(pair.a, pair.count);
    b.emplace_back(pair.b, pair.count);
  }
  if (counted == 0) return 0;
  const double information = (together - log_sum_of(a) - log_sum_of(b)) / counted + std::log(counted);
  return std::max(0.0, information);
}

std::uint64_t PairCounts::bytes() const noexcept {
  return sizeof *this + entries_.capacity() * sizeof(Entry) + index_.bytes();
}

std::uint64_t PairCounts::bytes_bound() noexcept {
  return sizeof(PairCounts) + kMost * sizeof(Entry) + HashIndex::bytes_bound(kMost);
}

void PairCounts::write(SummaryWriter& out) const {
  out.varint(total_);
  out.varint(error_);
  out.varint(entries_.size());
  for (const PairCount& pair : entries()) {
    out.u64(pair.a);
    out.u64(pair.b);
    out.varint(pair.count);
  }
}

PairCounts PairCounts::read(SummaryReader& in) {
  constexpr std::size_t kLeastBytes = 17;  // of a pair
  const std::uint64_t total = in.at_most(~std::uint64_t{0} >> 8, "the total of the pairs");
  const std::uint64_t error = in.at_most(total, "the error of the pairs");
  const std::size_t size = in.count(kMost, kLeastBytes, "the number of pairs");
  PairCounts read;
  PairCount before;
  for (std::size_t i = 0; i < size && in.ok(); ++i) {
    PairCount pair;
    pair.a = in.u64();
    pair.b = in.u64();
    pair.count = in.at_most(total - read.total_, "the count of a pair");
    in.require(pair.count > 0, "a pair that does not occur");
    in.require(i == 0 || std::tie(before.a, before.b) < std::tie(pair.a, pair.b), "pairs are not in order");
    if (in.ok()) read.add(pair.a, pair.b, pair.count);
    before = pair;
  }
  in.require(error > 0 || read.total_ == total, "the counts of the pairs do not add up");
  read.total_ = total;
  read.error_ = error;
  return in.ok() ? read : PairCounts();
}

bool PairCounts::operator==(const PairCounts& other) const {
  return total_ == other.total_ && error_ == other.error_ && entries() == other.entries();
}

}  // namespace weir
