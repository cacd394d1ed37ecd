// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_value.h"

#include <cstring>

#include "base/text.h"
#include "decode/avro_decimal.h"
#include "decode/shortest.h"
#include "decode/text_cell.h"
#include "decode/time_text.h"

namespace weir {

namespace {

/// Months, days and milliseconds, each 32 bits, little endian: "P1M2DT3.004S".
Kind put_duration(std::string_view bytes, Cell& cell, Arena& arena) {
  std::uint32_t parts[3] = {};
  for (std::size_t i = 12; i-- > 0;) parts[i / 4] = parts[i / 4] << 8 | static_cast<unsigned char>(bytes[i]);
  const auto [months, days, millis] = parts;
  std::string out = "P";
  if (months > 0) out += std::to_string(months) + "M";
  if (days > 0) out += std::to_string(days) + "D";
  if (millis > 0 || (months == 0 && days == 0)) {
    out += "T" + std::to_string(millis / 1000);
    if (millis % 1000 > 0) out += "." + std::to_string(1000 + millis % 1000).substr(1);
    out += "S";
  }
  return text_cell(arena.keep(out), cell);
}

bool put_bytes(AvroWalk& walk, const AvroShape& shape, const char* begin, std::string_view bytes, Arena& arena,
               Kind& kind, Cell& cell) {
  switch (shape.output) {
    case AvroOutput::Text: {
      kind = text_cell(bytes, cell);
      const std::size_t bad = is_ascii(bytes) ? std::string_view::npos : first_invalid_utf8(bytes);
      if (bad == std::string_view::npos) [[likely]]
        return true;
      return walk.fail_at(bytes.data() + bad, "utf8", "the bytes are not UTF-8");
    }
    case AvroOutput::Decimal:
      if (bytes.size() > kLongestDecimal) {
        return walk.fail_at(begin, "too_large",
                            "a decimal of " + std::to_string(bytes.size()) + " bytes, at most " +
                                std::to_string(kLongestDecimal) + " are read");
      }
      kind = put_decimal(bytes, shape.scale, cell, arena);
      return true;
    case AvroOutput::Uuid: kind = uuid_cell(bytes, arena, cell); return true;
    case AvroOutput::Duration: kind = put_duration(bytes, cell, arena); return true;
    default: kind = bytes_cell(bytes, arena, cell); return true;
  }
}

Kind put_integer(std::int64_t number, AvroOutput output, Cell& cell, Arena& arena) {
  switch (output) {
    case AvroOutput::Float: return shortest(static_cast<float>(number), cell, arena);
    case AvroOutput::Double: return shortest(static_cast<double>(number), cell, arena);
    case AvroOutput::Date: return put_date(number, cell, arena);
    case AvroOutput::TimeMillis: return put_time_of_day(number, kMillis, cell, arena);
    case AvroOutput::TimeMicros: return put_time_of_day(number, kMicros, cell, arena);
    case AvroOutput::TimestampMillis: return put_timestamp(number, kMillis, true, cell, arena);
    case AvroOutput::TimestampMicros: return put_timestamp(number, kMicros, true, cell, arena);
    case AvroOutput::TimestampNanos: return put_timestamp(number, kNanos, true, cell, arena);
    case AvroOutput::LocalTimestampMillis: return put_timestamp(number, kMillis, false, cell, arena);
    case AvroOutput::LocalTimestampMicros: return put_timestamp(number, kMicros, false, cell, arena);
    case AvroOutput::LocalTimestampNanos: return put_timestamp(number, kNanos, false, cell, arena);
    default: break;
  }
  cell = {.number = number, .data = nullptr, .size = 0, .scale = 0};
  return Kind::Integer;
}

template <class Float>
bool take_float(AvroWalk& walk, Float& out) {
  if (walk.cursor.left() < sizeof out) return walk.cut_short();
  std::memcpy(&out, walk.cursor.at, sizeof out);  // little endian, as this machine is (base/timestamp.cpp)
  walk.cursor.at += sizeof out;
  return true;
}

constexpr std::string_view kFalse = "false";
constexpr std::string_view kTrue = "true";
constexpr std::string_view kNull = "null";

}  // namespace

bool read_avro_value(AvroWalk& walk, const AvroShape& shape, const AvroRoom& room, Kind& kind, Cell& cell) {
  const char* const begin = walk.cursor.at;
  switch (shape.form) {
    case AvroForm::Null:
      kind = Kind::Null;
      cell = {.number = 0, .data = kNull.data(), .size = kNull.size(), .scale = 0};
      return true;
    case AvroForm::Boolean: {
      if (walk.cursor.left() == 0) return walk.cut_short();
      const auto byte = static_cast<unsigned char>(*walk.cursor.at);
      if (byte > 1) return walk.fail("syntax", "a boolean is neither 0 nor 1");
      ++walk.cursor.at;
      const std::string_view word = byte == 1 ? kTrue : kFalse;
      kind = Kind::Boolean;
      cell = {.number = byte, .data = word.data(), .size = static_cast<std::uint32_t>(word.size()), .scale = 0};
      return true;
    }
    case AvroForm::Int: {
      std::int64_t number = 0;
      if (!walk.int_number(number)) return false;
      kind = put_integer(number, shape.output, cell, *room.arena);
      return true;
    }
    case AvroForm::Long: {
      std::int64_t number = 0;
      if (!walk.cursor.number(number)) return walk.bad_varint();
      kind = put_integer(number, shape.output, cell, *room.arena);
      return true;
    }
    case AvroForm::Float: {
      float number = 0;
      if (!take_float(walk, number)) return false;
      kind = shape.output == AvroOutput::Double ? shortest(static_cast<double>(number), cell, *room.arena)
                                                : shortest(number, cell, *room.arena);
      return true;
    }
    case AvroForm::Double: {
      double number = 0;
      if (!take_float(walk, number)) return false;
      kind = shortest(number, cell, *room.arena);
      return true;
    }
    case AvroForm::Bytes: {
      std::string_view bytes;
      return walk.text(bytes) && put_bytes(walk, shape, begin, bytes, *room.arena, kind, cell);
    }
    case AvroForm::Fixed:
      if (!walk.cursor.skip(shape.size)) return walk.cut_short();
      return put_bytes(walk, shape, begin, {begin, shape.size}, *room.arena, kind, cell);
    case AvroForm::Enum: {
      AvroText symbol;
      if (!walk.symbol(shape, symbol)) return false;
      kind = text_cell({room.pool + symbol.at, symbol.size}, cell);
      return true;
    }
    default: return walk.fail("schema", shape.fault);
  }
}

}  // namespace weir
