// SPDX-License-Identifier: Apache-2.0
// Avro data as JSON: for people, for fields that hold JSON text, for whoever reads JSON only.
#pragma once

#include <cstddef>
#include <string>

#include "decode/avro_walk.h"
#include "weir/batch.h"

namespace weir {

class AvroJson {
 public:
  /// Names repeat and bytes do not, so JSON grows beyond its data; a datum that asks for more than this is refused.
  static constexpr std::size_t kFreeBytes = 256U << 10;
  static constexpr std::size_t kBytesAByte = 256;
  static constexpr std::size_t kMostBytes = 16U << 20;

  explicit AvroJson(const AvroShapes& shapes) : shapes_(shapes) {}

  /// Appends the datum at the walk's cursor. False: the walk failed. `size`: of all bytes of the datum or its record.
  bool append(AvroWalk& walk, std::uint32_t shape, std::size_t depth, std::size_t size, std::string& out);

 private:
  bool value(std::uint32_t shape, std::size_t depth, std::string& out);
  bool record(const AvroShape& shape, std::size_t depth, std::string& out);
  bool member(const AvroShape& shape, std::size_t index, std::size_t depth, std::string& out);
  bool blocks(const AvroShape& shape, std::size_t depth, std::string& out);
  bool scalar(const AvroShape& shape, std::string& out);

  const AvroShapes& shapes_;
  AvroWalk* walk_ = nullptr;
  std::size_t most_ = 0;
  Arena arena_;
};

}  // namespace weir
