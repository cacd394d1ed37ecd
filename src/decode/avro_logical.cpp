// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_logical.h"

#include <charconv>
#include <cmath>

namespace weir {

namespace {

struct Place {
  std::string_view word;
  AvroType type;
  AvroLogical logical;
};

constexpr Place kPlaces[] = {
    {"decimal", AvroType::Bytes, AvroLogical::Decimal},
    {"decimal", AvroType::Fixed, AvroLogical::Decimal},
    {"uuid", AvroType::String, AvroLogical::Uuid},
    {"uuid", AvroType::Fixed, AvroLogical::Uuid},
    {"date", AvroType::Int, AvroLogical::Date},
    {"time-millis", AvroType::Int, AvroLogical::TimeMillis},
    {"time-micros", AvroType::Long, AvroLogical::TimeMicros},
    {"timestamp-millis", AvroType::Long, AvroLogical::TimestampMillis},
    {"timestamp-micros", AvroType::Long, AvroLogical::TimestampMicros},
    {"timestamp-nanos", AvroType::Long, AvroLogical::TimestampNanos},
    {"local-timestamp-millis", AvroType::Long, AvroLogical::LocalTimestampMillis},
    {"local-timestamp-micros", AvroType::Long, AvroLogical::LocalTimestampMicros},
    {"local-timestamp-nanos", AvroType::Long, AvroLogical::LocalTimestampNanos},
    {"duration", AvroType::Fixed, AvroLogical::Duration},
};

constexpr std::uint32_t kUuidBytes = 16;
constexpr std::uint32_t kDurationBytes = 12;

/// The digits that any number of so many bytes, two's complement, has at least room for.
double digits_in(std::uint32_t bytes) {
  return bytes == 0 ? 0 : std::floor(std::log10(2.0) * (8.0 * bytes - 1));
}

bool set_decimal(AvroNode& node, const JsonValue& value) {
  const JsonValue* const precision = value.find("precision");
  const JsonValue* const scale = value.find("scale");
  const std::optional<std::uint32_t> digits = precision == nullptr ? std::nullopt : avro_whole_number(*precision);
  const std::optional<std::uint32_t> places = scale == nullptr ? 0 : avro_whole_number(*scale);
  if (!digits || !places || *digits == 0 || *places > *digits) return false;
  if (node.type == AvroType::Fixed && *digits > digits_in(node.size)) return false;
  node.precision = *digits;
  node.scale = *places;
  return true;
}

}  // namespace

std::optional<std::uint32_t> avro_whole_number(const JsonValue& value) {
  if (value.type != JsonValue::Type::Number) return std::nullopt;
  std::uint32_t number = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [behind, fault] = std::from_chars(value.text.data(), end, number);
  return fault == std::errc() && behind == end ? std::optional(number) : std::nullopt;
}

void set_avro_logical(AvroNode& node, const JsonValue& value) {
  const JsonValue* const word = value.find("logicalType");
  if (word == nullptr || word->type != JsonValue::Type::Text) return;
  for (const Place& place : kPlaces) {
    if (place.word != word->text || place.type != node.type) continue;
    if (place.logical == AvroLogical::Decimal && !set_decimal(node, value)) return;
    if (place.logical == AvroLogical::Uuid && node.type == AvroType::Fixed && node.size != kUuidBytes) return;
    if (place.logical == AvroLogical::Duration && node.size != kDurationBytes) return;
    node.logical = place.logical;
    return;
  }
}

}  // namespace weir
