// SPDX-License-Identifier: Apache-2.0
// What `logicalType` says of a type.
#pragma once

#include <cstdint>
#include <optional>

#include "base/json_value.h"
#include "decode/avro_schema.h"

namespace weir {

/// Sets the logical type that `value`, the JSON of the node, names. One that is unknown or does not fit leaves the node as it is.
void set_avro_logical(AvroNode& node, const JsonValue& value);

/// A number without fraction, exponent or sign that fits 32 bits.
[[nodiscard]] std::optional<std::uint32_t> avro_whole_number(const JsonValue& value);

}  // namespace weir
