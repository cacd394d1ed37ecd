// SPDX-License-Identifier: Apache-2.0
// From documents to nodes. Schemas wait in a queue instead of being compiled within each other, so that a chain of references
// costs memory and no frames.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checks/json_schema.h"
#include "checks/json_schema_documents.h"

namespace weir {

class SchemaCompiler {
 public:
  SchemaCompiler(const std::vector<SchemaFile>& files, const SchemaDocuments& documents,
                 const JsonSchema::Options& options);

  Result<std::unique_ptr<const JsonSchema>> run();

 private:
  using Names = std::map<std::string, std::uint32_t, std::less<>>;

  // json_schema_compile.cpp
  std::uint32_t index_of(const SchemaPlace& place);
  void compile(std::uint32_t index);
  void references(SchemaNode& node);
  void dynamic_resources();
  void find_circles();
  std::uint32_t referred(std::string_view keyword, const std::string& reference, SchemaPlace* where = nullptr);
  std::uint32_t dynamic_name(const std::string& name);

  // What keywords are made of: each reads the member of the schema in hand, and tells when it is of the wrong kind.
  const JsonValue* find(std::string_view key, SchemaDraft since = SchemaDraft::Draft4) const;
  std::optional<std::string> text(std::string_view key, SchemaDraft since = SchemaDraft::Draft4);
  bool count(std::string_view key, std::uint64_t& out, SchemaDraft since = SchemaDraft::Draft4);
  std::optional<Decimal> number(std::string_view key, SchemaDraft since = SchemaDraft::Draft4);
  const JsonValue* map(std::string_view key, SchemaDraft since = SchemaDraft::Draft4);
  std::uint32_t schema(std::string_view key, SchemaDraft since = SchemaDraft::Draft4);
  std::vector<std::uint32_t> schemas(std::string_view key, SchemaDraft since = SchemaDraft::Draft4);
  std::vector<std::string> texts(const JsonValue& list, const std::string& key);
  std::uint32_t below(const JsonValue& value, const std::string& pointer);
  std::shared_ptr<const Pattern> pattern(const std::string& text, const std::string& key);
  void fault(std::string_view key, std::string message, std::string help = "");

  // json_schema_keywords.cpp
  void values(SchemaNode& node);
  void number_rules(SchemaNode& node);
  void text_rules(SchemaNode& node);
  void array_rules(SchemaNode& node);
  void object_rules(SchemaNode& node);
  void dependencies(ObjectRules& rules);
  void applicators(SchemaNode& node);

  const std::vector<SchemaFile>& files_;
  const SchemaDocuments& documents_;
  JsonSchema::Options options_;
  std::unique_ptr<JsonSchema> out_;
  std::vector<SchemaPlace> places_;  // by node
  std::unordered_map<const JsonValue*, std::uint32_t> index_;
  Names dynamic_names_;
  std::vector<Error> faults_;
  bool too_many_ = false;

  // Of the schema in hand.
  SchemaPlace place_;
  SchemaDraft draft_ = SchemaDraft::Draft2020;
};

/// The value as JSON text.
void append_json(std::string& out, const JsonValue& value);

}  // namespace weir
