// SPDX-License-Identifier: Apache-2.0
// Single values of Protobuf records as cells, the way decode/typed_reader.h fixes for all schema languages. What they need of
// memory is in the arena or in the record itself. The bytes have been checked (decode/protobuf_check.h).
#pragma once

#include <string>
#include <string_view>

#include "decode/protobuf_types.h"
#include "weir/batch.h"

namespace weir {

/// A value as it stands on the wire.
struct ProtobufValue {
  std::uint64_t bits = 0;
  std::string_view bytes;  // texts, bytes, messages
};

/// Of a field that is no message. All zero is the default of every type.
[[nodiscard]] Kind scalar_cell(const ProtobufField& field, const ProtobufValue& value, Arena& arena, Cell& cell);
/// Of a Timestamp, Duration, Wrapper or FieldMask.
[[nodiscard]] Kind form_cell(const ProtobufType& type, std::string_view bytes, Arena& arena, Cell& cell);

void append_json(Kind kind, const Cell& cell, std::string& out);

}  // namespace weir
