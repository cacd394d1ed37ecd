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
// References are followed until there are no more, at most kMostReferences of them, kMostDepth deep and kMostBytes together;
// what refers to itself over others is refused.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_call.h"
#include "registry/schema_source.h"
#include "weir/registry_settings.h"
#include "weir/result.h"

namespace weir {

class SchemaClient final : public SchemaSource {
 public:
  static constexpr std::size_t kMostReferences = 200;
  static constexpr std::size_t kMostDepth = 32;
  static constexpr std::size_t kMostBytes = 20U << 20;
  static constexpr std::size_t kMostAnswer = 5U << 20;  // bytes of one answer

  explicit SchemaClient(RegistrySettings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] SchemaReply ask(std::string_view key) override;
  /// The newest schema of a subject.
  [[nodiscard]] SchemaReply latest(std::string_view subject);
  void interrupt() override { caller_.interrupt(); }
  [[nodiscard]] std::uint64_t calls() const override { return calls_; }

 private:
  RegistrySettings settings_;
  HttpCaller caller_;
  std::size_t first_ = 0;  // of the URLs: the one that answered last
  std::atomic<std::uint64_t> calls_ = 0;
};

}  // namespace weir
