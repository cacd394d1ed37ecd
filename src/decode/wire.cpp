// SPDX-License-Identifier: Apache-2.0
#include "decode/wire.h"

namespace weir {

namespace {

constexpr std::size_t kIdBytes = 4;
constexpr std::size_t kGuidBytes = 16;

/// The frame at the beginning of `bytes`; an empty key where there is none.
WireFrame frame_of(std::string_view bytes) {
  WireFrame out{.key = {}, .body = bytes};
  if (bytes.empty() || (bytes[0] != '\0' && bytes[0] != '\1')) return out;
  const std::size_t size = bytes[0] == '\0' ? kIdBytes : kGuidBytes;
  if (bytes.size() < 1 + size) {
    out.cut_short = true;
    return out;
  }
  out.key = bytes.substr(1, size);
  out.body = bytes.substr(1 + size);
  return out;
}

}  // namespace

WireFrame wire_frame(std::string_view bytes, const Envelope* envelope, MessagePart part) {
  if (envelope != nullptr) {
    const std::string_view wanted = part == MessagePart::Value ? "__value_schema_id" : "__key_schema_id";
    for (const auto& [name, value] : envelope->headers) {
      if (name != wanted) continue;
      const WireFrame frame = frame_of(value);
      if (!frame.key.empty()) return {.key = frame.key, .body = bytes};
    }
  }
  return frame_of(bytes);
}

}  // namespace weir
