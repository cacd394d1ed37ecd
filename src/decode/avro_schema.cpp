// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_schema.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/escape.h"
#include "decode/avro_logical.h"

namespace weir {

namespace {

constexpr std::array<std::string_view, 14> kTypeWords = {"null",   "boolean", "int",    "long",   "float",
                                                         "double", "bytes",   "string", "record", "enum",
                                                         "array",  "map",     "union",  "fixed"};
constexpr std::uint32_t kFault = ~std::uint32_t{0};
constexpr std::size_t kShown = 80;  // code points of a name in a message

std::string shown(std::string_view name) {
  return "`" + visible(name, kShown) + "`";
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_name(std::string_view name) {
  if (name.empty() || !is_letter(name[0])) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

/// Libraries take more here than in names ("my-topic.value"), so it is only asked that a name can be told from its neighbours.
bool is_namespace(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos)
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '"'; });
}

std::optional<AvroType> primitive_of(std::string_view word) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(AvroType::String); ++i) {
    if (kTypeWords[i] == word) return static_cast<AvroType>(i);
  }
  return std::nullopt;
}

const std::string* text_of(const JsonValue& value, std::string_view key) {
  const JsonValue* const found = value.find(key);
  return found != nullptr && found->type == JsonValue::Type::Text ? &found->text : nullptr;
}

class SchemaReader {
 public:
  Result<AvroSchema> read(const SchemaText& schema);

 private:
  /// The node of a type, kFault where it is none. `space` is the namespace around it.
  std::uint32_t type_of(const JsonValue& value, const std::string& space);
  std::uint32_t named(const std::string& word, const std::string& space);
  std::uint32_t defined(const JsonValue& value, const std::string& word, const std::string& space);
  std::uint32_t union_of(const JsonValue& value, const std::string& space);
  bool record(std::uint32_t node, const JsonValue& value, const std::string& space);
  bool field(AvroField& out, const JsonValue& value, const std::string& space);
  bool enumeration(AvroNode& node, const JsonValue& value);
  bool full_name(AvroNode& node, const JsonValue& value, const std::string& space);
  bool aliases(std::vector<std::string>& out, const JsonValue& value, const std::string* space);
  std::uint32_t add(AvroType type);
  bool fail(std::string message);
  std::uint32_t fault(std::string message) {
    fail(std::move(message));
    return kFault;
  }

  AvroSchema schema_;
  std::vector<std::size_t> heights_;  // by node: how deep it goes without entering a type that is not finished
  std::unordered_map<std::string, std::uint32_t> names_;
  std::string within_;  // the record being read, and its field
  std::string field_;
  std::optional<Error> fault_;
};

bool SchemaReader::fail(std::string message) {
  if (fault_) return false;
  std::string where;
  if (!within_.empty()) where = "in " + visible(within_, kShown);
  if (!field_.empty()) where += ", field " + shown(field_);
  fault_ = Error{.message = where.empty() ? std::move(message) : where + ": " + message};
  return false;
}

std::uint32_t SchemaReader::add(AvroType type) {
  if (schema_.nodes.size() == AvroSchema::kMostNodes)
    return fault("the schema holds more than " + std::to_string(AvroSchema::kMostNodes) + " types");
  schema_.nodes.emplace_back().type = type;
  heights_.push_back(1);
  return static_cast<std::uint32_t>(schema_.nodes.size() - 1);
}

Result<AvroSchema> SchemaReader::read(const SchemaText& schema) {
  std::size_t bytes = schema.text.size();
  for (const SchemaText::Reference& reference : schema.references) bytes += reference.text.size();
  if (bytes > AvroSchema::kMostBytes) {
    return Error{.message = "the schema takes " + std::to_string(bytes) + " bytes, at most " +
                            std::to_string(AvroSchema::kMostBytes) + " are read"};
  }
  const auto part = [&](const std::string& text, const std::string& name) -> std::uint32_t {
    const Result<JsonValue> json = parse_json(text, AvroSchema::kMostDepth);
    std::uint32_t node = kFault;
    if (!json) {
      fail("this is no JSON, byte " + std::to_string(json.error().where.column) + ": " + json.error().message);
    } else {
      node = type_of(*json, "");
    }
    if (node == kFault && !name.empty())
      fault_->message = "the referenced schema " + shown(name) + ": " + fault_->message;
    within_.clear();
    field_.clear();
    return node;
  };
  for (const SchemaText::Reference& reference : schema.references) {
    if (names_.contains(reference.name)) continue;  // two ways lead to it
    if (part(reference.text, reference.name.empty() ? "without a name" : reference.name) == kFault) return *fault_;
  }
  schema_.root = part(schema.text, "");
  if (schema_.root == kFault) return *fault_;
  return std::move(schema_);
}

std::uint32_t SchemaReader::type_of(const JsonValue& value, const std::string& space) {
  switch (value.type) {
    case JsonValue::Type::Text: return named(value.text, space);
    case JsonValue::Type::Array: return union_of(value, space);
    case JsonValue::Type::Object: break;
    default: return fault("expected a type: a name, an object or an array of branches");
  }
  const JsonValue* const type = value.find("type");
  if (type == nullptr) return fault("a type in braces lacks `type`");
  if (type->type != JsonValue::Type::Text) return type_of(*type, space);
  return defined(value, type->text, space);
}

std::uint32_t SchemaReader::named(const std::string& word, const std::string& space) {
  if (const std::optional<AvroType> primitive = primitive_of(word)) return add(*primitive);
  if (word.size() > AvroSchema::kLongestName) return fault("the name " + shown(word) + " is too long");
  auto found = names_.end();
  if (word.find('.') == std::string::npos && !space.empty()) found = names_.find(space + "." + word);
  if (found == names_.end()) found = names_.find(word);
  if (found == names_.end()) return fault("unknown type " + shown(word));
  return found->second;
}

std::uint32_t SchemaReader::defined(const JsonValue& value, const std::string& word, const std::string& space) {
  if (const std::optional<AvroType> primitive = primitive_of(word)) {
    const std::uint32_t index = add(*primitive);
    if (index != kFault) set_avro_logical(schema_.nodes[index], value);
    return index;
  }
  if (word == "array" || word == "map") {
    const bool array = word == "array";
    const JsonValue* const element = value.find(array ? "items" : "values");
    if (element == nullptr) return fault(array ? "an array lacks `items`" : "a map lacks `values`");
    const std::uint32_t index = add(array ? AvroType::Array : AvroType::Map);
    if (index == kFault) return kFault;
    const std::uint32_t below = type_of(*element, space);
    if (below == kFault) return kFault;
    schema_.nodes[index].below.push_back(below);
    heights_[index] = heights_[below] + 1;
    if (heights_[index] > AvroSchema::kMostDepth) return fault("types are nested too deeply");
    return index;
  }
  const bool is_record = word == "record" || word == "error";
  if (!is_record && word != "enum" && word != "fixed") return named(word, space);

  const std::uint32_t index = add(is_record ? AvroType::Record : word == "enum" ? AvroType::Enum : AvroType::Fixed);
  if (index == kFault) return kFault;
  AvroNode node = std::move(schema_.nodes[index]);
  if (!full_name(node, value, space)) return kFault;
  const std::size_t dot = node.name.rfind('.');
  const std::string inner = dot == std::string::npos ? "" : node.name.substr(0, dot);
  if (!aliases(node.aliases, value, &inner)) return kFault;
  if (!names_.emplace(node.name, index).second) return fault("the type " + shown(node.name) + " is defined twice");
  if (is_record) {
    schema_.nodes[index] = std::move(node);
    return record(index, value, inner) ? index : kFault;
  }
  if (node.type == AvroType::Enum) {
    if (!enumeration(node, value)) return kFault;
  } else {
    const JsonValue* const size = value.find("size");
    const std::optional<std::uint32_t> bytes = size == nullptr ? std::nullopt : avro_whole_number(*size);
    if (!bytes || *bytes > AvroSchema::kLargestFixed) {
      return fault("the fixed type " + shown(node.name) + " needs a `size` from 0 to " +
                   std::to_string(AvroSchema::kLargestFixed));
    }
    node.size = *bytes;
    set_avro_logical(node, value);
  }
  schema_.nodes[index] = std::move(node);
  return index;
}

bool SchemaReader::full_name(AvroNode& node, const JsonValue& value, const std::string& space) {
  const std::string* const name = text_of(value, "name");
  const std::string kind(word_of(node.type));
  if (name == nullptr) return fail("a type of the kind " + kind + " lacks its `name`");
  const std::string* const own = text_of(value, "namespace");
  const std::size_t dot = name->rfind('.');
  const std::string_view last = dot == std::string::npos ? *name : std::string_view(*name).substr(dot + 1);
  const std::string_view before = dot != std::string::npos ? std::string_view(*name).substr(0, dot)
                                  : own != nullptr         ? std::string_view(*own)
                                                           : std::string_view(space);
  if (!is_name(last)) return fail(shown(*name) + " is no name of a type");
  if ((dot != std::string::npos || !before.empty()) && !is_namespace(before))
    return fail(shown(before) + " is no namespace");
  if (before.size() + last.size() >= AvroSchema::kLongestName) return fail("the name " + shown(*name) + " is too long");
  node.name = before.empty() ? std::string(last) : std::string(before) + "." + std::string(last);
  if (before.empty() && std::find(kTypeWords.begin(), kTypeWords.end(), last) != kTypeWords.end())
    return fail("a type must not be named " + shown(last));
  return true;
}

/// Of a type (names in its namespace) or of a field (`space` is null).
bool SchemaReader::aliases(std::vector<std::string>& out, const JsonValue& value, const std::string* space) {
  const JsonValue* const list = value.find("aliases");
  if (list == nullptr) return true;
  if (list->type != JsonValue::Type::Array) return fail("`aliases` must be an array of names");
  for (const JsonValue& alias : list->items) {
    if (alias.type != JsonValue::Type::Text || alias.text.empty() || alias.text.size() > AvroSchema::kLongestName)
      return fail("`aliases` must be an array of names");
    const bool bare = space == nullptr || space->empty() || alias.text.find('.') != std::string::npos;
    out.push_back(bare ? alias.text : *space + "." + alias.text);
  }
  return true;
}

bool SchemaReader::record(std::uint32_t index, const JsonValue& value, const std::string& space) {
  const std::string outer = std::exchange(within_, schema_.nodes[index].name);
  const std::string outer_field = std::exchange(field_, "");
  const JsonValue* const fields = value.find("fields");
  if (fields == nullptr || fields->type != JsonValue::Type::Array) return fail("a record needs `fields`, an array");
  std::unordered_set<std::string> seen;
  std::vector<AvroField> read(fields->items.size());
  std::size_t height = 0;
  for (std::size_t i = 0; i < read.size(); ++i) {
    field_.clear();
    if (!field(read[i], fields->items[i], space)) return false;
    if (!seen.insert(read[i].name).second) return fail("the field is there twice");
    height = std::max(height, heights_[read[i].node]);
  }
  field_.clear();
  schema_.nodes[index].fields = std::move(read);
  heights_[index] = height + 1;
  if (heights_[index] > AvroSchema::kMostDepth) return fail("types are nested too deeply");
  within_ = outer;
  field_ = outer_field;
  return true;
}

bool SchemaReader::field(AvroField& out, const JsonValue& value, const std::string& space) {
  const std::string* const name = text_of(value, "name");
  if (name == nullptr) return fail("a field lacks its `name`");
  if (!is_name(*name) || name->size() > AvroSchema::kLongestName) return fail(shown(*name) + " is no name of a field");
  field_ = *name;
  const JsonValue* const type = value.find("type");
  if (type == nullptr) return fail("it lacks its `type`");
  out.node = type_of(*type, space);
  if (out.node == kFault) return false;
  out.name = *name;
  if (const JsonValue* const fallback = value.find("default")) out.fallback = *fallback;
  return aliases(out.aliases, value, nullptr);
}

bool SchemaReader::enumeration(AvroNode& node, const JsonValue& value) {
  const JsonValue* const symbols = value.find("symbols");
  const std::string which = "the enum " + shown(node.name);
  if (symbols == nullptr || symbols->type != JsonValue::Type::Array)
    return fail(which + " needs `symbols`, an array of names");
  std::unordered_set<std::string_view> seen;
  for (const JsonValue& symbol : symbols->items) {
    if (symbol.type != JsonValue::Type::Text || !is_name(symbol.text))
      return fail(which + " holds a symbol that is no name: " + shown(symbol.text));
    if (!seen.insert(symbol.text).second) return fail(which + " holds the symbol " + shown(symbol.text) + " twice");
    node.symbols.push_back(symbol.text);
  }
  const JsonValue* const fallback = value.find("default");
  if (fallback == nullptr) return true;
  if (fallback->type != JsonValue::Type::Text || !seen.contains(fallback->text))
    return fail("the default of " + which + " is none of its symbols");
  node.fallback = fallback->text;
  return true;
}

std::uint32_t SchemaReader::union_of(const JsonValue& value, const std::string& space) {
  const std::uint32_t index = add(AvroType::Union);
  if (index == kFault) return kFault;
  std::unordered_set<std::string> seen;
  std::vector<std::uint32_t> branches;
  std::size_t height = 0;
  for (const JsonValue& item : value.items) {
    const std::uint32_t branch = type_of(item, space);
    if (branch == kFault) return kFault;
    const AvroNode& node = schema_.nodes[branch];
    if (node.type == AvroType::Union) return fault("a union stands directly in a union");
    const std::string key = node.name.empty() ? std::string(word_of(node.type)) : node.name;
    if (!seen.insert(key).second) return fault("a union holds two branches of the type " + shown(key));
    branches.push_back(branch);
    height = std::max(height, heights_[branch]);
  }
  if (branches.empty()) return fault("a union has no branch");
  schema_.nodes[index].below = std::move(branches);
  heights_[index] = height + 1;
  if (heights_[index] > AvroSchema::kMostDepth) return fault("types are nested too deeply");
  return index;
}

}  // namespace

std::string_view word_of(AvroType type) {
  return kTypeWords[static_cast<std::size_t>(type)];
}

Result<AvroSchema> parse_avro_schema(const SchemaText& schema) {
  return SchemaReader().read(schema);
}

}  // namespace weir
