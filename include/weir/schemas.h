// SPDX-License-Identifier: Apache-2.0
// Schemas that messages name: what a registry gave, kept by the bytes that stand in a message.
//
// Reading a record never waits for a schema. Whoever hands out messages (the gate before a topic, src/registry) sees to it
// that every schema they name is in the book, known or refused, before the engine sees them; so what a message means
// follows from the plan and the book alone.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class SchemaLanguage : std::uint8_t { Avro, Protobuf, Json };

/// A schema as it was written.
struct SchemaText {
  /// Another one that it names: an Avro name, a .proto file's path, a JSON Schema's $id.
  struct Reference {
    std::string name;
    std::string text;
  };
  SchemaLanguage language = SchemaLanguage::Avro;
  std::string text;                   // .avsc, .proto, a binary FileDescriptorSet, JSON Schema
  std::vector<Reference> references;  // all that are needed, those that others name first
  std::string subject;                // where a registry says: "orders-value"; else empty
  std::uint32_t version = 0;          // of the subject; 0: not known
  std::string name;                   // for people: "orders-value version 3 (id 7)", "orders.avsc"
};

/// What is known under one key.
struct KnownSchema {
  std::shared_ptr<const SchemaText> text;  // null: refused
  std::string refusal;                     // why: "the registry knows no schema 7"
};

/// A key is what stands in the message: 4 bytes (an id, big endian) or 16 (a GUID).
[[nodiscard]] std::string schema_key(std::uint32_t id);
/// "id 7", "guid 0f8fad5b-d9cb-469f-a165-70867728950e".
[[nodiscard]] std::string schema_key_text(std::string_view key);

/// Grows while records are read; any thread. Bounded: the keys that were asked for longest ago go first.
class SchemaBook {
 public:
  static constexpr std::size_t kMost = 10'000;

  /// Nothing: nobody knows yet.
  [[nodiscard]] std::shared_ptr<const KnownSchema> find(std::string_view key) const;
  void put(std::string_view key, KnownSchema schema);
  /// Forgets a refusal, so that it is asked for again.
  void forget(std::string_view key);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    std::shared_ptr<const KnownSchema> schema;
    mutable std::uint64_t asked = 0;
  };
  mutable std::mutex mutex_;
  mutable std::uint64_t clock_ = 0;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace weir
