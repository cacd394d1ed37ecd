// SPDX-License-Identifier: Apache-2.0
// Where the fields of the rules lie in a record, by what stands around it.
//
//   Plain            as written; of records that a connector has flattened, `__op` and `__deleted` are looked at as well
//   Debezium         `before…`, `after…`, `op`, `source…`, `ts_ms`, `ts_us`, `ts_ns`, `transaction…` as written, everything else
//                    below `after`
//   CloudEvents      a JSON event: `ce.type` is `type` (and so on), `data…` stays as written, everything else is below `data`
//   CloudHeaders     the same event in headers: `ce.type` comes from them, everything else is the record itself
// Connect puts a `payload` in front of any of the first two.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "decode/field_tree.h"
#include "weir/batch.h"
#include "weir/fields.h"

namespace weir {

enum class EnvelopeShape : std::uint8_t { Plain, Debezium, ConnectPlain, ConnectDebezium, CloudEvents, CloudHeaders };
inline constexpr std::size_t kShapes = 6;

[[nodiscard]] constexpr bool is_connect(EnvelopeShape shape) noexcept {
  return shape == EnvelopeShape::ConnectPlain || shape == EnvelopeShape::ConnectDebezium;
}
[[nodiscard]] constexpr bool is_debezium(EnvelopeShape shape) noexcept {
  return shape == EnvelopeShape::Debezium || shape == EnvelopeShape::ConnectDebezium;
}

/// What a connector that has flattened its events leaves in a record.
inline constexpr std::string_view kFlatOp = "__op";
inline constexpr std::string_view kFlatDeleted = "__deleted";

/// The fields of a plan in records of one shape. Columns that no rule names and that tell what a record is lie behind the
/// plan's: kOwnColumns of them.
struct Places {
  static constexpr std::size_t kOwnColumns = 2;
  static constexpr std::int32_t kNone = FieldTable::kNone;

  FieldTree tree;
  std::int32_t record = 0;                          // the node of the record itself
  std::int32_t op = kNone;                          // the column of `op` or `__op`
  std::int32_t deleted = kNone;                     // the column of `__deleted`
  std::vector<std::vector<FieldPath::Step>> steps;  // by column: where it lies; empty: not in such a record
  struct Copy {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };
  std::vector<Copy> copies;            // columns that lie at the place of another one
  std::vector<std::uint32_t> outside;  // repeated columns that lie in no such record
};

/// `marked`: look at what tells an event of Debezium.
[[nodiscard]] Places places_of(const FieldTable& fields, EnvelopeShape shape, bool marked);

}  // namespace weir
