// SPDX-License-Identifier: Apache-2.0
// Records of plain fields (numbers, texts, each null or not), which most are: read many at a time, field by field, each in a loop
// of its own straight into its column. Where a value begins is known once the one before it is read, but what stands in one
// record is independent of all others, so that nothing waits.
//
// Only what is as it nearly always is gets read here: unions of null and one type, lengths of one or two bytes. At anything
// else, and at every fault, a record is left to AvroReader, which reads it from its beginning, knows all of it and has the
// words for what is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "decode/avro_program.h"
#include "decode/avro_value.h"
#include "decode/avro_walk.h"
#include "decode/column_filler.h"

namespace weir {

class AvroFlat {
 public:
  /// Nothing where records of this program are not that plain.
  [[nodiscard]] static std::optional<AvroFlat> make(const AvroShapes& shapes, const AvroProgram& program,
                                                    const ColumnFiller& filler);
  /// Binds the columns, which `filler` is bound to already.
  void begin(const ColumnFiller& filler);
  /// Reads records into the rows from `first` on. `left` gets the rows that have to be read otherwise: what their cells hold
  /// means nothing.
  void read(std::uint32_t first, std::span<const std::string_view> records, AvroWalk& walk, const AvroRoom& room,
            std::vector<std::uint32_t>& left);

 private:
  static constexpr std::uint8_t kNoUnion = 0xFF;
  struct Field {
    AvroStep::Op op = AvroStep::Op::Nothing;
    std::uint8_t null = kNoUnion;  // of a union with null: the byte that null is
    std::uint32_t digits = 0;      // Float, Double: behind the point, of the last number
    std::uint32_t shape = 0;
    std::uint32_t size = 0;  // SkipBytes
    std::int32_t node = AvroStep::kNowhere;
    Kind* kinds = nullptr;
    Cell* cells = nullptr;
  };
  /// What of a record is still to be read; it begins nowhere once it is left to others.
  struct Place {
    const char* at = nullptr;
    const char* end = nullptr;
  };
  [[nodiscard]] static bool take(const AvroProgram& program, const AvroStep& written, const ColumnFiller& filler,
                                 Field& field);

  template <class Take>
  void each(const Field& field, const Take& take);
  template <class Float>
  void floats(Field& field, Arena& arena);
  template <bool Int>
  void numbers(const Field& field);
  void texts(const Field& field);
  void read_field(Field& field, AvroWalk& walk, const AvroRoom& room);

  const AvroShapes* shapes_ = nullptr;
  std::vector<Field> fields_;
  std::vector<Place> places_;
  std::size_t first_ = 0;
};

}  // namespace weir
