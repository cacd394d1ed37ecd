// SPDX-License-Identifier: Apache-2.0
// What a source hands to the engine: bytes, and what the source knows beside them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/time.h"

namespace weir {

class Batch;
struct Plan;

/// One record's bytes, borrowed from the source until the step is over.
struct Message {
  std::string_view bytes;
  std::uint64_t line = 0;    // from 1 within its block; 0 when the source has no lines
  std::uint64_t offset = 0;  // byte offset in the file, or offset in the partition
  bool whole = true;         // false: longer than the record limit, `bytes` is only its beginning
};

/// Who set a timestamp: nobody, the producer, or the broker.
enum class TimestampType : std::uint8_t { None, Create, LogAppend };

/// What Kafka says of a message beside its payload. Files have none. A header without a value has data() == nullptr.
struct Envelope {
  std::string_view topic;
  std::int32_t partition = 0;
  Instant timestamp{};
  TimestampType timestamp_type = TimestampType::None;
  bool tombstone = false;  // the value is null
  bool has_key = false;
  std::string_view key;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
};

/// Rows of a file that is laid out in columns. Lives as long as the messages; used by one thread at a time. Rows are known by
/// the lines of the messages, from 1 within the block: messages may be handed on in parts, or a selection of them.
class ColumnRows {
 public:
  virtual ~ColumnRows() = default;
  /// Fills the columns of a plan's fields, for the rows that the batch's origins name. The columns are as prepare_columns()
  /// leaves them. Fields that were not asked for when the file was opened are absent.
  virtual void fill(const Plan& plan, Batch& batch) = 0;
  /// The row of a line as JSON, all of its fields, for people and for sinks.
  [[nodiscard]] virtual std::string json(std::uint64_t line) = 0;
};

struct Messages {
  std::vector<Message> items;
  std::vector<Envelope> envelopes;  // empty, or one an item
  /// When every item lies in one stretch of memory, in order, with nothing but white space between items and at least
  /// kPadding readable bytes after the end, the first of them zero: that stretch. Decoders may then read it in one go.
  std::string_view block;
  /// Where known: one stretch of memory that holds every item, in order, and whatever stands between them and behind the last
  /// one (line endings, commas), so that a sink can write a record as it came.
  std::string_view stretch;
  /// What says what the records of an input are made of: of CSV and TSV the record that names the columns, as it came; of an
  /// Avro container file the schema in its head.
  std::string_view header;
  /// Records that come as columns (Parquet): the items have no bytes of their own.
  ColumnRows* columns = nullptr;

  static constexpr std::size_t kPadding = 64;
};

}  // namespace weir
