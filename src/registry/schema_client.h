// SPDX-License-Identifier: Apache-2.0
// A registry that speaks the Confluent-compatible API, version 7: Confluent's own, Apicurio's (/apis/ccompat/v7),
// Karapace, Redpanda.
//
//   GET schemas/ids/7                          the schema and the names of those that it refers to
//   GET schemas/guids/0f8fad5b-…               the same by GUID, where the registry has them
//   GET schemas/ids/7/versions                 under which subject and version: for people, left out when it fails
//   GET subjects/orders-value/versions/3       a schema that another one refers to
//   GET subjects/orders-value/versions/latest
//
// References are followed until there are no more, within the limits below; what refers to itself over others is refused.
//
// What is a refusal: an id, a subject or a version that the registry says it does not know (404 with a code of the API), and
// a schema that nobody can use: in another language, too large, cyclic. Everything else passes: a server that is away, that
// wants another password, that is none of a registry. No record is given up for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "registry/registry_caller.h"
#include "registry/schema_source.h"
#include "weir/registry_settings.h"

namespace weir {

class SchemaClient final : public SchemaSource {
 public:
  static constexpr std::size_t kMostReferences = 200;
  static constexpr std::size_t kMostDepth = 32;
  static constexpr std::size_t kMostBytes = 20U << 20;  // of the texts together

  explicit SchemaClient(RegistrySettings settings) : caller_(std::move(settings)) {}

  [[nodiscard]] SchemaReply ask(std::string_view key) override;
  /// The newest schema of a subject.
  [[nodiscard]] SchemaReply latest(std::string_view subject);
  void interrupt() override { caller_.interrupt(); }
  [[nodiscard]] std::uint64_t calls() const override { return caller_.calls(); }

 private:
  SchemaReply finish(const JsonValue& document, std::string_view asked, std::uint32_t id);

  RegistryCaller caller_;
};

}  // namespace weir
