// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_value.h"

#include <bit>

#include "base/json_writer.h"
#include "decode/number.h"
#include "decode/shortest.h"
#include "decode/text_cell.h"
#include "decode/time_text.h"

namespace weir {

namespace pb = google::protobuf;

namespace {

constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

Kind keep(std::string_view text, Arena& arena, Kind kind, Cell& cell) {
  cell.data = arena.keep(text).data();
  cell.size = static_cast<std::uint32_t>(text.size());
  return kind;
}

Kind unsigned_cell(std::uint64_t value, Arena& arena, Cell& cell) {
  cell.number = static_cast<std::int64_t>(value);
  return value <= INT64_MAX ? Kind::Integer : keep(std::to_string(value), arena, Kind::Number, cell);
}

Kind boolean_cell(bool value, Cell& cell) {
  cell = {.number = value ? 1 : 0, .data = value ? "true" : "false", .size = value ? 4U : 5U, .scale = 0};
  return Kind::Boolean;
}

/// Names go into the arena: a batch may outlive the schema.
Kind enum_cell(const pb::EnumDescriptor& type, std::int32_t number, Arena& arena, Cell& cell) {
  if (type.full_name() == "google.protobuf.NullValue") {
    cell = {.number = 0, .data = "null", .size = 4, .scale = 0};
    return Kind::Null;
  }
  const pb::EnumValueDescriptor* const known = type.FindValueByNumber(number);
  if (known != nullptr) return keep(known->name(), arena, Kind::Text, cell);
  cell.number = number;
  return Kind::Integer;
}

/// Digits of a fraction of a second: three, six or nine.
std::string fraction(std::int64_t nanos) {
  std::string digits = std::to_string(kNanos + nanos).substr(1);
  while (digits.ends_with("000")) digits.resize(digits.size() - 3);
  return digits;
}

struct Seconds {
  std::int64_t whole = 0;
  std::int32_t nanos = 0;
};

Seconds seconds_in(std::string_view bytes) {
  Seconds out;
  WireCursor cursor(bytes);
  WireField field;
  while (!cursor.done() && cursor.next(field, UINT32_MAX) == WireFault::None) {
    if (field.type != WireType::Varint) continue;
    if (field.number == 1) out.whole = static_cast<std::int64_t>(field.bits);
    if (field.number == 2) out.nanos = static_cast<std::int32_t>(field.bits);
  }
  return out;
}

/// Both parts as one number of seconds.
struct Sum {
  bool negative = false;
  std::uint64_t whole = 0;
  std::int64_t nanos = 0;
};

Sum sum_of(const Seconds& seconds) {
  __extension__ using Wide = __int128;
  Wide total = static_cast<Wide>(seconds.whole) * kNanos + seconds.nanos;
  Sum sum{.negative = total < 0};
  if (sum.negative) total = -total;
  sum.whole = static_cast<std::uint64_t>(total / kNanos);
  sum.nanos = static_cast<std::int64_t>(total % kNanos);
  return sum;
}

std::string decimal(const Sum& sum) {
  std::string out = std::to_string(sum.whole);
  if (sum.nanos != 0) out += "." + fraction(sum.nanos);
  return out;
}

Kind timestamp_cell(std::string_view bytes, Arena& arena, Cell& cell) {
  const Seconds time = seconds_in(bytes);
  if (time.whole < kFirstSecond || time.whole > kLastSecond || time.nanos < 0 || time.nanos >= kNanos) {
    const Sum sum = sum_of(time);
    const std::string text = (sum.negative ? "-" : "") + decimal(sum);
    const Kind kind = classify_number(text, cell);
    return keep(text, arena, kind, cell);
  }
  const Kind kind = put_timestamp(time.whole, kSeconds, true, cell, arena);
  if (time.nanos == 0) return kind;
  std::string text(cell.text());
  text.insert(text.size() - 1, "." + fraction(time.nanos));
  return keep(text, arena, kind, cell);
}

/// In seconds alone: how long a day is depends on the day.
Kind duration_cell(std::string_view bytes, Arena& arena, Cell& cell) {
  const Sum sum = sum_of(seconds_in(bytes));
  return keep((sum.negative ? "-PT" : "PT") + decimal(sum) + "S", arena, Kind::Text, cell);
}

Kind mask_cell(std::string_view bytes, Arena& arena, Cell& cell) {
  std::string out;
  bool any = false;
  WireCursor cursor(bytes);
  WireField field;
  while (!cursor.done() && cursor.next(field, UINT32_MAX) == WireFault::None) {
    if (field.number != 1 || field.type != WireType::Bytes) continue;
    if (any) out += ',';
    out += field.bytes;
    any = true;
  }
  return keep(out, arena, Kind::Text, cell);
}

Kind wrapper_cell(const ProtobufType& type, std::string_view bytes, Arena& arena, Cell& cell) {
  const ProtobufField& inner = type.fields.front();
  ProtobufValue value;
  WireCursor cursor(bytes);
  WireField field;
  while (!cursor.done() && cursor.next(field, UINT32_MAX) == WireFault::None) {
    if (field.number == inner.number && field.type == inner.wire) value = {.bits = field.bits, .bytes = field.bytes};
  }
  return scalar_cell(inner, value, arena, cell);
}

}  // namespace

Kind scalar_cell(const ProtobufField& field, const ProtobufValue& value, Arena& arena, Cell& cell) {
  cell = {};
  const auto low = static_cast<std::uint32_t>(value.bits);
  switch (field.type) {
    case pb::FieldDescriptor::TYPE_DOUBLE: return shortest(std::bit_cast<double>(value.bits), cell, arena);
    case pb::FieldDescriptor::TYPE_FLOAT: return shortest(std::bit_cast<float>(low), cell, arena);
    case pb::FieldDescriptor::TYPE_INT64:
    case pb::FieldDescriptor::TYPE_SFIXED64: cell.number = static_cast<std::int64_t>(value.bits); break;
    case pb::FieldDescriptor::TYPE_UINT64:
    case pb::FieldDescriptor::TYPE_FIXED64: return unsigned_cell(value.bits, arena, cell);
    case pb::FieldDescriptor::TYPE_INT32:
    case pb::FieldDescriptor::TYPE_SFIXED32: cell.number = static_cast<std::int32_t>(low); break;
    case pb::FieldDescriptor::TYPE_UINT32:
    case pb::FieldDescriptor::TYPE_FIXED32: cell.number = low; break;
    case pb::FieldDescriptor::TYPE_SINT32: cell.number = static_cast<std::int32_t>(zigzag(low)); break;
    case pb::FieldDescriptor::TYPE_SINT64: cell.number = zigzag(value.bits); break;
    case pb::FieldDescriptor::TYPE_BOOL: return boolean_cell(value.bits != 0, cell);
    case pb::FieldDescriptor::TYPE_ENUM:
      return enum_cell(*field.descriptor->enum_type(), static_cast<std::int32_t>(low), arena, cell);
    case pb::FieldDescriptor::TYPE_STRING: return text_cell(value.bytes, cell);
    case pb::FieldDescriptor::TYPE_BYTES: return bytes_cell(value.bytes, arena, cell);
    case pb::FieldDescriptor::TYPE_MESSAGE:
    case pb::FieldDescriptor::TYPE_GROUP: return Kind::Absent;
  }
  return Kind::Integer;
}

Kind form_cell(const ProtobufType& type, std::string_view bytes, Arena& arena, Cell& cell) {
  cell = {};
  switch (type.form) {
    case ProtobufForm::Timestamp: return timestamp_cell(bytes, arena, cell);
    case ProtobufForm::Duration: return duration_cell(bytes, arena, cell);
    case ProtobufForm::FieldMask: return mask_cell(bytes, arena, cell);
    case ProtobufForm::Wrapper: return wrapper_cell(type, bytes, arena, cell);
    default: return Kind::Absent;
  }
}

void append_json(Kind kind, const Cell& cell, std::string& out) {
  // NaN and infinities are no numbers of JSON.
  const bool no_digits = kind == Kind::Number && cell.text().find_first_of("0123456789") == std::string_view::npos;
  const bool quoted = kind == Kind::Text || no_digits;
  out += quoted ? json_quote(cell.text()) : written_text(kind, cell);
}

}  // namespace weir
