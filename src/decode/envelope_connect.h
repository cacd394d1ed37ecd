// SPDX-License-Identifier: Apache-2.0
// Values of Kafka Connect's JSON as its schema means them.
//
// JSON has no decimals in bytes and no dates, so a converter writes base64 and counts and says in the schema beside the payload
// what they are. A message repeats that schema; it is read once and kept by its text. Only columns that rules name are touched.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "decode/envelope_places.h"
#include "weir/batch.h"

namespace weir {

class ConnectSchemas {
 public:
  /// Gives the values of a row the meaning that `schema` has for them. A value that is not what its schema says stays.
  void convert(std::string_view schema, const Places& places, EnvelopeShape shape, std::uint32_t row, Batch& batch);

 private:
  enum class Means : std::uint8_t { Decimal, Timestamp, LocalTimestamp, Date, Time, VariableDecimal };
  struct Conversion {
    std::uint32_t column = 0;
    Means means = Means::Decimal;
    std::int64_t scale = 0;  // of a decimal; of a time: counts a second
  };
  static constexpr std::size_t kMost = 256;  // schemas that are kept

  static std::vector<Conversion> read(std::string_view schema, const Places& places);
  static void convert(const Conversion& conversion, Kind& kind, Cell& cell, Arena& arena);
  friend struct ConnectTypes;

  std::map<std::string, std::vector<Conversion>, std::less<>> known_;
  const std::string* last_ = nullptr;
  const std::vector<Conversion>* last_conversions_ = nullptr;
};

}  // namespace weir
