// SPDX-License-Identifier: Apache-2.0
// A bounded array that is emptied once and for all.
#include "summary/raw_values.h"

#include <algorithm>
#include <iterator>

namespace weir {

namespace {

constexpr std::size_t kFirst = 16;

}  // namespace

void RawValues::make_room(std::size_t more) {
  if (values_.size() + more <= values_.capacity()) return;
  values_.reserve(std::min<std::size_t>(most_, std::max({kFirst, values_.capacity() * 2, values_.size() + more})));
}

void RawValues::add(std::span<const double> values) {
  count_ += values.size();
  if (count_ > most_) {
    if (values_.capacity() != 0) drop();
    return;
  }
  make_room(values.size());
  for (const double value : values) {
    const double plain = value + 0.0;  // zero has no sign
    sorted_ = sorted_ && (values_.empty() || values_.back() <= plain);
    values_.push_back(plain);
  }
}

void RawValues::drop() {
  values_ = std::vector<double>();
  sorted_ = true;
}

void RawValues::merge(const RawValues& other) {
  if (other.count_ == 0) return;
  count_ += other.count_;
  if (count_ > most_) {
    if (values_.capacity() != 0) drop();
    return;
  }
  const std::size_t others = other.values_.size();  // `other` may be this one
  make_room(others);
  sorted_ = sorted_ && other.sorted_ && (values_.empty() || values_.back() <= other.values_.front());
  for (std::size_t i = 0; i < others; ++i) values_.push_back(other.values_[i]);
}

void RawValues::settle() {
  if (!sorted_) std::sort(values_.begin(), values_.end());
  sorted_ = true;
}

std::vector<double> RawValues::sorted() const {
  std::vector<double> values = values_;
  if (!sorted_) std::sort(values.begin(), values.end());
  return values;
}

std::uint64_t RawValues::bytes() const noexcept {
  return sizeof *this + values_.capacity() * sizeof(double);
}

std::uint64_t RawValues::bytes_bound(std::uint32_t most) noexcept {
  return sizeof(RawValues) + std::uint64_t{most} * sizeof(double);
}

void RawValues::write(SummaryWriter& out) const {
  out.varint(count_);
  if (!complete()) return;
  for (const double value : sorted_ ? values_ : sorted()) out.f64(value);
}

RawValues RawValues::read(SummaryReader& in, std::uint32_t most) {
  RawValues read(most);
  const std::uint64_t count = in.at_most(~std::uint64_t{0} >> 8, "the count of the raw values");
  if (count > most) {
    read.count_ = count;
    return read;
  }
  in.require(count <= in.left() / sizeof(double), "it ends too early");
  if (!in.ok()) return read;
  read.values_.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const double value = in.finite();
    in.require(read.values_.empty() || read.values_.back() <= value, "the raw values are not in order");
    read.values_.push_back(value);
  }
  read.count_ = count;
  return in.ok() ? read : RawValues(most);
}

bool RawValues::operator==(const RawValues& other) const {
  return most_ == other.most_ && count_ == other.count_ && sorted() == other.sorted();
}

}  // namespace weir
