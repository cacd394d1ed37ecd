// SPDX-License-Identifier: Apache-2.0
#include "decode/payload_keys.h"

#include <algorithm>
#include <utility>

#include "decode/envelope_rows.h"
#include "decode/envelope_sight.h"
#include "decode/wire.h"

namespace weir {

namespace {

constexpr std::int32_t kNoRecord = -1;  // fields of a key are no fields of the record

/// Where the columns lie in a key, behind `outer` where that is not empty.
Places places_in_key(const FieldTable& fields, std::string_view outer) {
  Places out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::vector<FieldPath::Step> steps;
    const FieldPath& path = fields[i].path;
    if (looks_into_key(path)) {
      if (!outer.empty()) steps.push_back({.name = std::string(outer), .every = false, .self = false});
      steps.insert(steps.end(), path.steps().begin() + 2, path.steps().end());
    }
    out.steps.push_back(std::move(steps));
  }
  out.tree = field_tree(out.steps);
  out.record = kNoRecord;
  return out;
}

}  // namespace

bool looks_into_key(const FieldPath& path) {
  return path.from_envelope() && path.steps().size() > 2 && path.steps()[1].name == "key";
}

KeyReader::KeyReader(const Plan& plan)
    : plan_(plan),
      schemas_({.plan = &plan,
                .wrapping = Wrapping::None,
                .given = plan.payload.key_schema.get(),
                .message = {},
                .places = [](void* owner, EnvelopeShape) -> const Places* {
                  return &static_cast<KeyReader*>(owner)->plain_;
                },
                .owner = this}) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i) wanted_ = wanted_ || looks_into_key(plan.fields[i].path);
  if (!wanted_) return;
  plain_ = places_in_key(plan.fields, "");
  connect_ = places_in_key(plan.fields, "payload");
  plain_reader_ = std::make_unique<JsonReader>(plan, plain_.tree, kNoRecord);
  connect_reader_ = std::make_unique<JsonReader>(plan, connect_.tree, kNoRecord);
}

void KeyReader::read(const Messages& messages, Batch& batch) {
  if (!wanted_) return;
  const std::size_t rows = batch.size();
  for (std::size_t i = 0; i < plan_.fields.size(); ++i) {
    if (!looks_into_key(plan_.fields[i].path) || batch.columns[i].repeated()) continue;
    batch.columns[i].kinds.assign(rows, Kind::Absent);
    if (batch.columns[i].cells.size() < rows) batch.columns[i].cells.resize(rows);
  }
  if (messages.envelopes.empty()) return;
  schemas_.begin_batch();
  tasks_.assign(rows, Task{});
  bodies_.assign(rows, std::string_view{});
  for (std::size_t row = 0; row < rows; ++row) take(messages, row, batch);
  const auto is_json = [](std::string_view body) { return body.data() != nullptr; };
  const bool any_json = std::any_of(bodies_.begin(), bodies_.end(), is_json);
  if (any_json) documents_.take(messages, false, bodies_, batch.arena);
  const bool in_one_go = any_json && documents_.index_all();
  plain_begun_ = connect_begun_ = false;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const Task& task = tasks_[row];
    if (task.reader != nullptr) {
      read_typed(row, task.body, *task.reader, batch);
    } else if (bodies_[row].data() == nullptr) {
      continue;
    } else if (in_one_go) {
      read_json(row, documents_.indexed(), batch);
    } else if (const std::optional<DecodeFailure> fault = documents_.index_one(bodies_[row])) {
      refuse(row, fault->reason, batch, fault->at);
    } else {
      plain_begun_ = connect_begun_ = false;
      read_json(row, documents_.indexed(), batch);
    }
  }
}

void KeyReader::take(const Messages& messages, std::size_t row, Batch& batch) {
  const Envelope& envelope = messages.envelopes[row];
  if (!envelope.has_key || (!batch.decoded[row] && !envelope.tombstone)) return;
  const PayloadForm& form = plan_.payload;
  const KeyFormat format = form.key_format;
  const std::string_view key = envelope.key;
  if (format == KeyFormat::Text) return;
  if (form.framing != WireForm::None && format != KeyFormat::Json) {
    const WireFrame frame = wire_frame(key, &envelope, MessagePart::Key);
    const bool bare = form.key_schema != nullptr && !form.quarantine_unknown;
    if (!frame.key.empty() && (!bare || form.schemas->find(frame.key) != nullptr))
      return take_framed(row, frame.key, frame.body, batch);
  }
  if (form.key_schema != nullptr && format != KeyFormat::Json) {
    SchemaReader& reader = schemas_.given(form.key_schema, false);
    if (!reader.refusal.empty()) return refuse(row, reader.refusal, batch);
    if (!reader.json) {
      tasks_[row] = {.reader = &reader, .body = key};
      return;
    }
  } else if (format == KeyFormat::Avro || format == KeyFormat::Protobuf) {
    return refuse(row, "it names no schema, and `source.key_schema` gives none", batch);
  }
  bodies_[row] = key;
}

void KeyReader::take_framed(std::size_t row, std::string_view key, std::string_view body, Batch& batch) {
  SchemaReader* const reader = schemas_.named(key, false);
  if (reader == nullptr) {
    return refuse(row,
                  "it names the schema " + schema_key_text(key) +
                      ", and no registry has said what that is (weir.yml: registry, or --registry)",
                  batch);
  }
  if (!reader->refusal.empty()) return refuse(row, reader->refusal, batch);
  if (reader->json) {
    bodies_[row] = body;
  } else {
    tasks_[row] = {.reader = reader, .body = body};
  }
}

void KeyReader::read_json(std::uint32_t row, const IndexedJson& json, Batch& batch) {
  const auto from = static_cast<std::size_t>(bodies_[row].data() - json.text.data());
  const std::size_t to = from + bodies_[row].size();
  bool connect = false;
  if (begins_wrapped(bodies_[row].data(), bodies_[row].data() + bodies_[row].size())) {
    const auto first = std::lower_bound(json.positions.begin(), json.positions.end(), from);
    const auto last = std::lower_bound(first, json.positions.end(), to);
    connect = is_connect(look_at_json({.text = json.text, .positions = {first, last}}, Wrapping::Auto).shape);
  }
  JsonReader& reader = connect ? *connect_reader_ : *plain_reader_;
  bool& begun = connect ? connect_begun_ : plain_begun_;
  if (!begun) reader.begin(batch, json.text, json.positions.data(), json.positions.size());
  begun = true;
  if (!reader.read(row, from, to)) refuse(row, reader.fault(), batch, reader.fault_at() - from);
}

void KeyReader::read_typed(std::uint32_t row, std::string_view body, SchemaReader& reader, Batch& batch) {
  const std::size_t extra = batch.extra_fields.size();
  const std::size_t seen = batch.seen_fields.size();
  schemas_.bind(reader, batch);
  const bool good = reader.reader->read(row, body);
  batch.extra_fields.resize(extra);
  batch.seen_fields.resize(seen);
  if (!good) refuse(row, reader.reader->fault().reason, batch, reader.reader->fault().at);
}

void KeyReader::refuse(std::size_t row, const std::string& reason, Batch& batch, std::size_t at) {
  refuse_row(plan_.fields,
             {.row = static_cast<std::uint32_t>(row),
              .at = static_cast<std::uint32_t>(at),
              .code = kKeyFault,
              .reason = "the key: " + reason},
             batch);
}

}  // namespace weir
