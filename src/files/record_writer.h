// SPDX-License-Identifier: Apache-2.0
// Where records go once they are judged: the failing ones with their reasons to the quarantine, the others byte for byte to the
// clean file. With both, every judged record is in exactly one of them; records that a rule with `on_fail: drop` failed are in
// neither and counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "decode/datum_json.h"
#include "files/avro_writer.h"
#include "files/output_file.h"
#include "weir/messages.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/result.h"

namespace weir {

/// The passing records, written the way their input was: lines with their own endings, CSV below its header, a JSON array as a
/// JSON array, Avro as a container file with the same schema. Several inputs may follow each other when they are all JSON, CSV
/// with the same header or Avro with the same schema.
class CleanWriter {
 public:
  static Result<std::unique_ptr<CleanWriter>> open(const std::string& path);
  Status begin_input(const std::string& path, Format format);
  Status begin_block(const Messages& messages);
  /// Writes one record of `messages`.
  Status add(const Message& message, const Messages& messages);
  Status commit();

 private:
  Status add_avro(std::string_view datum);
  explicit CleanWriter(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {}

  std::unique_ptr<OutputFile> file_;
  std::string input_;
  Format style_ = Format::Auto;   // how the file is written: as its first input
  Format format_ = Format::Auto;  // of the present input
  std::string header_;            // CSV; Avro: the schema
  bool header_written_ = false;
  bool any_ = false;        // JSON array: an element was written
  bool line_open_ = false;  // the last record came without a line end
  std::string buffer_;
  AvroWriter avro_;
};

/// The failing records as NDJSON: one object each, with line, offset, input, stage, violations and the record. Fields that the
/// rules redact are redacted here too; the bytes of a record that could not be read are then left out altogether. A record of
/// Avro or Protobuf stands there as JSON, and its own bytes in base64 beside it unless something is redacted.
class QuarantineWriter {
 public:
  static Result<std::unique_ptr<QuarantineWriter>> open(const std::string& path, const Plan& plan);
  void begin_input(const std::string& path, Format format);
  Status add(const FailingRecord& record, const Message& message, const Messages& messages);
  Status commit() { return file_->commit(); }

 private:
  QuarantineWriter(std::unique_ptr<OutputFile> file, const Plan& plan);

  std::unique_ptr<OutputFile> file_;
  const Plan& plan_;
  bool redact_;
  std::string input_;
  Format format_ = Format::Auto;
  DatumJson json_;
};

struct RecordSinkOptions {
  std::string quarantine;  // path, or empty
  std::string clean;       // path, or empty
};

/// Both files, fed with each step in order.
class RecordSink {
 public:
  static Result<std::unique_ptr<RecordSink>> open(const RecordSinkOptions& options, const Plan& plan);
  Status begin_input(const std::string& path, Format format);
  /// `outcome.failing` must be filled (EngineOptions::failing_records). Of a halted step only the judged records count.
  Status add(const Messages& messages, const Outcome& outcome);
  /// Gives both files their names. Without it neither appears.
  Status commit();

  [[nodiscard]] std::uint64_t quarantined() const noexcept { return quarantined_; }
  [[nodiscard]] std::uint64_t clean() const noexcept { return clean_; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  RecordSink() = default;
  std::unique_ptr<CleanWriter> clean_file_;
  std::unique_ptr<QuarantineWriter> quarantine_file_;
  std::uint64_t quarantined_ = 0;
  std::uint64_t clean_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace weir
