// SPDX-License-Identifier: Apache-2.0
// The decoder of everything but CSV: it looks at each message by itself and gives it to the reader that can read it.
//
//   frame     a schema's id in front of the record or in a header (wire.h): the record is written with that schema
//   language  that of the schema; without one, of `source.schema` or of a container file's head; else JSON
//   envelope  what stands around the record (envelope_sight.h): where the rules' fields lie follows from it
//
// A batch of plain JSON without frames costs one comparison a message more than JSON alone: its block is indexed as it lies.
// Anything else is gathered first. Rows are read in their order whatever reads them, because columns of arrays grow so.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/envelope_connect.h"
#include "decode/envelope_places.h"
#include "decode/envelope_sight.h"
#include "decode/json_documents.h"
#include "decode/json_reader.h"
#include "decode/payload_keys.h"
#include "decode/payload_schemas.h"
#include "decode/wire.h"
#include "weir/decoder.h"
#include "weir/plan.h"

namespace weir {

class PayloadDecoder final : public Decoder {
 public:
  PayloadDecoder(const Plan& plan, Format format);
  void decode(const Messages& messages, Batch& batch) override;

 private:
  enum class Work : std::uint8_t { Json, Typed, Refused };
  /// How CloudEvents are told by the headers of a message.
  enum class Cloud : std::uint8_t { No, Headers, Document };
  struct Row {
    Work work = Work::Json;
    Cloud cloud = Cloud::No;
    SchemaReader* reader = nullptr;
  };
  struct JsonOfShape {
    std::unique_ptr<JsonReader> reader;
    bool begun = false;  // bound to the text that is read
  };

  void begin_batch(const Messages& messages, Batch& batch);
  void end_batch(Batch& batch);
  /// The records of a file that brings its schema along: one reader reads them all, as they lie. False: it is none.
  bool decode_file(const Messages& messages, Batch& batch);
  /// What reads a message. False: it cannot be read where it lies.
  bool take(const Messages& messages, std::size_t row);
  bool take_body(std::size_t row, std::string_view bytes, const WireFrame& frame);
  bool take_json(std::size_t row, std::string_view body);
  bool take_given(std::size_t row, std::string_view bytes);
  bool take_typed(std::size_t row, std::string_view body, SchemaReader& reader);
  bool look_at_headers(const Envelope& envelope, std::size_t row);
  [[nodiscard]] bool fits(const Message& message) const {
    return message.whole && message.bytes.size() <= plan_.record_max_bytes;
  }
  [[nodiscard]] std::string too_large() const;
  bool refuse(std::size_t row, std::string_view code, std::string reason, std::size_t at = 0);

  void read_rows(Batch& batch);
  void read_typed(std::uint32_t row, Batch& batch);
  [[nodiscard]] DecodeFailure fault_of(const SchemaReader& reader, std::string_view body) const;
  void read_json(std::uint32_t row, const IndexedJson& json, std::string_view body, Batch& batch);
  [[nodiscard]] Sight look(std::uint32_t row, const IndexedJson& json, std::size_t from, std::size_t to) const;
  void finish(std::uint32_t row, const Sight& sight, const Places& places, Batch& batch);
  void finish_event(std::uint32_t row, bool flat, const Places& places, Batch& batch);
  void fail(Batch& batch, std::uint32_t row, DecodeFailure failure);
  JsonReader& json_of(EnvelopeShape shape, const IndexedJson& json, Batch& batch);
  const Places& places(EnvelopeShape shape);

  const Plan& plan_;
  Wrapping wrapping_;
  bool typed_;                                 // `format: avro` or `protobuf`
  std::shared_ptr<const SchemaText> written_;  // `source.schema`, where records without a frame are written with it
  std::array<std::optional<Places>, kShapes> places_;
  std::array<JsonOfShape, kShapes> json_;
  SchemaReaders schemas_;
  JsonDocuments documents_;
  std::shared_ptr<const SchemaText> header_;  // the head of the container file that is read
  std::array<Column, Places::kOwnColumns> own_;
  KeyReader keys_;
  ConnectSchemas connect_;
  // of one batch
  const Messages* messages_ = nullptr;
  Arena* arena_ = nullptr;
  std::shared_ptr<const SchemaText> given_;  // of records without a frame; null: they are JSON
  std::vector<std::string_view> bodies_;     // by row; without data(): not JSON, or refused
  std::vector<std::string_view> typed_bodies_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> left_;     // rows that are read one by one
  std::vector<DecodeFailure> refused_;  // ascending by row
  bool any_json_ = false;
};

}  // namespace weir
