// SPDX-License-Identifier: Apache-2.0
// What to do with each field of a record, worked out once from the shapes of the data and the tree of the fields that rules name.
//
// A record is a run of steps, one for each field as it stands in the bytes. What nobody names is skipped by the shapes alone, so
// there is no program for it; what is named has steps of its own as deep as the tree goes.
#pragma once

#include <cstdint>
#include <vector>

#include "decode/avro_shape.h"
#include "decode/field_tree.h"

namespace weir {

struct AvroStep {
  enum class Op : std::uint8_t {
    Nothing,    // takes no bytes
    SkipLong,   // a varint
    SkipBytes,  // `target` of them
    SkipText,   // a length, then so many
    Skip,       // any shape
    Null,       // takes no bytes, and is a value
    Int,        // a number as it is, of 32 bits
    Long,       // of 64
    Float,      // as such
    Double,     // as such
    Text,       // in UTF-8
    Value,      // any other scalar
    Union,      // `target` is the step of the first branch, the others stand behind it
    Record,     // `target` is its routine
    Array,      // `target` is the step of an element; kNone: no element is named
    Map,        // `target` is the routine of the entries that are named
  };
  static constexpr std::int32_t kNowhere = -1;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  Op op = Op::Nothing;
  std::uint16_t branches = 0;    // Union
  std::int32_t node = kNowhere;  // of the field tree, where the value goes
  std::int32_t note = kNowhere;  // which field of the record itself it is, where those are to be noted
  std::uint32_t shape = 0;
  std::uint32_t target = kNone;
};

struct AvroRoutine {
  /// A field that the data lack.
  struct Constant {
    AvroStep step;
    AvroText datum;
  };

  std::uint32_t first = 0;  // of a record: the step of each field as written; of a map: of each child of its node
  std::uint32_t count = 0;
  std::vector<Constant> constants;
  std::vector<std::int32_t> absent;  // nodes that no such record has anything for
  std::vector<AvroText> extra;       // of the record itself: the first fields that no rule names
};

struct AvroProgram {
  std::vector<AvroStep> steps;
  std::vector<AvroRoutine> routines;
  AvroStep start;
  bool uses_pool = false;  // cells point into AvroShapes::pool
};

/// `note`: give each field of the record itself a number (AvroStep::note). `extra`: list those that no rule names.
[[nodiscard]] AvroProgram make_avro_program(const AvroShapes& shapes, const FieldTree& tree, bool note, bool extra);

}  // namespace weir
