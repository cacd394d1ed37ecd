// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_wire.h"

#include <bit>
#include <cstring>
#include <vector>

namespace weir {

namespace {

constexpr std::size_t kLongestVarint = 10;
constexpr std::size_t kLongestTag = 5;

static_assert(std::endian::native == std::endian::little, "fixed numbers are read as they lie");

}  // namespace

std::string_view words_for(WireFault fault) {
  switch (fault) {
    case WireFault::None: return "nothing";
    case WireFault::CutShort: return "the bytes end within a field";
    case WireFault::Varint: return "a number is longer than ten bytes";
    case WireFault::Tag: return "this is the beginning of no field";
    case WireFault::GroupEnd: return "a group ends here that did not begin";
    case WireFault::GroupOpen: return "a group is not ended";
    case WireFault::TooDeep: return "groups are nested too deep";
  }
  return {};
}

WireFault WireCursor::varint(std::uint64_t& value) {
  value = 0;
  const char* p = at_;
  for (std::size_t i = 0; i < kLongestVarint; ++i) {
    if (p == end_) return WireFault::CutShort;
    const auto byte = static_cast<unsigned char>(*p++);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
    if (byte < 0x80) {
      at_ = p;
      return WireFault::None;
    }
  }
  return WireFault::Varint;
}

WireFault WireCursor::fixed32(std::uint64_t& value) {
  if (end_ - at_ < 4) return WireFault::CutShort;
  std::uint32_t word = 0;
  std::memcpy(&word, at_, sizeof word);
  at_ += sizeof word;
  value = word;
  return WireFault::None;
}

WireFault WireCursor::fixed64(std::uint64_t& value) {
  if (end_ - at_ < 8) return WireFault::CutShort;
  std::memcpy(&value, at_, sizeof value);
  at_ += sizeof value;
  return WireFault::None;
}

WireFault WireCursor::tag(WireField& field) {
  field.at = at_;
  std::uint64_t value = 0;
  if (const WireFault fault = varint(value); fault != WireFault::None)
    return fault == WireFault::Varint ? WireFault::Tag : fault;
  // Bits beyond 32 are let go, as libprotobuf does; a sixth byte is not.
  const bool fits = static_cast<std::size_t>(at_ - field.at) <= kLongestTag;
  const auto word = static_cast<std::uint32_t>(value);
  const auto type = static_cast<std::uint8_t>(word & 7U);
  if (!fits || (word >> 3U) == 0 || type > 5) {
    at_ = field.at;
    return WireFault::Tag;
  }
  field.number = word >> 3U;
  field.type = static_cast<WireType>(type);
  return WireFault::None;
}

/// Of everything but groups.
WireFault WireCursor::content(WireField& field) {
  switch (field.type) {
    case WireType::Varint: return varint(field.bits);
    case WireType::Fixed64: return fixed64(field.bits);
    case WireType::Fixed32: return fixed32(field.bits);
    case WireType::Bytes: {
      std::uint64_t size = 0;
      if (const WireFault fault = varint(size); fault != WireFault::None) return fault;
      if (size > static_cast<std::uint64_t>(end_ - at_)) return WireFault::CutShort;
      field.bytes = {at_, static_cast<std::size_t>(size)};
      at_ += size;
      return WireFault::None;
    }
    case WireType::Group:
    case WireType::EndGroup: break;
  }
  return WireFault::GroupEnd;
}

WireFault WireCursor::next(WireField& field, std::uint32_t group_depth) {
  if (const WireFault fault = tag(field); fault != WireFault::None) return fault;
  if (field.type == WireType::Group) return group(field, group_depth);
  if (field.type == WireType::EndGroup) {
    at_ = field.at;
    return WireFault::GroupEnd;
  }
  return content(field);
}

WireFault WireCursor::group(WireField& field, std::uint32_t depth) {
  const char* const begin = at_;
  std::vector<std::uint32_t> open = {field.number};
  while (!open.empty()) {
    if (at_ == end_) return WireFault::GroupOpen;
    WireField inner;
    if (const WireFault fault = tag(inner); fault != WireFault::None) return fault;
    if (inner.type == WireType::Group) {
      if (open.size() > depth) {
        at_ = inner.at;
        return WireFault::TooDeep;
      }
      open.push_back(inner.number);
    } else if (inner.type == WireType::EndGroup) {
      if (inner.number != open.back()) {
        at_ = inner.at;
        return WireFault::GroupEnd;
      }
      open.pop_back();
      field.bytes = {begin, static_cast<std::size_t>(inner.at - begin)};
    } else if (const WireFault fault = content(inner); fault != WireFault::None) {
      return fault;
    }
  }
  return WireFault::None;
}

}  // namespace weir
