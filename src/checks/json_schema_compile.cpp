// SPDX-License-Identifier: Apache-2.0
#include "checks/json_schema_compile.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/text.h"
#include "checks/json_schema_pattern.h"
#include "checks/json_schema_uri.h"

namespace weir {

namespace {

constexpr std::size_t kMostFaults = 20;

/// The schemas that judge the same value as `node` does.
std::vector<std::uint32_t> in_place(const SchemaNode& node) {
  std::vector<std::uint32_t> out;
  for (const auto* list : {&node.all_of, &node.any_of, &node.one_of}) out.insert(out.end(), list->begin(), list->end());
  for (const std::uint32_t one :
       {node.ref, node.dynamic_ref, node.negated, node.condition, node.then, node.otherwise}) {
    if (one != kNoSchema) out.push_back(one);
  }
  if (node.objects != nullptr) {
    for (const auto& [name, schema] : node.objects->dependent_schemas) out.push_back(schema);
  }
  return out;
}

}  // namespace

void append_json(std::string& out, const JsonValue& value) {
  switch (value.type) {
    case JsonValue::Type::Null: out += "null"; return;
    case JsonValue::Type::Boolean: out += value.boolean ? "true" : "false"; return;
    case JsonValue::Type::Number: out += value.text; return;
    case JsonValue::Type::Text: out += json_quote(value.text); return;
    case JsonValue::Type::Array:
      out += '[';
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) out += ',';
        append_json(out, value.items[i]);
      }
      out += ']';
      return;
    case JsonValue::Type::Object: break;
  }
  out += '{';
  for (std::size_t i = 0; i < value.members.size(); ++i) {
    if (i > 0) out += ',';
    out += json_quote(value.members[i].first) + ":";
    append_json(out, value.members[i].second);
  }
  out += '}';
}

SchemaCompiler::SchemaCompiler(const std::vector<SchemaFile>& files, const SchemaDocuments& documents,
                               const JsonSchema::Options& options)
    : files_(files), documents_(documents), options_(options), out_(new JsonSchema) {}

Result<std::unique_ptr<const JsonSchema>> SchemaCompiler::run() {
  out_->root_ = index_of(documents_.root());
  std::uint32_t next = 0;
  const auto compile_waiting = [&] {
    for (; next < places_.size() && faults_.size() < kMostFaults && !too_many_; ++next) compile(next);
  };
  compile_waiting();
  for (std::size_t known = 0; known != places_.size() && faults_.empty() && !too_many_;) {
    known = places_.size();
    dynamic_resources();
    compile_waiting();
  }
  if (too_many_) return Error{.message = "the schema has more than " + with_commas(JsonSchema::kMaxNodes) + " parts"};
  if (faults_.empty()) find_circles();
  if (faults_.empty()) return std::unique_ptr<const JsonSchema>(std::move(out_));
  Error first = faults_.front();
  for (std::size_t i = 1; i < faults_.size() && i < 4; ++i) {
    first.help += (first.help.empty() ? "" : "; ") + std::string(i == 1 ? "besides, " : "") + faults_[i].message;
  }
  if (faults_.size() > 4) first.help += "; and " + std::to_string(faults_.size() - 4) + " more";
  return first;
}

std::uint32_t SchemaCompiler::index_of(const SchemaPlace& place) {
  const auto [known, is_new] = index_.emplace(place.value, static_cast<std::uint32_t>(places_.size()));
  if (!is_new) return known->second;
  if (places_.size() >= JsonSchema::kMaxNodes) {
    too_many_ = true;
    index_.erase(known);
    return 0;
  }
  places_.push_back(place);
  out_->nodes_.emplace_back().resource = place.resource;
  return known->second;
}

void SchemaCompiler::compile(std::uint32_t index) {
  place_ = places_[index];
  draft_ = documents_.resource(place_.resource).draft;
  SchemaNode& node = out_->nodes_[index];
  if (place_.value->type == JsonValue::Type::Boolean) {
    node.always = place_.value->boolean ? SchemaNode::Always::True : SchemaNode::Always::False;
    return;
  }
  if (place_.value->type != JsonValue::Type::Object) return fault("", "a schema is an object, `true` or `false`");
  references(node);
  if (draft_ <= SchemaDraft::Draft7 && node.ref != kNoSchema) return;  // what stands beside it does not count
  values(node);
  number_rules(node);
  text_rules(node);
  array_rules(node);
  object_rules(node);
  applicators(node);
}

void SchemaCompiler::references(SchemaNode& node) {
  if (const auto ref = text("$ref")) node.ref = referred("$ref", *ref);
  if (draft_ == SchemaDraft::Draft2019) {
    const auto recursive = text("$recursiveRef");
    SchemaPlace target;
    if (recursive) node.dynamic_ref = referred("$recursiveRef", *recursive, &target);
    if (recursive && target.value != nullptr && documents_.resource(target.resource).recursive)
      node.dynamic_name = dynamic_name("");
  }
  if (draft_ != SchemaDraft::Draft2020) return;
  const auto dynamic = text("$dynamicRef");
  if (!dynamic) return;
  SchemaPlace target;
  node.dynamic_ref = referred("$dynamicRef", *dynamic, &target);
  if (target.value == nullptr) return;
  const std::string name = split_uri(*dynamic).fragment;
  const auto& anchors = documents_.resource(target.resource).dynamic_anchors;
  const auto anchor = anchors.find(name);
  if (anchor != anchors.end() && anchor->second == target.value) node.dynamic_name = dynamic_name(name);
}

std::uint32_t SchemaCompiler::referred(std::string_view keyword, const std::string& reference, SchemaPlace* where) {
  const Result<SchemaPlace> target = documents_.resolve(place_, reference);
  if (!target) {
    fault(keyword, target.error().message, target.error().help);
    return kNoSchema;
  }
  if (where != nullptr) *where = *target;
  return index_of(*target);
}

std::uint32_t SchemaCompiler::dynamic_name(const std::string& name) {
  return dynamic_names_.emplace(name, static_cast<std::uint32_t>(dynamic_names_.size())).first->second;
}

/// What resources have for the dynamic names that were met.
void SchemaCompiler::dynamic_resources() {
  for (std::uint32_t i = 0; i < documents_.resources().size(); ++i) {
    const SchemaResource& resource = documents_.resource(i);
    for (const auto& [name, number] : dynamic_names_) {
      if (name.empty()) {
        if (resource.recursive) out_->dynamic_[{i, number}] = index_of(documents_.place_of(i, *resource.root));
        continue;
      }
      const auto anchor = resource.dynamic_anchors.find(name);
      if (anchor != resource.dynamic_anchors.end())
        out_->dynamic_[{i, number}] = index_of(documents_.place_of(i, *anchor->second));
    }
  }
}

/// A schema that comes back to itself on the same value would be judged for ever.
void SchemaCompiler::find_circles() {
  enum class State : std::uint8_t { New, Open, Done };
  struct Step {
    std::uint32_t node;
    std::vector<std::uint32_t> next;
  };
  std::vector<State> states(places_.size(), State::New);
  for (std::uint32_t start = 0; start < places_.size(); ++start) {
    if (states[start] != State::New) continue;
    std::vector<Step> path;
    states[start] = State::Open;
    path.push_back({start, in_place(out_->nodes_[start])});
    while (!path.empty()) {
      Step& top = path.back();
      if (top.next.empty()) {
        states[top.node] = State::Done;
        path.pop_back();
        continue;
      }
      const std::uint32_t next = top.next.back();
      top.next.pop_back();
      if (states[next] == State::Open) {
        place_ = places_[next];
        return fault("", "this schema refers to itself without going on to a part of the value");
      }
      if (states[next] != State::New) continue;
      states[next] = State::Open;
      path.push_back({next, in_place(out_->nodes_[next])});
    }
  }
}

void SchemaCompiler::fault(std::string_view key, std::string message, std::string help) {
  if (faults_.size() >= kMostFaults) return;
  const std::string pointer = key.empty() ? place_.pointer : pointer_to(place_.pointer, key);
  message += place_in_words(files_, documents_.resource(place_.resource).file, pointer);
  faults_.push_back(
      Error{.message = std::move(message), .where = {}, .code = {}, .label = {}, .help = std::move(help)});
}

const JsonValue* SchemaCompiler::find(std::string_view key, SchemaDraft since) const {
  return draft_ < since ? nullptr : place_.value->find(key);
}

std::optional<std::string> SchemaCompiler::text(std::string_view key, SchemaDraft since) {
  const JsonValue* const value = find(key, since);
  if (value == nullptr) return std::nullopt;
  if (value->type == JsonValue::Type::Text) return value->text;
  fault(key, "`" + std::string(key) + "` takes a text");
  return std::nullopt;
}

bool SchemaCompiler::count(std::string_view key, std::uint64_t& out, SchemaDraft since) {
  const JsonValue* const value = find(key, since);
  if (value == nullptr) return false;
  const std::optional<Decimal> number =
      value->type == JsonValue::Type::Number ? Decimal::read(value->text) : std::nullopt;
  if (!number || !number->is_whole() || (number->is_negative() && !number->is_zero())) {
    fault(key, "`" + std::string(key) + "` takes a whole number that is not negative");
    return false;
  }
  out = static_cast<std::uint64_t>(number->floor_at(0));
  return true;
}

std::optional<Decimal> SchemaCompiler::number(std::string_view key, SchemaDraft since) {
  const JsonValue* const value = find(key, since);
  if (value == nullptr) return std::nullopt;
  if (value->type == JsonValue::Type::Number) return Decimal::read(value->text);
  fault(key, "`" + std::string(key) + "` takes a number");
  return std::nullopt;
}

const JsonValue* SchemaCompiler::map(std::string_view key, SchemaDraft since) {
  const JsonValue* const value = find(key, since);
  if (value == nullptr || value->type == JsonValue::Type::Object) return value;
  fault(key, "`" + std::string(key) + "` takes an object");
  return nullptr;
}

std::uint32_t SchemaCompiler::below(const JsonValue& value, const std::string& pointer) {
  SchemaPlace place = documents_.place_of(place_.resource, value);
  if (place.pointer.empty()) place.pointer = place_.pointer + pointer;
  return index_of(place);
}

std::uint32_t SchemaCompiler::schema(std::string_view key, SchemaDraft since) {
  const JsonValue* const value = find(key, since);
  return value == nullptr ? kNoSchema : below(*value, pointer_to("", key));
}

std::vector<std::uint32_t> SchemaCompiler::schemas(std::string_view key, SchemaDraft since) {
  std::vector<std::uint32_t> out;
  const JsonValue* const value = find(key, since);
  if (value == nullptr) return out;
  if (value->type != JsonValue::Type::Array || value->items.empty()) {
    fault(key, "`" + std::string(key) + "` takes a list of schemas");
    return out;
  }
  for (std::size_t i = 0; i < value->items.size(); ++i)
    out.push_back(below(value->items[i], pointer_to(pointer_to("", key), std::to_string(i))));
  return out;
}

std::vector<std::string> SchemaCompiler::texts(const JsonValue& list, const std::string& key) {
  std::vector<std::string> out;
  bool fine = list.type == JsonValue::Type::Array;
  for (const JsonValue& item : list.items) {
    fine = fine && item.type == JsonValue::Type::Text;
    out.push_back(item.text);
  }
  if (!fine) fault(key, "`" + key + "` takes a list of names");
  return out;
}

std::shared_ptr<const Pattern> SchemaCompiler::pattern(const std::string& text, const std::string& key) {
  Result<std::shared_ptr<const Pattern>> compiled = compile_schema_pattern(text);
  if (compiled) return *std::move(compiled);
  fault(key, compiled.error().message, compiled.error().help);
  return nullptr;
}

Result<std::unique_ptr<const JsonSchema>> JsonSchema::compile(const std::vector<SchemaFile>& files,
                                                              const Options& options) {
  SchemaDocuments documents;
  if (Status status = documents.read(files); !status) return status.error();
  return SchemaCompiler(files, documents, options).run();
}

std::uint32_t JsonSchema::dynamic(std::uint32_t resource, std::uint32_t name) const {
  const auto found = dynamic_.find({resource, name});
  return found == dynamic_.end() ? kNoSchema : found->second;
}

}  // namespace weir
