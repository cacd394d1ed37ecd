// SPDX-License-Identifier: Apache-2.0
// Protobuf records for tests: bytes put together by hand, and a decoder around a reader.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "decode/column_filler.h"
#include "decode/typed_reader.h"
#include "testing/decoded_rows.h"

namespace weir::testing {

/// Bytes of the wire, field after field.
class Wire {
 public:
  Wire& varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>(value | 0x80U);
    bytes_ += static_cast<char>(value);
    return *this;
  }
  Wire& tag(std::uint32_t number, std::uint32_t type) { return varint(std::uint64_t{number} << 3U | type); }
  Wire& number(std::uint32_t field, std::uint64_t value) { return tag(field, 0).varint(value); }
  Wire& fixed64(std::uint32_t field, std::uint64_t value) { return tag(field, 1).raw(value, 8); }
  Wire& fixed32(std::uint32_t field, std::uint32_t value) { return tag(field, 5).raw(value, 4); }
  Wire& text(std::uint32_t field, std::string_view value) {
    tag(field, 2).varint(value.size());
    bytes_ += value;
    return *this;
  }
  Wire& group(std::uint32_t field, const Wire& inner) {
    tag(field, 3);
    bytes_ += inner.bytes_;
    return tag(field, 4);
  }
  Wire& raw(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i, value >>= 8U) bytes_ += static_cast<char>(value & 0xFFU);
    return *this;
  }
  Wire& more(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  operator std::string() const { return bytes_; }
  operator std::string_view() const { return bytes_; }

 private:
  std::string bytes_;
};

inline SchemaText proto(std::string text) {
  return {.language = SchemaLanguage::Protobuf,
          .text = std::move(text),
          .references = {},
          .subject = {},
          .version = 0,
          .name = "test.proto"};
}

/// Gives each message to one reader.
class ProtobufDecoder final : public Decoder {
 public:
  ProtobufDecoder(const Plan& plan, const SchemaText& schema, const std::string& message = {}, bool indexed = false)
      : plan_(plan) {
    Result<std::unique_ptr<TypedReader>> made = make_protobuf_reader(
        {.plan = plan, .tree = plan.fields.nodes(), .schema = schema, .message = message, .indexed = indexed});
    if (made) {
      reader_ = std::move(*made);
    } else {
      fault_ = made.error().message;
    }
  }

  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] TypedReader& reader() { return *reader_; }

  void decode(const Messages& messages, Batch& batch) override {
    prepare_columns(plan_.fields, messages, batch);
    reader_->begin(batch);
    for (std::uint32_t row = 0; row < messages.items.size(); ++row) {
      if (reader_->read(row, messages.items[row].bytes)) continue;
      batch.decoded.clear(row);
      batch.failures.push_back(reader_->fault());
      batch.failures.back().row = row;
    }
  }

 private:
  const Plan& plan_;
  std::unique_ptr<TypedReader> reader_;
  std::string fault_;
};

/// One record, read for the paths.
inline DecodedRow read_protobuf(const SchemaText& schema, const std::vector<std::string>& paths,
                                std::string_view record, const std::string& message = {}, bool indexed = false) {
  const Plan plan = plan_of(paths);
  ProtobufDecoder decoder(plan, schema, message, indexed);
  if (!decoder.fault().empty()) {
    DecodedRow refused;
    refused.reason = decoder.fault();
    return refused;
  }
  return testing::decode(decoder, plan, MessageBlock({std::string(record)}, Layout::Apart).messages())[0];
}

inline std::string protobuf_json(const SchemaText& schema, std::string_view record, const std::string& message = {}) {
  const Plan plan;
  ProtobufDecoder decoder(plan, schema, message);
  if (!decoder.fault().empty()) return decoder.fault();
  std::string out;
  return decoder.reader().json(record, out) ? out : decoder.reader().fault().reason;
}

}  // namespace weir::testing
