// SPDX-License-Identifier: Apache-2.0
// Single values of Avro data as cells, the way decode/typed_reader.h fixes for all schema languages.
#pragma once

#include "decode/avro_walk.h"
#include "weir/batch.h"

namespace weir {

/// Where values are put that need memory, and where the text of a shape lies (AvroShapes::pool, or a copy of it that lives longer).
struct AvroRoom {
  Arena* arena = nullptr;
  const char* pool = nullptr;
};

/// Reads a datum that is no record, array, map or union. False: the walk failed.
bool read_avro_value(AvroWalk& walk, const AvroShape& shape, const AvroRoom& room, Kind& kind, Cell& cell);

}  // namespace weir
