// SPDX-License-Identifier: Apache-2.0
#include "decode/datum_json.h"

#include "decode/wire.h"

namespace weir {

DatumJson::DatumJson(const Plan& plan)
    : plan_(plan),
      nowhere_(places_of(FieldTable{}, EnvelopeShape::Plain, false)),
      schemas_({.plan = &plan,
                .wrapping = Wrapping::None,
                .given = plan.payload.schema.get(),
                .message = plan.payload.message,
                .places = [](void* owner, EnvelopeShape) -> const Places* {
                  return &static_cast<DatumJson*>(owner)->nowhere_;
                },
                .owner = this}),
      written_(schema_of_bare_records(plan)) {}

std::shared_ptr<const SchemaText> DatumJson::given_to(const Messages& messages, bool typed) {
  if (!typed || messages.header.empty()) return typed || !messages.envelopes.empty() ? written_ : nullptr;
  if (header_ == nullptr || header_->text != messages.header) header_ = schema_of_file(messages.header);
  return header_;
}

std::optional<std::string_view> DatumJson::write(const Messages& messages, std::size_t item, Format format) {
  const Message& message = messages.items[item];
  if (messages.columns != nullptr) {
    json_ = messages.columns->json(message.line);
    return json_;
  }
  const bool typed = is_typed(format) || is_typed(plan_.format);
  const std::shared_ptr<const SchemaText> given = given_to(messages, typed);
  const Envelope* const envelope = messages.envelopes.empty() ? nullptr : &messages.envelopes[item];
  const WireForm framing = plan_.payload.framing;
  schemas_.begin_batch();
  const bool brought = given != nullptr && given == header_;  // by the file: nothing stands around its records
  if (!brought && (framing == WireForm::Registry || (framing == WireForm::Auto && envelope != nullptr))) {
    const WireFrame frame = wire_frame(message.bytes, envelope, MessagePart::Value);
    SchemaReader* const named = frame.key.empty() ? nullptr : schemas_.named(frame.key, false);
    if (named != nullptr && named->json) return frame.body;
    if (named != nullptr) return by_schema(*named, frame.body);
    if (framing == WireForm::Registry) return std::nullopt;
  }
  if (given != nullptr) {
    SchemaReader& reader = schemas_.given(given, false);
    return by_schema(reader, given == written_ ? without_object_head(reader, message.bytes) : message.bytes);
  }
  if (typed) return std::nullopt;
  return message.bytes;
}

std::optional<std::string_view> DatumJson::by_schema(const SchemaReader& reader, std::string_view body) {
  json_.clear();
  if (reader.reader == nullptr || !reader.reader->json(body, json_)) return std::nullopt;
  return json_;
}

}  // namespace weir
