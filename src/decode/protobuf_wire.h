// SPDX-License-Identifier: Apache-2.0
// The bytes of a Protobuf message, field by field: a tag (number and wire type), then a varint, 4 or 8 bytes, a length with as
// many bytes, or a group that lasts until its end tag. Nothing here knows a schema.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Group = 3, EndGroup = 4, Fixed32 = 5 };

/// Why bytes are no message; None: they are.
enum class WireFault : std::uint8_t {
  None,
  CutShort,   // the bytes end within a field
  Varint,     // longer than ten bytes
  Tag,        // field number 0, a wire type that there is not, or more than five bytes
  GroupEnd,   // an end of a group that was not begun, or not by this number
  GroupOpen,  // a group is not ended
  TooDeep,    // groups within groups
};
[[nodiscard]] std::string_view words_for(WireFault fault);

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::Varint;
  const char* at = nullptr;  // of the tag
  std::uint64_t bits = 0;    // Varint, Fixed64, Fixed32
  std::string_view bytes;    // Bytes, and of a Group what is between its tags
};

/// Walks over one message. After a fault at() is where it is.
class WireCursor {
 public:
  explicit WireCursor(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool done() const noexcept { return at_ == end_; }
  [[nodiscard]] const char* at() const noexcept { return at_; }
  /// `group_depth`: how many groups may lie within one that this finds.
  [[nodiscard]] WireFault next(WireField& field, std::uint32_t group_depth);
  [[nodiscard]] WireFault varint(std::uint64_t& value);
  [[nodiscard]] WireFault fixed32(std::uint64_t& value);
  [[nodiscard]] WireFault fixed64(std::uint64_t& value);

 private:
  [[nodiscard]] WireFault tag(WireField& field);
  [[nodiscard]] WireFault content(WireField& field);
  [[nodiscard]] WireFault group(WireField& field, std::uint32_t depth);

  const char* at_;
  const char* end_;
};

[[nodiscard]] constexpr std::int64_t zigzag(std::uint64_t bits) noexcept {
  return static_cast<std::int64_t>(bits >> 1U) ^ -static_cast<std::int64_t>(bits & 1U);
}

}  // namespace weir
