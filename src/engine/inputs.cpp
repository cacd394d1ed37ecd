// SPDX-License-Identifier: Apache-2.0
// What a batch gets beside its decoder: the envelope's fields, and the values that stand for null.
#include <algorithm>
#include <optional>

#include "base/decimal.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "decode/envelope_rows.h"
#include "decode/payload_keys.h"
#include "engine/passes.h"

namespace weir {

namespace {

void put_text(Column& column, std::size_t row, std::string_view text) {
  column.kinds[row] = Kind::Text;
  column.cells[row] =
      Cell{.number = 0, .data = text.data(), .size = static_cast<std::uint32_t>(text.size()), .scale = 0};
}

void put_integer(Column& column, std::size_t row, std::int64_t number, Arena& arena) {
  put_text(column, row, arena.keep(std::to_string(number)));
  column.kinds[row] = Kind::Integer;
  column.cells[row].number = number;
}

void read_envelope(const Envelope& envelope, const Message& message, const FieldPath& path, std::size_t row,
                   Column& column, Arena& arena) {
  const std::string& name = path.steps()[1].name;
  if (name == "key") {
    column.kinds[row] = Kind::Null;
    if (envelope.has_key) put_text(column, row, envelope.key);
  } else if (name == "headers" && path.steps().size() > 2) {
    for (const auto& header : envelope.headers) {
      if (header.first == path.steps()[2].name) put_text(column, row, header.second);
    }
  } else if (name == "timestamp") {
    put_text(column, row, arena.keep(format_timestamp(envelope.timestamp)));
  } else if (name == "partition") {
    put_integer(column, row, envelope.partition, arena);
  } else if (name == "offset") {
    put_integer(column, row, static_cast<std::int64_t>(message.offset), arena);
  } else if (name == "size") {
    put_integer(column, row, static_cast<std::int64_t>(message.bytes.size()), arena);
  } else if (name == "topic") {
    put_text(column, row, envelope.topic);
  } else if (name == "tombstone") {
    put_text(column, row, envelope.tombstone ? "true" : "false");
    column.kinds[row] = Kind::Boolean;
    column.cells[row].number = envelope.tombstone ? 1 : 0;
  }
}

/// The values of one field that stand for null; those that read as numbers match numbers too.
class MissingValues {
 public:
  explicit MissingValues(const std::vector<std::string>& values) : texts_(values) {
    for (const std::string& value : values) {
      if (const std::optional<Decimal> number = Decimal::parse(value)) numbers_.push_back(*number);
    }
  }

  [[nodiscard]] bool has(Kind kind, const Cell& cell) const {
    if (kind == Kind::Text || kind == Kind::Boolean)
      return std::find(texts_.begin(), texts_.end(), cell.text()) != texts_.end();
    if (!is_number(kind) || numbers_.empty()) return false;
    return std::find(numbers_.begin(), numbers_.end(), number_of(kind, cell)) != numbers_.end();
  }

 private:
  const std::vector<std::string>& texts_;
  std::vector<Decimal> numbers_;
};

}  // namespace

void read_envelopes(const Messages& messages, const FieldTable& fields, Batch& batch) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::vector<FieldPath::Step>& steps = fields[i].path.steps();
    if (!fields[i].path.from_envelope() || steps.size() < 3 || steps[1].name != "headers") continue;
    for (std::size_t row = 0; row < messages.envelopes.size(); ++row) {
      for (const auto& [name, value] : messages.envelopes[row].headers) {
        if (name != steps[2].name || value.data() == nullptr || is_valid_utf8(value)) continue;
        refuse_row(fields,
                   {.row = static_cast<std::uint32_t>(row),
                    .at = static_cast<std::uint32_t>(first_invalid_utf8(value)),
                    .code = "encoding",
                    .reason = "the header " + steps[2].name + ": the bytes are not UTF-8"},
                   batch);
      }
    }
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    // What stands in keys was read with the records.
    if (!fields[i].path.from_envelope() || looks_into_key(fields[i].path)) continue;
    Column& column = batch.columns[i];
    column.kinds.assign(batch.size(), Kind::Absent);
    if (column.cells.size() < batch.size()) column.cells.resize(batch.size());
    for (std::size_t row = 0; row < messages.envelopes.size(); ++row) {
      read_envelope(messages.envelopes[row], messages.items[row], fields[i].path, row, column, batch.arena);
    }
  }
}

void fold_missing_values(const FieldTable& fields, Batch& batch) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].missing_values.empty()) continue;
    const MissingValues missing(fields[i].missing_values);
    Column& column = batch.columns[i];
    for (std::size_t element = 0; element < column.size(); ++element) {
      if (missing.has(column.kinds[element], column.cells[element])) column.kinds[element] = Kind::Null;
    }
  }
}

}  // namespace weir
