// SPDX-License-Identifier: Apache-2.0
#include "import/type_names.h"

#include <array>
#include <charconv>
#include <utility>

#include "import/words.h"

namespace weir {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// Names in lower case, without what stands in brackets and without a width of bits at the end.
constexpr std::array<Row, 85> kTypes = {{
    {"int", "integer"},
    {"integer", "integer"},
    {"bigint", "integer"},
    {"smallint", "integer"},
    {"tinyint", "integer"},
    {"mediumint", "integer"},
    {"long", "integer"},
    {"short", "integer"},
    {"byteint", "integer"},
    {"uint", "integer"},
    {"longtype", "integer"},
    {"integertype", "integer"},
    {"shorttype", "integer"},
    {"bytetype", "integer"},
    {"serial", "integer"},
    {"bigserial", "integer"},
    {"intc", "integer"},
    {"int_", "integer"},
    {"hugeint", "integer"},
    {"float", "number"},
    {"double", "number"},
    {"real", "number"},
    {"number", "number"},
    {"numeric", "number"},
    {"decimal", "number"},
    {"bignumeric", "number"},
    {"bigdecimal", "number"},
    {"floattype", "number"},
    {"doubletype", "number"},
    {"decimaltype", "number"},
    {"double precision", "number"},
    {"float_", "number"},
    {"money", "number"},
    {"dec", "number"},
    {"str", "string"},
    {"string", "string"},
    {"text", "string"},
    {"varchar", "string"},
    {"char", "string"},
    {"nvarchar", "string"},
    {"nchar", "string"},
    {"character", "string"},
    {"character varying", "string"},
    {"stringtype", "string"},
    {"varchar2", "string"},
    {"ntext", "string"},
    {"clob", "string"},
    {"longtext", "string"},
    {"mediumtext", "string"},
    {"tinytext", "string"},
    {"bpchar", "string"},
    {"citext", "string"},
    {"str_", "string"},
    {"enum", "string"},
    {"varchartype", "string"},
    {"longvarchar", "string"},
    {"bool", "boolean"},
    {"boolean", "boolean"},
    {"booleantype", "boolean"},
    {"bool_", "boolean"},
    {"bit", "boolean"},
    {"logical", "boolean"},
    {"date", "date"},
    {"datetype", "date"},
    {"timestamp", "timestamp"},
    {"timestamp_tz", "timestamp"},
    {"timestamptz", "timestamp"},
    {"timestamp with time zone", "timestamp"},
    {"timestamptype", "timestamp"},
    {"timestamp_ltz", "timestamp"},
    {"datetimeoffset", "timestamp"},
    {"uuid", "uuid"},
    {"uniqueidentifier", "uuid"},
    {"list", "array"},
    {"array", "array"},
    {"arraytype", "array"},
    {"repeated", "array"},
    {"dict", "object"},
    {"struct", "object"},
    {"structtype", "object"},
    {"record", "object"},
    {"map", "object"},
    {"maptype", "object"},
    {"super", "object"},
    {"object", "object"},
}};

std::string_view word_of(std::string_view name) {
  for (const std::string_view prefix :
       {"pyspark.sql.types.", "numpy.", "np.", "sqlalchemy.", "sa.", "sql.", "pandas.", "_"}) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  name = name.substr(0, name.find_first_of("(<["));
  return trimmed(name);
}

}  // namespace

std::string type_of_name(std::string_view name) {
  const std::string small = lower(trimmed(name));
  std::string_view word = word_of(small);
  const auto find = [](std::string_view wanted) -> std::string_view {
    for (const auto& [theirs, ours] : kTypes) {
      if (theirs == wanted) return ours;
    }
    return {};
  };
  if (const std::string_view type = find(word); !type.empty()) return std::string(type);
  if (word.ends_with(" unsigned")) word.remove_suffix(9);
  while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.remove_suffix(1);
  if (word == "datetime") return "";
  return std::string(find(word));
}

DecimalShape decimal_shape(std::string_view name) {
  DecimalShape shape;
  const std::string small = lower(name);
  if (!small.starts_with("dec") && !small.starts_with("num")) return shape;
  const std::size_t open = small.find('(');
  if (open == std::string::npos) return shape;
  const char* at = small.data() + open + 1;
  const char* const end = small.data() + small.size();
  const auto [behind, error] = std::from_chars(at, end, shape.precision);
  if (error != std::errc()) return DecimalShape();
  at = behind;
  while (at != end && (*at == ',' || *at == ' ')) ++at;
  std::from_chars(at, end, shape.scale);
  return shape;
}

int text_length(std::string_view name) {
  const std::string small = lower(name);
  if (type_of_name(small) != "string") return -1;
  const std::size_t open = small.find('(');
  int length = -1;
  if (open != std::string::npos) std::from_chars(small.data() + open + 1, small.data() + small.size(), length);
  return length;
}

}  // namespace weir
