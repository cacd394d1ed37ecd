// SPDX-License-Identifier: Apache-2.0
// Finds where one Avro datum ends, by the schema that it was written with. Container files say how many data a block holds
// but not where each begins.
//
// Lengths, counts, indexes of unions and enums and the ends of the bytes are checked; what stands in a text is not.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "weir/result.h"
#include "weir/schemas.h"

namespace weir {

struct AvroShapes;

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
  std::shared_ptr<const AvroShapes> shapes_;
};

}  // namespace weir
