// SPDX-License-Identifier: Apache-2.0
// Avro data written by hand, and what a reader makes of them.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/column_filler.h"
#include "decode/typed_reader.h"
#include "testing/decoded_rows.h"

namespace weir::testing {

/// A number in zigzag form, which is also a length, a count, an index.
inline std::string avro_long(std::int64_t value) {
  std::string out;
  std::uint64_t rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  for (; rest >= 0x80; rest >>= 7) out += static_cast<char>(rest | 0x80);
  return out + static_cast<char>(rest);
}
inline std::string avro_text(std::string_view text) {
  return avro_long(static_cast<std::int64_t>(text.size())) + std::string(text);
}
template <class Number>
std::string avro_raw(Number number) {
  std::string out(sizeof number, '\0');
  std::memcpy(out.data(), &number, sizeof number);
  return out;
}

inline SchemaText avro_schema(std::string text) {
  return {.language = SchemaLanguage::Avro, .text = std::move(text), .references = {}, .subject = {}, .name = {}};
}

/// Reads messages with one reader, as a decoder would: one by one, or as many at once as the reader likes.
class AvroDecoder final : public Decoder {
 public:
  AvroDecoder(const Plan& plan, std::unique_ptr<TypedReader> reader, bool many = false)
      : plan_(plan), reader_(std::move(reader)), many_(many) {}

  void decode(const Messages& messages, Batch& batch) override {
    prepare_columns(plan_.fields, messages, batch);
    reader_->begin(batch);
    std::vector<std::string_view> records;
    std::vector<std::uint32_t> left;
    for (std::uint32_t row = 0; row < messages.items.size(); ++row) {
      records.push_back(messages.items[row].bytes);
      if (!many_) left.push_back(row);
    }
    if (many_) reader_->read_many(0, records, left);
    at_once_ = records.size() - left.size();
    for (const std::uint32_t row : left) {
      if (reader_->read(row, records[row])) continue;
      batch.decoded.clear(row);
      batch.failures.push_back(reader_->fault());
      batch.failures.back().row = row;
    }
  }

  /// Of the last batch: how many records were not read one by one.
  [[nodiscard]] std::size_t at_once() const { return at_once_; }

 private:
  const Plan& plan_;
  std::unique_ptr<TypedReader> reader_;
  bool many_;
  std::size_t at_once_ = 0;
};

/// What a rule would see of each datum, one line each; the fault of the schemas where there is one. Whatever is read is read
/// one by one and many at once: a line that differs says so. `at_once`: how many were read that way.
inline std::vector<std::string> read_avro(const Plan& plan, const std::string& schema,
                                          const std::vector<std::string>& data,
                                          const std::optional<std::string>& reader = {},
                                          std::size_t* at_once = nullptr) {
  const SchemaText written = avro_schema(schema);
  const SchemaText wanted = avro_schema(reader.value_or(""));
  const FieldTree& tree = plan.fields.nodes();
  const auto make = [&] {
    return make_avro_reader({.plan = plan, .tree = tree, .schema = written, .reader = reader ? &wanted : nullptr});
  };
  Result<std::unique_ptr<TypedReader>> made = make();
  if (!made) return {"schema: " + made.error().message};
  AvroDecoder decoder(plan, std::move(*made));
  AvroDecoder many(plan, *make(), true);
  Messages messages;
  for (const std::string& datum : data) messages.items.push_back({.bytes = datum});
  std::vector<std::string> out;
  const std::vector<DecodedRow> others = decode(many, plan, messages);
  if (at_once != nullptr) *at_once = many.at_once();
  for (const DecodedRow& row : decode(decoder, plan, messages)) {
    if (!(row == others[out.size()])) {
      out.push_back("one by one " + show(row) + ", many at once " + show(others[out.size()]));
      continue;
    }
    std::string line = row.decoded ? "" : row.code + " at " + std::to_string(row.at) + ": " + row.reason;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      std::string value = row.values[i];
      while (!value.empty() && value.back() == ' ') value.pop_back();
      if (row.decoded) line += (line.empty() ? "" : " | ") + value;
    }
    for (const std::string& name : row.extra) line += " + " + name;
    for (const std::string& field : row.seen) line += " ~ " + field;
    if (row.duplicate_keys) line += " (a key twice)";
    out.push_back(line);
  }
  return out;
}

inline std::string read_avro(const std::vector<std::string>& paths, const std::string& schema, const std::string& datum,
                             const std::optional<std::string>& reader = {}) {
  const Plan plan = plan_of(paths);
  return read_avro(plan, schema, {datum}, reader)[0];
}

/// A record `r` with the fields as they are given: `{"name":"a","type":"int"}`, separated by commas.
inline std::string avro_record(const std::string& fields) {
  return R"({"type":"record","name":"r","fields":[)" + fields + "]}";
}
/// A record with the one field `a` of the type.
inline std::string avro_of(const std::string& type) {
  return avro_record(R"({"name":"a","type":)" + type + "}");
}

/// The datum as JSON, or why not.
inline std::string avro_json_of(const std::string& schema, const std::string& datum,
                                const std::optional<std::string>& reader = {}) {
  const Plan plan = plan_of({});
  const FieldTree& tree = plan.fields.nodes();
  const SchemaText written = avro_schema(schema);
  const SchemaText wanted = avro_schema(reader.value_or(""));
  Result<std::unique_ptr<TypedReader>> made =
      make_avro_reader({.plan = plan, .tree = tree, .schema = written, .reader = reader ? &wanted : nullptr});
  if (!made) return "schema: " + made.error().message;
  std::string out;
  if ((*made)->json(datum, out)) return out;
  return std::string((*made)->fault().code) + ": " + (*made)->fault().reason;
}

}  // namespace weir::testing
