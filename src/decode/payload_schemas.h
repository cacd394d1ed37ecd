// SPDX-License-Identifier: Apache-2.0
// Readers of the schemas that messages name, kept from batch to batch.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "decode/envelope_places.h"
#include "decode/envelope_sight.h"
#include "decode/typed_reader.h"
#include "weir/batch.h"
#include "weir/plan.h"
#include "weir/result.h"

namespace weir {

/// A schema tells what their records are.
[[nodiscard]] constexpr bool is_typed(Format format) noexcept {
  return format == Format::Avro || format == Format::Protobuf;
}
/// `source.schema`, where records without a frame are written with it; else null.
[[nodiscard]] std::shared_ptr<const SchemaText> schema_of_bare_records(const Plan& plan);
/// What stands in the head of an Avro container file.
[[nodiscard]] std::shared_ptr<const SchemaText> schema_of_file(std::string_view header);

/// How records of one schema are read.
struct SchemaReader {
  std::shared_ptr<const SchemaText> schema;
  std::unique_ptr<TypedReader> reader;  // null: JSON, or it cannot be used
  bool json = false;                    // the schema is of JSON: the record is read as any other JSON
  Sight sight = {};                     // what stands around them
  const Places* places = nullptr;
  bool unmarked = false;  // plain records, and none of their fields tells that a connector has flattened them
  std::optional<std::uint64_t> fingerprint;  // of an Avro schema that was given beside the messages
  std::string refusal;                       // why it cannot be used
  std::uint64_t begun = 0;                   // the batch that the reader was bound to last
  std::uint64_t checked = 0;                 // the batch in which the book was asked last
};

/// The record without the head of Avro's single-object encoding, where that names the reader's schema. Any other bytes stay as
/// they are: a record may begin like such a head by itself.
[[nodiscard]] std::string_view without_object_head(const SchemaReader& reader, std::string_view bytes);

/// For one part of messages (payload or key) and one thread.
class SchemaReaders {
 public:
  /// `places` by shape; of keys all are the same.
  struct Setting {
    const Plan* plan = nullptr;
    Wrapping wrapping = Wrapping::Auto;
    const SchemaText* given = nullptr;  // of records that name none (and what others are resolved to)
    std::string message;                // Protobuf
    const Places* (*places)(void* owner, EnvelopeShape shape) = nullptr;
    void* owner = nullptr;
  };
  explicit SchemaReaders(Setting setting) : setting_(std::move(setting)) {}

  void begin_batch();
  /// Of a schema in the book. Nothing: the book knows no such key.
  SchemaReader* named(std::string_view key, bool cloud_headers);
  /// Of a schema that was given beside the messages: `source.schema`, or the head of a container file.
  SchemaReader& given(const std::shared_ptr<const SchemaText>& schema, bool cloud_headers);
  /// Binds the reader to the batch, once.
  void bind(SchemaReader& reader, Batch& batch) const;

 private:
  static constexpr std::size_t kMost = 512;
  void make(SchemaReader& out, bool indexed, bool cloud_headers) const;
  [[nodiscard]] Result<std::unique_ptr<TypedReader>> make_reader(const SchemaText& schema, bool indexed,
                                                                 const Places& places) const;
  SchemaReader& place(const std::string& key);

  Setting setting_;
  std::uint64_t batch_ = 0;
  std::map<std::string, SchemaReader, std::less<>> readers_;
  std::string last_key_;
  SchemaReader* last_ = nullptr;
};

}  // namespace weir
