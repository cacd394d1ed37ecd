// SPDX-License-Identifier: Apache-2.0
// The quarantine file: one JSON object a line, readable by every tool that reads NDJSON.
#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "decode/csv_record.h"
#include "decode/redact.h"
#include "files/record_writer.h"

namespace weir {

namespace {

void write_violations(JsonWriter& json, const FailingRecord& record, const Plan& plan) {
  json.key("violations").begin_array();
  for (const Violation& violation : record.violations) {
    const RuleInfo& info = plan.rules[violation.rule].info;
    json.begin_object();
    json.field("rule", info.id);
    json.field("severity", info.severity == Severity::Error ? "error" : "warn");
    json.field("code", violation.code);
    json.field("path", violation.path);
    json.field("value", violation.value);
    json.field("message", violation.message);
    json.end_object();
  }
  json.end_array();
}

/// A valid JSON document on one line: a line end in it is nothing but white space.
std::string on_one_line(std::string document) {
  std::replace_if(
      document.begin(), document.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return document;
}

/// A CSV row as an object: texts under the names of the header, null for empty cells without quotes. Nothing when the row and
/// the header do not fit.
std::optional<std::string> object_of_row(std::string_view header, std::string_view row, char separator,
                                         const Plan& plan) {
  Arena arena;
  CsvSplitter names(separator);
  CsvSplitter cells(separator);
  if (!names.split(header) || !cells.split(row) || names.cells().size() != cells.cells().size()) return std::nullopt;
  JsonWriter json;
  json.begin_object();
  for (std::size_t i = 0; i < cells.cells().size(); ++i) {
    std::string name(csv_text(names.cells()[i], arena));
    bool redacted = false;
    for (std::size_t column = 0; column < plan.fields.size() && !name.empty(); ++column) {
      redacted = redacted || (plan.fields[column].redacted && csv_header_name(plan.fields[column].path) == name);
    }
    if (name.empty()) name = "column " + std::to_string(i + 1);
    const CsvCell& cell = cells.cells()[i];
    const std::string_view text = csv_text(cell, arena);
    const std::optional<std::string> shown =
        redacted && !cell.is_null() ? redact_value(text, plan.redaction) : std::string(text);
    if (!shown) continue;
    json.key(name);
    cell.is_null() ? json.null() : json.value(*shown);
  }
  json.end_object();
  return json.take();
}

}  // namespace

QuarantineWriter::QuarantineWriter(std::unique_ptr<OutputFile> file, const Plan& plan)
    : file_(std::move(file)), plan_(plan), redact_(has_redacted(plan.fields)), json_(plan) {}

Result<std::unique_ptr<QuarantineWriter>> QuarantineWriter::open(const std::string& path, const Plan& plan) {
  Result<std::unique_ptr<OutputFile>> file = OutputFile::open(path);
  if (!file) return file.error();
  return std::unique_ptr<QuarantineWriter>(new QuarantineWriter(std::move(*file), plan));
}

void QuarantineWriter::begin_input(const std::string& path, Format format) {
  input_ = path;
  format_ = format;
}

Status QuarantineWriter::add(const FailingRecord& record, const Message& message, const Messages& messages) {
  JsonWriter json;
  json.begin_object();
  json.field("line", record.line);
  json.field("offset", record.offset);
  json.field("input", input_);
  json.field("stage", record.decoded ? "record" : "decode");
  write_violations(json, record, plan_);

  std::optional<std::string> document;
  bool made = false;  // it is not what stands in the message
  bool changed = false;
  const bool is_row = format_ == Format::Csv || format_ == Format::Tsv;
  if (record.decoded && is_row) {
    document = object_of_row(messages.header, message.bytes, format_ == Format::Csv ? ',' : '\t', plan_);
    made = true;
    changed = redact_;
  } else if (record.decoded || messages.columns != nullptr) {
    if (const std::optional<std::string_view> text = json_.write(messages, record.item, format_)) {
      document = redact_ ? redact_json(*text, plan_.fields, plan_.redaction) : std::string(*text);
      made = text->data() != message.bytes.data();
      changed = document && *document != *text;
    }
  }
  if (document) {
    if (document->empty()) document = "null";  // a message without a value
    json.key("record").raw(on_one_line(*std::move(document)));
    const bool has_bytes = made && messages.columns == nullptr && !redact_ && !is_row;
    if (has_bytes) json.field("record_base64", base64(message.bytes));
    // Who would send it back has to know that these are not its bytes.
    if (changed || (made && !has_bytes)) json.field("value", changed ? "redacted" : "rendered");
  } else if (redact_) {
    json.field("redacted", true);  // nobody can say where in these bytes the redacted fields are
  } else if (!is_typed(format_) && is_valid_utf8(message.bytes)) {
    json.field("bytes", message.bytes);
  } else {
    json.field("base64", base64(message.bytes));
  }
  if (!message.whole) json.field("truncated", true);
  json.end_object();
  return file_->write(json.take() + "\n");
}

}  // namespace weir
