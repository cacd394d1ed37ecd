// SPDX-License-Identifier: Apache-2.0
// Brings the schema that data were written with together with the one that they are to be read with, by the specification's
// rules of resolution:
//   int -> long -> float -> double, string <-> bytes
//   records by their names (the last part, or an alias), their fields by name or alias; a field that was not written takes its
//   default, one that is not read is skipped
//   enums, fixed by name (fixed also by size); a symbol that is not read becomes the reader's default
//   unions: each branch that was written by itself against the first of the reader's that takes it, of the same type before one
//   that it would be promoted to
// What fits nowhere is a fault of the schemas, unless it stands in a branch of a union that was written: then it is one of the
// records that hold that branch.
//
// Logical types do not decide what fits. A value keeps the one that it was written with where both sides name one, so that
// 1.50 with two digits stays 1.50 however many the reader wants; else the reader's counts.
#pragma once

#include "decode/avro_schema.h"
#include "decode/avro_shape.h"
#include "weir/result.h"

namespace weir {

/// `reader` null: data are read as they were written.
[[nodiscard]] Result<AvroShapes> resolve_avro(const AvroSchema& writer, const AvroSchema* reader);

}  // namespace weir
