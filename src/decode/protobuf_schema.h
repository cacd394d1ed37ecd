// SPDX-License-Identifier: Apache-2.0
// A Protobuf schema as registries and files give it, compiled by libprotobuf into a pool of its own.
//
// Taken are the text of a .proto file, a FileDescriptorSet (`protoc -o`), a FileDescriptorProto, and both in base64. What a file
// imports is looked for in the set, among the references (by path) and among the files that everybody has: google/protobuf/*,
// google/type/* and confluent/type/*. Of a file only the shape of its messages is kept: options, services and extensions are
// let go before libprotobuf links it, so an import that only options need may be missing.
//
// Schemas come from strangers: bytes, files, nesting and the number of declarations are bounded before libprotobuf sees them,
// every fault is an Error that says in which file, line and column it is, and nothing is logged.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/result.h"
#include "weir/schemas.h"

namespace google::protobuf {
class Descriptor;
class DescriptorPool;
class FileDescriptor;
}  // namespace google::protobuf

namespace weir {

class ProtobufSchema {
 public:
  using Message = google::protobuf::Descriptor;

  static constexpr std::size_t kMostTextBytes = 4U << 20;     // of one .proto file
  static constexpr std::size_t kMostBinaryBytes = 16U << 20;  // of a FileDescriptorSet
  static constexpr std::size_t kMostFiles = 1'000;
  static constexpr std::size_t kMostDepth = 60;              // braces within braces
  static constexpr std::size_t kMostDeclarations = 200'000;  // messages, fields, enum values, over all files

  [[nodiscard]] static Result<std::shared_ptr<const ProtobufSchema>> make(const SchemaText& schema);

  /// By its full name; `name` empty: the only top-level message.
  [[nodiscard]] Result<const Message*> message(std::string_view name) const;
  /// By indexes as they stand in front of a registry's records: of the top-level message, then of the message nested in it
  /// and so on. Null: there is none.
  [[nodiscard]] const Message* at(const std::vector<std::uint32_t>& indexes) const;

 private:
  ProtobufSchema();
  friend class ProtobufLinker;

  std::shared_ptr<google::protobuf::DescriptorPool> pool_;
  std::vector<const google::protobuf::FileDescriptor*>
      files_;  // that nobody imports; the last one is what indexes are about
};

/// The text of a .proto file that everybody has and that libprotobuf does not bring; empty: none of that path.
[[nodiscard]] std::string_view bundled_proto(std::string_view path);

}  // namespace weir
