// SPDX-License-Identifier: Apache-2.0
// Segments as bytes: all of a grid by their keys, so that the same segments give the same bytes, or one by itself.
#include <algorithm>

#include "windows/segments.h"

namespace weir {

namespace {

constexpr std::size_t kLongestValue = 512;  // what is shown of a value, with room for how it was shortened

}  // namespace

std::vector<std::uint32_t> Segments::written_numbers() const {
  std::vector<std::uint32_t> out(kept_.size(), kOther);
  std::uint32_t next = 1;
  for (std::uint32_t i = 1; i < kept_.size(); ++i) {
    if (kept_[i].listed) out[i] = next++;
  }
  for (const Key& key : unlisted_) out[look_up(key)] = next++;
  return out;
}

void Segments::write(SummaryWriter& out) const {
  const auto write_key = [&out](const Key& key) {
    out.u64(key.high);
    out.u64(key.low);
  };
  out.varint(unlisted_.size());
  for (const Key& kept : unlisted_) {  // by key, so that the same segments give the same bytes
    write_key(kept);
    for (const auto& [field, value] : kept_[look_up(kept)].shown->values) {
      out.u8(value ? 1 : 0);
      if (value) out.text(*value);
    }
  }
  out.u8(static_cast<std::uint8_t>((folded_more_ ? 2 : 0) | (other_in_use_ ? 1 : 0)));
  out.varint(folded_.size());
  for (const Key& key : folded_) write_key(key);
}

void Segments::read(SummaryReader& in) {
  const auto read_key = [&in] {
    Key key;
    key.high = in.u64();
    key.low = in.u64();
    return key;
  };
  const std::size_t used = in.count(places_, 17, "segments");
  for (std::size_t i = 0; i < used && in.ok(); ++i) {
    const Key key = read_key();
    Segment shown;
    for (const SegmentField& field : fields_) {
      const bool has = in.at_most(1, "a mark") == 1;
      shown.values.emplace_back(field.path, has ? std::optional(std::string(in.text(kLongestValue))) : std::nullopt);
    }
    in.require(look_up(key) == kFree, "a segment stands there twice");
    if (in.ok()) add(key, false, std::move(shown));
  }
  const std::uint64_t marks = in.at_most(3, "marks");
  other_in_use_ = (marks & 1) != 0;
  folded_more_ = (marks & 2) != 0;
  const std::size_t folded = in.count(kCounted, 16, "folded segments");
  for (std::size_t i = 0; i < folded && in.ok(); ++i) {
    const Key key = read_key();
    in.require(look_up(key) == kFree, "a segment stands there twice");
    if (in.ok() && folded_.insert(key).second) put(key, kOther);
  }
  in.require(!folded_more_ || folded_.size() == kCounted, "a count of segments that cannot be");
  ordered_ = false;
}

void Segments::write_one(std::uint32_t number, SummaryWriter& out) const {
  out.u8(number == kOther ? 0 : 1);
  if (number == kOther) return;
  const Kept& kept = kept_[number];
  out.u64(kept.key.high);
  out.u64(kept.key.low);
  for (const auto& [field, value] : kept.shown->values) {
    out.u8(value ? 1 : 0);
    if (value) out.text(*value);
  }
}

Segments::One Segments::read_one(SummaryReader& in) const {
  One out;
  out.other = in.at_most(1, "a mark") == 0;
  if (out.other) return out;
  in.require(any(), "a segment where there are none");
  out.key.high = in.u64();
  out.key.low = in.u64();
  for (const SegmentField& field : fields_) {
    const bool has = in.at_most(1, "a mark") == 1;
    // What is listed stands there as it was written, which is longer than what is shown of a value.
    out.shown.values.emplace_back(field.path, has ? std::optional(std::string(in.text(in.left()))) : std::nullopt);
  }
  return out;
}

void Segments::adopt(const One& one) {
  if (one.other) {
    if (any() && !other_in_use_) {
      other_in_use_ = true;
      ordered_ = false;
    }
    return;
  }
  if (look_up(one.key) == kFree && claim(one.key)) add(one.key, false, one.shown);
}

std::uint32_t Segments::number_of(const One& one) const {
  if (one.other) return kOther;
  const std::uint32_t mine = look_up(one.key);
  return mine == kFree ? kOther : mine;
}

}  // namespace weir
