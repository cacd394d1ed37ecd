// SPDX-License-Identifier: Apache-2.0
// Avro container files as they are written: data untouched, codec null.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

class AvroWriter {
 public:
  /// The head of a file whose data are written with `schema`, as it came. Appended to `out`.
  void begin(std::string_view schema, std::string& out);
  /// Adds a datum; appends a block to `out` whenever one is full.
  void add(std::string_view datum, std::string& out);
  /// The last block, if there is something in it.
  void finish(std::string& out);

 private:
  std::string sync_;
  std::string data_;
  std::uint64_t count_ = 0;
};

}  // namespace weir
