// SPDX-License-Identifier: Apache-2.0
// A batch of records, column by column, holding only the fields that the plan names.
//
// Who owns what: cells point into the messages' bytes or into the batch's arena, so a Batch lives no longer than the
// messages it was decoded from. clear() keeps all memory for the next batch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/mask.h"

namespace weir {

/// What stands around a record: `source.envelope`.
enum class Wrapping : std::uint8_t { Auto, None, Debezium, CloudEvents, Connect };
inline constexpr std::size_t kWrappings = 5;

/// What stands in one place of one record.
enum class Kind : std::uint8_t {
  Absent,   // no such key
  Null,     // the key is there and its value is null (or one of `missing_values`)
  Boolean,  // Cell::number is 0 or 1
  Integer,  // Cell::number is the value: a number without fraction or exponent that fits 64 bits
  Decimal,  // the value is Cell::number x 10^-Cell::scale, scale 1 to 18, digits as written (1.50 is 150 at scale 2)
  Number,   // any other number (1e3, 30 digits, 1e400, NaN, -Infinity): read it with number_of() from its text
  Text,     // Cell::text() is the unescaped UTF-8 text
  Array,    // Cell::text() is its JSON
  Object,   // Cell::text() is its JSON
};

[[nodiscard]] constexpr bool is_missing(Kind kind) noexcept {
  return kind <= Kind::Null;
}
[[nodiscard]] constexpr bool is_number(Kind kind) noexcept {
  return kind >= Kind::Integer && kind <= Kind::Number;
}

/// The payload of one value; its Kind stands in the column's other array. `data` and `size` are set for every kind but
/// Absent: numbers, true, false and null keep the text that was written, so that reports can show it. Only an Integer or a
/// Decimal may be without (data is null), where nobody wrote it as text; written_text() gives it then.
struct Cell {
  std::int64_t number = 0;
  const char* data = nullptr;
  std::uint32_t size = 0;
  std::uint32_t scale = 0;

  [[nodiscard]] std::string_view text() const noexcept { return {data, size}; }
};

/// What a cell holds as it was written, or as a number is written that came without text. Empty for Absent.
[[nodiscard]] std::string written_text(Kind kind, const Cell& cell);

/// The values of one field path over a batch. A path with `[]` is repeated: a record has any number of elements.
class Column {
 public:
  std::vector<Kind> kinds;          // one an element
  std::vector<Cell> cells;          // one an element; may be longer than kinds, what lies behind is stale
  std::vector<std::uint32_t> rows;  // repeated columns only: the row of each element, ascending

  [[nodiscard]] std::size_t size() const noexcept { return kinds.size(); }
  [[nodiscard]] bool repeated() const noexcept { return repeated_; }
  void set_repeated(bool repeated) noexcept { repeated_ = repeated; }
  [[nodiscard]] std::size_t row_of(std::size_t element) const noexcept { return repeated_ ? rows[element] : element; }

 private:
  bool repeated_ = false;
};

/// Memory that is given back all at once; pointers stay valid until clear().
class Arena {
 public:
  /// At least `size` bytes, not aligned: for text only.
  char* take(std::size_t size);
  /// Gives back the unused tail of the last take().
  void give_back(std::size_t size) noexcept { used_ -= size; }
  std::string_view keep(std::string_view text);
  void clear() noexcept;

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<std::size_t> sizes_;
  std::size_t block_ = 0;
  std::size_t used_ = 0;
};

/// Where a record came from. `line` counts from 1 (relative to its block of a file until the engine settles the batch),
/// `offset` is the byte offset in a file or the offset in a partition.
struct Origin {
  std::string_view bytes;  // the record as it came
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
};

/// Why a record has no fields. The built-in rule `decode` turns it into a verdict.
struct DecodeFailure {
  std::uint32_t row = 0;
  std::uint32_t at = 0;  // byte offset within the record
  std::string_view
      code;  // static text: "syntax", "utf8", "too_deep", "too_large", "encoding", "columns", "schema", "envelope", "key"
  std::string reason;  // "expected a value, got `}`"
};

/// A field that no rule names, noted only where the plan asks for it (`extra_fields`).
struct ExtraField {
  std::uint32_t row = 0;
  std::string_view name;  // unescaped
};

/// A field of the record itself (not of what is nested in it), noted only where the plan asks for all (`schema`).
struct SeenField {
  std::uint32_t row = 0;
  std::uint32_t position = 0;  // of the field in its record, from 0
  Kind kind = Kind::Absent;
  std::string_view name;  // unescaped
};

class Batch {
 public:
  std::vector<Column> columns;  // index = column index of the plan's FieldTable
  std::vector<Origin> origins;  // one a row
  Mask decoded;                 // rows that could be read; the others have only Absent cells
  Mask duplicate_keys;          // rows in which an object holds the same key twice
  Mask removals;                // rows that say that a record is gone (a change event of a delete): its fields are
                                // not there to be judged; empty when there is none
  Mask notices;                 // messages of a connector that tell of no row (a schema change, a transaction, a
                                // heartbeat): no rule on the value looks at them; empty when there is none
  Mask snapshots;               // rows that a connector read from a table as it stood: no event of now; may be empty
  std::array<std::uint64_t, kWrappings> wrapped{};  // rows by the Wrapping that they were found in
  std::vector<DecodeFailure> failures;              // ascending by row
  std::vector<ExtraField> extra_fields;             // ascending by row, at most kMaxExtraFields a row
  std::vector<SeenField> seen_fields;               // ascending by row
  Arena arena;

  static constexpr std::size_t kMaxExtraFields = 8;

  [[nodiscard]] std::size_t size() const noexcept { return origins.size(); }
  void clear(std::size_t column_count);
};

}  // namespace weir
