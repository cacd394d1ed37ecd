// SPDX-License-Identifier: Apache-2.0
// The files that a schema is made of, and what can be referred to in them: resources by `$id`, places by anchors and pointers.
// Nothing is ever fetched: what is not in the files given is an error that says so.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json_value.h"
#include "checks/json_schema.h"
#include "weir/result.h"

namespace weir {

/// A schema with an identity of its own: a file, or a part of one with an `$id`.
struct SchemaResource {
  std::string uri;
  const JsonValue* root = nullptr;
  SchemaDraft draft = SchemaDraft::Draft2020;
  std::uint32_t file = 0;
  std::string pointer;  // where its root stands in the file
  std::map<std::string, const JsonValue*, std::less<>> anchors;
  std::map<std::string, const JsonValue*, std::less<>> dynamic_anchors;  // also among `anchors`
  bool recursive = false;                                                // `$recursiveAnchor: true`
};

struct SchemaPlace {
  const JsonValue* value = nullptr;
  std::uint32_t resource = 0;
  std::string pointer;  // within the file
};

class SchemaDocuments {
 public:
  /// The files have to stay as long as the error messages are made.
  [[nodiscard]] Status read(const std::vector<SchemaFile>& files);

  [[nodiscard]] SchemaPlace root() const;
  [[nodiscard]] const std::deque<SchemaResource>& resources() const { return resources_; }
  [[nodiscard]] const SchemaResource& resource(std::uint32_t index) const { return resources_[index]; }
  [[nodiscard]] SchemaPlace place_of(std::uint32_t resource, const JsonValue& value) const;
  /// What `reference` means in the schema at `from`. The error's message stands by itself.
  [[nodiscard]] Result<SchemaPlace> resolve(const SchemaPlace& from, const std::string& reference) const;

 private:
  struct Known {
    std::uint32_t resource = 0;
    std::string pointer;
  };

  Result<SchemaDraft> draft_of(const JsonValue& root, std::uint32_t file, SchemaDraft otherwise, int depth) const;
  Status scan(const JsonValue& value, std::uint32_t resource, const std::string& pointer);
  Status scan_identity(const JsonValue& value, std::uint32_t& resource, const std::string& pointer);
  Status scan_below(const JsonValue& value, std::uint32_t resource, const std::string& pointer);

  const std::vector<SchemaFile>* files_ = nullptr;
  std::deque<JsonValue> values_;  // one a file
  std::deque<SchemaResource> resources_;
  std::map<std::string, std::uint32_t, std::less<>> by_uri_;
  std::unordered_map<const JsonValue*, Known> known_;  // every schema in a place where one is expected
};

/// "in address.json at /properties/zip".
[[nodiscard]] std::string place_in_words(const std::vector<SchemaFile>& files, std::uint32_t file,
                                         const std::string& pointer);

}  // namespace weir
