// SPDX-License-Identifier: Apache-2.0
// Finds where one Avro datum ends, by the schema that it was written with. Container files say how many data a block holds
// but not where each begins.
//
// Lengths, counts, indexes of unions and enums and the ends of the bytes are checked; what stands in a text is not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "weir/result.h"
#include "weir/schemas.h"

namespace weir {

struct AvroShapes;

/// A field that is stepped over by few facts: a plain value, or a union of two of them at most.
struct AvroPlainField {
  enum class Step : std::uint8_t { None, Boolean, Int, Long, Bytes, Prefixed };
  bool is_union = false;
  std::array<Step, 2> steps{};           // by branch
  std::array<std::uint32_t, 2> sizes{};  // of Step::Bytes
  std::uint8_t branches = 1;
};

/// Immutable: any thread may use it.
class AvroSkipper {
 public:
  /// Deeper data are no data. Far beyond Plan::max_depth, so that a record that is too deep is found whole and fails alone.
  static constexpr std::size_t kMostDepth = 1000;

  [[nodiscard]] static Result<AvroSkipper> make(const SchemaText& schema);

  /// The offset behind the datum that begins at `bytes[at]` (at <= bytes.size()); `at` itself for a datum of no bytes, such as
  /// a null. Nothing: the bytes end before the datum does, or are none.
  [[nodiscard]] std::optional<std::size_t> skip(std::string_view bytes, std::size_t at) const;

 private:
  explicit AvroSkipper(std::shared_ptr<const AvroShapes> shapes);
  /// Where the datum ends, for records of plain fields; null: it has to be walked, as at the end of the bytes.
  [[nodiscard]] const char* skip_plain(const char* at, const char* end) const;

  std::shared_ptr<const AvroShapes> shapes_;
  std::vector<AvroPlainField>
      plain_;  // of the record that the data are; empty: they are none, or it has other fields too
};

}  // namespace weir
