// SPDX-License-Identifier: Apache-2.0
// CSV and TSV messages to a Batch. The header says which cell belongs to which column; the rules' types say how a cell is read.
#include <simdjson.h>

#include <span>
#include <string>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "decode/csv_record.h"
#include "decode/decoders.h"
#include "decode/number.h"

namespace weir {

namespace {

bool is_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) | 0x20U) != static_cast<unsigned char>(lower[i])) return false;
  }
  return true;
}

/// CSV also knows `+5`, `NaN` and the like; those are texts in JSON.
bool is_json_number(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.empty() || !is_digit(digits.front()) || !is_digit(digits.back())) return false;
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) return false;
  const std::size_t point = digits.find('.');
  return point == std::string_view::npos || is_digit(digits[point + 1]);
}

std::size_t first_invalid(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = code_point_at(text, at);
    if (!point.valid) break;
    at += point.bytes;
  }
  return at;
}

class CsvDecoder final : public Decoder {
 public:
  CsvDecoder(const Plan& plan, char separator)
      : fields_(plan.fields),
        record_max_bytes_(plan.record_max_bytes),
        want_extra_(plan.extra_fields_rule != Plan::kNoRule),
        want_seen_(plan.note_fields),
        whole_(plan.fields.root().column),
        separator_(separator),
        splitter_(separator) {}

  void decode(const Messages& messages, Batch& batch) override;

 private:
  static constexpr std::size_t kNoCell = ~std::size_t{0};
  static constexpr std::size_t kNoColumn = ~std::size_t{0};

  struct HeaderName {
    std::string name;
    std::size_t cell = 0;
    std::size_t column = kNoColumn;  // the first field that reads the cell
  };

  void read_header(std::string_view header);
  void prepare(const Messages& messages, Batch& batch) const;
  bool read(const Message& message, bool valid_utf8, std::uint32_t row, Batch& batch);
  void note_seen(std::uint32_t row, std::span<const std::string_view> names, Batch& batch) const;
  void put(const CsvCell& cell, CellType type, std::uint32_t row, Column& column, Arena& arena) const;
  void put_whole(std::uint32_t row, Batch& batch);
  static bool fail(Batch& batch, std::uint32_t row, std::size_t at, std::string_view code, std::string reason);

  const FieldTable& fields_;
  std::uint32_t record_max_bytes_;
  bool want_extra_;
  bool want_seen_;
  std::int32_t whole_;  // the column of the record as one value, or kNone
  char separator_;
  CsvSplitter splitter_;
  std::string header_;
  std::string header_fault_ = "there is no header";  // empty when it could be read
  std::size_t width_ = 0;                            // cells a record must have
  std::vector<std::size_t> cell_of_;                 // by column, or kNoCell
  std::vector<HeaderName> names_;                    // only where every field is to be noted, or the whole record is
  std::string json_;                                 // of one record
  std::vector<std::string> extras_;                  // columns that no field reads, at most kMaxExtraFields
};

void CsvDecoder::decode(const Messages& messages, Batch& batch) {
  if (messages.header != header_) read_header(messages.header);
  prepare(messages, batch);
  std::vector<std::string_view> extras;
  if (want_extra_) {
    for (const std::string& name : extras_) extras.push_back(batch.arena.keep(name));
  }
  std::vector<std::string_view> names;
  for (const HeaderName& header : names_) names.push_back(batch.arena.keep(header.name));
  // Nearly always one look at the whole block settles that every record is UTF-8.
  const std::string_view stretch = messages.stretch;
  const bool valid_utf8 = !stretch.empty() && simdjson::validate_utf8(stretch.data(), stretch.size());
  for (std::size_t i = 0; i < messages.items.size(); ++i) {
    const auto row = static_cast<std::uint32_t>(i);
    if (!read(messages.items[i], valid_utf8, row, batch)) continue;
    for (const std::string_view name : extras) batch.extra_fields.push_back({.row = row, .name = name});
    if (want_seen_) note_seen(row, names, batch);
  }
}

void CsvDecoder::read_header(std::string_view header) {
  header_ = header;
  header_fault_.clear();
  extras_.clear();
  names_.clear();
  width_ = 0;
  cell_of_.assign(fields_.size(), kNoCell);
  if (Status status = check_csv_header(header, separator_); !status) header_fault_ = status.error().message;
  if (header.empty()) header_fault_ = "there is no header";
  if (!header_fault_.empty()) return;

  splitter_.split(header);
  width_ = splitter_.cells().size();
  Arena arena;
  for (std::size_t cell = 0; cell < width_; ++cell) {
    const std::string_view name = csv_text(splitter_.cells()[cell], arena);
    std::size_t reader = kNoColumn;
    for (std::size_t column = 0; column < fields_.size() && !name.empty(); ++column) {
      if (csv_header_name(fields_[column].path) != name) continue;
      cell_of_[column] = cell;
      if (reader == kNoColumn) reader = column;
    }
    if ((want_seen_ || whole_ >= 0) && !name.empty())
      names_.push_back({.name = std::string(name), .cell = cell, .column = reader});
    if (reader == kNoColumn && extras_.size() < Batch::kMaxExtraFields) extras_.emplace_back(name);
  }
}

/// A row for each message, everything absent.
void CsvDecoder::prepare(const Messages& messages, Batch& batch) const {
  const std::size_t rows = messages.items.size();
  batch.decoded.assign(rows, true);
  batch.duplicate_keys.assign(rows, false);
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    Column& column = batch.columns[i];
    column.set_repeated(fields_[i].path.repeated());
    column.kinds.assign(rows, Kind::Absent);
    if (column.cells.size() < rows) column.cells.resize(rows);
    if (!column.repeated()) continue;
    column.rows.resize(rows);
    for (std::size_t row = 0; row < rows; ++row) column.rows[row] = static_cast<std::uint32_t>(row);
  }
  batch.origins.reserve(rows);
  for (const Message& message : messages.items) {
    batch.origins.push_back({.bytes = message.bytes, .line = message.line, .offset = message.offset});
  }
}

bool CsvDecoder::read(const Message& message, bool valid_utf8, std::uint32_t row, Batch& batch) {
  const std::string_view record = message.bytes;
  if (!message.whole || record.size() > record_max_bytes_) {
    return fail(batch, row, record_max_bytes_, "too_large",
                "the record is longer than " + std::to_string(record_max_bytes_) + " bytes");
  }
  if (!header_fault_.empty()) return fail(batch, row, 0, "columns", header_fault_);
  if (!valid_utf8 && !simdjson::validate_utf8(record.data(), record.size())) {
    return fail(batch, row, first_invalid(record), "utf8", "the bytes are not UTF-8");
  }
  if (!splitter_.split(record)) return fail(batch, row, splitter_.fault_at(), "syntax", std::string(splitter_.fault()));
  const std::vector<CsvCell>& cells = splitter_.cells();
  if (cells.size() != width_) {
    return fail(batch, row, record.size(), "columns",
                "expected " + std::to_string(width_) + (width_ == 1 ? " cell" : " cells") + ", got " +
                    std::to_string(cells.size()));
  }
  for (std::size_t column = 0; column < cell_of_.size(); ++column) {
    if (cell_of_[column] == kNoCell) continue;
    put(cells[cell_of_[column]], fields_[column].cell_type, row, batch.columns[column], batch.arena);
  }
  if (whole_ >= 0) put_whole(row, batch);
  return true;
}

/// Every column of the header is a field of every record; a cell that no field reads is a text.
void CsvDecoder::note_seen(std::uint32_t row, std::span<const std::string_view> names, Batch& batch) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const HeaderName& header = names_[i];
    Kind kind = splitter_.cells()[header.cell].is_null() ? Kind::Null : Kind::Text;
    if (header.column != kNoColumn) kind = batch.columns[header.column].kinds[row];
    batch.seen_fields.push_back(
        {.row = row, .position = static_cast<std::uint32_t>(header.cell), .kind = kind, .name = names[i]});
  }
}

void CsvDecoder::put(const CsvCell& cell, CellType type, std::uint32_t row, Column& column, Arena& arena) const {
  Cell& out = column.cells[row];
  Kind& kind = column.kinds[row];
  const std::string_view text = csv_text(cell, arena);
  out = {.number = 0, .data = text.data(), .size = static_cast<std::uint32_t>(text.size()), .scale = 0};
  kind = Kind::Text;
  if (cell.is_null()) {
    kind = Kind::Null;
  } else if (type == CellType::Number) {
    kind = classify_number(text, out);
    if (kind == Kind::Absent) kind = Kind::Text;  // no number: the rule says so
  } else if (type == CellType::Boolean && (is_word(text, "true") || is_word(text, "false"))) {
    kind = Kind::Boolean;
    out.number = text.size() == 4 ? 1 : 0;
  }
}

/// The record as a JSON object: a member for each named column of the header, typed as its field is; what no field reads is
/// a text, and an empty cell null.
void CsvDecoder::put_whole(std::uint32_t row, Batch& batch) {
  json_ = '{';
  for (const HeaderName& header : names_) {
    const CsvCell& cell = splitter_.cells()[header.cell];
    Kind kind = cell.is_null() ? Kind::Null : Kind::Text;
    if (header.column != kNoColumn) kind = batch.columns[header.column].kinds[row];
    if (json_.size() > 1) json_ += ',';
    json_ += json_quote(header.name);
    json_ += ':';
    const std::string_view text = csv_text(cell, batch.arena);
    if (kind == Kind::Null) {
      json_ += "null";
    } else if (kind == Kind::Boolean) {
      json_ += text.size() == 4 ? "true" : "false";
    } else if (is_number(kind) && is_json_number(text)) {
      json_ += text;
    } else {
      json_ += json_quote(text);
    }
  }
  json_ += '}';
  const std::string_view kept = batch.arena.keep(json_);
  Column& column = batch.columns[static_cast<std::size_t>(whole_)];
  column.kinds[row] = Kind::Object;
  column.cells[row] = {.number = 0, .data = kept.data(), .size = static_cast<std::uint32_t>(kept.size()), .scale = 0};
}

bool CsvDecoder::fail(Batch& batch, std::uint32_t row, std::size_t at, std::string_view code, std::string reason) {
  batch.decoded.clear(row);
  batch.failures.push_back(
      {.row = row, .at = static_cast<std::uint32_t>(at), .code = code, .reason = std::move(reason)});
  return false;
}

}  // namespace

std::unique_ptr<Decoder> make_csv_decoder(const Plan& plan, char separator) {
  return std::make_unique<CsvDecoder>(plan, separator);
}

}  // namespace weir
