// SPDX-License-Identifier: Apache-2.0
#include "decode/payload_schemas.h"

#include <algorithm>
#include <utility>

#include "decode/avro_schema.h"

namespace weir {

namespace {

/// Whether a record can be told from a plain one by what stands in it.
bool has_marks(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [](std::string_view name) { return name == kFlatOp || name == kFlatDeleted; });
}

}  // namespace

std::shared_ptr<const SchemaText> schema_of_bare_records(const Plan& plan) {
  const std::shared_ptr<const SchemaText>& schema = plan.payload.schema;
  const bool any = schema != nullptr && schema->language != SchemaLanguage::Json && plan.format != Format::Json;
  return any ? schema : nullptr;
}

std::shared_ptr<const SchemaText> schema_of_file(std::string_view header) {
  return std::make_shared<SchemaText>(SchemaText{.language = SchemaLanguage::Avro,
                                                 .text = std::string(header),
                                                 .references = {},
                                                 .subject = {},
                                                 .version = 0,
                                                 .name = "of the file"});
}

std::string_view without_object_head(const SchemaReader& reader, std::string_view bytes) {
  const std::optional<AvroObject> object = avro_single_object(bytes);
  return object && reader.fingerprint == object->fingerprint ? object->body : bytes;
}

SchemaReader* SchemaReaders::named(std::string_view key, bool cloud_headers) {
  std::string name(1, cloud_headers ? 'c' : 'n');
  name += key;
  if (last_ != nullptr && last_->checked == batch_ && name == last_key_) return last_;
  SchemaReader& out = place(name);
  if (out.checked != batch_) {
    // The book is asked once a batch: what is known of a key changes when a registry was away.
    const std::shared_ptr<const KnownSchema> known = setting_.plan->payload.schemas->find(key);
    if (known == nullptr) {
      readers_.erase(name);
      return nullptr;
    }
    if (known->text == nullptr) {
      out = SchemaReader();
      out.refusal = known->refusal;
    } else if (out.schema != known->text) {
      out = SchemaReader();
      out.schema = known->text;
      make(out, true, cloud_headers);
    }
    out.checked = batch_;
  }
  last_key_ = std::move(name);
  last_ = &out;
  return &out;
}

SchemaReader& SchemaReaders::given(const std::shared_ptr<const SchemaText>& schema, bool cloud_headers) {
  SchemaReader& out = place(cloud_headers ? "C" : "G");
  if (out.schema != schema) {
    out = SchemaReader();
    out.schema = schema;
    make(out, false, cloud_headers);
    if (out.reader != nullptr && schema->language == SchemaLanguage::Avro) {
      if (const Result<AvroSchema> parsed = parse_avro_schema(*schema)) out.fingerprint = avro_fingerprint(*parsed);
    }
  }
  out.checked = batch_;
  return out;
}

void SchemaReaders::bind(SchemaReader& reader, Batch& batch) const {
  if (reader.begun == batch_) return;
  reader.begun = batch_;
  reader.reader->begin(batch);
}

/// Whoever was not read in the last batch goes when there are too many: what is read already lies in its batch alone.
void SchemaReaders::begin_batch() {
  last_ = nullptr;
  if (readers_.size() > kMost)
    std::erase_if(readers_, [this](const auto& entry) { return entry.second.checked != batch_; });
  ++batch_;
}

SchemaReader& SchemaReaders::place(const std::string& key) {
  return readers_.try_emplace(key).first->second;
}

void SchemaReaders::make(SchemaReader& out, bool indexed, bool cloud_headers) const {
  if (out.schema->language == SchemaLanguage::Json) {
    out.json = true;
    return;
  }
  const auto begin = [&](EnvelopeShape shape) {
    out.places = setting_.places(setting_.owner, shape);
    Result<std::unique_ptr<TypedReader>> reader = make_reader(*out.schema, indexed, *out.places);
    if (reader) {
      out.reader = *std::move(reader);
      return true;
    }
    out.refusal = reader.error().message;
    const std::string& name = out.schema->name;  // most errors say it
    if (out.refusal.find(name) == std::string::npos) out.refusal = name + ": " + out.refusal;
    return false;
  };
  if (cloud_headers) out.sight = {.shape = EnvelopeShape::CloudHeaders, .wrapping = Wrapping::CloudEvents};
  if (!begin(out.sight.shape) || cloud_headers) return;
  const std::vector<std::string> names = out.reader->names();
  out.sight = look_at_names(names, setting_.wrapping);
  out.unmarked = out.sight.shape == EnvelopeShape::Plain && !out.sight.notice && !has_marks(names);
  if (out.sight.shape != EnvelopeShape::Plain) begin(out.sight.shape);
}

Result<std::unique_ptr<TypedReader>> SchemaReaders::make_reader(const SchemaText& schema, bool indexed,
                                                                const Places& places) const {
  const SchemaText* const given = setting_.given;
  const bool resolved = given != nullptr && given != &schema && given->language == SchemaLanguage::Avro;
  TypedRequest request{.plan = *setting_.plan,
                       .tree = places.tree,
                       .schema = schema,
                       .reader = resolved ? given : nullptr,
                       .message = setting_.message,
                       .indexed = indexed};
  return schema.language == SchemaLanguage::Avro ? make_avro_reader(request) : make_protobuf_reader(request);
}

}  // namespace weir
