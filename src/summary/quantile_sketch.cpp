// SPDX-License-Identifier: Apache-2.0
// KLL with all levels in one array: the highest first, so that new values are appended.
#include "summary/quantile_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

#include "base/assert.h"
#include "base/hash.h"

namespace weir {

namespace {

constexpr std::uint32_t kLeastRoom = 8;    // of a level: below it tosses cost more than they save
constexpr std::uint32_t kNewestRoom = 32;  // of level 0, which is thinned out most often: for speed
constexpr std::size_t kMostLevels = 40;    // 2^40 times k values
constexpr std::size_t kLevels = 16;        // what room is made for at once: 6 million values at k = 200
constexpr std::size_t kFirstItems = 16;

// Merges two sorted runs, the second right behind the first, into the place of both.
void join_sorted(std::span<double> first, std::span<double> second) {
  constexpr std::size_t kBuffer = 1024;
  if (second.size() > kBuffer) {
    std::inplace_merge(first.data(), second.data(), second.data() + second.size());
    return;
  }
  double kept[kBuffer];
  std::copy(second.begin(), second.end(), kept);
  // From the largest down.
  double* to = second.data() + second.size();
  std::size_t own = first.size();
  for (std::size_t i = second.size(); i-- > 0;) {
    while (own > 0 && first[own - 1] > kept[i]) *--to = first[--own];
    *--to = kept[i];
  }
}

}  // namespace

QuantileSketch::QuantileSketch(std::uint32_t k)
    : k_(std::clamp(k, kLeastK, kMostK)), levels_{{0, k_}}, most_items_(k_) {}

double QuantileSketch::rank_error(std::uint32_t k) noexcept {
  // What Apache DataSketches fitted to runs of its own KLL; the tests hold this one to it.
  return 2.296 / std::pow(static_cast<double>(std::max(k, kLeastK)), 0.9723);
}

// Of the level that is so far below the highest: two thirds of the one above it.
std::uint32_t QuantileSketch::room(std::size_t depth) const noexcept {
  double room = k_;
  for (; depth > 0 && room > kLeastRoom; --depth) room *= 2.0 / 3.0;
  return std::max(kLeastRoom, static_cast<std::uint32_t>(std::ceil(room)));
}

std::size_t QuantileSketch::room_of(std::size_t levels) const noexcept {
  std::size_t sum = 0;
  for (std::size_t depth = 0; depth + 1 < levels; ++depth) sum += room(depth);
  return sum + std::max(kNewestRoom, room(levels - 1));
}

std::size_t QuantileSketch::start_of(std::size_t level) const noexcept {
  std::size_t start = items_.size();
  for (std::size_t below = 0; below <= level; ++below) start -= levels_[below].size;
  return start;
}

// The chain of hashes runs over all that was ever thinned out: data that repeats itself does not get the same toss again.
bool QuantileSketch::toss(std::span<const double> values) noexcept {
  for (const double value : {values.front(), values[values.size() / 2], values.back()}) {
    coin_ = hashing::fold(coin_ ^ std::bit_cast<std::uint64_t>(value), hashing::kRoot3) + hashing::kRoot5;
  }
  return (hashing::fold(coin_ ^ hashing::kRoot7, hashing::kRoot2) & 1) != 0;
}

void QuantileSketch::push(double value) {
  if (items_.size() >= most_items_) thin_out();
  if (items_.size() == items_.capacity()) {
    items_.reserve(std::min(most_items_, std::max(kFirstItems, items_.capacity() * 2)));
  }
  newest_sorted_ = newest_sorted_ && (levels_[0].size == 0 || items_.back() <= value);
  items_.push_back(value);
  ++levels_[0].size;
}

void QuantileSketch::add(std::span<const double> values) {
  count_ += values.size();
  for (const double value : values) {
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
    push(value + 0.0);
  }
  if (!values.empty()) {
    min_ += 0.0;
    max_ += 0.0;
  }
}

void QuantileSketch::add_level() {
  WEIR_ASSERT(levels_.size() < kMostLevels, "more values than anybody has");
  if (exact()) levels_.reserve(kLevels);
  levels_.push_back({});
  items_.reserve(room_of(std::max(kLevels, levels_.size())));
  for (std::size_t level = levels_.size(); level-- > 0;) levels_[level].room = room(levels_.size() - 1 - level);
  levels_[0].room = std::max(kNewestRoom, levels_[0].room);
  most_items_ = room_of(levels_.size());
}

// Thins out the lowest level that is full. One of them is, when all together are.
void QuantileSketch::thin_out() {
  std::size_t level = 0;
  while (levels_[level].size < levels_[level].room) ++level;
  if (level + 1 == levels_.size()) add_level();
  Level& full = levels_[level];
  const auto begin = items_.begin() + static_cast<std::ptrdiff_t>(start_of(level));
  const auto end = begin + full.size;
  if (level == 0) {
    if (!newest_sorted_) std::sort(begin, end);
    newest_sorted_ = true;  // what is left of it is at most one
  }
  // An odd one stays where it is, with its weight.
  const std::uint32_t pairs = full.size / 2;
  const bool odd = full.size % 2 != 0;
  const double left_over = *begin;
  const auto thinned = begin + (odd ? 1 : 0);
  const bool second = toss({&*thinned, std::size_t{2} * pairs});
  for (std::uint32_t i = 0; i < pairs; ++i) begin[i] = thinned[std::ptrdiff_t{2} * i + (second ? 1 : 0)];
  // What went up now lies behind the level above, and becomes a part of it.
  const auto risen = begin + pairs;
  join_sorted({&*begin - levels_[level + 1].size, &*begin}, {&*begin, pairs});
  if (odd) *risen = left_over;
  items_.erase(risen + (odd ? 1 : 0), end);
  levels_[level + 1].size += pairs;
  full.size = odd ? 1 : 0;
}

void QuantileSketch::merge(const QuantileSketch& other) {
  WEIR_ASSERT(k_ == other.k_, "sketches of one spec");
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  if (other.exact() && items_.size() + other.items_.size() <= items_.capacity() &&
      items_.size() + other.items_.size() <= most_items_) {
    items_.insert(items_.end(), other.items_.begin(), other.items_.end());
    levels_[0].size += other.levels_[0].size;
    newest_sorted_ = false;
    return;
  }
  while (levels_.size() < other.levels_.size()) add_level();
  // Kept from merge to merge: windows are made of many panes, and asking for memory would cost more than the work.
  thread_local std::vector<double> both;
  both.clear();
  both.reserve(items_.size() + other.items_.size());
  auto own = items_.begin();
  auto others = other.items_.begin();
  for (std::size_t level = levels_.size(); level-- > 0;) {
    const auto own_end = own + levels_[level].size;
    const auto others_end = others + (level < other.levels_.size() ? other.levels_[level].size : 0);
    if (level > 0 || (newest_sorted_ && other.newest_sorted_)) {
      std::merge(own, own_end, others, others_end, std::back_inserter(both));
    } else {
      both.insert(both.end(), own, own_end);
      both.insert(both.end(), others, others_end);
    }
    levels_[level].size += static_cast<std::uint32_t>(others_end - others);
    own = own_end;
    others = others_end;
  }
  newest_sorted_ = newest_sorted_ && other.newest_sorted_;
  items_.swap(both);
  if (coin_ != 0 || other.coin_ != 0) {
    coin_ = hashing::fold(coin_ ^ hashing::kRoot2, other.coin_ ^ hashing::kRoot7) ^ (coin_ + other.coin_);
  }
  while (items_.size() > most_items_) thin_out();
  // Both together had more room than either may have: what is left goes where the own values were.
  items_.swap(both);
  if (!exact()) items_.reserve(room_of(std::max(kLevels, levels_.size())));
  items_.assign(both.begin(), both.end());
}

void QuantileSketch::settle() {
  if (!newest_sorted_) std::sort(items_.end() - levels_[0].size, items_.end());
  newest_sorted_ = true;
}

std::vector<QuantileSketch::Weighted> QuantileSketch::sorted() const {
  const auto by_value = [](const Weighted& a, const Weighted& b) { return a.value < b.value; };
  std::vector<Weighted> items;
  std::vector<Weighted> merged;
  items.reserve(items_.size());
  merged.reserve(items_.size());
  // Only the newest level is in no order. The others join it from the smallest to the largest, so little is moved often.
  std::size_t end = items_.size();
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const std::size_t begin = end - levels_[level].size;
    const std::size_t before = items.size();
    for (std::size_t i = begin; i < end; ++i) items.push_back({items_[i], std::uint64_t{1} << level});
    const auto here = items.begin() + static_cast<std::ptrdiff_t>(before);
    if (level == 0 && !newest_sorted_) std::sort(here, items.end(), by_value);
    merged.clear();
    std::merge(items.begin(), here, here, items.end(), std::back_inserter(merged), by_value);
    items.swap(merged);
    end = begin;
  }
  return items;
}

std::vector<std::pair<double, std::uint64_t>> QuantileSketch::items() const {
  std::vector<std::pair<double, std::uint64_t>> items;
  items.reserve(items_.size());
  for (const Weighted& item : sorted()) items.emplace_back(item.value, item.weight);
  return items;
}

std::vector<double> QuantileSketch::quantiles(std::span<const double> shares) const {
  if (count_ == 0) return {};
  const std::vector<Weighted> items = sorted();
  std::vector<std::uint64_t> up_to;  // values that an item and those before it stand for
  up_to.reserve(items.size());
  for (const Weighted& item : items) up_to.push_back(item.weight + (up_to.empty() ? 0 : up_to.back()));
  const auto value_at = [&](std::uint64_t place) {
    if (place == 0) return min_;
    if (place + 1 >= count_) return max_;
    const auto found = std::upper_bound(up_to.begin(), up_to.end(), place);
    return items[static_cast<std::size_t>(found - up_to.begin())].value;
  };
  std::vector<double> found;
  found.reserve(shares.size());
  for (const double share : shares) {
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(count_ - 1);
    const double whole = std::floor(place);
    const double low = value_at(static_cast<std::uint64_t>(whole));
    const double high = place > whole ? value_at(static_cast<std::uint64_t>(whole) + 1) : low;
    found.push_back(std::lerp(low, high, place - whole));
  }
  return found;
}

std::optional<double> QuantileSketch::quantile(double q) const {
  const std::vector<double> found = quantiles({&q, 1});
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<double> QuantileSketch::rank(double value) const {
  if (count_ == 0) return std::nullopt;
  if (value < min_) return 0;
  if (value >= max_) return 1;
  std::uint64_t below = 0;
  std::size_t at = 0;
  for (std::size_t level = levels_.size(); level-- > 0;) {
    for (std::uint32_t i = 0; i < levels_[level].size; ++i) {
      if (items_[at++] <= value) below += std::uint64_t{1} << level;
    }
  }
  return static_cast<double>(below) / static_cast<double>(count_);
}

std::optional<double> QuantileSketch::min() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional(min_);
}

std::optional<double> QuantileSketch::max() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional(max_);
}

std::uint64_t QuantileSketch::bytes() const noexcept {
  return sizeof *this + items_.capacity() * sizeof(double) + levels_.capacity() * sizeof(Level);
}

std::uint64_t QuantileSketch::bytes_bound(std::uint32_t k) noexcept {
  return sizeof(QuantileSketch) + QuantileSketch(k).room_of(kLevels) * sizeof(double) + kLevels * sizeof(Level);
}

void QuantileSketch::write(SummaryWriter& out) const {
  out.varint(k_);
  out.varint(count_);
  if (count_ == 0) return;
  out.f64(min_);
  out.f64(max_);
  out.u64(coin_);
  out.varint(levels_.size());
  for (const Level& level : levels_) out.varint(level.size);
  // The order within level 0 means nothing, so it is not written.
  std::vector<double> newest(items_.end() - levels_[0].size, items_.end());
  if (!newest_sorted_) std::sort(newest.begin(), newest.end());
  for (std::size_t i = 0; i < items_.size() - newest.size(); ++i) out.f64(items_[i]);
  for (const double item : newest) out.f64(item);
}

QuantileSketch QuantileSketch::read(SummaryReader& in, std::uint32_t k) {
  QuantileSketch read(k);
  in.require(in.varint() == read.k_, "its quantiles have another k");
  const std::uint64_t count = in.at_most(~std::uint64_t{0} >> 8, "the count of the quantiles");
  if (count == 0) return read;
  const double smallest = in.finite();
  const double largest = in.finite();
  read.coin_ = in.u64();
  const std::size_t levels = in.count(kMostLevels, 1, "the number of levels");
  in.require(levels > 0, "quantiles without levels");
  while (in.ok() && read.levels_.size() < levels) read.add_level();
  std::uint64_t weight = 0;
  std::size_t items = 0;
  for (std::size_t level = 0; level < read.levels_.size(); ++level) {
    const std::uint64_t size = in.at_most(read.most_items_, "the size of a level");
    read.levels_[level].size = static_cast<std::uint32_t>(size);
    weight += size << level;
    items += size;
  }
  in.require(weight == count, "the levels do not hold the count");
  in.require(items <= read.most_items_ && items <= in.left() / sizeof(double), "a level holds too much");
  if (!in.ok()) return QuantileSketch(k);
  read.items_.reserve(items);
  for (std::size_t level = levels; level-- > 0;) {
    double before = smallest;
    for (std::uint32_t i = 0; i < read.levels_[level].size; ++i) {
      const double item = in.finite();
      in.require(before <= item && item <= largest, "the values of a level are not in order");
      read.items_.push_back(item);
      before = item;
    }
  }
  read.count_ = count;
  read.min_ = smallest;
  read.max_ = largest;
  return in.ok() ? read : QuantileSketch(k);
}

bool QuantileSketch::operator==(const QuantileSketch& other) const {
  SummaryWriter own;
  SummaryWriter others;
  write(own);
  other.write(others);
  return own.bytes() == others.bytes();
}

}  // namespace weir
