// SPDX-License-Identifier: Apache-2.0
#include "checks/json_schema_documents.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "checks/json_schema_uri.h"

namespace weir {

namespace {

constexpr std::size_t kMaxSchemaDepth = 256;
constexpr std::size_t kShown = 120;

constexpr std::array<std::string_view, 12> kOneSchema = {"additionalItems",
                                                         "items",
                                                         "contains",
                                                         "additionalProperties",
                                                         "propertyNames",
                                                         "not",
                                                         "if",
                                                         "then",
                                                         "else",
                                                         "unevaluatedItems",
                                                         "unevaluatedProperties",
                                                         "contentSchema"};
constexpr std::array<std::string_view, 5> kListOfSchemas = {"items", "prefixItems", "allOf", "anyOf", "oneOf"};
constexpr std::array<std::string_view, 6> kMapOfSchemas = {"properties",  "patternProperties", "$defs",
                                                           "definitions", "dependentSchemas",  "dependencies"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const std::string* text_of(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = object.find(key);
  return value != nullptr && value->type == JsonValue::Type::Text ? &value->text : nullptr;
}

std::optional<SchemaDraft> draft_named(std::string_view uri) {
  while (uri.ends_with('#')) uri.remove_suffix(1);
  if (uri.starts_with("https://")) uri.remove_prefix(8);
  if (uri.starts_with("http://")) uri.remove_prefix(7);
  if (uri == "json-schema.org/draft-04/schema") return SchemaDraft::Draft4;
  if (uri == "json-schema.org/draft-06/schema") return SchemaDraft::Draft6;
  if (uri == "json-schema.org/draft-07/schema") return SchemaDraft::Draft7;
  if (uri == "json-schema.org/draft/2019-09/schema") return SchemaDraft::Draft2019;
  if (uri == "json-schema.org/draft/2020-12/schema") return SchemaDraft::Draft2020;
  return std::nullopt;
}

std::string uri_of_file(const std::string& name) {
  return name.find("://") != std::string::npos ? name : resolve_uri("file:///", name);
}

std::string_view id_key(SchemaDraft draft) {
  return draft == SchemaDraft::Draft4 ? "id" : "$id";
}

std::string line_and_column(const std::string& text, std::size_t at) {
  const std::string_view before = std::string_view(text).substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return std::to_string(line) + ":" + std::to_string(at - begin + 1);
}

}  // namespace

std::string place_in_words(const std::vector<SchemaFile>& files, std::uint32_t file, const std::string& pointer) {
  std::string out;
  if (!files[file].name.empty()) out += " in " + shorten(files[file].name, kShown);
  if (!pointer.empty()) out += " at `" + shorten(pointer, kShown) + "`";
  return out;
}

Status SchemaDocuments::read(const std::vector<SchemaFile>& files) {
  files_ = &files;
  for (const SchemaFile& file : files) {
    Result<JsonValue> value = parse_json(file.text, kMaxSchemaDepth);
    if (!value) {
      const auto at = static_cast<std::size_t>(value.error().where.column);
      return Error{.message = "the schema is no JSON: " + value.error().message + ", at " +
                              (file.name.empty() ? "" : shorten(file.name, kShown) + ":") +
                              line_and_column(file.text, at)};
    }
    values_.push_back(*std::move(value));
  }
  for (std::uint32_t i = 0; i < files.size(); ++i) {
    // A file that does not say its draft is read as the schema itself is.
    const SchemaDraft otherwise = i == 0 ? SchemaDraft::Draft2020 : resources_.front().draft;
    Result<SchemaDraft> draft = draft_of(values_[i], i, otherwise, 0);
    if (!draft) return draft.error();
    const auto resource = static_cast<std::uint32_t>(resources_.size());
    SchemaResource& made = resources_.emplace_back();
    made.uri = uri_of_file(files[i].name);
    made.root = &values_[i];
    made.draft = *draft;
    made.file = i;
    by_uri_.emplace(split_uri(made.uri).document, resource);
    if (Status status = scan(values_[i], resource, ""); !status) return status;
  }
  return Done{};
}

/// A draft by its name, or that of a schema of schemas that is among the files.
Result<SchemaDraft> SchemaDocuments::draft_of(const JsonValue& root, std::uint32_t file, SchemaDraft otherwise,
                                              int depth) const {
  const std::string* const named = text_of(root, "$schema");
  if (named == nullptr) return otherwise;
  if (const std::optional<SchemaDraft> known = draft_named(*named)) return *known;
  const std::string wanted = split_uri(*named).document;
  for (std::uint32_t i = 0; i < values_.size() && depth < 8; ++i) {
    const std::string* id = text_of(values_[i], "$id");
    if (id == nullptr) id = text_of(values_[i], "id");
    const bool is_it = (id != nullptr && split_uri(*id).document == wanted) || (*files_)[i].name == wanted;
    if (is_it && &values_[i] != &root) return draft_of(values_[i], i, otherwise, depth + 1);
  }
  return Error{.message = "unknown `$schema`: `" + shorten(*named, kShown) + "`" + place_in_words(*files_, file, ""),
               .where = {},
               .code = {},
               .label = {},
               .help =
                   "known are draft-04, draft-06, draft-07, 2019-09 and 2020-12, as "
                   "https://json-schema.org/draft/2020-12/schema"};
}

/// What `$id` and anchors say; `resource` becomes the one that the schema is in.
Status SchemaDocuments::scan_identity(const JsonValue& value, std::uint32_t& resource, const std::string& pointer) {
  const SchemaDraft outer = resources_[resource].draft;
  // Up to draft 7 nothing beside a `$ref` counts, nor does an `$id`.
  const bool only_ref = outer <= SchemaDraft::Draft7 && text_of(value, "$ref") != nullptr;
  const std::string* const id = only_ref ? nullptr : text_of(value, id_key(outer));
  if (id != nullptr) {
    const SplitUri split = split_uri(*id);
    if (!split.document.empty()) {
      const std::string uri = split_uri(resolve_uri(resources_[resource].uri, split.document)).document;
      if (&value == resources_[resource].root) {
        resources_[resource].uri = uri;
      } else {
        Result<SchemaDraft> draft = draft_of(value, resources_[resource].file, outer, 0);
        if (!draft) return draft.error();
        const std::uint32_t file = resources_[resource].file;
        resource = static_cast<std::uint32_t>(resources_.size());
        SchemaResource& made = resources_.emplace_back();
        made.uri = uri;
        made.root = &value;
        made.draft = *draft;
        made.file = file;
        made.pointer = pointer;
      }
      by_uri_.emplace(uri, resource);
    }
    if (!split.fragment.empty() && !split.fragment.starts_with('/') && outer <= SchemaDraft::Draft7)
      resources_[resource].anchors.emplace(split.fragment, &value);
  }
  SchemaResource& at = resources_[resource];
  if (at.draft >= SchemaDraft::Draft2019) {
    if (const std::string* anchor = text_of(value, "$anchor")) at.anchors.emplace(*anchor, &value);
  }
  if (at.draft == SchemaDraft::Draft2020) {
    if (const std::string* anchor = text_of(value, "$dynamicAnchor")) {
      at.anchors.emplace(*anchor, &value);
      at.dynamic_anchors.emplace(*anchor, &value);
    }
  }
  if (at.draft == SchemaDraft::Draft2019 && &value == at.root) {
    const JsonValue* const recursive = value.find("$recursiveAnchor");
    at.recursive = recursive != nullptr && recursive->boolean;
  }
  return Done{};
}

Status SchemaDocuments::scan(const JsonValue& value, std::uint32_t resource, const std::string& pointer) {
  if (value.type == JsonValue::Type::Object) {
    if (Status status = scan_identity(value, resource, pointer); !status) return status;
  }
  known_.emplace(&value, Known{.resource = resource, .pointer = pointer});
  return value.type == JsonValue::Type::Object ? scan_below(value, resource, pointer) : Status(Done{});
}

Status SchemaDocuments::scan_below(const JsonValue& value, std::uint32_t resource, const std::string& pointer) {
  for (const auto& [key, inner] : value.members) {
    const std::string here = pointer_to(pointer, key);
    Status status = Done{};
    if (inner.type == JsonValue::Type::Array && is_one_of(kListOfSchemas, key)) {
      for (std::size_t i = 0; i < inner.items.size() && status; ++i)
        status = scan(inner.items[i], resource, pointer_to(here, std::to_string(i)));
    } else if (inner.type == JsonValue::Type::Object && is_one_of(kMapOfSchemas, key)) {
      for (const auto& [name, schema] : inner.members) {
        if (status) status = scan(schema, resource, pointer_to(here, name));
      }
    } else if (is_one_of(kOneSchema, key)) {
      status = scan(inner, resource, here);
    }
    if (!status) return status;
  }
  return Done{};
}

SchemaPlace SchemaDocuments::root() const {
  return {.value = resources_.front().root, .resource = 0, .pointer = ""};
}

SchemaPlace SchemaDocuments::place_of(std::uint32_t resource, const JsonValue& value) const {
  const auto known = known_.find(&value);
  if (known == known_.end()) return {.value = &value, .resource = resource, .pointer = ""};
  return {.value = &value, .resource = known->second.resource, .pointer = known->second.pointer};
}

Result<SchemaPlace> SchemaDocuments::resolve(const SchemaPlace& from, const std::string& reference) const {
  const SplitUri target = split_uri(resolve_uri(resources_[from.resource].uri, reference));
  const std::string quoted = "`" + shorten(reference, kShown) + "`";
  const auto found = by_uri_.find(target.document);
  if (found == by_uri_.end()) {
    return Error{
        .message = quoted + " refers to " + shorten(target.document, kShown) + ", which is none of the schemas given",
        .where = {},
        .code = {},
        .label = {},
        .help = "name its file under `files`; nothing is fetched from the network"};
  }
  std::uint32_t resource = found->second;
  const SchemaResource& into = resources_[resource];
  if (target.fragment.empty()) return SchemaPlace{into.root, resource, into.pointer};
  if (target.fragment[0] != '/') {
    const auto anchor = into.anchors.find(target.fragment);
    if (anchor == into.anchors.end()) return Error{.message = quoted + " names an anchor that is not there"};
    return place_of(resource, *anchor->second);
  }
  const JsonValue* value = into.root;
  std::string pointer = into.pointer;
  for (const std::string& step : pointer_steps(target.fragment)) {
    const JsonValue* next = nullptr;
    if (value->type == JsonValue::Type::Object) {
      next = value->find(step);
    } else if (value->type == JsonValue::Type::Array && !step.empty() && step.size() < 8 &&
               step.find_first_not_of("0123456789") == std::string::npos) {
      const auto index = static_cast<std::size_t>(std::stoul(step));
      if (index < value->items.size()) next = &value->items[index];
    }
    if (next == nullptr)
      return Error{.message = quoted + " leads to nothing: there is no `" + shorten(step, kShown) + "`"};
    value = next;
    pointer = pointer_to(pointer, step);
    const auto known = known_.find(value);
    if (known != known_.end()) resource = known->second.resource;
  }
  return SchemaPlace{value, resource, pointer};
}

}  // namespace weir
