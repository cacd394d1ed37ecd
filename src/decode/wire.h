// SPDX-License-Identifier: Apache-2.0
// How a message says which schema it was written with.
//
//   0x00, an id of 4 bytes, then the record       in front of the payload (or key): the form that everybody knows
//   0x01, a GUID of 16 bytes, then the record     the same in newer serializers
//   a header `__value_schema_id` (`__key_schema_id`) whose value is such a beginning; the payload is the record alone
//
// A header is looked at first, as readers of that form do. In front of a Protobuf record stand message indexes as well: they
// belong to the body here and are read by whoever reads Protobuf.
#pragma once

#include <string_view>

#include "weir/messages.h"

namespace weir {

enum class MessagePart : bool { Value, Key };

struct WireFrame {
  std::string_view key;    // of the schema, as SchemaBook takes it; empty: none is named
  std::string_view body;   // the record without what stands in front of it
  bool cut_short = false;  // begins like a frame and ends within it
};

/// `envelope` may be null. Of JSON text and of CSV nothing is ever taken for a frame: neither begins with such a byte.
[[nodiscard]] WireFrame wire_frame(std::string_view bytes, const Envelope* envelope, MessagePart part);

}  // namespace weir
