// SPDX-License-Identifier: Apache-2.0
// What is done to a row once it is read, where its envelope wants it.
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/envelope_places.h"
#include "weir/batch.h"
#include "weir/fields.h"

namespace weir {

/// Columns at the place of another one, and arrays that such records do not have.
void copy_places(const Places& places, std::uint32_t row, Batch& batch);

/// As if nothing had been read: every value of the row is absent, nothing is noted of it.
void undo_row(const FieldTable& fields, std::uint32_t row, Batch& batch);

/// The row cannot be read after all: what it said before is undone, and this is why.
void refuse_row(const FieldTable& fields, DecodeFailure failure, Batch& batch);

/// Extra and seen fields of the row.
void forget_notes(std::uint32_t row, Batch& batch);

/// The fields of the row that an event tells of are absent; what stands around it stays.
void blank_row(const FieldTable& fields, std::uint32_t row, Batch& batch);

/// Values that a connector did not get (`__debezium_unavailable_value`, as text or in base64) are absent.
void drop_unavailable(const FieldTable& fields, std::uint32_t row, Batch& batch);

/// Sets the bit in a mask that is empty as long as it has none.
void mark(Mask& mask, std::size_t rows, std::uint32_t row);

}  // namespace weir
