// SPDX-License-Identifier: Apache-2.0
// What pandas, Spark, SQL dialects and contract languages call their types, as a type of weir.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// "integer" for `INT64`, `bigint(20)`, `LongType`; empty where weir has no such type.
[[nodiscard]] std::string type_of_name(std::string_view name);

/// The precision and scale of `decimal(10, 2)`; -1 where there is none.
struct DecimalShape {
  int precision = -1;
  int scale = -1;
};
[[nodiscard]] DecimalShape decimal_shape(std::string_view name);
/// The n of `varchar(n)`, or -1.
[[nodiscard]] int text_length(std::string_view name);

}  // namespace weir
