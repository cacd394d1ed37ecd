// SPDX-License-Identifier: Apache-2.0
#include "decode/payload.h"

#include <algorithm>
#include <utility>

#include "decode/avro_schema.h"
#include "decode/column_filler.h"
#include "decode/decoders.h"
#include "decode/envelope_cloudevents.h"
#include "decode/envelope_rows.h"

namespace weir {

namespace {

/// Two bytes a character, the higher one first: it begins like a schema's id, and is none.
bool is_wide_json(std::string_view bytes) {
  return bytes.size() > 3 && bytes[0] == '\0' && (bytes[1] == '{' || bytes[1] == '[') && bytes[2] == '\0';
}

std::string encoding_words(std::string_view encoding) {
  return "the text is in " + std::string(encoding) + ": weir reads UTF-8";
}

std::string in_hex(std::uint64_t fingerprint) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[(fingerprint >> static_cast<unsigned>(shift)) & 15U];
  return out;
}

}  // namespace

PayloadDecoder::PayloadDecoder(const Plan& plan, Format format)
    : plan_(plan),
      wrapping_(plan.payload.wrapping),
      typed_(is_typed(format) || is_typed(plan.format)),
      written_(schema_of_bare_records(plan)),
      schemas_({.plan = &plan,
                .wrapping = plan.payload.wrapping,
                .given = plan.payload.schema.get(),
                .message = plan.payload.message,
                .places = [](void* owner,
                             EnvelopeShape shape) { return &static_cast<PayloadDecoder*>(owner)->places(shape); },
                .owner = this}),
      keys_(plan) {}

const Places& PayloadDecoder::places(EnvelopeShape shape) {
  std::optional<Places>& out = places_[static_cast<std::size_t>(shape)];
  const bool marked = wrapping_ == Wrapping::Auto || wrapping_ == Wrapping::Debezium;
  if (!out) out = places_of(plan_.fields, shape, marked);
  return *out;
}

// ---- what reads each message

void PayloadDecoder::decode(const Messages& messages, Batch& batch) {
  prepare_columns(plan_.fields, messages, batch);
  begin_batch(messages, batch);
  if (!decode_file(messages, batch)) {
    bool as_they_lie = true;
    for (std::size_t row = 0; row < rows_.size(); ++row) as_they_lie = take(messages, row) && as_they_lie;
    if (any_json_) documents_.take(messages, as_they_lie, bodies_, batch.arena);
    read_rows(batch);
  }
  end_batch(batch);
  keys_.read(messages, batch);
}

void PayloadDecoder::begin_batch(const Messages& messages, Batch& batch) {
  const std::size_t rows = messages.items.size();
  schemas_.begin_batch();
  messages_ = &messages;
  arena_ = &batch.arena;
  bodies_.resize(rows);
  typed_bodies_.resize(rows);
  rows_.assign(rows, Row{});
  refused_.clear();
  any_json_ = false;
  given_ = typed_ || !messages.envelopes.empty() ? written_ : nullptr;
  if (typed_ && !messages.header.empty()) {
    if (header_ == nullptr || header_->text != messages.header) header_ = schema_of_file(messages.header);
    given_ = header_;
  }
  for (Column& column : own_) {
    column.kinds.assign(rows, Kind::Absent);
    if (column.cells.size() < rows) column.cells.resize(rows);
    batch.columns.push_back(std::move(column));
  }
}

void PayloadDecoder::end_batch(Batch& batch) {
  for (std::size_t i = own_.size(); i-- > 0;) {
    own_[i] = std::move(batch.columns.back());
    batch.columns.pop_back();
  }
}

bool PayloadDecoder::decode_file(const Messages& messages, Batch& batch) {
  if (given_ == nullptr || given_ != header_) return false;
  SchemaReader& reader = schemas_.given(given_, false);
  if (reader.reader == nullptr || !reader.refusal.empty() || !reader.sight.fault.empty()) return false;
  schemas_.bind(reader, batch);
  for (std::uint32_t row = 0; row < messages.items.size(); ++row) {
    // A record that is too long is one of no bytes until its turn comes.
    typed_bodies_[row] = fits(messages.items[row]) ? messages.items[row].bytes : std::string_view{};
    rows_[row].reader = &reader;
  }
  left_.clear();
  if (reader.unmarked) {
    reader.reader->read_many(0, {typed_bodies_.data(), messages.items.size()}, left_);
    batch.wrapped[static_cast<std::size_t>(reader.sight.wrapping)] += messages.items.size() - left_.size();
  } else {
    for (std::uint32_t row = 0; row < messages.items.size(); ++row) left_.push_back(row);
  }
  for (const std::uint32_t row : left_) {
    if (fits(messages.items[row])) {
      read_typed(row, batch);
    } else {
      fail(batch, row, {.row = row, .at = plan_.record_max_bytes, .code = "too_large", .reason = too_large()});
    }
  }
  return true;
}

std::string PayloadDecoder::too_large() const {
  return "the record is longer than " + std::to_string(plan_.record_max_bytes) + " bytes";
}

bool PayloadDecoder::take(const Messages& messages, std::size_t row) {
  const Message& message = messages.items[row];
  if (!fits(message)) return refuse(row, "too_large", too_large(), plan_.record_max_bytes);
  const Envelope* const envelope = messages.envelopes.empty() ? nullptr : &messages.envelopes[row];
  const bool headers = envelope != nullptr && !envelope->headers.empty();
  if (given_ != nullptr && given_ == header_)
    return take_given(row, message.bytes);  // a file that brings its schema along
  const WireForm framing = plan_.payload.framing;
  const std::string_view bytes = message.bytes;
  if (envelope != nullptr && envelope->tombstone) return refuse(row, "syntax", "the record is empty");
  if (headers && !look_at_headers(*envelope, row)) return false;
  // Records of a file have no frame unless somebody says so.
  const bool begins = envelope != nullptr && !bytes.empty() && static_cast<unsigned char>(bytes[0]) <= 1;
  if (framing != WireForm::None && (begins || headers || framing == WireForm::Registry)) {
    const WireFrame frame = wire_frame(bytes, envelope, MessagePart::Value);
    if (!frame.key.empty() || frame.cut_short || framing == WireForm::Registry) return take_body(row, bytes, frame);
  }
  if (typed_ || given_ != nullptr) return take_given(row, bytes);
  return take_json(row, bytes);
}

bool PayloadDecoder::take_body(std::size_t row, std::string_view bytes, const WireFrame& frame) {
  const bool wanted = plan_.payload.framing == WireForm::Registry;
  const bool certain = wanted || frame.body.data() == bytes.data();  // or a header names the schema
  if (frame.key.empty()) {
    if (!wanted && given_ != nullptr) return take_given(row, bytes);
    if (bytes.empty()) return refuse(row, "syntax", "the record is empty");
    if (frame.cut_short) return refuse(row, "schema", "it begins like the id of a schema and ends within it");
    return refuse(row, "schema", "it begins with neither 0x00 nor 0x01, and no header names its schema");
  }
  SchemaReader* const reader = schemas_.named(frame.key, rows_[row].cloud == Cloud::Headers);
  // Where a registry is waited for, a record does not mean something else because it is away.
  const bool waited = plan_.payload.quarantine_unknown;
  if (reader == nullptr && !certain && given_ != nullptr && !waited) return take_given(row, bytes);
  if (reader == nullptr && !certain && is_wide_json(bytes))
    return refuse(row, "encoding", encoding_words("UTF-16, big endian"));
  if (reader == nullptr) {
    return refuse(row, "schema",
                  "it names the schema " + schema_key_text(frame.key) +
                      ", and no registry has said what that is (weir.yml: registry, or --registry)");
  }
  return take_typed(row, frame.body, *reader);
}

bool PayloadDecoder::take_given(std::size_t row, std::string_view bytes) {
  if (given_ == nullptr) return refuse(row, "schema", "it names no schema, and `source.schema` gives none");
  SchemaReader& reader = schemas_.given(given_, rows_[row].cloud == Cloud::Headers);
  return take_typed(row, given_ == written_ ? without_object_head(reader, bytes) : bytes, reader);
}

bool PayloadDecoder::take_typed(std::size_t row, std::string_view body, SchemaReader& reader) {
  if (!reader.refusal.empty()) return refuse(row, "schema", reader.refusal);
  if (!reader.sight.fault.empty()) return refuse(row, "envelope", std::string(reader.sight.fault));
  if (reader.json) return take_json(row, body);
  rows_[row].work = Work::Typed;
  rows_[row].reader = &reader;
  bodies_[row] = {};
  typed_bodies_[row] = body;
  return false;
}

bool PayloadDecoder::look_at_headers(const Envelope& envelope, std::size_t row) {
  if (wrapping_ != Wrapping::Auto && wrapping_ != Wrapping::CloudEvents) return true;
  const CloudMessage cloud = cloud_message(envelope);
  if (cloud.form == CloudForm::Refused) return refuse(row, "envelope", std::string(cloud.fault));
  if (cloud.form == CloudForm::Binary) rows_[row].cloud = Cloud::Headers;
  if (cloud.form == CloudForm::Structured) rows_[row].cloud = Cloud::Document;
  return true;
}

/// A document whose data stands in base64 is read with the data in its place.
bool PayloadDecoder::take_json(std::size_t row, std::string_view body) {
  if (body.empty()) return refuse(row, "syntax", "the record is empty");
  const bool document =
      rows_[row].cloud == Cloud::Document || (wrapping_ == Wrapping::CloudEvents && rows_[row].cloud == Cloud::No);
  bodies_[row] = body;
  if (document) {
    std::string_view fault;
    bodies_[row] = plain_data(body, *arena_, fault);
    if (!fault.empty()) return refuse(row, "envelope", std::string(fault));
  }
  any_json_ = true;
  return bodies_[row].data() == messages_->items[row].bytes.data() &&
         bodies_[row].size() == messages_->items[row].bytes.size();
}

bool PayloadDecoder::refuse(std::size_t row, std::string_view code, std::string reason, std::size_t at) {
  rows_[row].work = Work::Refused;
  bodies_[row] = {};
  refused_.push_back({.row = static_cast<std::uint32_t>(row),
                      .at = static_cast<std::uint32_t>(at),
                      .code = code,
                      .reason = std::move(reason)});
  return false;
}

// ---- row after row

void PayloadDecoder::read_rows(Batch& batch) {
  const bool in_one_go = any_json_ && documents_.index_all();
  IndexedJson json = in_one_go ? documents_.indexed() : IndexedJson{};
  for (JsonOfShape& one : json_) one.begun = false;
  std::size_t next_refused = 0;
  for (std::uint32_t row = 0; row < rows_.size(); ++row) {
    if (rows_[row].work == Work::Json) [[likely]] {
      if (!in_one_go) {
        if (std::optional<DecodeFailure> fault = documents_.index_one(bodies_[row])) {
          fail(batch, row, *std::move(fault));
          continue;
        }
        json = documents_.indexed();
        for (JsonOfShape& one : json_) one.begun = false;
      }
      read_json(row, json, bodies_[row], batch);
    } else if (rows_[row].work == Work::Typed) {
      read_typed(row, batch);
    } else {
      fail(batch, row, std::move(refused_[next_refused++]));
    }
  }
}

void PayloadDecoder::read_typed(std::uint32_t row, Batch& batch) {
  SchemaReader& reader = *rows_[row].reader;
  schemas_.bind(reader, batch);
  if (reader.reader->read(row, typed_bodies_[row])) {
    if (is_debezium(reader.sight.shape)) forget_notes(row, batch);  // they are those of the event, not of the row
    finish(row, reader.sight, *reader.places, batch);
  } else {
    fail(batch, row, fault_of(reader, typed_bodies_[row]));
  }
}

/// A bare record may begin like the head of a single object: only one that cannot be read as it stands is told to be one.
DecodeFailure PayloadDecoder::fault_of(const SchemaReader& reader, std::string_view body) const {
  const std::optional<AvroObject> object =
      reader.fingerprint && reader.schema == written_ ? avro_single_object(body) : std::nullopt;
  if (!object) return reader.reader->fault();
  return {.row = 0,
          .at = 0,
          .code = "schema",
          .reason = "it is a single object of another schema: its fingerprint is " + in_hex(object->fingerprint) +
                    ", that of `source.schema` is " + in_hex(*reader.fingerprint)};
}

JsonReader& PayloadDecoder::json_of(EnvelopeShape shape, const IndexedJson& json, Batch& batch) {
  JsonOfShape& out = json_[static_cast<std::size_t>(shape)];
  if (out.reader == nullptr) {
    const Places& at = places(shape);
    out.reader = std::make_unique<JsonReader>(plan_, at.tree, at.record);
  }
  if (!out.begun) {
    out.begun = true;
    out.reader->begin(batch, json.text, json.positions.data(), json.positions.size());
  }
  return *out.reader;
}

void PayloadDecoder::read_json(std::uint32_t row, const IndexedJson& json, std::string_view body, Batch& batch) {
  const auto from = static_cast<std::size_t>(body.data() - json.text.data());
  const std::size_t to = from + body.size();
  const Sight sight = look(row, json, from, to);
  JsonReader& reader = json_of(sight.shape, json, batch);
  if (!reader.read(row, from, to)) [[unlikely]] {
    fail(batch, row,
         {.row = row,
          .at = static_cast<std::uint32_t>(reader.fault_at() - from),
          .code = reader.too_deep() ? "too_deep" : "syntax",
          .reason = reader.fault()});
  } else if (!sight.fault.empty()) [[unlikely]] {
    undo_row(plan_.fields, row, batch);
    fail(batch, row, {.row = row, .at = 0, .code = "envelope", .reason = std::string(sight.fault)});
  } else {
    finish(row, sight, places(sight.shape), batch);
  }
}

Sight PayloadDecoder::look(std::uint32_t row, const IndexedJson& json, std::size_t from, std::size_t to) const {
  const Cloud cloud = rows_[row].cloud;
  if (cloud == Cloud::Headers) return {.shape = EnvelopeShape::CloudHeaders, .wrapping = Wrapping::CloudEvents};
  const char* const text = json.text.data();
  const bool plain = wrapping_ == Wrapping::None ||
                     (wrapping_ == Wrapping::Auto && cloud == Cloud::No && !begins_wrapped(text + from, text + to));
  if (plain) [[likely]]
    return {};
  const auto first = std::lower_bound(json.positions.begin(), json.positions.end(), from);
  const auto last = std::lower_bound(first, json.positions.end(), to);
  return look_at_json({.text = json.text, .positions = {first, last}},
                      cloud == Cloud::Document ? Wrapping::CloudEvents : wrapping_);
}

void PayloadDecoder::finish(std::uint32_t row, const Sight& sight, const Places& at, Batch& batch) {
  const auto is_there = [&](std::int32_t column) {
    return column >= 0 && !is_missing(batch.columns[static_cast<std::size_t>(column)].kinds[row]);
  };
  const bool flat = !is_debezium(sight.shape) && (is_there(at.op) || is_there(at.deleted));
  if (sight.shape == EnvelopeShape::Plain && !flat && !sight.notice) [[likely]] {
    ++batch.wrapped[static_cast<std::size_t>(sight.wrapping)];
    return;
  }
  if (is_connect(sight.shape)) connect_.convert(sight.schema, at, sight.shape, row, batch);
  copy_places(at, row, batch);
  if (sight.shape == EnvelopeShape::CloudHeaders &&
      !read_cloud_headers(plan_.fields, messages_->envelopes[row], row, batch)) {
    undo_row(plan_.fields, row, batch);
    fail(batch, row,
         {.row = row, .at = 0, .code = "encoding", .reason = "a header of the CloudEvent is not UTF-8 text"});
    return;
  }
  ++batch.wrapped[static_cast<std::size_t>(flat ? Wrapping::Debezium : sight.wrapping)];
  if (sight.notice) {
    mark(batch.notices, batch.size(), row);
    forget_notes(row, batch);
    blank_row(plan_.fields, row, batch);
  } else if (flat || is_debezium(sight.shape)) {
    finish_event(row, flat, at, batch);
  }
}

void PayloadDecoder::finish_event(std::uint32_t row, bool flat, const Places& at, Batch& batch) {
  const auto text = [&](std::int32_t column) {
    if (column < 0) return std::string_view{};
    const Column& values = batch.columns[static_cast<std::size_t>(column)];
    const Kind kind = values.kinds[row];
    if (kind == Kind::Boolean) return std::string_view(values.cells[row].number == 1 ? "true" : "false");
    return kind == Kind::Text ? values.cells[row].text() : std::string_view{};
  };
  const std::string_view op = text(at.op);
  drop_unavailable(plan_.fields, row, batch);
  if (op == "d" || op == "t" || op == "m" || text(at.deleted) == "true") {
    mark(batch.removals, batch.size(), row);
    if (flat) blank_row(plan_.fields, row, batch);
  } else if (op == "r") {
    mark(batch.snapshots, batch.size(), row);
  }
}

void PayloadDecoder::fail(Batch& batch, std::uint32_t row, DecodeFailure failure) {
  failure.row = row;
  const std::string_view encoding = failure.code == "utf8" || failure.code == "syntax"
                                        ? other_encoding(batch.origins[row].bytes)
                                        : std::string_view{};
  if (!encoding.empty()) {
    failure.at = 0;
    failure.code = "encoding";
    failure.reason = encoding_words(encoding);
  }
  batch.decoded.clear(row);
  batch.failures.push_back(std::move(failure));
}

std::unique_ptr<Decoder> make_json_decoder(const Plan& plan) {
  return std::make_unique<PayloadDecoder>(plan, Format::Json);
}

std::unique_ptr<Decoder> make_decoder(Format format, const Plan& plan) {
  if (format == Format::Csv) return make_csv_decoder(plan, ',');
  if (format == Format::Tsv) return make_csv_decoder(plan, '\t');
  if (format == Format::Parquet) return make_column_decoder(plan);
  return std::make_unique<PayloadDecoder>(plan, format);
}

}  // namespace weir
