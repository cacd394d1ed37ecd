// SPDX-License-Identifier: Apache-2.0
// The records of one poll, partition by partition, as the engine reads them.
//
// librdkafka hands out records one by one, each somewhere in the response it came in. They are gathered first, then the
// payloads of each partition are copied behind one another into one stretch of memory, a line end between them, so that a
// decoder can read a partition's records in one go. That copy, and the look at a payload that comes with it, is nearly all
// that a record costs here over a consumer that does nothing. Keys and headers stay where they are until the next poll.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "weir/ports.h"

namespace weir::kafka {

class RecordBlocks {
 public:
  struct Limits {
    std::size_t record_max_bytes = 1 << 20;
    bool headers = false;  // into the envelopes
  };
  /// What a poll found of one partition.
  struct Part {
    const rd_kafka_topic_t* topic = nullptr;
    std::int32_t partition = 0;
    std::uint32_t records = 0;
    std::size_t bytes = 0;
    std::int64_t end = -1;  // where nothing more came for now; -1: the poll stopped before that
    bool dropped = false;   // it was taken from us after the records were

    // where it lies, once laid out
    std::size_t first = 0;  // in order_
    const char* begin = nullptr;
    [[nodiscard]] bool is(const rd_kafka_message_t& message) const noexcept {
      return topic == message.rkt && partition == message.partition && !dropped;
    }
  };

  explicit RecordBlocks(Limits limits) : limits_(limits) {}
  RecordBlocks(const RecordBlocks&) = delete;
  RecordBlocks& operator=(const RecordBlocks&) = delete;
  ~RecordBlocks() { release(); }

  /// Takes back the memory of what the last poll handed out, and forgets its records.
  void begin(std::vector<Fetched>& last);
  /// Owns the message from now on. Its `err` is 0 or RD_KAFKA_RESP_ERR__PARTITION_EOF.
  void add(rd_kafka_message_t* message);
  /// That partition is somebody else's: its records are not handed out.
  void drop(const Partition& partition);
  [[nodiscard]] std::size_t records() const noexcept { return records_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::span<const Part> parts() const noexcept { return parts_; }
  /// Fills `fetched` with the parts that have records or an end; next_offset is behind the last record, or the end.
  void lay_out(std::vector<Fetched>& fetched);
  /// The message behind an item that lay_out() handed out.
  [[nodiscard]] const rd_kafka_message_t& message_of(const Fetched& fetched, std::size_t item) const;
  /// Gives every message back to librdkafka.
  void release();

 private:
  struct Held {
    rd_kafka_message_t* message = nullptr;
    std::uint32_t part = 0;
  };
  Part& part_of(const rd_kafka_message_t& message);
  void copy(const rd_kafka_message_t& message, Messages& to, std::size_t item, char*& at);

  Limits limits_;
  std::vector<Held> held_;
  std::vector<Part> parts_;
  std::vector<std::uint32_t> order_;  // items in the order of the parts -> held_
  std::size_t last_part_ = 0;
  std::size_t records_ = 0;
  std::size_t bytes_ = 0;
  std::unique_ptr<char[]> room_;
  std::size_t room_size_ = 0;
  std::vector<Messages> spare_;
};

/// All headers, in order, doubled ones too. A value that is null has data() == nullptr.
void read_headers(const rd_kafka_message_t& message, Envelope& envelope);
/// The whole envelope but for the headers.
void read_envelope(const rd_kafka_message_t& message, Envelope& envelope);

}  // namespace weir::kafka
