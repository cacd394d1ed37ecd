// SPDX-License-Identifier: Apache-2.0
// The plug point of record checks: columns in, a mask of failing elements out.
//
// One virtual call judges a whole batch. A check is immutable and shared by all threads; what an ordered check (`unique`,
// `increasing`, `sequence`) remembers between batches lives in a Memory that the engine owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "weir/batch.h"
#include "weir/fields.h"
#include "weir/time.h"

namespace weir {

/// What an ordered check remembers between batches. Bounded by a number known at start.
class Memory {
 public:
  virtual ~Memory() = default;
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
  /// How many things were forgotten because the bound was reached: the stated error of the check.
  [[nodiscard]] virtual std::uint64_t forgotten() const { return 0; }
  /// As bytes for a snapshot: the same bytes for the same content, however it came about.
  [[nodiscard]] virtual std::string write() const = 0;
  /// Back into a memory that remember() of an equal check gave: from then on it judges as the one that was written. The
  /// bytes may be anything. False: they are none of ours, and the memory is as it was.
  [[nodiscard]] virtual bool read(std::string_view written) = 0;
};

/// What a check judges: a batch, the columns that its rule names, and the time.
struct Subject {
  const Batch& batch;
  const FieldTable& fields;
  std::span<const std::uint32_t> columns;  // indices into batch.columns, in the order of the rule
  std::span<const Instant> now;            // one for all rows, or one a row (a Kafka timestamp)
  Memory* memory = nullptr;                // for checks whose remember() gave one

  [[nodiscard]] const Column& column(std::size_t i = 0) const { return batch.columns[columns[i]]; }
  [[nodiscard]] Instant now_of(std::size_t row) const { return now.size() == 1 ? now[0] : now[row]; }
};

/// Why one element failed. Made only for failing records that somebody will see.
struct Reason {
  std::string code;     // "type", "null", or the name of the check
  std::string message;  // "100001 is above 100000"
  std::string value;    // the value as it was written, shortened and redacted by show()
};

class Check {
 public:
  virtual ~Check() = default;
  /// Sets the bit of each failing element. `evaluated` comes with the elements to judge (the record was decoded, `when`
  /// holds, nulls are out unless the spec says sees_nulls) and may be narrowed where the check has nothing to say. Only
  /// bits of `evaluated` may be set in `failing`, which comes in cleared. Elements are rows unless column() is repeated.
  virtual void judge(const Subject& subject, Mask& evaluated, Mask& failing) const = 0;
  [[nodiscard]] virtual Reason explain(const Subject& subject, std::size_t element) const = 0;
  /// What has to hold, short: "<= 100000", "in 3 values", "match ^O-\d{8}$".
  [[nodiscard]] virtual std::string expected() const = 0;
  /// Not null for ordered checks: the engine then runs them record after record, in order, with this memory.
  [[nodiscard]] virtual std::unique_ptr<Memory> remember() const { return nullptr; }
  /// The most bytes that the memory may take, and what is given up when it is reached ("" for checks without state).
  [[nodiscard]] virtual std::uint64_t memory_bound() const { return 0; }
  [[nodiscard]] virtual std::string memory_error() const { return ""; }
};

/// The value of an element for a person: as written, at most 64 bytes, `***` when the field is redacted.
[[nodiscard]] std::string show(const Subject& subject, std::size_t element, std::size_t column = 0);

/// Three-valued answer of an expression for each row. The masks are disjoint; rows in none of them are false.
struct Truth {
  Mask yes;
  Mask unknown;  // a null met the expression
  Mask error;    // a wrong type met it, or a division by zero
};

/// A compiled boolean expression over a batch (`when`, `expr`).
class Predicate {
 public:
  virtual ~Predicate() = default;
  virtual void decide(const Subject& subject, Truth& out) const = 0;
  /// Why a row is an error, or what the parts of the expression were: "shipped_at = 2026-01-01…, created_at = …".
  [[nodiscard]] virtual std::string explain(const Subject& subject, std::size_t row) const = 0;
};

}  // namespace weir
