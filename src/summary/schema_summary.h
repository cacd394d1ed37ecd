// SPDX-License-Identifier: Apache-2.0
// Which fields records had, of which kinds, in which order.
//
// Up to kMost names are kept with exact counts: those with the smallest hashes, so that which ones they are depends on
// the names alone and pieces are merged in any order to the same bytes. What belongs to the others is counted together.
// Cost: about 15 ns a field of a record, 100 bytes and the name a field.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "summary/codec.h"
#include "summary/hash_index.h"
#include "weir/batch.h"

namespace weir {

inline constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::Object) + 1;

struct FieldCount {
  std::string name;  // at most SchemaSummary::kNameMost bytes of it
  std::uint64_t hash = 0;
  std::uint32_t position = 0;  // the smallest in any record, from 0
  std::array<std::uint64_t, kKinds> kinds = {};

  [[nodiscard]] std::uint64_t of(Kind kind) const noexcept { return kinds[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] std::uint64_t total() const noexcept;
  bool operator==(const FieldCount&) const = default;
};

class SchemaSummary {
 public:
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kNameMost = 256;

  /// A field of the record that add_record() counts.
  void add(std::string_view name, std::uint32_t position, Kind kind);
  void add_records(std::uint64_t records = 1) noexcept { records_ += records; }
  void merge(const SchemaSummary& other);

  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  /// In the order of their positions, then by name.
  [[nodiscard]] std::vector<FieldCount> fields() const;
  [[nodiscard]] const FieldCount* find(std::string_view name) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  /// Fields of records whose names are not kept.
  [[nodiscard]] std::uint64_t overflow() const noexcept;

  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound(std::size_t fields) noexcept;
  void write(SummaryWriter& out) const;
  static Result<SchemaSummary> read(SummaryReader& in);
  bool operator==(const SchemaSummary& other) const;

 private:
  FieldCount* place_of(std::uint64_t hash, std::string_view name);

  std::vector<FieldCount> fields_;
  HashIndex index_;
  std::uint64_t records_ = 0;
  std::uint64_t total_ = 0;                 // fields of records, kept or not
  std::uint64_t most_ = ~std::uint64_t{0};  // names with larger hashes are not kept
};

}  // namespace weir
