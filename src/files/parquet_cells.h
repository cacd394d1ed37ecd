// SPDX-License-Identifier: Apache-2.0
// Values of Arrow arrays as cells of a batch: comment of src/decode/typed_reader.h says how each type comes out.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/batch.h"

namespace arrow {
class Array;
}

namespace weir {

/// Neither a struct nor a list nor a map, whatever is wrapped around it.
[[nodiscard]] bool is_scalar(const arrow::Array& values);

/// The scalar values [first, first + count). Texts are not copied: the array has to live as long as the cells. Kind::Absent is
/// a text that is not UTF-8; false when there is one.
bool read_cells(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells,
                Arena& arena);
inline Kind read_cell(const arrow::Array& values, std::int64_t at, Cell& cell, Arena& arena) {
  Kind kind = Kind::Absent;
  read_cells(values, at, 1, &kind, &cell, arena);
  return kind;
}

}  // namespace weir
