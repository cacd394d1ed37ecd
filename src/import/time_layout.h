// SPDX-License-Identifier: Apache-2.0
// Times as suites write them. weir reads RFC 3339; a text in another layout is put together anew within the expression, by the
// places that its parts have.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

struct TimeLayout {
  enum class Kind : unsigned char {
    Rfc3339,    // 2020-01-31T12:00:00Z: weir reads it
    Iso,        // 2020-01-31, 2020-01-31 12:00:00: sorts as text
    IsoZone,    // 2020-01-31 12:00:00.5 +0900
    MonthName,  // Jan 31 2020 12:00:00
    MonthDay,   // 01/31/2020
  };
  Kind kind = Kind::Iso;
  bool with_time = false;
  std::string instant;  // the time in RFC 3339

  static std::optional<TimeLayout> of(std::string_view text);
  /// An expression that gives the time of a field whose texts are written so.
  [[nodiscard]] std::string time_of(const std::string& field) const;
};

}  // namespace weir
