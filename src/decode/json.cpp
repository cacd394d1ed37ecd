// SPDX-License-Identifier: Apache-2.0
// JSON messages to a Batch.
//
// The usual case is a block of a file with many documents: it is indexed in one go. When something in it is no JSON text at all
// (bytes that are not UTF-8, a control character, a text that never ends) the fault may hide what follows, so that block is
// indexed again message by message and only the faulty ones are lost.
#include <cstring>

#include "base/assert.h"
#include "base/text.h"
#include "decode/decoders.h"
#include "decode/json_reader.h"
#include "decode/json_structure.h"

namespace weir {

namespace {

/// What is wrong with the quotes of a text that stage one refused: where its first control character between quotes stands,
/// and where the text begins that is never closed. As in stage one, a backslash takes the next byte along everywhere.
struct QuoteFaults {
  std::size_t control = 0;
  std::size_t open = 0;
};

QuoteFaults find_quote_faults(std::string_view json) {
  QuoteFaults faults;
  bool in_text = false;
  bool controlled = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '\\') {
      if (++i == json.size()) break;
    } else if (json[i] == '"') {
      in_text = !in_text;
      faults.open = i;
    }
    if (in_text && !controlled && static_cast<unsigned char>(json[i]) < 0x20) {
      controlled = true;
      faults.control = i;
    }
  }
  return faults;
}

/// A quote too many in one document must not turn the texts of the next one inside out: a line end between them brings it to
/// light, as no text may hold one.
bool on_lines_of_their_own(const std::vector<Message>& items) {
  for (std::size_t i = 1; i < items.size(); ++i) {
    const char* const end = items[i - 1].bytes.data() + items[i - 1].bytes.size();
    const auto gap = static_cast<std::size_t>(items[i].bytes.data() - end);
    if (gap == 0 || (*end != '\n' && std::memchr(end, '\n', gap) == nullptr)) return false;
  }
  return true;
}

class JsonDecoder final : public Decoder {
 public:
  explicit JsonDecoder(const Plan& plan)
      : fields_(plan.fields), record_max_bytes_(plan.record_max_bytes), reader_(plan) {}

  void decode(const Messages& messages, Batch& batch) override;

 private:
  std::string_view gather(Batch& batch);
  void decode_each(Batch& batch);
  void fail(Batch& batch, std::uint32_t row, std::size_t at, std::string_view code, std::string reason);

  const FieldTable& fields_;
  std::uint32_t record_max_bytes_;
  JsonReader reader_;
  JsonStructure structure_;
  std::vector<std::string_view> documents_;  // where each message's bytes can be read with padding
};

void JsonDecoder::decode(const Messages& messages, Batch& batch) {
  const std::size_t rows = messages.items.size();
  batch.decoded.assign(rows, true);
  batch.duplicate_keys.assign(rows, false);
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    Column& column = batch.columns[i];
    column.set_repeated(fields_[i].path.repeated());
    if (column.repeated()) continue;
    column.kinds.assign(rows, Kind::Absent);
    if (column.cells.size() < rows) column.cells.resize(rows);
  }
  documents_.clear();
  bool whole = true;
  for (const Message& message : messages.items) {
    batch.origins.push_back({.bytes = message.bytes, .line = message.line, .offset = message.offset});
    documents_.push_back(message.bytes);
    whole = whole && message.whole && message.bytes.size() <= record_max_bytes_;
  }
  if (!whole) {
    for (std::size_t i = 0; i < rows; ++i) {
      if (messages.items[i].whole && messages.items[i].bytes.size() <= record_max_bytes_) continue;
      documents_[i] = {};
      const auto row = static_cast<std::uint32_t>(i);
      fail(batch, row, record_max_bytes_, "too_large",
           "the record is longer than " + std::to_string(record_max_bytes_) + " bytes");
    }
  }
  std::string_view text = messages.block;
  if (rows > 0 && (text.empty() || !on_lines_of_their_own(messages.items))) text = gather(batch);
  if (rows == 0) return;
  WEIR_ASSERT(text.data()[text.size()] == '\0', "a block of messages is followed by a zero byte");

  if (!whole || structure_.index(text) != StructureFault::None) {
    decode_each(batch);
    return;
  }
  reader_.begin(batch, text, structure_.positions(), structure_.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const auto from = static_cast<std::size_t>(documents_[i].data() - text.data());
    if (reader_.read(static_cast<std::uint32_t>(i), from, from + documents_[i].size())) [[likely]]
      continue;
    fail(batch, static_cast<std::uint32_t>(i), reader_.fault_at() - from, reader_.too_deep() ? "too_deep" : "syntax",
         reader_.fault());
  }
}

/// Copies messages that lie anywhere (Kafka's) into one stretch with padding.
std::string_view JsonDecoder::gather(Batch& batch) {
  std::size_t total = 0;
  for (const std::string_view document : documents_) total += document.size() + 1;
  char* const begin = batch.arena.take(total + Messages::kPadding);
  char* out = begin;
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    if (!documents_[i].empty()) std::memcpy(out, documents_[i].data(), documents_[i].size());
    documents_[i] = std::string_view(out, documents_[i].size());
    out += documents_[i].size();
    *out++ = '\n';
  }
  std::memset(out, 0, Messages::kPadding);
  return {begin, total};
}

void JsonDecoder::decode_each(Batch& batch) {
  std::vector<DecodeFailure> too_large = std::move(batch.failures);  // found before, to be merged in by row
  batch.failures.clear();
  std::size_t next = 0;
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    const auto row = static_cast<std::uint32_t>(i);
    const std::string_view text = documents_[i];
    if (next < too_large.size() && too_large[next].row == row) {
      batch.failures.push_back(std::move(too_large[next++]));
      continue;
    }
    if (text.empty()) {
      fail(batch, row, 0, "syntax", "the record is empty");
      continue;
    }
    switch (structure_.index(text)) {
      case StructureFault::None:
        reader_.begin(batch, text, structure_.positions(), structure_.size());
        if (!reader_.read(row, 0, text.size())) {
          fail(batch, row, reader_.fault_at(), reader_.too_deep() ? "too_deep" : "syntax", reader_.fault());
        }
        break;
      case StructureFault::Utf8: fail(batch, row, first_invalid_utf8(text), "utf8", "the bytes are not UTF-8"); break;
      case StructureFault::OpenText:
        fail(batch, row, find_quote_faults(text).open, "syntax", "a text is not closed");
        break;
      case StructureFault::ControlCharacter:
        fail(batch, row, find_quote_faults(text).control, "syntax", "a control character in a text must be escaped");
        break;
    }
  }
}

void JsonDecoder::fail(Batch& batch, std::uint32_t row, std::size_t at, std::string_view code, std::string reason) {
  batch.decoded.clear(row);
  batch.failures.push_back(
      {.row = row, .at = static_cast<std::uint32_t>(at), .code = code, .reason = std::move(reason)});
}

}  // namespace

std::unique_ptr<Decoder> make_json_decoder(const Plan& plan) {
  return std::make_unique<JsonDecoder>(plan);
}

std::unique_ptr<Decoder> make_decoder(Format format, const Plan& plan) {
  if (format == Format::Csv) return make_csv_decoder(plan, ',');
  if (format == Format::Tsv) return make_csv_decoder(plan, '\t');
  if (format == Format::Parquet) return make_column_decoder(plan);
  return make_json_decoder(plan);
}

}  // namespace weir
